/** MIL `conv` and `conv_transpose`. From iOS17 on weights and bias may have another dtype than x; the result has that of x. */
import { sizeOf, type Tensor } from '../../../../kernels/tensor.js'
import { integer, integers, numbers, optionalTensor, tensor, text } from '../../parameters.js'
import { type Op, op } from '../op.js'
import { convolve, convolveTransposed } from '../semantics/convolution.js'
import { PAD_TYPES } from '../semantics/windows.js'

type Single = Tensor<'float32' | 'float16'>

const single = ['float32', 'float16'] as const
const TRANSPOSED_PAD_TYPES = ['valid', 'same', 'custom'] as const

const parameters = {
  x: tensor<Single>({ types: single, rank: [3, 5] }),
  weight: tensor<Single>({ types: single, rank: [3, 5] }),
  bias: optionalTensor<Single>({ types: single, rank: 1 }),
  strides: integers({ default: undefined }),
  pad_type: text(PAD_TYPES, { default: 'valid' }),
  pad: integers({ default: undefined }),
  dilations: integers({ default: undefined }),
  groups: integer({ default: 1 }),
}

interface Values {
  x: Single
  weight: Single
  bias: Single | undefined
}

const operandsOf = ({ x, weight, bias }: Values) => ({
  x,
  spatialRank: x.shape.length - 2,
  weight: weight.data,
  weightShape: weight.shape,
  bias: bias?.data,
})

const conv = op({
  type: 'conv',
  specification: 'iOS15 conv',
  parameters,
  rounding: 'accumulating',
  terms: ({ weight }) => sizeOf(weight.shape.slice(1)),
  run: ({ x, weight, bias, pad_type: padType, ...attributes }, context) =>
    convolve(operandsOf({ x, weight, bias }), { ...attributes, padType }, context),
})

/**
 * `conv_quantized` (iOS15, experimental): the weight holds one quantized number an element, whatever `nbits` is;
 * W = W_quantized * quant_scale + quant_bias, for the whole tensor or for each output channel.
 */
const convQuantized = op({
  type: 'conv_quantized',
  specification: 'iOS15 conv',
  parameters: {
    ...parameters,
    weight: tensor<Tensor<'uint8'>>({ types: ['uint8'], rank: [3, 5] }),
    bias: optionalTensor<Tensor<'uint8'>>({ types: ['uint8'], rank: 1 }),
    quantization_type: text(['linear', 'lut']),
    nbits: integer({ default: 8 }),
    quant_scale: numbers(),
    quant_bias: numbers(),
  },
  rounding: 'accumulating',
  terms: ({ weight }) => sizeOf(weight.shape.slice(1)),
  run(
    { x, weight, bias, pad_type: padType, quantization_type: kind, nbits, quant_scale: scale, quant_bias: shift, ...attributes },
    context,
  ) {
    if (kind === 'lut') context.unsupported("with quantization_type 'lut': no table of values is published for it")
    if (nbits < 1 || nbits > 8) context.fail(`has nbits ${nbits}, expected 1 to 8`)
    const channels = weight.shape[0]!
    for (const [name, given] of Object.entries({ quant_scale: scale, quant_bias: shift })) {
      if (given.length !== 1 && given.length !== channels)
        context.fail(`has ${given.length} elements in ${name}, expected 1 or ${channels}`)
    }
    const each = sizeOf(weight.shape.slice(1))
    const dense = new Float32Array(weight.data.length)
    for (let i = 0; i < dense.length; i++) {
      if (weight.data[i]! >= 2 ** nbits) context.fail(`has the quantized weight ${weight.data[i]}, which ${nbits} bits do not hold`)
      const channel = Math.floor(i / each)
      dense[i] = Math.fround(weight.data[i]! * scale[scale.length === 1 ? 0 : channel]!) + shift[shift.length === 1 ? 0 : channel]!
    }
    const floats = (data: ArrayLike<number>, shape: number[]): Single => ({ dtype: x.dtype, shape, data: Float32Array.from(data) })
    const operands = { x, weight: floats(dense, weight.shape), bias: bias && floats(bias.data, bias.shape) }
    return convolve(operandsOf(operands), { ...attributes, padType }, context)
  },
})

const convTranspose = op({
  type: 'conv_transpose',
  specification: 'iOS15 conv',
  parameters: { ...parameters, pad_type: text(TRANSPOSED_PAD_TYPES, { default: 'valid' }), output_shape: integers({ default: undefined }) },
  rounding: 'accumulating',
  terms: ({ weight, groups }) => (weight.shape[0]! / groups) * sizeOf(weight.shape.slice(2)),
  run({ x, weight, bias, pad_type: padType, output_shape: shape, ...attributes }, context) {
    if (shape && shape.length !== x.shape.length) context.fail(`has output_shape [${shape}], expected ${x.shape.length} dimensions`)
    const outputChannels = weight.shape[1]! * attributes.groups
    if (shape && (shape[0] !== x.shape[0] || shape[1] !== outputChannels)) {
      context.fail(`has output_shape [${shape}], expected [${x.shape[0]}, ${outputChannels}, …]`)
    }
    return convolveTransposed(operandsOf({ x, weight, bias }), { ...attributes, padType, outputShape: shape?.slice(2) }, context)
  },
})

export const convolutionOps: readonly Op[] = [conv, convQuantized, convTranspose]
