import type { DType } from '../../../kernels/tensor.js'

/** Integers that stand for numbers by a scale and a zero point, and that TFLite has kernels for. */
export const QUANTIZED = ['int8', 'uint8', 'int16'] as const
export const FLOAT_OR_QUANTIZED = ['float32', ...QUANTIZED] as const

/** Weights of convolutions and products: floats, and integers of 8 or, unpacked, 4 bits. */
export const WEIGHTS = ['float32', 'int8', 'uint8', 'int4'] as const
export const BIAS = ['float32', 'int32', 'int64'] as const

/** What axes, sizes and indices come in. */
export const INDICES = ['int32', 'int64'] as const

/** Real numbers and truth values that are converted into each other. */
export const CONVERTIBLE = [
  'float16',
  'float32',
  'float64',
  'int4',
  'int8',
  'int16',
  'int32',
  'int64',
  'uint8',
  'uint16',
  'uint32',
  'uint64',
  'bool',
] as const satisfies readonly DType[]

/** dtypes whose elements take one place in their array each, so that kernels can move them without knowing what they are. */
export const MOVABLE = [...CONVERTIBLE, 'uint4', 'string'] as const satisfies readonly DType[]

/** Every dtype that a file can give a tensor. */
export const ANY = [...MOVABLE, 'complex64'] as const
