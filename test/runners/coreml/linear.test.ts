import { describe } from 'vitest'
import { testGolden } from './golden.js'

describe('linear ops give what their formulas give', () => testGolden('linear'))
