/**
 * Normalizations. Sums are taken as `Arithmetic.sum` says, in the order of kernels/sum.ts; what follows them is computed in double and
 * rounded once an element.
 */
import type { Arithmetic } from './arithmetic.js'
import { roundToHalf } from './float16.js'
import { sumOf } from './sum.js'

const { fround } = Math

/** Data as [outer, channels, inner]. */
export interface ChannelShape {
  outer: number
  channels: number
  inner: number
}

export interface RowNormalization {
  /** Elements of a row. */
  length: number
  epsilon: number
  /** False: only the mean is taken off. @default true */
  divide?: boolean
  scale?: Float32Array | undefined
  shift?: Float32Array | undefined
  /** What `scale` and `shift` run along: the elements of a row, or the rows, over and over. */
  affineBy: 'element' | 'row'
}

/** Each row with mean and variance (over its length, not one less) taken off: scale * (x - mean) / sqrt(variance + epsilon) + shift. */
export function normalizeRows(input: Float32Array, parameters: RowNormalization, { sum }: Arithmetic): Float32Array {
  const { length, epsilon, divide = true, scale, shift, affineBy } = parameters
  const out = new Float32Array(input.length)
  const squares = new Float32Array(divide ? length : 0)
  for (let row = 0, start = 0; start < input.length; row++, start += length) {
    const mean = fround(sumOf(input, start, length, sum) / length)
    for (let i = 0; i < squares.length; i++) {
      const deviation = fround(input[start + i]! - mean)
      squares[i] = deviation * deviation
    }
    const divisor = divide ? Math.sqrt(fround(sumOf(squares, 0, length, sum) / length) + epsilon) : 1
    for (let i = 0; i < length; i++) {
      const at = affineBy === 'element' ? i : row
      const factor = scale ? scale[at % scale.length]! : 1
      out[start + i] = ((input[start + i]! - mean) / divisor) * factor + (shift ? shift[at % shift.length]! : 0)
    }
  }
  return out
}

export interface ChannelNormalization {
  mean: Float32Array
  variance: Float32Array
  scale?: Float32Array | undefined
  shift?: Float32Array | undefined
  epsilon: number
}

/** scale * (x - mean) / sqrt(variance + epsilon) + shift, each of them by channel. */
export function normalizeChannels(
  input: Float32Array,
  { outer, channels, inner }: ChannelShape,
  parameters: ChannelNormalization,
): Float32Array {
  const { mean, variance, scale, shift, epsilon } = parameters
  const out = new Float32Array(input.length)
  let at = 0
  for (let i = 0; i < outer; i++) {
    for (let channel = 0; channel < channels; channel++) {
      const center = mean[channel]!
      const factor = (scale ? scale[channel]! : 1) / Math.sqrt(variance[channel]! + epsilon)
      const offset = shift ? shift[channel]! : 0
      for (const end = at + inner; at < end; at++) out[at] = (input[at]! - center) * factor + offset
    }
  }
  return out
}

/** Each row over the root of the sum of its squares: x / sqrt(Σ x² + epsilon). */
export function l2NormalizeRows(input: Float32Array, length: number, epsilon: number, { sum }: Arithmetic): Float32Array {
  const out = new Float32Array(input.length)
  const squares = new Float32Array(length)
  for (let start = 0; start < input.length; start += length) {
    for (let i = 0; i < length; i++) squares[i] = input[start + i]! * input[start + i]!
    const norm = Math.sqrt(sumOf(squares, 0, length, sum) + epsilon)
    for (let i = 0; i < length; i++) out[start + i] = input[start + i]! / norm
  }
  return out
}

export interface LocalResponse {
  size: number
  alpha: number
  beta: number
  k: number
}

/**
 * x / (k + alpha / size * Σ x²)^beta, the sum over a window of `size` channels in ascending order: floor(size / 2) before the element's own
 * channel, itself, and the rest after it.
 */
export function normalizeLocally(input: Float32Array, shape: ChannelShape, parameters: LocalResponse, { sum }: Arithmetic): Float32Array {
  const { outer, channels, inner } = shape
  const { size, alpha, beta, k } = parameters
  const out = new Float32Array(input.length)
  const add =
    sum === 'float16' ? (total: number, x: number) => roundToHalf(fround(total + x)) : (total: number, x: number) => fround(total + x)
  const before = Math.floor(size / 2)
  for (let i = 0; i < outer; i++) {
    const start = i * channels * inner
    for (let channel = 0; channel < channels; channel++) {
      const first = Math.max(0, channel - before)
      const end = Math.min(channels, channel - before + size)
      for (let j = 0; j < inner; j++) {
        let total = 0
        for (let other = first; other < end; other++) {
          const x = input[start + other * inner + j]!
          total = add(total, fround(x * x))
        }
        const at = start + channel * inner + j
        out[at] = input[at]! / (k + (alpha / size) * total) ** beta
      }
    }
  }
  return out
}
