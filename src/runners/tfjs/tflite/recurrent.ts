/**
 * Recurrent networks in one op. Their states are variables: they start from zero in every run. The weights of an LSTM are operands by
 * fixed numbers, left out where the variant (coupled input and forget gate, no peepholes, no projection, no normalisation) has none.
 */
import type { Tensor } from '../../../../kernels/tensor.js'
import { tensor } from '../../../../kernels/tensor.js'
import type { Kernel, Operator, OpRow } from '../operator.js'
import { row } from '../operator.js'
import { activationFunction } from './activation.js'
import type { Matrix } from './matrix.js'
import { matrixOf, requiredMatrix, vectorOf } from './matrix.js'
import { quantizedLstm } from './quantized/lstm.js'

type Float = Tensor<'float32'>

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x))
const clamp = (data: Float32Array, limit: number): void => {
  if (limit > 0) for (let i = 0; i < data.length; i++) data[i] = Math.min(limit, Math.max(-limit, data[i]!))
}

/** [time, batch, size] or [batch, time, size], read and written one step at a time. */
class Sequence {
  readonly steps: number
  readonly batch: number
  readonly size: number

  constructor(
    readonly value: Float,
    private readonly timeMajor: boolean,
  ) {
    const [first, second, size] = value.shape as [number, number, number]
    this.steps = timeMajor ? first : second
    this.batch = timeMajor ? second : first
    this.size = size
  }

  private start(step: number, b: number): number {
    return (this.timeMajor ? step * this.batch + b : b * this.steps + step) * this.size
  }

  /** [batch, size] */
  step(step: number): Float32Array {
    const out = new Float32Array(this.batch * this.size)
    for (let b = 0; b < this.batch; b++) {
      const start = this.start(step, b)
      out.set(this.value.data.subarray(start, start + this.size), b * this.size)
    }
    return out
  }

  /** Writes [batch, width] from element `offset` of each step's vectors on. */
  write(step: number, vectors: Float32Array, offset: number): void {
    const width = vectors.length / this.batch
    for (let b = 0; b < this.batch; b++) this.value.data.set(vectors.subarray(b * width, (b + 1) * width), this.start(step, b) + offset)
  }
}

/** A result like `like`, with vectors of another size. */
function sequenceLike(like: Sequence, size: number, timeMajor: boolean): Sequence {
  return new Sequence(tensor('float32', timeMajor ? [like.steps, like.batch, size] : [like.batch, like.steps, size]), timeMajor)
}

function sequenceOf(op: Operator, index: number, timeMajor: boolean): Sequence {
  const value = op.inputOf(index, 'float32')
  if (value.shape.length !== 3) throw op.misshapen('rank 3 is needed')
  return new Sequence(value, timeMajor)
}

/** A network in progress: a step takes the vectors of a batch and gives its output. */
interface Cell {
  size: number
  step: (x: Float32Array, aux: Float32Array | null) => Float32Array
}

/** Runs a cell over a sequence, forwards or backwards, into the elements of `out` from `offset` on. */
function unroll(cell: Cell, x: Sequence, aux: Sequence | null, out: Sequence, offset: number, reverse: boolean): void {
  for (let i = 0; i < x.steps; i++) {
    const step = reverse ? x.steps - 1 - i : i
    out.write(step, cell.step(x.step(step), aux?.step(step) ?? null), offset)
  }
}

/** Adds matrix products and a bias: [batch, rows]. */
function affine(
  batch: number,
  size: number,
  bias: Float32Array | null,
  products: readonly (readonly [Matrix | null, Float32Array | null])[],
): Float32Array {
  const out = new Float32Array(batch * size)
  if (bias) for (let i = 0; i < out.length; i++) out[i] = bias[i % size]!
  for (const [matrix, vectors] of products) if (matrix && vectors) matrix.accumulate(vectors, batch, out)
  return out
}

interface Gate {
  input: Matrix
  aux: Matrix | null
  recurrent: Matrix
  peephole: Float32Array | null
  normalization: Float32Array | null
  bias: Float32Array | null
}

/** Where the operands of one direction begin. */
interface LstmOperands {
  weights: number
  outputState: number
  cellState: number
  normalization: number | null
  aux: number | null
}

/** Operands of gate `gate` (input 0, forget 1, cell 2, output 3); the cell gate has no peephole. */
function gateOf(op: Operator, { weights, normalization, aux }: LstmOperands, gate: number): Gate {
  const peephole = gate === 2 ? null : weights + 8 + (gate === 3 ? 2 : gate)
  return {
    input: requiredMatrix(op, weights + gate),
    aux: aux === null ? null : matrixOf(op, aux + gate),
    recurrent: requiredMatrix(op, weights + 4 + gate),
    peephole: peephole === null ? null : vectorOf(op, peephole),
    normalization: normalization === null ? null : vectorOf(op, normalization + gate),
    bias: vectorOf(op, weights + 11 + gate),
  }
}

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
function lstmCell(op: Operator, batch: number, operands: LstmOperands): Cell {
  const coupled = !op.has(operands.weights)
  const inputGate = coupled ? null : gateOf(op, operands, 0)
  const [forgetGate, cellGate, outputGate] = [gateOf(op, operands, 1), gateOf(op, operands, 2), gateOf(op, operands, 3)]
  const projection = matrixOf(op, operands.weights + 15)
  const projectionBias = vectorOf(op, operands.weights + 16)
  const activationName = op.text('fused_activation_function', 'TANH')
  const activation = activationFunction(activationName)
  const [cellClip, projectionClip] = [op.number('cell_clip'), op.number('proj_clip')]
  const cells = forgetGate.input.rows
  let output: Float32Array = op.inputOf(operands.outputState, 'float32').data.slice()
  const state = op.inputOf(operands.cellState, 'float32').data.slice()

  const compute = (gate: Gate, f: (x: number) => number, x: Float32Array, aux: Float32Array | null): Float32Array => {
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
      clamp(state, cellClip)
      const hidden = compute(outputGate, sigmoid, x, aux)
      // without an activation TFLite's kernels leave the cell gate in the buffer that the activated state would go to
      for (let i = 0; i < hidden.length; i++) hidden[i]! *= activationName === 'NONE' ? cell[i]! : activation(state[i]!)
      if (projection) {
        output = affine(batch, projection.rows, projectionBias, [[projection, hidden]])
        clamp(output, projectionClip)
      } else output = hidden
      op.assign(operands.outputState, tensor('float32', op.input(operands.outputState).shape, output.slice()))
      op.assign(operands.cellState, tensor('float32', op.input(operands.cellState).shape, state.slice()))
      return output
    },
  }
}

const LSTM_OPERANDS: LstmOperands = { weights: 1, outputState: 18, cellState: 19, normalization: 20, aux: null }

const sequenceLstm: Kernel = (op) => {
  const timeMajor = op.boolean('time_major')
  const x = sequenceOf(op, 0, timeMajor)
  const cell = lstmCell(op, x.batch, LSTM_OPERANDS)
  const out = sequenceLike(x, cell.size, timeMajor)
  unroll(cell, x, null, out, 0, false)
  return out.value
}

/** One step. The basic kernel's operands: input, previous output, weights of all gates, bias, previous state. */
const lstmStep: Kernel = (op) => {
  const x = op.inputOf(0, 'float32')
  if (op.text('kernel_type') === 'BASIC') return basicLstmStep(op)
  const batch = x.shape[0]!
  const cell = lstmCell(op, batch, LSTM_OPERANDS)
  return tensor('float32', [batch, cell.size], cell.step(x.data, null))
}

const basicLstmStep: Kernel = (op) => {
  const [x, previous, weights, state] = [
    op.inputOf(0, 'float32'),
    op.inputOf(1, 'float32'),
    requiredMatrix(op, 2),
    op.inputOf(4, 'float32'),
  ]
  const [batch, cells] = state.shape.slice(-2) as [number, number]
  const [inputSize, outputSize] = [x.data.length / batch, previous.data.length / batch]
  if (weights.rows !== 4 * cells || weights.columns !== inputSize + outputSize) throw op.misshapen('the weights do not fit')
  const joined = new Float32Array(batch * weights.columns)
  for (let b = 0; b < batch; b++) {
    joined.set(x.data.subarray(b * inputSize, (b + 1) * inputSize), b * weights.columns)
    joined.set(previous.data.subarray(b * outputSize, (b + 1) * outputSize), b * weights.columns + inputSize)
  }
  const gates = affine(batch, 4 * cells, vectorOf(op, 3), [[weights, joined]])
  const output = new Float32Array(batch * cells)
  const next = new Float32Array(batch * cells)
  for (let i = 0; i < next.length; i++) {
    const gate = (k: number): number => gates[Math.floor(i / cells) * 4 * cells + k * cells + (i % cells)]!
    next[i] = sigmoid(gate(0)) * Math.tanh(gate(1)) + sigmoid(gate(2)) * state.data[i]!
    output[i] = sigmoid(gate(3)) * Math.tanh(next[i]!)
  }
  const shape = state.shape
  const joinedShape = [...x.shape.slice(0, -1), weights.columns]
  return [
    tensor('float32', shape, output),
    tensor('float32', shape, next),
    tensor('float32', joinedShape, joined),
    tensor('float32', [...shape.slice(0, -1), 4 * cells], gates),
  ]
}

/** Both directions' results side by side in one output, or one output each. */
function bidirectional(
  op: Operator,
  timeMajor: boolean,
  aux: number,
  cells: (batch: number) => [Cell, Cell],
  hasAuxWeights: boolean,
): Tensor[] {
  const x = sequenceOf(op, 0, timeMajor)
  const other = op.has(aux) ? sequenceOf(op, aux, timeMajor) : null
  // without weights of its own the auxiliary input is the backward direction's input
  const [backInput, auxiliary] = hasAuxWeights ? [x, other] : [other ?? x, null]
  const [forward, backward] = cells(x.batch)
  const merged = op.boolean('merge_outputs')
  const out = sequenceLike(x, merged ? forward.size + backward.size : forward.size, timeMajor)
  const back = merged ? out : sequenceLike(x, backward.size, timeMajor)
  unroll(forward, x, auxiliary, out, 0, false)
  unroll(backward, backInput, auxiliary, back, merged ? forward.size : 0, true)
  return merged ? [out.value] : [out.value, back.value]
}

/** Operand numbers: weights of both directions, their states, the auxiliary input and its weights of both directions. */
const bidirectionalLstm: Kernel = (op) => {
  const [auxInput, forwardAux, backwardAux] = [39, 40, 44]
  const hasAux = op.has(forwardAux + 1)
  return bidirectional(
    op,
    op.boolean('time_major'),
    auxInput,
    (batch) => [
      lstmCell(op, batch, { weights: 1, outputState: 35, cellState: 36, normalization: null, aux: hasAux ? forwardAux : null }),
      lstmCell(op, batch, { weights: 18, outputState: 37, cellState: 38, normalization: null, aux: hasAux ? backwardAux : null }),
    ],
    hasAux,
  )
}

/** The new state is the activation of input, auxiliary input and old state, each by its matrix, and the bias. */
function simpleCell(op: Operator, batch: number, first: number, aux: number | null): Cell {
  const [input, recurrent, bias] = [requiredMatrix(op, first), requiredMatrix(op, first + 1), vectorOf(op, first + 2)]
  const auxiliary = aux === null ? null : matrixOf(op, aux)
  const activation = activationFunction(op.text('fused_activation_function', 'TANH'))
  const stateOperand = first + 3
  let state = op.inputOf(stateOperand, 'float32').data
  return {
    size: input.rows,
    step(x, extra) {
      state = affine(batch, input.rows, bias, [
        [input, x],
        [auxiliary, extra],
        [recurrent, state],
      ]).map(activation)
      op.assign(stateOperand, tensor('float32', op.input(stateOperand).shape, state.slice()))
      return state
    },
  }
}

const rnnStep: Kernel = (op) => {
  const x = op.inputOf(0, 'float32')
  const cell = simpleCell(op, x.shape[0]!, 1, null)
  return tensor('float32', [x.shape[0]!, cell.size], cell.step(x.data, null).slice())
}

const sequenceRnn: Kernel = (op) => {
  const timeMajor = op.boolean('time_major')
  const x = sequenceOf(op, 0, timeMajor)
  const cell = simpleCell(op, x.batch, 1, null)
  const out = sequenceLike(x, cell.size, timeMajor)
  unroll(cell, x, null, out, 0, false)
  return out.value
}

const bidirectionalRnn: Kernel = (op) => {
  const [auxInput, forwardAux, backwardAux] = [9, 10, 11]
  const hasAux = op.has(forwardAux)
  return bidirectional(
    op,
    op.boolean('time_major'),
    auxInput,
    (batch) => [simpleCell(op, batch, 1, hasAux ? forwardAux : null), simpleCell(op, batch, 5, hasAux ? backwardAux : null)],
    hasAux,
  )
}

/** A layer of filters of rank one: each has weights over the input's elements and over the last steps, which the state holds. */
const svdf: Kernel = (op) => {
  const x = op.inputOf(0, 'float32')
  const features = requiredMatrix(op, 1)
  const times = op.inputOf(2, 'float32')
  const bias = vectorOf(op, 3)
  const rank = op.number('rank')
  const [batch, filters, memory] = [x.shape[0]!, features.rows, times.shape[1]!]
  const units = filters / rank
  if (!Number.isInteger(units)) throw op.misshapen(`${filters} filters of rank ${rank}`)
  const state = op.inputOf(4, 'float32').data.slice()
  const latest = affine(batch, filters, null, [[features, x.data]])
  const out = affine(batch, units, bias, [])
  const activation = activationFunction(op.text('fused_activation_function', 'NONE'))
  for (let i = 0; i < batch * filters; i++) {
    const row = state.subarray(i * memory, (i + 1) * memory)
    row.copyWithin(0, 1)
    row[memory - 1] = latest[i]!
    const filter = i % filters
    let sum = 0
    for (let m = 0; m < memory; m++) sum += times.data[filter * memory + m]! * row[m]!
    out[Math.floor(i / filters) * units + Math.floor(filter / rank)]! += sum
  }
  op.assign(4, tensor('float32', op.input(4).shape, state))
  return tensor('float32', [batch, units], out.map(activation))
}

export const RECURRENT: readonly OpRow[] = [
  row('UNIDIRECTIONAL_SEQUENCE_LSTM', 0, [['float32'], sequenceLstm], [['int8'], quantizedLstm]),
  row('LSTM', 0, [['float32'], lstmStep]),
  row('BIDIRECTIONAL_SEQUENCE_LSTM', 0, [['float32'], bidirectionalLstm]),
  row('RNN', 0, [['float32'], rnnStep]),
  row('UNIDIRECTIONAL_SEQUENCE_RNN', 0, [['float32'], sequenceRnn]),
  row('BIDIRECTIONAL_SEQUENCE_RNN', 0, [['float32'], bidirectionalRnn]),
  row('SVDF', 0, [['float32'], svdf]),
]
