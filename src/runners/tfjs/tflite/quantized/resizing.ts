/** Bilinear resizing of integers. */
import type { Tensor } from '../../../../../kernels/tensor.js'
import { type Between, type Centres, linearPlaces } from '../../geometry/resizing.js'
import type { Size4 } from '../../geometry/windows.js'
import type { Operand, Output } from '../../op.js'
import { codesOf, integers } from './affine.js'

/** Places have 10 fractional bits. */
const UNIT = 1 << 10

/** Shares are of 1,024. */
function integerPlaces(input: number, output: number, { alignCorners, halfPixelCenters }: Centres): Between[] {
  const [from, to] = alignCorners && output > 1 ? [input - 1, output - 1] : [input, output]
  const step = Math.floor((UNIT * from + Math.floor(to / 2)) / to)
  return Array.from({ length: output }, (_, i) => {
    const place = halfPixelCenters ? i * step + (step >> 1) - UNIT / 2 : i * step
    const low = Math.max(0, Math.trunc(place / UNIT))
    return { low, high: Math.min(input - 1, Math.trunc((place + UNIT - 1) / UNIT)), share: place - UNIT * low }
  })
}

/** int8 and int16 in integers alone; uint8 in float32, rounded by adding a half. */
export function quantizedBilinear(input: Operand, shape: Size4, centres: Centres, output: Output): Tensor {
  const data = codesOf(input)
  const [, height, width, channels] = input.shape as [number, number, number, number]
  const [batch, outHeight, outWidth] = shape
  const isFloat = input.dtype === 'uint8'
  const places = isFloat ? linearPlaces : integerPlaces
  const whole = isFloat ? 1 : UNIT
  const rows = places(height, outHeight, centres)
  const columns = places(width, outWidth, centres)
  const out = integers(output.dtype, shape)
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
