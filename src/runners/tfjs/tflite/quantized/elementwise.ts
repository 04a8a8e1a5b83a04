/** Quantized functions of single elements. */
import type { Tensor } from '../../../../../kernels/tensor.js'
import { commonShape, zip } from '../../geometry/broadcast.js'
import { FUNCTIONS, type Unary } from '../../maths/functions.js'
import type { Operand, Output } from '../../op.js'
import { misshapen } from '../../refusals.js'
import { type Affine, affineOf, boundsOf, clampTo, codesOf, integers, mapIntegers, rangeOf } from './affine.js'
import { highMulOfWords, inverseRoot } from './fixed-functions.js'
import type { Multiplier } from './fixed-point.js'
import { multiplierOf, roundingShift, scale } from './fixed-point.js'
import { byteTable, wordTable } from './lookup.js'
import { logisticOfWords, tanhOfWords } from './sigmoid.js'

const { fround, log, sqrt } = Math

type Integer = (q: number) => number

/** What a function of integers is made of. */
interface Sides {
  input: Affine
  output: Affine
  /** On int16, else on 8 bits. */
  isWord: boolean
  /** Least and greatest integer of operand and result. */
  inputRange: readonly [number, number]
  range: readonly [number, number]
  /** What an activation lets through. */
  bounds: (activation: string) => readonly [number, number]
}

/** How an op is computed on integers: a function of them, made once for each node. */
export type Maker = (sides: Sides) => Integer

/** By a table of the real function. */
const byTable =
  (real: (sides: Sides) => Unary): Maker =>
  (sides) => {
    const f = real(sides)
    return sides.isWord ? wordTable(sides.input, sides.output, f) : byteTable(sides.input, sides.output, f, sides.inputRange)
  }

export const byFunction = (f: Unary): Maker => byTable(() => f)

/** Rescaled, and clamped to what an activation lets through. */
export const rectifier =
  (activation: string): Maker =>
  ({ input, output, bounds: boundsUnder }) => {
    const multiplier = multiplierOf(fround(input.scale / output.scale))
    const bounds = boundsUnder(activation)
    return (q) => clampTo(output.zeroPoint + scale(q - input.zeroPoint, multiplier), bounds)
  }

export const absolute: Maker = ({ input, output, range }) => {
  const multiplier = multiplierOf(fround(input.scale / output.scale))
  const isSame = input.scale === output.scale
  return (q) => {
    const magnitude = Math.abs(q - input.zeroPoint)
    return clampTo((isSame ? magnitude : scale(magnitude, multiplier)) + output.zeroPoint, range)
  }
}

/** `alpha` is a float32. */
export const leakyRectifier =
  (alpha: number): Maker =>
  ({ input, output, range }) => {
    const negative: Multiplier = multiplierOf(Math.abs(fround(fround(input.scale * alpha) / output.scale)))
    const identity: Multiplier = multiplierOf(fround(input.scale / output.scale))
    const sign = alpha < 0 ? -1 : 1
    return (q) => {
      const x = q - input.zeroPoint
      return clampTo(output.zeroPoint + (x >= 0 ? scale(x, identity) : sign * scale(x, negative)), range)
    }
  }

/** The bits that keep 1 / sqrt(x) an integer. */
const ROOT_BITS = 20

export const inverseSquareRoot: Maker = ({ input, output, range, isWord }) => {
  const positive = (q: number): number => {
    if (q < input.zeroPoint) throw misshapen('a negative number has no root')
    return q
  }
  if (isWord) {
    const table = wordTable(input, output, (x) => (x <= 0 ? range[1] * output.scale : 1 / sqrt(x)))
    return (q) => table(positive(q))
  }
  const multiplier = multiplierOf(1 / fround(fround(sqrt(input.scale)) * output.scale))
  return (q) => {
    const x = positive(q) - input.zeroPoint
    if (x === 0) return range[1]
    const root = inverseRoot(x)
    const shifted = scale(1, { mantissa: root.mantissa, shift: root.shift + ROOT_BITS })
    return clampTo(scale(shifted, { mantissa: multiplier.mantissa, shift: multiplier.shift - ROOT_BITS }) + output.zeroPoint, range)
  }
}

export const squareRoot: Maker =
  ({ input, output, range }) =>
  (q) => {
    const x = fround(input.scale * (q - input.zeroPoint))
    if (x < 0) throw misshapen('a negative number has no root')
    return clampTo(Math.trunc(fround(fround(sqrt(x)) / output.scale)) + output.zeroPoint, range)
  }

/** Not above 0 the logarithm is taken as the least number that the result can hold. */
export const logarithm: Maker = byTable(({ output, range }) => {
  const least = fround((range[0] - output.zeroPoint) * output.scale)
  return (x) => (x <= 0 ? least : log(x))
})

/** Twice the product's high half, cut off towards zero. */
const truncatedHighMul = (a: number, b: number): number => (a === b && a === -32768 ? 32767 : Math.trunc((a * b) / 32768))
const saturateWord = (x: number): number => clampTo(x, [-32768, 32767])

/** A multiplier's mantissa as int16. */
const shortMantissa = (mantissa: number): number => (mantissa >= 2 ** 31 - 2 ** 15 ? 32767 : Math.floor((mantissa + 2 ** 15) / 65536))

/** x relu6(x + 3) / 6: the second factor as a number in [0, 1] of 15 bits, both computed on int16 at 128 times the input's scale. */
export const hardSwish: Maker = ({ input, output, range }) => {
  const fine = fround(input.scale / 128)
  const out = multiplierOf(fround(fine / output.scale))
  const gate = multiplierOf(fround(fine / fround(3 / 32768)))
  const [outMantissa, gateMantissa] = [shortMantissa(out.mantissa), shortMantissa(gate.mantissa)]
  return (q) => {
    const x = (q - input.zeroPoint) * 128
    const scaled = highMulOfWords(x, outMantissa)
    let share = x
    if (gate.shift > 0) share = saturateWord(share * 2 ** (gate.shift - 1))
    share = highMulOfWords(share, gateMantissa)
    if (gate.shift > 0) share = saturateWord(share * 2)
    if (gate.shift < 0) share = roundingShift(share, -gate.shift)
    const factor = (share + 32768) >> 1
    return clampTo(roundingShift(truncatedHighMul(factor, scaled), -out.shift) + output.zeroPoint, range)
  }
}

export const logistic: Maker = (sides) => (sides.isWord ? logisticOfWords(sides.input) : byFunction((x) => 1 / (1 + Math.exp(-x)))(sides))

export const hyperbolicTangent: Maker = (sides) => (sides.isWord ? tanhOfWords(sides.input) : byFunction(FUNCTIONS.TANH)(sides))

/** The operand's elements each turned by the function that `make` makes for its quantization and the result's. */
export function mapCodes(value: Operand, output: Output, make: Maker): Tensor {
  const f = make({
    input: affineOf(value),
    output: affineOf(output),
    isWord: value.dtype === 'int16',
    inputRange: rangeOf(value.dtype),
    range: rangeOf(output.dtype),
    bounds: (activation) => boundsOf(output, activation),
  })
  return mapIntegers(value, output, f)
}

/** x where it is not negative, else alpha x; alpha broadcasts. */
export function quantizedPrelu(x: Operand, slope: Operand, result: Output): Tensor {
  const [input, alpha, output] = [affineOf(x), affineOf(slope), affineOf(result)]
  const identity = multiplierOf(fround(input.scale / output.scale))
  const negative = multiplierOf(fround(fround(input.scale * alpha.scale) / output.scale))
  const range = rangeOf(result.dtype)
  const shape = commonShape(x.shape, slope.shape)
  const out = integers(result.dtype, shape)
  zip(shape, { shape: x.shape, data: codesOf(x) }, { shape: slope.shape, data: codesOf(slope) }, out.data, (q, a) => {
    const value = q - input.zeroPoint
    return clampTo((value >= 0 ? scale(value, identity) : scale(value * (a - alpha.zeroPoint), negative)) + output.zeroPoint, range)
  })
  return out
}
