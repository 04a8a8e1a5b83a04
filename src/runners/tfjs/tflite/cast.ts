/** Conversion between dtypes. */
import type { DType } from '../../../../kernels/tensor.js'
import { cast } from '../maths/cast.js'
import { type Op, op, operand } from '../op.js'
import { unsupported } from '../refusals.js'

const CASTABLE = [
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
  'complex64',
] as const satisfies readonly DType[]

export const CASTING: readonly Op[] = [
  op({
    type: 'CAST',
    specification: 'CastOptions; kernels/cast.cc',
    operands: { input: operand(CASTABLE) },
    rounding: 'rounded',
    run({ input }, { output }) {
      const { dtype } = output()
      if (!(CASTABLE as readonly DType[]).includes(dtype)) throw unsupported()
      return cast(input, dtype)
    },
  }),
]
