/** Reductions over axes, of floats and of integers. */
import type { DType, Tensor } from '../../../../kernels/tensor.js'
import { boolean, integer, integers, text } from '../../parameters.js'
import type { Rounding } from '../../rounding.js'
import { axesOf, axisOf, integerTensor } from '../geometry/axes.js'
import { type Reduction, reductionOf } from '../geometry/reduction.js'
import {
  ALL,
  ANY,
  type Better,
  cumulativeSum,
  extremeIndices,
  type Fold,
  type Folds,
  folded,
  LARGEST,
  meanOfFloats,
  meanOfIntegers,
  PRODUCT,
  reduceWindows,
  SMALLEST,
  SUM,
} from '../maths/reduction.js'
import { type Op, type Operand, type Output, only, op, operand } from '../op.js'
import { unsupported } from '../refusals.js'
import { quantizedMean, quantizedProduct, quantizedSum } from './quantized/reduction.js'

type Otherwise = (input: Operand, reduction: Reduction, output: Output) => Tensor

interface Reducer {
  types: readonly DType[]
  rounding: Rounding
  folds: Folds
  /** For every dtype without a fold. */
  otherwise?: Otherwise
}

const reducer = (type: string, { types, rounding, folds, otherwise }: Reducer, kernel = 'reference_ops::ReduceGeneric'): Op =>
  op({
    type,
    specification: `ReducerOptions; ${kernel}`,
    operands: { input: operand(types), axis: integers() },
    attributes: { keep_dims: boolean({ default: false }) },
    rounding,
    run({ input, axis, keep_dims }, { output }) {
      const reduction = reductionOf(input.shape, axesOf(axis, input.shape.length), keep_dims)
      const fold = (folds as { readonly [dtype: string]: Fold<number> | Fold<bigint> | undefined })[input.dtype]
      if (fold) return folded(input, reduction, fold as Fold<number>)
      if (!otherwise) throw unsupported()
      return otherwise(input, reduction, output())
    },
  })

const argument = (type: string, isBetter: Better): Op =>
  op({
    type,
    specification: `${type === 'ARG_MAX' ? 'ArgMaxOptions' : 'ArgMinOptions'}; reference_ops::ArgMinMax`,
    operands: { input: operand(['float32', 'int32', 'int64', 'int8', 'uint8', 'bool']), axis: integer() },
    rounding: 'exact',
    run({ input, axis }, { output }) {
      const counted = axisOf(axis, input.shape.length)
      const indices = extremeIndices(input, counted, isBetter)
      return { ...integerTensor(output().dtype, indices), shape: input.shape.filter((_, i) => i !== counted) }
    },
  })

const WINDOW_STEPS = {
  ADD: (so, x) => so + x,
  MUL: (so, x) => so * x,
  MINIMUM: (so, x) => (x < so ? x : so),
  MAXIMUM: (so, x) => (x > so ? x : so),
  ALL: (so, x) => so & x,
  ANY: (so, x) => so | x,
} as const satisfies { readonly [name: string]: Fold<number>['step'] }
const WINDOW_FUNCTIONS = Object.keys(WINDOW_STEPS) as (keyof typeof WINDOW_STEPS)[]
const WINDOW_TYPES = ['float32', 'float64', 'int8', 'int16', 'int32', 'uint8', 'bool'] as const

const EXTREMA = ['float32', 'int32', 'int64', 'int8', 'uint8', 'int16'] as const

export const REDUCTION: readonly Op[] = [
  reducer('SUM', {
    types: ['float32', 'int16', 'int32', 'int64', 'int8', 'uint8'],
    rounding: 'accumulating',
    folds: SUM,
    otherwise: quantizedSum,
  }),
  reducer(
    'REDUCE_PROD',
    { types: ['float32', 'int32', 'int64', 'int8', 'int16'], rounding: 'accumulating', folds: PRODUCT, otherwise: quantizedProduct },
    'reference_ops::ReduceGeneric, reference_ops::QuantizedReduceProd',
  ),
  reducer('REDUCE_MAX', { types: EXTREMA, rounding: 'exact', folds: LARGEST }),
  reducer('REDUCE_MIN', { types: EXTREMA, rounding: 'exact', folds: SMALLEST }),
  reducer('REDUCE_ANY', { types: ['bool'], rounding: 'exact', folds: ANY }),
  reducer('REDUCE_ALL', { types: ['bool'], rounding: 'exact', folds: ALL }),
  reducer(
    'MEAN',
    {
      types: ['float32', 'int32', 'int64', 'int8', 'uint8', 'int16'],
      rounding: 'accumulating',
      folds: {},
      otherwise(input, reduction, output) {
        if (input.dtype === 'float32') return meanOfFloats(input, reduction)
        if (input.dtype === 'int32' || input.dtype === 'int64') return meanOfIntegers(input, reduction)
        return quantizedMean(input, reduction, output)
      },
    },
    'reference_ops::Mean, reference_ops::QuantizedMeanOrSum',
  ),
  argument('ARG_MAX', (x, best) => x > best),
  argument('ARG_MIN', (x, best) => x < best),
  op({
    type: 'CUMSUM',
    specification: 'CumsumOptions; reference_ops::CumSum',
    operands: { input: operand(['float32', 'int32', 'int64']), axis: integer() },
    attributes: { exclusive: boolean({ default: false }), reverse: boolean({ default: false }) },
    rounding: 'accumulating',
    run: ({ input, axis, exclusive, reverse }) => cumulativeSum(input, axisOf(axis, input.shape.length), exclusive, reverse),
  }),
  op({
    type: 'REDUCE_WINDOW',
    specification: 'ReduceWindowOptions; kernels/reduce_window.cc',
    operands: {
      input: operand(WINDOW_TYPES),
      init_value: operand(WINDOW_TYPES),
      window_shape: integers(),
      window_strides: integers(),
      window_dilations: integers(),
    },
    attributes: { reduce_function: text(WINDOW_FUNCTIONS) },
    rounding: 'accumulating',
    run({ input, init_value, window_shape: sizes, window_strides: strides, window_dilations: dilations, reduce_function }) {
      const initial = only(init_value, input.dtype).data[0] ?? 0
      return reduceWindows(input, { sizes, strides, dilations }, { initial, step: WINDOW_STEPS[reduce_function] })
    },
  }),
]
