/** Axes, and tensors of computed sizes. */
import { allocate, type DType, type Tensor } from '../../../../kernels/tensor.js'
import { misshapen } from '../refusals.js'

/**
 * An axis counted from the front; negative ones count from the back.
 * @throws ParityError MODEL_SHAPE for one that `rank` dimensions do not have
 */
export function axisOf(axis: number, rank: number): number {
  const counted = axis < 0 ? axis + rank : axis
  if (!(counted >= 0 && counted < rank)) throw misshapen(`axis ${axis} of ${rank}`)
  return counted
}

/** Axes counted from the front, each once and in order. A scalar has none. */
export function axesOf(axes: readonly number[], rank: number): number[] {
  if (rank === 0) return []
  return [...new Set(axes.map((axis) => axisOf(axis, rank)))].sort((a, b) => a - b)
}

/** A vector of numbers in any dtype. */
export function integerTensor(dtype: DType, numbers: readonly number[]): Tensor {
  const data = allocate(dtype, numbers.length)
  if (data instanceof BigInt64Array || data instanceof BigUint64Array) data.set(numbers.map(BigInt))
  else (data as Float32Array).set(numbers)
  return { dtype, shape: [numbers.length], data } as Tensor
}
