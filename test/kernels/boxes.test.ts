import { describe, expect, test } from 'vitest'
import { nonMaximumSuppression, type Suppression } from '../../kernels/boxes.js'

const limits = { iouThreshold: 0.5, scoreThreshold: 0.1, maxBoxes: 10, perClass: false }
const same = Float32Array.of(0, 0, 2, 2, 0, 0, 2, 2, 8, 8, 2, 2)
const keep = (scores: number[], classes = 1, changed: Partial<Suppression> = {}) => [
  ...nonMaximumSuppression(same, Float32Array.from(scores), 3, classes, { ...limits, ...changed }),
]

describe('non-maximum suppression', () => {
  test('of equal boxes the higher score stays, of equal scores the earlier box', () => {
    expect(keep([0.2, 0.3, 0.9])).toEqual([2, 1])
    expect(keep([0.3, 0.3, 0.3])).toEqual([0, 2])
  })

  test('classes suppress apart', () => {
    expect(keep([0.9, 0, 0, 0.8, 0.7, 0], 2, { perClass: true })).toEqual([0, 1, 2])
    expect(keep([0.9, 0, 0, 0.8, 0.7, 0], 2)).toEqual([0, 2])
  })

  test('a score at the threshold counts, one below does not', () => {
    expect(keep([0.5, 0.25, 0.25], 1, { scoreThreshold: 0.25 })).toEqual([0, 2])
    expect(keep([0.5, 0.25, 0.25], 1, { scoreThreshold: 0.26 })).toEqual([0])
  })

  test('one box survives where none reaches the threshold, unless none may', () => {
    expect(keep([0.2, 0.3, 0.1], 1, { scoreThreshold: 1 })).toEqual([1])
    expect(keep([0.2, 0.3, 0.1], 1, { scoreThreshold: 1, mayBeEmpty: true })).toEqual([])
  })

  test('NaN scores never win', () => {
    expect(keep([Number.NaN, 0.3, 0.2])).toEqual([1, 2])
    expect(keep([Number.NaN, Number.NaN, Number.NaN])).toEqual([0])
  })

  test('empty boxes overlap nothing', () => {
    const flat = new Float32Array(8)
    expect([...nonMaximumSuppression(flat, Float32Array.of(0.5, 0.4), 2, 1, limits)]).toEqual([0, 1])
  })

  test('no boxes, or none wanted', () => {
    expect([...nonMaximumSuppression(new Float32Array(0), new Float32Array(0), 0, 1, limits)]).toEqual([])
    expect(keep([0.5, 0.5, 0.5], 1, { maxBoxes: 0 })).toEqual([])
  })
})
