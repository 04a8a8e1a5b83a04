/**
 * Functions in fixed point, to the bit as in gemmlowp's fixedpoint library. A number of n integer bits is an integer of w bits over
 * 2^(w - 1 - n); products add the integer bits of their factors. `WORDS` computes on int16, `LONGS` on int32.
 */
import { highMul, leadingZeros, multiplyByPower, roundingShift, saturate } from './fixed-point.js'

/** (a + b) / 2, ties away from zero. */
function halfSum(a: number, b: number): number {
  const sum = a + b
  return Math.trunc((sum + (sum >= 0 ? 1 : -1)) / 2)
}

/** The rounded high half of twice a product of int16. */
export function highMulOfWords(a: number, b: number): number {
  if (a === -32768 && b === -32768) return 32767
  const product = a * b
  return Math.trunc((product + (product >= 0 ? 2 ** 14 : 1 - 2 ** 14)) / 32768)
}

export interface FixedFunctions {
  /** exp of a negative number of `integerBits` to 0 integer bits. */
  expOfNegative: (a: number, integerBits: number) => number
  /** 1 / (1 + a) for a in [0, 1], both of 0 integer bits. */
  reciprocalOfOnePlus: (a: number) => number
  logistic: (a: number, integerBits: number) => number
  tanh: (a: number, integerBits: number) => number
}

function fixedFunctions(width: 16 | 32): FixedFunctions {
  const bits = width - 1
  const most = 2 ** bits - 1
  const times = width === 32 ? highMul : highMulOfWords
  const limit = (x: number): number => (width === 32 ? saturate(x) : Math.min(most, Math.max(-most - 1, x)))
  const power = (x: number, exponent: number): number => (exponent >= 0 ? limit(x * 2 ** exponent) : roundingShift(x, -exponent))
  /** The nearest number of `integerBits` to a real one: as int32, rounded again for int16. */
  const constant = (real: number, integerBits: number): number =>
    roundingShift(saturate(Math.round(real * 2 ** (31 - integerBits))), 32 - width)

  const expAtEighth = constant(Math.exp(-1 / 8), 0)
  const third = constant(1 / 3, 0)
  const exponentials = Array.from({ length: 7 }, (_, i) => constant(Math.exp(-(2 ** (i - 2))), 0))

  /** A Taylor series around -1/8 for numbers in [-1/4, 0) of 0 integer bits. */
  const expOfSmall = (a: number): number => {
    const x = a + 2 ** (bits - 3)
    const x2 = times(x, x)
    const x3 = times(x2, x)
    const x4 = times(x2, x2)
    const tail = roundingShift(times(roundingShift(x4, 2) + x3, third) + x2, 1)
    const sum = expAtEighth + times(expAtEighth, x + tail)
    return width === 16 ? limit(sum) : sum
  }

  const expOfNegative = (a: number, integerBits: number): number => {
    const fractionBits = bits - integerBits
    const quarter = 2 ** (fractionBits - 2)
    const below = (a & (quarter - 1)) - quarter
    let result = expOfSmall(power(below, integerBits))
    const rest = below - a
    for (let exponent = -2; exponent < integerBits && exponent <= 4; exponent++) {
      if (rest & (1 << (fractionBits + exponent))) result = times(result, exponentials[exponent + 2]!)
    }
    // beyond 5 integer bits the exponentials end at exp(-16)
    if (integerBits > 5 && a < -(2 ** (fractionBits + 5))) result = 0
    return a === 0 ? most : result
  }

  const start = constant(48 / 17, 2)
  const slope = constant(-32 / 17, 2)
  const one = 2 ** (bits - 2)

  /** 2 / (1 + a) for a in [0, 1] of 0 integer bits, by Newton's iteration in 2 integer bits. */
  const twiceReciprocal = (a: number): number => {
    const half = halfSum(a, most)
    let x = start + times(half, slope)
    for (let i = 0; i < 3; i++) x += power(times(x, one - times(half, x)), 2)
    return x
  }

  const reciprocalOfOnePlus = (a: number): number => power(twiceReciprocal(a), 1)

  return {
    expOfNegative,
    reciprocalOfOnePlus,
    logistic(a, integerBits) {
      if (a === 0) return 2 ** (bits - 1)
      const positive = reciprocalOfOnePlus(expOfNegative(-Math.abs(a), integerBits))
      return a > 0 ? positive : most - positive
    },
    tanh(a, integerBits) {
      if (a === 0) return 0
      // (1 - e) / (1 + e) with e = exp(-2 |a|): doubling adds an integer bit
      const magnitude = power(twiceReciprocal(expOfNegative(-Math.abs(a), integerBits + 1)) - one, 2)
      return a < 0 ? -magnitude : magnitude
    },
  }
}

export const LONGS = fixedFunctions(32)
export const WORDS = fixedFunctions(16)

/** The int32 nearest to a real number of `integerBits`. */
const constant = (real: number, integerBits: number): number => saturate(Math.round(real * 2 ** (31 - integerBits)))

/** 1 / x for a positive x of `integerBits`: a number in (1/2, 1] of 0 integer bits, and the bits that x reaches above 1. */
export function reciprocal(x: number, integerBits: number): { mantissa: number; bitsOverUnit: number } {
  const headroom = leadingZeros(x)
  return { mantissa: LONGS.reciprocalOfOnePlus((x * 2 ** headroom - 2 ** 31) | 0), bitsOverUnit: integerBits - headroom }
}

const LOG_2 = constant(Math.log(2), 0)
const FOURTH_ROOT_HALF = constant(Math.sqrt(Math.sqrt(0.5)), 0)
const ROOT_HALF = constant(Math.sqrt(0.5), 0)
const FOURTH_ROOT_2 = Math.sqrt(Math.sqrt(2))
const ALPHA_N = constant((11 / 240) * FOURTH_ROOT_2, 0)
const ALPHA_D = constant(FOURTH_ROOT_2 / 20, 0)
const ALPHA_I = constant(2 / FOURTH_ROOT_2 - FOURTH_ROOT_2, 0)
const ALPHA_F = constant(FOURTH_ROOT_2 / 4, 0)

/** log of a number, 1 or more, of `inputBits` integer bits, to `outputBits`. */
export function logOfAtLeastOne(input: number, inputBits: number, outputBits: number): number {
  const accumulatorBits = outputBits + 1
  const quarter = multiplyByPower(2 ** 29, -accumulatorBits)
  const headroomA = leadingZeros(input)
  const rA = multiplyByPower(highMul(multiplyByPower(input, headroomA - 1), ROOT_HALF), 1)
  const powerA = saturate(multiplyByPower(inputBits - headroomA, 31 - accumulatorBits) + quarter)
  const headroomB = leadingZeros(highMul(input, ROOT_HALF)) - 1
  const rB = multiplyByPower(input, headroomB)
  const powerB = saturate(multiplyByPower(inputBits - headroomB, 31 - accumulatorBits) - quarter)
  const r = Math.min(rA, rB)
  const p = halfSum(r, FOURTH_ROOT_HALF)
  const q = 2 * (r - FOURTH_ROOT_HALF)
  const square = highMul(q, q)
  const numerator = highMul(q, r) + highMul(highMul(q, square), ALPHA_N)
  const denominator = highMul(p, ALPHA_I + q + highMul(ALPHA_D, square)) + highMul(ALPHA_F, q)
  const quotient = highMul(multiplyByPower(numerator, -accumulatorBits), LONGS.reciprocalOfOnePlus(denominator))
  return multiplyByPower(highMul(Math.max(powerA, powerB), LOG_2) + quotient, 1)
}

/** 1 / sqrt(x) of a positive integer as a multiplier. */
export function inverseRoot(x: number): { mantissa: number; shift: number } {
  if (x <= 1) return { mantissa: 2 ** 31 - 1, shift: 0 }
  let input = x
  let right = 11
  for (; input >= 2 ** 29; right++) input = Math.trunc(input / 4)
  const pairs = Math.floor((leadingZeros(input) - 1) / 2) - 1
  right -= pairs
  input *= 4 ** pairs
  // Newton's iteration in 3 integer bits
  const half = roundingShift(Math.floor(input / 2), 1)
  const threeHalves = constant(1.5, 3)
  let root = 2 ** 28
  for (let i = 0; i < 5; i++) {
    const cube = multiplyByPower(highMul(highMul(root, root), root), 6)
    root = multiplyByPower(highMul(threeHalves, root) - highMul(half, cube), 3)
  }
  const mantissa = highMul(root, constant(Math.SQRT1_2, 0))
  return right < 0 ? { mantissa: mantissa * 2 ** -right, shift: 0 } : { mantissa, shift: -right || 0 }
}
