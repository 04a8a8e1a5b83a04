/** Functions of quantized numbers as tables: an entry for each int8 or uint8, 513 entries with interpolation for int16. */
import type { Affine } from './affine.js'
import { clampTo } from './affine.js'
import { round } from './fixed-point.js'

type Real = (x: number) => number

const { fround } = Math

/** The table for integers from `least` to `most` as a function. Numbers on the way are float32. */
export function byteTable(input: Affine, output: Affine, f: Real, range: readonly [number, number]): (q: number) => number {
  const [least, most] = range
  const inverse = fround(1 / output.scale)
  const table = Array.from({ length: most - least + 1 }, (_, i) => {
    const real = fround(input.scale * (i + least - input.zeroPoint))
    return clampTo(fround(round(fround(fround(f(real)) * inverse)) + output.zeroPoint), range)
  })
  return (q) => table[q - least]!
}

const STEPS = 512
const INT16: readonly [number, number] = [-(2 ** 15), 2 ** 15 - 1]

/**
 * A table of 512 steps over int16 as a function that interpolates; each entry is moved by half of the interpolation's error in the middle
 * of its step. `precise` computes the entries in double precision, else in float32.
 */
export function wordTable(input: Affine, output: Affine, f: Real, precise = false): (q: number) => number {
  const to: Real = precise ? (x) => x : fround
  const real = ({ scale, zeroPoint }: Affine, q: number): number => to(scale * (q - zeroPoint))
  const [first, last] = [real(input, INT16[0]), real(input, INT16[1])]
  const step = to(to(last - first) / STEPS)
  const inverse = to(65536 / to(real(output, INT16[1]) - real(output, INT16[0])))
  const at = (i: number, offset = 0): number => to(to(f(to(to(first + to(i * step)) + offset))) * inverse)
  const table = Array.from({ length: STEPS + 1 }, (_, i) => {
    if (i === STEPS) return clampTo(round(to(to(f(last)) * inverse)), INT16)
    const sample = round(at(i))
    const interpolated = round(to(to(at(i + 1) + sample) / 2))
    const error = interpolated - round(at(i, to(step / 2)))
    return clampTo(sample - round(error / 2), INT16)
  })
  return (q) => {
    const index = 256 + (q >> 7)
    const base = table[index]!
    return base + (((table[index + 1]! - base) * (q & 0x7f) + 64) >> 7)
  }
}
