import { describe, expect, it } from 'vitest'
import type { SegmentMeasure } from '../../src/compare/isolate.js'
import { NO_MEASURE } from '../../src/compare/measured.js'
import { inputFinding } from '../../src/diagnose/inputs.js'
import { alignment as gated, net, pair } from '../align/gated.js'
import { float32 } from '../support/graphs.js'

const target = net(
  [
    { type: 'mul', inputs: { x: 'x', y: float32([], [2]) }, output: 'scaled' },
    { type: 'add', inputs: { x: 'scaled', y: float32([], [1]) }, output: 'biased' },
    { type: 'cast', inputs: { x: 'biased' }, output: 'narrow' },
  ],
  'narrow',
)
const found = (name: string, more: Partial<SegmentMeasure> = {}) => {
  const both = pair('x', name)
  return inputFinding({ ...gated, target, pairs: [both] }, { pair: both, semantic: NO_MEASURE, precision: NO_MEASURE, ...more })
}
const by = (factor: number[], offset: number[]) => ({ factor, offset })

describe('a finding about an input', () => {
  it('is at the op that scales, or at the one that shifts', () => {
    expect(found('narrow', { relation: by([0.5], [0.3]) }).op).toEqual({ name: 'scaled', type: 'mul' })
    expect(found('narrow', { relation: by([1], [0.3]) }).op).toEqual({ name: 'biased', type: 'add' })
    expect(found('narrow').op).toEqual({ name: 'narrow', type: 'cast' })
    expect(found('x', { relation: by([0.5], [0]) }).op).toEqual({ name: 'x', type: 'input' })
  })
  it('says what each side makes of the input', () => {
    expect(
      found('narrow', { relation: by([1], [-1]), scaled: { input: 'x', source: by([0.25], [-1]), target: by([0.25], [0]) } }).detail,
    ).toBe("the source's input 'x' is 0.25 · x - 1 and 'narrow' is 0.25 · x, where x is the target's input 'x'")
    expect(found('x', { relation: by([1, 1], [0.5, 0.25]) }).detail).toBe(
      "the source's input 'x' is x + [0.5, 0.25], where x is the target's input 'x'",
    )
  })
})
