/**
 * NeuralNetwork.proto `simpleRecurrent`, `gru`, `uniDirectionalLSTM`, `biDirectionalLSTM`. Tensors are [Seq, Batch, C, 1, 1]; a lower
 * rank from 3 on is taken as well, with the vector in the dimensions after the second. States are [1, Batch, C, 1, 1], zeros where the
 * layer is not given them.
 */
import {
  type CellActivation,
  type Gate,
  type GruCell,
  joinDirections,
  type LstmCell,
  type Recurrence,
} from '../../../../kernels/recurrent.js'
import { tensor as make, sizeOf, type Tensor } from '../../../../kernels/tensor.js'
import { boolean, integer, message, optionalTensor, tensors } from '../../parameters.js'
import { type Context, type Op, op } from '../op.js'

type Single = Tensor<'float32' | 'float16'>

interface Scales {
  alpha?: number
  beta?: number
}

/** An ActivationParams message: one field, named after the function. */
type ActivationMessage = { [kind: string]: Scales }

/** Fields of ActivationParams that recurrent layers take, with the scales of an empty message. */
const ACTIVATIONS: Readonly<Record<string, CellActivation>> = {
  linear: { kind: 'linear', alpha: 1, beta: 0 },
  ReLU: { kind: 'relu', alpha: 0, beta: 0 },
  tanh: { kind: 'tanh', alpha: 0, beta: 0 },
  scaledTanh: { kind: 'scaled_tanh', alpha: 1, beta: 1 },
  sigmoid: { kind: 'sigmoid', alpha: 0, beta: 0 },
  sigmoidHard: { kind: 'hard_sigmoid', alpha: 0.2, beta: 0.5 },
}

function activationOf(message: ActivationMessage | undefined, fallback: keyof typeof ACTIVATIONS, context: Context): CellActivation {
  const name = Object.keys(message ?? {}).find((key) => typeof message![key] === 'object')
  const known = ACTIVATIONS[name ?? fallback]
  if (known === undefined)
    return context.unsupported(`has activation '${name}'; recurrent layers take ${Object.keys(ACTIVATIONS).join(', ')}`)
  const { alpha = 0, beta = 0 } = (name === undefined ? undefined : message?.[name]) ?? {}
  return alpha === 0 && beta === 0 ? known : { ...known, alpha, beta }
}

/** Gates' sums are held within ±50, and the cell state too where the layer names no other bound. */
const LIMIT = 50

const weights = optionalTensor<Single>({ types: 'float' })

interface Layer {
  x: Single
  shape: Recurrence
  /** State number `index` as [batch * hiddenSize]; zeros where the layer has no such input. */
  state(index: number): Float32Array
  /** Weights of a gate by the names of their fields. */
  gate(input: Single | undefined, recurrent: Single | undefined, bias: Single | undefined): Gate
  vector(value: Single | undefined, what: string): Float32Array
  /** [steps or 1, batch, size, 1, 1]: the whole sequence, or its last step. */
  output(sequence: Float32Array, last: Float32Array, whole: boolean): Tensor
  states(...states: Float32Array[]): Tensor[]
}

interface Sizes {
  inputVectorSize: number
  outputVectorSize: number
}

function layerOf(inputs: readonly Single[], { inputVectorSize, outputVectorSize }: Sizes, reverse: boolean, context: Context): Layer {
  const x = inputs[0]!
  const [steps, batch] = x.shape as [number, number]
  if (sizeOf(x.shape.slice(2)) !== inputVectorSize) {
    context.fail(`has an input of shape [${x.shape}], expected [Seq, Batch, ${inputVectorSize}, 1, 1]`)
  }
  const shape = { steps, batch, inputSize: inputVectorSize, hiddenSize: outputVectorSize, reverse, sumLimit: LIMIT }
  const ones = x.shape.slice(3).fill(1)
  const sized = (value: Single | undefined, size: number, what: string): Float32Array => {
    if (value === undefined) return context.fail(`has no ${what}`)
    const data = value.data
    return data.length === size ? data : context.fail(`has ${data.length} numbers as ${what}, expected ${size}`)
  }
  return {
    x,
    shape,
    state(index) {
      const value = inputs[index]
      return value === undefined
        ? new Float32Array(batch * outputVectorSize)
        : sized(value, batch * outputVectorSize, `initial state ${index}`)
    },
    gate: (input, recurrent, bias) => ({
      input: sized(input, outputVectorSize * inputVectorSize, 'a weight matrix'),
      recurrent: sized(recurrent, outputVectorSize * outputVectorSize, 'a recursion matrix'),
      bias: bias && sized(bias, outputVectorSize, 'a bias vector'),
    }),
    vector: (value, what) => sized(value, outputVectorSize, what),
    output(sequence, last, whole) {
      const size = batch === 0 ? outputVectorSize : last.length / batch
      return make(x.dtype, [whole ? steps : 1, batch, size, ...ones], whole ? sequence : last)
    },
    states: (...states) => states.map((state) => make(x.dtype, [1, batch, outputVectorSize, ...ones], state)),
  }
}

const sizes = { inputVectorSize: integer(), outputVectorSize: integer() }
const inputs = (most: number) => tensors<Single>({ types: ['float32', 'float16'], rank: [3, 5], least: 1, most })

interface SummedValues extends Sizes {
  input: Single[]
}

/** An output depends on the sums of every step before it. */
const termsOf = ({ input, inputVectorSize, outputVectorSize }: SummedValues): number =>
  input[0]!.shape[0]! * (inputVectorSize + outputVectorSize)

const simpleRecurrent = op({
  type: 'simpleRecurrent',
  specification: 'NeuralNetwork.proto SimpleRecurrentLayerParams',
  parameters: {
    input: inputs(2),
    ...sizes,
    layer: message<{ activation?: ActivationMessage }>(),
    sequenceOutput: boolean({ default: false }),
    hasBiasVector: boolean({ default: false }),
    weightMatrix: weights,
    recursionMatrix: weights,
    biasVector: weights,
    reverseInput: boolean({ default: false }),
  },
  results: 2,
  rounding: 'accumulating',
  terms: termsOf,
  run(values, context) {
    const layer = layerOf(values.input, values, values.reverseInput, context)
    const gate = layer.gate(values.weightMatrix, values.recursionMatrix, values.hasBiasVector ? values.biasVector : undefined)
    const activation = activationOf(values.layer.activation, 'tanh', context)
    const result = context.kernels.simpleRecurrent(layer.x.data, layer.state(1), { gate, activation }, layer.shape, context.arithmetic)
    return [layer.output(result.sequence, result.hidden, values.sequenceOutput), ...layer.states(result.hidden)]
  },
})

const gru = op({
  type: 'gru',
  specification: 'NeuralNetwork.proto GRULayerParams',
  parameters: {
    input: inputs(2),
    ...sizes,
    layer: message<{ activations?: ActivationMessage[] }>(),
    sequenceOutput: boolean({ default: false }),
    hasBiasVectors: boolean({ default: false }),
    updateGateWeightMatrix: weights,
    resetGateWeightMatrix: weights,
    outputGateWeightMatrix: weights,
    updateGateRecursionMatrix: weights,
    resetGateRecursionMatrix: weights,
    outputGateRecursionMatrix: weights,
    updateGateBiasVector: weights,
    resetGateBiasVector: weights,
    outputGateBiasVector: weights,
    reverseInput: boolean({ default: false }),
  },
  results: 2,
  rounding: 'accumulating',
  terms: termsOf,
  run(values, context) {
    const layer = layerOf(values.input, values, values.reverseInput, context)
    const [gates, output] = values.layer.activations ?? []
    const bias = (vector: Single | undefined) => (values.hasBiasVectors ? vector : undefined)
    const cell: GruCell = {
      update: layer.gate(values.updateGateWeightMatrix, values.updateGateRecursionMatrix, bias(values.updateGateBiasVector)),
      reset: layer.gate(values.resetGateWeightMatrix, values.resetGateRecursionMatrix, bias(values.resetGateBiasVector)),
      output: layer.gate(values.outputGateWeightMatrix, values.outputGateRecursionMatrix, bias(values.outputGateBiasVector)),
      resetAfter: false,
      gateActivation: activationOf(gates, 'sigmoid', context),
      outputActivation: activationOf(output, 'tanh', context),
    }
    const result = context.kernels.gru(layer.x.data, layer.state(1), cell, layer.shape, context.arithmetic)
    return [layer.output(result.sequence, result.hidden, values.sequenceOutput), ...layer.states(result.hidden)]
  },
})

/** LSTMParams. */
interface LstmMessage {
  sequenceOutput?: boolean
  hasBiasVectors?: boolean
  forgetBias?: boolean
  hasPeepholeVectors?: boolean
  coupledInputAndForgetGate?: boolean
  cellClipThreshold?: number
}

/** Fields of LSTMWeightParams. */
const LSTM_WEIGHTS = [
  'inputGateWeightMatrix',
  'forgetGateWeightMatrix',
  'blockInputWeightMatrix',
  'outputGateWeightMatrix',
  'inputGateRecursionMatrix',
  'forgetGateRecursionMatrix',
  'blockInputRecursionMatrix',
  'outputGateRecursionMatrix',
  'inputGateBiasVector',
  'forgetGateBiasVector',
  'blockInputBiasVector',
  'outputGateBiasVector',
  'inputGatePeepholeVector',
  'forgetGatePeepholeVector',
  'outputGatePeepholeVector',
] as const

type LstmWeight = (typeof LSTM_WEIGHTS)[number]

/** One parameter a weight: `weightParams.inputGateWeightMatrix`, `weightParams.1.outputGateBiasVector` … */
const weightParameters = <P extends string>(prefix: P): { [name in `${P}.${LstmWeight}`]: typeof weights } =>
  Object.fromEntries(LSTM_WEIGHTS.map((name) => [`${prefix}.${name}`, weights])) as { [name in `${P}.${LstmWeight}`]: typeof weights }

function lstmCellOf(
  layer: Layer,
  params: LstmMessage,
  activations: readonly ActivationMessage[],
  weightOf: (name: LstmWeight) => Single | undefined,
  context: Context,
): LstmCell {
  const gate = (name: 'inputGate' | 'forgetGate' | 'blockInput' | 'outputGate'): Gate =>
    layer.gate(
      weightOf(`${name}WeightMatrix`),
      weightOf(`${name}RecursionMatrix`),
      params.hasBiasVectors ? weightOf(`${name}BiasVector`) : undefined,
    )
  const peephole = (name: 'inputGate' | 'forgetGate' | 'outputGate') => layer.vector(weightOf(`${name}PeepholeVector`), 'a peephole vector')
  const coupled = params.coupledInputAndForgetGate ?? false
  const inputGate = gate('inputGate')
  return {
    inputGate,
    forgetGate: coupled ? inputGate : gate('forgetGate'),
    outputGate: gate('outputGate'),
    cellGate: gate('blockInput'),
    peephole: params.hasPeepholeVectors
      ? { input: peephole('inputGate'), forget: coupled ? peephole('inputGate') : peephole('forgetGate'), output: peephole('outputGate') }
      : undefined,
    forgetBias: params.forgetBias ? 1 : 0,
    gateActivation: activationOf(activations[0], 'sigmoid', context),
    cellActivation: activationOf(activations[1], 'tanh', context),
    outputActivation: activationOf(activations[2], 'tanh', context),
    cellLimit: params.cellClipThreshold || LIMIT,
    coupled,
  }
}

const uniDirectionalLSTM = op({
  type: 'uniDirectionalLSTM',
  specification: 'NeuralNetwork.proto UniDirectionalLSTMLayerParams',
  parameters: {
    input: inputs(3),
    ...sizes,
    layer: message<{ activations?: ActivationMessage[]; params?: LstmMessage }>(),
    reverseInput: boolean({ default: false }),
    ...weightParameters('weightParams'),
  },
  results: 3,
  rounding: 'accumulating',
  terms: termsOf,
  run(values, context) {
    const layer = layerOf(values.input, values, values.reverseInput, context)
    const params = values.layer.params ?? {}
    const weightOf = (name: LstmWeight) => values[`weightParams.${name}`]
    const cell = lstmCellOf(layer, params, values.layer.activations ?? [], weightOf, context)
    const result = context.kernels.lstm(layer.x.data, layer.state(1), layer.state(2), cell, layer.shape, context.arithmetic)
    return [layer.output(result.sequence, result.hidden, params.sequenceOutput ?? false), ...layer.states(result.hidden, result.cell)]
  },
})

const biDirectionalLSTM = op({
  type: 'biDirectionalLSTM',
  specification: 'NeuralNetwork.proto BiDirectionalLSTMLayerParams',
  parameters: {
    input: inputs(5),
    ...sizes,
    layer: message<{ activationsForwardLSTM?: ActivationMessage[]; activationsBackwardLSTM?: ActivationMessage[]; params?: LstmMessage }>(),
    ...weightParameters('weightParams.0'),
    ...weightParameters('weightParams.1'),
  },
  results: 5,
  rounding: 'accumulating',
  terms: termsOf,
  run(values, context) {
    const layer = layerOf(values.input, values, false, context)
    const { params = {}, activationsForwardLSTM = [], activationsBackwardLSTM = [] } = values.layer
    const { steps, batch, hiddenSize } = layer.shape
    const pass = (direction: 0 | 1, activations: readonly ActivationMessage[]) => {
      const cell = lstmCellOf(layer, params, activations, (name) => values[`weightParams.${direction}.${name}`], context)
      const [hidden, state] = [layer.state(1 + 2 * direction), layer.state(2 + 2 * direction)]
      return context.kernels.lstm(layer.x.data, hidden, state, cell, { ...layer.shape, reverse: direction === 1 }, context.arithmetic)
    }
    const forward = pass(0, activationsForwardLSTM)
    const backward = pass(1, activationsBackwardLSTM)
    const last = joinDirections(forward.hidden, backward.hidden, 1, batch, hiddenSize)
    const whole = params.sequenceOutput ?? false
    const sequence = whole ? joinDirections(forward.sequence, backward.sequence, steps, batch, hiddenSize) : last
    return [layer.output(sequence, last, whole), ...layer.states(forward.hidden, forward.cell, backward.hidden, backward.cell)]
  },
})

export const recurrentLayers: readonly Op[] = [simpleRecurrent, gru, uniDirectionalLSTM, biDirectionalLSTM]
