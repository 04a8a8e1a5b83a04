/**
 * Convolutions in up to three dimensions as products of matrices: of the patches under the window with the filter, or, transposed, of the
 * elements with the filter, whose products are added where the window stands.
 */
import type { Tensor } from '../../../../kernels/tensor.js'
import type { Device } from '../backend.js'
import type { Size3, Windows3d } from '../geometry/windows.js'

type Float = Tensor<'float32'>
type Size5 = readonly [number, number, number, number, number]

/** Elements of patches that are held at once. */
const PATCH_LIMIT = 2 ** 22

/** A filter as matrices, one for each group, which the device keeps where the filter is a constant. */
export interface FilterMatrix {
  source: Float
  /** [terms, results] of a group. */
  of: (group: number, groups: number) => Float
}

/** rows [count, terms] times the filter's matrix of a group. */
function multiply(device: Device, rows: Float32Array, count: number, filter: FilterMatrix, group: number, groups: number): Float32Array {
  return device.compute((tf) => {
    const weights = device.weight(filter.source, `matrix ${group} of ${groups}`, () => {
      const { data, shape } = filter.of(group, groups)
      return tf.tensor2d(data, shape as [number, number])
    })
    return tf.matMul(tf.tensor2d(rows, [count, rows.length / count]), weights)
  })
}

/** [N, D, H, W, C] to [N, d, h, w, filters]; the filter's terms are its elements [d, h, w, C / groups]. */
export function convolvePatches(
  device: Device,
  x: Float,
  filter: FilterMatrix,
  filters: number,
  windows: Windows3d,
  groups: number,
): Float32Array {
  const [batch, , , , channels] = x.shape as unknown as Size5
  const pixels = batch * windows[0].count * windows[1].count * windows[2].count
  const depth = channels / groups
  const terms = windows[0].size * windows[1].size * windows[2].size * depth
  const perGroup = filters / groups
  const out = new Float32Array(pixels * filters)
  const chunk = Math.max(1, Math.floor(PATCH_LIMIT / terms))
  for (let first = 0; first < pixels; first += chunk) {
    const count = Math.min(chunk, pixels - first)
    for (let group = 0; group < groups; group++) {
      const product = multiply(device, patchesOf(x, windows, first, count, group * depth, depth), count, filter, group, groups)
      for (let i = 0; i < count; i++) out.set(product.subarray(i * perGroup, (i + 1) * perGroup), (first + i) * filters + group * perGroup)
    }
  }
  return out
}

/** The elements of `depth` channels under the windows of `count` results from `first` on: a row each, 0 outside of the input. */
function patchesOf(x: Float, [deep, high, wide]: Windows3d, first: number, count: number, channel: number, depth: number): Float32Array {
  const [, D, H, W, C] = x.shape as unknown as Size5
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

/** [N, D, H, W, C] to [N, d, h, w, filters]; the filter's results are its elements [d, h, w, filters]. */
export function spreadPatches(
  device: Device,
  x: Float,
  filter: FilterMatrix,
  filters: number,
  windows: Windows3d,
  [OD, OH, OW]: Size3,
): Float32Array {
  const [batch, D, H, W, C] = x.shape as unknown as Size5
  const [deep, high, wide] = windows
  const pixels = batch * D * H * W
  const out = new Float32Array(batch * OD * OH * OW * filters)
  const chunk = Math.max(1, Math.floor(PATCH_LIMIT / (deep.size * high.size * wide.size * filters)))
  for (let first = 0; first < pixels; first += chunk) {
    const count = Math.min(chunk, pixels - first)
    const products = multiply(device, x.data.subarray(first * C, (first + count) * C), count, filter, 0, 1)
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
  return out
}
