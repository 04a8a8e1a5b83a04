/** Products of matrices, of floats, of integers, and of floats with integer weights. */
import { sizeOf, tensor } from '../../../../kernels/tensor.js'
import { boolean, text } from '../../parameters.js'
import { BIAS, FLOAT_OR_QUANTIZED, WEIGHTS } from '../dtypes.js'
import { bounded } from '../geometry/bounds.js'
import { batchProductOf, type Connection, connectionOf } from '../geometry/products.js'
import { connect, multiplyBatches } from '../maths/matmul.js'
import { type Op, type Operand, only, op, operand, optionalOperand } from '../op.js'
import { unsupported } from '../refusals.js'
import { FUSED, finish } from './activation.js'
import { hybridBatchMatmul, hybridMatrix } from './quantized/hybrid.js'
import { quantizedBatchMatmul, quantizedFullyConnected } from './quantized/matmul.js'

/** The bias comes first: each product is added to what is there, in float32. */
function hybridConnection(
  x: Operand,
  filter: Operand,
  bias: Operand | undefined,
  { shape, batch, units }: Connection,
  asymmetric: boolean,
) {
  const out = new Float32Array(sizeOf(bounded([batch, units])))
  if (bias) {
    const { data } = only(bias, 'float32')
    for (let i = 0; i < out.length; i++) out[i] = data[i % units]!
  }
  hybridMatrix(filter, asymmetric).accumulate(only(x, 'float32').data, batch, out)
  return tensor('float32', shape, out)
}

export const MATMUL: readonly Op[] = [
  op({
    type: 'FULLY_CONNECTED',
    specification: 'FullyConnectedOptions; reference_ops::FullyConnected, reference_integer_ops::FullyConnected',
    operands: { input: operand(FLOAT_OR_QUANTIZED), filter: operand(WEIGHTS, 2), bias: optionalOperand(BIAS) },
    attributes: {
      ...FUSED,
      weights_format: text(['DEFAULT', 'SHUFFLED4x16INT8'] as const, { default: 'DEFAULT' }),
      keep_num_dims: boolean({ default: false }),
      asymmetric_quantize_inputs: boolean({ default: false }),
      quantized_bias_type: text(undefined, { default: '' }),
    },
    rounding: 'accumulating',
    hybrid: true,
    run({ input, filter, bias, fused_activation_function: activation, ...attributes }, { device, output }) {
      if (attributes.weights_format !== 'DEFAULT')
        throw unsupported(`with weights in the order ${attributes.weights_format} is not computed`)
      const connection = connectionOf(input.shape, filter.shape, attributes.keep_num_dims)
      if (input.dtype !== 'float32') {
        const summed = { input, filter, bias, output: output(), activation, biasType: attributes.quantized_bias_type }
        return quantizedFullyConnected(summed, connection)
      }
      if (filter.dtype === 'float32') return finish(connect(device, input, filter, connection), bias, activation)
      return finish(hybridConnection(input, filter, bias, connection, attributes.asymmetric_quantize_inputs), undefined, activation)
    },
  }),
  op({
    type: 'BATCH_MATMUL',
    specification: 'BatchMatMulOptions; reference_ops::BatchMatMul',
    operands: { input1: operand(['float32', 'int8', 'int16']), input2: operand(['float32', 'int8', 'int16']) },
    attributes: {
      adj_x: boolean({ default: false }),
      adj_y: boolean({ default: false }),
      asymmetric_quantize_inputs: boolean({ default: false }),
    },
    rounding: 'accumulating',
    hybrid: true,
    run({ input1: x, input2: y, adj_x, adj_y, asymmetric_quantize_inputs }, { device, output }) {
      const product = batchProductOf(x.shape, y.shape, { x: adj_x, y: adj_y })
      if (x.dtype !== 'float32') return quantizedBatchMatmul(x, y, product, output())
      if (y.dtype === 'int8') return hybridBatchMatmul(x, y, product, asymmetric_quantize_inputs)
      return multiplyBatches(device, x, only(y, 'float32'), product)
    },
  }),
]
