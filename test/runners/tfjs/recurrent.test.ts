/** Recurrent ops against their published equations, and their states. */
import { describe, expect, it } from 'vitest'
import type { Tensor } from '../../../kernels/tensor.js'
import type { Plain } from '../../formats/tflite/write.js'
import type { Operand } from './run.js'
import { compute, error, int32, randomTensor, sessionOf, zeros } from './run.js'

const [BATCH, STEPS, INPUT, CELLS] = [2, 3, 4, 5]
const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x))
const variable = (shape: number[], dtype: 'float32' | 'int8' | 'int16' = 'float32'): Operand =>
  ({ ...zeros(dtype, shape), isVariable: true }) as Operand

const weights = (rows: number, columns: number, seed: number): Tensor<'float32'> => randomTensor([rows, columns], seed)
const product = (matrix: Tensor<'float32'>, vector: number[], row: number): number =>
  vector.reduce((sum, v, c) => sum + matrix.data[row * vector.length + c]! * v, 0)

interface Lstm {
  input: (Tensor<'float32'> | null)[]
  recurrent: (Tensor<'float32'> | null)[]
  bias: (Tensor<'float32'> | null)[]
  peephole?: Tensor<'float32'>[]
  projection?: Tensor<'float32'>
  clip?: number
}

/** Outputs [batch][step] of gates i, f, g, o; without i the input gate is 1 - f. */
function unrolled(x: Tensor<'float32'>, { input, recurrent, bias, peephole, projection, clip = Infinity }: Lstm): number[][][] {
  return Array.from({ length: BATCH }, (_, b) => {
    let h = new Array<number>(projection?.shape[0] ?? CELLS).fill(0)
    let c = new Array<number>(CELLS).fill(0)
    return Array.from({ length: STEPS }, (_, t) => {
      const vector = Array.from(x.data.subarray((b * STEPS + t) * INPUT, (b * STEPS + t + 1) * INPUT))
      const gate = (index: number, state: number[], hole?: Tensor<'float32'>): number[] =>
        c.map(
          (_, r) =>
            product(input[index]!, vector, r) +
            product(recurrent[index]!, h, r) +
            bias[index]!.data[r]! +
            (hole ? hole.data[r]! * state[r]! : 0),
        )
      const f = gate(1, c, peephole?.[1]).map(sigmoid)
      const i = input[0] ? gate(0, c, peephole?.[0]).map(sigmoid) : f.map((v) => 1 - v)
      const g = gate(2, c).map(Math.tanh)
      const next = c.map((v, r) => Math.min(clip, Math.max(-clip, f[r]! * v + i[r]! * g[r]!)))
      const o = gate(3, next, peephole?.[2]).map(sigmoid)
      c = next
      const hidden = c.map((v, r) => o[r]! * Math.tanh(v))
      h = projection ? Array.from({ length: projection.shape[0]! }, (_, r) => product(projection, hidden, r)) : hidden
      return h
    })
  })
}

const four = (make: (seed: number) => Tensor<'float32'>): Tensor<'float32'>[] => [1, 2, 3, 4].map(make)

function operandsOf(x: Tensor<'float32'>, { input, recurrent, bias, peephole, projection }: Lstm): Operand[] {
  return [
    x,
    ...input,
    ...recurrent,
    ...(peephole ?? [null, null, null]),
    ...bias,
    projection ?? null,
    null,
    variable([BATCH, projection?.shape[0] ?? CELLS]),
    variable([BATCH, CELLS]),
  ]
}

const BASE: Lstm = {
  input: four((seed) => weights(CELLS, INPUT, seed)),
  recurrent: four((seed) => weights(CELLS, CELLS, 10 + seed)),
  bias: four((seed) => randomTensor([CELLS], 20 + seed)),
}
const X = randomTensor([BATCH, STEPS, INPUT], 30)
const OPTIONS: [string, Plain] = ['UnidirectionalSequenceLSTMOptions', { fused_activation_function: 'TANH' }]

describe('UNIDIRECTIONAL_SEQUENCE_LSTM', () => {
  it.each<[string, Lstm, Plain]>([
    ['plain', BASE, {}],
    [
      'with coupled gates',
      {
        ...BASE,
        input: [null, ...BASE.input.slice(1)],
        recurrent: [null, ...BASE.recurrent.slice(1)],
        bias: [null, ...BASE.bias.slice(1)],
      },
      {},
    ],
    ['with peepholes', { ...BASE, peephole: [1, 2, 3].map((seed) => randomTensor([CELLS], 40 + seed)) }, {}],
    ['with a projection', { ...BASE, recurrent: four((seed) => weights(CELLS, 3, 50 + seed)), projection: weights(3, CELLS, 60) }, {}],
    ['with a clipped state', { ...BASE, clip: 0.2 }, { cell_clip: 0.2 }],
  ])('%s follows the equations', async (_, lstm, more) => {
    const [got] = await compute('UNIDIRECTIONAL_SEQUENCE_LSTM', operandsOf(X, lstm), [{}], [OPTIONS[0], { ...OPTIONS[1], ...more }])
    expect(got!.shape).toEqual([BATCH, STEPS, lstm.projection?.shape[0] ?? CELLS])
    expect(error(got!, unrolled(X, lstm).flat(2))).toBeLessThan(1e-6)
  })

  it('takes time first', async () => {
    const major = randomTensor([STEPS, BATCH, INPUT], 31)
    const batchFirst = {
      ...X,
      data: Float32Array.from(
        { length: X.data.length },
        (_, i) => major.data[((Math.floor(i / INPUT) % STEPS) * BATCH + Math.floor(i / (INPUT * STEPS))) * INPUT + (i % INPUT)]!,
      ),
    }
    const want = unrolled(batchFirst, BASE)
    const [got] = await compute(
      'UNIDIRECTIONAL_SEQUENCE_LSTM',
      operandsOf(major, BASE),
      [{}],
      [OPTIONS[0], { ...OPTIONS[1], time_major: 1 }],
    )
    expect(
      error(
        got!,
        [0, 1, 2].flatMap((t) => want.flatMap((steps) => steps[t]!)),
      ),
    ).toBeLessThan(1e-6)
  })

  it('starts every run from zero, and shows its state behind it', async () => {
    const operands = operandsOf(X, BASE)
    const given = operands.flatMap((operand) => (operand ? [operand] : []))
    let next = 0
    const inputs = operands.map((operand) => (operand ? next++ : -1))
    const session = await sessionOf([
      {
        tensors: [
          ...given.map(({ shape, isVariable }, i) => ({
            name: i === 0 ? 'x' : `t${i}`,
            shape,
            isVariable: isVariable ?? false,
            ...(i > 0 && !isVariable && { data: given[i]!.data as Float32Array }),
          })),
          { name: 'y', shape: [BATCH, STEPS, CELLS] },
        ],
        inputs: [0],
        outputs: [given.length],
        operators: [{ type: 'UNIDIRECTIONAL_SEQUENCE_LSTM', inputs, outputs: [given.length], options: OPTIONS }],
      },
    ])
    const [output] = session.state.names()
    const first = await session.run({ x: X })
    expect(await session.run({ x: X })).toEqual(first)
    const last = unrolled(X, BASE).flatMap((steps) => steps[STEPS - 1]!)
    expect(error(session.state.read(output!), last)).toBeLessThan(1e-6)
    session.state.reset()
    expect(session.state.read(output!).data).toEqual(new Float32Array(BATCH * CELLS))
    expect(() => session.state.read('nothing')).toThrow('The model has no state nothing')
  })

  it('on int8 is near the float one', async () => {
    const quantized = (value: Tensor<'float32'>, scale: number): NonNullable<Operand> => ({
      dtype: 'int8',
      shape: value.shape,
      data: Int8Array.from(value.data, (v) => Math.min(127, Math.round(v / scale))),
      scale: [scale],
    })
    const operands = operandsOf(X, BASE).map((operand, i): Operand => {
      if (!operand) return null
      if (i === 18) return { ...zeros('int8', operand.shape), scale: [1 / 128], isVariable: true } as Operand
      if (i === 19) return { ...zeros('int16', operand.shape), scale: [2 ** -12], isVariable: true } as Operand
      if (i >= 12 && i < 16)
        return {
          ...int32(
            operand.shape,
            Array.from(operand.data as Float32Array, (v) => Math.round(v * 128 * 128)),
          ),
          scale: [1 / 128 / 128],
        }
      return quantized(operand as Tensor<'float32'>, 1 / 128)
    })
    const intermediates = [{}, {}, {}, {}, { name: 'hidden', type: 'INT8', scale: [1 / 128] }]
    const [got] = await compute('UNIDIRECTIONAL_SEQUENCE_LSTM', operands, [{ type: 'INT8', scale: [1 / 128] }], OPTIONS, { intermediates })
    const want = unrolled(X, BASE).flat(2)
    for (const [i, v] of want.entries()) expect(Math.abs(Number(got!.data[i]) / 128 - v)).toBeLessThan(0.05)
  })
})

describe('other recurrent ops', () => {
  const rnn = [weights(CELLS, INPUT, 1), weights(CELLS, CELLS, 2), randomTensor([CELLS], 3)] as const
  const simple = (x: Tensor<'float32'>, reverse = false): number[][][] =>
    Array.from({ length: BATCH }, (_, b) => {
      let h = new Array<number>(CELLS).fill(0)
      const outputs: number[][] = []
      for (let k = 0; k < STEPS; k++) {
        const t = reverse ? STEPS - 1 - k : k
        const vector = Array.from(x.data.subarray((b * STEPS + t) * INPUT, (b * STEPS + t + 1) * INPUT))
        h = h.map((_, r) => Math.tanh(product(rnn[0], vector, r) + product(rnn[1], h, r) + rnn[2].data[r]!))
        outputs[t] = h
      }
      return outputs
    })

  it('UNIDIRECTIONAL_SEQUENCE_RNN', async () => {
    const [got] = await compute(
      'UNIDIRECTIONAL_SEQUENCE_RNN',
      [X, ...rnn, variable([BATCH, CELLS])],
      [{}],
      ['SequenceRNNOptions', { fused_activation_function: 'TANH' }],
    )
    expect(error(got!, simple(X).flat(2))).toBeLessThan(1e-6)
  })

  it('BIDIRECTIONAL_SEQUENCE_RNN puts the backward half behind the forward one, in input order', async () => {
    const operands = [X, ...rnn, variable([BATCH, CELLS]), ...rnn, variable([BATCH, CELLS]), null, null, null]
    const [got] = await compute(
      'BIDIRECTIONAL_SEQUENCE_RNN',
      operands,
      [{}],
      ['BidirectionalSequenceRNNOptions', { fused_activation_function: 'TANH', merge_outputs: 1 }],
    )
    const [forward, backward] = [simple(X), simple(X, true)]
    expect(got!.shape).toEqual([BATCH, STEPS, 2 * CELLS])
    expect(
      error(
        got!,
        forward.flatMap((steps, b) => steps.flatMap((h, t) => [...h, ...backward[b]![t]!])),
      ),
    ).toBeLessThan(1e-6)
  })

  it('SVDF remembers the last inputs', async () => {
    const [filters, memory] = [4, 3]
    const x = randomTensor([BATCH, INPUT], 5)
    const [features, times] = [weights(filters, INPUT, 6), randomTensor([filters, memory], 7)]
    const [got] = await compute('SVDF', [x, features, times, null, variable([BATCH, filters * memory])], [{}], ['SVDFOptions', { rank: 2 }])
    const want = Array.from({ length: BATCH * 2 }, (_, i) => {
      const vector = Array.from(x.data.subarray(Math.floor(i / 2) * INPUT, (Math.floor(i / 2) + 1) * INPUT))
      return [0, 1].reduce(
        (sum, k) => sum + product(features, vector, 2 * (i % 2) + k) * times.data[(2 * (i % 2) + k) * memory + memory - 1]!,
        0,
      )
    })
    expect(error(got!, want)).toBeLessThan(1e-6)
  })
})
