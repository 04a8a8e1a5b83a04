import { describe, expect, it } from 'vitest'
import type { Tensor } from '../../kernels/tensor.js'
import { entryOf, isFunctionOf } from '../../src/compare/entry.js'
import { relationsOf } from '../../src/graph/relations.js'
import { createCoremlSession } from '../../src/runners/coreml/session.js'
import { ints, net, ramp } from '../align/nets.js'
import { float32, type NodeSketch } from '../support/graphs.js'

const INPUT = ramp([8, 16], 2)

/** The entry of an error in a segment that runs from the input to its last value. */
async function entryIn(segment: NodeSketch[], right: NodeSketch[]) {
  const run = async (sketches: NodeSketch[]) => {
    const end = sketches.at(-1)!.output
    const model = net([8, 16], sketches, [end])
    return { model, end, session: await createCoremlSession(model) }
  }
  const source = await run(right)
  const { model, end, session } = await run(segment)
  const wanted = (await source.session.run({ x: INPUT })).get(source.end)!
  return entryOf({
    nodes: model.graph.nodes,
    end,
    source: wanted.data as Float32Array,
    given: new Map<string, Tensor>([['x', INPUT]]),
    isMade: (name) => relationsOf(model.graph).dependsOnInput.has(name),
    replay: (value, given) => session.replay!(value, given),
    tolerance: 1e-5,
  })
}

/** Weights without a pattern. */
const weights = (seed: number) =>
  float32(
    [16, 16],
    Array.from({ length: 256 }, (_, i) => Math.sin((i + 3) ** 2 * seed)),
  )
const dense = (seed: number, input = 'x'): NodeSketch => ({ type: 'linear', inputs: { x: input, weight: weights(seed) }, output: 'z' })
const clip = (input: string, most: number, output: string): NodeSketch => ({
  type: 'clip',
  inputs: { x: input, alpha: float32([], [0]), beta: float32([], [most]) },
  output,
})
const negated = (input: string, output: string): NodeSketch => ({ type: 'mul', inputs: { x: input, y: float32([], [-1]) }, output })

describe('the entry of an error', () => {
  it('is behind the last value that the source is a function of', async () => {
    const segment = [dense(1), negated('z', 'n'), { ...negated('n', 'm') }, clip('m', 1, 'e')]
    expect(await entryIn(segment, [dense(1), clip('z', 2, 'out')])).toEqual({ how: 'behind', value: 'm' })
  })
  it('is behind the segment’s own value where an activation is missing', async () => {
    expect(await entryIn([dense(1)], [dense(1), clip('z', 2, 'out')])).toEqual({ how: 'behind', value: 'z' })
  })
  it('is nowhere in particular where the numbers are others', async () => {
    expect(await entryIn([dense(1), clip('z', 2, 'e')], [dense(4), clip('z', 2, 'out')])).toBeUndefined()
  })
  it('is at an op without which all agrees', async () => {
    const shifted: NodeSketch[] = [{ type: 'add', inputs: { x: 'x', y: float32([], [0.5]) }, output: 'shifted' }, dense(1, 'shifted')]
    expect(await entryIn(shifted, [dense(1)])).toEqual({ how: 'at', value: 'shifted' })
  })
  it('is at an op that lays its operand out in another order', async () => {
    const laid = (sketch: NodeSketch): NodeSketch[] => [
      sketch,
      { type: 'linear', inputs: { x: 'laid', weight: ramp([5, 8], 0.6, 1) }, output: 'z' },
    ]
    const transposed = laid({ type: 'transpose', inputs: { x: 'x', perm: ints(1, 0) }, output: 'laid' })
    const reshaped = laid({ type: 'reshape', inputs: { x: 'x', shape: ints(16, 8) }, output: 'laid' })
    expect(await entryIn(reshaped, transposed)).toEqual({ how: 'at', value: 'laid' })
  })
})

describe('isFunctionOf', () => {
  const x = Float32Array.from({ length: 500 }, (_, i) => Math.sin(i * 1.7) * 3)
  it.each<[string, (x: number, i: number) => number, boolean]>([
    ['a clip', (v) => Math.min(1, Math.max(0, v)), true],
    ['a parabola', (v) => v * v, true],
    ['a factor', (v) => -0.5 * v, true],
    ['other numbers', (_, i) => Math.cos(i * 2.9), false],
    ['the same numbers with noise', (v, i) => v + Math.cos(i * 2.9), false],
    ['a constant', () => 1, false],
  ])('%s: %s', (_, f, wanted) => expect(isFunctionOf(x, x.map(f))).toBe(wanted))
  it('is no function of what has been cut off', () => {
    const cut = x.map((v) => Math.min(1, v))
    expect(isFunctionOf(cut, x)).toBe(false)
  })
})
