import { describe, expect, it } from 'vitest'
import { ints, ramp } from '../align/nets.js'
import { float32, type NodeSketch, sketchModel } from '../support/graphs.js'
import { judgeRandomly } from '../support/judged.js'

/** Dense, tanh, a sum over the columns; `batch` samples a run, its axis moved in between. */
const net = (batch: number, slope = 1) => {
  const nodes: NodeSketch[] = [
    { type: 'linear', inputs: { x: 'x', weight: ramp([8, 5], 0.7) }, output: 'dense', shape: [batch, 3, 8] },
    { type: 'transpose', inputs: { x: 'dense', perm: ints(1, 0, 2) }, output: 'moved', shape: [3, batch, 8] },
    { type: 'mul', inputs: { x: 'moved', y: float32([], [slope]) }, output: 'scaled', shape: [3, batch, 8] },
    { type: 'tanh', inputs: { x: 'scaled' }, output: 'bent', shape: [3, batch, 8] },
    { type: 'reduce_sum', inputs: { x: 'bent', axes: ints(0) }, output: 'y', shape: [batch, 8] },
  ]
  return sketchModel({ x: { dtype: 'float32', shape: [batch, 3, 5] } }, nodes, ['y'])
}

describe('a declared batch of another size', () => {
  it.each([
    ['the source takes', 4, 1],
    ['the target takes', 1, 4],
    ['the source takes several times', 6, 2],
    ['neither takes', 2, 2],
  ])('is no difference where %s more', async (_, source, target) => {
    const { verdict, findings, layers } = await judgeRandomly(net(source), net(target))
    expect({ verdict, findings }).toEqual({ verdict: 'pass', findings: [] })
    expect(layers.find((layer) => layer.source === 'bent')).toMatchObject({ target: 'bent', status: 'ok' })
  })
  it.each([
    ['the source', 4, 1],
    ['the target', 1, 4],
  ])('hides no fault where %s takes more', async (_, source, target) => {
    const { verdict, findings } = await judgeRandomly(net(source), net(target, 1.02))
    expect(verdict).toBe('fail')
    expect(findings.map(({ op }) => op.name)).toEqual(['scaled'])
  })
})
