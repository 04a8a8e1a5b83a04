import { describe } from 'vitest'
import { testGolden } from './golden.js'

describe('classification', () => testGolden('classification'))
