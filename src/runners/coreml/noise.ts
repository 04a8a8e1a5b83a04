/**
 * Monte Carlo arithmetic (Parker 1997): an op is run with its operands and results moved at random by as much as rounding may move them,
 * and how far a value then strays is what rounding alone can do to it. The amounts come from a fixed hash, so that a run repeats.
 */
import type { DType, Tensor } from '../../../kernels/tensor.js'
import type { Precision } from '../session.js'
import type { Op, Rounding } from './op.js'

/** Largest relative error of rounding to float32 and to float16. */
export const UNIT_ROUNDOFF = { float32: 2 ** -24, float16: 2 ** -11 } as const

export interface Noise {
  seed: number
  /** The precision whose rounding is played, whatever the session's own is: 'authored' takes each value's declared dtype. */
  of: Precision
  /** Constants move as if they had been stored in float16, wherever the file has them in float32: the model compared with stores them so. */
  halfConstants?: boolean | undefined
}

/** What rounding a value of a declared dtype moves it by. */
export function valueRoundoff({ of }: Noise, dtype: DType): number {
  const half = of === 'authored' ? dtype === 'float16' : of !== 'fp32'
  return half ? UNIT_ROUNDOFF.float16 : UNIT_ROUNDOFF.float32
}

/** What rounding a step of a sum moves it by. */
export const sumRoundoff = ({ of }: Noise): number => (of === 'fp16-accumulate' ? UNIT_ROUNDOFF.float16 : UNIT_ROUNDOFF.float32)

/** Units in the last place by which right implementations of a function differ: vectorised exponentials are good to two or three. */
const FUNCTION_UNITS: { readonly [rounding in Rounding]: number } = { exact: 0, rounded: 1, transcendental: 4, accumulating: 1 }

/**
 * Rounding each of n partial sums moves a sum by about a quarter of sqrt(n) units: of the result where the addends have one sign
 * (the partial sums grow with n), of each addend at random where they cancel (they grow with its root). Both are played.
 */
const sumUnits = (op: Op, terms: number): number => (op.rounding === 'accumulating' ? Math.sqrt(terms) / 4 : 0)

/** Relative movement of an op's results, in units of roundoff. */
export const resultUnits = (op: Op, terms: number): number => FUNCTION_UNITS[op.rounding] + sumUnits(op, terms)

/** Relative movement of an op's operands, in units of roundoff. */
export const operandUnits = (op: Op, terms: number): number => (op.rounding === 'accumulating' ? 1 : 0) + sumUnits(op, terms)

/** Half the spacing of float16 numbers near zero; a constant below it is often kept as the least number above zero. */
const HALF_SUBNORMAL = 2 ** -24

/** A constant stored in float16, each element moved by as much as storing it may have changed it. */
export function movedAsStored<T extends Tensor>(value: T, seed: number): T {
  const moving = moved(value, UNIT_ROUNDOFF.float16, seed)
  if (moving === value) return value
  const data = moving.data as Float32Array
  const from = value.data as Float32Array
  for (let i = 0; i < data.length; i++) {
    const change = data[i]! - from[i]!
    if (from[i] !== 0 && Math.abs(change) < HALF_SUBNORMAL)
      data[i] = from[i]! + Math.sign(change) * Math.min(HALF_SUBNORMAL, Math.abs(from[i]!))
  }
  return moving
}

/** Below as many elements, draws between the bounds might all happen to be small: each element then moves by the whole amplitude. */
const FEW = 64

/**
 * A copy of a float tensor, each element moved by a part of itself, evenly distributed between -amplitude and +amplitude.
 * Whole numbers throughout are counts and indices, which no rounding touches: they stay.
 */
export function moved<T extends Tensor>(value: T, amplitude: number, seed: number): T {
  if (amplitude === 0 || (value.dtype !== 'float32' && value.dtype !== 'float16')) return value
  const from = value.data as Float32Array
  if (from.every(Number.isInteger)) return value
  const data = new Float32Array(from.length)
  const few = from.length < FEW
  const scale = amplitude * 2 ** -31
  for (let i = 0; i < data.length; i++) {
    let hash = Math.imul(i ^ seed, 0x9e3779b1)
    hash = Math.imul(hash ^ (hash >>> 15), 0x85ebca77)
    hash ^= hash >>> 13
    const x = from[i]!
    data[i] = x + x * (few ? (hash < 0 ? -amplitude : amplitude) : hash * scale)
  }
  return { ...value, data }
}
