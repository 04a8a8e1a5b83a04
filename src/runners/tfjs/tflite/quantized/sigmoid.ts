/** The logistic function and tanh on int16, by a table of the logistic function of i / 24 in 16 fractional bits. */
import type { Affine } from './affine.js'

/** Entries of the published table that are one above the nearest integer. */
const ROUNDED_UP = new Set([
  4, 8, 12, 14, 15, 16, 17, 19, 20, 21, 22, 25, 27, 28, 29, 30, 31, 33, 34, 35, 37, 39, 40, 41, 43, 44, 45, 46, 49, 50, 54, 62, 63, 64, 66,
  82, 86, 93, 100, 103, 112, 116, 135, 255,
])

const TABLE = Array.from({ length: 256 }, (_, i) => Math.round(65536 / (1 + Math.exp(-i / 24))) + Number(ROUNDED_UP.has(i)))

interface Rescaling {
  multiplier: number
  shift: number
}

/** From the input's scale to 1 / (3 * 4096); inputs of a scale of 2^-12 (or its double, for tanh) need three quarters alone. */
function rescalingOf({ scale }: Affine, maxShift: number): Rescaling {
  const log = Math.log2(scale)
  const exact = Math.round(log)
  if (Math.abs(log - exact) < 1e-3 && exact + 12 >= 0 && exact + 12 <= maxShift) return { multiplier: 3 * 2 ** (exact + 12), shift: 0 }
  let multiplier = scale * 4096 * 3
  let shift = 0
  for (; multiplier <= 32767 / 2 && shift <= 30; shift++) multiplier *= 2
  return { multiplier: Math.trunc(multiplier), shift }
}

const rescale = (q: number, { multiplier, shift }: Rescaling): number => (q * multiplier + (shift > 0 ? 2 ** (shift - 1) : 0)) >> shift

/** int16 of the input's scale to int16 of scale 2^-15. */
export function logisticOfWords(input: Affine): (q: number) => number {
  const rescaling = rescalingOf(input, 0)
  return (q) => {
    const x = rescale(q, rescaling)
    const magnitude = Math.abs(x)
    const index = magnitude >>> 9
    const raw = index >= 255 ? 0x7fff << 10 : (TABLE[index]! << 9) + (magnitude & 0x1ff) * (TABLE[index + 1]! - TABLE[index]!)
    return (x >= 0 ? raw + 512 : 2 ** 25 - raw + 511) >>> 10
  }
}

/** tanh(x) = 2 logistic(2 x) - 1, from the same table. */
export function tanhOfWords(input: Affine): (q: number) => number {
  const rescaling = rescalingOf(input, 1)
  return (q) => {
    const x = rescale(q, rescaling)
    const magnitude = Math.abs(x)
    const index = magnitude >>> 8
    const raw = index >= 255 ? 0xffff << 8 : (TABLE[index]! << 8) + (magnitude & 0xff) * (TABLE[index + 1]! - TABLE[index]!)
    return (x >= 0 ? raw - 2 ** 23 + 128 : -raw + 2 ** 23 + 127) >> 8
  }
}
