/** Ops that normalize along the last dimension. */
import { integer, number } from '../../parameters.js'
import { FLOAT_OR_QUANTIZED } from '../dtypes.js'
import { l2Normalized, locallyNormalized, logSoftmax, softmax } from '../maths/normalization.js'
import { type Op, op, operand } from '../op.js'
import { activate, FUSED } from './activation.js'
import { quantizedL2Normalization } from './quantized/normalization.js'
import { quantizedLogSoftmax, quantizedSoftmax } from './quantized/softmax.js'

export const NORMALIZATION: readonly Op[] = [
  op({
    type: 'SOFTMAX',
    specification: 'SoftmaxOptions; reference_ops::Softmax, reference_ops::SoftmaxInt16',
    operands: { input: operand(FLOAT_OR_QUANTIZED) },
    attributes: { beta: number({ default: 1 }) },
    rounding: 'accumulating',
    run({ input, beta }, { output }) {
      const factor = Math.fround(beta)
      return input.dtype === 'float32' ? softmax(input, factor) : quantizedSoftmax(input, factor, output())
    },
  }),
  op({
    type: 'LOG_SOFTMAX',
    specification: 'LogSoftmaxOptions; reference_ops::LogSoftmax, reference_integer_ops::LogSoftmax',
    operands: { input: operand(['float32', 'int8', 'uint8']) },
    rounding: 'accumulating',
    run: ({ input }, { output }) => (input.dtype === 'float32' ? logSoftmax(input) : quantizedLogSoftmax(input, output())),
  }),
  op({
    type: 'L2_NORMALIZATION',
    specification: 'L2NormOptions; reference_ops::L2Normalization, reference_integer_ops::L2Normalization',
    operands: { input: operand(['float32', 'int8', 'uint8']) },
    attributes: FUSED,
    rounding: 'accumulating',
    run({ input, fused_activation_function: activation }, { output }) {
      if (input.dtype !== 'float32') return quantizedL2Normalization(input, output())
      const result = l2Normalized(input)
      activate(result.data, activation)
      return result
    },
  }),
  op({
    type: 'LOCAL_RESPONSE_NORMALIZATION',
    specification: 'LocalResponseNormalizationOptions; reference_ops::LocalResponseNormalization',
    operands: { input: operand(['float32']) },
    attributes: {
      radius: integer({ default: 0 }),
      bias: number({ default: 0 }),
      alpha: number({ default: 0 }),
      beta: number({ default: 0 }),
    },
    rounding: 'accumulating',
    run: ({ input, ...response }) => locallyNormalized(input, response),
  }),
]
