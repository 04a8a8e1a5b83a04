/** From float to integers and back, and from one quantization to another. */
import { tensor } from '../../../../kernels/tensor.js'
import { type Op, op, operand } from '../op.js'
import { mapIntegers } from './quantized/affine.js'
import { dequantize, quantize } from './quantized/quantize.js'
import { rescalingOf } from './quantized/requantize.js'

export const QUANTIZATION: readonly Op[] = [
  op({
    type: 'QUANTIZE',
    specification: 'QuantizeOptions; reference_ops::AffineQuantize, reference_ops::Requantize',
    operands: { input: operand(['float32', 'int8', 'uint8', 'int16', 'int32']) },
    rounding: 'rounded',
    run({ input }, { output }) {
      const result = output()
      return input.dtype === 'float32' ? quantize(input, result) : mapIntegers(input, result, rescalingOf(input, result))
    },
  }),
  op({
    type: 'DEQUANTIZE',
    specification: 'DequantizeOptions; reference_ops::Dequantize, reference_ops::PerChannelDequantize',
    operands: { input: operand(['float16', 'int4', 'int8', 'uint8', 'int16', 'int32']) },
    rounding: 'rounded',
    run: ({ input }, { output }) => (input.dtype === 'float16' ? tensor('float32', input.shape, input.data) : dequantize(input, output())),
  }),
]
