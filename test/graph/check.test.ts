import { describe, expect, it } from 'vitest'
import { tensor } from '../../kernels/tensor.js'
import { checkGraph } from '../../src/graph/check.js'
import type { Body, Graph, Node } from '../../src/graph/graph.js'
import { takeName } from '../../src/graph/names.js'

const node = (name: string, inputs: (string | null)[], outputs: (string | null)[], bodies: Body[] = []): Node => ({
  name,
  type: 'op',
  dialect: { name: 'mil', version: 'CoreML5' },
  inputs: inputs.map((value) => ({ parameter: 'x', value })),
  outputs,
  attributes: {},
  bodies,
  where: `operation ${name}`,
})

const graph = (parts: Partial<Graph> & { names: string[] }): Graph => ({
  name: 'main',
  inputs: ['x'],
  outputs: ['y'],
  nodes: [],
  values: new Map(parts.names.map((name) => [name, { name, dtype: null, shape: null }])),
  ...parts,
})

const constants = (base: Graph, name: string): Graph => {
  const constant = { dtype: 'float32' as const, shape: [], byteLength: 4, read: () => tensor('float32', []) }
  base.values.set(name, { name, dtype: 'float32', shape: [], constant })
  return base
}

describe('checkGraph', () => {
  it('accepts inputs, constants, results, omitted operands and values from around a body', () => {
    const inner = graph({ names: ['i', 'o'], inputs: ['i'], outputs: ['o'], nodes: [node('b', ['i', 'x', 'c'], ['o'])] })
    const outer = graph({ names: ['x', 'y'], nodes: [node('a', ['x', 'c', null], ['y', null], [{ role: '0', graph: inner }])] })
    expect(() => checkGraph(constants(outer, 'c'))).not.toThrow()
  })

  it('accepts states as given', () => {
    const stateful = graph({ names: ['x', 's', 'y'], nodes: [node('a', ['s'], ['y'])] })
    expect(() => checkGraph(stateful)).toThrow('reads s, which is made only later or never')
    expect(() => checkGraph(stateful, ['s'])).not.toThrow()
  })

  it('accepts variables, which nobody makes', () => {
    const counting = graph({ names: ['x', 'v', 'y'], nodes: [node('a', ['v'], ['y'])] })
    counting.values.set('v', { name: 'v', dtype: 'float32', shape: [1], variable: true })
    expect(() => checkGraph(counting)).not.toThrow()
  })

  it.each([
    ['an unknown value', { nodes: [node('a', ['z'], ['y'])] }, 'Parameter x reads z, which is no value of the model'],
    ['a later value', { nodes: [node('a', ['t'], ['y']), node('b', ['x'], ['t'])] }, 'reads t, which is made only later or never'],
    ['a value made twice', { nodes: [node('a', ['x'], ['y']), node('b', ['x'], ['y'])] }, 'y is made twice'],
    ['an input that is made', { nodes: [node('a', ['x'], ['x'])] }, 'x is made twice'],
    ['a result that is no value', { nodes: [node('a', ['x'], ['q'])] }, 'q is made but is no value of the graph'],
    ['two nodes of one name', { nodes: [node('a', ['x'], ['y']), node('a', ['x'], ['t'])] }, 'Two nodes are called a'],
    ['an output that nobody makes', {}, 'The end of the graph reads y'],
    ['an unknown input', { inputs: ['q'] }, 'q is made but is no value of the graph'],
  ])('refuses %s', (_, parts, message) => {
    expect(() => checkGraph(graph({ names: ['x', 'y', 't'], ...parts }))).toThrow(message)
  })

  it('refuses a constant that is made, with the node and its place', () => {
    const broken = constants(graph({ names: ['x', 'y'], nodes: [node('a', ['x'], ['c'])] }), 'c')
    expect(() => checkGraph(broken)).toThrow('c is made although it is a constant (operation a, op a)')
  })

  it('refuses in bodies too', () => {
    const inner = graph({ names: ['o'], inputs: [], outputs: ['o'], nodes: [node('b', ['y'], ['o'])] })
    const outer = graph({ names: ['x', 'y'], nodes: [node('a', ['x'], ['y'], [{ role: '0', graph: inner }])] })
    expect(() => checkGraph(outer)).toThrow('reads y, which is made only later or never')
  })
})

describe('takeName', () => {
  it('keeps new names and numbers the others', () => {
    const taken = new Set<string>()
    expect(['a', 'a', '', 'a#1', 'a'].map((name) => takeName(taken, name, 1))).toEqual(['a', 'a#1', '#1', 'a#1#1', 'a#2'])
  })
})
