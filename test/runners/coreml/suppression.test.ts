import { describe } from 'vitest'
import { testGolden } from './golden.js'

describe('golden cases', () => testGolden('suppression'))
