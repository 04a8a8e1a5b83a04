/** The table of TFLite operators: one row an op, grouped by family. */
import { tableOf } from '../op.js'
import { ARITHMETIC } from './arithmetic.js'
import { CASTING } from './cast.js'
import { COMPARISON } from './comparison.js'
import { CONTROL } from './control.js'
import { CONVOLUTION } from './convolution.js'
import { ELEMENTWISE } from './elementwise.js'
import { FOURIER } from './fourier.js'
import { INDEXING } from './indexing.js'
import { JOINING } from './joining.js'
import { LAYOUT } from './layout.js'
import { LSTM } from './lstm.js'
import { MATMUL } from './matmul.js'
import { NORMALIZATION } from './normalization.js'
import { POOLING } from './pooling.js'
import { QUANTIZATION } from './quantization.js'
import { RANDOM } from './random.js'
import { RECURRENT } from './recurrent.js'
import { REDUCTION } from './reduction.js'
import { RESIZING } from './resizing.js'
import { RESOURCES } from './resources.js'
import { SLICING } from './slicing.js'
import { SUPPRESSION } from './suppression.js'

export const TFLITE_OPS = tableOf([
  ...ARITHMETIC,
  ...CASTING,
  ...COMPARISON,
  ...CONTROL,
  ...CONVOLUTION,
  ...ELEMENTWISE,
  ...FOURIER,
  ...INDEXING,
  ...JOINING,
  ...LAYOUT,
  ...LSTM,
  ...MATMUL,
  ...NORMALIZATION,
  ...POOLING,
  ...QUANTIZATION,
  ...RANDOM,
  ...RECURRENT,
  ...REDUCTION,
  ...RESIZING,
  ...RESOURCES,
  ...SLICING,
  ...SUPPRESSION,
])
