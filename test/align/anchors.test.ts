import { describe, expect, it } from 'vitest'
import { anchorsOf, findAnchors } from '../../src/align/anchors.js'
import { relationsOf } from '../../src/graph/relations.js'
import { float32 } from '../support/graphs.js'
import { net, ramp } from './nets.js'

const dense = (output: string, weight: ReturnType<typeof ramp>, input = 'x') => ({ type: 'linear', inputs: { x: input, weight }, output })
const weights = ramp([5, 8], 1)
const transposed = float32(
  [8, 5],
  Array.from({ length: 40 }, (_, i) => weights.data[(i % 5) * 8 + Math.floor(i / 5)]!),
)
const scaled = float32(
  [5, 8],
  Array.from(weights.data, (w, i) => w * (1 + Math.floor(i / 8))),
)
const find = (source: Parameters<typeof net>[1], target: Parameters<typeof net>[1]) => {
  const ends = (sketches: typeof source) => [sketches.at(-1)!.output]
  const [from, to] = [net([3, 8], source, ends(source)), net([3, 8], target, ends(target))]
  return findAnchors(relationsOf(from.graph), relationsOf(to.graph), { source: new Map(), target: new Map() })
}

describe('anchors', () => {
  it.each([
    ['as they are', weights],
    ['transposed', transposed],
    ['with a factor a channel', scaled],
    [
      'in eight bits',
      float32(
        [5, 8],
        Array.from(weights.data, (w) => Math.round(w * 127) / 127),
      ),
    ],
  ])('are weights %s, with what is made of the op alone', (_, other) => {
    const found = find([dense('a', weights)], [dense('t1', other), { type: 'relu', inputs: { x: 't1' }, output: 't2' }])
    expect(anchorsOf(found, 'a')).toEqual(['t1', 't2'])
  })
  it('are no weights of another checkpoint', () => {
    expect(anchorsOf(find([dense('a', weights)], [dense('t1', ramp([5, 8], 1, 2))]), 'a')).toEqual([])
  })
  it('are no weights that stand twice on one side', () => {
    const twice = [dense('t1', weights), dense('t2', weights)]
    expect(anchorsOf(find([dense('a', weights)], [...twice, { type: 'add', inputs: { x: 't1', y: 't2' }, output: 't3' }]), 'a')).toEqual([])
  })
  it('are names without doubt, and none that two share', () => {
    const found = find(
      [
        { type: 'exp', inputs: { x: 'x' }, output: 'net/grow/Exp' },
        { type: 'cos', inputs: { x: 'net/grow/Exp' }, output: 'net/turn/Cos' },
      ],
      [
        { type: 'exp', inputs: { x: 'x' }, output: 'net_grow_Exp' },
        { type: 'cos', inputs: { x: 'net_grow_Exp' }, output: 'net_turn_Cos_1' },
        { type: 'cos', inputs: { x: 'net_turn_Cos_1' }, output: 'net_turn_Cos_2' },
      ],
    )
    expect(anchorsOf(found, 'net/grow/Exp')).toEqual(['net_grow_Exp'])
    expect(anchorsOf(found, 'net/turn/Cos')).toEqual([])
  })
})
