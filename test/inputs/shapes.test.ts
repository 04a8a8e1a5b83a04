import { describe, expect, it } from 'vitest'
import { tensor } from '../../kernels/tensor.js'
import { arrange, closePattern, fitShape, patternsWith, pictureShape, squeezeInto, takesSize } from '../../src/inputs/shapes.js'
import { array, image, ramp } from './files.js'

describe('fitShape', () => {
  it.each<[number[], (number | null)[], ReturnType<typeof fitShape>]>([
    [[1, 4, 5, 3], [1, 4, 5, 3], { level: 'exact', permutation: null, shape: [1, 4, 5, 3] }],
    [[2, 4], [null, 4], { level: 'exact', permutation: null, shape: [2, 4] }],
    [[4], [null, 4], { level: 'squeeze', permutation: null, shape: [1, 4] }],
    [[1, 28, 28, 1], [1, 28, 28], { level: 'squeeze', permutation: null, shape: [1, 28, 28] }],
    [[28, 28], [1, 1, 28, 28], { level: 'squeeze', permutation: null, shape: [1, 1, 28, 28] }],
    [[], [1], { level: 'squeeze', permutation: null, shape: [1] }],
    [[1, 1], [], { level: 'squeeze', permutation: null, shape: [] }],
    [[1, 4, 5, 3], [1, 3, 4, 5], { level: 'layout', permutation: [0, 3, 1, 2], shape: [1, 3, 4, 5] }],
    [[1, 3, 4, 5], [4, 5, 3], { level: 'layout', permutation: [0, 2, 3, 1], shape: [4, 5, 3] }],
    [[4, 5, 3], [null, 3, 4, 5], { level: 'layout', permutation: [2, 0, 1], shape: [1, 3, 4, 5] }],
    [[1, 16, 12], [1, 12, 16], { level: 'layout', permutation: [0, 2, 1], shape: [1, 12, 16] }],
    [[1, 2, 3, 4, 5], [1, 5, 2, 3, 4], { level: 'layout', permutation: [0, 4, 1, 2, 3], shape: [1, 5, 2, 3, 4] }],
    [[1, 4, 5, 3], [1, 5, 4, 3], null],
    [[2, 4], [1, 4], null],
    [[28, 28], [784], null],
  ])('%j as %j', (shape, pattern, fit) => {
    expect(fitShape(shape, pattern)).toEqual(fit)
  })

  it('moves the elements with the axes', () => {
    const value = ramp([1, 2, 2, 3])
    const fit = fitShape(value.shape, [3, 2, 2])!
    expect(arrange(value, fit)).toEqual(tensor('float32', [3, 2, 2], Float32Array.of(0, 3, 6, 9, 1, 4, 7, 10, 2, 5, 8, 11)))
  })
})

describe('squeezeInto', () => {
  it('gives open dimensions what is there, from the right', () => {
    expect(squeezeInto([5], [null, null])).toEqual([1, 5])
    expect(squeezeInto([5, 7], [null, 1, null])).toEqual([5, 1, 7])
    expect(squeezeInto([5, 7], [null])).toBeNull()
  })
})

describe('pictureShape', () => {
  it.each([
    [[1, 24, 32, 3], 'NHWC', 24, 32, 3],
    [[null, 3, null, 32], 'NCHW', null, 32, 3],
    [[24, 32, 3], 'NHWC', 24, 32, 3],
    [[1, 28, 28], 'NCHW', 28, 28, 1],
    [[null, 28, 28], 'NHWC', 28, 28, 1],
    [[28, 28], 'NHWC', 28, 28, 1],
    [[1, 3, 24, 3], 'NHWC', 3, 24, 3],
  ] as const)('%j', (shape, layout, height, width, channels) => {
    expect(pictureShape(shape, 'NHWC')).toEqual({ layout, height, width, channels })
  })
  it('lets the preferred layout decide where both are possible', () => {
    expect(pictureShape([1, 3, 24, 3], 'NCHW')).toEqual({ layout: 'NCHW', height: 24, width: 3, channels: 3 })
  })
  it.each([[[1, 10]], [[2, 24, 24, 3]], [[1, 24, 24, 4]], [[10]], [[]]])('%j shows none', (shape) => {
    expect(pictureShape(shape, 'NHWC')).toBeNull()
  })
})

describe('patterns', () => {
  it('take open dimensions from the input on the other side', () => {
    expect(closePattern([null, null, null, 3], [1, 3, 8, 9])).toEqual([1, 8, 9, 3])
    expect(closePattern([null, 4], [1, 5])).toEqual([null, 4])
    expect(patternsWith(array('x', 'float32', [null, 8, 9, 3]), image('p', 'RGB', 8, 9))).toEqual([[1, 8, 9, 3]])
  })
  it('stay open where the other side is flexible too', () => {
    const flexible = array('x', 'float32', [1, 4], {
      flexibility: {
        kind: 'range',
        ranges: [
          { min: 1, max: 1 },
          { min: 2, max: null },
        ],
      },
    })
    expect(patternsWith(array('y', 'float32', [null, null]), flexible)).toEqual([[null, null]])
    expect(patternsWith(flexible, undefined)).toEqual([
      [1, null],
      [1, 4],
    ])
  })
  it('know the sizes of a flexible picture', () => {
    const { image: feature } = image('p', 'RGB', 8, 9)
    expect(takesSize(feature!, [8, 9])).toBe(true)
    expect(takesSize(feature!, [9, 8])).toBe(false)
    expect(takesSize({ ...feature!, flexibility: { kind: 'enumerated', shapes: [[9, 8]] } }, [9, 8])).toBe(true)
    expect(
      takesSize(
        {
          ...feature!,
          flexibility: {
            kind: 'range',
            ranges: [
              { min: 1, max: 9 },
              { min: 1, max: null },
            ],
          },
        },
        [10, 8],
      ),
    ).toBe(false)
  })
})
