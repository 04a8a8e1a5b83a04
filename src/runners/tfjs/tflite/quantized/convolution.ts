/** Quantised convolutions: exact sums, then bias and scale of each channel. */
import type { Tensor } from '../../../../../kernels/tensor.js'
import { sizeOf } from '../../../../../kernels/tensor.js'
import { bounded } from '../../bounds.js'
import type { Kernel, Operator } from '../../operator.js'
import type { Size4 } from '../convolution.js'
import { shapes2d, windowOf } from '../convolution.js'
import { slidingOf } from '../padding.js'
import type { Emit, IntegerFilter, IntegerImage, Spreading } from './accumulate.js'
import { convolve, convolveDepthwise, spread } from './accumulate.js'
import { inputAffine, integers, quantizedInput } from './affine.js'
import { filterZeroPoint, outputStage } from './output-stage.js'

const OPERANDS = { input: 0, filter: 1, bias: 2 }

function imageOf(op: Operator, index: number): IntegerImage {
  const { shape, data } = quantizedInput(op, index)
  const { zeroPoint } = inputAffine(op, index)
  return { data, shape: shape as unknown as Size4, zeroPoint: () => zeroPoint }
}

/** Weights of 8 bits, or of 4 that are unpacked. */
export function filterOf(op: Operator, index: number): IntegerFilter {
  const { data } = op.inputOf(index, 'int8', 'uint8', 'int4')
  return { data, zeroPoint: filterZeroPoint(op, index) }
}

/** A result whose elements are the output stage of the sums that `compute` emits. */
function staged(
  op: Operator,
  shape: readonly number[],
  channels: number,
  operands: typeof OPERANDS,
  compute: (emit: Emit) => void,
): Tensor {
  const stage = outputStage(op, operands, channels, op.input(operands.input).dtype === 'uint8')
  const out = integers(op.outputDType(), shape)
  compute((at, channel, _, sum) => {
    out.data[at] = stage(sum, channel)
  })
  return out
}

export const quantizedConvolution: Kernel = (op) => {
  const { input, filter } = shapes2d(op)
  const [filters, height, width, depth] = filter
  const groups = input[3] / depth
  if (!Number.isInteger(groups) || filters % groups !== 0) throw op.misshapen('channels do not fit')
  const window = windowOf(op, input, height, width)
  return staged(op, [input[0], window.rows.count, window.columns.count, filters], filters, OPERANDS, (emit) =>
    convolve(imageOf(op, 0), filterOf(op, 1), filters, groups, window, emit),
  )
}

export const quantizedDepthwiseConvolution: Kernel = (op) => {
  const { input, filter } = shapes2d(op)
  const [, height, width, filters] = filter
  if (filters % input[3] !== 0) throw op.misshapen('channels do not fit')
  const window = windowOf(op, input, height, width)
  return staged(op, [input[0], window.rows.count, window.columns.count, filters], filters, OPERANDS, (emit) =>
    convolveDepthwise(imageOf(op, 0), filterOf(op, 1), filters, window, emit),
  )
}

export const quantizedTransposedConvolution: Kernel = (op) => {
  const spreading = spreadingOf(op)
  const { shape } = spreading
  const filters = shape[3]
  const sums = new Float64Array(sizeOf(bounded(shape)))
  spread(imageOf(op, 2), filterOf(op, 1), spreading, (at, _channel, _sample, sum) => {
    sums[at]! += sum
  })
  return staged(op, shape, filters, { input: 2, filter: 1, bias: 3 }, (emit) => {
    for (let at = 0; at < sums.length; at++) emit(at, at % filters, 0, sums[at]!)
  })
}

/** Shape of a transposed convolution's result, and how its filter [O, h, w, C] moves over it. */
export function spreadingOf(op: Operator): Spreading {
  const shape = op.integers(0)
  const [input, filter] = [op.input(2).shape, op.input(1).shape]
  const fits =
    shape.length === 4 &&
    input.length === 4 &&
    filter.length === 4 &&
    input[3] === filter[3] &&
    shape[3] === filter[0] &&
    shape[0] === input[0]
  if (!fits) throw op.misshapen('shapes do not fit')
  return {
    shape: shape as unknown as Size4,
    rows: slidingOf(op, shape[1]!, filter[1]!, op.number('stride_h', 1), 1),
    columns: slidingOf(op, shape[2]!, filter[2]!, op.number('stride_w', 1), 1),
  }
}
