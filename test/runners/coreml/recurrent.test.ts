import { describe } from 'vitest'
import { testGolden } from './golden.js'

describe('recurrent ops give what their equations give', () => testGolden('recurrent'))
