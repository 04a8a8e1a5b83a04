/**
 * Recurrent cells over a sequence: LSTM, GRU and the simple recurrent network, in the form of MIL's `lstm`, `gru`, `rnn` and
 * NeuralNetwork.proto's LSTMParams, GRULayerParams, SimpleRecurrentLayerParams.
 *
 * Arrays are row-major: x [steps, batch, inputSize], states [batch, hiddenSize], input weights [hiddenSize, inputSize], recurrent weights
 * [hiddenSize, hiddenSize], one array a gate. A gate's sum starts at its bias, then takes the products of the input, then those of the
 * hidden state, in ascending order; gates and states are computed in double and stored as float32, or as float16 where sums are.
 * The returned sequence is in order of processing: the first step of a reversed pass is the last of the input.
 */
import type { Arithmetic } from './arithmetic.js'
import { roundToHalf } from './float16.js'

/** linear alpha·x + beta; relu; sigmoid; tanh; scaled_tanh alpha·tanh(beta·x); hard_sigmoid alpha·x + beta held within 0 and 1. */
export interface CellActivation {
  kind: 'linear' | 'relu' | 'sigmoid' | 'tanh' | 'scaled_tanh' | 'hard_sigmoid'
  alpha: number
  beta: number
}

/** What the three kinds of cell have in common. */
export interface Recurrence {
  steps: number
  batch: number
  inputSize: number
  hiddenSize: number
  /** Takes the steps from last to first. */
  reverse: boolean
  /** Bound on the magnitude of a gate's sum before its activation; Infinity for none. */
  sumLimit: number
}

/** Weights of one gate. */
export interface Gate {
  input: Float32Array
  recurrent: Float32Array
  bias?: Float32Array | undefined
}

export interface LstmCell {
  inputGate: Gate
  forgetGate: Gate
  outputGate: Gate
  cellGate: Gate
  /** Weights [hiddenSize] of the cell state within the gates' sums. */
  peephole?: { input: Float32Array; forget: Float32Array; output: Float32Array } | undefined
  /** Added to the forget gate's sum. */
  forgetBias: number
  gateActivation: CellActivation
  cellActivation: CellActivation
  outputActivation: CellActivation
  /** Bound on the magnitude of the cell state; Infinity for none. */
  cellLimit: number
  /** The forget gate is 1 - input gate. */
  coupled: boolean
}

export interface GruCell {
  reset: Gate
  update: Gate
  output: Gate
  /** Biases of the recurrent products alone: where `resetAfter`, the reset gate scales that of the output gate too. */
  recurrentBias?: { reset: Float32Array; update: Float32Array; output: Float32Array } | undefined
  /** The reset gate scales the recurrent product of the output gate, not the state that enters it. */
  resetAfter: boolean
  gateActivation: CellActivation
  outputActivation: CellActivation
}

export interface SimpleCell {
  gate: Gate
  activation: CellActivation
}

export interface RecurrentResult {
  /** [steps, batch, hiddenSize], in order of processing. */
  sequence: Float32Array
  /** [batch, hiddenSize] after the last step processed. */
  hidden: Float32Array
}

const ACTIVATIONS: { readonly [kind in CellActivation['kind']]: (x: number, alpha: number, beta: number) => number } = {
  linear: (x, alpha, beta) => alpha * x + beta,
  relu: (x) => (x < 0 ? 0 : x),
  sigmoid: (x) => 1 / (1 + Math.exp(-x)),
  tanh: Math.tanh,
  scaled_tanh: (x, alpha, beta) => alpha * Math.tanh(beta * x),
  hard_sigmoid: (x, alpha, beta) => clamp(alpha * x + beta, 0, 1),
}

/** NaN stays NaN. */
const clamp = (x: number, low: number, high: number): number => Math.min(Math.max(x, low), high)

/** `sums[row] += weights[row] · x`, one addend at a time in ascending order; weights [rows, columns], x from `from`. */
function addProducts(
  sums: Float32Array,
  weights: Float32Array,
  x: Float32Array,
  from: number,
  columns: number,
  arithmetic: Arithmetic,
): void {
  if (arithmetic.sum === 'float16') addHalfProducts(sums, weights, x, from, columns)
  else addSingleProducts(sums, weights, x, from, columns)
}

function addSingleProducts(sums: Float32Array, weights: Float32Array, x: Float32Array, from: number, columns: number): void {
  const rows = sums.length
  let row = 0
  for (; row + 4 <= rows; row += 4) {
    const first = row * columns
    const second = first + columns
    const third = second + columns
    const fourth = third + columns
    let a = sums[row]!
    let b = sums[row + 1]!
    let c = sums[row + 2]!
    let d = sums[row + 3]!
    for (let k = 0; k < columns; k++) {
      const value = x[from + k]!
      a = Math.fround(a + Math.fround(weights[first + k]! * value))
      b = Math.fround(b + Math.fround(weights[second + k]! * value))
      c = Math.fround(c + Math.fround(weights[third + k]! * value))
      d = Math.fround(d + Math.fround(weights[fourth + k]! * value))
    }
    sums[row] = a
    sums[row + 1] = b
    sums[row + 2] = c
    sums[row + 3] = d
  }
  for (; row < rows; row++) {
    let sum = sums[row]!
    for (let k = 0; k < columns; k++) sum = Math.fround(sum + Math.fround(weights[row * columns + k]! * x[from + k]!))
    sums[row] = sum
  }
}

function addHalfProducts(sums: Float32Array, weights: Float32Array, x: Float32Array, from: number, columns: number): void {
  for (let row = 0; row < sums.length; row++) {
    let sum = sums[row]!
    for (let k = 0; k < columns; k++) {
      sum = roundToHalf(Math.fround(sum + Math.fround(weights[row * columns + k]! * x[from + k]!)))
    }
    sums[row] = sum
  }
}

/** Scratch and rules that the cells share: one instance serves a whole sequence. */
class Cell {
  private readonly rounds: (x: number) => number

  constructor(
    readonly shape: Recurrence,
    private readonly arithmetic: Arithmetic,
  ) {
    this.rounds = arithmetic.sum === 'float16' ? roundToHalf : Math.fround
  }

  /** `sums` = bias + input · x; the recurrent products follow by `addRecurrent`. */
  startSums(sums: Float32Array, gate: Gate, x: Float32Array, from: number): void {
    if (gate.bias) sums.set(gate.bias)
    else sums.fill(0)
    addProducts(sums, gate.input, x, from, this.shape.inputSize, this.arithmetic)
  }

  addRecurrent(sums: Float32Array, gate: Gate, hidden: Float32Array, from: number): void {
    addProducts(sums, gate.recurrent, hidden, from, this.shape.hiddenSize, this.arithmetic)
  }

  /** A gate's value from its sum. */
  gate(sum: number, activation: CellActivation): number {
    const { productLimit } = this.arithmetic
    const rounded = this.rounds(sum)
    const limited = rounded > productLimit ? Infinity : rounded < -productLimit ? -Infinity : rounded
    return this.activate(clamp(limited, -this.shape.sumLimit, this.shape.sumLimit), activation)
  }

  activate(x: number, { kind, alpha, beta }: CellActivation): number {
    return this.rounds(ACTIVATIONS[kind](x, alpha, beta))
  }

  round(x: number): number {
    return this.rounds(x)
  }
}

/** Runs `step` for every step and batch in order of processing and collects the hidden states. */
function unroll(
  shape: Recurrence,
  initialHidden: Float32Array,
  step: (inputAt: number, stateAt: number, hidden: Float32Array) => void,
): RecurrentResult {
  const { steps, batch, inputSize, hiddenSize } = shape
  const stateSize = batch * hiddenSize
  const sequence = new Float32Array(steps * stateSize)
  const hidden = initialHidden.slice()
  for (let t = 0; t < steps; t++) {
    const source = shape.reverse ? steps - 1 - t : t
    for (let b = 0; b < batch; b++) step((source * batch + b) * inputSize, b * hiddenSize, hidden)
    sequence.set(hidden, t * stateSize)
  }
  return { sequence, hidden }
}

/**
 * i = f(Wi·x + Ri·h + pi∘c + bi), f = f(Wf·x + Rf·h + pf∘c + bf), z = g(Wz·x + Rz·h + bz), c' = f∘c + i∘z held within ±cellLimit,
 * o = f(Wo·x + Ro·h + po∘c' + bo), h' = o∘h(c'). `cell` of the result is the last c' [batch, hiddenSize].
 */
export function lstm(
  x: Float32Array,
  initialHidden: Float32Array,
  initialCell: Float32Array,
  weights: LstmCell,
  shape: Recurrence,
  arithmetic: Arithmetic,
): RecurrentResult & { cell: Float32Array } {
  const { inputGate, forgetGate, outputGate, cellGate, peephole, gateActivation, cellActivation, outputActivation, cellLimit } = weights
  const size = shape.hiddenSize
  const [input, forget, output, block] = [new Float32Array(size), new Float32Array(size), new Float32Array(size), new Float32Array(size)]
  const computer = new Cell(shape, arithmetic)
  const cell = initialCell.slice()
  const result = unroll(shape, initialHidden, (inputAt, stateAt, hidden) => {
    const sum = (sums: Float32Array, gate: Gate): void => {
      computer.startSums(sums, gate, x, inputAt)
      computer.addRecurrent(sums, gate, hidden, stateAt)
    }
    sum(input, inputGate)
    if (!weights.coupled) sum(forget, forgetGate)
    sum(output, outputGate)
    sum(block, cellGate)
    for (let j = 0; j < size; j++) {
      const before = cell[stateAt + j]!
      const i = computer.gate(input[j]! + (peephole ? peephole.input[j]! * before : 0), gateActivation)
      const f = weights.coupled
        ? 1 - i
        : computer.gate(forget[j]! + weights.forgetBias + (peephole ? peephole.forget[j]! * before : 0), gateActivation)
      const z = computer.gate(block[j]!, cellActivation)
      const after = computer.round(clamp(f * before + i * z, -cellLimit, cellLimit))
      const o = computer.gate(output[j]! + (peephole ? peephole.output[j]! * after : 0), gateActivation)
      cell[stateAt + j] = after
      hidden[stateAt + j] = computer.round(o * computer.activate(after, outputActivation))
    }
  })
  return { ...result, cell }
}

/**
 * z = f(Wz·x + Rz·h + bz), r = f(Wr·x + Rr·h + br), o = g(Wo·x + Ro·(r∘h) + bo), h' = (1 - z)∘o + z∘h;
 * where `resetAfter`, o = g(Wo·x + bo + r∘(Ro·h + co)) with the recurrent bias co.
 */
export function gru(
  x: Float32Array,
  initialHidden: Float32Array,
  weights: GruCell,
  shape: Recurrence,
  arithmetic: Arithmetic,
): RecurrentResult {
  const { recurrentBias, resetAfter, gateActivation, outputActivation } = weights
  const size = shape.hiddenSize
  const [reset, update, output, recurrent] = [
    new Float32Array(size),
    new Float32Array(size),
    new Float32Array(size),
    new Float32Array(size),
  ]
  const computer = new Cell(shape, arithmetic)
  const gate = (
    values: Float32Array,
    of: Gate,
    extra: Float32Array | undefined,
    hidden: Float32Array,
    inputAt: number,
    stateAt: number,
  ): void => {
    computer.startSums(values, of, x, inputAt)
    computer.addRecurrent(values, of, hidden, stateAt)
    for (let j = 0; j < size; j++) values[j] = computer.gate(values[j]! + (extra ? extra[j]! : 0), gateActivation)
  }
  return unroll(shape, initialHidden, (inputAt, stateAt, hidden) => {
    gate(reset, weights.reset, recurrentBias?.reset, hidden, inputAt, stateAt)
    gate(update, weights.update, recurrentBias?.update, hidden, inputAt, stateAt)
    computer.startSums(output, weights.output, x, inputAt)
    if (resetAfter) {
      if (recurrentBias) recurrent.set(recurrentBias.output)
      else recurrent.fill(0)
      computer.addRecurrent(recurrent, weights.output, hidden, stateAt)
      for (let j = 0; j < size; j++) output[j] = output[j]! + reset[j]! * recurrent[j]!
    } else {
      for (let j = 0; j < size; j++) recurrent[j] = computer.round(reset[j]! * hidden[stateAt + j]!)
      computer.addRecurrent(output, weights.output, recurrent, 0)
    }
    for (let j = 0; j < size; j++) {
      const sum = output[j]! + (!resetAfter && recurrentBias ? recurrentBias.output[j]! : 0)
      const z = update[j]!
      hidden[stateAt + j] = computer.round((1 - z) * computer.gate(sum, outputActivation) + z * hidden[stateAt + j]!)
    }
  })
}

/** h' = f(W·x + R·h + b). */
export function simpleRecurrent(
  x: Float32Array,
  initialHidden: Float32Array,
  weights: SimpleCell,
  shape: Recurrence,
  arithmetic: Arithmetic,
): RecurrentResult {
  const sums = new Float32Array(shape.hiddenSize)
  const computer = new Cell(shape, arithmetic)
  return unroll(shape, initialHidden, (inputAt, stateAt, hidden) => {
    computer.startSums(sums, weights.gate, x, inputAt)
    computer.addRecurrent(sums, weights.gate, hidden, stateAt)
    for (let j = 0; j < sums.length; j++) hidden[stateAt + j] = computer.gate(sums[j]!, weights.activation)
  })
}

/**
 * Joins a forward sequence and a backward one [steps, rows, hiddenSize], both in order of processing, to
 * [steps, rows, 2 * hiddenSize] in order of the input. States are the case of one step.
 */
export function joinDirections(
  forward: Float32Array,
  backward: Float32Array,
  steps: number,
  rows: number,
  hiddenSize: number,
): Float32Array {
  const joined = new Float32Array(forward.length + backward.length)
  for (let t = 0; t < steps; t++) {
    for (let row = 0; row < rows; row++) {
      const from = (t * rows + row) * hiddenSize
      const back = ((steps - 1 - t) * rows + row) * hiddenSize
      joined.set(forward.subarray(from, from + hiddenSize), 2 * from)
      joined.set(backward.subarray(back, back + hiddenSize), 2 * from + hiddenSize)
    }
  }
  return joined
}

/** Cuts states [rows, 2 * hiddenSize] into those of the forward and the backward direction. */
export function splitDirections(states: Float32Array, rows: number, hiddenSize: number): [Float32Array, Float32Array] {
  const forward = new Float32Array(rows * hiddenSize)
  const backward = new Float32Array(rows * hiddenSize)
  for (let row = 0; row < rows; row++) {
    const at = 2 * row * hiddenSize
    forward.set(states.subarray(at, at + hiddenSize), row * hiddenSize)
    backward.set(states.subarray(at + hiddenSize, at + 2 * hiddenSize), row * hiddenSize)
  }
  return [forward, backward]
}
