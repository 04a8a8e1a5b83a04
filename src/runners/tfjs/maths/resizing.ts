/** Resizing of [N, H, W, C]. */
import { type Tensor, tensor } from '../../../../kernels/tensor.js'
import { type Centres, linearPlaces, nearestPlaces } from '../geometry/resizing.js'
import type { Size4 } from '../geometry/windows.js'
import { taken } from './slicing.js'

export function resizeNearest(input: Tensor, shape: Size4, centres: Centres): Tensor {
  const rows = taken(input, nearestPlaces(input.shape[1]!, shape[1], centres), 1)
  return taken(rows, nearestPlaces(input.shape[2]!, shape[2], centres), 2)
}

export function resizeBilinear({ shape: inputShape, data }: Tensor<'float32'>, shape: Size4, centres: Centres): Tensor<'float32'> {
  const [, height, width, channels] = inputShape as [number, number, number, number]
  const [batch, outHeight, outWidth] = shape
  const rows = linearPlaces(height, outHeight, centres)
  const columns = linearPlaces(width, outWidth, centres)
  const out = new Float32Array(batch * outHeight * outWidth * channels)
  let at = 0
  for (let n = 0; n < batch; n++) {
    for (const { low: top, high: bottom, share: down } of rows) {
      const [upper, lower] = [(n * height + top) * width, (n * height + bottom) * width]
      for (const { low: left, high: right, share: along } of columns) {
        const [a, b, c, d] = [(upper + left) * channels, (lower + left) * channels, (upper + right) * channels, (lower + right) * channels]
        const [wa, wb, wc, wd] = [(1 - down) * (1 - along), down * (1 - along), (1 - down) * along, down * along]
        for (let k = 0; k < channels; k++) out[at++] = data[a + k]! * wa + data[b + k]! * wb + data[c + k]! * wc + data[d + k]! * wd
      }
    }
  }
  return tensor('float32', shape, out)
}
