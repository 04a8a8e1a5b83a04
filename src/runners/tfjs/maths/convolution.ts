/**
 * Sums of float convolutions. A plain one is TensorFlow.js's own; the rest (grouped, strided and dilated at once, in three dimensions,
 * transposed) are products of matrices of patches, but for depthwise ones.
 */
import { transpose } from '../../../../kernels/movement.js'
import { sizeOf, type Tensor, tensor, withShape } from '../../../../kernels/tensor.js'
import type { Device } from '../backend.js'
import { bounded } from '../geometry/bounds.js'
import { type Convolution2d, ONCE, type Window2d, type Windows3d } from '../geometry/windows.js'
import { convolvePatches, type FilterMatrix, spreadPatches } from './patches.js'

type Float = Tensor<'float32'>

/** The sums of a convolution whose result has `shape`, or zeros where nothing goes into them. */
function sumsOf(shape: readonly number[], operands: readonly Float[], compute: () => Float32Array): Float {
  const isEmpty = sizeOf(bounded(shape)) === 0 || operands.some((operand) => sizeOf(operand.shape) === 0)
  return tensor('float32', shape, isEmpty ? new Float32Array(sizeOf(shape)) : compute())
}

/** [N, H, W, C], filter [O, h, w, C / groups] */
export function convolve(device: Device, x: Float, filter: Float, { shape, groups, ...window }: Convolution2d): Float {
  const [batch, height, width, channels] = x.shape as [number, number, number, number]
  return sumsOf(shape, [x, filter], () => {
    if (groups === 1 && isNative(window)) return nativeConvolution(device, x, filter, window)
    const volume = withShape(x, [batch, 1, height, width, channels])
    return convolvePatches(device, volume, rowsOf(filter), filter.shape[0]!, [ONCE, window.rows, window.columns], groups)
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

/**
 * Filter [1, h, w, C multiplier]. Products and sums are rounded to float32 in the order of the window, as TFLite's reference kernel does.
 * TensorFlow.js's own op adds in another order, and the differences grow where many such layers follow each other.
 */
export const convolveDepthwise = (x: Float, filter: Float, { shape, rows, columns }: Convolution2d): Float =>
  sumsOf(shape, [x, filter], () => {
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
  })

/** [N, D, H, W, C], filter [d, h, w, C, O] */
export function convolve3d(device: Device, x: Float, filter: Float, windows: Windows3d): Float {
  const [terms, filters] = [sizeOf(filter.shape.slice(0, 4)), filter.shape[4]!]
  const matrix: FilterMatrix = { source: filter, of: () => withShape(filter, [terms, filters]) }
  const shape = [x.shape[0]!, ...windows.map(({ count }) => count), filters]
  return sumsOf(shape, [x, filter], () => convolvePatches(device, x, matrix, filters, windows, 1))
}

/** To `shape`; the window is that of the convolution which it undoes. Filter [O, h, w, C]. */
export function convolveTransposed(device: Device, x: Float, filter: Float, shape: readonly number[], { rows, columns }: Window2d): Float {
  const [filters, , , channels] = filter.shape as [number, number, number, number]
  const [batch, height, width] = x.shape as [number, number, number]
  const terms = rows.size * columns.size * filters
  const matrix: FilterMatrix = { source: filter, of: () => withShape(transpose(filter, [3, 1, 2, 0]), [channels, terms]) }
  const volume = withShape(x, [batch, 1, height, width, channels])
  return sumsOf(shape, [x, filter], () => spreadPatches(device, volume, matrix, filters, [ONCE, rows, columns], [1, shape[1]!, shape[2]!]))
}

/** Filter [d, h, w, O, C] */
export function convolveTransposed3d(device: Device, x: Float, filter: Float, shape: readonly number[], windows: Windows3d): Float {
  const [, , , filters, channels] = filter.shape as [number, number, number, number, number]
  const terms = sizeOf(filter.shape.slice(0, 4))
  const matrix: FilterMatrix = { source: filter, of: () => withShape(transpose(filter, [4, 0, 1, 2, 3]), [channels, terms]) }
  return sumsOf(shape, [x, filter], () => spreadPatches(device, x, matrix, filters, windows, [shape[1]!, shape[2]!, shape[3]!]))
}
