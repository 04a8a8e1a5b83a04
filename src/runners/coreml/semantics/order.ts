/** What sorting and running sums of both dialects share. */
import { sortIndices, takeAlong } from '../../../../kernels/order.js'
import { type NumberArray, type NumberDType, type NumberTensor, tensor } from '../../../../kernels/tensor.js'
import type { Context } from '../op.js'
import { axisOf } from './shapes.js'

/** Indices held as `dtype`. */
export function indexTensor(dtype: NumberDType, { shape, indices }: { shape: number[]; indices: Int32Array }): NumberTensor {
  const result = tensor(dtype, shape) as NumberTensor
  ;(result.data as NumberArray).set(indices)
  return result
}

export interface TopK {
  k: number
  axis: number
  ascending: boolean
  /** dtype of the indices. */
  indices: NumberDType
}

/** The k largest (ascending: smallest) elements along an axis, best first, and their indices. */
export function topK(x: NumberTensor, { k, axis, ascending, indices: dtype }: TopK, context: Context): [NumberTensor, NumberTensor] {
  const along = axisOf(axis, x.shape.length, context)
  const size = x.shape[along]!
  if (!(k >= 0 && k <= size)) context.fail(`k is ${k}, expected 0 to ${size} for axis ${axis} of shape [${x.shape}]`)
  const best = sortIndices(x, along, ascending, k)
  return [takeAlong(x, along, best.shape, best.indices), indexTensor(dtype, best)]
}
