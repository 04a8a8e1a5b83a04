/** NeuralNetwork.proto: `activation` with every kind of ActivationParams, `clampedReLU`, `softmax` and `softmaxND`. */
import type { FloatTensor } from '../../../../kernels/tensor.js'
import type { UnaryName } from '../../../../kernels/unary.js'
import { exactly, integer, message, number, optionalTensor, tensor } from '../../parameters.js'
import { type Context, type Op, op, type Rounding } from '../op.js'
import { perChannel } from '../semantics/activation.js'
import { FLOATS } from '../semantics/elementwise.js'
import { softmaxIntermediates, softplusIntermediates, unaryIntermediates } from '../semantics/rounding.js'
import { axisOf } from '../semantics/shapes.js'

const input = tensor<FloatTensor>({ types: FLOATS })
const constants = optionalTensor<FloatTensor>({ types: FLOATS })
const zero = number({ default: 0 })

/** Channels of [… , C, H, W]. */
const CHANNEL_AXIS = -3
const channelled = { types: FLOATS, rank: [3, Infinity] } as const

/** Kinds that are a function of one element and the message's alpha and beta. */
const KERNELS: Readonly<Record<string, readonly [kernel: UnaryName, rounding: Rounding]>> = {
  linear: ['linear', 'rounded'],
  ReLU: ['relu', 'exact'],
  leakyReLU: ['leakyRelu', 'rounded'],
  thresholdedReLU: ['thresholdedRelu', 'exact'],
  tanh: ['tanh', 'transcendental'],
  scaledTanh: ['scaledTanh', 'transcendental'],
  sigmoid: ['sigmoid', 'transcendental'],
  sigmoidHard: ['sigmoidHard', 'rounded'],
  ELU: ['elu', 'transcendental'],
  softsign: ['softsign', 'rounded'],
}

interface ActivationValues {
  input: FloatTensor
  params: { readonly [kind: string]: { readonly alpha?: number; readonly beta?: number } | undefined }
  'PReLU.alpha': FloatTensor | undefined
  'parametricSoftplus.alpha': FloatTensor | undefined
  'parametricSoftplus.beta': FloatTensor | undefined
}

interface Activation {
  rounding: Rounding
  intermediates(values: ActivationValues): number
  run(values: ActivationValues, context: Context): FloatTensor
}

/** The axis of the channels and one constant for each of them, from the field `name`. */
function channels(
  { input, ...values }: ActivationValues,
  name: keyof ActivationValues & `${string}.${string}`,
  context: Context,
): ArrayLike<number> {
  const constant = values[name] ?? context.fail(`has no ${name}`)
  if (input.shape.length < 3) context.fail(`takes an input of rank 3 or more, got shape [${input.shape}]`)
  return perChannel(constant, name, input, CHANNEL_AXIS, context)
}

const axisOfChannels = (x: FloatTensor): number => x.shape.length + CHANNEL_AXIS

/** The other kinds. */
const SPECIAL: Readonly<Record<string, Activation>> = {
  PReLU: {
    rounding: 'rounded',
    intermediates: () => 0,
    run(values, context) {
      const alpha = channels(values, 'PReLU.alpha', context)
      return context.kernels.unaryPerChannel('leakyRelu', values.input, axisOfChannels(values.input), alpha)
    },
  },
  softplus: {
    rounding: 'transcendental',
    intermediates: () => softplusIntermediates([1]),
    run: ({ input }, { kernels, arithmetic }) => kernels.softplus(input, 0, [1], [1], arithmetic),
  },
  parametricSoftplus: {
    rounding: 'transcendental',
    intermediates: (values) => softplusIntermediates(values['parametricSoftplus.alpha']?.data ?? []),
    run(values, context) {
      const alpha = channels(values, 'parametricSoftplus.alpha', context)
      const beta = channels(values, 'parametricSoftplus.beta', context)
      return context.kernels.softplus(values.input, axisOfChannels(values.input), alpha, beta, context.arithmetic)
    },
  },
}

const KINDS = [...Object.keys(KERNELS), ...Object.keys(SPECIAL)]

const kindOf = ({ params }: ActivationValues): string | undefined => KINDS.find((name) => params[name] !== undefined)

const constantsOf = ({ params }: ActivationValues, kind: string): [alpha: number, beta: number] => {
  const { alpha = 0, beta = 0 } = params[kind] ?? {}
  return [alpha, beta]
}

function activate(values: ActivationValues, context: Context): FloatTensor {
  const kind = kindOf(values)
  if (kind === undefined) return context.fail(`names no function, expected one of ${KINDS.join(', ')}`)
  return SPECIAL[kind]?.run(values, context) ?? context.kernels.unary(KERNELS[kind]![0], values.input, ...constantsOf(values, kind))
}

function activationRounding(values: ActivationValues): Rounding {
  const kind = kindOf(values) ?? ''
  return SPECIAL[kind]?.rounding ?? KERNELS[kind]?.[1] ?? 'transcendental'
}

function activationIntermediates(values: ActivationValues): number | Float32Array {
  const kind = kindOf(values) ?? ''
  const kernel = KERNELS[kind]?.[0]
  return kernel ? unaryIntermediates(kernel, values.input, ...constantsOf(values, kind)) : (SPECIAL[kind]?.intermediates(values) ?? 0)
}

export const activationLayers: readonly Op[] = [
  op({
    type: 'activation',
    specification: 'NeuralNetwork.proto ActivationParams',
    parameters: {
      input,
      params: message<ActivationValues['params']>(),
      'PReLU.alpha': constants,
      'parametricSoftplus.alpha': constants,
      'parametricSoftplus.beta': constants,
    },
    rounding: 'transcendental',
    roundingOf: activationRounding,
    intermediates: activationIntermediates,
    run: activate,
  }),
  op({
    type: 'clampedReLU',
    specification: 'NeuralNetwork.proto ClampedReLULayerParams',
    parameters: { input, alpha: zero, beta: zero },
    rounding: 'rounded',
    run: ({ input, alpha, beta }, { kernels }) => kernels.unary('clampedRelu', input, alpha, beta),
  }),
  op({
    type: 'softmax',
    specification: 'NeuralNetwork.proto SoftmaxLayerParams',
    parameters: { input: exactly(tensor<FloatTensor>(channelled)) },
    rounding: 'accumulating',
    terms: ({ input }) => input.shape.at(CHANNEL_AXIS) ?? 1,
    intermediates: ({ input }, results, context) => softmaxIntermediates(input, results, axisOfChannels(input), context),
    run: ({ input }, { kernels, arithmetic }) => kernels.softmax(input, axisOfChannels(input), arithmetic),
  }),
  op({
    type: 'softmaxND',
    specification: 'NeuralNetwork.proto SoftmaxNDLayerParams',
    parameters: { input: exactly(input), axis: integer({ default: 0 }) },
    rounding: 'accumulating',
    terms: ({ input, axis }) => input.shape.at(axis) ?? 1,
    intermediates: ({ input, axis }, results, context) =>
      softmaxIntermediates(input, results, axisOf(axis, input.shape.length, context), context),
    run: ({ input, axis }, context) => context.kernels.softmax(input, axisOf(axis, input.shape.length, context), context.arithmetic),
  }),
]
