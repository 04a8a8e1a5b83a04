/** Conversion between dtypes. */
import type { DType } from '../../../../kernels/tensor.js'
import { CONVERTIBLE } from '../dtypes.js'
import { cast } from '../maths/cast.js'
import { type Op, op, operand } from '../op.js'
import { unsupported } from '../refusals.js'

const CASTABLE = [...CONVERTIBLE, 'complex64'] as const

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
