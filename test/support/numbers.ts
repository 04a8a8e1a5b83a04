/** Numbers for property tests: always the same for the same seed. */
import { roundToHalf } from '../../kernels/float16.js'

/** Uniform in [0, 1). */
export function generator(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
}

/** float32 numbers within ±2. */
export function singles(count: number, seed: number): Float32Array {
  const next = generator(seed)
  return Float32Array.from({ length: count }, () => 4 * next() - 2)
}

/** Numbers within ±2 that binary16 has. */
export const halves = (count: number, seed: number): Float32Array => singles(count, seed).map(roundToHalf)

/** Whole numbers within ±`most`. */
export function whole(count: number, seed: number, most = 8): Float32Array {
  const next = generator(seed)
  return Float32Array.from({ length: count }, () => Math.floor(next() * (2 * most + 1)) - most)
}
