/** Layers that make tensors (NeuralNetwork.proto): shapes, constants, ranges, one-hot vectors. */
import * as filling from '../../../../kernels/filling.js'
import { tensor as make, type Tensor } from '../../../../kernels/tensor.js'
import { integer, integers, number, tensors } from '../../parameters.js'
import { type Context, type Op, op } from '../op.js'
import { rangeIntermediates } from '../semantics/rounding.js'
import { allocatable, integersOf, scalarOf } from '../semantics/shapes.js'
import * as semantics from '../semantics/transformation.js'

const one = tensors({ least: 1, most: 1 })

const filled = (shape: readonly number[], value: number, context: Context): Tensor =>
  filling.fill('float32', allocatable(shape, context), value)

interface DynamicRange {
  input: Tensor[]
  startValue: number
  stepSizeValue: number
}

const startAndStep = (
  { input: [, start, step], startValue, stepSizeValue }: DynamicRange,
  context: Context,
): [start: number, step: number] => [
  start ? scalarOf(start, context, 'the start') : startValue,
  step ? scalarOf(step, context, 'the step') : stepSizeValue,
]

export const fillingLayers: readonly Op[] = [
  op({
    type: 'getShape',
    specification: 'NeuralNetwork.proto GetShapeLayerParams',
    parameters: { input: one },
    rounding: 'exact',
    run: ({ input: [x] }) => make('float32', [x!.shape.length], Float32Array.from(x!.shape)),
  }),
  op({
    type: 'fillLike',
    specification: 'NeuralNetwork.proto FillLikeLayerParams',
    parameters: { input: one, value: number() },
    rounding: 'exact',
    run: ({ input: [like], value }, context) => filled(like!.shape, value, context),
  }),
  op({
    type: 'fillStatic',
    specification: 'NeuralNetwork.proto FillStaticLayerParams',
    parameters: { value: number(), targetShape: integers() },
    rounding: 'exact',
    run: ({ value, targetShape }, context) => filled(targetShape, value, context),
  }),
  op({
    type: 'fillDynamic',
    specification: 'NeuralNetwork.proto FillDynamicLayerParams',
    parameters: { input: one, value: number() },
    rounding: 'exact',
    run: ({ input: [shape], value }, context) => filled(integersOf(shape!, context), value, context),
  }),
  op({
    type: 'rangeStatic',
    specification: 'NeuralNetwork.proto RangeStaticLayerParams',
    parameters: { endValue: number(), startValue: number(), stepSizeValue: number() },
    rounding: 'rounded',
    intermediates: ({ startValue, stepSizeValue }, [range]) => rangeIntermediates(startValue, stepSizeValue, range!.data.length),
    run: ({ endValue, startValue, stepSizeValue }, context) => semantics.range('float32', startValue, endValue, stepSizeValue, context),
  }),
  op({
    type: 'rangeDynamic',
    specification: 'NeuralNetwork.proto RangeDynamicLayerParams',
    parameters: { input: tensors({ least: 1, most: 3 }), startValue: number(), stepSizeValue: number() },
    rounding: 'rounded',
    intermediates: (values, [range], context) => rangeIntermediates(...startAndStep(values, context), range!.data.length),
    run(values, context) {
      const [first, by] = startAndStep(values, context)
      const [end] = values.input
      return semantics.range('float32', first, scalarOf(end!, context, 'the end'), by, context)
    },
  }),
  op({
    type: 'oneHot',
    specification: 'NeuralNetwork.proto OneHotLayerParams',
    parameters: {
      input: tensors({ least: 1, most: 2 }),
      oneHotVectorSize: integer(),
      axis: integer(),
      onValue: number(),
      offValue: number(),
    },
    rounding: 'exact',
    run({ input: [indices, size], oneHotVectorSize, axis, onValue, offValue }, context) {
      const depth = size ? Math.trunc(scalarOf(size, context, 'the size of the vectors')) : oneHotVectorSize
      return semantics.oneHot('float32', indices!, { depth, axis, on: onValue, off: offValue }, context)
    },
  }),
]
