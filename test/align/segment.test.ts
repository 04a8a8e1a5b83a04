/** The ops between aligned values, on either side. */
import { describe, expect, it } from 'vitest'
import { segmentOf, sourceSegmentOf } from '../../src/align/segment.js'
import { alignment, conv, out } from './gated.js'

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
