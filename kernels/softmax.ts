/** Softmax along one axis: e^x over the sum of e^x. */
import type { Arithmetic } from './arithmetic.js'
import { sumOf, sumRows } from './sum.js'
import { type FloatTensor, sizeOf } from './tensor.js'

/**
 * Softmax of x along `axis`; shape and dtype stay. The exponentials, rounded to float32, are of x less its largest element;
 * their sum is taken as `arithmetic.sum` says. A line that holds NaN or +Infinity, or nothing but -Infinity, gives NaN there.
 */
export function softmax<T extends FloatTensor>(x: T, axis: number, arithmetic: Arithmetic): T {
  const { data, shape } = x
  const count = shape[axis]!
  const inner = sizeOf(shape.slice(axis + 1))
  const plane = count * inner
  const result = new Float32Array(data.length)
  const shift = new Float32Array(inner)
  const sum = new Float32Array(inner)
  const starts = Int32Array.from({ length: count }, (_, row) => row * inner)
  for (let base = 0; base < data.length; base += plane) {
    largest(data as Float32Array, base, plane, shift)
    for (let at = base; at < base + plane; at += inner) {
      for (let i = 0; i < inner; i++) result[at + i] = Math.exp(data[at + i]! - shift[i]!)
    }
    if (inner === 1) sum[0] = sumOf(result, base, count, arithmetic.sum)
    else sumRows(result, starts, base, sum, arithmetic.sum)
    for (let at = base; at < base + plane; at += inner) {
      for (let i = 0; i < inner; i++) result[at + i] = result[at + i]! / sum[i]!
    }
  }
  return { ...x, data: result }
}

/** into[i] = the largest of x[from + i], x[from + i + into.length], … within a plane. */
function largest(x: Float32Array, from: number, plane: number, into: Float32Array): void {
  const inner = into.length
  into.fill(-Infinity)
  for (let at = from; at < from + plane; at += inner) {
    for (let i = 0; i < inner; i++) if (x[at + i]! > into[i]!) into[i] = x[at + i]!
  }
}
