/**
 * Convolutions. A plain one is TensorFlow.js's own; the rest (grouped, strided and dilated at once, in three dimensions, transposed) are
 * products of matrices of patches, but for depthwise ones. Bias and activation follow in one pass.
 */
import { transpose } from '../../../../kernels/movement.js'
import type { Tensor } from '../../../../kernels/tensor.js'
import { sizeOf, tensor, withShape } from '../../../../kernels/tensor.js'
import type { Device } from '../backend.js'
import { bounded } from '../bounds.js'
import type { Kernel, Operator, OpRow } from '../operator.js'
import { row } from '../operator.js'
import { activate } from './activation.js'
import type { Sliding } from './padding.js'
import { slidingOf } from './padding.js'
import type { FilterMatrix, Size3, Windows } from './patches.js'
import { convolvePatches, ONCE, spreadPatches } from './patches.js'
import { quantizedConvolution, quantizedDepthwiseConvolution, quantizedTransposedConvolution } from './quantized/convolution.js'
import { hybridConvolution, hybridDepthwiseConvolution, hybridTransposedConvolution } from './quantized/hybrid.js'

type Float = Tensor<'float32'>
export type Size4 = readonly [number, number, number, number]

/** Adds the bias, one element a channel, and applies the fused activation, in place. */
export function finish(op: Operator, out: Float32Array, channels: number, biasOperand: number): Float32Array {
  if (op.has(biasOperand)) {
    const bias = op.inputOf(biasOperand, 'float32').data
    if (bias.length !== channels) throw op.misshapen(`a bias of ${bias.length} for ${channels} channels`)
    for (let i = 0; i < out.length; i += channels) for (let c = 0; c < channels; c++) out[i + c]! += bias[c]!
  }
  activate(out, op.text('fused_activation_function', 'NONE'))
  return out
}

export interface Window2d {
  rows: Sliding
  columns: Sliding
}

export const windowOf = (op: Operator, [, height, width]: Size4, filterHeight: number, filterWidth: number): Window2d => ({
  rows: slidingOf(op, height, filterHeight, op.number('stride_h', 1), op.number('dilation_h_factor', 1)),
  columns: slidingOf(op, width, filterWidth, op.number('stride_w', 1), op.number('dilation_w_factor', 1)),
})

/** Shapes of a rank-4 input and filter. */
export function shapes2d(op: Operator): { input: Size4; filter: Size4 } {
  const [input, filter] = [op.input(0).shape, op.input(1).shape]
  if (input.length !== 4 || filter.length !== 4) throw op.misshapen('rank 4 is needed')
  return { input: input as unknown as Size4, filter: filter as unknown as Size4 }
}

/** The sums of a convolution whose result has `shape`, or zeros where nothing goes into them; then bias and activation. */
function finished(op: Operator, shape: number[], bias: number, compute: () => Float32Array): Float {
  const operands = op.inputs().slice(0, bias)
  const isEmpty = sizeOf(shape) === 0 || operands.some((operand) => sizeOf(operand.shape) === 0)
  const sums = isEmpty ? new Float32Array(sizeOf(bounded(shape))) : compute()
  return tensor('float32', shape, finish(op, sums, shape[shape.length - 1]!, bias))
}

/** [N, H, W, C], filter [O, h, w, C / groups] */
const convolution: Kernel = (op) => {
  const x = op.inputOf(0, 'float32')
  if (op.input(1).dtype !== 'float32') return hybridConvolution(op)
  const filter = op.inputOf(1, 'float32')
  const { input, filter: filterShape } = shapes2d(op)
  const [batch, inputHeight, inputWidth, channels] = input
  const [filters, height, width, depth] = filterShape
  const groups = channels / depth
  if (!Number.isInteger(groups) || filters % groups !== 0) throw op.misshapen('channels do not fit')
  const window = windowOf(op, input, height, width)
  const shape = bounded([batch, window.rows.count, window.columns.count, filters])
  return finished(op, shape, 2, () => {
    if (groups === 1 && isNative(window)) return nativeConvolution(op.device, x, filter, window)
    const volume = withShape(x, [batch, 1, inputHeight, inputWidth, channels])
    return convolvePatches(op.device, volume, rowsOf(filter), filters, [ONCE, window.rows, window.columns], groups)
  })
}

/** TensorFlow.js does not take a stride and a dilation at once. */
const isNative = ({ rows, columns }: Window2d): boolean =>
  (rows.stride === 1 && columns.stride === 1) || (rows.dilation === 1 && columns.dilation === 1)

function nativeConvolution(device: Device, x: Float, filter: Float, { rows, columns }: Window2d): Float32Array {
  return device.compute((tf) => {
    const weights = device.weight(filter, 'HWIO', () => {
      const { shape, data } = transpose(filter, [1, 2, 3, 0])
      return tf.tensor4d(data, shape as [number, number, number, number])
    })
    const input = tf.tensor4d(x.data, x.shape as [number, number, number, number])
    const padding: [[number, number], [number, number], [number, number], [number, number]] = [
      [0, 0],
      [rows.before, rows.after],
      [columns.before, columns.after],
      [0, 0],
    ]
    return tf.conv2d(input, weights, [rows.stride, columns.stride], padding, 'NHWC', [rows.dilation, columns.dilation])
  })
}

/** A filter [O, h, w, c] as matrices [h w c, O / groups]. */
const rowsOf = (filter: Float): FilterMatrix => ({
  source: filter,
  of: (group, groups) => {
    const perGroup = filter.shape[0]! / groups
    const terms = sizeOf(filter.shape.slice(1))
    const part = tensor('float32', [perGroup, terms], filter.data.subarray(group * perGroup * terms, (group + 1) * perGroup * terms))
    return transpose(part, [1, 0])
  },
})

/** Filter [1, h, w, C multiplier] */
const depthwiseConvolution: Kernel = (op) => {
  const x = op.inputOf(0, 'float32')
  if (op.input(1).dtype !== 'float32') return hybridDepthwiseConvolution(op)
  const filter = op.inputOf(1, 'float32')
  const { input, filter: filterShape } = shapes2d(op)
  const [batch, , , channels] = input
  const [, height, width, filters] = filterShape
  if (filters % channels !== 0) throw op.misshapen('channels do not fit')
  const window = windowOf(op, input, height, width)
  const shape = bounded([batch, window.rows.count, window.columns.count, filters])
  return finished(op, shape, 2, () => depthwise(x, filter, window))
}

/**
 * Products and sums are rounded to float32 in the order of the window, as TFLite's reference kernel does. TensorFlow.js's own op adds in
 * another order, and the differences grow where many such layers follow each other.
 */
function depthwise(x: Float, filter: Float, { rows, columns }: Window2d): Float32Array {
  const [batch, height, width, channels] = x.shape as [number, number, number, number]
  const filters = filter.shape[3]!
  const multiplier = filters / channels
  const out = new Float32Array(batch * rows.count * columns.count * filters)
  const [input, weights] = [x.data, filter.data]
  let at = 0
  for (let pixel = 0; pixel < batch * rows.count * columns.count; pixel++, at += filters) {
    const ox = pixel % columns.count
    const oy = Math.floor(pixel / columns.count) % rows.count
    const n = Math.floor(pixel / (columns.count * rows.count))
    for (let ky = 0; ky < rows.size; ky++) {
      const y = oy * rows.stride - rows.before + ky * rows.dilation
      if (y < 0 || y >= height) continue
      for (let kx = 0; kx < columns.size; kx++) {
        const column = ox * columns.stride - columns.before + kx * columns.dilation
        if (column < 0 || column >= width) continue
        const from = ((n * height + y) * width + column) * channels
        const by = (ky * columns.size + kx) * filters
        for (let c = 0, f = 0; c < channels; c++) {
          const element = input[from + c]!
          for (let m = 0; m < multiplier; m++, f++) out[at + f] = Math.fround(out[at + f]! + Math.fround(element * weights[by + f]!))
        }
      }
    }
  }
  return out
}

function windows3d(op: Operator, [depth, height, width]: Size3, [kd, kh, kw]: Size3): Windows {
  return [
    slidingOf(op, depth, kd, op.number('stride_d', 1), op.number('dilation_d_factor', 1)),
    slidingOf(op, height, kh, op.number('stride_h', 1), op.number('dilation_h_factor', 1)),
    slidingOf(op, width, kw, op.number('stride_w', 1), op.number('dilation_w_factor', 1)),
  ]
}

/** [N, D, H, W, C], filter [d, h, w, C, O] */
const convolution3d: Kernel = (op) => {
  const [x, filter] = [op.inputOf(0, 'float32'), op.inputOf(1, 'float32')]
  const [kd, kh, kw, depth, filters] = filter.shape as [number, number, number, number, number]
  if (x.shape.length !== 5 || filter.shape.length !== 5 || x.shape[4] !== depth) throw op.misshapen('shapes do not fit')
  const windows = windows3d(op, x.shape.slice(1, 4) as unknown as Size3, [kd, kh, kw])
  const matrix: FilterMatrix = { source: filter, of: () => withShape(filter, [kd * kh * kw * depth, filters]) }
  const shape = bounded([x.shape[0]!, ...windows.map(({ count }) => count), filters])
  return finished(op, shape, 2, () => convolvePatches(op.device, x, matrix, filters, windows, 1))
}

/** The size of the result is given; padding is that of the convolution which it undoes. Filter [O, h, w, C]. */
const transposedConvolution: Kernel = (op) => {
  const x = op.inputOf(2, 'float32')
  if (op.input(1).dtype !== 'float32') return hybridTransposedConvolution(op)
  const filter = op.inputOf(1, 'float32')
  const shape = bounded(op.integers(0))
  const [filters, kh, kw, channels] = filter.shape as [number, number, number, number]
  const [batch, height, width] = x.shape as [number, number, number]
  const fits =
    shape.length === 4 &&
    x.shape.length === 4 &&
    filter.shape.length === 4 &&
    x.shape[3] === channels &&
    shape[3] === filters &&
    shape[0] === batch
  if (!fits) throw op.misshapen('shapes do not fit')
  const rows = slidingOf(op, shape[1]!, kh, op.number('stride_h', 1), 1)
  const columns = slidingOf(op, shape[2]!, kw, op.number('stride_w', 1), 1)
  const matrix: FilterMatrix = { source: filter, of: () => withShape(transpose(filter, [3, 1, 2, 0]), [channels, kh * kw * filters]) }
  const volume = withShape(x, [batch, 1, height, width, channels])
  return finished(op, shape, 3, () => spreadPatches(op.device, volume, matrix, filters, [ONCE, rows, columns], [1, shape[1]!, shape[2]!]))
}

/** Filter [d, h, w, O, C] */
const transposedConvolution3d: Kernel = (op) => {
  const [x, filter] = [op.inputOf(2, 'float32'), op.inputOf(1, 'float32')]
  const shape = bounded(op.integers(0))
  const [kd, kh, kw, filters, channels] = filter.shape as [number, number, number, number, number]
  const fits =
    shape.length === 5 &&
    x.shape.length === 5 &&
    filter.shape.length === 5 &&
    x.shape[4] === channels &&
    shape[4] === filters &&
    shape[0] === x.shape[0]
  if (!fits) throw op.misshapen('shapes do not fit')
  const outSize = shape.slice(1, 4) as unknown as Size3
  const windows = windows3d(op, outSize, [kd, kh, kw])
  const matrix: FilterMatrix = {
    source: filter,
    of: () => withShape(transpose(filter, [4, 0, 1, 2, 3]), [channels, kd * kh * kw * filters]),
  }
  return finished(op, shape, 3, () => spreadPatches(op.device, x, matrix, filters, windows, outSize))
}

export const CONVOLUTION: readonly OpRow[] = [
  row('CONV_2D', 0, [['float32'], convolution], [['int8', 'uint8', 'int16'], quantizedConvolution]),
  row('DEPTHWISE_CONV_2D', 0, [['float32'], depthwiseConvolution], [['int8', 'uint8', 'int16'], quantizedDepthwiseConvolution]),
  row('TRANSPOSE_CONV', 2, [['float32'], transposedConvolution], [['int8', 'uint8', 'int16'], quantizedTransposedConvolution]),
  row('CONV_3D', 0, [['float32'], convolution3d]),
  row('CONV_3D_TRANSPOSE', 2, [['float32'], transposedConvolution3d]),
]
