/** NeuralNetwork.proto: `reduce`, the layers of one reduction each, `argMax` and `argMin`. A result has at least rank 1. */
import { argReduce, type ReductionName } from '../../../../kernels/reduce.js'
import { type NumberTensor, withShape } from '../../../../kernels/tensor.js'
import { boolean, integer, integers, number, tensor, text } from '../../parameters.js'
import { type Context, type Op, op } from '../op.js'
import { NUMBERS } from '../semantics/elementwise.js'
import { indexTensor } from '../semantics/order.js'
import { REDUCTIONS, reduceAxes, reducedTerms, reductionIntermediates, without } from '../semantics/reduction.js'
import { axisOf } from '../semantics/shapes.js'
import { layerParams } from './section.js'

const input = tensor<NumberTensor>({ types: NUMBERS })

const LAYERS: Readonly<Record<string, ReductionName>> = {
  reduceL1: 'l1',
  reduceL2: 'l2',
  reduceLogSum: 'logSum',
  reduceLogSumExp: 'logSumExp',
  reduceMax: 'max',
  reduceMean: 'mean',
  reduceMin: 'min',
  reduceProd: 'prod',
  reduceSum: 'sum',
  reduceSumSquare: 'sumSquare',
}

/** ReduceLayerParams.ReduceOperation. */
const MODES = {
  SUM: 'sum',
  AVG: 'mean',
  PROD: 'prod',
  LOGSUM: 'sum',
  SUMSQUARE: 'sumSquare',
  L1: 'l1',
  L2: 'l2',
  MAX: 'max',
  MIN: 'min',
  ARGMAX: null,
} as const satisfies Record<string, ReductionName | null>

/** ReduceLayerParams.ReduceAxis. */
const AXES = { CHW: [-3, -2, -1], HW: [-2, -1], C: [-3], H: [-2], W: [-1] } as const

type Mode = keyof typeof MODES
type Axis = keyof typeof AXES

/** What an epsilon of 0, set or not, stands for. */
const DEFAULT_EPSILON = Math.fround(1e-6)

const atLeastRankOne = (value: NumberTensor): NumberTensor => (value.shape.length === 0 ? withShape(value, [1]) : value)

/** Index along an axis, as a float; the axis stays as 1. */
function argReduced(name: 'max' | 'min', input: NumberTensor, axis: number, context: Context): NumberTensor {
  if (input.shape[axis] === 0) context.fail(`reduces an input of shape [${input.shape}] over no elements`)
  return indexTensor(input.dtype, argReduce(name, input, axis))
}

function argLayer(type: string, name: 'max' | 'min'): Op {
  return op({
    type,
    specification: layerParams(type),
    parameters: { input, axis: integer({ default: 0 }), removeDim: boolean({ default: false }) },
    rounding: 'exact',
    run({ input, axis, removeDim }, context) {
      const along = axisOf(axis, input.shape.length, context)
      const result = argReduced(name, input, along, context)
      return atLeastRankOne(removeDim ? without(result, [along]) : result)
    },
  })
}

export const reductionLayers: readonly Op[] = [
  ...Object.entries(LAYERS).map(([type, name]) =>
    op({
      type,
      specification: layerParams(type),
      parameters: { input, axes: integers({ default: [] }), keepDims: boolean({ default: false }), reduceAll: boolean({ default: false }) },
      rounding: REDUCTIONS[name],
      terms: ({ input, axes, reduceAll }) => reducedTerms(input, reduceAll ? undefined : axes),
      intermediates: ({ input, axes, reduceAll }, results, context) =>
        reductionIntermediates(name, input, reduceAll ? undefined : axes, results, context),
      run: ({ input, axes, keepDims, reduceAll }, context) =>
        atLeastRankOne(reduceAxes(name, input, reduceAll ? undefined : axes, keepDims, context)),
    }),
  ),
  op({
    type: 'reduce',
    specification: 'NeuralNetwork.proto ReduceLayerParams',
    parameters: {
      input,
      mode: text<Mode, Mode>(Object.keys(MODES) as Mode[], { default: 'SUM' }),
      epsilon: number({ default: 0 }),
      axis: text<Axis, Axis>(Object.keys(AXES) as Axis[], { default: 'CHW' }),
    },
    rounding: 'accumulating',
    roundingOf: ({ mode }) => REDUCTIONS[MODES[mode] ?? 'max'],
    terms: ({ input, axis }) => reducedTerms(input, AXES[axis]),
    run({ input, mode, epsilon, axis }, context) {
      const axes = AXES[axis]
      const reduction = MODES[mode]
      if (reduction) {
        const x = mode === 'LOGSUM' ? context.kernels.unary('log', input, epsilon || DEFAULT_EPSILON) : input
        return reduceAxes(reduction, x, axes, true, context)
      }
      if (axes.length > 1) context.fail(`reduces ${axis} with ARGMAX, which takes one axis`)
      return argReduced('max', input, axisOf(axes[0], input.shape.length, context), context)
    },
  }),
  argLayer('argMax', 'max'),
  argLayer('argMin', 'min'),
]
