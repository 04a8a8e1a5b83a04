/** Resizing of [N, H, W, C]. Places are computed in float32, as TFLite's reference kernels do: they decide which elements are taken. */
import { tensor } from '../../../../kernels/tensor.js'
import { bounded } from '../bounds.js'
import type { Kernel, Operator, OpRow } from '../operator.js'
import { row } from '../operator.js'
import { quantizedBilinear } from './quantized/resizing.js'
import { taken } from './slicing.js'

const { fround, floor, ceil, max, min } = Math

export interface Resizing {
  shape: [number, number, number, number]
  alignCorners: boolean
  halfPixelCenters: boolean
}

/** The shape of the result, and how places are counted. */
export function resizingOf(op: Operator): Resizing {
  const { shape } = op.input(0)
  const [height, width] = op.integers(1)
  if (shape.length !== 4 || height === undefined || width === undefined || height < 1 || width < 1)
    throw op.misshapen('rank 4 and a height and width are needed')
  return {
    shape: bounded([shape[0]!, height, width, shape[3]!]),
    alignCorners: op.boolean('align_corners'),
    halfPixelCenters: op.boolean('half_pixel_centers'),
  }
}

/** Indices of the elements that nearest-neighbour resizing takes along one dimension. */
function nearestPlaces(input: number, output: number, { alignCorners, halfPixelCenters }: Resizing): number[] {
  const scale = alignCorners && output > 1 ? fround((input - 1) / (output - 1)) : fround(input / output)
  const offset = halfPixelCenters ? 0.5 : 0
  return Array.from({ length: output }, (_, i) => {
    const place = fround((i + offset) * scale)
    return max(0, min(input - 1, alignCorners ? floor(place + 0.5) : floor(place)))
  })
}

const nearest: Kernel = (op) => {
  const input = op.input(0)
  const resizing = resizingOf(op)
  const rows = taken(input, nearestPlaces(input.shape[1]!, resizing.shape[1], resizing), 1)
  return taken(rows, nearestPlaces(input.shape[2]!, resizing.shape[2], resizing), 2)
}

interface Between {
  low: number
  high: number
  /** Share of `high`. */
  share: number
}

/** Between which elements a place of the result lies, along one dimension. */
export function linearPlaces(input: number, output: number, { alignCorners, halfPixelCenters }: Resizing): Between[] {
  const scale = alignCorners && output > 1 ? fround((input - 1) / (output - 1)) : fround(input / output)
  return Array.from({ length: output }, (_, i) => {
    const place = halfPixelCenters ? fround(fround(fround(i + 0.5) * scale) - 0.5) : fround(i * scale)
    const low = max(0, floor(place))
    return { low, high: min(input - 1, ceil(place)), share: fround(place - low) }
  })
}

const bilinear: Kernel = (op) => {
  const { shape: inputShape, data } = op.inputOf(0, 'float32')
  const [, height, width, channels] = inputShape as [number, number, number, number]
  const resizing = resizingOf(op)
  const [batch, outHeight, outWidth] = resizing.shape
  const rows = linearPlaces(height, outHeight, resizing)
  const columns = linearPlaces(width, outWidth, resizing)
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
  return tensor('float32', resizing.shape, out)
}

export const RESIZING: readonly OpRow[] = [
  row('RESIZE_NEAREST_NEIGHBOR', 0, [['float32', 'int8', 'uint8', 'int16', 'int32'], nearest]),
  row('RESIZE_BILINEAR', 0, [['float32'], bilinear], [['int8', 'uint8', 'int16'], quantizedBilinear]),
]
