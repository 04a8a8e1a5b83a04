/** MIL activations (iOS15 and iOS17 activation; iOS17 lets the constants have another dtype than the operand). */
import type { FloatTensor } from '../../../../kernels/tensor.js'
import type { UnaryName } from '../../../../kernels/unary.js'
import { exactly, integer, number, tensor, text } from '../../parameters.js'
import { type Context, type Op, op, type Rounding } from '../op.js'
import { GELU_MODES, type GeluMode, perChannel } from '../semantics/activation.js'
import { FLOATS } from '../semantics/elementwise.js'
import { softmaxIntermediates, softplusIntermediates, unaryIntermediates } from '../semantics/rounding.js'
import { axisOf } from '../semantics/shapes.js'

const x = tensor<FloatTensor>({ types: FLOATS })
const vector = tensor<FloatTensor>({ types: FLOATS, rank: [0, 1] })

const PLAIN: readonly (readonly [type: string, kernel: UnaryName, rounding: Rounding])[] = [
  ['relu', 'relu', 'exact'],
  ['sigmoid', 'sigmoid', 'transcendental'],
  ['silu', 'silu', 'transcendental'],
  ['softsign', 'softsign', 'rounded'],
]

const WITH_ALPHA: readonly (readonly [type: string, kernel: UnaryName, rounding: Rounding])[] = [
  ['elu', 'elu', 'transcendental'],
  ['leaky_relu', 'leakyRelu', 'rounded'],
  ['thresholded_relu', 'thresholdedRelu', 'exact'],
]

const WITH_ALPHA_AND_BETA: readonly (readonly [type: string, kernel: UnaryName, rounding: Rounding])[] = [
  ['clamped_relu', 'clampedRelu', 'rounded'],
  ['linear_activation', 'linear', 'rounded'],
  ['scaled_tanh', 'scaledTanh', 'transcendental'],
  ['sigmoid_hard', 'sigmoidHard', 'rounded'],
]

/** Channels of [B, C, …]. */
const CHANNEL_AXIS = 1

const channels = (constant: FloatTensor, name: string, value: FloatTensor, context: Context) =>
  perChannel(constant, name, value, CHANNEL_AXIS, context)

export const activationOps: readonly Op[] = [
  ...PLAIN.map(([type, kernel, rounding]) =>
    op({
      type,
      specification: 'iOS15 activation',
      parameters: { x },
      rounding,
      intermediates: ({ x }) => unaryIntermediates(kernel, x),
      run: ({ x }, { kernels }) => kernels.unary(kernel, x),
    }),
  ),
  ...WITH_ALPHA.map(([type, kernel, rounding]) =>
    op({
      type,
      specification: 'iOS15 activation',
      parameters: { x, alpha: number() },
      rounding,
      intermediates: ({ x, alpha }) => unaryIntermediates(kernel, x, alpha),
      run: ({ x, alpha }, { kernels }) => kernels.unary(kernel, x, alpha),
    }),
  ),
  ...WITH_ALPHA_AND_BETA.map(([type, kernel, rounding]) =>
    op({
      type,
      specification: 'iOS15 activation',
      parameters: { x, alpha: number(), beta: number() },
      rounding,
      intermediates: ({ x, alpha, beta }) => unaryIntermediates(kernel, x, alpha, beta),
      run: ({ x, alpha, beta }, { kernels }) => kernels.unary(kernel, x, alpha, beta),
    }),
  ),
  op({
    type: 'relu6',
    specification: 'iOS15 activation',
    parameters: { x },
    rounding: 'exact',
    run: ({ x }, { kernels }) => kernels.unary('clip', x, 0, 6),
  }),
  op({
    type: 'gelu',
    specification: 'iOS15 activation',
    parameters: { x, mode: text<GeluMode, GeluMode>(Object.keys(GELU_MODES) as GeluMode[], { default: 'EXACT' }) },
    rounding: 'transcendental',
    intermediates: ({ x, mode }) => unaryIntermediates(GELU_MODES[mode], x),
    run: ({ x, mode }, { kernels }) => kernels.unary(GELU_MODES[mode], x),
  }),
  op({
    type: 'prelu',
    specification: 'iOS15 activation',
    parameters: { x: tensor<FloatTensor>({ types: FLOATS, rank: [3, 5] }), alpha: vector },
    rounding: 'rounded',
    run: ({ x, alpha }, context) => context.kernels.unaryPerChannel('leakyRelu', x, CHANNEL_AXIS, channels(alpha, 'alpha', x, context)),
  }),
  op({
    type: 'softplus',
    specification: 'iOS15 activation',
    parameters: { x },
    rounding: 'transcendental',
    intermediates: () => softplusIntermediates([1]),
    run: ({ x }, { kernels, arithmetic }) => kernels.softplus(x, 0, [1], [1], arithmetic),
  }),
  op({
    type: 'softplus_parametric',
    specification: 'iOS15 activation',
    parameters: { x: tensor<FloatTensor>({ types: FLOATS, rank: [3, 5] }), alpha: vector, beta: vector },
    rounding: 'transcendental',
    intermediates: ({ alpha }) => softplusIntermediates(alpha.data),
    run: ({ x, alpha, beta }, context) =>
      context.kernels.softplus(
        x,
        CHANNEL_AXIS,
        channels(alpha, 'alpha', x, context),
        channels(beta, 'beta', x, context),
        context.arithmetic,
      ),
  }),
  op({
    type: 'softmax',
    specification: 'iOS15 activation',
    parameters: { x: exactly(x), axis: integer({ default: -1 }) },
    rounding: 'accumulating',
    terms: ({ x, axis }) => x.shape.at(axis) ?? 1,
    intermediates: ({ x, axis }, results, context) => softmaxIntermediates(x, results, axisOf(axis, x.shape.length, context), context),
    run: ({ x, axis }, context) => context.kernels.softmax(x, axisOf(axis, x.shape.length, context), context.arithmetic),
  }),
]
