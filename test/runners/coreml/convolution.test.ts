import { describe } from 'vitest'
import { testGolden } from './golden.js'

describe('convolution ops give what their definitions give', () => testGolden('convolution'))
