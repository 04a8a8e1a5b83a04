/** Differences between a source's and a target's value, gathered over samples in one pass without keeping them. */
import type { NumberArray } from '../../kernels/tensor.js'
import type { Metrics } from '../record/record.js'

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
  /** Of the source's value. */
  shape: readonly number[]
  /** Both in the source's order. */
  source: NumberArray
  target: NumberArray
}

/** Running totals; `add` takes one sample, `metrics` may be read at any time. */
export interface MetricsAccumulator {
  /** Returns the sample's largest |difference|, infinite where an element is NaN or infinite on one side alone. */
  add(observation: Observation): number
  metrics(): Metrics
}

/** `ulpOf`: dtype whose last place differences are counted in. `ranked`: the value is one whose largest element matters. */
export function accumulateMetrics(ulpOf: UlpOf, ranked = false): MetricsAccumulator {
  const sums = { abs: 0, squares: 0, source: 0, target: 0, product: 0 }
  const most = { abs: 0, source: 0, ulp: 0 }
  let [count, finite, nonFinite, samples, sameLargest] = [0, 0, 0, 0, 0]
  let worst: Metrics['worst'] = null
  const digits = ulpOf === 'float32' ? 2 ** 24 : 2 ** 11

  return {
    add({ sample, shape, source, target }) {
      let [largest, at, bad, badAt] = [0, -1, 0, -1]
      let [bestSource, bestTarget] = [0, 0]
      for (let i = 0; i < source.length; i++) {
        const x = source[i]!
        const y = target[i]!
        if (ranked) {
          if (x > source[bestSource]!) bestSource = i
          if (y > target[bestTarget]!) bestTarget = i
        }
        const difference = Math.abs(x - y)
        if (!(difference < Infinity)) {
          if (x === y || (x !== x && y !== y)) continue
          bad++
          if (badAt < 0) badAt = i
          continue
        }
        finite++
        sums.source += x * x
        sums.target += y * y
        sums.product += x * y
        const magnitude = Math.abs(x)
        if (magnitude > most.source) most.source = magnitude
        if (difference === 0) continue
        sums.abs += difference
        sums.squares += difference * difference
        if (difference > largest) {
          largest = difference
          at = i
        }
        // x lies below 2^digits spacings: few differences can be the largest, and need the exact spacing
        if (difference * digits > most.ulp * magnitude) most.ulp = Math.max(most.ulp, difference / spacing(x, ulpOf))
      }
      count += source.length
      samples++
      nonFinite += bad
      if (ranked && bestSource === bestTarget) sameLargest++
      const first = bad > 0 && nonFinite === bad
      if (first || (nonFinite === 0 && (largest > most.abs || (worst === null && source.length > 0)))) {
        const position = first ? badAt : Math.max(at, 0)
        worst = { sample, index: unravel(position, shape), source: source[position]!, target: target[position]! }
      }
      most.abs = Math.max(most.abs, largest)
      return bad > 0 ? Infinity : largest
    },
    metrics() {
      const meanSquare = finite > 0 ? sums.squares / finite : 0
      const norms = Math.sqrt(sums.source) * Math.sqrt(sums.target)
      return {
        maxAbs: nonFinite > 0 ? Infinity : most.abs,
        meanAbs: finite > 0 ? sums.abs / finite : 0,
        maxRel: nonFinite > 0 ? Infinity : ratio(most.abs, most.source),
        rmse: Math.sqrt(meanSquare),
        cosine: sums.squares === 0 ? 1 : norms > 0 ? Math.min(1, sums.product / norms) : 0,
        snr: 10 * Math.log10(ratio(sums.source, sums.squares)),
        psnr: 10 * Math.log10(ratio(most.source * most.source, meanSquare)),
        ulp: most.ulp,
        ...(ranked && samples > 0 && { argmax: sameLargest / samples }),
        nonFinite,
        count,
        worst,
      }
    },
  }
}

const ratio = (a: number, b: number): number => (b === 0 ? (a === 0 ? 0 : Infinity) : a / b)

function unravel(position: number, shape: readonly number[]): number[] {
  const index = new Array<number>(shape.length)
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    index[axis] = position % shape[axis]!
    position = Math.floor(position / shape[axis]!)
  }
  return index
}
