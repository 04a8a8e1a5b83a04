/** What is said of an op before it runs: nothing of the golden cases, whose operands may all be constants; and what breaks a row. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Graph } from '../../../src/graph/graph.js'
import { refuseInvalid } from '../../../src/runners/coreml/invalid.js'
import { findOp } from '../../../src/runners/coreml/table.js'
import { float32, type NodeSketch, sketchModel } from '../../support/graphs.js'
import { ROOT } from '../../support/parity.js'
import { type GoldenCase, graphOf, tensorOf } from './golden.js'

const GOLDEN = join(ROOT, 'golden/ops')

function refusalIn(graph: Graph): string | undefined {
  const [node] = graph.nodes
  return refuseInvalid(findOp(node!)!, node!, [graph])?.what
}

function withConstants(one: GoldenCase): Graph {
  const graph = graphOf(one)
  one.inputs.forEach((input, i) => {
    const value = tensorOf(input)
    graph.values.set(`in${i}`, {
      name: `in${i}`,
      dtype: value.dtype,
      shape: value.shape,
      constant: { ...value, byteLength: 0, read: () => value },
    })
  })
  return graph
}

describe('refuseInvalid', () => {
  const files = readdirSync(GOLDEN).filter((name) => name.endsWith('.json'))

  it.each(files)('has nothing to say of %s', (file) => {
    const cases = JSON.parse(readFileSync(join(GOLDEN, file), 'utf8')) as GoldenCase[]
    expect(cases.length).toBeGreaterThan(0)
    expect(cases.flatMap((one) => [refusalIn(graphOf(one)) ?? [], refusalIn(withConstants(one)) ?? []].flat())).toEqual([])
  })

  const of = (sketch: Omit<NodeSketch, 'output'>) =>
    refusalIn(sketchModel({ x: { dtype: 'float32', shape: [2] } }, [{ ...sketch, output: 'y' }], ['y']).graph)

  it.each<[string, Omit<NodeSketch, 'output'>, string]>([
    ['a parameter that is missing', { type: 'elu', inputs: { x: 'x' } }, "parameter 'alpha' is missing"],
    ['a tensor that is missing', { type: 'relu', inputs: {} }, "parameter 'x' is missing"],
    [
      'one that the op has not',
      { type: 'relu', inputs: { x: 'x', beta: 'x' } },
      "has a parameter 'beta' that relu of this opset does not take",
    ],
    [
      'a constant of another kind',
      { type: 'softmax', inputs: { x: 'x', axis: float32([], [0.5]) } },
      "parameter 'axis' is 0.5, expected an integer",
    ],
  ])('names %s', (_, sketch, what) => {
    expect(of(sketch)).toBe(what)
  })

  it('leaves what is computed to the run', () => {
    expect(of({ type: 'softmax', inputs: { x: 'x', axis: 'x' } })).toBeUndefined()
  })
})
