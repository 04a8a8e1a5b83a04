import { describe, expect, it } from 'vitest'
import { PLAIN } from '../../kernels/arithmetic.js'
import { roundToHalf } from '../../kernels/float16.js'
import {
  type CellActivation,
  type Gate,
  gru,
  joinDirections,
  type LstmCell,
  lstm,
  type Recurrence,
  simpleRecurrent,
  splitDirections,
} from '../../kernels/recurrent.js'

const activation = (kind: CellActivation['kind'], alpha = 1, beta = 0): CellActivation => ({ kind, alpha, beta })
const LINEAR = activation('linear')
const floats = (...values: number[]) => Float32Array.from(values)
const shapeOf = (parts: Partial<Recurrence> = {}): Recurrence => ({
  steps: 3,
  batch: 1,
  inputSize: 1,
  hiddenSize: 1,
  reverse: false,
  sumLimit: Infinity,
  ...parts,
})
const gate = (input: number, recurrent: number, bias = 0): Gate => ({
  input: floats(input),
  recurrent: floats(recurrent),
  bias: floats(bias),
})

const cell = (parts: Partial<LstmCell> = {}): LstmCell => ({
  inputGate: gate(0, 0, 1),
  forgetGate: gate(0, 0, 1),
  outputGate: gate(0, 0, 1),
  cellGate: gate(1, 0),
  forgetBias: 0,
  gateActivation: LINEAR,
  cellActivation: LINEAR,
  outputActivation: LINEAR,
  cellLimit: Infinity,
  coupled: false,
  ...parts,
})

describe('recurrent kernels', () => {
  it('a simple cell with linear activation is a decaying sum', () => {
    const weights = { gate: gate(1, 0.5), activation: LINEAR }
    expect(simpleRecurrent(floats(1, 2, 4), floats(8), weights, shapeOf(), PLAIN)).toEqual({
      sequence: floats(5, 4.5, 6.25),
      hidden: floats(6.25),
    })
  })
  it('reversed it starts at the end and returns its steps in order of processing', () => {
    const weights = { gate: gate(1, 0.5), activation: LINEAR }
    expect(simpleRecurrent(floats(1, 2, 4), floats(0), weights, shapeOf({ reverse: true }), PLAIN).sequence).toEqual(floats(4, 4, 3))
  })
  it('an LSTM with open gates sums its input, within the bound of the cell', () => {
    expect(lstm(floats(1, 2, 4), floats(0), floats(10), cell(), shapeOf(), PLAIN)).toEqual({
      sequence: floats(11, 13, 17),
      hidden: floats(17),
      cell: floats(17),
    })
    expect(lstm(floats(1, 2, -40), floats(0), floats(10), cell({ cellLimit: 12 }), shapeOf(), PLAIN).sequence).toEqual(floats(11, 12, -12))
  })
  it('bounds the sums of gates before their activation', () => {
    const open = cell({ cellGate: gate(1, 0) })
    expect(lstm(floats(70, -70, 1), floats(0), floats(0), open, shapeOf({ sumLimit: 50 }), PLAIN).sequence).toEqual(floats(50, 0, 1))
  })
  it('keeps NaN to the batch that has it', () => {
    const weights = { gate: gate(1, 1), activation: activation('hard_sigmoid', 0.2, 0.5) }
    const { sequence } = simpleRecurrent(floats(Number.NaN, 0, 0, 0), floats(0, 0), weights, shapeOf({ steps: 2, batch: 2 }), PLAIN)
    expect([...sequence].map(Number.isNaN)).toEqual([true, false, true, false])
  })
  it('returns the initial state of an empty sequence', () => {
    const result = gru(
      floats(),
      floats(3),
      { reset: gate(1, 1), update: gate(1, 1), output: gate(1, 1), resetAfter: false, gateActivation: LINEAR, outputActivation: LINEAR },
      shapeOf({ steps: 0 }),
      PLAIN,
    )
    expect(result).toEqual({ sequence: floats(), hidden: floats(3) })
  })
  it('takes rows of weights four at a time and singly to the same sums', () => {
    const hiddenSize = 7
    const inputSize = 5
    const input = Float32Array.from({ length: hiddenSize * inputSize }, (_, i) => Math.sin(i))
    const recurrent = Float32Array.from({ length: hiddenSize * hiddenSize }, (_, i) => Math.cos(i) / 4)
    const x = Float32Array.from({ length: inputSize }, (_, i) => Math.sin(3 * i + 1))
    const hidden = Float32Array.from({ length: hiddenSize }, (_, i) => Math.cos(2 * i))
    const { sequence } = simpleRecurrent(
      x,
      hidden,
      { gate: { input, recurrent }, activation: LINEAR },
      shapeOf({ steps: 1, inputSize, hiddenSize }),
      PLAIN,
    )
    for (let row = 0; row < hiddenSize; row++) {
      let sum = 0
      for (let k = 0; k < inputSize; k++) sum = Math.fround(sum + Math.fround(input[row * inputSize + k]! * x[k]!))
      for (let k = 0; k < hiddenSize; k++) sum = Math.fround(sum + Math.fround(recurrent[row * hiddenSize + k]! * hidden[k]!))
      expect(sequence[row]).toBe(sum)
    }
  })
  it('rounds each step of a sum to float16 where the arithmetic says so, and overflows at its limit', () => {
    const weights = { gate: gate(1, 1), activation: LINEAR }
    const half = { ...PLAIN, sum: 'float16' } as const
    const { sequence } = simpleRecurrent(floats(2048, 1, 1), floats(0), weights, shapeOf(), half)
    expect(sequence).toEqual(floats(2048, roundToHalf(2049), 2048))
    expect(simpleRecurrent(floats(60000, 1, -1), floats(0), weights, shapeOf(), { ...PLAIN, productLimit: 32752 }).sequence).toEqual(
      floats(Infinity, Infinity, Infinity),
    )
  })
  it('joins directions in order of the input, and splits states', () => {
    const forward = floats(1, 2, 3, 4)
    const backward = floats(30, 40, 10, 20)
    expect(joinDirections(forward, backward, 2, 1, 2)).toEqual(floats(1, 2, 10, 20, 3, 4, 30, 40))
    expect(splitDirections(floats(1, 2, 10, 20, 3, 4, 30, 40), 2, 2)).toEqual([forward, floats(10, 20, 30, 40)])
  })
})
