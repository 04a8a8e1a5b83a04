/**
 * Monte Carlo arithmetic (Parker 1997): an op is run with its operands and results moved at random by as much as rounding to float32 may
 * move them, and values that are known to be coarser than that by as much as they may be off. How far a value then strays is what rounding
 * alone can do to it. The amounts come from a fixed hash, so that a run repeats.
 */
import type { Tensor } from '../../../kernels/tensor.js'
import { type Coarseness, UNIT_ROUNDOFF } from '../session.js'
import type { Rounding } from './op.js'

/** Units in the last place by which right implementations of a function differ: vectorized exponentials are good to two or three. */
const FUNCTION_UNITS: { readonly [rounding in Rounding]: number } = { exact: 0, rounded: 1, transcendental: 4, accumulating: 1 }

/**
 * Rounding each of n partial sums, on either side, moves a sum by up to about half of sqrt(n) units: of the result where the addends have
 * one sign (the partial sums grow with n), of each addend at random where they cancel (they grow with its root). Both are played.
 */
const sumUnits = (rounding: Rounding, terms: number): number => (rounding === 'accumulating' ? Math.sqrt(terms) / 2 : 0)

/** Relative movement of an op's results, in units of float32's roundoff. */
export const resultUnits = (rounding: Rounding, terms: number): number => FUNCTION_UNITS[rounding] + sumUnits(rounding, terms)

/** Relative movement of an op's operands, in the same units. */
export const operandUnits = (rounding: Rounding, terms: number): number => (rounding === 'accumulating' ? 1 : 0) + sumUnits(rounding, terms)

/** Relative movement of a value that comes from outside of the run. */
export const PLACED_AMPLITUDE = UNIT_ROUNDOFF.float32

/**
 * Between -1 and 1, and at least 1/2 in magnitude: an element that one rounding alone decides never happens to move by next to nothing,
 * which would make the draws look more exact than the arithmetic is.
 */
function chance(i: number, seed: number): number {
  let hash = Math.imul(i ^ seed, 0x9e3779b1)
  hash = Math.imul(hash ^ (hash >>> 15), 0x85ebca77)
  hash ^= hash >>> 13
  // its sign is random: arithmetic, since a branch would be guessed wrongly half of the time
  return hash * 2 ** -32 + ((hash >> 31) | 1) * 0.5 + (hash >>> 31) * 2 ** -33
}

const isFloatTensor = (value: Tensor): value is Tensor & { data: Float32Array } => value.dtype === 'float32' || value.dtype === 'float16'

/**
 * A copy of a float tensor, each element moved by up to `amplitude` times itself; what is not finite stays.
 * Whole numbers throughout are counts and indices, which no rounding touches: they stay.
 */
export function moved<T extends Tensor>(value: T, amplitude: number, seed: number): T {
  if (amplitude === 0 || !isFloatTensor(value)) return value
  const from = value.data
  if (from.every(Number.isInteger)) return value
  const data = new Float32Array(from.length)
  for (let i = 0; i < data.length; i++) {
    const x = from[i]!
    data[i] = x - x === 0 ? x + x * amplitude * chance(i, seed) : x
  }
  return { ...value, data }
}

/** A copy of a float tensor, each element moved by up to a unit of the magnitude of what was rounded on the way to it. */
export function movedByIntermediates<T extends Tensor>(value: T, magnitudes: number | Float32Array, seed: number): T {
  if (magnitudes === 0 || !isFloatTensor(value) || value.data.every(Number.isInteger)) return value
  const from = value.data
  const data = new Float32Array(from.length)
  for (let i = 0; i < data.length; i++) {
    const magnitude = typeof magnitudes === 'number' ? magnitudes : magnitudes[i]!
    data[i] = from[i]! + magnitude * UNIT_ROUNDOFF.float32 * chance(i, seed)
  }
  return { ...value, data }
}

/** Random amounts one after the other: up to `units` of float32's roundoff. */
export function wobbleOf(seed: number): (units: number) => number {
  let drawn = 0
  return (units) => units * UNIT_ROUNDOFF.float32 * chance(drawn++, seed)
}

/** A copy of a float tensor, each element moved by up to what its coarseness says. */
export function movedAsCoarse<T extends Tensor>(value: T, coarseness: Coarseness, seed: number): T {
  if (!isFloatTensor(value)) return value
  const from = value.data
  const { relative = 0, least = 0, peak = 0, absolute } = coarseness
  if (!absolute && peak === 0 && from.every(Number.isInteger)) return value
  const everywhere = peak === 0 ? 0 : peak * magnitudeOf(from)
  const amounts = absolute?.amounts
  const inner = absolute && amounts!.length > 1 ? value.shape.slice(absolute.axis + 1).reduce((a, b) => a * b, 1) : 1
  const data = new Float32Array(from.length)
  for (let i = 0; i < data.length; i++) {
    const x = from[i]!
    const size = Math.abs(x)
    const own = Math.max(relative * size, Math.min(least, size))
    const step = amounts === undefined ? 0 : amounts.length === 1 ? amounts[0]! : amounts[Math.floor(i / inner) % amounts.length]!
    data[i] = size < Infinity ? x + (own + everywhere + step) * chance(i, seed) : x
  }
  return { ...value, data }
}

function magnitudeOf(data: Float32Array): number {
  let largest = 0
  for (let i = 0; i < data.length; i++) {
    const size = Math.abs(data[i]!)
    if (size > largest && size < Infinity) largest = size
  }
  return largest
}
