/**
 * The rounding floor: how far rounding alone may move a value, measured by Monte Carlo arithmetic (runners/coreml/noise.ts) on the very
 * numbers of the sample, so that no tolerance needs tuning.
 */
import type { NumberArray } from '../../kernels/tensor.js'
import { type Noise, UNIT_ROUNDOFF } from '../runners/coreml/noise.js'
import type { Precision } from '../runners/session.js'

/** What the source's arithmetic and storage do to its values: the target is judged by no finer a measure. */
export type SourceRounding = Omit<Noise, 'seed'> & { of: 'fp32' | 'fp16' }

/** The coarser of the source's rounding and the target's. */
export const coarser = (source: SourceRounding, target: Precision): Omit<Noise, 'seed'> => ({
  ...source,
  of: source.of === 'fp16' && target !== 'fp16-accumulate' ? 'fp16' : target,
})

/** Largest relative error of one rounding. */
export const roundoffOf = (half: boolean): number => (half ? UNIT_ROUNDOFF.float16 : UNIT_ROUNDOFF.float32)

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
