import { describe, expect, test } from 'vitest'
import { PLAIN } from '../../kernels/arithmetic.js'
import { roundToHalf } from '../../kernels/float16.js'
import {
  gridPoints,
  interpolate,
  linearGrid,
  nearestIndices,
  type Sampling,
  type Surround,
  samplePoints,
} from '../../kernels/resampling.js'

const SAMPLINGS: Sampling[] = ['strict-align-corners', 'align-corners', 'asymmetric', 'half-pixel']
const HALF = { ...PLAIN, sum: 'float16' } as const
const ramp = Float32Array.from({ length: 60 }, (_, i) => Math.fround(Math.sin(i) * 3))

describe('grids', () => {
  test.each(SAMPLINGS)('%s of as many points as pixels is the pixels', (sampling) => {
    expect([...gridPoints(sampling, 0, 4, 5)]).toEqual([0, 1, 2, 3, 4])
  })

  test('ends are met exactly', () => {
    for (let count = 2; count < 60; count++) {
      const points = gridPoints('align-corners', 0.3, 62.7, count)
      expect([points[0], points[count - 1]]).toEqual([0.3, 62.7])
    }
  })

  test('nearest indices stay inside', () => {
    expect([...nearestIndices(3, 7, 0.5)]).toEqual([0, 0, 1, 1, 1, 2, 2])
    expect([...nearestIndices(3, 7, 0)]).toEqual([0, 0, 0, 1, 1, 2, 2])
  })
})

describe('interpolation', () => {
  test.each(SAMPLINGS)('%s to the same size changes nothing', (sampling) => {
    expect(interpolate(ramp, 3, 5, 4, linearGrid(gridPoints(sampling, 0, 4, 5), 5), PLAIN)).toEqual(ramp)
  })

  test('along rows and along columns is the same', () => {
    const grid = linearGrid(gridPoints('half-pixel', 0, 11, 17), 12)
    const rows = interpolate(ramp, 5, 12, 1, grid, PLAIN)
    const turned = Float32Array.from({ length: 60 }, (_, i) => ramp[(i % 5) * 12 + Math.floor(i / 5)]!)
    const columns = interpolate(turned, 1, 12, 5, grid, PLAIN)
    rows.forEach((value, i) => {
      expect(columns[(i % 17) * 5 + Math.floor(i / 17)]).toBe(value)
    })
  })

  test('results are float16 numbers where the arithmetic is', () => {
    const halves = ramp.map(roundToHalf)
    const grid = linearGrid(gridPoints('half-pixel', 0, 11, 17), 12)
    for (const value of interpolate(halves, 5, 12, 1, grid, HALF)) expect(roundToHalf(value)).toBe(value)
  })

  test('a pixel that weighs nothing is not read', () => {
    const grid = linearGrid(gridPoints('strict-align-corners', 0, 1, 3), 2)
    expect([...interpolate(Float32Array.of(1, Number.NaN), 1, 2, 1, grid, PLAIN)]).toEqual([1, Number.NaN, Number.NaN])
  })
})

describe('points', () => {
  const image = Float32Array.of(1, 2, 3, 4, 5, 6)
  const at = (x: number, y: number, surround: Surround, mode: 'bilinear' | 'nearest' = 'bilinear', arithmetic = PLAIN) =>
    samplePoints(image, [1, 2, 3], [x], [y], { mode, surround, constant: -9 }, arithmetic)[0]

  test('on pixels they are the pixels', () => {
    expect([at(2, 1, 'constant'), at(0, 0, 'border'), at(1, 1, 'symmetric', 'nearest')]).toEqual([6, 1, 5])
  })

  test('half way between two pixels nearest takes the even one', () => {
    expect([at(0.5, 0, 'border', 'nearest'), at(1.5, 0, 'border', 'nearest')]).toEqual([1, 3])
  })

  test.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1e30])('a position of %s is far outside', (x) => {
    expect(at(x, 0, 'constant')).toBe(-9)
    expect(at(x, 0, 'border')).toBe(x > 0 ? 3 : 1)
  })

  test('a row of one pixel mirrors to itself', () => {
    expect(
      samplePoints(Float32Array.of(4), [1, 1, 1], [-7], [3.5], { mode: 'bilinear', surround: 'reflection', constant: 0 }, PLAIN)[0],
    ).toBe(4)
  })

  test('sums are rounded to binary16 where the arithmetic is', () => {
    const value = at(0.3, 0.7, 'border', 'bilinear', HALF)!
    expect(roundToHalf(value)).toBe(value)
    expect(at(0.3, 0.7, 'border')).not.toBe(value)
  })

  test('no points', () => {
    expect(samplePoints(image, [1, 2, 3], [], [], { mode: 'bilinear', surround: 'border', constant: 0 }, PLAIN)).toHaveLength(0)
  })
})
