import { describe } from 'vitest'
import { testGolden } from './golden.js'

describe('binary', () => testGolden('binary'))
