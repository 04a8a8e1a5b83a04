/**
 * LSTMs in one op. Their states are variables, which start from zero in every run. The weights are operands by fixed numbers, left out
 * where the variant (coupled input and forget gate, no peepholes, no projection, no normalisation) has none.
 */
import { tensor } from '../../../../kernels/tensor.js'
import type { Kernel, Operator, OpRow } from '../operator.js'
import { row } from '../operator.js'
import { activationFunction } from './activation.js'
import type { Matrix } from './matrix.js'
import { matrixOf, requiredMatrix, vectorOf } from './matrix.js'
import { quantizedLstm } from './quantized/lstm.js'
import type { Cell } from './sequence.js'
import { affine, bidirectional, sequenceLike, sequenceOf, unroll } from './sequence.js'

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x))

function clamp(data: Float32Array, limit: number): void {
  if (limit > 0) for (let i = 0; i < data.length; i++) data[i] = Math.min(limit, Math.max(-limit, data[i]!))
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

export const LSTM: readonly OpRow[] = [
  row('UNIDIRECTIONAL_SEQUENCE_LSTM', 0, [['float32'], sequenceLstm], [['int8'], quantizedLstm]),
  row('LSTM', 0, [['float32'], lstmStep]),
  row('BIDIRECTIONAL_SEQUENCE_LSTM', 0, [['float32'], bidirectionalLstm]),
]
