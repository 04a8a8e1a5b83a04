/** MIL `cast` (iOS15 and iOS17 elementwise_unary). */
import { cast } from '../../../../kernels/cast.js'
import type { NumberDType, NumberTensor } from '../../../../kernels/tensor.js'
import { tensor, text } from '../../parameters.js'
import { type Op, op } from '../op.js'
import { LOGICALS } from '../semantics/elementwise.js'

/** MIL's names of dtypes, as `cast` and its kin take them. */
export const DTYPES = {
  bool: 'bool',
  fp16: 'float16',
  fp32: 'float32',
  fp64: 'float64',
  int8: 'int8',
  int16: 'int16',
  int32: 'int32',
  uint8: 'uint8',
  uint16: 'uint16',
  uint32: 'uint32',
} as const satisfies Record<string, NumberDType>

const NARROW = ['fp16', 'fp32', 'int32', 'bool'] as const
const WIDE = [...NARROW, 'int8', 'uint8', 'int16', 'uint16'] as const

const castTo = (names: readonly (keyof typeof DTYPES)[], since: 'iOS15' | 'iOS17'): Op =>
  op({
    type: 'cast',
    specification: `${since} elementwise_unary`,
    since,
    parameters: { x: tensor<NumberTensor>({ types: LOGICALS }), dtype: text(names) },
    rounding: 'exact',
    run: ({ x, dtype }) => cast(x, DTYPES[dtype]),
  })

export const castOps: readonly Op[] = [castTo(NARROW, 'iOS15'), castTo(WIDE, 'iOS17')]
