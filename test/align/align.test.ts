import { describe, expect, it } from 'vitest'
import type { Tensor } from '../../kernels/tensor.js'
import { align } from '../../src/align/align.js'
import { unalignedSource, unalignedTarget } from '../../src/align/reasons.js'
import type { Model } from '../../src/graph/model.js'
import { createCoremlSession } from '../../src/runners/coreml/session.js'
import { float32, type NodeSketch, sketchModel } from '../support/graphs.js'

const ramp = (shape: number[], scale: number) =>
  float32(
    shape,
    Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => Math.sin(i * 1.7 + 0.3) * scale),
  )
const WEIGHTS = ramp([4, 6], 1)
const INPUT = { x: { dtype: 'float32', shape: [2, 6] } } as const

const net = (sketches: NodeSketch[], outputs: string[]) => sketchModel({ x: { ...INPUT.x, shape: [...INPUT.x.shape] } }, sketches, outputs)

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

async function alignModels(from: Model, to: Model) {
  const feeds: Record<string, Tensor> = { x: ramp([2, 6], 1.3) }
  const sourceValues = await (await createCoremlSession(from)).run(feeds, { fetch: 'all' })
  sourceValues.set('x', feeds['x']!)
  const session = await createCoremlSession(to)
  return align({
    source: from.graph,
    target: to.graph,
    sourceValues,
    targetInputs: new Map([['x', feeds['x']!]]),
    inputs: [{ source: 'x', target: 'x', raw: false }],
    tolerance: 1e-4,
    runTarget: async (tap, feed) => void (await session.run(feeds, { fetch: [], tap, feed })),
  })
}

const partners = ({ pairs }: Awaited<ReturnType<typeof alignModels>>) => Object.fromEntries(pairs.map((pair) => [pair.source, pair.target]))

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
})
