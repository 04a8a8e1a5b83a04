/** Axes, and tensors of computed sizes. */
import type { DType, Tensor } from '../../../../kernels/tensor.js'
import { allocate } from '../../../../kernels/tensor.js'
import type { Operator } from '../operator.js'

/** An axis counted from the front; negative ones count from the back. */
export function axisOf(op: Operator, axis: number, rank: number): number {
  const counted = axis < 0 ? axis + rank : axis
  if (!(counted >= 0 && counted < rank)) throw op.misshapen(`axis ${axis} of ${rank}`)
  return counted
}

/** The axes of an operand, counted from the front, each once and in order. A scalar has none. */
export function axesOf(op: Operator, operand: number, rank: number): number[] {
  if (rank === 0) return []
  return [...new Set(op.integers(operand).map((axis) => axisOf(op, axis, rank)))].sort((a, b) => a - b)
}

/** A vector of numbers in any dtype. */
export function integerTensor(dtype: DType, numbers: readonly number[]): Tensor {
  const data = allocate(dtype, numbers.length)
  if (data instanceof BigInt64Array || data instanceof BigUint64Array) data.set(numbers.map(BigInt))
  else (data as Float32Array).set(numbers)
  return { dtype, shape: [numbers.length], data } as Tensor
}
