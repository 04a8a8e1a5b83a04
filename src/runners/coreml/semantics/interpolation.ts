/**
 * Interpolation between pixels, and what rounding does to it where it is played: coordinates are computed in float32 elsewhere, and a blend of
 * neighbours rounds numbers as large as they are.
 */
import type { LinearGrid, Sampler } from '../../../../kernels/resampling.js'
import type { Context } from '../op.js'
import { finite } from './rounding.js'

/**
 * Units of its own size by which a coordinate is off that is computed in float32: the scale, its product with an index, and an offset are
 * each rounded. Coordinates below 1 count as 1, since offsets of a half are taken off larger ones.
 */
export const COORDINATE = 2
/** The same with the corners of a box, which are products themselves. */
export const BOX_COORDINATE = 3

/**
 * Points between pixels as float32 may have them while rounding is played. A grid of numbers that float32 holds all of is made of short
 * fractions, which come out exact in any arithmetic: it stays. For continuous interpolation alone: where a coordinate decides between
 * pixels, moving it would excuse a grid that is off by one.
 */
export function asComputed(points: Float64Array, units: number, { wobble }: Context): Float64Array {
  if (!wobble || points.every((point) => Math.fround(point) === point)) return points
  return points.map((point) => point + wobble(units * finite(Math.max(1, Math.abs(point)))))
}

/**
 * Of a weighted sum of neighbours in units of their mean magnitude: a + w (b - a) rounds what is as large as a and b, even where one of them
 * weighs next to nothing and the other is small.
 */
const BLEND = 2

const magnitudes = (data: Float32Array): Float32Array => data.map(Math.abs)

/** `data`, each element that `blends` moved as far as rounding may that of a blend of neighbours of the mean magnitude `means`. */
function blended(
  data: Float32Array,
  means: Float32Array,
  blends: (i: number) => boolean,
  wobble: NonNullable<Context['wobble']>,
): Float32Array {
  return data.map((element, i) => (blends(i) ? element + wobble(BLEND * finite(means[i]!)) : element))
}

/** Kernel `interpolate`; while rounding is played, with its own. */
export function interpolated(
  data: Float32Array,
  outer: number,
  size: number,
  inner: number,
  grid: LinearGrid,
  { kernels, arithmetic, wobble }: Context,
): Float32Array {
  const result = kernels.interpolate(data, outer, size, inner, grid, arithmetic)
  if (!wobble) return result
  const { weight } = grid
  const middle = { ...grid, weight: weight.map(() => 0.5) }
  const means = kernels.interpolate(magnitudes(data), outer, size, inner, middle, arithmetic)
  return blended(result, means, (i) => weight[Math.floor(i / inner) % weight.length] !== 0, wobble)
}

const middleOfCell = (point: number): number => (Number.isInteger(point) ? point : Math.floor(point) + 0.5)

/** Kernel `samplePoints`; while rounding is played, with its own. */
export function sampled(
  image: Float32Array,
  shape: readonly [number, number, number],
  x: Float64Array,
  y: Float64Array,
  sampler: Sampler,
  { kernels, arithmetic, wobble }: Context,
): Float32Array {
  const result = kernels.samplePoints(image, shape, x, y, sampler, arithmetic)
  if (!wobble || sampler.mode === 'nearest') return result
  const around = { ...sampler, constant: Math.abs(sampler.constant) }
  const means = kernels.samplePoints(magnitudes(image), shape, x.map(middleOfCell), y.map(middleOfCell), around, arithmetic)
  const blends = (i: number) => !(Number.isInteger(x[i % x.length]) && Number.isInteger(y[i % y.length]))
  return blended(result, means, blends, wobble)
}
