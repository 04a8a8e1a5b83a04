/** Random values. */
import { sizeOf, type Tensor, tensor } from '../../../../kernels/tensor.js'
import { bounded } from '../geometry/bounds.js'

/** Numbers in [0, 1) (mulberry32). */
export function generator(seed: number, seed2: number): () => number {
  let state = (seed ^ Math.imul(seed2, 0x9e3779b9)) | 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** Box and Muller's transform. */
export const normal = (uniform: () => number): number => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform())

export const drawn = (shape: readonly number[], draw: () => number): Tensor =>
  tensor('float32', bounded(shape), Float32Array.from({ length: sizeOf(shape) }, draw))

/** For each row of logits, `count` classes drawn with the probabilities of their softmax. */
export function drawnClasses({ shape, data }: Tensor<'float32'>, count: number, uniform: () => number): number[] {
  const [batch, classes] = shape as [number, number]
  bounded([batch, count])
  return Array.from({ length: batch * count }, (_, i) => {
    const logits = data.subarray(Math.floor(i / count) * classes, (Math.floor(i / count) + 1) * classes)
    const largest = logits.reduce((a, b) => Math.max(a, b), -Infinity)
    const weights = Array.from(logits, (logit) => Math.exp(logit - largest))
    let rest = uniform() * weights.reduce((sum, weight) => sum + weight, 0)
    const chosen = weights.findIndex((weight) => (rest -= weight) < 0)
    return chosen < 0 ? classes - 1 : chosen
  })
}
