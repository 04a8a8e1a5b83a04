import { describe, expect, it } from 'vitest'
import { float32 } from '../../support/graphs.js'
import { singles } from '../../support/numbers.js'
import { callOp, testGolden } from './golden.js'

describe('recurrent ops give what their equations give', () => testGolden('recurrent'))

describe('recurrent layers refuse activations that NeuralNetwork.proto does not give them', () => {
  const [x, square] = [float32([2, 1, 3, 1, 1], [...singles(6, 1)]), float32([9], [...singles(9, 2)])]
  it.each(['leakyReLU', 'thresholdedReLU', 'PReLU', 'ELU', 'softsign', 'softplus', 'parametricSoftplus'])('%s', (name) => {
    const attributes = { inputVectorSize: 3, outputVectorSize: 3, sequenceOutput: false, hasBiasVector: false, reverseInput: false }
    const weights = { weightMatrix: square, recursionMatrix: square }
    const activation = { [name]: { alpha: 1 } }
    expect(() =>
      callOp(
        'simpleRecurrent',
        { input: x, ...weights },
        { dialect: 'neuralnetwork', attributes: { ...attributes, activation }, outputs: 2 },
      ),
    ).toThrow(expect.objectContaining({ code: 'UNSUPPORTED_OP_VARIANT', what: expect.stringContaining(`activation '${name}'`) }))
  })
})

const STEPS = 4
const [BATCH, INPUT, SIZE] = [2, 3, 5]
const random = (seed: number, ...shape: number[]) =>
  float32(shape, [
    ...singles(
      shape.reduce((a, b) => a * b, 1),
      seed,
    ),
  ])
const x = random(1, STEPS, BATCH, INPUT)
const flipped = callOp('reverse', { x }, { attributes: { axes: [0] } })[0]!
const weightsOf = (seed: number, gates: number) => ({
  weight_ih: random(seed, gates * SIZE, INPUT),
  weight_hh: random(seed + 1, gates * SIZE, SIZE),
  bias: random(seed + 2, gates * SIZE),
})

describe('a recurrent op', () => {
  const states = { initial_h: random(8, BATCH, SIZE), initial_c: random(9, BATCH, SIZE) }
  it.each([
    ['lstm', 4, 3],
    ['gru', 3, 2],
    ['rnn', 1, 2],
  ] as const)('%s in reverse is itself on the flipped input', (op, gates, outputs) => {
    const { initial_h, initial_c } = states
    const operands = { initial_h, ...(op === 'lstm' && { initial_c }), ...weightsOf(20, gates) }
    const attributes = { output_sequence: true }
    const forward = callOp(op, { x: flipped, ...operands }, { attributes, outputs })
    expect(callOp(op, { x, ...operands }, { attributes: { ...attributes, direction: 'reverse' }, outputs })).toEqual(forward)
  })
  it('in two directions is both, side by side, the second in order of the input', () => {
    const [there, back] = [weightsOf(30, 4), weightsOf(40, 4)]
    const both = (value: string) => random(value === 'h' ? 50 : 51, BATCH, 2 * SIZE)
    const half = (value: string, part: number) =>
      callOp('slice_by_size', { x: both(value) }, { attributes: { begin: [0, part * SIZE], size: [-1, SIZE] } })[0]!
    const attributes = { output_sequence: true }
    const one = (weights: typeof there, part: number) =>
      callOp(
        'lstm',
        { x: part === 0 ? x : flipped, initial_h: half('h', part), initial_c: half('c', part), ...weights },
        { attributes, outputs: 3 },
      )
    const [forward, backward] = [one(there, 0), one(back, 1)]
    const backwards = { weight_ih_back: back.weight_ih, weight_hh_back: back.weight_hh, bias_back: back.bias }
    const joined = callOp(
      'lstm',
      { x, initial_h: both('h'), initial_c: both('c'), ...there, ...backwards },
      { attributes: { ...attributes, direction: 'bidirectional' }, outputs: 3 },
    )
    const turned = callOp('reverse', { x: backward[0]! }, { attributes: { axes: [0] } })[0]!
    const halves = [[forward[0]!, turned], ...[1, 2].map((i) => [forward[i]!, backward[i]!])]
    expect(joined).toEqual(halves.map((values) => callOp('concat', { values }, { attributes: { axis: -1 } })[0]))
  })
  it('gives the last step alone without output_sequence', () => {
    const operands = { x, ...states, ...weightsOf(60, 4) }
    const [whole] = callOp('lstm', operands, { attributes: { output_sequence: true }, outputs: 3 })
    const [last] = callOp('lstm', operands, { outputs: 3 })
    expect(last).toEqual(callOp('slice_by_size', { x: whole! }, { attributes: { begin: [STEPS - 1, 0, 0], size: [1, -1, -1] } })[0])
  })
})
