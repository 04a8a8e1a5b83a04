import { describe, expect, it } from 'vitest'
import { naturalOrder } from '../../src/graph/names.js'

describe('naturalOrder', () => {
  it('compares numbers as numbers', () => {
    const names = ['b', '10.png', '9.png', 'a10b2', 'a9', 'a10b10', '010.png', 'B']
    expect(names.sort(naturalOrder)).toEqual(['9.png', '010.png', '10.png', 'B', 'a9', 'a10b2', 'a10b10', 'b'])
  })
})
