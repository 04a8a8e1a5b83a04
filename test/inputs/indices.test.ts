import { describe, expect, it } from 'vitest'
import { Random } from '../../kernels/generator.js'
import { indexRanges } from '../../src/inputs/indices.js'
import { randomTensor } from '../../src/inputs/random.js'
import { float32, sketchModel } from '../support/graphs.js'

const table = (entries: number) => float32([entries, 2], new Array<number>(2 * entries).fill(1))

describe('indexRanges', () => {
  it('knows inputs that point into tables, through casts and reshapes, the smallest table first', () => {
    const { graph } = sketchModel(
      { ids: { dtype: 'float32', shape: [4] }, x: { dtype: 'float32', shape: [4] } },
      [
        { type: 'cast', inputs: { x: 'ids' }, output: 'whole', dtype: 'int32' },
        { type: 'expand_dims', inputs: { x: 'whole' }, output: 'column', dtype: 'int32' },
        { type: 'gather', inputs: { x: table(40), indices: 'column' }, output: 'a' },
        { type: 'gather', inputs: { x: table(7), indices: 'whole' }, output: 'b' },
        { type: 'add', inputs: { x: 'x', y: 'a' }, output: 'c' },
      ],
      ['b', 'c'],
    )
    expect(indexRanges(graph)).toEqual(new Map([['ids', 7]]))
  })
  it('leaves inputs alone that are gathered from, or computed with before', () => {
    const { graph } = sketchModel(
      { x: { dtype: 'float32', shape: [5, 2] }, y: { dtype: 'float32', shape: [2] } },
      [
        { type: 'mul', inputs: { x: 'y', y: 'y' }, output: 'square' },
        { type: 'gather', inputs: { x: 'x', indices: 'square' }, output: 'out' },
      ],
      ['out'],
    )
    expect(indexRanges(graph).size).toBe(0)
  })
})

describe('random indices', () => {
  it('are whole and in range, whatever the dtype', () => {
    for (const dtype of ['float32', 'float16', 'int32', 'uint8', 'int64'] as const) {
      const numbers = Array.from(randomTensor(new Random(1), dtype, [200], 5).data as ArrayLike<number | bigint>, Number)
      expect(new Set(numbers)).toEqual(new Set([0, 1, 2, 3, 4]))
    }
  })
  it('without a table are what they were', () => {
    expect(randomTensor(new Random(1), 'float32', [8]).data).not.toEqual(randomTensor(new Random(1), 'float32', [8], 9).data)
  })
})
