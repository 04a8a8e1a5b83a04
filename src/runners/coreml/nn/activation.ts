/** NeuralNetwork.proto: `activation` with every kind of ActivationParams, `clampedReLU`, `softmax` and `softmaxND`. */
import type { FloatTensor } from '../../../../kernels/tensor.js'
import type { UnaryName } from '../../../../kernels/unary.js'
import { type Context, type Op, op } from '../op.js'
import { integer, message, number, optionalTensor, tensor } from '../parameters.js'
import { perChannel } from '../semantics/activation.js'
import { FLOATS } from '../semantics/elementwise.js'
import { axisOf } from '../semantics/shapes.js'

const input = tensor<FloatTensor>({ types: FLOATS })
const constants = optionalTensor<FloatTensor>({ types: FLOATS })
const zero = number({ default: 0 })

/** Channels of [… , C, H, W]. */
const CHANNEL_AXIS = -3
const channelled = { types: FLOATS, rank: [3, Infinity] } as const

/** Kinds that are a function of one element and the message's alpha and beta. */
const KERNELS: Readonly<Record<string, UnaryName>> = {
  linear: 'linear',
  ReLU: 'relu',
  leakyReLU: 'leakyRelu',
  thresholdedReLU: 'thresholdedRelu',
  tanh: 'tanh',
  scaledTanh: 'scaledTanh',
  sigmoid: 'sigmoid',
  sigmoidHard: 'sigmoidHard',
  ELU: 'elu',
  softsign: 'softsign',
}

interface ActivationValues {
  input: FloatTensor
  params: { readonly [kind: string]: { readonly alpha?: number; readonly beta?: number } | undefined }
  'PReLU.alpha': FloatTensor | undefined
  'parametricSoftplus.alpha': FloatTensor | undefined
  'parametricSoftplus.beta': FloatTensor | undefined
}

type Activation = (values: ActivationValues, context: Context) => FloatTensor

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
  PReLU(values, context) {
    const alpha = channels(values, 'PReLU.alpha', context)
    return context.kernels.unaryPerChannel('leakyRelu', values.input, axisOfChannels(values.input), alpha)
  },
  softplus: ({ input }, { kernels, arithmetic }) => kernels.softplus(input, 0, [1], [1], arithmetic),
  parametricSoftplus(values, context) {
    const alpha = channels(values, 'parametricSoftplus.alpha', context)
    const beta = channels(values, 'parametricSoftplus.beta', context)
    return context.kernels.softplus(values.input, axisOfChannels(values.input), alpha, beta, context.arithmetic)
  },
}

function activate(values: ActivationValues, context: Context): FloatTensor {
  const { input, params } = values
  const kinds = [...Object.keys(KERNELS), ...Object.keys(SPECIAL)]
  const kind = kinds.find((name) => params[name] !== undefined)
  if (kind === undefined) return context.fail(`names no function, expected one of ${kinds.join(', ')}`)
  const { alpha = 0, beta = 0 } = params[kind] ?? {}
  const special = SPECIAL[kind]
  return special ? special(values, context) : context.kernels.unary(KERNELS[kind]!, input, alpha, beta)
}

export const activationLayers: readonly Op[] = [
  op({
    type: 'activation',
    parameters: {
      input,
      params: message<ActivationValues['params']>(),
      'PReLU.alpha': constants,
      'parametricSoftplus.alpha': constants,
      'parametricSoftplus.beta': constants,
    },
    rounding: 'transcendental',
    run: activate,
  }),
  op({
    type: 'clampedReLU',
    parameters: { input, alpha: zero, beta: zero },
    rounding: 'rounded',
    run: ({ input, alpha, beta }, { kernels }) => kernels.unary('clampedRelu', input, alpha, beta),
  }),
  op({
    type: 'softmax',
    parameters: { input: tensor<FloatTensor>(channelled) },
    rounding: 'accumulating',
    terms: ({ input }) => input.shape.at(CHANNEL_AXIS) ?? 1,
    run: ({ input }, { kernels, arithmetic }) => kernels.softmax(input, axisOfChannels(input), arithmetic),
  }),
  op({
    type: 'softmaxND',
    parameters: { input, axis: integer({ default: 0 }) },
    rounding: 'accumulating',
    terms: ({ input, axis }) => input.shape.at(axis) ?? 1,
    run: ({ input, axis }, context) => context.kernels.softmax(input, axisOf(axis, input.shape.length, context), context.arithmetic),
  }),
]
