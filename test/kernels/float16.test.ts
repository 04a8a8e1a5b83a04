import { describe, expect, it } from 'vitest'
import { halfBits, halfToNumber, roundToHalf, roundToHalfInPlace } from '../../kernels/float16.js'

describe('roundToHalf', () => {
  it('keeps every binary16 number', () => {
    for (let half = 0; half < 65536; half++) {
      const x = halfToNumber(half)
      expect(Object.is(roundToHalf(x), x)).toBe(true)
    }
  })
  it.each([
    [1 + 2 ** -11, 1],
    [1 + 3 * 2 ** -11, 1 + 2 ** -9],
    [65519.99, 65504],
    [65520, Infinity],
    [-65520, -Infinity],
    [2 ** -25, 0],
    [1.5 * 2 ** -25, 2 ** -24],
    [3 * 2 ** -25, 2 ** -23],
    [-(2 ** -26), -0],
    [2 ** -14 - 2 ** -26, 2 ** -14],
  ])('%d to %d', (x, wanted) => expect(Object.is(roundToHalf(x), wanted)).toBe(true))
  it('rounds halfway between neighbours to the even one, everywhere', () => {
    for (let half = 0; half < 0x7bff; half++) {
      const [low, high] = [halfToNumber(half), halfToNumber(half + 1)]
      expect(roundToHalf((low + high) / 2)).toBe(half % 2 === 0 ? low : high)
    }
  })
})

describe('roundToHalfInPlace', () => {
  it('does to each element what roundToHalf does to a float32 number', () => {
    const data = new Float32Array(20000)
    for (let i = 0; i < data.length; i++) data[i] = Math.sin(i * 12.9898) * 2 ** ((i % 60) - 35)
    const wanted = Float32Array.from(data, roundToHalf)
    expect(roundToHalfInPlace(data)).toEqual(wanted)
  })
})

describe('halfBits', () => {
  it('is the inverse of halfToNumber', () => {
    for (let half = 0; half < 65536; half++) {
      const x = halfToNumber(half)
      if (x === x) expect(halfBits(x)).toBe(half)
    }
    expect(halfToNumber(halfBits(Number.NaN))).toBeNaN()
  })
})
