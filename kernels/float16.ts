/**
 * IEEE 754 binary16: rounding to nearest even, subnormals kept, overflow to infinity, NaN kept.
 * A float16 number is carried as the JavaScript number of the same value; these functions round to it and convert to and from its 16 bits.
 */

/** Adding and subtracting 1.5 * 2^28 rounds a double to a multiple of 2^-24, the spacing of binary16's subnormals. */
const SUBNORMAL_ROUNDER = 1.5 * 2 ** 28
const LEAST_NORMAL = 2 ** -14
/** Halfway between 65504 and the next step: from here on rounding to nearest even gives infinity. */
const OVERFLOW = 65520

const double = new Float64Array(1)
const doubleWords = new Uint32Array(double.buffer)

/** The binary16 number nearest to `x`, ties to even; |x| >= 65520 gives an infinity. */
export function roundToHalf(x: number): number {
  const magnitude = Math.abs(x)
  if (magnitude < LEAST_NORMAL) return x === 0 ? x : x + SUBNORMAL_ROUNDER - SUBNORMAL_ROUNDER || (x < 0 ? -0 : 0)
  if (magnitude >= OVERFLOW) return x > 0 ? Infinity : -Infinity
  if (magnitude !== magnitude) return x
  double[0] = magnitude
  // 1.5 * 2^(exponent + 42): its last place is 2^(exponent - 10), binary16's spacing at x
  doubleWords[1] = ((doubleWords[1]! & 0x7ff00000) + (42 << 20)) | 0x80000
  doubleWords[0] = 0
  const rounder = double[0]
  return x + rounder - rounder
}

/** Rounds every element of `data` to binary16, in place; returns `data`. */
export function roundToHalfInPlace(data: Float32Array): Float32Array {
  const words = new Uint32Array(data.buffer, data.byteOffset, data.length)
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!
    const magnitude = word & 0x7fffffff
    if (magnitude >= 0x38800000 && magnitude < 0x477ff000) {
      words[i] = (word + 0xfff + ((word >>> 13) & 1)) & 0xffffe000
    } else if (magnitude !== 0) {
      data[i] = roundToHalf(data[i]!)
    }
  }
  return data
}

const HALF_TO_NUMBER = new Float32Array(65536)
for (let half = 0; half < 65536; half++) {
  const sign = half & 0x8000 ? -1 : 1
  const exponent = (half >> 10) & 31
  const fraction = half & 1023
  HALF_TO_NUMBER[half] =
    exponent === 31
      ? fraction
        ? Number.NaN
        : sign * Infinity
      : exponent === 0
        ? sign * fraction * 2 ** -24
        : sign * (1 + fraction / 1024) * 2 ** (exponent - 15)
}

/** The number that 16 bits stand for. */
export const halfToNumber = (half: number): number => HALF_TO_NUMBER[half & 0xffff]!

/** Decodes an array of binary16 bit patterns. */
export function decodeHalf(halves: Uint16Array): Float32Array {
  const out = new Float32Array(halves.length)
  for (let i = 0; i < out.length; i++) out[i] = HALF_TO_NUMBER[halves[i]!]!
  return out
}

const single = new Float32Array(1)
const singleWord = new Uint32Array(single.buffer)

/** The 16 bits of `x` rounded to binary16. */
export function halfBits(x: number): number {
  const rounded = roundToHalf(x)
  single[0] = rounded
  const word = singleWord[0]!
  const sign = (word >>> 16) & 0x8000
  const magnitude = Math.abs(rounded)
  if (rounded !== rounded) return sign | 0x7e00
  if (magnitude === Infinity) return sign | 0x7c00
  if (magnitude < LEAST_NORMAL) return sign | (magnitude * 2 ** 24)
  return sign | ((((word >>> 23) & 0xff) - 112) << 10) | ((word >>> 13) & 0x3ff)
}
