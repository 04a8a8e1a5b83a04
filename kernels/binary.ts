/**
 * Functions of two elements, with broadcasting. Each is computed in double precision and rounded once, when it is stored; a float16 result
 * is rounded to binary16 by whoever holds it. Integers wrap as two's complement, and a division of an integer by zero gives zero.
 * Comparisons with NaN are false, save `notEqual`; `max` and `min` give NaN where either operand is.
 */
import { broadcastShape, forEachRun, walkOf } from './broadcast.js'
import { power } from './special.js'
import { type NumberArray, type NumberDType, type NumberTensor, tensor } from './tensor.js'

/** Fills `n` elements of z from `k` on with the function of x[i], x[i + p], … and y[j], y[j + q], … */
type Loop = (x: NumberArray, i: number, p: number, y: NumberArray, j: number, q: number, z: NumberArray, k: number, n: number) => void

const LOOPS = {
  add: (x, i, p, y, j, q, z, k, n) => {
    for (const end = k + n; k < end; k++, i += p, j += q) z[k] = x[i]! + y[j]!
  },
  sub: (x, i, p, y, j, q, z, k, n) => {
    for (const end = k + n; k < end; k++, i += p, j += q) z[k] = x[i]! - y[j]!
  },
  mul: (x, i, p, y, j, q, z, k, n) => {
    for (const end = k + n; k < end; k++, i += p, j += q) z[k] = x[i]! * y[j]!
  },
  div: (x, i, p, y, j, q, z, k, n) => {
    for (const end = k + n; k < end; k++, i += p, j += q) z[k] = x[i]! / y[j]!
  },
  /** The greatest integer not above the exact quotient */
  floorDiv: (x, i, p, y, j, q, z, k, n) => {
    for (const end = k + n; k < end; k++, i += p, j += q) z[k] = Math.floor(x[i]! / y[j]!)
  },
  /** What floorDiv leaves; it has the divisor's sign */
  mod: (x, i, p, y, j, q, z, k, n) => {
    for (const end = k + n; k < end; k++, i += p, j += q) {
      const divisor = y[j]!
      const rest = x[i]! % divisor
      z[k] = rest !== 0 && rest < 0 !== divisor < 0 ? rest + divisor : rest
    }
  },
  pow: (x, i, p, y, j, q, z, k, n) => {
    for (const end = k + n; k < end; k++, i += p, j += q) z[k] = power(x[i]!, y[j]!)
  },
  max: (x, i, p, y, j, q, z, k, n) => {
    for (const end = k + n; k < end; k++, i += p, j += q) z[k] = Math.max(x[i]!, y[j]!)
  },
  min: (x, i, p, y, j, q, z, k, n) => {
    for (const end = k + n; k < end; k++, i += p, j += q) z[k] = Math.min(x[i]!, y[j]!)
  },
  equal: (x, i, p, y, j, q, z, k, n) => {
    for (const end = k + n; k < end; k++, i += p, j += q) z[k] = x[i]! === y[j]! ? 1 : 0
  },
  notEqual: (x, i, p, y, j, q, z, k, n) => {
    for (const end = k + n; k < end; k++, i += p, j += q) z[k] = x[i]! !== y[j]! ? 1 : 0
  },
  greater: (x, i, p, y, j, q, z, k, n) => {
    for (const end = k + n; k < end; k++, i += p, j += q) z[k] = x[i]! > y[j]! ? 1 : 0
  },
  greaterEqual: (x, i, p, y, j, q, z, k, n) => {
    for (const end = k + n; k < end; k++, i += p, j += q) z[k] = x[i]! >= y[j]! ? 1 : 0
  },
  less: (x, i, p, y, j, q, z, k, n) => {
    for (const end = k + n; k < end; k++, i += p, j += q) z[k] = x[i]! < y[j]! ? 1 : 0
  },
  lessEqual: (x, i, p, y, j, q, z, k, n) => {
    for (const end = k + n; k < end; k++, i += p, j += q) z[k] = x[i]! <= y[j]! ? 1 : 0
  },
  and: (x, i, p, y, j, q, z, k, n) => {
    for (const end = k + n; k < end; k++, i += p, j += q) z[k] = x[i]! !== 0 && y[j]! !== 0 ? 1 : 0
  },
  or: (x, i, p, y, j, q, z, k, n) => {
    for (const end = k + n; k < end; k++, i += p, j += q) z[k] = x[i]! !== 0 || y[j]! !== 0 ? 1 : 0
  },
  xor: (x, i, p, y, j, q, z, k, n) => {
    for (const end = k + n; k < end; k++, i += p, j += q) z[k] = (x[i]! !== 0) !== (y[j]! !== 0) ? 1 : 0
  },
} satisfies Record<string, Loop>

export type BinaryName = keyof typeof LOOPS

/** x to the power y in 32 bits that wrap; a negative power is cut to an integer. */
function integerPower(x: number, y: number): number {
  if (y < 0) return Math.trunc(power(x, y))
  let result = 1
  for (let base = x, exponent = y; exponent > 0; exponent = Math.floor(exponent / 2), base = Math.imul(base, base)) {
    if (exponent % 2 === 1) result = Math.imul(result, base)
  }
  return result
}

const INTEGER_LOOPS: { readonly [name in BinaryName]?: Loop } = {
  mul: (x, i, p, y, j, q, z, k, n) => {
    for (const end = k + n; k < end; k++, i += p, j += q) z[k] = Math.imul(x[i]!, y[j]!)
  },
  pow: (x, i, p, y, j, q, z, k, n) => {
    for (const end = k + n; k < end; k++, i += p, j += q) z[k] = integerPower(x[i]!, y[j]!)
  },
}

/**
 * The function of every pair of elements of x and y, whose shapes broadcast, as a tensor of `dtype`: that of the operands, or for a truth
 * value any dtype that holds 0 and 1.
 */
export function binary(name: BinaryName, x: NumberTensor, y: NumberTensor, dtype: NumberDType): NumberTensor {
  const shape = broadcastShape(x.shape, y.shape)
  if (shape === undefined) throw new Error(`shapes [${x.shape}] and [${y.shape}] do not broadcast`)
  const result = tensor(dtype, shape) as NumberTensor
  const loop: Loop = (/^u?int/.test(dtype) && INTEGER_LOOPS[name]) || LOOPS[name]
  const walk = walkOf(shape, [x.shape, y.shape])
  const run = walk.dimensions.at(-1)!
  const stepX = walk.strides[0]!.at(-1)!
  const stepY = walk.strides[1]!.at(-1)!
  forEachRun(walk, (at, starts) => loop(x.data, starts[0]!, stepX, y.data, starts[1]!, stepY, result.data, at, run))
  return result
}
