import { describe, expect, it } from 'vitest'
import { refit } from '../../src/align/layout.js'

describe('refit', () => {
  const channelsFirst = { dims: [4, 5, 3], order: [2, 0, 1] }
  it('keeps a layout for the sizes it was found with', () => {
    expect(refit(channelsFirst, [1, 4, 5, 3], [1, 3, 4, 5])).toBe(channelsFirst)
  })
  it('stretches it for a sample of another size', () => {
    expect(refit(channelsFirst, [1, 8, 10, 3], [1, 3, 8, 10])).toEqual({ dims: [8, 10, 3], order: [2, 0, 1] })
  })
  it('gives none where the sizes part', () => {
    expect(refit(channelsFirst, [1, 4, 5, 3], [1, 3, 4, 4])).toBeUndefined()
    expect(refit(channelsFirst, [1, 8, 10, 3], [1, 3, 8, 9])).toBeUndefined()
  })
})
