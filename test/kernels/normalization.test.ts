import { describe, expect, it } from 'vitest'
import { PLAIN } from '../../kernels/arithmetic.js'
import { l2NormalizeRows, normalizeChannels, normalizeLocally, normalizeRows } from '../../kernels/normalization.js'
import { singles } from '../support/numbers.js'

const mean = (x: Float32Array) => x.reduce((sum, value) => sum + value, 0) / x.length

describe('normalizeRows', () => {
  it('leaves a mean of 0 and a variance of 1, however long the row and far from zero', () => {
    const x = singles(200_000, 1).map((value) => value + 5)
    const out = normalizeRows(x, { length: x.length, epsilon: 0, affineBy: 'row' }, PLAIN)
    expect(Math.abs(mean(out))).toBeLessThan(1e-6)
    expect(mean(out.map((value) => value * value))).toBeCloseTo(1, 5)
  })
  it('gives the shift for a constant row', () => {
    const parameters = { length: 4, epsilon: 1e-5, shift: Float32Array.of(1, 2, 3, 4), affineBy: 'element' as const }
    expect([...normalizeRows(new Float32Array(4).fill(7), parameters, PLAIN)]).toEqual([1, 2, 3, 4])
  })
  it('runs scale and shift along the elements or along the rows', () => {
    const x = Float32Array.of(-1, 1, -1, 1)
    const affine = { length: 2, epsilon: 0, scale: Float32Array.of(2, 3), shift: Float32Array.of(10, 20) }
    expect([...normalizeRows(x, { ...affine, affineBy: 'element' }, PLAIN)]).toEqual([8, 23, 8, 23])
    expect([...normalizeRows(x, { ...affine, affineBy: 'row' }, PLAIN)]).toEqual([8, 12, 17, 23])
  })
  it('only takes the mean off where it shall not divide', () => {
    expect([...normalizeRows(Float32Array.of(1, 5, 9), { length: 3, epsilon: 0, divide: false, affineBy: 'row' }, PLAIN)]).toEqual([
      -4, 0, 4,
    ])
  })
  it('sums in binary16 when asked', () => {
    const x = new Float32Array(4096).fill(1)
    const half = normalizeRows(x, { length: 4096, epsilon: 1, affineBy: 'row' }, { ...PLAIN, sum: 'float16' })
    // the sum stays at 2048, so the mean is a half and every deviation too; their squares' sum stays at 512
    expect(half[0]).toBe(Math.fround(0.5 / Math.sqrt(0.125 + 1)))
  })
  it('spreads NaN over its row alone', () => {
    const out = normalizeRows(Float32Array.of(NaN, 1, -1, 1), { length: 2, epsilon: 0, affineBy: 'row' }, PLAIN)
    expect([...out]).toEqual([NaN, NaN, -1, 1])
  })
  it('takes no rows', () => {
    expect(normalizeRows(new Float32Array(0), { length: 3, epsilon: 0, affineBy: 'row' }, PLAIN)).toHaveLength(0)
  })
})

describe('the other normalizations', () => {
  it('normalizeChannels undoes an affine map of its parameters', () => {
    const shape = { outer: 2, channels: 2, inner: 3 }
    const x = singles(12, 2)
    const parameters = { mean: Float32Array.of(1, -2), variance: Float32Array.of(4, 0.25), epsilon: 0 }
    const out = normalizeChannels(x, shape, parameters)
    expect(out[0]).toBe(Math.fround((x[0]! - 1) / 2))
    expect(out[3]).toBe(Math.fround((x[3]! + 2) * 2))
    expect(normalizeChannels(x, shape, { ...parameters, scale: Float32Array.of(0, 0), shift: Float32Array.of(5, 6) })).toEqual(
      Float32Array.of(5, 5, 5, 6, 6, 6, 5, 5, 5, 6, 6, 6),
    )
  })
  it('l2NormalizeRows gives rows of length 1, zeros for zeros', () => {
    const out = l2NormalizeRows(Float32Array.of(3, 4, 0, 0), 2, 0.0001, PLAIN)
    expect(Math.hypot(out[0]!, out[1]!)).toBeCloseTo(1, 5)
    expect([out[2], out[3]]).toEqual([0, 0])
  })
  it('normalizeLocally takes floor(size / 2) channels before and the rest after', () => {
    const out = normalizeLocally(Float32Array.of(1, 2, 3), { outer: 1, channels: 3, inner: 1 }, { size: 2, alpha: 2, beta: 1, k: 1 }, PLAIN)
    expect([...out]).toEqual([1 / 2, 2 / 6, 3 / 14].map(Math.fround))
  })
})
