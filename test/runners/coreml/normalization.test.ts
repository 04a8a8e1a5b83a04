import { describe } from 'vitest'
import { testGolden } from './golden.js'

describe('normalization ops give what their formulas give', () => testGolden('normalization'))
