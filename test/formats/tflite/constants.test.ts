import { describe, expect, it } from 'vitest'
import { readTflite } from '../../../src/formats/tflite/index.js'
import type { Constant } from '../../../src/graph/graph.js'
import type { TensorSketch } from './write.js'
import { modelTables, tflite, writeModel } from './write.js'

const modelOf = (tensor: TensorSketch) => tflite([{ tensors: [{ name: 'c', ...tensor }], inputs: [], outputs: [0], operators: [] }])

const constantOf = (tensor: TensorSketch): Constant => readTflite('x', modelOf(tensor)).graph.values.get('c')!.constant!

describe('a constant', () => {
  it('of float32 is a view of the file', () => {
    const bytes = modelOf({ shape: [2], data: Float32Array.of(1.5, -2) })
    const { data } = readTflite('x', bytes).graph.values.get('c')!.constant!.read()
    expect(data).toEqual(Float32Array.of(1.5, -2))
    expect((data as Float32Array).buffer).toBe(bytes.buffer)
  })

  it('is copied where its bytes are not aligned', () => {
    const bytes = modelOf({ type: 'INT64', shape: [1], data: BigInt64Array.of(-5n) })
    const shifted = new Uint8Array(bytes.length + 1).subarray(1)
    shifted.set(bytes)
    expect(readTflite('x', shifted).graph.values.get('c')!.constant!.read().data).toEqual(BigInt64Array.of(-5n))
  })

  it.each<[string, TensorSketch, unknown]>([
    [
      'FLOAT16',
      { type: 'FLOAT16', shape: [2], data: Uint16Array.of(0x3c00, 0xc100) },
      { dtype: 'float16', shape: [2], data: Float32Array.of(1, -2.5) },
    ],
    ['INT4', { type: 'INT4', shape: [3], bytes: Uint8Array.of(0x8f, 0x07) }, { dtype: 'int4', shape: [3], data: Int8Array.of(-1, -8, 7) }],
    ['UINT4', { type: 'UINT4', shape: [2], bytes: Uint8Array.of(0xf1) }, { dtype: 'uint4', shape: [2], data: Uint8Array.of(1, 15) }],
    [
      'INT2',
      { type: 'INT2', shape: [4], bytes: Uint8Array.of(0b11100100) },
      { dtype: 'int8', shape: [4], data: Int8Array.of(0, 1, -2, -1) },
    ],
    ['BOOL', { type: 'BOOL', shape: [2], bytes: Uint8Array.of(1, 0) }, { dtype: 'bool', shape: [2], data: Uint8Array.of(1, 0) }],
    [
      'STRING',
      {
        type: 'STRING',
        shape: [2],
        bytes: Uint8Array.of(2, 0, 0, 0, 16, 0, 0, 0, 18, 0, 0, 0, 21, 0, 0, 0, ...new TextEncoder().encode('hi§!')),
      },
      { dtype: 'string', shape: [2], data: ['hi', '§!'] },
    ],
    ['an empty shape', { type: 'INT32', shape: [0] }, { dtype: 'int32', shape: [0], data: new Int32Array(0) }],
  ])('of %s is decoded', (_, sketch, expected) => {
    expect(constantOf(sketch).read()).toEqual(expected)
  })

  it('of a type that the graph has not says so when it is read', () => {
    const constant = constantOf({ type: 'BFLOAT16', shape: [1], bytes: Uint8Array.of(0, 0) })
    expect(() => constant.read()).toThrow('A constant of type BFLOAT16 is not read')
  })

  it.each([
    ['too many strings', Uint8Array.of(9, 0, 0, 0, 8, 0, 0, 0)],
    ['a string behind the end', Uint8Array.of(1, 0, 0, 0, 12, 0, 0, 0, 99, 0, 0, 0)],
  ])('with %s is broken', (_, bytes) => {
    expect(() => constantOf({ type: 'STRING', shape: [1], bytes }).read()).toThrow('A constant does not fit its bytes')
  })

  it('may lie behind the flatbuffer', () => {
    const tables = modelTables([{ tensors: [{ name: 'c', shape: [1] }], inputs: [], outputs: [0], operators: [] }])
    const [subgraph] = tables['subgraphs'] as [{ tensors: { buffer: number }[] }]
    subgraph.tensors[0]!.buffer = 1
    const place = (offset: number): Uint8Array => writeModel({ ...tables, buffers: [{}, { offset: BigInt(offset), size: 4n }] })
    const end = place(1000).length
    const bytes = new Uint8Array(end + 4)
    bytes.set(place(end))
    new DataView(bytes.buffer).setFloat32(end, 2.5, true)
    expect(readTflite('x', bytes).graph.values.get('c')!.constant!.read().data).toEqual(Float32Array.of(2.5))
    expect(() => readTflite('x', bytes.subarray(0, end))).toThrow(
      `The file is cut off: it has ${end} bytes, and buffer 1 takes 4 from ${end}`,
    )
  })
})

describe('a sparse constant', () => {
  const dense = (size: number) => ({ format: 'DENSE', dense_size: size })
  const compressed = (segments: number[], indices: number[]) => ({
    format: 'SPARSE_CSR',
    array_segments: { type: 'Int32Vector', value: { values: segments } },
    array_indices: { type: 'Uint8Vector', value: { values: indices } },
  })

  it('in compressed rows is expanded', () => {
    const sparsity = { traversal_order: [0, 1], dim_metadata: [dense(3), compressed([0, 1, 1, 3], [2, 0, 3])] }
    const constant = constantOf({ shape: [3, 4], data: Float32Array.of(5, 6, 7), sparsity })
    expect(constant.storage).toBe('sparse')
    expect([...(constant.read().data as Float32Array)]).toEqual([0, 0, 5, 0, 0, 0, 0, 0, 6, 0, 0, 7])
  })

  it('in columns first is expanded', () => {
    const sparsity = { traversal_order: [1, 0], dim_metadata: [dense(2), compressed([0, 1, 3], [1, 0, 2])] }
    expect([...(constantOf({ shape: [3, 2], data: Float32Array.of(1, 2, 3), sparsity }).read().data as Float32Array)]).toEqual([
      0, 2, 1, 0, 0, 3,
    ])
  })

  it('in blocks is expanded', () => {
    // 4 x 4 in blocks of 2 x 2: blocks (0, 1) and (1, 0)
    const sparsity = {
      traversal_order: [0, 1, 2, 3],
      block_map: [0, 1],
      dim_metadata: [dense(2), compressed([0, 1, 2], [1, 0]), dense(2), dense(2)],
    }
    const { data } = constantOf({ shape: [4, 4], data: Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8), sparsity }).read()
    expect([...(data as Float32Array)]).toEqual([0, 0, 1, 2, 0, 0, 3, 4, 5, 6, 0, 0, 7, 8, 0, 0])
  })

  it.each([
    ['a traversal order that is none', { traversal_order: [0, 0], dim_metadata: [dense(2), dense(2)] }],
    ['a level of another size', { traversal_order: [0, 1], dim_metadata: [dense(3), dense(2)] }],
    ['a missing segment', { traversal_order: [0, 1], dim_metadata: [dense(2), compressed([0, 1], [0])] }],
    ['a place outside', { traversal_order: [0, 1], dim_metadata: [dense(2), compressed([0, 1, 2], [0, 9])] }],
    ['more places than elements', { traversal_order: [0, 1], dim_metadata: [dense(2), dense(2)] }],
  ])('with %s is refused', (_, sparsity) => {
    expect(() => constantOf({ shape: [2, 2], data: Float32Array.of(1, 2), sparsity }).read()).toThrow(
      'The sparsity of a constant does not fit it',
    )
  })
})
