/**
 * Random samples that are the same everywhere: xoshiro128** (Blackman and Vigna, 2018), its state filled by splitmix32 from the seed and
 * a stream's numbers. Uniform numbers take 32 bits; normal ones come from Marsaglia's polar method, whose only function beyond
 * arithmetic and square roots is the logarithm, and are rounded to float32.
 */

import { roundToHalfInPlace } from '../../kernels/float16.js'
import { allocate, type DType, sizeOf, type Tensor } from '../../kernels/tensor.js'

/** 32 random bits a call; changes `state`, four words of which one is not 0. */
export function nextBits(state: Uint32Array): number {
  const result = Math.imul(rotate(Math.imul(state[1]!, 5), 7), 9) >>> 0
  const shifted = state[1]! << 9
  state[2]! ^= state[0]!
  state[3]! ^= state[1]!
  state[1]! ^= state[2]!
  state[0]! ^= state[3]!
  state[2]! ^= shifted
  state[3] = rotate(state[3]!, 11)
  return result
}

const rotate = (word: number, by: number): number => (word << by) | (word >>> (32 - by))

export class Random {
  readonly #state: Uint32Array
  #spare: number | null = null

  /** @param seed any safe integer. @param stream tells independent sequences of one seed apart: sample, input. */
  constructor(seed: number, ...stream: number[]) {
    let state = 0
    const mix = (): number => {
      state = (state + 0x9e3779b9) | 0
      let word = state
      word = Math.imul(word ^ (word >>> 16), 0x21f0aaad)
      word = Math.imul(word ^ (word >>> 15), 0x735a2d97)
      return (word ^ (word >>> 15)) >>> 0
    }
    for (const part of [seed, ...stream]) {
      for (const word of [part % 2 ** 32, Math.floor(part / 2 ** 32)]) {
        state ^= word
        state = mix()
      }
    }
    this.#state = Uint32Array.from({ length: 4 }, mix)
  }

  /** In [0, 1). */
  uniform(): number {
    return nextBits(this.#state) / 2 ** 32
  }

  /** An integer in [least, most], both safe and less than 2^32 apart. */
  integer(least: number, most: number): number {
    return least + Math.floor(this.uniform() * (most - least + 1))
  }

  /** Mean 0, variance 1, rounded to float32. */
  normal(): number {
    if (this.#spare !== null) {
      const spare = this.#spare
      this.#spare = null
      return spare
    }
    for (;;) {
      const u = 2 * this.uniform() - 1
      const v = 2 * this.uniform() - 1
      const square = u * u + v * v
      if (square >= 1 || square === 0) continue
      const factor = Math.sqrt((-2 * Math.log(square)) / square)
      this.#spare = Math.fround(v * factor)
      return Math.fround(u * factor)
    }
  }
}

/** Integers that an input of each dtype takes whatever it means: whole bytes, and small numbers for what may be an index. */
const INTEGERS: Partial<Record<DType, readonly [number, number]>> = {
  bool: [0, 1],
  uint1: [0, 1],
  uint2: [0, 3],
  uint3: [0, 7],
  int4: [-8, 7],
  uint8: [0, 255],
  int8: [-128, 127],
}
const SMALL = [0, 9] as const
/** float16 holds whole numbers up to here. */
const MOST_ENTRIES = 2048

/**
 * A plausible array: standard normal floats, bytes of their whole range, other integers from 0 to 9, letters for words; of an input that is
 * read as indices, whole numbers below `entries`, whatever the dtype.
 */
export function randomTensor(random: Random, dtype: DType, shape: readonly number[], entries?: number): Tensor {
  const data = allocate(dtype, sizeOf(shape)) as { [index: number]: number | bigint | string; length: number }
  const [least, most] = entries === undefined ? (INTEGERS[dtype] ?? SMALL) : [0, Math.min(entries, MOST_ENTRIES) - 1]
  const next: Partial<Record<DType, () => number | bigint | string>> = {
    float16: () => random.normal(),
    float32: () => random.normal(),
    float64: () => random.normal(),
    complex64: () => random.normal(),
    int64: () => BigInt(random.integer(least, most)),
    uint64: () => BigInt(random.integer(least, most)),
    string: () => String.fromCharCode(97 + random.integer(0, 25)),
  }
  const isWhole = entries !== undefined && !/^u?int64$|string/.test(dtype)
  const draw = (isWhole ? undefined : next[dtype]) ?? (() => random.integer(least, most))
  for (let i = 0; i < data.length; i++) data[i] = draw()
  if (dtype === 'float16') roundToHalfInPlace(data as unknown as Float32Array)
  return { dtype, shape: [...shape], data } as unknown as Tensor
}

/** uint8 [height, width, 3], or [height, width] for one channel, of uniform pixels. */
export function randomPicture(random: Random, height: number, width: number, channels: number): Tensor<'uint8'> {
  const shape = channels === 1 ? [height, width] : [height, width, channels]
  const data = new Uint8Array(sizeOf(shape))
  for (let i = 0; i < data.length; i++) data[i] = random.integer(0, 255)
  return { dtype: 'uint8', shape, data }
}
