/** Places of a resizing. They are computed in float32, as TFLite's reference kernels do: they decide which elements are taken. */
import { misshapen } from '../refusals.js'
import { bounded } from './bounds.js'
import type { Size4 } from './windows.js'

const { fround, floor, ceil, max, min } = Math

/** How places are counted. */
export interface Centres {
  alignCorners: boolean
  halfPixelCenters: boolean
}

/**
 * Shape of [N, H, W, C] resized to [height, width].
 * @throws ParityError MODEL_SHAPE where that are not two sizes
 */
export function resizedShape([batch, , , channels]: Size4, [height, width]: readonly number[]): Size4 {
  if (height === undefined || width === undefined || height < 1 || width < 1) throw misshapen('a height and a width are needed')
  return bounded([batch, height, width, channels])
}

/** Indices of the elements that nearest-neighbour resizing takes along one dimension. */
export function nearestPlaces(input: number, output: number, { alignCorners, halfPixelCenters }: Centres): number[] {
  const scale = alignCorners && output > 1 ? fround((input - 1) / (output - 1)) : fround(input / output)
  const offset = halfPixelCenters ? 0.5 : 0
  return Array.from({ length: output }, (_, i) => {
    const place = fround((i + offset) * scale)
    return max(0, min(input - 1, alignCorners ? floor(place + 0.5) : floor(place)))
  })
}

export interface Between {
  low: number
  high: number
  /** Share of `high`. */
  share: number
}

/** Between which elements a place of the result lies, along one dimension. */
export function linearPlaces(input: number, output: number, { alignCorners, halfPixelCenters }: Centres): Between[] {
  const scale = alignCorners && output > 1 ? fround((input - 1) / (output - 1)) : fround(input / output)
  return Array.from({ length: output }, (_, i) => {
    const place = halfPixelCenters ? fround(fround(fround(i + 0.5) * scale) - 0.5) : fround(i * scale)
    const low = max(0, floor(place))
    return { low, high: min(input - 1, ceil(place)), share: fround(place - low) }
  })
}
