import { describe, expect, it } from 'vitest'
import { unalignedSource, unalignedTarget } from '../../src/align/reasons.js'
import type { Model } from '../../src/graph/model.js'
import { float32, type NodeSketch } from '../support/graphs.js'
import { alignModels as alignOn, ints, net as netOn, partners, ramp } from './nets.js'

const WEIGHTS = ramp([4, 6], 1)
const net = (sketches: NodeSketch[], outputs: string[]) => netOn([2, 6], sketches, outputs)
const alignModels = (from: Model, to: Model) => alignOn(from, to, ramp([2, 6], 1.3))

const source = net(
  [
    { type: 'linear', inputs: { x: 'x', weight: WEIGHTS }, output: 'dense/MatMul' },
    { type: 'tanh', inputs: { x: 'dense/MatMul' }, output: 'act/Tanh' },
    { type: 'add', inputs: { x: 'act/Tanh', y: ramp([4], 0.5) }, output: 'shift/add' },
    { type: 'exp', inputs: { x: 'shift/add' }, output: 'out' },
  ],
  ['out'],
)

/** The same net transposed: channels first, another name for every value, the addition done as two. */
const rewritten = (weights = WEIGHTS) =>
  net(
    [
      { type: 'linear', inputs: { x: 'x', weight: weights }, output: 't1' },
      { type: 'transpose', inputs: { x: 't1', perm: { dtype: 'int32', shape: [2], data: Int32Array.of(1, 0) } }, output: 't2' },
      { type: 'tanh', inputs: { x: 't2' }, output: 't3' },
      {
        type: 'add',
        inputs: {
          x: 't3',
          y: float32(
            [4, 1],
            Array.from(ramp([4], 0.5).data, (b) => b - 1),
          ),
        },
        output: 't4',
      },
      { type: 'add', inputs: { x: 't4', y: float32([], [1]) }, output: 't5' },
      { type: 'exp', inputs: { x: 't5' }, output: 't6' },
    ],
    ['t6'],
  )

describe('align', () => {
  it('pairs every value of a model with itself, by name', async () => {
    const found = await alignModels(source, source)
    expect(found.pairs.every((pair) => pair.source === pair.target && pair.by === 'name')).toBe(true)
    expect(found.pairs).toHaveLength(5)
  })
  it('finds values under other names and in another layout', async () => {
    const found = await alignModels(source, rewritten())
    expect(partners(found)).toEqual({ x: 'x', 'dense/MatMul': 't1', 'act/Tanh': 't3', 'shift/add': 't5', out: 't6' })
    expect(found.pairs.find(({ target }) => target === 't3')?.layout.order).toEqual([1, 0])
    expect(unalignedSource(found)).toEqual([])
    expect(unalignedTarget(found)).toEqual([
      { value: 't2', reason: "layout copy of 'dense/MatMul'" },
      { value: 't4', reason: expect.stringContaining("on the way to 't5'") },
    ])
  })
  it('keeps what follows a fault comparable', async () => {
    const wrong = float32(
      [4, 6],
      Array.from(WEIGHTS.data, (w, i) => (i < 6 ? -w : w)),
    )
    const found = await alignModels(source, rewritten(wrong))
    expect(partners(found)).toMatchObject({ 'dense/MatMul': 't1', 'act/Tanh': 't3', 'shift/add': 't5', out: 't6' })
    expect(found.pairs.find(({ target }) => target === 't1')).toMatchObject({ equal: false, by: 'structure' })
    expect(found.pairs.find(({ target }) => target === 't3')).toMatchObject({ equal: true })
  })
  it('shares a picture’s partner with the row that the source makes of it, where the target keeps its channels first', async () => {
    const scaled = (shape: number[], input: string, output: string) => ({
      type: 'mul',
      inputs: { x: input, y: { ...ramp([3], 1, 2), shape } },
      output,
    })
    const from = netOn(
      [4, 5, 3],
      [scaled([3], 'x', 'picture'), { type: 'reshape', inputs: { x: 'picture', shape: ints(60) }, output: 'row' }, exp('row')],
      ['out'],
    )
    const to = netOn(
      [4, 5, 3],
      [
        { type: 'transpose', inputs: { x: 'x', perm: ints(2, 0, 1) }, output: 't0' },
        scaled([3, 1, 1], 't0', 't1'),
        { ...exp('t1'), output: 't3' },
        { type: 'transpose', inputs: { x: 't3', perm: ints(1, 2, 0) }, output: 't2' },
        { type: 'reshape', inputs: { x: 't2', shape: ints(60) }, output: 'out' },
      ],
      ['out'],
    )
    const found = await alignOn(from, to, ramp([4, 5, 3], 1.3))
    expect(partners(found)).toMatchObject({ picture: 't1', row: 't1' })
  })
})

const exp = (input: string) => ({ type: 'exp', inputs: { x: input }, output: 'out' })
