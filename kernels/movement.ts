/** Kernels that rearrange a tensor's elements: transposition, slices, joining and splitting, repetition. All take any dtype. */
import { copyView, dimensioned, materialize, sliced, type View, viewOf, wordsOf, write } from './strided.js'
import { stridesOf, type Tensor, tensor, withShape } from './tensor.js'

/** Dimension i of the result is dimension permutation[i] of the operand. */
export function transpose<T extends Tensor>(value: T, permutation: readonly number[]): T {
  const view = viewOf(wordsOf(value), value.shape).transpose(...permutation)
  const kept = permutation.filter((axis) => value.shape[axis] !== 1)
  if (kept.every((axis, i) => i === 0 || kept[i - 1]! < axis)) return withShape(value, view.shape)
  return materialize(value, view)
}

/** Elements begins[i] + k * steps[i], k < sizes[i], of each dimension i; steps may be negative. */
export function slice<T extends Tensor>(value: T, begins: readonly number[], sizes: readonly number[], steps?: readonly number[]): T {
  if (sizes.every((size, axis) => size === value.shape[axis]) && !steps?.some((step, axis) => step < 0 && sizes[axis]! > 1)) {
    return withShape(value, sizes)
  }
  return materialize(value, sliced(viewOf(wordsOf(value), value.shape), begins, sizes, steps))
}

/** A copy of `value` with `update` ([sizes]) in place of the elements that `slice` of the same begins and steps takes. */
export function updateSlice<T extends Tensor>(
  value: T,
  update: Tensor,
  begins: readonly number[],
  sizes: readonly number[],
  steps?: readonly number[],
): T {
  const result = { ...value, shape: [...value.shape], data: value.data.slice() }
  write(sliced(viewOf(wordsOf(result), value.shape), begins, sizes, steps), withShape(update, sizes))
  return result
}

/** The dimensions in `axes` backwards. */
export function reverse<T extends Tensor>(value: T, axes: readonly number[]): T {
  const begins = value.shape.map((size, axis) => (axes.includes(axis) ? size - 1 : 0))
  const steps = value.shape.map((_, axis) => (axes.includes(axis) ? -1 : 1))
  return slice(value, begins, value.shape, steps)
}

/** For each index b of `batchAxis`, the first lengths[b] elements of `sequenceAxis` backwards, the rest as they are. */
export function reverseSequence<T extends Tensor>(value: T, lengths: ArrayLike<number>, sequenceAxis: number, batchAxis: number): T {
  const result = { ...value, shape: [...value.shape], data: value.data.slice() }
  const [source, target] = [viewOf(wordsOf(value), value.shape), viewOf(wordsOf(result), value.shape)]
  for (let batch = 0; batch < value.shape[batchAxis]!; batch++) {
    const length = lengths[batch]!
    const part = (whole: View, first: number, step: number): View => {
      const begins = value.shape.map((_, axis) => (axis === batchAxis ? batch : axis === sequenceAxis ? first : 0))
      const sizes = value.shape.map((size, axis) => (axis === batchAxis ? 1 : axis === sequenceAxis ? length : size))
      return sliced(
        whole,
        begins,
        sizes,
        value.shape.map((_, axis) => (axis === sequenceAxis ? step : 1)),
      )
    }
    copyView(part(source, length - 1, -1), part(target, 0, 1))
  }
  return result
}

/** The operand repeated along dimensions of size 1 (and in new leading ones) up to `shape`. */
export function broadcastTo<T extends Tensor>(value: T, shape: readonly number[]): T {
  const lead = shape.length - value.shape.length
  const strides = stridesOf(value.shape)
  const dimensions = shape.map((size, axis) => [size, axis < lead || value.shape[axis - lead] === 1 ? 0 : strides[axis - lead]!] as const)
  if (lead === 0 && shape.every((size, axis) => size === value.shape[axis])) return value
  return materialize(value, dimensioned(wordsOf(value), dimensions))
}

/** Dimension i repeated repetitions[i] times. */
export function tile<T extends Tensor>(value: T, repetitions: readonly number[]): T {
  const strides = stridesOf(value.shape)
  const shape = value.shape.map((size, axis) => size * repetitions[axis]!)
  if (repetitions.every((count) => count === 1)) return value
  const dimensions = value.shape.flatMap((size, axis) => [[repetitions[axis]!, 0] as const, [size, strides[axis]!] as const])
  return withShape(materialize(value, dimensioned(wordsOf(value), dimensions)), shape)
}

/** Operands one after the other along `axis`; `interleave` takes an index of each in turn (equal shapes then). */
export function concat<T extends Tensor>(values: readonly T[], axis: number, interleave = false): T {
  const first = values[0]!
  if (values.length === 1) return first
  const shape = first.shape.map((size, i) => (i === axis ? values.reduce((total, value) => total + value.shape[axis]!, 0) : size))
  const result = tensor(first.dtype, shape) as T
  const whole = viewOf(wordsOf(result), shape)
  let position = 0
  values.forEach((value, i) => {
    const begins = shape.map((_, j) => (j !== axis ? 0 : interleave ? i : position))
    const steps = interleave ? shape.map((_, j) => (j === axis ? values.length : 1)) : undefined
    write(sliced(whole, begins, value.shape, steps), value)
    position += value.shape[axis]!
  })
  return result
}

/** Operands of one shape under a new dimension at `axis`. */
export function stack<T extends Tensor>(values: readonly T[], axis: number): T {
  const shape = values[0]!.shape
  return concat(
    values.map((value) => withShape(value, [...shape.slice(0, axis), 1, ...shape.slice(axis)])),
    axis,
  )
}

/** Consecutive parts of `axis`, of the given sizes. */
export function split<T extends Tensor>(value: T, sizes: readonly number[], axis: number): T[] {
  let position = 0
  return sizes.map((size) => {
    const begins = value.shape.map((_, i) => (i === axis ? position : 0))
    position += size
    return slice(
      value,
      begins,
      value.shape.map((whole, i) => (i === axis ? size : whole)),
    )
  })
}

/** All windows of `size` elements of `axis`, `step` apart: [..., windows, size, ...]. */
export function slidingWindows<T extends Tensor>(value: T, axis: number, size: number, step: number): T {
  const strides = stridesOf(value.shape)
  const windows = Math.floor((value.shape[axis]! - size) / step) + 1
  const dimensions = value.shape.flatMap((whole, i) => {
    const stride = strides[i]!
    return i === axis ? [[windows, stride * step] as const, [size, stride] as const] : [[whole, stride] as const]
  })
  return materialize(value, dimensioned(wordsOf(value), dimensions))
}
