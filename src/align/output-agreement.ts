/** How far a source's and a target's value are apart over samples, under a layout. */
import type { Tensor } from '../../kernels/tensor.js'
import { numbersOf } from './equality.js'
import { type Layout, refit, toTargetOrder } from './layout.js'

/** One sample of a source's value beside one of the target's. */
export interface Couple {
  sample: number
  source: Tensor
  target: Tensor
}

export interface Agreement {
  /** Root of the squared differences over that of the squared values, over all samples: 0 the same, near 1 and above unrelated. */
  error: number
  /** Samples with an element further off than the tolerance, relative to the sample's largest magnitude, allows. */
  apart: number[]
  /** On some sample the elements differ enough among themselves for equality to say something. */
  informative: boolean
}

export const isEqual = ({ apart }: Agreement): boolean => apart.length === 0

/** An error this many times smaller than another is no accident of rounding or of a fault further up. */
const NEARER = 0.1

/** Whether numbers stand clearly nearer to each other than `others` do, of which those beyond 1 are all unrelated. */
export const isNearer = (error: number, ...others: readonly number[]): boolean =>
  others.every((other) => error <= NEARER * Math.min(other, 1))

/** undefined where no sample shows both values. */
export function agreementUnder(couples: readonly Couple[], layout: Layout, tolerance: number): Agreement | undefined {
  if (couples.length === 0) return undefined
  const sums = { difference: 0, source: 0, target: 0 }
  const apart: number[] = []
  let informative = false
  for (const couple of couples) {
    const one = distanceOf(couple, layout)
    sums.difference += one.difference
    sums.source += one.source
    sums.target += one.target
    informative ||= one.informative
    if (!(one.largest <= tolerance * one.magnitude)) apart.push(couple.sample)
  }
  const error = sums.difference === 0 ? 0 : Math.sqrt(sums.difference / Math.max(sums.source, sums.target))
  return { error, apart, informative }
}

interface Distance {
  difference: number
  source: number
  target: number
  largest: number
  magnitude: number
  informative: boolean
}

const APART: Distance = { difference: Infinity, source: 1, target: 1, largest: Infinity, magnitude: 1, informative: false }
const SAME: Distance = { difference: 0, source: 0, target: 0, largest: 0, magnitude: 0, informative: false }

/** Sums of squares of one sample; elements that are the same infinity or NaN on both sides count as equal. */
function distanceOf({ source, target }: Couple, layout: Layout): Distance {
  const fitted = refit(layout, source.shape, target.shape)
  if (fitted === undefined) return APART
  const [x, y] = [numbersOf(source), numbersOf(target)]
  if (x === undefined || y === undefined) return sameElements(source, target) ? SAME : APART
  const expected = toTargetOrder(x.data, fitted)
  const found: Distance = { ...SAME, magnitude: Math.max(x.magnitude, y.magnitude), informative: x.informative || y.informative }
  for (let i = 0; i < expected.length; i++) {
    const [a, b] = [expected[i]!, y.data[i]!]
    if (a === b || (a !== a && b !== b)) {
      if (Math.abs(a) < Infinity) {
        found.source += a * a
        found.target += b * b
      }
      continue
    }
    const difference = Math.abs(a - b)
    if (!(difference < Infinity)) return { ...APART, informative: found.informative }
    found.difference += difference * difference
    found.source += a * a
    found.target += b * b
    if (difference > found.largest) found.largest = difference
  }
  return found
}

/** Of text and complex numbers. */
function sameElements({ data: a }: Tensor, { data: b }: Tensor): boolean {
  if (a.length !== b.length) return false
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false
  return true
}
