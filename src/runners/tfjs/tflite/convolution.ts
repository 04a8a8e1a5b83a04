/**
 * Convolutions. A plain one is TensorFlow.js's own; the rest (grouped, strided and dilated at once, in three dimensions,
 * transposed) are products of matrices of patches, but for depthwise ones. Bias and activation follow in one pass.
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
import { quantizedConvolution, quantizedDepthwiseConvolution, quantizedTransposedConvolution } from './quantized/convolution.js'
import { hybridConvolution, hybridDepthwiseConvolution, hybridTransposedConvolution } from './quantized/hybrid.js'

type Float = Tensor<'float32'>
export type Size3 = readonly [depth: number, height: number, width: number]
export type Size4 = readonly [number, number, number, number]

/** Elements of patches that are held at once. */
const PATCH_LIMIT = 2 ** 22

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

const isEmpty = (...shapes: (readonly number[])[]): boolean => shapes.some((shape) => sizeOf(shape) === 0)

/** TensorFlow.js does not take a stride and a dilation at once. */
const isNative = ({ rows, columns }: Window2d): boolean =>
  (rows.stride === 1 && columns.stride === 1) || (rows.dilation === 1 && columns.dilation === 1)

const explicitPadding = ({ rows, columns }: Window2d): [[number, number], [number, number], [number, number], [number, number]] => [
  [0, 0],
  [rows.before, rows.after],
  [columns.before, columns.after],
  [0, 0],
]

/** [N, H, W, C], filter [O, h, w, C / groups] */
const convolution: Kernel = (op) => {
  const x = op.inputOf(0, 'float32')
  if (op.input(1).dtype === 'int8') return hybridConvolution(op)
  const filter = op.inputOf(1, 'float32')
  const { input, filter: filterShape } = shapes2d(op)
  const [batch, , , channels] = input
  const [filters, height, width, depth] = filterShape
  const groups = channels / depth
  if (!Number.isInteger(groups) || filters % groups !== 0) throw op.misshapen('channels do not fit')
  const window = windowOf(op, input, height, width)
  const shape = bounded([batch, window.rows.count, window.columns.count, filters])
  if (isEmpty(shape, filterShape)) return tensor('float32', shape, finish(op, new Float32Array(sizeOf(shape)), filters, 2))
  const out =
    groups === 1 && isNative(window)
      ? nativeConvolution(op.device, x, filter, window)
      : patchConvolution(
          op.device,
          withShape(x, [batch, 1, ...input.slice(1)]),
          filterMatrix(filter),
          [ONCE, window.rows, window.columns],
          groups,
        )
  return tensor('float32', shape, finish(op, out, filters, 2))
}

/** A window of one element over a dimension of one. */
const ONCE: Sliding = { size: 1, dilation: 1, stride: 1, before: 0, after: 0, count: 1 }

function nativeConvolution(device: Device, x: Float, filter: Float, window: Window2d): Float32Array {
  return device.compute((tf) => {
    const weights = device.weight(filter, 'HWIO', () => {
      const { shape, data } = transpose(filter, [1, 2, 3, 0])
      return tf.tensor4d(data, shape as [number, number, number, number])
    })
    const { rows, columns } = window
    const input = tf.tensor4d(x.data, x.shape as [number, number, number, number])
    return tf.conv2d(input, weights, [rows.stride, columns.stride], explicitPadding(window), 'NHWC', [rows.dilation, columns.dilation])
  })
}

/** [1, h, w, C multiplier] */
const depthwiseConvolution: Kernel = (op) => {
  const x = op.inputOf(0, 'float32')
  if (op.input(1).dtype === 'int8') return hybridDepthwiseConvolution(op)
  const filter = op.inputOf(1, 'float32')
  const { input, filter: filterShape } = shapes2d(op)
  const [batch, , , channels] = input
  const [, height, width, filters] = filterShape
  if (filters % channels !== 0) throw op.misshapen('channels do not fit')
  const window = windowOf(op, input, height, width)
  const shape = bounded([batch, window.rows.count, window.columns.count, filters])
  if (isEmpty(shape, filterShape)) return tensor('float32', shape, finish(op, new Float32Array(sizeOf(shape)), filters, 2))
  return tensor('float32', shape, finish(op, depthwise(x, filter, window), filters, 2))
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

/** A matrix of which the device keeps constants: how to make it, and of what. */
interface Matrix {
  source: Float
  purpose: string
  /** [rows, columns] of the group. */
  of: (group: number, groups: number) => Float
}

/** A filter [O, h, w, c] as [h w c, O / groups]. */
const filterMatrix = (filter: Float): Matrix => ({
  source: filter,
  purpose: 'patches',
  of: (group, groups) => {
    const perGroup = filter.shape[0]! / groups
    const terms = sizeOf(filter.shape.slice(1))
    const part = tensor('float32', [perGroup, terms], filter.data.subarray(group * perGroup * terms, (group + 1) * perGroup * terms))
    return transpose(part, [1, 0])
  },
})

/** [N, D, H, W, C] through patches: one row for each element of the result, which is [N, d, h, w, O]. */
function patchConvolution(
  device: Device,
  x: Float,
  matrix: Matrix,
  windows: readonly [Sliding, Sliding, Sliding],
  groups: number,
): Float32Array {
  const [batch, , , , channels] = x.shape as [number, number, number, number, number]
  const pixels = batch * windows[0].count * windows[1].count * windows[2].count
  const depth = channels / groups
  const terms = windows[0].size * windows[1].size * windows[2].size * depth
  const parts = Array.from({ length: groups }, (_, group) => matrix.of(group, groups))
  const filters = parts[0]!.shape[1]!
  const out = new Float32Array(pixels * filters * groups)
  const chunk = Math.max(1, Math.floor(PATCH_LIMIT / Math.max(1, terms)))
  for (let first = 0; first < pixels; first += chunk) {
    const count = Math.min(chunk, pixels - first)
    for (let group = 0; group < groups; group++) {
      const patches = patchesOf(x, windows, first, count, group * depth, depth)
      const product = multiply(device, patches, count, terms, matrix, parts[group]!, `${matrix.purpose} ${group} of ${groups}`)
      for (let i = 0; i < count; i++) out.set(product.subarray(i * filters, (i + 1) * filters), ((first + i) * groups + group) * filters)
    }
  }
  return out
}

function multiply(
  device: Device,
  rows: Float32Array,
  count: number,
  terms: number,
  matrix: Matrix,
  part: Float,
  purpose: string,
): Float32Array {
  return device.compute((tf) => {
    const weights = device.weight(matrix.source, purpose, () => tf.tensor2d(part.data, part.shape as [number, number]))
    return tf.matMul(tf.tensor2d(rows, [count, terms]), weights)
  })
}

/** Rows of the elements under the windows of `count` results from `first` on; 0 outside of the input. */
function patchesOf(
  x: Float,
  windows: readonly [Sliding, Sliding, Sliding],
  first: number,
  count: number,
  channel: number,
  depth: number,
): Float32Array {
  const [, ...sizes] = x.shape as [number, number, number, number, number]
  const [deep, high, wide] = windows
  const [D, H, W, C] = sizes
  const patches = new Float32Array(count * deep.size * high.size * wide.size * depth)
  let at = 0
  for (let pixel = first; pixel < first + count; pixel++) {
    const ox = pixel % wide.count
    const oy = Math.floor(pixel / wide.count) % high.count
    const oz = Math.floor(pixel / (wide.count * high.count)) % deep.count
    const n = Math.floor(pixel / (wide.count * high.count * deep.count))
    for (let kz = 0; kz < deep.size; kz++) {
      const z = oz * deep.stride - deep.before + kz * deep.dilation
      for (let ky = 0; ky < high.size; ky++) {
        const y = oy * high.stride - high.before + ky * high.dilation
        for (let kx = 0; kx < wide.size; kx++, at += depth) {
          const column = ox * wide.stride - wide.before + kx * wide.dilation
          if (z < 0 || z >= D || y < 0 || y >= H || column < 0 || column >= W) continue
          const start = (((n * D + z) * H + y) * W + column) * C + channel
          for (let c = 0; c < depth; c++) patches[at + c] = x.data[start + c]!
        }
      }
    }
  }
  return patches
}

function windows3d(op: Operator, [depth, height, width]: Size3, [kd, kh, kw]: Size3): [Sliding, Sliding, Sliding] {
  return [
    slidingOf(op, depth, kd, op.number('stride_d', 1), op.number('dilation_d_factor', 1)),
    slidingOf(op, height, kh, op.number('stride_h', 1), op.number('dilation_h_factor', 1)),
    slidingOf(op, width, kw, op.number('stride_w', 1), op.number('dilation_w_factor', 1)),
  ]
}

/** [N, D, H, W, C], filter [d, h, w, C, O] */
const convolution3d: Kernel = (op) => {
  const [x, filter] = [op.inputOf(0, 'float32'), op.inputOf(1, 'float32')]
  const [kd, kh, kw, depth, filters] = filter.shape
  if (x.shape.length !== 5 || filter.shape.length !== 5 || x.shape[4] !== depth) throw op.misshapen('rank 5 is needed')
  const windows = windows3d(op, x.shape.slice(1, 4) as unknown as Size3, [kd!, kh!, kw!])
  const shape = bounded([x.shape[0]!, ...windows.map(({ count }) => count), filters!])
  const matrix: Matrix = { source: filter, purpose: 'as is', of: () => withShape(filter, [sizeOf(filter.shape.slice(0, 4)), filters!]) }
  const out = isEmpty(shape, filter.shape) ? new Float32Array(sizeOf(shape)) : patchConvolution(op.device, x, matrix, windows, 1)
  return tensor('float32', shape, finish(op, out, filters!, 2))
}

/** Each element of the input times the filter, added where the window stands; `columnsOf` is [elements of the filter without C, C]. */
function spread(
  device: Device,
  x: Float,
  source: Float,
  weights: () => Float,
  out: Float32Array,
  outSize: Size3,
  filters: number,
  windows: readonly [Sliding, Sliding, Sliding],
): void {
  const [batch, D, H, W, C] = x.shape as [number, number, number, number, number]
  const [deep, high, wide] = windows
  const [OD, OH, OW] = outSize
  const window = deep.size * high.size * wide.size
  const pixels = batch * D * H * W
  const chunk = Math.max(1, Math.floor(PATCH_LIMIT / (window * filters)))
  for (let first = 0; first < pixels; first += chunk) {
    const count = Math.min(chunk, pixels - first)
    const products = device.compute((tf) => {
      const matrix = device.weight(source, 'spread', () => {
        const { data, shape } = weights()
        return tf.tensor2d(data, shape as [number, number])
      })
      return tf.matMul(tf.tensor2d(x.data.subarray(first * C, (first + count) * C), [count, C]), matrix)
    })
    let at = 0
    for (let pixel = first; pixel < first + count; pixel++) {
      const column = pixel % W
      const y = Math.floor(pixel / W) % H
      const z = Math.floor(pixel / (W * H)) % D
      const n = Math.floor(pixel / (W * H * D))
      for (let kz = 0; kz < deep.size; kz++) {
        const oz = z * deep.stride - deep.before + kz * deep.dilation
        for (let ky = 0; ky < high.size; ky++) {
          const oy = y * high.stride - high.before + ky * high.dilation
          for (let kx = 0; kx < wide.size; kx++, at += filters) {
            const ox = column * wide.stride - wide.before + kx * wide.dilation
            if (oz < 0 || oz >= OD || oy < 0 || oy >= OH || ox < 0 || ox >= OW) continue
            const start = (((n * OD + oz) * OH + oy) * OW + ox) * filters
            for (let f = 0; f < filters; f++) out[start + f]! += products[at + f]!
          }
        }
      }
    }
  }
}

/** The size of the result is given; padding is that of the convolution which it undoes. Filter [O, h, w, C]. */
const transposedConvolution: Kernel = (op) => {
  const x = op.inputOf(2, 'float32')
  if (op.input(1).dtype === 'int8') return hybridTransposedConvolution(op)
  const filter = op.inputOf(1, 'float32')
  const shape = op.integers(0)
  const [filters, kh, kw, channels] = filter.shape
  if (shape.length !== 4 || x.shape.length !== 4 || filter.shape.length !== 4 || x.shape[3] !== channels || shape[3] !== filters)
    throw op.misshapen('shapes do not fit')
  const [rows, columns] = [
    slidingOf(op, shape[1]!, kh!, op.number('stride_h', 1), 1),
    slidingOf(op, shape[2]!, kw!, op.number('stride_w', 1), 1),
  ]
  const out = new Float32Array(sizeOf(bounded(shape)))
  if (!isEmpty(shape, x.shape)) {
    const [batch, height, width] = x.shape as [number, number, number]
    const weights = (): Float => withShape(transpose(filter, [3, 1, 2, 0]), [channels!, kh! * kw! * filters!])
    spread(op.device, withShape(x, [batch, 1, height, width, channels!]), filter, weights, out, [1, shape[1]!, shape[2]!], filters!, [
      ONCE,
      rows,
      columns,
    ])
  }
  return tensor('float32', shape, finish(op, out, filters!, 3))
}

/** Filter [d, h, w, O, C] */
const transposedConvolution3d: Kernel = (op) => {
  const x = op.inputOf(2, 'float32')
  const filter = op.inputOf(1, 'float32')
  const shape = op.integers(0)
  const [kd, kh, kw, filters, channels] = filter.shape
  if (shape.length !== 5 || x.shape.length !== 5 || filter.shape.length !== 5 || x.shape[4] !== channels || shape[4] !== filters)
    throw op.misshapen('shapes do not fit')
  const outSize = shape.slice(1, 4) as unknown as Size3
  const windows = windows3d(op, outSize, [kd!, kh!, kw!])
  const out = new Float32Array(sizeOf(bounded(shape)))
  if (!isEmpty(shape, x.shape)) {
    const weights = (): Float => withShape(transpose(filter, [4, 0, 1, 2, 3]), [channels!, kd! * kh! * kw! * filters!])
    spread(op.device, x, filter, weights, out, outSize, filters!, windows)
  }
  return tensor('float32', shape, finish(op, out, filters!, 3))
}

export const CONVOLUTION: readonly OpRow[] = [
  row('CONV_2D', 0, [['float32'], convolution], [['int8', 'uint8', 'int16'], quantizedConvolution]),
  row('DEPTHWISE_CONV_2D', 0, [['float32'], depthwiseConvolution], [['int8', 'uint8', 'int16'], quantizedDepthwiseConvolution]),
  row('TRANSPOSE_CONV', 2, [['float32'], transposedConvolution], [['int8', 'uint8', 'int16'], quantizedTransposedConvolution]),
  row('CONV_3D', 0, [['float32'], convolution3d]),
  row('CONV_3D_TRANSPOSE', 2, [['float32'], transposedConvolution3d]),
]
