/** A convolution and a gate over it, on either side, aligned at the two. */
import type { Alignment, Pair } from '../../src/align/align.js'
import { NO_COST } from '../../src/align/search.js'
import { relationsOf } from '../../src/graph/relations.js'
import { float32, type NodeSketch, sketchModel } from '../support/graphs.js'

export const net = (nodes: NodeSketch[], output: string) =>
  relationsOf(sketchModel({ x: { dtype: 'float32', shape: [2] } }, nodes, [output]).graph)

export const pair = (source: string, target: string): Pair => ({
  source,
  target,
  by: 'name',
  layout: { dims: [2], order: [0] },
  equal: true,
})

/** A convolution, then a gate over it: exp and log in the source's order, the gate's two ways joined by `mul`. */
export const source = net(
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
export const target = net(
  [
    { type: 'transpose', inputs: { x: 'x' }, output: 't0' },
    { type: 'conv', inputs: { x: 't0', bias: float32([1], [1]) }, output: 't1' },
    { type: 'transpose', inputs: { x: 't1' }, output: 't2' },
    { type: 'silu', inputs: { x: 't2' }, output: 't3' },
  ],
  't3',
)

export const conv = pair('conv', 't2')
export const out = pair('out', 't3')
export const alignment: Alignment = { pairs: [pair('x', 'x'), conv, out], copies: new Map(), cost: NO_COST, silent: [], source, target }
