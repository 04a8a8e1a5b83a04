/** MIL `lstm`, `gru`, `rnn` (coremltools ops/defs/iOS15, iOS17 and iOS18 recurrent). */
import {
  type CellActivation,
  type Gate,
  joinDirections,
  type LstmCell,
  type Recurrence,
  splitDirections,
} from '../../../../kernels/recurrent.js'
import { type FloatTensor, tensor as make, type Tensor } from '../../../../kernels/tensor.js'
import { boolean, number, optionalTensor, tensor, text } from '../../parameters.js'
import { type Context, type Op, op } from '../op.js'

/** MIL gives activations no parameters: the scales of scaled_tanh are 1, those of hard_sigmoid 0.2 and 0.5. */
const ACTIVATIONS: Readonly<Record<string, CellActivation>> = {
  linear: { kind: 'linear', alpha: 1, beta: 0 },
  relu: { kind: 'relu', alpha: 0, beta: 0 },
  sigmoid: { kind: 'sigmoid', alpha: 0, beta: 0 },
  tanh: { kind: 'tanh', alpha: 0, beta: 0 },
  scaled_tanh: { kind: 'scaled_tanh', alpha: 1, beta: 1 },
  hard_sigmoid: { kind: 'hard_sigmoid', alpha: 0.2, beta: 0.5 },
  sigmoid_hard: { kind: 'hard_sigmoid', alpha: 0.2, beta: 0.5 },
}

function activationOf(name: string, context: Context): CellActivation {
  return ACTIVATIONS[name.toLowerCase()] ?? context.fail(`has activation '${name}', expected one of ${Object.keys(ACTIVATIONS).join(', ')}`)
}

const floats = (rank: number) => tensor<FloatTensor>({ types: 'float', rank })
const optionalFloats = (rank: number) => optionalTensor<FloatTensor>({ types: 'float', rank })

function checkShape(what: string, value: FloatTensor, shape: readonly number[], context: Context): void {
  if (value.shape.length === shape.length && value.shape.every((dimension, axis) => dimension === shape[axis])) return
  context.fail(`has ${what} of shape [${value.shape}], expected [${shape}]`)
}

const single = (value: FloatTensor): Float32Array => (value.data instanceof Float32Array ? value.data : Float32Array.from(value.data))

interface Weights {
  input: FloatTensor
  recurrent: FloatTensor
  bias: FloatTensor | undefined
}

/** Views of `count` gates' weights, checked: input [count * H, I], recurrent [count * H, H], bias [count * H]. */
function gatesOf(weights: Weights, count: number, shape: Recurrence, context: Context): Gate[] {
  const { inputSize, hiddenSize } = shape
  checkShape('input weights', weights.input, [count * hiddenSize, inputSize], context)
  checkShape('recurrent weights', weights.recurrent, [count * hiddenSize, hiddenSize], context)
  const input = partsOf(weights.input, count)
  const recurrent = partsOf(weights.recurrent, count)
  const bias = biasParts(weights.bias, count, shape, context)
  return input.map((part, gate) => ({ input: part, recurrent: recurrent[gate]!, bias: bias?.[gate] }))
}

function biasParts(bias: FloatTensor | undefined, count: number, { hiddenSize }: Recurrence, context: Context): Float32Array[] | undefined {
  if (bias === undefined) return undefined
  checkShape('a bias', bias, [count * hiddenSize], context)
  return partsOf(bias, count)
}

function partsOf(value: FloatTensor, count: number): Float32Array[] {
  const data = single(value)
  const size = data.length / count
  return Array.from({ length: count }, (_, part) => data.subarray(part * size, (part + 1) * size))
}

function recurrenceOf(x: FloatTensor, recurrent: FloatTensor, direction: string): Recurrence {
  const [steps, batch, inputSize] = x.shape as [number, number, number]
  return { steps, batch, inputSize, hiddenSize: recurrent.shape[1]!, reverse: direction === 'reverse', sumLimit: Infinity }
}

/** The sequence, or its last step: [steps or 1, batch, size]. */
function sequenceOutput(x: FloatTensor, sequence: Float32Array, last: Float32Array, size: number, whole: boolean): Tensor {
  const [steps, batch] = x.shape as [number, number]
  return make(x.dtype, [whole ? steps : 1, batch, size], whole ? sequence : last)
}

const stateOutput = (x: FloatTensor, state: Float32Array): Tensor =>
  make(x.dtype, [x.shape[1]!, x.shape[1] ? state.length / x.shape[1] : 0], state)

interface SummedValues {
  x: FloatTensor
  weight_hh: FloatTensor
}

/** An output depends on the sums of every step before it. */
const termsOf = ({ x, weight_hh }: SummedValues): number => x.shape[0]! * (x.shape[2]! + weight_hh.shape[1]!)

const lstm = op({
  type: 'lstm',
  specification: 'iOS15 recurrent',
  parameters: {
    x: floats(3),
    initial_h: floats(2),
    initial_c: floats(2),
    weight_ih: floats(2),
    weight_hh: floats(2),
    bias: optionalFloats(1),
    peephole: optionalFloats(1),
    weight_ih_back: optionalFloats(2),
    weight_hh_back: optionalFloats(2),
    bias_back: optionalFloats(1),
    peephole_back: optionalFloats(1),
    direction: text(['forward', 'reverse', 'bidirectional'], { default: 'forward' }),
    output_sequence: boolean({ default: false }),
    recurrent_activation: text(undefined, { default: 'sigmoid' }),
    cell_activation: text(undefined, { default: 'tanh' }),
    activation: text(undefined, { default: 'tanh' }),
    clip: number({ default: undefined }),
  },
  results: 3,
  rounding: 'accumulating',
  terms: termsOf,
  run(values, context) {
    const { x, initial_h, initial_c, direction, output_sequence } = values
    const both = direction === 'bidirectional'
    const shape = recurrenceOf(x, values.weight_hh, direction)
    const { steps, batch, hiddenSize } = shape
    const width = both ? 2 * hiddenSize : hiddenSize
    checkShape('initial_h', initial_h, [batch, width], context)
    checkShape('initial_c', initial_c, [batch, width], context)
    const cellOf = (weights: Weights, peephole: FloatTensor | undefined): LstmCell => {
      const [inputGate, forgetGate, outputGate, cellGate] = gatesOf(weights, 4, shape, context) as [Gate, Gate, Gate, Gate]
      if (peephole) checkShape('a peephole', peephole, [3 * hiddenSize], context)
      const [input, forget, output] = peephole ? (partsOf(peephole, 3) as [Float32Array, Float32Array, Float32Array]) : []
      return {
        inputGate,
        forgetGate,
        outputGate,
        cellGate,
        peephole: input && { input, forget: forget!, output: output! },
        forgetBias: 0,
        gateActivation: activationOf(values.recurrent_activation, context),
        cellActivation: activationOf(values.cell_activation, context),
        outputActivation: activationOf(values.activation, context),
        cellLimit: values.clip ?? Infinity,
        coupled: false,
      }
    }
    const forwardCell = cellOf({ input: values.weight_ih, recurrent: values.weight_hh, bias: values.bias }, values.peephole)
    if (!both) {
      const result = context.kernels.lstm(single(x), single(initial_h), single(initial_c), forwardCell, shape, context.arithmetic)
      return [
        sequenceOutput(x, result.sequence, result.hidden, width, output_sequence),
        stateOutput(x, result.hidden),
        stateOutput(x, result.cell),
      ]
    }
    const { weight_ih_back, weight_hh_back } = values
    if (!weight_ih_back || !weight_hh_back) return context.fail('is bidirectional, but has no weight_ih_back or weight_hh_back')
    const backwardCell = cellOf({ input: weight_ih_back, recurrent: weight_hh_back, bias: values.bias_back }, values.peephole_back)
    const hidden = splitDirections(single(initial_h), batch, hiddenSize)
    const cell = splitDirections(single(initial_c), batch, hiddenSize)
    const forward = context.kernels.lstm(single(x), hidden[0], cell[0], forwardCell, shape, context.arithmetic)
    const backward = context.kernels.lstm(single(x), hidden[1], cell[1], backwardCell, { ...shape, reverse: true }, context.arithmetic)
    const joinedHidden = joinDirections(forward.hidden, backward.hidden, 1, batch, hiddenSize)
    const sequence = output_sequence ? joinDirections(forward.sequence, backward.sequence, steps, batch, hiddenSize) : joinedHidden
    return [
      sequenceOutput(x, sequence, joinedHidden, width, output_sequence),
      stateOutput(x, joinedHidden),
      stateOutput(x, joinDirections(forward.cell, backward.cell, 1, batch, hiddenSize)),
    ]
  },
})

/** Of both `gru` and `rnn`. */
const cellParameters = {
  x: floats(3),
  initial_h: floats(2),
  weight_ih: floats(2),
  weight_hh: floats(2),
  bias: optionalFloats(1),
  direction: text(['forward', 'reverse'], { default: 'forward' }),
  output_sequence: boolean({ default: false }),
  activation: text(undefined, { default: 'tanh' }),
}

const gruParameters = { ...cellParameters, recurrent_activation: text(undefined, { default: 'sigmoid' }) }

interface GruValues extends SummedValues {
  initial_h: FloatTensor
  weight_ih: FloatTensor
  bias: FloatTensor | undefined
  direction: string
  output_sequence: boolean
  recurrent_activation: string
  activation: string
}

/** Gates stand as reset, output, update. With `input_bias`, `bias` belongs to the recurrent products. */
function runGru(
  values: GruValues,
  { reset_after, input_bias }: { reset_after: boolean; input_bias: FloatTensor | undefined },
  context: Context,
): Tensor[] {
  const { x, initial_h, weight_ih, weight_hh, bias } = values
  const shape = recurrenceOf(x, weight_hh, values.direction)
  checkShape('initial_h', initial_h, [shape.batch, shape.hiddenSize], context)
  const separate = reset_after || input_bias !== undefined
  const gates = gatesOf({ input: weight_ih, recurrent: weight_hh, bias: separate ? input_bias : bias }, 3, shape, context)
  const [reset, output, update] = gates as [Gate, Gate, Gate]
  const recurrent = separate ? biasParts(bias, 3, shape, context) : undefined
  const result = context.kernels.gru(
    single(x),
    single(initial_h),
    {
      reset,
      update,
      output,
      recurrentBias: recurrent && { reset: recurrent[0]!, output: recurrent[1]!, update: recurrent[2]! },
      resetAfter: reset_after,
      gateActivation: activationOf(values.recurrent_activation, context),
      outputActivation: activationOf(values.activation, context),
    },
    shape,
    context.arithmetic,
  )
  return [sequenceOutput(x, result.sequence, result.hidden, shape.hiddenSize, values.output_sequence), stateOutput(x, result.hidden)]
}

const gru = op({
  type: 'gru',
  specification: 'iOS15 recurrent',
  parameters: gruParameters,
  results: 2,
  rounding: 'accumulating',
  terms: termsOf,
  run: (values, context) => runGru(values, { reset_after: false, input_bias: undefined }, context),
})

const gruResetAfter = op({
  type: 'gru',
  specification: 'iOS18 recurrent',
  since: 'iOS18',
  parameters: { ...gruParameters, reset_after: boolean({ default: false }), input_bias: optionalFloats(1) },
  results: 2,
  rounding: 'accumulating',
  terms: termsOf,
  run: (values, context) => runGru(values, values, context),
})

const rnn = op({
  type: 'rnn',
  specification: 'iOS15 recurrent',
  parameters: cellParameters,
  results: 2,
  rounding: 'accumulating',
  terms: termsOf,
  run(values, context) {
    const { x, initial_h, weight_ih, weight_hh, bias } = values
    const shape = recurrenceOf(x, weight_hh, values.direction)
    checkShape('initial_h', initial_h, [shape.batch, shape.hiddenSize], context)
    const [gate] = gatesOf({ input: weight_ih, recurrent: weight_hh, bias }, 1, shape, context) as [Gate]
    const activation = activationOf(values.activation, context)
    const result = context.kernels.simpleRecurrent(single(x), single(initial_h), { gate, activation }, shape, context.arithmetic)
    return [sequenceOutput(x, result.sequence, result.hidden, shape.hiddenSize, values.output_sequence), stateOutput(x, result.hidden)]
  },
})

export const recurrentOps: readonly Op[] = [lstm, gru, gruResetAfter, rnn]
