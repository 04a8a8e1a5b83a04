/**
 * LSTMs in one op. Their states are variables, which start from zero in every run. Weights are left out where the variant (coupled input
 * and forget gate, no peepholes, no projection, no normalization) has none.
 */
import { type Tensor, tensor } from '../../../../kernels/tensor.js'
import { boolean, number, type Parameter, text } from '../../parameters.js'
import type { Matrix } from '../maths/matrix.js'
import { affine, bidirectional, type Cell, directions, Sequence, unrolled } from '../maths/sequence.js'
import { type Context, type Op, type Operand, only, op, operand, optionalOperand } from '../op.js'
import { misshapen } from '../refusals.js'
import { type ActivationName, activationFunction, FUSED_TANH } from './activation.js'
import { matrixOf, vectorOf, type WeightReading } from './matrix.js'
import { type NamedOperands, needed, operandsIn } from './named.js'
import { quantizedLstm } from './quantized/lstm.js'

const FLOAT = ['float32'] as const
const WEIGHTS = optionalOperand(['float32', 'int8'])
const REQUIRED_WEIGHTS = operand(['float32', 'int8'])
const VECTOR = optionalOperand(['float32', 'int8', 'int16', 'int32'])
const STATE = operand(['float32', 'int8', 'int16'])
const AUXILIARY = optionalOperand(FLOAT, 3)

/** In the order of the operands. */
const GATES = ['input', 'forget', 'cell', 'output'] as const
type Gate = (typeof GATES)[number]

type LstmOperands = { readonly [name: string]: Parameter<Operand | undefined> }

const listed = (names: readonly string[], parameterOf: (name: string) => LstmOperands[string]): LstmOperands =>
  Object.fromEntries(names.map((name) => [name, parameterOf(name)!]))

/** Without weights of an input gate, it is coupled to the forget gate. */
const weightsOf = (prefix: string, required: LstmOperands[string] = REQUIRED_WEIGHTS): LstmOperands => ({
  ...listed(
    [...GATES.map((gate) => `${prefix}input_to_${gate}_weights`), ...GATES.map((gate) => `${prefix}recurrent_to_${gate}_weights`)],
    (name) => (name.endsWith('to_input_weights') ? WEIGHTS : required),
  ),
  ...listed(
    [
      ...['input', 'forget', 'output'].map((gate) => `${prefix}cell_to_${gate}_weights`),
      ...GATES.map((gate) => `${prefix}${gate}_gate_bias`),
    ],
    () => VECTOR,
  ),
  [`${prefix}projection_weights`]: WEIGHTS,
  [`${prefix}projection_bias`]: VECTOR,
})

const normalizationOf = listed(
  GATES.map((gate) => `${gate}_layer_norm_coefficients`),
  () => VECTOR,
)
const auxiliaryOf = (prefix: string): LstmOperands =>
  listed(
    GATES.map((gate) => `${prefix}aux_input_to_${gate}_weights`),
    () => WEIGHTS,
  )

const CLIPS = { cell_clip: number({ default: 0 }), proj_clip: number({ default: 0 }) }
const ASYMMETRIC = { asymmetric_quantize_inputs: boolean({ default: false }) }

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x))

function clamp(data: Float32Array, limit: number): void {
  if (limit > 0) for (let i = 0; i < data.length; i++) data[i] = Math.min(limit, Math.max(-limit, data[i]!))
}

interface GateWeights {
  input: Matrix
  aux: Matrix | null
  recurrent: Matrix
  peephole: Float32Array | null
  normalization: Float32Array | null
  bias: Float32Array | null
}

/** One direction of an LSTM. */
interface Direction {
  values: NamedOperands
  /** In front of the names of its operands. */
  prefix: string
  hasAux: boolean
  activation: ActivationName
  cellClip: number
  projectionClip: number
  reading: WeightReading
  assign: Context['assign']
}

const vectorIn = (values: NamedOperands, name: string): Float32Array | null => {
  const value = values[name]
  return value ? vectorOf(value) : null
}

function matrixIn(values: NamedOperands, name: string, reading: WeightReading): Matrix | null {
  const value = values[name]
  return value ? matrixOf(value, reading) : null
}

/** The cell gate has no peephole. */
const gateOf = ({ values, prefix, hasAux, reading }: Direction, gate: Gate): GateWeights => ({
  input: matrixOf(needed(values, `${prefix}input_to_${gate}_weights`), reading),
  aux: hasAux ? matrixIn(values, `${prefix}aux_input_to_${gate}_weights`, reading) : null,
  recurrent: matrixOf(needed(values, `${prefix}recurrent_to_${gate}_weights`), reading),
  peephole: vectorIn(values, `${prefix}cell_to_${gate}_weights`),
  normalization: vectorIn(values, `${prefix}${gate}_layer_norm_coefficients`),
  bias: vectorIn(values, `${prefix}${gate}_gate_bias`),
})

/** Mean 0 and standard deviation 1 for each vector of a batch, in place. */
function normalize(data: Float32Array, size: number): void {
  for (let start = 0; start < data.length; start += size) {
    const vector = data.subarray(start, start + size)
    const mean = vector.reduce((sum, x) => sum + x, 0) / size
    const variance = vector.reduce((sum, x) => sum + (x - mean) ** 2, 0) / size
    const inverse = 1 / Math.sqrt(variance + 1e-8)
    for (let i = 0; i < size; i++) vector[i] = (vector[i]! - mean) * inverse
  }
}

/** An LSTM's step, as "Long short-term memory recurrent neural network architectures for large scale acoustic modeling" (Sak et al.) has it. */
function lstmCell(batch: number, direction: Direction): Cell {
  const { values, prefix, reading, assign } = direction
  const coupled = !values[`${prefix}input_to_input_weights`]
  const inputGate = coupled ? null : gateOf(direction, 'input')
  const [forgetGate, cellGate, outputGate] = [gateOf(direction, 'forget'), gateOf(direction, 'cell'), gateOf(direction, 'output')]
  const projection = matrixIn(values, `${prefix}projection_weights`, reading)
  const projectionBias = vectorIn(values, `${prefix}projection_bias`)
  const activation = activationFunction(direction.activation)
  const [outputName, cellName] = [`${prefix}output_state`, `${prefix}cell_state`]
  const [outputState, cellState] = [only(needed(values, outputName), 'float32'), only(needed(values, cellName), 'float32')]
  const cells = forgetGate.input.rows
  let output: Float32Array = outputState.data.slice()
  const state = cellState.data.slice()

  const compute = (gate: GateWeights, f: (x: number) => number, x: Float32Array, aux: Float32Array | null): Float32Array => {
    const sums = affine(batch, cells, gate.normalization ? null : gate.bias, [
      [gate.input, x],
      [gate.aux, aux],
      [gate.recurrent, output],
    ])
    if (gate.peephole) for (let i = 0; i < sums.length; i++) sums[i]! += gate.peephole[i % cells]! * state[i]!
    if (gate.normalization) {
      normalize(sums, cells)
      for (let i = 0; i < sums.length; i++) sums[i] = sums[i]! * gate.normalization[i % cells]! + (gate.bias?.[i % cells] ?? 0)
    }
    for (let i = 0; i < sums.length; i++) sums[i] = f(sums[i]!)
    return sums
  }

  return {
    size: projection?.rows ?? cells,
    step(x, aux) {
      const input = inputGate && compute(inputGate, sigmoid, x, aux)
      const forget = compute(forgetGate, sigmoid, x, aux)
      const cell = compute(cellGate, activation, x, aux)
      for (let i = 0; i < state.length; i++) state[i] = forget[i]! * state[i]! + (input ? input[i]! : 1 - forget[i]!) * cell[i]!
      clamp(state, direction.cellClip)
      const hidden = compute(outputGate, sigmoid, x, aux)
      // without an activation TFLite's kernels leave the cell gate in the buffer that the activated state would go to
      for (let i = 0; i < hidden.length; i++) hidden[i]! *= direction.activation === 'NONE' ? cell[i]! : activation(state[i]!)
      if (projection) {
        output = affine(batch, projection.rows, projectionBias, [[projection, hidden]])
        clamp(output, direction.projectionClip)
      } else output = hidden
      assign(outputName, tensor('float32', outputState.shape, output.slice()))
      assign(cellName, tensor('float32', cellState.shape, state.slice()))
      return output
    },
  }
}

interface BasicOperands {
  x: Operand<'float32'>
  previous: Operand
  weights: Operand
  bias: Operand | undefined
  state: Operand
}

/** One step of the basic kernel, whose weights are those of all gates. Its results: output, state, joined inputs, gates. */
function basicStep({ x, previous, weights: given, bias, state }: BasicOperands, reading: WeightReading): Tensor[] {
  const weights = matrixOf(given, reading)
  const [before, old] = [only(previous, 'float32').data, only(state, 'float32').data]
  const [batch, cells] = state.shape.slice(-2) as [number, number]
  const [inputSize, outputSize] = [x.data.length / batch, before.length / batch]
  if (weights.rows !== 4 * cells || weights.columns !== inputSize + outputSize) throw misshapen('the weights do not fit')
  const joined = new Float32Array(batch * weights.columns)
  for (let b = 0; b < batch; b++) {
    joined.set(x.data.subarray(b * inputSize, (b + 1) * inputSize), b * weights.columns)
    joined.set(before.subarray(b * outputSize, (b + 1) * outputSize), b * weights.columns + inputSize)
  }
  const gates = affine(batch, 4 * cells, bias ? vectorOf(bias) : null, [[weights, joined]])
  const output = new Float32Array(batch * cells)
  const next = new Float32Array(batch * cells)
  for (let i = 0; i < next.length; i++) {
    const gate = (k: number): number => gates[Math.floor(i / cells) * 4 * cells + k * cells + (i % cells)]!
    next[i] = sigmoid(gate(0)) * Math.tanh(gate(1)) + sigmoid(gate(2)) * old[i]!
    output[i] = sigmoid(gate(3)) * Math.tanh(next[i]!)
  }
  const { shape } = state
  return [
    tensor('float32', shape, output),
    tensor('float32', shape, next),
    tensor('float32', [...x.shape.slice(0, -1), weights.columns], joined),
    tensor('float32', [...shape.slice(0, -1), 4 * cells], gates),
  ]
}

export const LSTM: readonly Op[] = [
  op({
    type: 'UNIDIRECTIONAL_SEQUENCE_LSTM',
    specification: 'UnidirectionalSequenceLSTMOptions; lstm_eval::EvalFloat, EvalHybrid, EvalInteger8x8_16',
    operands: {
      input: operand(['float32', 'int8'], 3),
      ...weightsOf(''),
      output_state: STATE,
      cell_state: STATE,
      ...normalizationOf,
    },
    attributes: {
      ...FUSED_TANH,
      ...CLIPS,
      time_major: boolean({ default: false }),
      ...ASYMMETRIC,
      diagonal_recurrent_tensors: boolean({ default: false }),
    },
    rounding: 'accumulating',
    hybrid: true,
    run(all, { assign, output, intermediate }) {
      const { input, fused_activation_function: activation, cell_clip: cellClip, proj_clip: projectionClip, time_major } = all
      const values = operandsIn(all)
      if (input.dtype !== 'float32') {
        return quantizedLstm(input, values, { timeMajor: time_major, cellClip, projectionClip }, { assign, output, intermediate })
      }
      const x = new Sequence(input, time_major)
      const reading = { asymmetric: all.asymmetric_quantize_inputs, diagonal: all.diagonal_recurrent_tensors }
      const cell = lstmCell(x.batch, { values, prefix: '', hasAux: false, activation, cellClip, projectionClip, reading, assign })
      return unrolled(cell, x, time_major)
    },
  }),
  op({
    type: 'LSTM',
    specification: 'LSTMOptions; lstm_eval::EvalFloat, EvalHybrid; reference_ops::LstmCell',
    operands: {
      input: operand(FLOAT),
      ...weightsOf('', WEIGHTS),
      output_state: optionalOperand(FLOAT),
      cell_state: optionalOperand(FLOAT),
      ...normalizationOf,
    },
    attributes: { ...FUSED_TANH, ...CLIPS, kernel_type: text(['FULL', 'BASIC'] as const, { default: 'FULL' }), ...ASYMMETRIC },
    rounding: 'accumulating',
    hybrid: true,
    run(all, { assign }) {
      const { input, fused_activation_function: activation, cell_clip: cellClip, proj_clip: projectionClip } = all
      const values = operandsIn(all)
      const reading = { asymmetric: all.asymmetric_quantize_inputs }
      if (all.kernel_type === 'BASIC') {
        // its operands stand in the places of the first weights
        const [previous, weights, bias, state] = GATES.map((gate) => `input_to_${gate}_weights`) as [string, string, string, string]
        const operands = { x: input, previous: needed(values, previous), weights: needed(values, weights), bias: values[bias] }
        return basicStep({ ...operands, state: needed(values, state) }, reading)
      }
      const batch = input.shape[0]!
      const cell = lstmCell(batch, { values, prefix: '', hasAux: false, activation, cellClip, projectionClip, reading, assign })
      return tensor('float32', [batch, cell.size], cell.step(input.data, null))
    },
  }),
  op({
    type: 'BIDIRECTIONAL_SEQUENCE_LSTM',
    specification: 'BidirectionalSequenceLSTMOptions; lstm_eval::EvalFloat, EvalHybrid',
    operands: {
      input: operand(FLOAT, 3),
      ...weightsOf('fw_'),
      ...weightsOf('bw_'),
      fw_output_state: STATE,
      fw_cell_state: STATE,
      bw_output_state: STATE,
      bw_cell_state: STATE,
      aux_input: AUXILIARY,
      ...auxiliaryOf('fw_'),
      ...auxiliaryOf('bw_'),
    },
    attributes: {
      ...FUSED_TANH,
      ...CLIPS,
      merge_outputs: boolean({ default: false }),
      time_major: boolean({ default: false }),
      ...ASYMMETRIC,
    },
    rounding: 'accumulating',
    hybrid: true,
    run(all, { assign }) {
      const { input, aux_input, time_major, fused_activation_function: activation } = all
      const values = operandsIn(all)
      const x = new Sequence(input, time_major)
      const hasAux = values['fw_aux_input_to_forget_weights'] !== undefined
      const shared = {
        values,
        hasAux,
        activation,
        cellClip: all.cell_clip,
        projectionClip: all.proj_clip,
        reading: { asymmetric: all.asymmetric_quantize_inputs },
        assign,
      }
      const [forward, backward] = [lstmCell(x.batch, { ...shared, prefix: 'fw_' }), lstmCell(x.batch, { ...shared, prefix: 'bw_' })]
      const other = aux_input ? new Sequence(aux_input, time_major) : null
      return bidirectional(...directions(forward, backward, x, other, hasAux), time_major, all.merge_outputs)
    },
  }),
]
