import { describe, expect, it } from 'vitest'
import type { DType } from '../../kernels/tensor.js'
import type { Graph, Node } from '../../src/graph/graph.js'
import type { Model } from '../../src/graph/model.js'
import { ints, ramp } from '../align/nets.js'
import { float32, MIL, sketchModel } from '../support/graphs.js'
import { judgeModels } from '../support/judged.js'

const int32: { dtype: DType; shape: number[] } = { dtype: 'int32', shape: [] }
const state: { dtype: DType; shape: number[] } = { dtype: 'float32', shape: [4, 6] }

/** tanh(state * weight + x), `turns` times over; x is a value around the loop that the body reads. */
function looping({ turns = 3, slope = 1, weight = ramp([6, 6], 0.4), start = 0.1 } = {}): Model {
  const body = sketchModel(
    { count: int32, held: state },
    [
      { type: 'add', inputs: { x: 'count', y: ints(1) }, output: 'next', dtype: 'int32', shape: [] },
      { type: 'linear', inputs: { x: 'held', weight }, output: 'dense' },
      { type: 'mul', inputs: { x: 'dense', y: float32([], [slope]) }, output: 'scaled' },
      { type: 'add', inputs: { x: 'scaled', y: 'x' }, output: 'sum' },
      { type: 'tanh', inputs: { x: 'sum' }, output: 'bent' },
    ],
    ['next', 'bent'],
  ).graph
  const condition = sketchModel(
    { n: int32, s: state },
    [{ type: 'less', inputs: { x: 'n', y: { ...ints(turns), shape: [] } }, output: 'goes', dtype: 'bool', shape: [] }],
    ['goes'],
  ).graph
  const around = sketchModel(
    { x: state },
    [
      { type: 'mul', inputs: { x: 'x', y: float32([], [start]) }, output: 'first' },
      { type: 'exp', inputs: { x: 'last' }, output: 'y' },
    ],
    ['y'],
  )
  const counted = { ...ints(0), shape: [] }
  const values = new Map([
    ...around.graph.values,
    ['zero', { name: 'zero', ...int32, shape: [], constant: { dtype: 'int32', shape: [], byteLength: 4, read: () => counted } }] as const,
    ['turns', { name: 'turns', ...int32, shape: [] }] as const,
    ['last', { name: 'last', ...state, shape: [4, 6] }] as const,
  ])
  const loop: Node = {
    name: 'loop',
    type: 'while_loop',
    dialect: MIL,
    inputs: ['zero', 'first'].map((value) => ({ parameter: 'loop_vars', value })),
    outputs: ['turns', 'last'],
    attributes: {},
    bodies: [
      { role: '0', graph: condition },
      { role: '1', graph: body },
    ],
    where: 'operation 1',
  }
  const [first, end] = around.graph.nodes
  const graph: Graph = { ...around.graph, values, nodes: [first!, loop, end!] }
  const main = { ...around.functions.get('main')!, graph }
  return { ...around, graph, functions: new Map([['main', main]]) }
}

const SAMPLES = [0, 1, 2].map((phase) => ({ x: ramp([4, 6], 0.9, phase) }))
const placesOf = async (source: Model, target: Model) => {
  const { verdict, findings } = await judgeModels(source, target, SAMPLES)
  return { verdict, places: findings.map(({ op }) => op.name), findings }
}

describe('a loop', () => {
  it('passes where its body is the same', async () => {
    expect(await placesOf(looping(), looping())).toMatchObject({ verdict: 'pass', places: [] })
  })
  it('has its fault placed inside of its body', async () => {
    const { verdict, places, findings } = await placesOf(looping(), looping({ slope: 1.1 }))
    expect({ verdict, places }).toEqual({ verdict: 'fail', places: ['scaled'] })
    expect(findings[0]).toMatchObject({ value: 'scaled', samples: [0, 1, 2] })
    expect(findings[0]!.also).toContain('last')
    expect(findings[0]!.detail).toMatch(/^inside of 'loop', in its last turn: /)
    expect((await placesOf(looping(), looping({ weight: ramp([6, 6], 0.41) }))).places).toEqual(['dense'])
  })
  it('keeps a fault that its body does not show', async () => {
    expect((await placesOf(looping(), looping({ turns: 4 }))).places).toEqual(['loop'])
  })
  it('is not blamed for what it starts from', async () => {
    expect((await placesOf(looping(), looping({ start: 0.2 }))).places).toEqual(['first'])
  })
})
