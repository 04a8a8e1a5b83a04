/** MIL `topk` (iOS15, iOS16, iOS17), `argsort` and `cumsum` (iOS15 tensor_operation). */
import { cumulativeSum } from '../../../../kernels/cumulative.js'
import { sortIndices } from '../../../../kernels/order.js'
import type { NumberTensor } from '../../../../kernels/tensor.js'
import { boolean, integer, tensor, text } from '../../parameters.js'
import { type Op, op } from '../op.js'
import { NUMBERS } from '../semantics/elementwise.js'
import { indexTensor, topK } from '../semantics/order.js'
import { axisOf } from '../semantics/shapes.js'

const x = tensor<NumberTensor>({ types: NUMBERS })
const ascending = boolean({ default: false })
const last = integer({ default: -1 })

const topkParameters = { x, k: integer({ default: 1 }), axis: last, ascending }
/** Where `sort` is false any order is right; ours is sorted. */
const topkParameters16 = { ...topkParameters, sort: boolean({ default: true }), return_indices: boolean({ default: true }) }

export const orderOps: readonly Op[] = [
  op({
    type: 'topk',
    specification: 'iOS15 tensor_operation',
    parameters: topkParameters,
    results: 2,
    rounding: 'exact',
    run: ({ x, ...options }, context) => topK(x, { ...options, indices: 'int32' }, context),
  }),
  op({
    type: 'topk',
    specification: 'iOS16 tensor_operation',
    since: 'iOS16',
    parameters: topkParameters16,
    results: 2,
    rounding: 'exact',
    run({ x, return_indices, ...options }, context) {
      const [values, indices] = topK(x, { ...options, indices: 'int32' }, context)
      return return_indices ? [values, indices] : values
    },
  }),
  op({
    type: 'topk',
    specification: 'iOS17 tensor_operation',
    since: 'iOS17',
    parameters: { ...topkParameters16, output_indices_dtype: text(['int32', 'uint16'] as const, { default: undefined }) },
    results: 2,
    rounding: 'exact',
    run({ x, k, return_indices, output_indices_dtype, ...options }, context) {
      if (!return_indices && output_indices_dtype) context.fail('output_indices_dtype is given, but return_indices is false')
      const count = k === -1 ? (x.shape.at(options.axis) ?? 0) : k
      const [values, indices] = topK(x, { ...options, k: count, indices: output_indices_dtype ?? 'int32' }, context)
      return return_indices ? [values, indices] : values
    },
  }),
  op({
    type: 'argsort',
    specification: 'iOS15 tensor_operation',
    parameters: { x, axis: last, ascending },
    rounding: 'exact',
    run: ({ x, axis, ascending }, context) => indexTensor('int32', sortIndices(x, axisOf(axis, x.shape.length, context), ascending)),
  }),
  op({
    type: 'cumsum',
    specification: 'iOS15 tensor_operation',
    parameters: { x, axis: integer({ default: 0 }), exclusive: boolean({ default: false }), reverse: boolean({ default: false }) },
    rounding: 'accumulating',
    terms: ({ x, axis }) => x.shape.at(axis) ?? 1,
    run: ({ x, axis, exclusive, reverse }, context) =>
      cumulativeSum(x, { axis: axisOf(axis, x.shape.length, context), exclusive, reverse }, context.arithmetic),
  }),
]
