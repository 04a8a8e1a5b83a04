import { describe, expect, it } from 'vitest'
import { withPairsOf } from '../../src/align/merge.js'
import { float32 } from '../support/graphs.js'
import { alignModels, net, partners, ramp } from './nets.js'

/** Two rectifiers, one of them behind a shift; the target runs them in the other order. */
const shift = { type: 'add', inputs: { x: 'x', y: float32([], [-0.5]) }, output: 'shift' }
const source = net(
  [4, 5],
  [
    { type: 'relu', inputs: { x: 'x' }, output: 'a0' },
    shift,
    { type: 'relu', inputs: { x: 'shift' }, output: 'a1' },
    { type: 'sub', inputs: { x: 'a0', y: 'a1' }, output: 'a2' },
  ],
  ['a2'],
)
const target = net(
  [4, 5],
  [
    shift,
    { type: 'relu', inputs: { x: 'shift' }, output: 'b0' },
    { type: 'relu', inputs: { x: 'x' }, output: 'b1' },
    { type: 'sub', inputs: { x: 'b1', y: 'b0' }, output: 'b2' },
  ],
  ['b2'],
)
const dark = float32(
  [4, 5],
  Array.from({ length: 20 }, () => -1),
)
const light = ramp([4, 5], 3)

describe('a further sample', () => {
  it('knows the partner of what says nothing on the first', async () => {
    const [first, second] = await Promise.all([dark, light].map((input) => alignModels(source, target, input)))
    expect(first!.silent).toEqual(['a0', 'shift', 'a1', 'a2'])
    const exchanged = { a0: 'b0', a1: 'b1' }
    const guessed = first!.pairs.map((pair) => ({ ...pair, target: exchanged[pair.source as 'a0'] ?? pair.target }))
    const merged = withPairsOf({ ...first!, pairs: guessed }, second!)
    expect(partners(merged)).toEqual({ x: 'x', a0: 'b1', shift: 'shift', a1: 'b0', a2: 'b2' })
    expect(merged.silent).toEqual([])
  })
  it('changes nothing where the first says all', async () => {
    const first = await alignModels(source, target, light)
    expect(withPairsOf(first, await alignModels(source, target, dark))).toEqual(first)
  })
})
