import { describe, expect, it } from 'vitest'
import { unalignedSource, unreadInputs } from '../../src/align/reasons.js'
import { relationsOf } from '../../src/graph/relations.js'
import { sketchModel } from '../support/graphs.js'
import { alignModels, ints, net, ramp } from './nets.js'

const dense = { type: 'linear', inputs: { x: 'x', weight: ramp([6, 6], 1) }, output: 'z' }

describe('the reason of a source value without a partner', () => {
  it('is that it is missing where nothing in the target can do its op’s work', async () => {
    const source = net([4, 6], [dense, { type: 'softmax', inputs: { x: 'z', axis: ints(1) }, output: 'p' }, doubled('p')], ['out'])
    source.graph.values.get('p/axis')!.constant!.read = () => ({ dtype: 'int32', shape: [], data: Int32Array.of(1) })
    const target = net([4, 6], [dense, { type: 'sub', inputs: { x: 'z', y: ramp([6], 3) }, output: 's' }, doubled('s')], ['out'])
    const found = await alignModels(source, target, ramp([4, 6], 1.3))
    expect(unalignedSource({ ...found, pairs: found.pairs.filter((pair) => pair.source !== 'p') })).toEqual([
      { value: 'p', reason: "missing: no op of the target on the way to 'out' does what softmax does" },
    ])
  })
  it('is that it was fused where something can', async () => {
    const scaled = (name: string) => ({ type: 'mul', inputs: { x: 'z', y: ramp([6], 0.7) }, output: name })
    const source = net(
      [4, 6],
      [
        dense,
        { type: 'mul', inputs: { x: 'z', y: ramp([6], 2, 4) }, output: 'h' },
        { ...scaled('s'), inputs: { x: 'h', y: ramp([6], 0.7) } },
        exp('s'),
      ],
      ['out'],
    )
    const product = Array.from(ramp([6], 2, 4).data, (x, i) => x * ramp([6], 0.7).data[i]!)
    const target = net(
      [4, 6],
      [dense, { type: 'mul', inputs: { x: 'z', y: { ...ramp([6], 1), data: Float32Array.from(product) } }, output: 't' }, exp('t')],
      ['out'],
    )
    expect(unalignedSource(await alignModels(source, target, ramp([4, 6], 1.3)))).toEqual([
      { value: 'h', reason: "inside an op that the target fused or decomposed, on the way to 's'" },
    ])
  })
})

const doubled = (input: string) => ({ type: 'mul', inputs: { x: input, y: ramp([6], 2) }, output: 'out' })
const exp = (input: string) => ({ type: 'exp', inputs: { x: input }, output: 'out' })

describe('unreadInputs', () => {
  const model = (reads: string) =>
    sketchModel(
      { x: { dtype: 'float32', shape: [4, 6] }, hint: { dtype: 'float32', shape: [4, 6] } },
      [{ type: 'add', inputs: { x: 'x', y: reads }, output: 'out' }],
      ['out'],
    )
  const mapping = ['x', 'hint'].map((name) => ({ source: name, target: name }))
  it.each([
    ['hint', []],
    ['x', ['hint']],
  ])('where the target reads x and %s: %j', async (reads, wanted) => {
    const found = await alignModels(net([4, 6], [exp('x')], ['out']), net([4, 6], [exp('x')], ['out']), ramp([4, 6], 1))
    const [source, target] = [model('hint'), model(reads)].map(({ graph }) => relationsOf(graph))
    expect(unreadInputs({ ...found, source: source!, target: target! }, mapping)).toEqual(wanted)
  })
})
