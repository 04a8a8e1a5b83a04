/**
 * Reductions over any set of axes. The result has the operand's shape with 1 in every reduced axis; each of its elements takes the operand's
 * elements in row-major order. Floats are summed as `Arithmetic.sum` says (kernels/sum.ts has the order), integers exactly; an integer
 * result is cut toward zero and wraps.
 *
 * Over no elements a sum is 0, a product 1, a mean NaN, a maximum -Infinity and a minimum Infinity.
 */
import type { Arithmetic } from './arithmetic.js'
import { roundToHalf } from './float16.js'
import { type SumPrecision, sumOf, sumRows } from './sum.js'
import { allocate, isFloat, type NumberArray, type NumberTensor, sizeOf, stridesOf } from './tensor.js'
import { unary } from './unary.js'

export type ReductionName = 'sum' | 'mean' | 'prod' | 'max' | 'min' | 'l1' | 'l2' | 'sumSquare' | 'logSum' | 'logSumExp'

/**
 * Where the elements of each result lie: at outer + row + run for every row and the first `run` numbers. `inner` neighbouring results lie
 * at neighbouring elements; one of `run` and `inner` is 1.
 */
interface Traversal {
  shape: number[]
  outer: Int32Array
  rows: Int32Array
  run: number
  inner: number
}

/** Offsets of all combinations of indices, row-major. */
function offsetsOf(sizes: readonly number[], strides: readonly number[]): Int32Array {
  let offsets = new Int32Array(1)
  for (const [axis, size] of sizes.entries()) {
    const next = new Int32Array(offsets.length * size)
    for (let i = 0, at = 0; i < offsets.length; i++) for (let j = 0; j < size; j++) next[at++] = offsets[i]! + j * strides[axis]!
    offsets = next
  }
  return offsets
}

function traversalOf(shape: readonly number[], axes: readonly number[]): Traversal {
  const strides = stridesOf(shape)
  const reduced = shape.map((_, axis) => axes.includes(axis))
  // the trailing axes of one kind are neighbours in memory; axes of size 1 are of either kind
  let split = shape.length
  let trailing: boolean | undefined
  while (split > 0 && (shape[split - 1] === 1 || trailing === undefined || reduced[split - 1] === trailing)) {
    split--
    if (shape[split] !== 1) trailing = reduced[split]
  }
  const tail = sizeOf(shape.slice(split))
  const leading = (kind: boolean) => {
    const chosen = shape.map((_, axis) => axis).filter((axis) => axis < split && reduced[axis] === kind)
    return offsetsOf(
      chosen.map((axis) => shape[axis]!),
      chosen.map((axis) => strides[axis]!),
    )
  }
  return {
    shape: shape.map((size, axis) => (reduced[axis] ? 1 : size)),
    outer: leading(false),
    rows: leading(true),
    run: trailing === false ? 1 : tail,
    inner: trailing === false ? tail : 1,
  }
}

/** How a running value takes in an element. */
interface Fold {
  start: number
  /** Over neighbouring elements. */
  run(x: NumberArray, from: number, count: number, value: number): number
  /** Element by element over a row. */
  row(into: NumberArray, x: NumberArray, from: number): void
}

const FOLDS = {
  max: {
    start: -Infinity,
    run(x, from, count, value) {
      for (let i = from; i < from + count; i++) value = Math.max(value, x[i]!)
      return value
    },
    row(into, x, from) {
      for (let i = 0; i < into.length; i++) into[i] = Math.max(into[i]!, x[from + i]!)
    },
  },
  min: {
    start: Infinity,
    run(x, from, count, value) {
      for (let i = from; i < from + count; i++) value = Math.min(value, x[i]!)
      return value
    },
    row(into, x, from) {
      for (let i = 0; i < into.length; i++) into[i] = Math.min(into[i]!, x[from + i]!)
    },
  },
  prod: {
    start: 1,
    run(x, from, count, value) {
      for (let i = from; i < from + count; i++) value = Math.fround(value * x[i]!)
      return value
    },
    row(into, x, from) {
      for (let i = 0; i < into.length; i++) into[i]! *= x[from + i]!
    },
  },
  integerProd: {
    start: 1,
    run(x, from, count, value) {
      for (let i = from; i < from + count; i++) value = Math.imul(value, x[i]!)
      return value
    },
    row(into, x, from) {
      for (let i = 0; i < into.length; i++) into[i] = Math.imul(into[i]!, x[from + i]!)
    },
  },
} satisfies Record<string, Fold>

/** `into` holds the results in double for integers, so that nothing wraps before its time. */
function fold({ start, run, row }: Fold, x: NumberArray, { outer, rows, run: count, inner }: Traversal, into: NumberArray): void {
  into.fill(start)
  outer.forEach((base, index) => {
    if (inner === 1) {
      let value = start
      for (let r = 0; r < rows.length; r++) value = run(x, base + rows[r]!, count, value)
      into[index] = value
    } else {
      const part = into.subarray(index * inner, (index + 1) * inner)
      for (let r = 0; r < rows.length; r++) row(part, x, base + rows[r]!)
    }
  })
}

/** Runs are summed first, then the runs' sums. */
function sum(x: NumberArray, { outer, rows, run, inner }: Traversal, into: Float32Array | Float64Array, precision: SumPrecision): void {
  const partial = rows.length > 1 ? (precision === 'float64' ? new Float64Array(rows.length) : new Float32Array(rows.length)) : undefined
  outer.forEach((base, index) => {
    if (inner > 1) sumRows(x, rows, base, into.subarray(index * inner, (index + 1) * inner), precision)
    else if (partial) {
      for (let r = 0; r < rows.length; r++) partial[r] = sumOf(x, base + rows[r]!, run, precision)
      into[index] = sumOf(partial, 0, rows.length, precision)
    } else into[index] = rows.length === 0 ? 0 : sumOf(x, base + rows[0]!, run, precision)
  })
}

/** log of the sum of exponentials; without `shift` it is 0 where they or their sum overflow the dtype. */
function logSumExp(
  x: NumberTensor,
  traversal: Traversal,
  into: Float32Array | Float64Array,
  precision: SumPrecision,
  shift: boolean,
): void {
  const { data, dtype } = x
  const { outer, rows, run, inner } = traversal
  const shifts = new Float64Array(into.length)
  if (shift) {
    fold(FOLDS.max, data, traversal, shifts)
    for (let i = 0; i < shifts.length; i++) if (!Number.isFinite(shifts[i])) shifts[i] = 0
  }
  const half = !shift && dtype === 'float16'
  const exponentials = into instanceof Float64Array ? new Float64Array(data.length) : new Float32Array(data.length)
  outer.forEach((base, index) => {
    for (let r = 0; r < rows.length; r++) {
      const from = base + rows[r]!
      for (let i = 0; i < Math.max(run, inner); i++) {
        const value = Math.exp(data[from + i]! - shifts[inner === 1 ? index : index * inner + i]!)
        exponentials[from + i] = half ? roundToHalf(value) : value
      }
    }
  })
  sum(exponentials, traversal, into, precision)
  for (let i = 0; i < into.length; i++) {
    const total = half ? roundToHalf(into[i]!) : into[i]!
    into[i] = !shift && total === Infinity ? 0 : Math.log(total) + shifts[i]!
  }
}

/** Reduces `axes` (each within the rank, not negative) of x; dtype stays, reduced axes stay as 1. */
export function reduce<T extends NumberTensor>(name: ReductionName, x: T, axes: readonly number[], arithmetic: Arithmetic): T {
  const traversal = traversalOf(x.shape, axes)
  const { shape } = traversal
  const size = sizeOf(shape)
  const integer = !isFloat(x.dtype)
  const into = integer || x.dtype === 'float64' ? new Float64Array(size) : new Float32Array(size)
  const precision = into instanceof Float64Array ? 'float64' : arithmetic.sum
  const squares = (): NumberArray => (integer ? Float64Array.from(x.data, (v) => v * v) : unary('square', x).data)
  const magnitudes = (): NumberArray => (integer ? Float64Array.from(x.data, Math.abs) : unary('abs', x).data)
  switch (name) {
    case 'max':
    case 'min':
      fold(FOLDS[name], x.data, traversal, into)
      break
    case 'prod':
      fold(FOLDS[integer ? 'integerProd' : 'prod'], x.data, traversal, into)
      break
    case 'logSumExp':
      logSumExp(x, traversal, into, precision, arithmetic.shiftExponentials)
      break
    case 'sum':
    case 'mean':
    case 'logSum':
      sum(x.data, traversal, into, precision)
      break
    case 'l1':
      sum(magnitudes(), traversal, into, precision)
      break
    case 'sumSquare':
    case 'l2':
      sum(squares(), traversal, into, precision)
  }
  if (name === 'mean') {
    const count = traversal.rows.length * traversal.run
    for (let i = 0; i < into.length; i++) into[i]! /= count
  } else if (name === 'l2') for (let i = 0; i < into.length; i++) into[i] = Math.sqrt(into[i]!)
  else if (name === 'logSum') for (let i = 0; i < into.length; i++) into[i] = Math.log(into[i]!)
  if (!integer) return { ...x, shape, data: into }
  const data = allocate(x.dtype, size) as NumberArray
  for (let i = 0; i < size; i++) data[i] = into[i]!
  return { ...x, shape, data }
}

/**
 * Index along `axis` of the largest (or smallest) element, the first of equals, the first NaN where there is one; the axis stays as 1.
 * The axis is not empty.
 */
export function argReduce(name: 'max' | 'min', x: NumberTensor, axis: number): { shape: number[]; indices: Int32Array } {
  const { data, shape } = x
  const count = shape[axis]!
  const inner = sizeOf(shape.slice(axis + 1))
  const indices = new Int32Array(sizeOf(shape.slice(0, axis)) * inner)
  const sign = name === 'max' ? 1 : -1
  for (let at = 0; at < indices.length; at++) {
    const base = Math.floor(at / inner) * count * inner + (at % inner)
    let best = data[base]! * sign
    let where = 0
    for (let k = 1; k < count && best === best; k++) {
      const value = data[base + k * inner]! * sign
      if (value > best || value !== value) {
        best = value
        where = k
      }
    }
    indices[at] = where
  }
  return { shape: shape.map((size, i) => (i === axis ? 1 : size)), indices }
}
