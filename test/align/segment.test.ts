/** The ops between aligned values, on either side. */
import { describe, expect, it } from 'vitest'
import type { Alignment, Pair } from '../../src/align/align.js'
import { NO_COST } from '../../src/align/search.js'
import { segmentOf, sourceSegmentOf } from '../../src/align/segment.js'
import { relationsOf } from '../../src/graph/relations.js'
import { float32, type NodeSketch, sketchModel } from '../support/graphs.js'

const net = (nodes: NodeSketch[], output: string) =>
  relationsOf(sketchModel({ x: { dtype: 'float32', shape: [2] } }, nodes, [output]).graph)

const pair = (source: string, target: string): Pair => ({ source, target, by: 'name', layout: { dims: [2], order: [0] }, equal: true })

/** A convolution, then a gate over it: exp and log in the source's order, the gate's two ways joined by `mul`. */
const source = net(
  [
    { type: 'CONV_2D', inputs: { input: 'x' }, output: 'conv' },
    { type: 'EXP', inputs: { input: 'conv' }, output: 'exp' },
    { type: 'LOG', inputs: { input: 'conv' }, output: 'log' },
    { type: 'MUL', inputs: { input1: 'log', input2: 'exp' }, output: 'mul' },
    { type: 'NEG', inputs: { input: 'mul' }, output: 'out' },
    { type: 'SQRT', inputs: { input: 'conv' }, output: 'aside' },
  ],
  'out',
)
const target = net(
  [
    { type: 'transpose', inputs: { x: 'x' }, output: 't0' },
    { type: 'conv', inputs: { x: 't0', bias: float32([1], [1]) }, output: 't1' },
    { type: 'transpose', inputs: { x: 't1' }, output: 't2' },
    { type: 'silu', inputs: { x: 't2' }, output: 't3' },
  ],
  't3',
)

const conv = pair('conv', 't2')
const out = pair('out', 't3')
const alignment: Alignment = { pairs: [pair('x', 'x'), conv, out], copies: new Map(), cost: NO_COST, silent: [], source, target }
const typesOf = (nodes: readonly { type: string }[]) => nodes.map(({ type }) => type)

describe('segments', () => {
  it('end at aligned values, on the target’s side', () => {
    expect(typesOf(segmentOf(alignment, conv))).toEqual(['transpose', 'conv', 'transpose'])
    expect(typesOf(segmentOf(alignment, out))).toEqual(['silu'])
  })

  it('end at aligned values, on the source’s side, each op once and in order of execution', () => {
    expect(typesOf(sourceSegmentOf(alignment, conv))).toEqual(['CONV_2D'])
    expect(typesOf(sourceSegmentOf(alignment, out))).toEqual(['EXP', 'LOG', 'MUL', 'NEG'])
  })

  it('reach back to the inputs where nothing between is aligned', () => {
    const alone = { ...alignment, pairs: [out] }
    expect(typesOf(sourceSegmentOf(alone, out))).toEqual(['CONV_2D', 'EXP', 'LOG', 'MUL', 'NEG'])
    expect(typesOf(segmentOf(alone, out))).toEqual(['transpose', 'conv', 'transpose', 'silu'])
  })

  it('of an input hold nothing', () => {
    expect(sourceSegmentOf(alignment, alignment.pairs[0]!)).toEqual([])
    expect(segmentOf(alignment, alignment.pairs[0]!)).toEqual([])
  })
})
