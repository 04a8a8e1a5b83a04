/**
 * Kernels that read an image between its pixels. Positions are computed in double precision; a weighted sum rounds its products and its
 * partial sums to float32 (to binary16 as well where the arithmetic says so), in the order upper left, upper right, lower left, lower right.
 */
import type { Arithmetic } from './arithmetic.js'
import { roundToHalf } from './float16.js'

/**
 * Where the `count` points of a grid lie in the interval [start, end] (X = end - start + 1 pixels), i = 0 … count - 1:
 * strict-align-corners: start + i (X - 1) / (count - 1); align-corners: the same, but a single point lies in the middle;
 * asymmetric: start + i X / count; offset-corners: start + (i + 1/2) max(1, X - 1) / count;
 * half-pixel: start + (i + 1/2) X / count - 1/2. The last three may reach past `end`, half-pixel past `start` too.
 */
export type Sampling = 'strict-align-corners' | 'align-corners' | 'asymmetric' | 'offset-corners' | 'half-pixel'

type Point = (i: number, start: number, end: number, count: number) => number

const linspace: Point = (i, start, end, count) => (i === 0 ? start : i === count - 1 ? end : start + (i * (end - start)) / (count - 1))

const POINTS: { readonly [sampling in Sampling]: Point } = {
  'strict-align-corners': linspace,
  'align-corners': (i, start, end, count) => (count === 1 ? (start + end) / 2 : linspace(i, start, end, count)),
  asymmetric: (i, start, end, count) => start + (i * (end - start + 1)) / count,
  'offset-corners': (i, start, end, count) => start + ((i + 0.5) * Math.max(1, end - start)) / count,
  'half-pixel': (i, start, end, count) => start + ((i + 0.5) * (end - start + 1)) / count - 0.5,
}

export function gridPoints(sampling: Sampling, start: number, end: number, count: number): Float64Array {
  const point = POINTS[sampling]
  return Float64Array.from({ length: count }, (_, i) => point(i, start, end, count))
}

/** Each point's two neighbours, and how much the upper one weighs; where that is nothing, the upper one is not read. */
export interface LinearGrid {
  lower: Int32Array
  upper: Int32Array
  weight: Float32Array
}

/** Points held inside [0, size - 1]. */
export function linearGrid(points: Float64Array, size: number): LinearGrid {
  const [lower, upper, weight] = [new Int32Array(points.length), new Int32Array(points.length), new Float32Array(points.length)]
  points.forEach((point, i) => {
    const inside = Math.min(size - 1, Math.max(0, point))
    lower[i] = Math.floor(inside)
    weight[i] = inside - lower[i]!
    upper[i] = Math.min(size - 1, lower[i]! + 1)
  })
  return { lower, upper, weight }
}

/** [outer, size, inner] to [outer, grid, inner]: linear interpolation along the middle. */
export function interpolate(
  data: Float32Array,
  outer: number,
  size: number,
  inner: number,
  grid: LinearGrid,
  arithmetic: Arithmetic,
): Float32Array {
  const { lower, upper, weight } = grid
  const count = lower.length
  const out = new Float32Array(outer * count * inner)
  for (let o = 0, to = 0; o < outer; o++) {
    const base = o * size * inner
    if (inner === 1) {
      for (let j = 0; j < count; j++, to++) {
        const w = weight[j]!
        const a = data[base + lower[j]!]!
        out[to] = w === 0 ? a : Math.fround(a * Math.fround(1 - w)) + Math.fround(data[base + upper[j]!]! * w)
      }
    } else {
      for (let j = 0; j < count; j++, to += inner) {
        const w = weight[j]!
        const v = Math.fround(1 - w)
        const [a, b] = [base + lower[j]! * inner, base + upper[j]! * inner]
        if (w === 0) out.set(data.subarray(a, a + inner), to)
        else for (let i = 0; i < inner; i++) out[to + i] = Math.fround(data[a + i]! * v) + Math.fround(data[b + i]! * w)
      }
    }
  }
  if (arithmetic.sum === 'float16') for (let i = 0; i < out.length; i++) out[i] = roundToHalf(out[i]!)
  return out
}

/** The indices that floor((i + offset) size / count) gives, for nearest neighbour resizing. */
export function nearestIndices(size: number, count: number, offset: 0 | 0.5): Int32Array {
  return Int32Array.from({ length: count }, (_, i) => Math.min(size - 1, Math.floor(((i + offset) * size) / count)))
}

/**
 * What lies beyond the image: constant: a value; border: its edge pixels; reflection: its mirror image about the centres of the edge pixels;
 * symmetric: its mirror image about their outer edges.
 */
export type Surround = 'constant' | 'border' | 'reflection' | 'symmetric'

/** The pixel that stands at `index` of a row of `size`, or -1. */
const INSIDE: { readonly [surround in Surround]: (index: number, size: number) => number } = {
  constant: (index, size) => (index >= 0 && index < size ? index : -1),
  border: (index, size) => Math.min(size - 1, Math.max(0, index)),
  reflection: (index, size) => {
    if (size === 1) return 0
    const period = 2 * (size - 1)
    const phase = ((index % period) + period) % period
    return phase < size ? phase : period - phase
  },
  symmetric: (index, size) => {
    const period = 2 * size
    const phase = ((index % period) + period) % period
    return phase < size ? phase : period - 1 - phase
  },
}

export interface Sampler {
  /** nearest takes the pixel whose centre is nearest, of two the one of even index. */
  mode: 'bilinear' | 'nearest'
  surround: Surround
  /** What the constant surround holds. */
  constant: number
}

const nearestEven = (x: number): number => {
  const floor = Math.floor(x)
  const rest = x - floor
  return rest < 0.5 || (rest === 0.5 && floor % 2 === 0) ? floor : floor + 1
}

/** Beyond this no position can matter any more; keeps infinities and NaN (which counts as far to the left) out of the index arithmetic. */
const FAR = 2 ** 30
const bounded = (x: number): number => (x > -FAR ? Math.min(x, FAR) : -FAR)

/**
 * The image [channels, height, width] at the points (x[i], y[i]), in pixels: [channels, points].
 */
export function samplePoints(
  image: Float32Array,
  [channels, height, width]: readonly [number, number, number],
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  { mode, surround, constant }: Sampler,
  arithmetic: Arithmetic,
): Float32Array {
  const points = x.length
  const plane = height * width
  const out = new Float32Array(channels * points)
  const inside = INSIDE[surround]
  const half = arithmetic.sum === 'float16'
  const taps = new Int32Array(4)
  const weights = new Float32Array(4)
  const place = (tap: number, row: number, column: number, weight: number) => {
    const r = inside(row, height)
    const c = inside(column, width)
    taps[tap] = r < 0 || c < 0 ? -1 : r * width + c
    weights[tap] = weight
  }
  for (let point = 0; point < points; point++) {
    const [px, py] = [bounded(x[point]!), bounded(y[point]!)]
    if (mode === 'nearest') {
      place(0, nearestEven(py), nearestEven(px), 1)
      const tap = taps[0]!
      for (let channel = 0; channel < channels; channel++)
        out[channel * points + point] = tap < 0 ? constant : image[channel * plane + tap]!
      continue
    }
    const [row, column] = [Math.floor(py), Math.floor(px)]
    const [fy, fx] = [py - row, px - column]
    place(0, row, column, (1 - fy) * (1 - fx))
    place(1, row, column + 1, (1 - fy) * fx)
    place(2, row + 1, column, fy * (1 - fx))
    place(3, row + 1, column + 1, fy * fx)
    for (let channel = 0; channel < channels; channel++) {
      let sum = 0
      for (let tap = 0; tap < 4; tap++) {
        const weight = weights[tap]!
        if (weight === 0) continue
        const at = taps[tap]!
        sum = Math.fround(sum + Math.fround(weight * (at < 0 ? constant : image[channel * plane + at]!)))
        if (half) sum = roundToHalf(sum)
      }
      out[channel * points + point] = sum
    }
  }
  return out
}
