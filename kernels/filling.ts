/** Kernels that make tensors from numbers: ranges, one-hot vectors, and matrices with only some of their diagonals. */
import { allocate, type DType, type NumberArray, type NumberDType, sizeOf, type Tensor, tensor } from './tensor.js'

/** A tensor of one value. */
export function fill<D extends DType>(dtype: D, shape: readonly number[], value: number): Tensor<D> {
  const result = tensor(dtype, shape)
  if (!Object.is(value, 0)) (result.data as NumberArray).fill(value)
  return result
}

/** Elements that `range` makes: as many as lie before `end`. */
export const rangeLength = (start: number, end: number, step: number): number => Math.max(0, Math.ceil((end - start) / step))

/** start, start + step, … up to `end`, without it; each element is rounded once. */
export function range<D extends NumberDType>(dtype: D, start: number, end: number, step: number): Tensor<D> {
  const data = allocate(dtype, rangeLength(start, end, step)) as NumberArray
  for (let i = 0; i < data.length; i++) data[i] = start + i * step
  return tensor(dtype, [data.length], data as Tensor<D>['data'])
}

/** A new dimension of `depth` at `axis`: `on` at each index, else `off`; an index outside [0, depth) gives `off` alone. */
export function oneHot<D extends NumberDType>(
  dtype: D,
  indices: ArrayLike<number>,
  shape: readonly number[],
  { depth, axis, on, off }: { depth: number; axis: number; on: number; off: number },
): Tensor<D> {
  const result = fill(dtype, [...shape.slice(0, axis), depth, ...shape.slice(axis)], off)
  const data = result.data as NumberArray
  const inner = sizeOf(shape.slice(axis))
  for (let i = 0; i < indices.length; i++) {
    const index = Math.trunc(indices[i]!)
    if (index >= 0 && index < depth) data[(Math.floor(i / inner) * depth + index) * inner + (i % inner)] = on
  }
  return result
}

/** The operand's matrices [..., M, N] with zeros wherever the diagonal n - m is not in [lowest, highest]. */
export function keepDiagonals<T extends Tensor>(value: T, lowest: number, highest: number): T {
  const [rows, columns] = value.shape.slice(-2) as [number, number]
  const data = value.data.slice() as NumberArray
  const matrices = sizeOf(value.shape.slice(0, -2))
  for (let row = 0; row < matrices * rows; row++) {
    const m = row % rows
    const first = Math.min(columns, Math.max(0, m + lowest))
    const last = Math.max(first, Math.min(columns, m + highest + 1))
    data.fill(0, row * columns, row * columns + first)
    data.fill(0, row * columns + last, (row + 1) * columns)
  }
  return { ...value, data }
}
