import { describe } from 'vitest'
import { testGolden } from './golden.js'

describe('activation', () => testGolden('activation'))
