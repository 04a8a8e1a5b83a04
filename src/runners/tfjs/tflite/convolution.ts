/** Convolutions, of floats, of integers, and of floats with integer weights. Bias and activation follow the sums. */
import { integer, integers, text } from '../../parameters.js'
import { BIAS, FLOAT_OR_QUANTIZED, WEIGHTS } from '../dtypes.js'
import { bounded } from '../geometry/bounds.js'
import {
  checkTransposed,
  convolution2d,
  depthwise2d,
  PADDINGS,
  type Padding,
  type Size4,
  slidingOf,
  type Window2d,
  type Windows3d,
} from '../geometry/windows.js'
import { convolve, convolve3d, convolveDepthwise, convolveTransposed, convolveTransposed3d } from '../maths/convolution.js'
import { type Op, op, operand, optionalOperand } from '../op.js'
import { misshapen } from '../refusals.js'
import { FUSED, finish } from './activation.js'
import { quantizedConvolution, quantizedDepthwiseConvolution, quantizedTransposedConvolution } from './quantized/convolution.js'
import { hybridConvolution, hybridDepthwiseConvolution, hybridTransposedConvolution } from './quantized/hybrid.js'

const STEPS = {
  padding: text(PADDINGS, { default: 'SAME' }),
  stride_h: integer({ default: 1 }),
  stride_w: integer({ default: 1 }),
}
const DILATIONS = { dilation_h_factor: integer({ default: 1 }), dilation_w_factor: integer({ default: 1 }) }
const STEPS_3D = { ...STEPS, ...DILATIONS, stride_d: integer({ default: 1 }), dilation_d_factor: integer({ default: 1 }) }
const SUMS = { quantized_bias_type: text(undefined, { default: '' }) }

interface Steps {
  padding: Padding
  stride_h: number
  stride_w: number
  dilation_h_factor?: number
  dilation_w_factor?: number
}

/** `height` and `width` are those of what the window moves over; the filter is [., h, w, .]. */
const windowOf = (steps: Steps, [, height, width]: readonly number[], [, h, w]: readonly number[]): Window2d => ({
  rows: slidingOf(steps.padding, height!, h!, steps.stride_h, steps.dilation_h_factor),
  columns: slidingOf(steps.padding, width!, w!, steps.stride_w, steps.dilation_w_factor),
})

interface Steps3d extends Required<Steps> {
  stride_d: number
  dilation_d_factor: number
}

/** `over` is [., D, H, W, .], the filter [d, h, w, ., .]. */
const windows3d = (steps: Steps3d, [, depth, height, width]: readonly number[], [d, h, w]: readonly number[]): Windows3d => [
  slidingOf(steps.padding, depth!, d!, steps.stride_d, steps.dilation_d_factor),
  slidingOf(steps.padding, height!, h!, steps.stride_h, steps.dilation_h_factor),
  slidingOf(steps.padding, width!, w!, steps.stride_w, steps.dilation_w_factor),
]

export const CONVOLUTION: readonly Op[] = [
  op({
    type: 'CONV_2D',
    specification: 'Conv2DOptions; reference_ops::Conv, reference_ops::HybridConvPerChannel, reference_integer_ops::ConvPerChannel',
    operands: { input: operand(FLOAT_OR_QUANTIZED, 4), filter: operand(WEIGHTS, 4), bias: optionalOperand(BIAS) },
    attributes: { ...STEPS, ...DILATIONS, ...FUSED, ...SUMS },
    rounding: 'accumulating',
    hybrid: true,
    run({ input, filter, bias, fused_activation_function: activation, ...attributes }, { device, output }) {
      const window = windowOf(attributes, input.shape, filter.shape)
      const convolution = convolution2d(input.shape as unknown as Size4, filter.shape[0]!, filter.shape[3]!, window)
      if (input.dtype !== 'float32') {
        const summed = { input, filter, bias, output: output(), activation, biasType: attributes.quantized_bias_type }
        return quantizedConvolution(summed, convolution)
      }
      const sums =
        filter.dtype === 'float32' ? convolve(device, input, filter, convolution) : hybridConvolution({ input, filter }, convolution)
      return finish(sums, bias, activation)
    },
  }),
  op({
    type: 'DEPTHWISE_CONV_2D',
    specification: 'DepthwiseConv2DOptions; reference_ops::DepthwiseConv, reference_integer_ops::DepthwiseConvPerChannel',
    operands: { input: operand(FLOAT_OR_QUANTIZED, 4), filter: operand(WEIGHTS, 4), bias: optionalOperand(BIAS) },
    attributes: { ...STEPS, ...DILATIONS, ...FUSED },
    rounding: 'accumulating',
    hybrid: true,
    run({ input, filter, bias, fused_activation_function: activation, ...attributes }, { output }) {
      const window = windowOf(attributes, input.shape, filter.shape)
      const convolution = depthwise2d(input.shape as unknown as Size4, filter.shape[3]!, window)
      if (input.dtype !== 'float32')
        return quantizedDepthwiseConvolution({ input, filter, bias, output: output(), activation }, convolution)
      const sums =
        filter.dtype === 'float32'
          ? convolveDepthwise(input, filter, convolution)
          : hybridDepthwiseConvolution({ input, filter }, convolution)
      return finish(sums, bias, activation)
    },
  }),
  op({
    type: 'TRANSPOSE_CONV',
    specification: 'TransposeConvOptions; reference_ops::TransposeConv, reference_integer_ops::TransposeConv',
    operands: {
      output_shape: integers(),
      filter: operand(WEIGHTS, 4),
      input: operand(FLOAT_OR_QUANTIZED, 4),
      bias: optionalOperand(BIAS),
    },
    attributes: { ...STEPS, ...FUSED, ...SUMS },
    rounding: 'accumulating',
    hybrid: true,
    run({ output_shape, input, filter, bias, fused_activation_function: activation, ...attributes }, { device, output }) {
      checkTransposed(output_shape, input.shape, { filters: filter.shape[0], channels: filter.shape[3] })
      const shape = bounded(output_shape) as unknown as Size4
      const window = windowOf(attributes, shape, filter.shape)
      if (input.dtype !== 'float32') {
        const summed = { input, filter, bias, output: output(), activation, biasType: attributes.quantized_bias_type }
        return quantizedTransposedConvolution(summed, shape, window)
      }
      const sums =
        filter.dtype === 'float32'
          ? convolveTransposed(device, input, filter, shape, window)
          : hybridTransposedConvolution({ input, filter }, shape, window)
      return finish(sums, bias, activation)
    },
  }),
  op({
    type: 'CONV_3D',
    specification: 'Conv3DOptions; reference_ops::Conv3D',
    operands: { input: operand(['float32'], 5), filter: operand(['float32'], 5), bias: optionalOperand(['float32']) },
    attributes: { ...STEPS_3D, ...FUSED },
    rounding: 'accumulating',
    run({ input, filter, bias, fused_activation_function, ...attributes }, { device }) {
      if (input.shape[4] !== filter.shape[3]) throw misshapen('channels do not fit')
      return finish(convolve3d(device, input, filter, windows3d(attributes, input.shape, filter.shape)), bias, fused_activation_function)
    },
  }),
  op({
    type: 'CONV_3D_TRANSPOSE',
    specification: 'Conv3DOptions; reference_ops::Conv3DTranspose',
    operands: {
      output_shape: integers(),
      filter: operand(['float32'], 5),
      input: operand(['float32'], 5),
      bias: optionalOperand(['float32']),
    },
    attributes: { ...STEPS_3D, ...FUSED },
    rounding: 'accumulating',
    run({ output_shape, input, filter, bias, fused_activation_function, ...attributes }, { device }) {
      checkTransposed(output_shape, input.shape, { filters: filter.shape[3], channels: filter.shape[4] })
      const shape = bounded(output_shape)
      const sums = convolveTransposed3d(device, input, filter, shape, windows3d(attributes, shape, filter.shape))
      return finish(sums, bias, fused_activation_function)
    },
  }),
]
