/**
 * The rounding floor: how far rounding alone may move a value, measured by Monte Carlo arithmetic (runners/coreml/noise.ts) on the very
 * numbers of the sample, so that no tolerance needs tuning.
 */
import type { NumberArray } from '../../kernels/tensor.js'

/**
 * How many times the measured spread counts as rounding. Both sides round, each in an order of its own, and one draw of signs shows a
 * typical spread, not the worst: eight covers the tails of a normal distribution over the elements of the largest activations.
 */
const SAFETY = 8

/** Largest |difference| between a run with noise and one without; infinite where only one is finite, or they differ in size. */
export function spreadOf(base: NumberArray, noisy: NumberArray): number {
  if (base.length !== noisy.length) return Infinity
  let largest = 0
  for (let i = 0; i < base.length; i++) {
    const difference = Math.abs(base[i]! - noisy[i]!)
    if (difference > largest) largest = difference
    else if (difference !== difference && !Object.is(base[i], noisy[i])) return Infinity
  }
  return largest
}

export function magnitudeOf(data: NumberArray): number {
  let largest = 0
  for (let i = 0; i < data.length; i++) {
    const x = Math.abs(data[i]!)
    if (x > largest && x < Infinity) largest = x
  }
  return largest
}

/** The largest |difference| that rounding explains, given the spread, and one rounding of the largest element at least. */
export const floorOf = (spread: number, magnitude: number, roundoff: number): number => SAFETY * (spread + roundoff * magnitude)
