import { describe } from 'vitest'
import { testGolden } from './golden.js'

describe('reduction', () => testGolden('reduction'))
