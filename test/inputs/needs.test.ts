import { describe, expect, it } from 'vitest'
import { type Tensor, tensor } from '../../kernels/tensor.js'
import type { Attribute, Dialect, Graph } from '../../src/graph/graph.js'
import { indexLimits, indexRanges, leastSizes, refuseIndex } from '../../src/inputs/needs.js'
import { float32, type NodeSketch, sketchModel } from '../support/graphs.js'
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

const ones = (shape: number[]): Tensor => float32(shape, new Array<number>(shape.reduce((a, b) => a * b, 1)).fill(1))
const ints = (...data: number[]): Tensor => tensor('int32', [data.length], Int32Array.from(data))
const word = (text: string): Tensor => tensor('string', [], [text])
const TFLITE = { name: 'tflite', version: '3' } as const

const least = (nodes: NodeSketch[], dialect?: typeof TFLITE): number | undefined =>
  leastSizes(sketchModel({ x: { dtype: 'float32', shape: [1, 1, 1, 1] } }, nodes, [nodes.at(-1)!.output], dialect).graph).get('x')

const conv = (input: string, output: string, size: number, more: Record<string, Tensor> = {}): NodeSketch => ({
  type: 'conv',
  inputs: { x: input, weight: ones([1, 1, size, 1]), ...more },
  output,
})

describe('leastSizes', () => {
  it.each([
    ['a window', {}, 5],
    ['stride, which one result needs none of', { strides: ints(3, 3) }, 5],
    ['dilation', { dilations: ints(2, 2) }, 9],
    ['padding of its own', { pad_type: word('custom'), pad: ints(1, 2, 0, 0) }, 2],
    ['padding that is as large as it must be', { pad_type: word('same') }, 1],
  ])('counts %s', (_, more, expected) => {
    expect(least([conv('x', 'y', 5, more)])).toBe(expected)
  })

  it('adds up over a chain, the strides of what comes before', () => {
    const pool: NodeSketch = {
      type: 'max_pool',
      inputs: { x: 'a', kernel_sizes: ints(2, 2), strides: ints(2, 2), pad_type: word('valid') },
      output: 'b',
    }
    expect(least([conv('x', 'a', 3), pool, { type: 'relu', inputs: { x: 'b' }, output: 'r' }, conv('r', 'y', 3)])).toBe(8)
  })

  it('takes the longest of several ways', () => {
    expect(least([conv('x', 'a', 3), conv('x', 'b', 7), { type: 'add', inputs: { x: 'a', y: 'b' }, output: 'y' }])).toBe(7)
  })

  it('is 1 where nothing has a window', () => {
    expect(least([{ type: 'relu', inputs: { x: 'x' }, output: 'y' }])).toBe(1)
  })

  it('knows the attributes of TFLite', () => {
    const convolution = (padding: string): NodeSketch => ({
      type: 'CONV_2D',
      inputs: { input: 'x', filter: ones([1, 3, 5, 1]) },
      output: 'a',
      attributes: { padding, stride_h: 2, stride_w: 2, dilation_h_factor: 1, dilation_w_factor: 1 },
    })
    const pool: NodeSketch = {
      type: 'AVERAGE_POOL_2D',
      inputs: { input: 'a' },
      output: 'y',
      attributes: { padding: 'VALID', stride_h: 1, stride_w: 1, filter_height: 2, filter_width: 2 },
    }
    expect(least([convolution('VALID'), pool], TFLITE)).toBe(7)
    expect(least([convolution('SAME'), pool], TFLITE)).toBe(3)
  })
})
