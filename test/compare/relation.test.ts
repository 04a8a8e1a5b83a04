import { describe, expect, it } from 'vitest'
import { relationOf } from '../../src/compare/relation.js'

const target = Float32Array.from({ length: 64 }, (_, i) => Math.sin(i * 1.7) * 100)
const beside = (source: Float32Array, channels: number) => ({ source, target, inner: 1, channels, indexOf: () => [] })

describe('the relation of two inputs', () => {
  it('is a factor and an offset for each channel', () => {
    const found = relationOf(
      beside(
        target.map((t, i) => (i % 2 ? 0.5 * t + 1 : 0.25 * t - 3)),
        2,
      ),
    )
    expect(found?.factor.map((x) => Number(x.toFixed(4)))).toEqual([0.25, 0.5])
    expect(found?.offset.map((x) => Number(x.toFixed(3)))).toEqual([-3, 1])
  })
  it('is none where the numbers are others', () => {
    expect(
      relationOf(
        beside(
          target.map((_, i) => Math.cos(i * 2.9)),
          1,
        ),
      ),
    ).toBeUndefined()
  })
  it('is none where another number of elements stands on one side', () => {
    expect(relationOf(beside(target.slice(1), 1))).toBeUndefined()
  })
})
