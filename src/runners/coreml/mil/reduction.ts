/** MIL reductions (iOS15 and iOS17 reduction). */
import { argReduce, type ReductionName } from '../../../../kernels/reduce.js'
import type { NumberTensor } from '../../../../kernels/tensor.js'
import { boolean, integer, integers, tensor, text } from '../../parameters.js'
import { type Context, type Op, op } from '../op.js'
import { NUMBERS } from '../semantics/elementwise.js'
import { indexTensor } from '../semantics/order.js'
import { REDUCTIONS, reduceAxes, reducedTerms, reductionIntermediates, without } from '../semantics/reduction.js'
import { axisOf } from '../semantics/shapes.js'

const x = tensor<NumberTensor>({ types: NUMBERS })
const keep_dims = boolean({ default: false })

const OVER_AXES: Readonly<Record<string, ReductionName>> = {
  reduce_l1_norm: 'l1',
  reduce_l2_norm: 'l2',
  reduce_log_sum: 'logSum',
  reduce_log_sum_exp: 'logSumExp',
  reduce_max: 'max',
  reduce_mean: 'mean',
  reduce_min: 'min',
  reduce_prod: 'prod',
  reduce_sum: 'sum',
  reduce_sum_square: 'sumSquare',
}

const OVER_AXIS = { reduce_argmax: 'max', reduce_argmin: 'min' } as const

interface ArgReduction {
  x: NumberTensor
  axis: number
  keep_dims: boolean
  output_dtype?: 'int32' | 'uint16' | undefined
}

function runArgReduction(name: 'max' | 'min', { x, axis, keep_dims, output_dtype = 'int32' }: ArgReduction, context: Context) {
  const reduced = axisOf(axis, x.shape.length, context)
  if (x.shape[reduced] === 0) context.fail(`reduces x of shape [${x.shape}] over no elements`)
  const result = indexTensor(output_dtype, argReduce(name, x, reduced))
  return keep_dims ? result : without(result, [reduced])
}

const argParameters = { x, axis: integer({ default: -1 }), keep_dims }

export const reductionOps: readonly Op[] = [
  ...Object.entries(OVER_AXES).map(([type, name]) =>
    op({
      type,
      specification: 'iOS15 reduction',
      parameters: { x, axes: integers({ default: undefined }), keep_dims },
      rounding: REDUCTIONS[name],
      terms: ({ x, axes }) => reducedTerms(x, axes),
      intermediates: ({ x, axes }, results, context) => reductionIntermediates(name, x, axes, results, context),
      run: ({ x, axes, keep_dims }, context) => reduceAxes(name, x, axes, keep_dims, context),
    }),
  ),
  ...Object.entries(OVER_AXIS).flatMap(([type, name]) => [
    op({
      type,
      specification: 'iOS15 reduction',
      parameters: argParameters,
      rounding: 'exact',
      run: (values, context) => runArgReduction(name, values, context),
    }),
    op({
      type,
      specification: 'iOS17 reduction',
      since: 'iOS17',
      parameters: { ...argParameters, output_dtype: text(['int32', 'uint16'] as const, { default: 'int32' }) },
      rounding: 'exact',
      run: (values, context) => runArgReduction(name, values, context),
    }),
  ]),
]
