/** Quantised functions of two elements, on shapes that broadcast. */
import type { Kernel, Operator } from '../../operator.js'
import { commonShape, zip } from '../broadcast.js'
import { boundsOf, clampTo, inputAffine, integers, outputAffine, quantizedInput } from './affine.js'
import { reciprocal } from './fixed-functions.js'
import { highMul, leadingZeros, multiplierOf, roundingShift, scale } from './fixed-point.js'

type Binary = (a: number, b: number) => number

const { fround, max } = Math

/** Both operands at twice the larger of their scales, over 2^bits, so that they can be added. */
function aligned(op: Operator, bits: number): { first: (q: number) => number; second: (q: number) => number; twice: number } {
  const [a, b] = [inputAffine(op, 0), inputAffine(op, 1)]
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
function byShifts(op: Operator, sign: 1 | -1): Binary | null {
  if (op.outputDType() !== 'int16' || !op.boolean('pot_scale_int16', true)) return null
  const logs = [inputAffine(op, 0), inputAffine(op, 1), outputAffine(op)].map(({ scale: real }) => log2Of(real))
  if (logs.includes(null)) return null
  const [a, b, out] = logs as [number, number, number]
  const bounds = boundsOf(op)
  return (x, y) => clampTo(roundingShift(x, out - a) + sign * roundingShift(y, out - b), bounds)
}

/** The sum, or with sign -1 the difference. */
const sum =
  (sign: 1 | -1) =>
  (op: Operator): Binary => {
    const shifted = byShifts(op, sign)
    if (shifted) return shifted
    const bits = op.outputDType() === 'int16' ? 15 : 20
    const { first, second, twice } = aligned(op, bits)
    const output = outputAffine(op)
    const multiplier = multiplierOf(twice / (2 ** bits * output.scale))
    const bounds = boundsOf(op)
    return (x, y) => clampTo(scale((first(x) + sign * second(y)) | 0, multiplier) + output.zeroPoint, bounds)
  }

const squaredDifference = (op: Operator): Binary => {
  const bits = 7
  const { first, second, twice } = aligned(op, bits)
  const output = outputAffine(op)
  const multiplier = multiplierOf((twice * twice) / fround(4 ** bits * output.scale))
  const bounds = boundsOf(op)
  return (x, y) => clampTo(scale(((first(x) - second(y)) ** 2) | 0, multiplier) + output.zeroPoint, bounds)
}

const product = (op: Operator): Binary => {
  const [a, b, output] = [inputAffine(op, 0), inputAffine(op, 1), outputAffine(op)]
  const multiplier = multiplierOf(fround(fround(a.scale * b.scale) / output.scale))
  const bounds = boundsOf(op)
  return (x, y) => clampTo(scale((x - a.zeroPoint) * (y - b.zeroPoint), multiplier) + output.zeroPoint, bounds)
}

/** Bits by which a number can be shifted to the left without its sign changing. */
const headroom = (x: number): number => leadingZeros(x < 0 ? ~x : x) - 1

const quotient = (op: Operator): Binary => {
  const [a, b, output] = [inputAffine(op, 0), inputAffine(op, 1), outputAffine(op)]
  const { mantissa, shift } = multiplierOf(fround(a.scale / fround(b.scale * output.scale)))
  const bounds = boundsOf(op)
  return (x, y) => {
    const divisor = y - b.zeroPoint
    if (divisor === 0) throw op.misshapen('division by 0')
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

const MAKERS: { readonly [type: string]: (op: Operator) => Binary } = {
  ADD: sum(1),
  SUB: sum(-1),
  MUL: product,
  DIV: quotient,
  SQUARED_DIFFERENCE: squaredDifference,
}

export const quantizedArithmetic: Kernel = (op) => {
  const make = MAKERS[op.type]
  if (!make || op.input(0).dtype !== op.input(1).dtype) throw op.unsupported()
  const [a, b] = [quantizedInput(op, 0), quantizedInput(op, 1)]
  const shape = commonShape(a.shape, b.shape)
  const out = integers(op.outputDType(), shape)
  zip(shape, a, b, out.data, make(op))
  return out
}
