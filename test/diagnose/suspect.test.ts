import { describe, expect, it } from 'vitest'
import { NO_COST } from '../../src/align/search.js'
import { suspectOf } from '../../src/diagnose/suspect.js'
import { alignment, conv, net, out, pair } from '../align/gated.js'
import { float32 } from '../support/graphs.js'

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

  it('is the op that does the work, where the source’s adds and its like stand around it', () => {
    const graph = net(
      [
        { type: 'expand_dims', inputs: { x: 'x' }, output: 'wide' },
        { type: 'lstm', inputs: { x: 'wide' }, output: 'states' },
        { type: 'add', inputs: { x: 'states', y: float32([1], [1]) }, output: 'sum' },
        { type: 'squeeze', inputs: { x: 'sum' }, output: 'narrow' },
      ],
      'narrow',
    )
    const added = net([{ type: 'ADD', inputs: { input1: 'x' }, output: 'add' }], 'add')
    const both = pair('add', 'narrow')
    expect(suspectOf({ ...alignment, source: added, target: graph, pairs: [both] }, both)?.node.name).toBe('states')
  })

  it('is where the error enters, if that is known', () => {
    expect(suspectOf(alignment, conv, { how: 'at', value: 't0' })?.node.name).toBe('t0')
    expect(suspectOf(alignment, out, { how: 'behind', value: 't2' })?.node.name).toBe('t3')
  })
})
