/** MIL `quantize` and `dequantize` (iOS17 quantization_ops), and iOS16's `constexpr_affine_dequantize` (constexpr_ops). */
import { type AffineBlocks, dequantize, quantize } from '../../../../kernels/quantization.js'
import { type FloatTensor, tensor as make, type NumberTensor, type Tensor } from '../../../../kernels/tensor.js'
import { integer, optionalTensor, tensor, text } from '../../parameters.js'
import { type Context, type Op, op } from '../op.js'
import { FLOATS } from '../semantics/elementwise.js'
import { asDivided } from '../semantics/rounding.js'
import { axisOf } from '../semantics/shapes.js'

const BYTES = ['int8', 'uint8'] as const

const floats = tensor<FloatTensor>({ types: FLOATS })
const scales = tensor<FloatTensor>({ types: FLOATS, rank: [0, 1] })
const bytes = tensor<Tensor<'int8' | 'uint8'>>({ types: BYTES })
const zeroPoints = { types: [...BYTES, ...FLOATS], rank: [0, 1] } as const
const zeroPoint = tensor<NumberTensor>(zeroPoints)
const optionalZeroPoint = optionalTensor<NumberTensor>(zeroPoints)
const axis = integer({ default: undefined })

/** Constants that are scalars, or vectors along `axis`, as blocks of a tensor of `shape`. */
function blocksAlong(
  shape: readonly number[],
  axis: number | undefined,
  scale: NumberTensor,
  zeroPoint: NumberTensor | undefined,
  context: Context,
): AffineBlocks {
  const vectors = Object.entries({ scale, zero_point: zeroPoint }).filter(([, constant]) => constant?.shape.length === 1)
  if (vectors.length === 0) return { shape: shape.map(() => 1), scale: scale.data, offset: zeroPoint?.data }
  if (axis === undefined) return context.fail(`${vectors[0]![0]} is a vector, but axis is missing`)
  const along = axisOf(axis, shape.length, context)
  const count = shape[along]!
  for (const [name, constant] of vectors) {
    if (constant!.data.length !== count)
      context.fail(`${name} has ${constant!.data.length} elements, expected ${count} for axis ${axis} of shape [${shape}]`)
  }
  const repeated = ({ shape, data }: NumberTensor) => (shape.length === 1 ? data : new Float64Array(count).fill(data[0]!))
  return {
    shape: shape.map((_, i) => (i === along ? count : 1)),
    scale: repeated(scale),
    offset: zeroPoint && repeated(zeroPoint),
  }
}

/** scale (input - zero_point), in the dtype of the scale. */
function dequantized(input: NumberTensor, scale: FloatTensor, blocks: AffineBlocks): Tensor {
  return make(scale.dtype as 'float32', input.shape, dequantize(input.data, input.shape, blocks))
}

export const quantizationOps: readonly Op[] = [
  op({
    type: 'quantize',
    specification: 'iOS17 quantization_ops',
    since: 'iOS17',
    parameters: { input: floats, scale: scales, zero_point: optionalZeroPoint, axis, output_dtype: text(BYTES) },
    rounding: 'exact',
    run({ input, scale, zero_point, axis, output_dtype }, context) {
      if (zero_point && zero_point.dtype !== output_dtype)
        context.fail(`zero_point has dtype ${zero_point.dtype}, expected output_dtype ${output_dtype}`)
      const blocks = blocksAlong(input.shape, axis, scale, zero_point, context)
      const { data } = asDivided(input, context)
      return make(output_dtype, input.shape, quantize(data, input.shape, blocks, output_dtype) as Int8Array & Uint8Array)
    },
  }),
  op({
    type: 'dequantize',
    specification: 'iOS17 quantization_ops',
    since: 'iOS17',
    parameters: { input: bytes, scale: scales, zero_point: optionalZeroPoint, axis },
    rounding: 'rounded',
    run: ({ input, scale, zero_point, axis }, context) =>
      dequantized(input, scale, blocksAlong(input.shape, axis, scale, zero_point, context)),
  }),
  op({
    type: 'constexpr_affine_dequantize',
    specification: 'iOS16 constexpr_ops',
    since: 'iOS16',
    parameters: { quantized_data: bytes, scale: scales, zero_point: zeroPoint, axis: integer() },
    rounding: 'rounded',
    run: ({ quantized_data, scale, zero_point, axis }, context) =>
      dequantized(quantized_data, scale, blocksAlong(quantized_data.shape, axis, scale, zero_point, context)),
  }),
]
