import { describe, expect, it } from 'vitest'
import type { NodeSketch } from '../support/graphs.js'
import { alignModels, ints, net, partners, ramp } from './nets.js'

/** A block: dense, tanh, dense, added to what came in. `names` of its values, one a step. */
const block = (input: string, [fc1, act, fc2, sum]: readonly string[], seed: number, without?: 'act'): NodeSketch[] => [
  { type: 'linear', inputs: { x: input, weight: ramp([6, 6], 1, seed) }, output: fc1! },
  ...(without ? [] : [{ type: 'tanh', inputs: { x: fc1! }, output: act! }]),
  { type: 'linear', inputs: { x: without ? fc1! : act!, weight: ramp([6, 6], 0.9, seed + 0.5) }, output: fc2! },
  { type: 'add', inputs: { x: input, y: fc2! }, output: sum! },
]
const named = (k: number) => ['fc1', 'act', 'fc2', 'sum'].map((part) => `b${k}/${part}`)
const renamed = (k: number) => [0, 1, 2, 3].map((i) => `v${4 * k + i}`)

const blocks = (names: (k: number) => string[], without?: number) => {
  const sketches = [0, 1, 2].flatMap((k) => block(k === 0 ? 'x' : names(k - 1)[3]!, names(k), k + 1, k === without ? 'act' : undefined))
  return net([5, 6], sketches, [names(2)[3]!])
}

describe('the search', () => {
  it('leaves out what the target leaves out, among blocks that look the same, whatever the names', async () => {
    for (const names of [named, renamed]) {
      const found = await alignModels(blocks(named), blocks(names, 1), ramp([5, 6], 1.3))
      const expected = [0, 1, 2].flatMap((k) => named(k).map((name, i) => [name, names(k)[i]!]))
      const skipped = expected.map(([source, target]) => [source, source === 'b1/act' ? names(1)[0]! : target])
      expect(partners(found)).toEqual({ x: 'x', ...Object.fromEntries(skipped) })
      expect(found.pairs.filter(({ equal }) => !equal).map(({ source }) => source)).toEqual(['b1/act'])
      expect(found.pairs.find(({ source }) => source === 'b1/fc1')).toMatchObject({ equal: true, shared: true })
    }
  })

  it('finds no parting and tries nothing where all agrees', async () => {
    const found = await alignModels(blocks(named), blocks(renamed), ramp([5, 6], 1.3))
    expect(found.cost).toEqual({ places: 0, trials: 0, abandoned: [] })
    expect(found.pairs.every(({ equal }) => equal)).toBe(true)
  })

  it('lays a place out as its neighbours lie, where the shapes would allow all', async () => {
    const source = (weight: ReturnType<typeof ramp>) =>
      net(
        [4, 4, 4],
        [
          { type: 'mul', inputs: { x: 'x', y: ramp([4], 1, 2) }, output: 'scaled' },
          { type: 'add', inputs: { x: 'scaled', y: weight }, output: 'stem' },
          { type: 'reduce_mean', inputs: { x: 'stem', axes: ints(0) }, output: 'rows' },
          { type: 'exp', inputs: { x: 'rows' }, output: 'out' },
        ],
        ['out'],
      )
    const target = net(
      [4, 4, 4],
      [
        { type: 'transpose', inputs: { x: 'x', perm: ints(2, 0, 1) }, output: 't0' },
        { type: 'mul', inputs: { x: 't0', y: { ...ramp([4], 1, 2), shape: [4, 1, 1] } }, output: 't1' },
        { type: 'add', inputs: { x: 't1', y: { ...ramp([4], 3, 9), shape: [4, 1, 1] } }, output: 't2' },
        { type: 'reduce_mean', inputs: { x: 't2', axes: ints(1) }, output: 't3' },
        { type: 'exp', inputs: { x: 't3' }, output: 't4' },
      ],
      ['t4'],
    )
    const found = await alignModels(source(ramp([4], 3, 1)), target, ramp([4, 4, 4], 1.1))
    expect(partners(found)).toMatchObject({ scaled: 't1', stem: 't2', rows: 't3', out: 't4' })
    expect(found.pairs.find(({ source: name }) => name === 'stem')).toMatchObject({ equal: false, layout: { order: [2, 0, 1] } })
    expect(found.pairs.find(({ source: name }) => name === 'out')?.equal).toBe(true)
  })

  it('takes exchanged results of one op for what its readers take them for', async () => {
    const gates = (outputs: readonly [string, string], names: readonly string[]) => {
      const model = net(
        [3, 8],
        [
          { type: 'split', inputs: { x: 'x', num_splits: ints(2), axis: ints(1) }, output: outputs[0] },
          { type: 'sigmoid', inputs: { x: names[0]! }, output: 'gate' },
          { type: 'tanh', inputs: { x: names[1]! }, output: 'candidate' },
          { type: 'mul', inputs: { x: 'gate', y: 'candidate' }, output: 'product' },
          { type: 'exp', inputs: { x: 'product' }, output: 'grown' },
          { type: 'cos', inputs: { x: 'grown' }, output: 'out' },
        ],
        ['out'],
      )
      const [first] = model.graph.nodes
      first!.outputs = [...outputs]
      first!.inputs = first!.inputs.map((operand) => operand)
      for (const parameter of ['num_splits', 'axis']) {
        const value = model.graph.values.get(`${outputs[0]}/${parameter}`)!
        const element = parameter === 'axis' ? 1 : 2
        value.constant!.read = () => ({ dtype: 'int32', shape: [], data: Int32Array.of(element) })
        value.constant!.shape = []
      }
      model.graph.values.set(outputs[1], { name: outputs[1], dtype: 'float32', shape: null })
      return model
    }
    const found = await alignModels(gates(['s0', 's1'], ['s0', 's1']), gates(['s1', 's0'], ['s0', 's1']), ramp([3, 8], 1.7))
    expect(partners(found)).toMatchObject({ s0: 's0', s1: 's1', gate: 'gate', candidate: 'candidate', out: 'out' })
    expect(found.pairs.filter(({ equal }) => !equal).map(({ source }) => source)).toEqual(['s0', 's1'])
  })

  it('looks again at a small fault that is healed before the next value that is looked at', async () => {
    const healed = (slope: number) =>
      net(
        [4, 6],
        [
          { type: 'mul', inputs: { x: 'x', y: ramp([6], slope) }, output: 'branch' },
          { type: 'mul', inputs: { x: 'branch', y: ramp([6], 1e-4) }, output: 'small' },
          { type: 'add', inputs: { x: 'x', y: 'small' }, output: 'sum' },
          { type: 'exp', inputs: { x: 'sum' }, output: 'out' },
        ],
        ['out'],
      )
    const found = await alignModels(healed(1), healed(1.05), ramp([4, 6], 1.3))
    expect(found.pairs.find(({ source }) => source === 'branch')).toMatchObject({ target: 'branch', equal: false })
    expect(found.pairs.find(({ source }) => source === 'sum')).toMatchObject({ target: 'sum', equal: true })
  })

  it('is not silenced by an index that happens to agree behind a fault', async () => {
    const pick = (weight: number) =>
      net(
        [1, 6],
        [
          { type: 'linear', inputs: { x: 'x', weight: ramp([6, 6], 1, weight) }, output: 'logits' },
          { type: 'reduce_argmax', inputs: { x: 'logits' }, output: 'index', dtype: 'int32' },
        ],
        ['index'],
      )
    const found = await alignModels(pick(1), pick(1.2), ramp([1, 6], 1.3))
    expect(partners(found)).toMatchObject({ logits: 'logits' })
  })

  it('places a scaling that the target forgot at its input', async () => {
    const model = net(
      [4, 6],
      [
        { type: 'linear', inputs: { x: 'x', weight: ramp([6, 6], 1) }, output: 'fc' },
        { type: 'tanh', inputs: { x: 'fc' }, output: 'out' },
      ],
      ['out'],
    )
    const pixels = ramp([4, 6], 100)
    const found = await alignModels(model, model, { ...pixels, data: pixels.data.map((x) => x / 127.5 - 1) }, pixels)
    expect(partners(found)).toEqual({ x: 'x', fc: 'fc', out: 'out' })
    expect(found.pairs.filter(({ equal }) => !equal).map(({ source }) => source)).toEqual(['x'])
  })

  it('ties an output of few numbers to its namesake where nothing equals it, and to nothing else', async () => {
    const choosing = (axis: number, output: string) =>
      net(
        [5, 6],
        [
          { type: 'tanh', inputs: { x: 'x' }, output: 'scores' },
          { type: 'reduce_argmax', inputs: { x: 'scores', axis: ints(axis) }, output: 'rows', dtype: 'int32' },
          { type: 'reduce_max', inputs: { x: 'rows', axes: ints(0) }, output, dtype: 'int32' },
        ],
        [output],
      )
    const source = choosing(1, 'best')
    const pairOf = async (target: ReturnType<typeof net>) =>
      (await alignModels(source, target, ramp([5, 6], 1.3))).pairs.find((pair) => pair.source === 'best')
    expect(await pairOf(choosing(1, 'best'))).toMatchObject({ target: 'best', equal: true })
    expect(await pairOf(choosing(0, 'best'))).toMatchObject({ target: 'best', equal: false, by: 'name' })
    expect(await pairOf(choosing(0, 'worst'))).toBeUndefined()
  })
})
