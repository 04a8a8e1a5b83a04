import { describe, expect, it } from 'vitest'
import { Random } from '../../kernels/generator.js'
import type { Tensor } from '../../kernels/tensor.js'
import type { Attribute, Dialect, Graph } from '../../src/graph/graph.js'
import { indexLimits, indexRanges, refuseIndex } from '../../src/inputs/indices.js'
import { randomTensor } from '../../src/inputs/random.js'
import { float32, sketchModel } from '../support/graphs.js'
import { refusal } from './files.js'

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

describe('indexLimits', () => {
  const sketch = (type: string, dialect: Dialect, operands: Record<string, string | Tensor>, attributes: Record<string, Attribute> = {}) =>
    sketchModel(
      { ids: { dtype: 'int32', shape: [4] } },
      [
        { type: dialect.name === 'tflite' ? 'RESHAPE' : 'expand_dims', inputs: { x: 'ids' }, output: 'column', dtype: 'int32' },
        { type, inputs: operands, output: 'a', attributes },
      ],
      ['a'],
      dialect,
    ).graph
  const TFLITE: Dialect = { name: 'tflite', version: '3' }
  const mil = (version: number): Dialect => ({ name: 'mil', version: `CoreML${version}` })
  const gather = { x: table(7), indices: 'column' }
  const limits = (graph: Graph) =>
    indexLimits(graph)
      .get('ids')
      ?.map(({ least, most }) => [least, most])

  it.each<[string, Graph, [number, number] | undefined]>([
    ['TFLite counts from 0', sketch('GATHER', TFLITE, { params: table(7), indices: 'column' }), [0, 6]],
    ['MIL before iOS17 also from the end', sketch('gather', mil(6), gather), [-7, 6]],
    ['MIL from iOS17 on takes any', sketch('gather', mil(7), gather), undefined],
    ['MIL from iOS17 on where they are validated', sketch('gather', mil(8), gather, { validate_indices: true }), [0, 6]],
    ['one-hot takes any', sketch('one_hot', mil(6), { indices: 'column' }, { one_hot_vector_size: 7 }), undefined],
  ])('%s', (_, graph, expected) => {
    expect(limits(graph)).toEqual(expected && [expected])
  })

  it('leaves out what no output depends on, and what is computed with before', () => {
    const graph = sketch('gather', mil(6), gather)
    expect(limits({ ...graph, outputs: ['column'] })).toBeUndefined()
    const nodes = graph.nodes.map((node, i) => (i === 0 ? { ...node, type: 'dequantize' } : node))
    expect(limits({ ...graph, nodes })).toBeUndefined()
    expect(indexRanges({ ...graph, nodes })).toEqual(new Map([['ids', 7]]))
  })

  it('refuse an element outside with its name, place and range', () => {
    const ids = (...data: number[]) => ({ dtype: 'int32' as const, shape: [data.length], data: Int32Array.from(data) })
    const limit = [{ least: 0, most: 6, op: 'lookup' }]
    const error = refusal(() => refuseIndex('ids', ids(1, 7), limit, 'a.npy'))
    expect(error).toMatchObject({ code: 'INPUT_INDEX', where: 'a.npy' })
    expect(error.what).toBe("the input 'ids' is given index 7 (element 1), and op 'lookup' takes 0 to 6")
    expect(() => refuseIndex('ids', ids(0, 6), limit, 'a.npy')).not.toThrow()
    expect(() => refuseIndex('ids', ids(-9, 99), [], 'a.npy')).not.toThrow()
  })
})
