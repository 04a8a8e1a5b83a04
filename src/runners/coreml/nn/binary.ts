/**
 * NeuralNetwork.proto: element-wise layers of several inputs. `add`, `multiply`, `average`, `max` and `min` take any number; the
 * comparisons take one and a constant, or two; the `…Broadcastable` layers take two. Truth is 1, as a float.
 */
import type { BinaryName } from '../../../../kernels/binary.js'
import { nonZero, select } from '../../../../kernels/select.js'
import type { NumberTensor } from '../../../../kernels/tensor.js'
import { number, tensor, tensors } from '../../parameters.js'
import { type Context, type Op, op, type Rounding } from '../op.js'
import { combine, commonDType, commonShape, compare, floorDivide, LOGICALS, promoted, scalarLike } from '../semantics/elementwise.js'
import { layerParams } from './section.js'

const anyNumber = tensors<NumberTensor>({ types: LOGICALS })
const two = tensors<NumberTensor>({ types: LOGICALS, least: 2, most: 2 })
const oneOrTwo = tensors<NumberTensor>({ types: LOGICALS, least: 1, most: 2 })
const zero = number({ default: 0 })

const folded = (kernel: BinaryName, inputs: readonly NumberTensor[], context: Context): NumberTensor =>
  inputs.reduce((result, next) => combine(kernel, result, next, context))

/** Layers that fold their inputs; those with `alpha` join it to a single input. */
const FOLDS: readonly (readonly [type: string, kernel: BinaryName, rounding: Rounding])[] = [
  ['max', 'max', 'exact'],
  ['min', 'min', 'exact'],
]
const FOLDS_WITH_ALPHA: readonly (readonly [type: string, kernel: BinaryName])[] = [
  ['add', 'add'],
  ['multiply', 'mul'],
]

const BROADCASTABLE: readonly (readonly [type: string, kernel: BinaryName, rounding: Rounding])[] = [
  ['addBroadcastable', 'add', 'rounded'],
  ['divideBroadcastable', 'div', 'rounded'],
  ['maxBroadcastable', 'max', 'exact'],
  ['minBroadcastable', 'min', 'exact'],
  ['modBroadcastable', 'mod', 'rounded'],
  ['multiplyBroadcastable', 'mul', 'rounded'],
  ['powBroadcastable', 'pow', 'transcendental'],
  ['subtractBroadcastable', 'sub', 'rounded'],
]

const COMPARISONS: readonly BinaryName[] = ['equal', 'notEqual', 'less', 'lessEqual', 'greater', 'greaterEqual']
const COMPARISON_TYPES: Readonly<Partial<Record<BinaryName, string>>> = { less: 'lessThan', greater: 'greaterThan' }

const LOGIC: readonly (readonly [type: string, kernel: BinaryName])[] = [
  ['logicalAnd', 'and'],
  ['logicalOr', 'or'],
  ['logicalXor', 'xor'],
]

export const binaryLayers: readonly Op[] = [
  ...FOLDS.map(([type, kernel, rounding]) =>
    op({
      type,
      specification: layerParams(type),
      parameters: { input: anyNumber },
      rounding,
      run: ({ input }, context) => folded(kernel, input, context),
    }),
  ),
  ...FOLDS_WITH_ALPHA.map(([type, kernel]) =>
    op({
      type,
      specification: layerParams(type),
      parameters: { input: anyNumber, alpha: zero },
      rounding: 'accumulating',
      roundingOf: ({ input }) => (input.length > 2 ? 'accumulating' : 'rounded'),
      terms: ({ input }) => input.length,
      run({ input, alpha }, context) {
        const [first] = input
        return folded(kernel, input.length === 1 ? [first!, scalarLike(first!, alpha)] : input, context)
      },
    }),
  ),
  op({
    type: 'average',
    specification: 'NeuralNetwork.proto AverageLayerParams',
    parameters: { input: anyNumber },
    rounding: 'accumulating',
    terms: ({ input }) => input.length,
    run({ input }, context) {
      const sum = folded('add', input, context)
      return combine('div', sum, scalarLike(sum, input.length), context)
    },
  }),
  ...BROADCASTABLE.map(([type, kernel, rounding]) =>
    op({
      type,
      specification: layerParams(type),
      parameters: { input: two },
      rounding,
      run: ({ input: [x, y] }, context) => combine(kernel, x!, y!, context),
    }),
  ),
  op({
    type: 'floorDivBroadcastable',
    specification: 'NeuralNetwork.proto FloorDivBroadcastableLayerParams',
    parameters: { input: two },
    rounding: 'exact',
    run: ({ input: [x, y] }, context) => floorDivide(x!, y!, context),
  }),
  ...COMPARISONS.map((kernel) =>
    op({
      type: COMPARISON_TYPES[kernel] ?? kernel,
      specification: layerParams(COMPARISON_TYPES[kernel] ?? kernel),
      parameters: { input: oneOrTwo, alpha: zero },
      rounding: 'exact',
      run: ({ input: [x, y], alpha }, context) => compare(kernel, x!, y ?? scalarLike(x!, alpha), x!.dtype, context),
    }),
  ),
  ...LOGIC.map(([type, kernel]) =>
    op({
      type,
      specification: layerParams(type),
      parameters: { input: two },
      rounding: 'exact',
      run: ({ input: [x, y] }, context) => compare(kernel, x!, y!, commonDType(x!, y!), context),
    }),
  ),
  op({
    type: 'whereBroadcastable',
    specification: 'NeuralNetwork.proto WhereBroadcastableLayerParams',
    parameters: { input: tensors<NumberTensor>({ types: LOGICALS, least: 3, most: 3 }) },
    rounding: 'exact',
    run({ input }, context) {
      commonShape(input, context)
      const [condition, ...choices] = input
      const [whenTrue, whenFalse] = promoted(choices)
      return select(condition!, whenTrue!, whenFalse!)
    },
  }),
  op({
    type: 'whereNonZero',
    specification: 'NeuralNetwork.proto WhereNonZeroLayerParams',
    parameters: { input: tensor<NumberTensor>({ types: LOGICALS }) },
    rounding: 'exact',
    run: ({ input }) => nonZero(input, input.dtype),
  }),
]
