import type { DType } from '../../../../kernels/tensor.js'

/** dtypes whose elements take one place in their array each, so that kernels can move them without knowing what they are. */
export const MOVABLE: readonly DType[] = [
  'float16',
  'float32',
  'float64',
  'int4',
  'int8',
  'int16',
  'int32',
  'int64',
  'uint4',
  'uint8',
  'uint16',
  'uint32',
  'uint64',
  'bool',
  'string',
]
