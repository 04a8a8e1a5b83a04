import { describe, expect, it } from 'vitest'
import type { Alignment, Pair } from '../../src/align/align.js'
import { NO_COST } from '../../src/align/search.js'
import { finding } from '../../src/diagnose/findings.js'
import { fold, type Shown } from '../../src/diagnose/fold.js'
import { relationsOf } from '../../src/graph/relations.js'
import type { Cause } from '../../src/record/causes.js'
import { ints, net } from '../align/nets.js'
import type { NodeSketch } from '../support/graphs.js'

/** Five ops in a row; `strides` tells the pools apart. */
const pool = (input: string, output: string, stride: number): NodeSketch => ({
  type: 'max_pool',
  inputs: { x: input, strides: ints(stride, stride) },
  output,
})
const sketches = [pool('x', 'a', 2), pool('a', 'b', 1), pool('b', 'c', 2), pool('c', 'd', 1), pool('d', 'e', 2)]
const relations = relationsOf(net([2], sketches, ['e']).graph)
const pair = (name: string): Pair => ({ source: name, target: name, by: 'name', layout: { dims: [2], order: [0] }, equal: true })
const pairs = ['x', 'a', 'b', 'c', 'd', 'e'].map(pair)
const alignment: Alignment = { pairs, copies: new Map(), source: relations, target: relations, cost: NO_COST, silent: [] }

const shown = (name: string, cause: Cause = 'unexplained', op = name): Shown => ({
  pair: pair(name),
  finding: finding({
    cause,
    side: 'target',
    op: { name: op, type: 'max_pool' },
    value: name,
    detail: 'off',
    samples: [name.charCodeAt(0)],
  }),
})
const folded = (found: readonly Shown[]) => {
  const off = new Set(found.map((one) => one.pair.target))
  const sound = pairs.filter(({ target }) => target !== 'x' && !off.has(target))
  return fold(found, sound, alignment).map(({ value, also }) => [value, ...also])
}

describe('fold', () => {
  it('leaves two faults two', () => expect(folded([shown('a'), shown('c')])).toEqual([['a'], ['c']]))
  it('joins what shows at one op', () => {
    expect(folded([shown('a', 'unexplained', 'both'), shown('c', 'unexplained', 'both')])).toEqual([['a']])
  })
  it('joins ops of a kind of which all are off', () => {
    const all = ['a', 'b', 'c', 'd', 'e'].map((name) => shown(name))
    expect(folded(all)).toEqual([['a', 'b', 'c', 'd']])
    expect(fold(all, [], alignment)[0]!.detail).toBe("off; the same everywhere: 4 more, 'b' first")
    expect(fold(all, [], alignment)[0]!.samples).toHaveLength(5)
  })
  it('joins those that have in common what the others have not', () => {
    expect(folded([shown('a'), shown('c'), shown('e')])).toEqual([['a', 'c', 'e']])
  })
  it('leaves those alone that others of their kind are like', () => {
    expect(folded([shown('a'), shown('b'), shown('c')])).toEqual([['a'], ['b'], ['c']])
  })
  it('joins what float16 loses to where it is lost first, along the values that pass it on', () => {
    expect(folded(['a', 'b', 'd'].map((name) => shown(name, 'float16-overflow')))).toEqual([['a', 'b'], ['d']])
    expect(folded([shown('a', 'float16-overflow'), shown('b', 'precision-loss')])).toHaveLength(2)
    expect(folded([shown('a'), shown('b')])).toHaveLength(2)
  })
})
