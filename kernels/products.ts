/**
 * The inner loop of convolutions and matrix products: every row of one matrix times every row of another. A product is rounded to
 * float32, then added to the sum so far and rounded again, terms in ascending order from zero: the same numbers whichever of the two
 * matrices runs along the lanes.
 */
import type { Arithmetic } from './arithmetic.js'
import { roundToHalf } from './float16.js'

/** `count` rows of contiguous numbers, one after another from `offset` on. */
export interface Rows {
  data: Float32Array
  offset: number
  count: number
}

/** Where the product of row i of the first and row j of the second matrix goes: at + i * row + j * column. */
export interface Place {
  at: number
  row: number
  column: number
}

/** Sums that run side by side: enough independent chains to keep the processor's adders busy. */
export const LANES = 4
/** Float32 bits of 2^-14, the least normal binary16 number, and of 65520, from which on sums are infinite. */
const LEAST_NORMAL_BITS = 0x38800000
const OVERFLOW_BITS = 0x477ff000
const { fround } = Math

/** A finished sum; infinite where its magnitude is beyond `limit`. */
export const limitSum = (sum: number, limit: number): number => (Math.abs(sum) > limit ? Math.sign(sum) * Infinity : sum)

/**
 * Writes Σ_k a[i, k] · b[j, k] for all rows i of `a` and j of `b`, each of `terms` numbers. With arithmetic.sum 'float16' each partial
 * sum is rounded to binary16 as well; a sum beyond arithmetic.productLimit becomes infinite.
 */
export function multiplyRows(a: Rows, b: Rows, terms: number, out: Float32Array, place: Place, arithmetic: Arithmetic): void {
  if (b.count < LANES && a.count >= LANES) {
    multiplyRows(b, a, terms, out, { at: place.at, row: place.column, column: place.row }, arithmetic)
    return
  }
  // `| 0` keeps indices in integer registers: a shape that was once computed in floating point halves the speed otherwise
  const length = terms | 0
  const row = place.row | 0
  const column = place.column | 0
  const sumLanes = arithmetic.sum === 'float16' ? sumLanesHalf : sumLanesSingle
  const sumOne = arithmetic.sum === 'float16' ? sumOneHalf : sumOneSingle
  const inLanes = b.count >= LANES
  for (let j = 0; j < b.count; j += inLanes ? LANES : 1) {
    // the last group overlaps the one before: the same sums are written twice
    const first = inLanes ? Math.min(j, b.count - LANES) : j
    const lanes = (b.offset + first * length) | 0
    for (let i = 0; i < a.count; i++) {
      const vector = (a.offset + i * length) | 0
      const target = (place.at + i * row + first * column) | 0
      if (inLanes) sumLanes(a.data, vector, b.data, lanes, length, out, target, column)
      else out[target] = sumOne(a.data, vector, b.data, lanes, length)
    }
  }
  if (arithmetic.productLimit < Infinity) {
    for (let i = 0; i < a.count; i++) {
      for (let j = 0; j < b.count; j++) {
        const target = place.at + i * row + j * column
        out[target] = limitSum(out[target]!, arithmetic.productLimit)
      }
    }
  }
}

function sumOneSingle(a: Float32Array, i: number, b: Float32Array, j: number, terms: number): number {
  let sum = 0
  for (let k = 0; k < terms; k++) sum = fround(sum + fround(a[i + k]! * b[j + k]!))
  return sum
}

function sumOneHalf(a: Float32Array, i: number, b: Float32Array, j: number, terms: number): number {
  halfSums[0] = 0
  for (let k = 0; k < terms; k++) addHalf(0, fround(a[i + k]! * b[j + k]!))
  return halfSums[0]!
}

/** Sums in binary16, one a lane; between calls they hold nothing of use. */
export const halfSums = new Float32Array(LANES)
const halfWords = new Uint32Array(halfSums.buffer)

/** Adds to a lane of `halfSums`: storing rounds the sum to float32, its bits are then rounded to binary16 (three times as fast as calling `roundToHalf`). */
export function addHalf(lane: number, product: number): void {
  halfSums[lane] = halfSums[lane]! + product
  const word = halfWords[lane]!
  const magnitude = word & 0x7fffffff
  if (magnitude >= LEAST_NORMAL_BITS && magnitude < OVERFLOW_BITS) halfWords[lane] = (word + 0xfff + ((word >>> 13) & 1)) & 0xffffe000
  else if (magnitude !== 0) halfSums[lane] = roundToHalf(halfSums[lane]!)
}

/** The sums of one row of `a` with four of `b`. */
function sumLanesSingle(
  a: Float32Array,
  i: number,
  b: Float32Array,
  j: number,
  terms: number,
  out: Float32Array,
  at: number,
  step: number,
): void {
  const j1 = j + terms
  const j2 = j1 + terms
  const j3 = j2 + terms
  let s0 = 0
  let s1 = 0
  let s2 = 0
  let s3 = 0
  for (let k = 0; k < terms; k++) {
    const x = a[i + k]!
    s0 = fround(s0 + fround(x * b[j + k]!))
    s1 = fround(s1 + fround(x * b[j1 + k]!))
    s2 = fround(s2 + fround(x * b[j2 + k]!))
    s3 = fround(s3 + fround(x * b[j3 + k]!))
  }
  out[at] = s0
  out[at + step] = s1
  out[at + 2 * step] = s2
  out[at + 3 * step] = s3
}

function sumLanesHalf(
  a: Float32Array,
  i: number,
  b: Float32Array,
  j: number,
  terms: number,
  out: Float32Array,
  at: number,
  step: number,
): void {
  const j1 = j + terms
  const j2 = j1 + terms
  const j3 = j2 + terms
  halfSums.fill(0)
  for (let k = 0; k < terms; k++) {
    const x = a[i + k]!
    addHalf(0, fround(x * b[j + k]!))
    addHalf(1, fround(x * b[j1 + k]!))
    addHalf(2, fround(x * b[j2 + k]!))
    addHalf(3, fround(x * b[j3 + k]!))
  }
  for (let lane = 0; lane < LANES; lane++) out[at + lane * step] = halfSums[lane]!
}

/** A matrix of `rows` by `columns` turned into its transpose, contiguous. */
export function transposed(data: Float32Array, offset: number, rows: number, columns: number): Float32Array {
  const out = new Float32Array(rows * columns)
  for (let column = 0; column < columns; column++) {
    const start = column * rows
    for (let row = 0, from = offset + column; row < rows; row++, from += columns) out[start + row] = data[from]!
  }
  return out
}
