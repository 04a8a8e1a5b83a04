import { describe } from 'vitest'
import { testGolden } from './golden.js'

describe('quantization', () => testGolden('quantization'))
