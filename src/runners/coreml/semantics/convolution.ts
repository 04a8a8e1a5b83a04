/** Convolution and transposed convolution as the ops of both dialects need them. */
import { tensor as make, sizeOf, type Tensor } from '../../../../kernels/tensor.js'
import type { Context } from '../op.js'
import { allocatable } from './shapes.js'
import { asMany, slidingWindows, transposedWindows, type WindowAttributes } from './windows.js'

type Single = Tensor<'float32' | 'float16'>

export interface ConvolutionAttributes extends Omit<WindowAttributes, 'kernel'> {
  groups: number
}

interface Operands {
  /** [...batch, channels, ...spatial]; `spatialRank` says how many dimensions are spatial. */
  x: Single
  spatialRank: number
  weight: Float32Array
  /** [outputChannels, inputChannels / groups, ...kernel]; transposed: [inputChannels, outputChannels / groups, ...kernel]. */
  weightShape: readonly number[]
  bias: Float32Array | undefined
}

interface Channels {
  batch: number
  inputChannels: number
  outputChannels: number
  spatial: number[]
  lead: number[]
}

function channelsOf(
  { x, spatialRank, weight, weightShape, bias }: Operands,
  groups: number,
  transposed: boolean,
  context: Context,
): Channels {
  const axis = x.shape.length - spatialRank - 1
  if (axis < 0 || weightShape.length !== spatialRank + 2) {
    context.fail(`has weights of shape [${weightShape}] for an input of shape [${x.shape}], expected ranks that fit`)
  }
  const inputChannels = x.shape[axis]!
  const [first, second] = weightShape as [number, number]
  const outputChannels = transposed ? second * groups : first
  const expected = transposed ? first : second * groups
  if (!(groups >= 1) || inputChannels !== expected || outputChannels % groups !== 0 || inputChannels % groups !== 0) {
    context.fail(`has weights of shape [${weightShape}] and ${groups} groups for ${inputChannels} channels, expected numbers that fit`)
  }
  if (weight.length !== sizeOf(weightShape))
    context.fail(`has ${weight.length} weights, expected ${sizeOf(weightShape)} for [${weightShape}]`)
  if (bias && bias.length !== outputChannels) context.fail(`has ${bias.length} biases, expected ${outputChannels}`)
  const lead = x.shape.slice(0, axis)
  return { batch: sizeOf(lead), inputChannels, outputChannels, spatial: x.shape.slice(axis + 1), lead }
}

/** Convolution of x with the weights, + bias: [...batch, outputChannels, ...output]. */
export function convolve(operands: Operands, attributes: ConvolutionAttributes, context: Context): Tensor {
  const { x, weight, weightShape, bias, spatialRank } = operands
  const { groups } = attributes
  const { lead, spatial, ...channels } = channelsOf(operands, groups, false, context)
  const windows = slidingWindows(spatial, { ...attributes, kernel: weightShape.slice(2) }, context)
  const shape = allocatable([...lead, channels.outputChannels, ...asMany(windows.output, spatialRank)], context)
  const data = context.kernels.convolution(x.data, weight, bias, { ...channels, groups, ...windows }, context.arithmetic)
  return make(x.dtype, shape, data)
}

/** Transposed convolution of x with the weights, + bias: [...batch, outputChannels, ...output]. */
export function convolveTransposed(
  operands: Operands,
  attributes: ConvolutionAttributes & { outputShape?: readonly number[] | undefined },
  context: Context,
): Tensor {
  const { x, weight, weightShape, bias, spatialRank } = operands
  const { groups } = attributes
  const { lead, spatial, ...channels } = channelsOf(operands, groups, true, context)
  const windows = transposedWindows(spatial, { ...attributes, kernel: weightShape.slice(2) }, context)
  const shape = allocatable([...lead, channels.outputChannels, ...asMany(windows.output, spatialRank)], context)
  const data = context.kernels.transposedConvolution(x.data, weight, bias, { ...channels, groups, ...windows }, context.arithmetic)
  return make(x.dtype, shape, data)
}
