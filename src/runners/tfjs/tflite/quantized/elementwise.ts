/** Quantised functions of single elements. */
import type { Tensor } from '../../../../../kernels/tensor.js'
import type { Kernel, Operator } from '../../operator.js'
import { commonShape, zip } from '../broadcast.js'
import { FUNCTIONS } from '../functions.js'
import type { Affine } from './affine.js'
import { boundsOf, clampTo, inputAffine, integers, mapIntegers, outputAffine, quantizedInput, rangeOf } from './affine.js'
import { highMulOfWords, inverseRoot } from './fixed-functions.js'
import type { Multiplier } from './fixed-point.js'
import { multiplierOf, roundingShift, scale } from './fixed-point.js'
import { byteTable, wordTable } from './lookup.js'
import { logisticOfWords, tanhOfWords } from './sigmoid.js'

const { fround, log, sqrt } = Math

interface Sides {
  input: Affine
  output: Affine
}

type Integer = (q: number) => number

/** How an op is computed on a dtype: a function of integers, made once for each node. */
type Maker = (op: Operator, sides: Sides) => Integer

const isWord = (op: Operator): boolean => op.input(0).dtype === 'int16'

/** By a table of the real function. */
const byTable =
  (real: (op: Operator, sides: Sides) => (x: number) => number): Maker =>
  (op, sides) => {
    const f = real(op, sides)
    return isWord(op) ? wordTable(sides.input, sides.output, f) : byteTable(sides.input, sides.output, f, rangeOf(op, op.input(0).dtype))
  }

const plain = (type: string): Maker => byTable((op) => FUNCTIONS[type]!(op))

/** Rescaled, and clamped to what an activation lets through. */
const rectifier =
  (activation: string): Maker =>
  (op, { input, output }) => {
    const multiplier = multiplierOf(fround(input.scale / output.scale))
    const bounds = boundsOf(op, activation)
    return (q) => clampTo(output.zeroPoint + scale(q - input.zeroPoint, multiplier), bounds)
  }

const absolute: Maker = (op, { input, output }) => {
  const multiplier = multiplierOf(fround(input.scale / output.scale))
  const range = rangeOf(op, op.outputDType())
  const isSame = input.scale === output.scale
  return (q) => {
    const magnitude = Math.abs(q - input.zeroPoint)
    return clampTo((isSame ? magnitude : scale(magnitude, multiplier)) + output.zeroPoint, range)
  }
}

const leakyRectifier: Maker = (op, { input, output }) => {
  const alpha = fround(op.number('alpha'))
  const negative: Multiplier = multiplierOf(Math.abs(fround(fround(input.scale * alpha) / output.scale)))
  const identity: Multiplier = multiplierOf(fround(input.scale / output.scale))
  const sign = alpha < 0 ? -1 : 1
  const range = rangeOf(op, op.outputDType())
  return (q) => {
    const x = q - input.zeroPoint
    return clampTo(output.zeroPoint + (x >= 0 ? scale(x, identity) : sign * scale(x, negative)), range)
  }
}

/** The bits that keep 1 / sqrt(x) an integer. */
const ROOT_BITS = 20

const inverseSquareRoot: Maker = (op, sides) => {
  const { input, output } = sides
  const range = rangeOf(op, op.outputDType())
  const positive = (q: number): number => {
    if (q < input.zeroPoint) throw op.misshapen('a negative number has no root')
    return q
  }
  if (isWord(op)) {
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

const squareRoot: Maker = (op, { input, output }) => {
  const range = rangeOf(op, op.outputDType())
  return (q) => {
    const x = fround(input.scale * (q - input.zeroPoint))
    if (x < 0) throw op.misshapen('a negative number has no root')
    return clampTo(Math.trunc(fround(fround(sqrt(x)) / output.scale)) + output.zeroPoint, range)
  }
}

/** Not above 0 the logarithm is taken as the least number that the result can hold. */
const logarithm: Maker = byTable((op, { output }) => {
  const least = fround((rangeOf(op, op.outputDType())[0] - output.zeroPoint) * output.scale)
  return (x) => (x <= 0 ? least : log(x))
})

/** Twice the product's high half, cut off towards zero. */
const truncatedHighMul = (a: number, b: number): number => (a === b && a === -32768 ? 32767 : Math.trunc((a * b) / 32768))
const saturateWord = (x: number): number => clampTo(x, [-32768, 32767])

/** A multiplier's mantissa as int16. */
const shortMantissa = (mantissa: number): number => (mantissa >= 2 ** 31 - 2 ** 15 ? 32767 : Math.floor((mantissa + 2 ** 15) / 65536))

/** x relu6(x + 3) / 6: the second factor as a number in [0, 1] of 15 bits, both computed on int16 at 128 times the input's scale. */
const hardSwish: Maker = (op, { input, output }) => {
  const fine = fround(input.scale / 128)
  const out = multiplierOf(fround(fine / output.scale))
  const gate = multiplierOf(fround(fine / fround(3 / 32768)))
  const [outMantissa, gateMantissa] = [shortMantissa(out.mantissa), shortMantissa(gate.mantissa)]
  const range = rangeOf(op, op.outputDType())
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

const MAKERS: { readonly [type: string]: Maker } = {
  ABS: absolute,
  ELU: plain('ELU'),
  EXP: plain('EXP'),
  GELU: plain('GELU'),
  HARD_SWISH: hardSwish,
  LEAKY_RELU: leakyRectifier,
  LOG: logarithm,
  LOGISTIC: (op, sides) => (isWord(op) ? logisticOfWords(sides.input) : byTable(() => (x) => 1 / (1 + Math.exp(-x)))(op, sides)),
  RELU: rectifier('RELU'),
  RELU6: rectifier('RELU6'),
  RELU_0_TO_1: rectifier('RELU_0_TO_1'),
  RELU_N1_TO_1: rectifier('RELU_N1_TO_1'),
  RSQRT: inverseSquareRoot,
  SQRT: squareRoot,
  TANH: (op, sides) => (isWord(op) ? tanhOfWords(sides.input) : plain('TANH')(op, sides)),
}

export const quantizedElementwise: Kernel = (op) => {
  const make = MAKERS[op.type]
  if (!make) throw op.unsupported()
  return mapIntegers(op, make(op, { input: inputAffine(op, 0), output: outputAffine(op) }))
}

/** x where it is not negative, else alpha x; alpha broadcasts. */
export const quantizedPrelu: Kernel = (op): Tensor => {
  const [x, slope] = [quantizedInput(op, 0), quantizedInput(op, 1)]
  const [input, alpha, output] = [inputAffine(op, 0), inputAffine(op, 1), outputAffine(op)]
  const identity = multiplierOf(fround(input.scale / output.scale))
  const negative = multiplierOf(fround(fround(input.scale * alpha.scale) / output.scale))
  const range = rangeOf(op, op.outputDType())
  const shape = commonShape(x.shape, slope.shape)
  const out = integers(op.outputDType(), shape)
  zip(shape, x, slope, out.data, (q, a) => {
    const value = q - input.zeroPoint
    return clampTo((value >= 0 ? scale(value, identity) : scale(value * (a - alpha.zeroPoint), negative)) + output.zeroPoint, range)
  })
  return out
}
