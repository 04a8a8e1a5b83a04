import { describe, expect, it } from 'vitest'
import { inverse, isIdentity, isPlausible, layoutsBetween, sourceIndex, toTargetOrder } from '../../src/align/layout.js'

const counting = (count: number) => Float32Array.from({ length: count }, (_, i) => i)

describe('layoutsBetween', () => {
  it('offers the same order first where the shapes agree', () => {
    expect(isIdentity(layoutsBetween([1, 2, 3, 4], [2, 3, 4])[0]!)).toBe(true)
  })
  it('finds channels last to channels first', () => {
    const orders = layoutsBetween([1, 4, 5, 3], [1, 3, 4, 5]).map(({ order }) => order.join())
    expect(orders).toContain('2,0,1')
  })
  it('splits a merged dimension of the target', () => {
    const orders = layoutsBetween([4, 5, 3], [3, 20]).map(({ dims, order }) => `${dims}|${order}`)
    expect(orders).toContain('4,5,3|2,0,1')
  })
  it('splits a merged dimension of the source', () => {
    const found = layoutsBetween([20, 3], [3, 4, 5]).find(({ order }) => order.join() === '2,0,1')
    expect(found?.dims).toEqual([4, 5, 3])
  })
  it('has none where the sizes differ', () => {
    expect(layoutsBetween([2, 3], [5])).toEqual([])
  })
  it('takes scalars and empty values', () => {
    expect(layoutsBetween([], [1, 1])).toHaveLength(1)
    expect(layoutsBetween([0, 3], [3, 0])).toHaveLength(1)
  })
})

describe('toTargetOrder', () => {
  it('moves channels first', () => {
    expect([...toTargetOrder(counting(6), { dims: [3, 2], order: [1, 0] })]).toEqual([0, 2, 4, 1, 3, 5])
  })
  it('is undone by the inverse, for every layout of a shape', () => {
    const data = counting(60)
    for (const layout of layoutsBetween([3, 4, 5], [5, 3, 4])) {
      expect([...toTargetOrder(toTargetOrder(data, layout), inverse(layout))]).toEqual([...data])
    }
  })
  it('agrees with sourceIndex at every position', () => {
    const layout = { dims: [2, 3, 4], order: [2, 0, 1] }
    const moved = toTargetOrder(counting(24), layout)
    for (const [position, element] of moved.entries()) expect(sourceIndex(layout, position)).toBe(element)
  })
  it('leaves nothing where a value has no numbers', () => {
    expect(toTargetOrder(new Float64Array(0), { dims: [2, 3, 64], order: [1, 0, 2] })).toEqual(new Float64Array(0))
  })
})

describe('isPlausible', () => {
  it.each([
    ['the same order', [4, 4, 3], [0, 1, 2], true],
    ['channels first', [4, 4, 4], [2, 0, 1], true],
    ['channels first behind a batch', [2, 4, 4, 4], [0, 3, 1, 2], true],
    ['channels last', [4, 4, 4], [1, 2, 0], true],
    ['axes of different lengths exchanged', [4, 5, 3], [1, 0, 2], true],
    ['square axes exchanged', [4, 4, 3], [1, 0, 2], false],
    ['a square matrix transposed', [4, 4], [1, 0], false],
  ])('%s', (_, dims, order, wanted) => {
    const target = order.map((axis) => dims[axis]!)
    expect(isPlausible({ dims, order }, dims, target)).toBe(wanted)
  })
  it.each([
    ['blocks of pixels that became channels in their order', [8, 8, 2, 2, 3], [2, 3, 4, 0, 1], [12, 8, 8], true],
    ['blocks of pixels that became channels behind the channels', [8, 8, 2, 2, 3], [4, 2, 3, 0, 1], [12, 8, 8], false],
    ['blocks of pixels that nothing has gathered yet', [8, 2, 8, 2, 3], [1, 3, 4, 0, 2], [12, 8, 8], false],
    ['a picture flattened as it lies', [4, 5, 3], [0, 1, 2], [60], true],
    ['a picture flattened channels first', [4, 5, 3], [2, 0, 1], [60], false],
  ])('%s', (_, dims, order, target, wanted) => expect(isPlausible({ dims, order }, dims, target)).toBe(wanted))
  it('asks the same where the source is the one that merges', () => {
    expect(isPlausible({ dims: [2, 2, 3], order: [0, 1, 2] }, [12], [2, 2, 3])).toBe(true)
    expect(isPlausible({ dims: [2, 3, 4], order: [2, 0, 1] }, [24], [4, 2, 3])).toBe(false)
  })
})
