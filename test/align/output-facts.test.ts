import { describe, expect, it } from 'vitest'
import { type DType, type Tensor, tensor } from '../../kernels/tensor.js'
import { toTargetOrder } from '../../src/align/layout.js'
import { channelMove } from '../../src/align/output-facts.js'
import type { Model } from '../../src/graph/model.js'
import { float32, sketchModel } from '../support/graphs.js'
import { heads, noisy, pairSketch, type Sketch, wave } from './pairing.js'

const NN = { name: 'neuralnetwork', version: '4' } as const
const reshaped = (value: Tensor<'float32'>, shape: number[]) => float32(shape, [...value.data])
const transposed = (value: Tensor<'float32'>, shape: number[], dims: number[], order: number[]) =>
  float32(shape, [...toTargetOrder(value.data, { dims, order })])

/** The only pair of a source and a target with one output each. */
function onlyPair(source: Tensor | Tensor[], target: Tensor | Tensor[], more: Partial<Sketch> = {}) {
  const samples = (value: Tensor | Tensor[]) => (Array.isArray(value) ? value : [value]).map((out) => ({ out }))
  return pairSketch({ source: samples(source), target: samples(target), ...more }).pairs[0]!
}

describe('the layout of an output', () => {
  const table = wave([10, 20], 1)

  it('drops and adds dimensions of one', () => {
    expect(onlyPair(wave([1, 10], 1), reshaped(wave([1, 10], 1), [10])).differences).toEqual([])
    expect(onlyPair(table, reshaped(table, [1, 1, 10, 20, 1]))).toMatchObject({ layout: { order: [0, 1] }, differences: [] })
  })
  it('is another where a matrix is transposed, whether the shape shows it or not', () => {
    const other = transposed(table, [20, 10], [10, 20], [1, 0])
    expect(onlyPair(table, other)).toMatchObject({
      layout: { dims: [10, 20], order: [1, 0] },
      differences: [{ kind: 'axes', order: [1, 0], source: [10, 20], target: [20, 10], samples: [0] }],
    })
    const square = wave([6, 6], 2)
    expect(onlyPair(square, square).differences).toEqual([])
    expect(onlyPair(square, noisy(square, 0.02)).differences).toEqual([])
    const turned = noisy(transposed(square, [6, 6], [6, 6], [1, 0]), 0.02)
    expect(onlyPair(square, turned)).toMatchObject({ layout: { order: [1, 0] }, differences: [{ kind: 'axes', order: [1, 0] }] })
  })
  it('is no other axes where numbers are just wrong or say nothing', () => {
    expect(onlyPair(wave([6, 6], 2), wave([6, 6], 3)).differences).toEqual([])
    const mask = float32([2, 2], [0, 1, 0, 0])
    expect(onlyPair(mask, float32([2, 2], [0, 0, 1, 0])).differences).toEqual([])
  })
  it('is another shape where the elements lie the same but are counted otherwise', () => {
    expect(onlyPair(table, reshaped(table, [20, 10]))).toMatchObject({
      layout: { order: [0, 1] },
      differences: [{ kind: 'shape', source: [10, 20], target: [20, 10] }],
    })
    expect(onlyPair(table, reshaped(table, [5, 40])).differences).toMatchObject([{ kind: 'shape' }])
    expect(onlyPair(table, wave([20, 10], 8)).differences).toMatchObject([{ kind: 'shape' }])
  })

  const image = wave([1, 4, 5, 3], 3)
  const planar = transposed(image, [1, 3, 4, 5], [4, 5, 3], [2, 0, 1])

  it('has the channels of an image first', () => {
    expect(onlyPair(image, planar, { features: { out: { kind: 'image' } } })).toMatchObject({
      layout: { order: [2, 0, 1] },
      differences: [],
    })
    const mixed = transposed(image, [1, 3, 5, 4], [4, 5, 3], [2, 1, 0])
    expect(onlyPair(image, mixed, { features: { out: { kind: 'image' } } }).differences).toMatchObject([{ kind: 'axes', order: [2, 1, 0] }])
  })

  const chain = (last: string): Model =>
    sketchModel(
      { x: { dtype: 'float32', shape: [4] } },
      [
        { type: 'conv', inputs: { x: 'x' }, output: 'map' },
        { type: last, inputs: { x: 'map' }, output: 'out', shape: planar.shape },
      ],
      ['out'],
    )
  const preceding = (order: number[]) => [{ source: 'hidden', target: 'map', layout: { dims: [4, 5, 8], order }, equal: true }]

  it('has channels first without a difference where the target does not move them back', () => {
    const kept = onlyPair(image, planar, { models: { target: chain('relu') }, pairs: preceding([2, 0, 1]) })
    expect(kept).toMatchObject({ layout: { order: [2, 0, 1] }, differences: [] })
    const wrong = onlyPair(image, wave([1, 3, 4, 5], 9), { models: { target: chain('relu') }, pairs: preceding([2, 0, 1]) })
    expect(wrong).toMatchObject({ layout: { order: [2, 0, 1] }, differences: [] })
    const last = onlyPair(planar, wave([1, 4, 5, 3], 9), { models: { target: chain('relu') }, pairs: preceding([1, 2, 0]) })
    expect(last).toMatchObject({ layout: { order: [1, 2, 0] }, differences: [] })
    const moved = onlyPair(image, planar, { models: { target: chain('transpose') }, pairs: preceding([0, 1, 2]) })
    expect(moved).toMatchObject({ layout: { order: [2, 0, 1] }, differences: [{ kind: 'axes' }] })
  })
  it('is another shape where channels-first maps are only read as another shape', () => {
    const reread = onlyPair(image, reshaped(image, [1, 3, 4, 5]), { models: { target: chain('relu') }, pairs: preceding([2, 0, 1]) })
    expect(reread).toMatchObject({ layout: { order: [0, 1, 2] }, differences: [{ kind: 'shape' }] })
  })
  it('knows a move of channels by the whole shape', () => {
    expect(channelMove([1, 4, 5, 3], [1, 3, 4, 5])?.order).toEqual([2, 0, 1])
    expect(channelMove([4, 5, 3], [1, 1, 3, 4, 5])?.order).toEqual([2, 0, 1])
    expect(channelMove([2, 3, 4, 5], [2, 4, 5, 3])?.order).toEqual([0, 2, 3, 1])
    expect(channelMove([1, 1, 20, 10], [1, 10, 1, 20])?.order).toEqual([1, 0])
    expect(channelMove([1, 4, 4, 4], [1, 4, 4, 4])).toBeUndefined()
    expect(channelMove([1, 4, 5, 3], [1, 4, 3, 5])).toBeUndefined()
    expect(channelMove([10, 20], [20, 10])).toBeUndefined()
  })
})

describe('the size of an output', () => {
  const rows = (count: number) => wave([count, 2], 1)

  it('has rows where its length depends on the sample', () => {
    expect(onlyPair([rows(3), rows(2)], [rows(3), rows(2)]).differences).toEqual([])
    expect(onlyPair([rows(3), rows(0)], [rows(3), rows(4)]).differences).toEqual([
      { kind: 'rows', axis: 0, source: 0, target: 4, samples: [1] },
    ])
  })
  it('has rows where its length is open, else another shape', () => {
    expect(onlyPair(rows(3), rows(4)).differences).toEqual([{ kind: 'shape', source: [3, 2], target: [4, 2], samples: [0] }])
    expect(onlyPair(rows(3), rows(4), { features: { out: { shape: [null, 2] } } }).differences).toMatchObject([{ kind: 'rows' }])
    expect(onlyPair([rows(3), rows(3)], [rows(3), wave([4, 3], 1)]).differences).toMatchObject([{ kind: 'shape', samples: [1] }])
  })
})

describe('the dtype of an output', () => {
  const of = (dtype: DType, ...data: number[]): Tensor =>
    dtype === 'int64'
      ? tensor('int64', [data.length], BigInt64Array.from(data, BigInt))
      : ({ ...float32([data.length], data), dtype } as Tensor)
  const network = (value: Tensor) => ({ models: { target: heads({ out: value }, NN) } })

  it('keeps its class, whatever its width', () => {
    for (const [from, to] of [
      [of('int64', 1, 2, 3), of('int32', 1, 2, 3)],
      [of('float32', 1, 2, 3), of('float16', 1, 2, 3)],
    ] as const)
      expect(onlyPair(from, to).differences).toEqual([])
    expect(onlyPair(of('float32', 1, 2, 3), of('int32', 1, 2, 3)).differences).toEqual([
      { kind: 'dtype', source: 'float32', target: 'int32', samples: [0] },
    ])
    expect(onlyPair(of('int32', 1, 2, 3), of('float32', 1, 2, 3)).differences).toMatchObject([{ kind: 'dtype' }])
  })
  it('is float in a neural network, which has no integers, while the numbers are whole', () => {
    const [whole, broken] = [of('float32', 1, 2, 3), of('float32', 1, 2, 3.5)]
    expect(onlyPair(of('int64', 1, 2, 3), whole, network(whole)).differences).toEqual([])
    expect(onlyPair([of('int64', 1, 2, 3), of('int64', 1, 2, 3)], [whole, broken], network(whole)).differences).toEqual([
      { kind: 'dtype', source: 'int64', target: 'float32', samples: [1] },
    ])
  })
  it('is a number for a bool, which no array of the target can hold', () => {
    expect(onlyPair(of('bool', 1, 0, 1), of('float32', 1, 0, 1)).differences).toEqual([])
    expect(onlyPair(of('bool', 1, 0, 1), of('int32', 1, 0, 1)).differences).toEqual([])
    expect(onlyPair(of('bool', 1, 0, 1), of('int32', 1, 0, 2)).differences).toMatchObject([{ kind: 'dtype' }])
  })
  it('is float for what a source holds quantized, and is not asked of an image', () => {
    const model = heads({ out: of('int8', 1, 2, 3) })
    model.graph.values.get('out')!.quantization = { scale: Float32Array.of(0.5), zeroPoint: Float64Array.of(0), axis: 0 }
    expect(onlyPair(of('int8', 1, 2, 3), of('float32', 1, 2, 3), { models: { source: model } }).differences).toEqual([])
    const image = { features: { out: { kind: 'image' as const, dtype: 'uint8' as const } } }
    expect(onlyPair(of('float32', 1, 2, 3), of('float32', 1, 2, 3), image).differences).toEqual([])
  })
})
