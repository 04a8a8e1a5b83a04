/** Running sums along one axis. */
import type { Arithmetic } from './arithmetic.js'
import { roundToHalf } from './float16.js'
import { allocate, isFloat, type NumberArray, type NumberTensor, sizeOf } from './tensor.js'

export interface RunningSum {
  axis: number
  /** Each element's sum leaves the element itself out: the first is 0. */
  exclusive: boolean
  /** From the last element to the first. */
  reverse: boolean
}

/**
 * Running sums; shape and dtype stay. Every step is rounded to float32, and to binary16 as well where `arithmetic.sum` says so; integers
 * wrap.
 */
export function cumulativeSum<T extends NumberTensor>(x: T, { axis, exclusive, reverse }: RunningSum, arithmetic: Arithmetic): T {
  const count = x.shape[axis]!
  const inner = sizeOf(x.shape.slice(axis + 1))
  const data = allocate(x.dtype, x.data.length) as NumberArray
  const source = x.data
  const half = arithmetic.sum === 'float16' && isFloat(x.dtype)
  const step = reverse ? -inner : inner
  for (let plane = 0; plane < data.length; plane += count * inner) {
    const first = plane + (reverse ? (count - 1) * inner : 0)
    // inclusive: out[k] = out[k - 1] + x[k]; exclusive: out[k] = out[k - 1] + x[k - 1]
    for (let i = 0; i < inner; i++) data[first + i] = exclusive ? 0 : source[first + i]!
    for (let k = 1, at = first + step; k < count; k++, at += step) {
      const term = exclusive ? at - step : at
      for (let i = 0; i < inner; i++) {
        const sum = data[at - step + i]! + source[term + i]!
        data[at + i] = half ? roundToHalf(Math.fround(sum)) : sum
      }
    }
  }
  return { ...x, data }
}
