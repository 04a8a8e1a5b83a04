/**
 * Fixed-point arithmetic of TFLite's quantized kernels, on int32 held as JavaScript numbers. A real multiplier is an int32 mantissa m of
 * 31 fractional bits and a shift s: m 2^(s - 31). Rounding is that of the reference kernels: to nearest twice, once for the product and
 * once for the shift.
 */

export interface Multiplier {
  /** In [2^30, 2^31), or 0. */
  mantissa: number
  /** Positive to the left. */
  shift: number
}

const MOST = 2 ** 31 - 1
const LEAST = -(2 ** 31)

export const saturate = (x: number): number => (x > MOST ? MOST : x < LEAST ? LEAST : x)

/** Rounds to nearest, ties away from zero. */
export const round = (x: number): number => (x < 0 ? -Math.floor(-x + 0.5) : Math.floor(x + 0.5))

const double = new Float64Array(1)
const words = new Uint32Array(double.buffer)

/** Fraction in [0.5, 1) and exponent of a positive number that is not subnormal. */
function fractionAndExponent(x: number): [number, number] {
  double[0] = x
  const exponent = ((words[1]! >>> 20) & 0x7ff) - 1022
  return [x / 2 ** exponent, exponent]
}

/** The multiplier nearest to a real one, 0 or more; below 2^-32 it is 0. */
export function multiplierOf(real: number): Multiplier {
  if (real < 2 ** -1000) return { mantissa: 0, shift: 0 }
  const [fraction, exponent] = fractionAndExponent(real)
  const mantissa = round(fraction * 2 ** 31)
  const multiplier = mantissa === 2 ** 31 ? { mantissa: 2 ** 30, shift: exponent + 1 } : { mantissa, shift: exponent }
  return multiplier.shift < -31 ? { mantissa: 0, shift: 0 } : multiplier
}

/** The high 32 bits of 2 a b, rounded to nearest; -2^31 times itself saturates. */
export function highMul(a: number, b: number): number {
  if (a === LEAST && b === LEAST) return MOST
  // a b is up to 62 bits: its upper part in units of 2^16, and the lower 16 bits
  const high = Math.floor(b / 65536)
  const product = a * high
  const low = a * (b - high * 65536) + (a * b >= 0 ? 2 ** 30 : 1 - 2 ** 30)
  const carry = Math.floor(low / 65536)
  const rest = low - carry * 65536
  const upper = product + carry
  const floor = Math.floor(upper / 32768)
  // division cuts off towards zero
  const isExact = rest === 0 && upper - floor * 32768 === 0
  return floor < 0 && !isExact ? floor + 1 : floor
}

/** x / 2^exponent rounded to nearest, ties away from zero. */
export function roundingShift(x: number, exponent: number): number {
  if (exponent === 0) return x
  const unit = 2 ** exponent
  const floor = Math.floor(x / unit)
  const rest = x - floor * unit
  return rest > (x < 0 ? unit / 2 : unit / 2 - 1) ? floor + 1 : floor
}

/** x times the multiplier; x shifted to the left must fit int32, or its upper bits are lost. */
export function scale(x: number, { mantissa, shift }: Multiplier): number {
  if (shift <= 0) return roundingShift(highMul(x, mantissa), -shift)
  return highMul((x * 2 ** shift) | 0, mantissa)
}

/** x of up to 48 bits times the multiplier, whose mantissa is cut to 15 bits; rounded once. */
export function scaleWide(x: number, { mantissa, shift }: Multiplier): number {
  const reduced = mantissa < 0x7fff0000 ? Math.floor((mantissa + 2 ** 15) / 65536) : 0x7fff
  const bits = 15 - shift
  // x times 15 bits is up to 63 bits: in units of 2^24, and the lower 24 bits
  const high = Math.floor(x / 2 ** 24)
  const low = (x - high * 2 ** 24) * reduced + 2 ** (bits - 1)
  const carry = Math.floor(low / 2 ** 24)
  const upper = high * reduced + carry
  if (bits >= 24) return Math.floor(upper / 2 ** (bits - 24)) | 0
  return (upper * 2 ** (24 - bits) + Math.floor((low - carry * 2 ** 24) / 2 ** bits)) | 0
}

/** x 2^exponent: saturating to the left, rounding to the right. */
export function multiplyByPower(x: number, exponent: number): number {
  return exponent >= 0 ? saturate(x * 2 ** exponent) : roundingShift(x, -exponent)
}

/** Leading zeros of a number as uint32. */
export const leadingZeros = (x: number): number => Math.clz32(x)
