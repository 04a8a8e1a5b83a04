/** Differences between a source's and a target's value: measured sample by sample, folded over samples in any order and grouping. */
import type { NumberArray } from '../../kernels/tensor.js'
import { figuresOf, type Totals } from '../record/metrics.js'
import type { Metrics, Tolerance } from '../record/record.js'
import { add, type ExactSum, plus, totalOf, ZERO } from './exact.js'

export type UlpOf = 'float32' | 'float16'

const scratch = new Float32Array(1)
const word = new Uint32Array(scratch.buffer)

/** Distance between neighbouring numbers of a dtype at x. */
export function spacing(x: number, of: UlpOf): number {
  scratch[0] = x
  const exponent = (word[0]! >>> 23) & 255
  return of === 'float32' ? 2 ** (Math.max(exponent, 1) - 150) : 2 ** (Math.max(exponent - 127, -14) - 10)
}

export interface Observation {
  sample: number
  /** Both in one order. */
  source: NumberArray
  target: NumberArray
  /** Index along each axis of the source's value, of an element of these arrays. */
  indexOf(position: number): number[]
}

/** What differences add up to; over one sample, or over several that were folded. */
export interface Differences {
  samples: number
  /** Elements, those that are finite on both sides, and those that are not and differ. */
  count: number
  finite: number
  nonFinite: number
  sums: { abs: ExactSum; squares: ExactSum; source: ExactSum; target: ExactSum; product: ExactSum }
  most: { abs: number; source: number; ulp: number }
  /** Elements beyond the tolerance that was given; undefined where none was. */
  outside: number | undefined
  /** Samples whose largest element stands at the same place; undefined where the largest element means nothing. */
  sameTop: number | undefined
  worst: Metrics['worst']
}

export const NO_DIFFERENCES: Differences = {
  samples: 0,
  count: 0,
  finite: 0,
  nonFinite: 0,
  sums: { abs: ZERO, squares: ZERO, source: ZERO, target: ZERO, product: ZERO },
  most: { abs: 0, source: 0, ulp: 0 },
  outside: undefined,
  sameTop: undefined,
  worst: null,
}

export interface MeasureOptions {
  /** Dtype whose last place differences are counted in. */
  ulpOf: UlpOf
  /** Whether the value's largest element matters. @default false */
  ranked?: boolean
  /** |source - target| <= atol + rtol |source|, counted where given. */
  tolerance?: Tolerance | undefined
}

/** Of one sample; elements that only the source has count as missing in the target: NaN. */
export function measureDifferences(
  { sample, source, target, indexOf }: Observation,
  { ulpOf, ranked = false, tolerance }: MeasureOptions,
): Differences {
  let [absSum, squareSum, sourceSum, targetSum, productSum] = [0, 0, 0, 0, 0]
  let [mostSource, mostUlp, finite, nonFinite] = [0, 0, 0, 0]
  let [largest, at, badAt, outside] = [0, -1, -1, 0]
  const { atol, rtol } = tolerance ?? { atol: Infinity, rtol: 0 }
  const digits = ulpOf === 'float32' ? 2 ** 24 : 2 ** 11
  for (let i = 0; i < source.length; i++) {
    const x = source[i]!
    const y = i < target.length ? target[i]! : Number.NaN
    const difference = Math.abs(x - y)
    if (!(difference < Infinity)) {
      if (x === y || (x !== x && y !== y)) continue
      nonFinite++
      outside++
      if (badAt < 0) badAt = i
      continue
    }
    finite++
    sourceSum += x * x
    targetSum += y * y
    productSum += x * y
    const magnitude = Math.abs(x)
    if (magnitude > mostSource) mostSource = magnitude
    if (difference === 0) continue
    if (difference > atol + rtol * magnitude) outside++
    absSum += difference
    squareSum += difference * difference
    if (difference > largest) {
      largest = difference
      at = i
    }
    // x lies below 2^digits spacings: few differences can be the largest, and need the exact spacing
    if (difference * digits > mostUlp * magnitude) mostUlp = Math.max(mostUlp, difference / spacing(x, ulpOf))
  }
  const position = badAt >= 0 ? badAt : Math.max(at, 0)
  const worst =
    source.length === 0 ? null : { sample, index: indexOf(position), source: source[position]!, target: target[position] ?? Number.NaN }
  return {
    samples: 1,
    count: source.length,
    finite,
    nonFinite,
    sums: {
      abs: plus(ZERO, absSum),
      squares: plus(ZERO, squareSum),
      source: plus(ZERO, sourceSum),
      target: plus(ZERO, targetSum),
      product: plus(ZERO, productSum),
    },
    most: { abs: largest, source: mostSource, ulp: mostUlp },
    outside: tolerance && outside,
    sameTop: ranked ? Number(topOf(source) === topOf(target)) : undefined,
    worst,
  }
}

function topOf(data: NumberArray): number {
  let best = 0
  for (let i = 1; i < data.length; i++) if (data[i]! > data[best]!) best = i
  return best
}

export function foldDifferences(a: Differences, b: Differences): Differences {
  const sum = (field: keyof Differences['sums']) => add(a.sums[field], b.sums[field])
  const most = (field: keyof Differences['most']) => Math.max(a.most[field], b.most[field])
  return {
    samples: a.samples + b.samples,
    count: a.count + b.count,
    finite: a.finite + b.finite,
    nonFinite: a.nonFinite + b.nonFinite,
    sums: { abs: sum('abs'), squares: sum('squares'), source: sum('source'), target: sum('target'), product: sum('product') },
    most: { abs: most('abs'), source: most('source'), ulp: most('ulp') },
    outside: addKnown(a.outside, b.outside),
    sameTop: addKnown(a.sameTop, b.sameTop),
    worst: worseOf(a.worst, b.worst),
  }
}

const addKnown = (a: number | undefined, b: number | undefined): number | undefined =>
  a === undefined && b === undefined ? undefined : (a ?? 0) + (b ?? 0)

/** The larger difference, one that is not finite first; of equal ones that of the earlier sample. */
function worseOf(a: Metrics['worst'], b: Metrics['worst']): Metrics['worst'] {
  if (a === null || b === null) return a ?? b
  const size = ({ source, target }: NonNullable<Metrics['worst']>): number => {
    if (source === target || (source !== source && target !== target)) return 0
    const difference = Math.abs(source - target)
    return difference === difference ? difference : Infinity
  }
  const [first, second] = [size(a), size(b)]
  return first > second || (first === second && a.sample <= b.sample) ? a : b
}

const totalsOf = ({ sums, most, ...counts }: Differences): Totals => ({
  ...counts,
  abs: totalOf(sums.abs),
  squares: totalOf(sums.squares),
  source: totalOf(sums.source),
  target: totalOf(sums.target),
  product: totalOf(sums.product),
  mostAbs: most.abs,
  mostSource: most.source,
  mostUlp: most.ulp,
})

/** The figures of the record. */
export const metricsOf = (differences: Differences): Metrics => ({ ...figuresOf(totalsOf(differences)), worst: differences.worst })

/** 10 log10(signal / noise) in dB: infinite where there is no noise. */
export const snrOf = (differences: Differences): number => figuresOf(totalsOf(differences)).snr

export function unravel(position: number, shape: readonly number[]): number[] {
  const index = new Array<number>(shape.length)
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    index[axis] = position % shape[axis]!
    position = Math.floor(position / shape[axis]!)
  }
  return index
}
