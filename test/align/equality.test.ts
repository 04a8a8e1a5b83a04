import { describe, expect, it } from 'vitest'
import { tensor } from '../../kernels/tensor.js'
import { numbersOf, sameNumbers } from '../../src/align/equality.js'

const float = (shape: number[], data: number[]) => numbersOf(tensor('float32', shape, Float32Array.from(data)))!

describe('sameNumbers', () => {
  it('sees through a permutation', () => {
    const same = sameNumbers(float([2, 3], [1, 2, 3, 4, 5, 6]), float([3, 2], [1, 4, 2, 5, 3, 6]), 1e-6)
    expect(same?.layout.order).toEqual([1, 0])
    expect(same?.distance).toBe(0)
  })
  it('allows the tolerance and no more', () => {
    expect(sameNumbers(float([2], [1, 100]), float([2], [1.005, 100]), 1e-4)).toBeDefined()
    expect(sameNumbers(float([2], [1, 100]), float([2], [1.05, 100]), 1e-4)).toBeUndefined()
  })
  it('takes equal infinities and paired NaN as the same, others not', () => {
    expect(sameNumbers(float([3], [Infinity, Number.NaN, 1]), float([3], [Infinity, Number.NaN, 1]), 1e-6)).toBeDefined()
    expect(sameNumbers(float([2], [Number.NaN, 1]), float([2], [0, 1]), 1e-6)).toBeUndefined()
    expect(sameNumbers(float([2], [Infinity, 1]), float([2], [-Infinity, 1]), 1e-6)).toBeUndefined()
  })
  it('calls constants and masks uninformative', () => {
    expect(float([4], [1, 1, 1, 1]).informative).toBe(false)
    expect(float([5], [1, 2, 3, 4, 5]).informative).toBe(true)
  })
})
