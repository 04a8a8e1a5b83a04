import { describe, expect, it } from 'vitest'
import { erf, erfc, power, roundToEven, softplus } from '../../kernels/special.js'

/** Abramowitz and Stegun, Handbook of Mathematical Functions, table 7.1, and the tails of erfc to 16 digits. */
const ERF = [
  [0.02, 0.0225645747],
  [0.5, 0.5204998778],
  [1, 0.8427007929],
  [1.5, 0.9661051465],
  [2, 0.995322265],
] as const
const ERFC = [
  [2, 0.004677734981047266],
  [4, 1.541725790028002e-8],
  [5, 1.5374597944280349e-12],
  [10, 2.088487583762545e-45],
] as const

describe('the error function', () => {
  it.each(ERF)('erf(%d) = %d', (x, wanted) => {
    expect(erf(x)).toBeCloseTo(wanted, 9)
    expect(erf(-x)).toBe(-erf(x))
  })
  it.each(ERFC)('erfc(%d) = %d', (x, wanted) => expect(Math.abs(erfc(x) / wanted - 1)).toBeLessThan(4e-15))
  it('and its complement add up to 1', () => {
    for (let x = -6; x <= 6; x += 1 / 64) expect(Math.abs(erf(x) + erfc(x) - 1)).toBeLessThan(4e-16)
  })
  it('agrees with its series where the approximations meet', () => {
    for (const x of [0.46875, 0.4687500001, 1, 2, 3.5]) {
      let term = x
      let sum = x
      for (let n = 1; n < 120; n++) sum += (term *= (-x * x) / n) / (2 * n + 1)
      expect(Math.abs(erf(x) - (2 / Math.sqrt(Math.PI)) * sum)).toBeLessThan(1e-11)
    }
  })
  it('takes its limits at infinity and keeps NaN and the sign of zero', () => {
    expect([erf(Infinity), erf(-Infinity), erfc(Infinity), erfc(-Infinity)]).toEqual([1, -1, 0, 2])
    expect([erf(Number.NaN), erfc(Number.NaN)]).toEqual([Number.NaN, Number.NaN])
    expect(erf(-0)).toBe(-0)
  })
})

describe('roundToEven', () => {
  it.each([
    [0.5, 0],
    [1.5, 2],
    [2.5, 2],
    [-0.5, -0],
    [-2.5, -2],
    [-0.2, -0],
    [4503599627370495.5, 4503599627370496],
    [2 ** 53 + 2, 2 ** 53 + 2],
    [2 ** 51 + 1, 2 ** 51 + 1],
    [-(2 ** 51) - 1.5, -(2 ** 51) - 2],
    [-Infinity, -Infinity],
    [Number.NaN, Number.NaN],
  ])('%d to %d', (x, wanted) => expect(roundToEven(x)).toBe(wanted))
})

it('power is that of IEEE 754', () => {
  expect([power(1, Number.NaN), power(-1, Infinity), power(-1, -Infinity), power(Number.NaN, 0)]).toEqual([1, 1, 1, 1])
  expect([power(2, 10), power(-8, 1 / 3), power(0, -1)]).toEqual([1024, Number.NaN, Infinity])
})

it('softplus does not overflow', () => {
  expect([softplus(1000), softplus(-1000), softplus(0)]).toEqual([1000, 0, Math.LN2])
})
