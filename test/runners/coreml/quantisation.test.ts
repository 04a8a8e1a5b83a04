import { describe } from 'vitest'
import { testGolden } from './golden.js'

describe('quantisation', () => testGolden('quantisation'))
