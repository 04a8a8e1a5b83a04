/** NeuralNetwork.proto `convolution` and `convolution3d`: convolution and deconvolution over the last two and three dimensions. */
import { sizeOf, type Tensor } from '../../../../kernels/tensor.js'
import { boolean, integer, integers, message, optionalTensor, tensors } from '../../parameters.js'
import { type Op, op } from '../op.js'
import { borderOf, type PaddingMessage } from '../semantics/borders.js'
import { convolve, convolveTransposed } from '../semantics/convolution.js'
import { extent, PAD_TYPES_3D, volumeWindow } from './volumes.js'

type Single = Tensor<'float32' | 'float16'>

const single = ['float32', 'float16'] as const
const weights = optionalTensor<Single>({ types: single })

/** A list that the file leaves out is empty. */
const given = (list: readonly number[], fallback: readonly number[]): readonly number[] => (list.length === 0 ? fallback : list)
const outputShapeOf = (list: readonly number[]): readonly number[] | undefined => (list.length === 0 ? undefined : list)

const convolution = op({
  type: 'convolution',
  specification: 'NeuralNetwork.proto ConvolutionLayerParams',
  parameters: {
    input: tensors<Single>({ types: single, rank: [3, 5], least: 1, most: 2 }),
    outputChannels: integer(),
    kernelChannels: integer(),
    nGroups: integer({ default: 0 }),
    kernelSize: integers({ default: [] }),
    stride: integers({ default: [] }),
    dilationFactor: integers({ default: [] }),
    layer: message<PaddingMessage>(),
    isDeconvolution: boolean({ default: false }),
    hasBias: boolean({ default: false }),
    outputShape: integers({ default: [] }),
    weights,
    bias: weights,
  },
  rounding: 'accumulating',
  terms: ({ kernelChannels, kernelSize, nGroups, isDeconvolution }) =>
    (kernelChannels / (isDeconvolution ? Math.max(1, nGroups) : 1)) * sizeOf(given(kernelSize, [3, 3])),
  run({ input, layer, ...values }, context) {
    const x = input[0]!
    const weight = input[1] ?? values.weights ?? context.fail('has no weights')
    const groups = Math.max(1, values.nGroups)
    const { outputChannels, kernelChannels, isDeconvolution } = values
    const channels = isDeconvolution ? [kernelChannels, outputChannels / groups] : [outputChannels, kernelChannels]
    const operands = {
      x,
      spatialRank: 2,
      weight: weight.data,
      // [outputs, channels, H, W]; the rank-5 mapping puts a 1 in front
      weightShape: input[1] ? input[1].shape.slice(-4) : [...channels, ...given(values.kernelSize, [3, 3])],
      bias: values.hasBias ? (values.bias?.data ?? context.fail('has no bias')) : undefined,
    }
    const attributes = {
      groups,
      strides: given(values.stride, [1, 1]),
      dilations: given(values.dilationFactor, [1, 1]),
      ...borderOf(layer, context),
    }
    if (!isDeconvolution) return convolve(operands, attributes, context)
    if (input[1]) context.fail('is a deconvolution with two inputs')
    const outputShape = outputShapeOf(values.outputShape)
    // the layer's padding is ignored where an output shape is set: what is too much goes half from either end
    return convolveTransposed(operands, { ...attributes, ...(outputShape && { padType: 'same', outputShape }) }, context)
  },
})

const convolution3d = op({
  type: 'convolution3d',
  specification: 'NeuralNetwork.proto Convolution3DLayerParams',
  parameters: {
    input: tensors<Single>({ types: single, rank: 5, least: 1, most: 1 }),
    outputChannels: integer(),
    inputChannels: integer(),
    nGroups: integer({ default: 1 }),
    ...volumeWindow,
    dilationDepth: extent,
    dilationHeight: extent,
    dilationWidth: extent,
    hasBias: boolean({ default: false }),
    weights,
    bias: weights,
    isDeconvolution: boolean({ default: false }),
    outputShape: integers({ default: [] }),
  },
  rounding: 'accumulating',
  terms: ({ inputChannels, nGroups, kernelDepth, kernelHeight, kernelWidth }) =>
    (inputChannels / Math.max(1, nGroups)) * kernelDepth * kernelHeight * kernelWidth,
  run(values, context) {
    const { inputChannels, outputChannels, isDeconvolution } = values
    const groups = Math.max(1, values.nGroups)
    const kernel = [values.kernelDepth, values.kernelHeight, values.kernelWidth]
    const channels = isDeconvolution ? [inputChannels, outputChannels / groups] : [outputChannels, inputChannels / groups]
    const operands = {
      x: values.input[0]!,
      spatialRank: 3,
      weight: values.weights?.data ?? context.fail('has no weights'),
      weightShape: [...channels, ...kernel],
      bias: values.hasBias ? (values.bias?.data ?? context.fail('has no bias')) : undefined,
    }
    const attributes = {
      groups,
      strides: [values.strideDepth, values.strideHeight, values.strideWidth],
      dilations: [values.dilationDepth, values.dilationHeight, values.dilationWidth],
      padType: PAD_TYPES_3D[values.paddingType],
      pad: [
        values.customPaddingFront,
        values.customPaddingBack,
        values.customPaddingTop,
        values.customPaddingBottom,
        values.customPaddingLeft,
        values.customPaddingRight,
      ],
    }
    if (!isDeconvolution) return convolve(operands, attributes, context)
    return convolveTransposed(operands, { ...attributes, outputShape: outputShapeOf(values.outputShape) }, context)
  },
})

export const convolutionLayers: readonly Op[] = [convolution, convolution3d]
