/** Windows, axes, products and slices: shapes and places that no op or format is needed for. */
import { describe, expect, it } from 'vitest'
import { axesOf, axisOf } from '../../../src/runners/tfjs/geometry/axes.js'
import { bounded } from '../../../src/runners/tfjs/geometry/bounds.js'
import { commonShape } from '../../../src/runners/tfjs/geometry/broadcast.js'
import { batchProductOf, connectionOf } from '../../../src/runners/tfjs/geometry/products.js'
import { reductionOf } from '../../../src/runners/tfjs/geometry/reduction.js'
import { linearPlaces, nearestPlaces } from '../../../src/runners/tfjs/geometry/resizing.js'
import { amountsOf, stridedRanges } from '../../../src/runners/tfjs/geometry/slicing.js'
import { checkTransposed, convolution2d, depthwise2d, ONCE, slidingOf, spanOf } from '../../../src/runners/tfjs/geometry/windows.js'

const code = (expected: string) => expect.objectContaining({ code: expected })
const NONE = { x: false, y: false }

describe('a window', () => {
  it('covers every element with SAME, the odd one of the padding behind', () => {
    expect(slidingOf('SAME', 5, 3, 2)).toEqual({ size: 3, dilation: 1, stride: 2, before: 1, after: 1, count: 3 })
    expect(slidingOf('SAME', 4, 3, 2)).toEqual({ size: 3, dilation: 1, stride: 2, before: 0, after: 1, count: 2 })
    expect(slidingOf('SAME', 6, 2, 1, 3)).toMatchObject({ before: 1, after: 2, count: 6 })
  })

  it('stays inside with VALID', () => {
    expect(slidingOf('VALID', 5, 3, 2)).toMatchObject({ before: 0, after: 0, count: 2 })
    expect(slidingOf('VALID', 5, 2, 1, 4)).toMatchObject({ count: 1 })
    expect(slidingOf('VALID', 2, 3, 1)).toMatchObject({ count: 0 })
  })

  it.each([
    [0, 1, 1],
    [1, 0, 1],
    [1, 1, 0],
  ])('is none with size %d, stride %d, dilation %d', (size, stride, dilation) => {
    expect(() => slidingOf('SAME', 4, size, stride, dilation)).toThrow(code('MODEL_SHAPE'))
  })

  it('spans what lies inside of the input', () => {
    const sliding = slidingOf('SAME', 5, 3, 2)
    expect([0, 1, 2].map((position) => spanOf(sliding, position, 5))).toEqual([
      [0, 2],
      [1, 4],
      [3, 5],
    ])
  })
})

describe('a convolution', () => {
  const window = { rows: ONCE, columns: ONCE }
  it('has as many groups as its filters leave channels', () => {
    expect(convolution2d([2, 1, 1, 6], 4, 3, window)).toMatchObject({ groups: 2, shape: [2, 1, 1, 4] })
    expect(depthwise2d([2, 1, 1, 3], 6, window)).toMatchObject({ shape: [2, 1, 1, 6] })
  })

  it('refuses channels that do not fit', () => {
    expect(() => convolution2d([1, 1, 1, 6], 4, 4, window)).toThrow(code('MODEL_SHAPE'))
    expect(() => convolution2d([1, 1, 1, 6], 3, 3, window)).toThrow(code('MODEL_SHAPE'))
    expect(() => depthwise2d([1, 1, 1, 4], 6, window)).toThrow(code('MODEL_SHAPE'))
  })

  it('is undone to a shape of its own batch and filters', () => {
    expect(() => checkTransposed([1, 4, 4, 2], [1, 2, 2, 3], { filters: 2, channels: 3 })).not.toThrow()
    expect(() => checkTransposed([2, 4, 4, 2], [1, 2, 2, 3], { filters: 2, channels: 3 })).toThrow(code('MODEL_SHAPE'))
    expect(() => checkTransposed([1, 4, 4, 2], [1, 2, 2, 3], { filters: 3, channels: 3 })).toThrow(code('MODEL_SHAPE'))
    expect(() => checkTransposed([1, 4, 4, 2], [1, 2, 2, 3], { filters: 2, channels: 4 })).toThrow(code('MODEL_SHAPE'))
    expect(() => checkTransposed([1, 4, 2], [1, 2, 2, 3], { filters: 2, channels: 3 })).toThrow(code('MODEL_SHAPE'))
  })
})

describe('axes', () => {
  it('count from the front, each once', () => {
    expect(axisOf(-1, 3)).toBe(2)
    expect(axesOf([2, -1, 0], 3)).toEqual([0, 2])
    expect(axesOf([5], 0)).toEqual([])
  })

  it('are those of the rank', () => {
    expect(() => axisOf(3, 3)).toThrow(code('MODEL_SHAPE'))
    expect(() => axisOf(-4, 3)).toThrow(code('MODEL_SHAPE'))
  })
})

describe('shapes', () => {
  it('broadcast where sizes are equal or 1', () => {
    expect(commonShape([2, 1], [3])).toEqual([2, 3])
    expect(() => commonShape([2], [3])).toThrow(code('MODEL_SHAPE'))
  })

  it('hold what a machine can', () => {
    expect(bounded([2, 0])).toEqual([2, 0])
    expect(() => bounded([-1])).toThrow(code('MODEL_SHAPE'))
    expect(() => bounded([2 ** 20, 2 ** 20])).toThrow(code('UNSUPPORTED_SIZE'))
  })
})

describe('products', () => {
  it('take rows of the depth of the filter', () => {
    expect(connectionOf([2, 3, 4], [5, 4], true)).toEqual({ shape: [2, 3, 5], batch: 6, depth: 4, units: 5 })
    expect(connectionOf([2, 3, 4], [5, 12], false)).toEqual({ shape: [2, 5], batch: 2, depth: 12, units: 5 })
    expect(() => connectionOf([2, 3], [5, 4], false)).toThrow(code('MODEL_SHAPE'))
    expect(() => connectionOf([2, 3, 4], [5, 12], true)).toThrow(code('MODEL_SHAPE'))
  })

  it('pair the matrices of two batches', () => {
    expect(batchProductOf([2, 1, 3, 4], [2, 4, 5], NONE)).toMatchObject({
      shape: [2, 2, 3, 5],
      pairs: [
        [0, 0],
        [0, 1],
        [1, 0],
        [1, 1],
      ],
    })
    expect(batchProductOf([4, 3], [5, 4], { x: true, y: true })).toMatchObject({ m: 3, k: 4, n: 5 })
    expect(() => batchProductOf([3, 4], [5, 4], NONE)).toThrow(code('MODEL_SHAPE'))
    expect(() => batchProductOf([4], [4, 5], NONE)).toThrow(code('MODEL_SHAPE'))
  })
})

it('a reduction tells where each element goes', () => {
  const { shape, count, terms, forEach } = reductionOf([2, 3], [0], false)
  const places: [number, number][] = []
  forEach((from, to) => void places.push([from, to]))
  expect({ shape, count, terms }).toEqual({ shape: [3], count: 3, terms: 2 })
  expect(places.map(([, to]) => to)).toEqual([0, 1, 2, 0, 1, 2])
  expect(reductionOf([2, 3], [1], true).shape).toEqual([2, 1])
})

describe('resizing', () => {
  const plain = { alignCorners: false, halfPixelCenters: false }
  it('takes the nearest element', () => {
    expect(nearestPlaces(2, 4, plain)).toEqual([0, 0, 1, 1])
    expect(nearestPlaces(3, 2, { ...plain, alignCorners: true })).toEqual([0, 2])
    expect(nearestPlaces(4, 2, { ...plain, halfPixelCenters: true })).toEqual([1, 3])
  })

  it('lies between two', () => {
    expect(linearPlaces(2, 4, plain)[1]).toEqual({ low: 0, high: 1, share: 0.5 })
    expect(linearPlaces(2, 4, { ...plain, halfPixelCenters: true })[1]).toEqual({ low: 0, high: 1, share: 0.25 })
  })
})

describe('slices', () => {
  const MASKS = { beginMask: 0, endMask: 0, ellipsisMask: 0, newAxisMask: 0, shrinkAxisMask: 0, isOffset: false }
  it('run backwards, and leave dimensions out', () => {
    const entries = { begins: [-1, 1], ends: [0, 2], strides: [-2, 1], ...MASKS, endMask: 1, shrinkAxisMask: 2 }
    expect(stridedRanges([5, 3], entries)).toEqual({
      ranges: [
        { begin: 4, size: 3, step: -2 },
        { begin: 1, size: 1, step: 1 },
      ],
      result: [3],
    })
  })

  it('count ends from begins where they are offsets', () => {
    const entries = { begins: [1], ends: [2], strides: [1], ...MASKS }
    expect(stridedRanges([5], { ...entries, isOffset: true }).result).toEqual([2])
    expect(stridedRanges([5], entries).result).toEqual([1])
  })

  it('refuse a stride of 0 and entries that no dimension is left for', () => {
    expect(() => stridedRanges([5], { begins: [0], ends: [1], strides: [0], ...MASKS })).toThrow(code('MODEL_SHAPE'))
    expect(() => stridedRanges([5], { begins: [0, 0], ends: [1, 1], strides: [1, 1], ...MASKS })).toThrow(code('MODEL_SHAPE'))
  })

  it('have two amounts around each dimension', () => {
    expect(amountsOf([1, 2, 0, 3], 2)).toEqual([
      [1, 2],
      [0, 3],
    ])
    expect(() => amountsOf([1, 2], 2)).toThrow(code('MODEL_SHAPE'))
    expect(() => amountsOf([1, -2], 1)).toThrow(code('MODEL_SHAPE'))
  })
})
