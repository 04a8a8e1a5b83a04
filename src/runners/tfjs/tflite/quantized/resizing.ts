/** Bilinear resizing of integers. */
import type { Kernel } from '../../operator.js'
import type { Resizing } from '../resizing.js'
import { linearPlaces, resizingOf } from '../resizing.js'
import { integers, quantizedInput } from './affine.js'

/** Places have 10 fractional bits. */
const UNIT = 1 << 10

interface Between {
  low: number
  high: number
  /** Share of `high`, of 1,024. */
  share: number
}

function integerPlaces(input: number, output: number, { alignCorners, halfPixelCenters }: Resizing): Between[] {
  const [from, to] = alignCorners && output > 1 ? [input - 1, output - 1] : [input, output]
  const step = Math.floor((UNIT * from + Math.floor(to / 2)) / to)
  return Array.from({ length: output }, (_, i) => {
    const place = halfPixelCenters ? i * step + (step >> 1) - UNIT / 2 : i * step
    const low = Math.max(0, Math.trunc(place / UNIT))
    return { low, high: Math.min(input - 1, Math.trunc((place + UNIT - 1) / UNIT)), share: place - UNIT * low }
  })
}

/** int8 and int16 in integers alone; uint8 in float32, rounded by adding a half. */
export const quantizedBilinear: Kernel = (op) => {
  const { shape: inputShape, data } = quantizedInput(op, 0)
  const [, height, width, channels] = inputShape as [number, number, number, number]
  const resizing = resizingOf(op)
  const [batch, outHeight, outWidth] = resizing.shape
  const isFloat = op.input(0).dtype === 'uint8'
  const places = isFloat ? linearPlaces : integerPlaces
  const whole = isFloat ? 1 : UNIT
  const rows = places(height, outHeight, resizing)
  const columns = places(width, outWidth, resizing)
  const out = integers(op.outputDType(), resizing.shape)
  const rounded = isFloat
    ? (sum: number) => Math.trunc(Math.fround(sum + 0.5))
    : (sum: number) => Math.trunc((sum + (sum > 0 ? 2 ** 19 : -(2 ** 19))) / 2 ** 20)
  let at = 0
  for (let n = 0; n < batch; n++) {
    for (const { low: top, high: bottom, share: down } of rows) {
      const [upper, lower] = [(n * height + top) * width, (n * height + bottom) * width]
      for (const { low: left, high: right, share: along } of columns) {
        const corners = [(upper + left) * channels, (lower + left) * channels, (upper + right) * channels, (lower + right) * channels]
        const weights = [(whole - down) * (whole - along), down * (whole - along), (whole - down) * along, down * along]
        for (let c = 0; c < channels; c++)
          out.data[at++] = rounded(corners.reduce((sum, corner, i) => sum + data[corner + c]! * weights[i]!, 0))
      }
    }
  }
  return out
}
