/**
 * MIL `linear`, `matmul`, `einsum` and `scaled_dot_product_attention`. From iOS17 on weight and bias of `linear` and a constant operand
 * of `matmul` may have another dtype; the result has that of x, or of the operand that is no constant.
 */
import type { Tensor } from '../../../../kernels/tensor.js'
import { withShape } from '../../../../kernels/tensor.js'
import { boolean, optionalTensor, tensor, tensors, text } from '../../parameters.js'
import { type Op, op } from '../op.js'
import {
  affine,
  attention,
  einsum as contract,
  contractedTerms,
  isMatrixDtype,
  type Matrix,
  multiplyMatrices,
  type Single,
} from '../semantics/linear.js'

const numeric = ['float32', 'float16', 'int32'] as const
const single = ['float32', 'float16'] as const

const linear = op({
  type: 'linear',
  specification: 'iOS15 linear',
  parameters: {
    x: tensor<Matrix>({ types: numeric, rank: [1, 5] }),
    weight: tensor<Matrix>({ types: numeric, rank: 2 }),
    bias: optionalTensor<Matrix>({ types: numeric, rank: 1 }),
  },
  rounding: 'accumulating',
  terms: ({ weight }) => weight.shape[1]!,
  run: ({ x, weight, bias }, context) => affine(x, weight, bias, context),
})

const matmul = op({
  type: 'matmul',
  specification: 'iOS15 linear',
  parameters: {
    x: tensor<Matrix>({ types: numeric, rank: [1, 5] }),
    y: tensor<Matrix>({ types: numeric, rank: [1, 5] }),
    transpose_x: boolean({ default: false }),
    transpose_y: boolean({ default: false }),
  },
  rounding: 'accumulating',
  terms: ({ x, transpose_x: transposed }) => x.shape.at(transposed && x.shape.length > 1 ? -2 : -1)!,
  run({ x, y, transpose_x: turnX, transpose_y: turnY }, context) {
    const isRowX = x.shape.length === 1
    const isColumnY = y.shape.length === 1
    const left = isRowX ? withShape(x, [1, ...x.shape]) : x
    const right = isColumnY ? withShape(y, [...y.shape, 1]) : y
    const declared = context.declared(0).dtype
    const dtype = x.dtype === y.dtype || !isMatrixDtype(declared) ? x.dtype : declared
    const result = multiplyMatrices(left, right, { transposeA: turnX && !isRowX, transposeB: turnY && !isColumnY }, dtype, context)
    const rank = result.shape.length
    return withShape(
      result,
      result.shape.filter((_, axis) => !(isRowX && axis === rank - 2) && !(isColumnY && axis === rank - 1)),
    )
  },
})

const einsum = op({
  type: 'einsum',
  specification: 'iOS15 linear',
  parameters: { values: tensors<Single>({ types: single, least: 2, most: 2 }), equation: text() },
  rounding: 'accumulating',
  terms: ({ values: [a], equation }) => contractedTerms(a!, equation),
  run: ({ values: [a, b], equation }, context) => contract(a!, b!, equation, context),
})

const scaledDotProductAttention = op({
  type: 'scaled_dot_product_attention',
  specification: 'iOS18 transformers',
  since: 'iOS18',
  parameters: {
    query: tensor<Single>({ types: single, rank: [3, 5] }),
    key: tensor<Single>({ types: single, rank: [3, 5] }),
    value: tensor<Single>({ types: single, rank: [3, 5] }),
    attn_mask: optionalTensor<Single | Tensor<'bool'>>({ types: ['bool', 'float32', 'float16'] }),
  },
  rounding: 'accumulating',
  terms: ({ query, key }) => query.shape.at(-1)! + key.shape.at(-2)!,
  run: ({ query, key, value, attn_mask: mask }, context) => attention(query, key, value, mask, context),
})

export const linearOps: readonly Op[] = [linear, matmul, einsum, scaledDotProductAttention]
