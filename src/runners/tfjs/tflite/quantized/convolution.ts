/** Quantized convolutions: exact sums, then bias and scale of each channel. */
import { sizeOf, type Tensor } from '../../../../../kernels/tensor.js'
import { bounded } from '../../geometry/bounds.js'
import type { Convolution2d, Size4, Window2d } from '../../geometry/windows.js'
import { type Operand, only } from '../../op.js'
import { convolve, convolveDepthwise, type Emit, type IntegerFilter, type IntegerImage, spread } from './accumulate.js'
import { affineOf, codesOf, integers } from './affine.js'
import { outputStage, type Summed } from './output-stage.js'

function imageOf(value: Operand): IntegerImage {
  const { zeroPoint } = affineOf(value)
  return { data: codesOf(value), shape: value.shape as unknown as Size4, zeroPoint: () => zeroPoint }
}

/** Weights of 8 bits, or of 4 that are unpacked; their zero point is not 0 for uint8 alone. */
export const filterOf = (value: Operand): IntegerFilter => ({
  data: only(value, 'int8', 'uint8', 'int4').data,
  zeroPoint: value.quantization?.zeroPoint[0] ?? 0,
})

/** A result whose elements are the output stage of the sums that `compute` emits. */
function staged(summed: Summed, shape: readonly number[], channels: number, compute: (emit: Emit) => void): Tensor {
  const stage = outputStage(summed, channels, summed.input.dtype === 'uint8')
  const out = integers(summed.output.dtype, shape)
  compute((at, channel, _, sum) => {
    out.data[at] = stage(sum, channel)
  })
  return out
}

/** Filter [O, h, w, C / groups] */
export const quantizedConvolution = (summed: Summed, convolution: Convolution2d): Tensor =>
  staged(summed, convolution.shape, convolution.shape[3], (emit) =>
    convolve(imageOf(summed.input), filterOf(summed.filter), convolution, emit),
  )

/** Filter [1, h, w, C multiplier] */
export const quantizedDepthwiseConvolution = (summed: Summed, convolution: Convolution2d): Tensor =>
  staged(summed, convolution.shape, convolution.shape[3], (emit) =>
    convolveDepthwise(imageOf(summed.input), filterOf(summed.filter), convolution, emit),
  )

/** Filter [O, h, w, C] */
export function quantizedTransposedConvolution(summed: Summed, shape: Size4, window: Window2d): Tensor {
  const filters = shape[3]
  const sums = new Float64Array(sizeOf(bounded(shape)))
  spread(imageOf(summed.input), filterOf(summed.filter), shape, window, (at, _channel, _sample, sum) => {
    sums[at]! += sum
  })
  return staged(summed, shape, filters, (emit) => {
    for (let at = 0; at < sums.length; at++) emit(at, at % filters, 0, sums[at]!)
  })
}
