/**
 * Random numbers that are the same everywhere: xoshiro128** (Blackman and Vigna, 2018), its state filled by splitmix32 from the seed and
 * a stream's numbers. Uniform numbers take 32 bits; normal ones come from Marsaglia's polar method, whose only function beyond
 * arithmetic and square roots is the logarithm, and are rounded to float32.
 */

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
