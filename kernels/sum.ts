/**
 * Sums in a stated precision and order; reductions, softmax and their kin stand on them.
 *
 * float32: every addition is rounded to float32. A run of elements is halved until 128 or fewer are left; those go to eight sums in turn,
 * which are added in pairs (numpy's pairwise order, whose error grows with the logarithm of the length).
 * float16: one element after the other, each step rounded to float32 and then to binary16. float64: one after the other, for integers.
 */
import { roundToHalf } from './float16.js'
import type { NumberArray } from './tensor.js'

export type SumPrecision = 'float16' | 'float32' | 'float64'

const BLOCK = 128
const LANES = 8
const { fround } = Math

/** The sum of `count` neighbouring elements from `from` on; 0 of none. */
export function sumOf(x: NumberArray, from: number, count: number, precision: SumPrecision): number {
  if (precision === 'float32') return pairwise(x, from, count)
  const end = from + count
  let sum = 0
  if (precision === 'float64') for (let i = from; i < end; i++) sum += x[i]!
  else for (let i = from; i < end; i++) sum = roundToHalf(fround(sum + x[i]!))
  return sum
}

function pairwise(x: NumberArray, from: number, count: number): number {
  if (count > BLOCK) {
    const half = Math.floor(count / 2 / LANES) * LANES
    return fround(pairwise(x, from, half) + pairwise(x, from + half, count - half))
  }
  const end = from + count
  let i = from
  let sum = 0
  if (count >= LANES) {
    let [a, b, c, d, e, f, g, h] = [x[i]!, x[i + 1]!, x[i + 2]!, x[i + 3]!, x[i + 4]!, x[i + 5]!, x[i + 6]!, x[i + 7]!]
    for (i += LANES; i + LANES <= end; i += LANES) {
      a = fround(a + x[i]!)
      b = fround(b + x[i + 1]!)
      c = fround(c + x[i + 2]!)
      d = fround(d + x[i + 3]!)
      e = fround(e + x[i + 4]!)
      f = fround(f + x[i + 5]!)
      g = fround(g + x[i + 6]!)
      h = fround(h + x[i + 7]!)
    }
    sum = fround(fround(fround(a + b) + fround(c + d)) + fround(fround(e + f) + fround(g + h)))
  }
  for (; i < end; i++) sum = fround(sum + x[i]!)
  return sum
}

/** Rows of a strided sum that are added one after the other before pairs are formed. */
const ROW_BLOCK = 64

/**
 * Adds rows of neighbouring elements: into[i] = sum over r of x[starts[r] + base + i]. In float32 the rows are halved down to 64, which are
 * added one after the other; `into` is a Float64Array for float64.
 */
export function sumRows(
  x: NumberArray,
  starts: Int32Array,
  base: number,
  into: Float32Array | Float64Array,
  precision: SumPrecision,
): void {
  addRows(x, starts, 0, starts.length, base, into, precision)
}

function addRows(
  x: NumberArray,
  starts: Int32Array,
  first: number,
  last: number,
  base: number,
  into: Float32Array | Float64Array,
  precision: SumPrecision,
): void {
  if (precision === 'float32' && last - first > ROW_BLOCK) {
    const middle = (first + last) >> 1
    const rest = new Float32Array(into.length)
    addRows(x, starts, first, middle, base, into, precision)
    addRows(x, starts, middle, last, base, rest, precision)
    for (let i = 0; i < into.length; i++) into[i]! += rest[i]!
    return
  }
  into.fill(0)
  for (let row = first; row < last; row++) {
    const start = starts[row]! + base
    if (precision === 'float16') for (let i = 0; i < into.length; i++) into[i] = roundToHalf(fround(into[i]! + x[start + i]!))
    else for (let i = 0; i < into.length; i++) into[i]! += x[start + i]!
  }
}
