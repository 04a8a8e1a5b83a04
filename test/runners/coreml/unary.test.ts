import { describe } from 'vitest'
import { testGolden } from './golden.js'

describe('unary', () => testGolden('unary'))
