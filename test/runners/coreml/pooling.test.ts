import { describe } from 'vitest'
import { testGolden } from './golden.js'

describe('pooling ops give what their definitions give', () => testGolden('pooling'))
