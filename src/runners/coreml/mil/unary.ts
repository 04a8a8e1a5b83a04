/** MIL element-wise functions of one operand (iOS15 and iOS17 elementwise_unary). */
import { roundToHalf } from '../../../../kernels/float16.js'
import type { FloatTensor, NumberTensor } from '../../../../kernels/tensor.js'
import type { UnaryName } from '../../../../kernels/unary.js'
import { number, tensor } from '../../parameters.js'
import { type Op, op, type Rounding } from '../op.js'
import { FLOATS, LOGICALS, NUMBERS } from '../semantics/elementwise.js'
import { unaryIntermediates } from '../semantics/rounding.js'

const floats = tensor<FloatTensor>({ types: FLOATS })
const numbers = tensor<NumberTensor>({ types: NUMBERS })

/** Functions without constants: their kernel and how it rounds. */
const PLAIN: readonly (readonly [type: UnaryName, rounding: Rounding])[] = [
  ['acos', 'transcendental'],
  ['asin', 'transcendental'],
  ['atan', 'transcendental'],
  ['atanh', 'transcendental'],
  ['ceil', 'exact'],
  ['cos', 'transcendental'],
  ['cosh', 'transcendental'],
  ['erf', 'transcendental'],
  ['exp', 'transcendental'],
  ['floor', 'exact'],
  ['round', 'exact'],
  ['sin', 'transcendental'],
  ['sinh', 'transcendental'],
  ['sqrt', 'rounded'],
  ['tan', 'transcendental'],
  ['tanh', 'transcendental'],
]

/** Functions that take int32 too. */
const WITH_INTEGERS: readonly (readonly [type: UnaryName, rounding: Rounding])[] = [
  ['abs', 'exact'],
  ['exp2', 'transcendental'],
  ['sign', 'exact'],
  ['square', 'rounded'],
]

/** Functions that add a constant to their operand first; the default is 0 where float16 cannot hold it. */
const WITH_EPSILON: readonly (readonly [type: UnaryName, rounding: Rounding, epsilon: number])[] = [
  ['inverse', 'rounded', 1e-4],
  ['log', 'transcendental', 1e-45],
  ['rsqrt', 'transcendental', 1e-12],
]

const inDType = (value: number, { dtype }: FloatTensor): number => (dtype === 'float16' ? roundToHalf(value) : Math.fround(value))

const clip = { x: floats, alpha: number(), beta: number() }

export const unaryOps: readonly Op[] = [
  ...PLAIN.map(([type, rounding]) =>
    op({
      type,
      specification: 'iOS15 elementwise_unary',
      parameters: { x: floats },
      rounding,
      intermediates: ({ x }) => unaryIntermediates(type, x),
      run: ({ x }, { kernels }) => kernels.unary(type, x),
    }),
  ),
  ...WITH_INTEGERS.map(([type, rounding]) =>
    op({
      type,
      specification: 'iOS15 elementwise_unary',
      parameters: { x: numbers },
      rounding,
      run: ({ x }, { kernels }) => kernels.unary(type, x),
    }),
  ),
  ...WITH_EPSILON.map(([type, rounding, fallback]) =>
    op({
      type,
      specification: 'iOS15 elementwise_unary',
      parameters: { x: floats, epsilon: number({ default: undefined }) },
      rounding,
      intermediates: ({ x, epsilon }) => unaryIntermediates(type, x, epsilon ?? inDType(fallback, x)),
      run: ({ x, epsilon }, { kernels }) => kernels.unary(type, x, epsilon ?? inDType(fallback, x)),
    }),
  ),
  op({
    type: 'clip',
    specification: 'iOS15 elementwise_unary',
    parameters: clip,
    rounding: 'exact',
    run: ({ x, alpha, beta }, { kernels }) => kernels.unary('clip', x, alpha, beta),
  }),
  op({
    type: 'clip',
    specification: 'iOS17 elementwise_unary',
    since: 'iOS17',
    parameters: clip,
    rounding: 'exact',
    run({ x, alpha, beta }, context) {
      if (alpha >= beta) context.fail(`alpha is ${alpha} and beta ${beta}, expected alpha below beta`)
      return context.kernels.unary('clip', x, alpha, beta)
    },
  }),
  op({
    type: 'threshold',
    specification: 'iOS15 elementwise_unary',
    parameters: { x: numbers, alpha: number() },
    rounding: 'exact',
    run: ({ x, alpha }, { kernels }) => kernels.unary('threshold', x, alpha),
  }),
  op({
    type: 'logical_not',
    specification: 'iOS15 elementwise_unary',
    parameters: { x: tensor<NumberTensor>({ types: LOGICALS }) },
    rounding: 'exact',
    run: ({ x }, { kernels }) => kernels.unary('logicalNot', x),
  }),
]
