/** Sorting along one axis. Equal elements keep their order, and NaN goes last in either direction. */
import { allocate, type NumberArray, type NumberTensor, sizeOf } from './tensor.js'

/**
 * Indices along `axis` that put the elements in order, the first `count` of them: shape of x with `count` in that axis.
 */
export function sortIndices(
  x: NumberTensor,
  axis: number,
  ascending: boolean,
  count = x.shape[axis]!,
): { shape: number[]; indices: Int32Array } {
  const { data, shape } = x
  const size = shape[axis]!
  const inner = sizeOf(shape.slice(axis + 1))
  const outer = sizeOf(shape.slice(0, axis))
  const indices = new Int32Array(outer * count * inner)
  const keys = new Float64Array(size)
  const order = new Int32Array(size)
  const byKey = (a: number, b: number) => (keys[a]! < keys[b]! ? -1 : keys[a]! > keys[b]! ? 1 : isNaNLast(keys[a]!, keys[b]!) || a - b)
  for (let o = 0; o < outer; o++) {
    for (let i = 0; i < inner; i++) {
      for (let k = 0; k < size; k++) {
        const value = data[(o * size + k) * inner + i]!
        keys[k] = ascending ? value : -value
        order[k] = k
      }
      order.sort(byKey)
      for (let k = 0; k < count; k++) indices[(o * count + k) * inner + i] = order[k]!
    }
  }
  return { shape: shape.map((n, i) => (i === axis ? count : n)), indices }
}

const isNaNLast = (a: number, b: number): number => Number(a !== a) - Number(b !== b)

/** The elements that `indices` name along `axis`; `indices` has as many elements as the result, which has `shape`. */
export function takeAlong<T extends NumberTensor>(x: T, axis: number, shape: number[], indices: Int32Array): T {
  const inner = sizeOf(shape.slice(axis + 1))
  const count = shape[axis]!
  const size = x.shape[axis]!
  const data = allocate(x.dtype, indices.length) as NumberArray
  for (let at = 0; at < indices.length; at++) {
    data[at] = x.data[(Math.floor(at / (count * inner)) * size + indices[at]!) * inner + (at % inner)]!
  }
  return { ...x, shape, data }
}
