/** The ops between aligned values, on either side. */
import { describe, expect, it } from 'vitest'
import type { Alignment, Pair } from '../../src/align/align.js'
import { NO_COST } from '../../src/align/search.js'
import { suspectOf } from '../../src/diagnose/suspect.js'
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

describe('the suspect', () => {
  it('is the op of the source’s family', () => {
    expect(suspectOf(alignment, conv)?.node.type).toBe('conv')
  })

  it('is the op that makes the value where the segment has none of that family', () => {
    expect(suspectOf({ ...alignment, pairs: [out] }, out)?.node.type).toBe('silu')
  })

  it('is no op of constants alone, and none that only hands numbers on', () => {
    const graph = net(
      [
        { type: 'mul', inputs: { x: float32([1], [2]), y: float32([1], [3]) }, output: 'six' },
        { type: 'exp', inputs: { x: 'x' }, output: 'grown' },
        { type: 'add', inputs: { x: 'grown', y: 'six' }, output: 'shifted' },
        { type: 'cast', inputs: { x: 'shifted' }, output: 'cast' },
      ],
      'cast',
    )
    const multiplied = net([{ type: 'MUL', inputs: { input1: 'x' }, output: 'mul' }], 'mul')
    const both = pair('mul', 'cast')
    expect(
      suspectOf({ source: multiplied, target: graph, pairs: [both], copies: new Map(), cost: NO_COST, silent: [] }, both)?.node.name,
    ).toBe('shifted')
  })
})
