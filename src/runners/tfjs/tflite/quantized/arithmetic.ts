/** Quantized functions of two elements, on shapes that broadcast. */
import type { Tensor } from '../../../../../kernels/tensor.js'
import { commonShape, zip } from '../../geometry/broadcast.js'
import type { Operand, Output } from '../../op.js'
import { misshapen, unsupported } from '../../refusals.js'
import { affineOf, boundsOf, clampTo, codesOf, integers } from './affine.js'
import { reciprocal } from './fixed-functions.js'
import { highMul, leadingZeros, multiplierOf, roundingShift, scale } from './fixed-point.js'

type Binary = (a: number, b: number) => number

/** Operands and result, and what the op's attributes say. */
export interface Pair {
  a: Operand
  b: Operand
  output: Output
  activation: string
  /** Whether scales that are powers of two may be shifts. */
  canShift: boolean
}

/** How an op is computed on two codes: a function of them, made once for each node. */
export type Maker = (pair: Pair) => Binary

const { fround, max } = Math

/** Both operands at twice the larger of their scales, over 2^bits, so that they can be added. */
function aligned(pair: Pair, bits: number): { first: (q: number) => number; second: (q: number) => number; twice: number } {
  const [a, b] = [affineOf(pair.a), affineOf(pair.b)]
  const twice = 2 * max(a.scale, b.scale)
  const [byA, byB] = [multiplierOf(a.scale / twice), multiplierOf(b.scale / twice)]
  return {
    twice,
    first: (q) => scale(((q - a.zeroPoint) * 2 ** bits) | 0, byA),
    second: (q) => scale(((q - b.zeroPoint) * 2 ** bits) | 0, byB),
  }
}

const log2Of = (real: number): number | null => {
  const log = Math.log2(real)
  return Math.abs(log - Math.round(log)) < 1e-3 ? Math.round(log) : null
}

/** On int16 with scales that are powers of two, only shifts: one operand has the result's scale, the other a smaller one. */
function byShifts(pair: Pair, sign: 1 | -1): Binary | null {
  if (pair.output.dtype !== 'int16' || !pair.canShift) return null
  const logs = [pair.a, pair.b, pair.output].map((value) => log2Of(affineOf(value).scale))
  if (logs.includes(null)) return null
  const [a, b, out] = logs as [number, number, number]
  const bounds = boundsOf(pair.output, pair.activation)
  return (x, y) => clampTo(roundingShift(x, out - a) + sign * roundingShift(y, out - b), bounds)
}

/** The sum, or with sign -1 the difference. */
export const sum =
  (sign: 1 | -1): Maker =>
  (pair) => {
    const shifted = byShifts(pair, sign)
    if (shifted) return shifted
    const bits = pair.output.dtype === 'int16' ? 15 : 20
    const { first, second, twice } = aligned(pair, bits)
    const output = affineOf(pair.output)
    const multiplier = multiplierOf(twice / (2 ** bits * output.scale))
    const bounds = boundsOf(pair.output, pair.activation)
    return (x, y) => clampTo(scale((first(x) + sign * second(y)) | 0, multiplier) + output.zeroPoint, bounds)
  }

export const squaredDifference: Maker = (pair) => {
  const bits = 7
  const { first, second, twice } = aligned(pair, bits)
  const output = affineOf(pair.output)
  const multiplier = multiplierOf((twice * twice) / fround(4 ** bits * output.scale))
  const bounds = boundsOf(pair.output, pair.activation)
  return (x, y) => clampTo(scale(((first(x) - second(y)) ** 2) | 0, multiplier) + output.zeroPoint, bounds)
}

export const product: Maker = (pair) => {
  const [a, b, output] = [affineOf(pair.a), affineOf(pair.b), affineOf(pair.output)]
  const multiplier = multiplierOf(fround(fround(a.scale * b.scale) / output.scale))
  const bounds = boundsOf(pair.output, pair.activation)
  return (x, y) => clampTo(scale((x - a.zeroPoint) * (y - b.zeroPoint), multiplier) + output.zeroPoint, bounds)
}

/** Bits by which a number can be shifted to the left without its sign changing. */
const headroom = (x: number): number => leadingZeros(x < 0 ? ~x : x) - 1

export const quotient: Maker = (pair) => {
  const [a, b, output] = [affineOf(pair.a), affineOf(pair.b), affineOf(pair.output)]
  const { mantissa, shift } = multiplierOf(fround(a.scale / fround(b.scale * output.scale)))
  const bounds = boundsOf(pair.output, pair.activation)
  return (x, y) => {
    const divisor = y - b.zeroPoint
    if (divisor === 0) throw misshapen('division by 0')
    const dividend = (x - a.zeroPoint) * Math.sign(divisor)
    const inverse = reciprocal(Math.abs(divisor), 31)
    const left = headroom(dividend)
    const raw = highMul(highMul((dividend * 2 ** left) | 0, inverse.mantissa), mantissa)
    const right = inverse.bitsOverUnit + left - shift
    return clampTo((right < 32 ? roundingShift(raw, right) : overflownShift(raw, right)) + output.zeroPoint, bounds)
  }
}

/** What the reference kernel's rounding shift gives from 32 bits on, where its mask is -1 and the processor takes the shift modulo 32. */
const overflownShift = (x: number, exponent: number): number => (x >> (exponent & 31)) + Number(x > (x < 0 ? 0 : -1))

export function quantizedArithmetic(pair: Pair, make: Maker): Tensor {
  const { a, b, output } = pair
  if (a.dtype !== b.dtype) throw unsupported()
  const shape = commonShape(a.shape, b.shape)
  const out = integers(output.dtype, shape)
  zip(shape, { shape: a.shape, data: codesOf(a) }, { shape: b.shape, data: codesOf(b) }, out.data, make(pair))
  return out
}
