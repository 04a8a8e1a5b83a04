import { describe, expect, it } from 'vitest'
import { type Tensor, tensor } from '../../kernels/tensor.js'
import type { InputFeature } from '../../src/graph/model.js'
import { type FeedsOptions, type PreprocessingOptions, prepareFeeds, prepareModelFeeds } from '../../src/inputs/feeds.js'
import { imageToTensor } from '../../src/inputs/pixels.js'
import { float32, sketchModel } from '../support/graphs.js'
import { array, chain, image, model, pixels, ramp, refusal, useFolder } from './files.js'

const folder = useFolder()

const float = (name: string, ...shape: (number | null)[]) => array(name, 'float32', shape)

function feeds(source: InputFeature[], target: InputFeature[], options: Omit<FeedsOptions, 'source' | 'target'>) {
  const prepared = prepareFeeds({ source: model('tflite', source), target: model('mlpackage', target), ...options })
  return { ...prepared, all: [...prepared.samples], notes: prepared.notes, preprocessing: prepared.preprocessing }
}

const run = (inputs: InputFeature[], paths: string[], preprocessing?: PreprocessingOptions) => {
  const prepared = prepareModelFeeds({ model: model('tflite', inputs), inputs: paths, preprocessing })
  return { all: [...prepared.samples], notes: prepared.notes }
}

const half = (value: Tensor): number[] => Array.from(value.data as Float32Array)

describe('arrays for both sides', () => {
  it('feeds one file a sample to both, in the dtype and layout of each', () => {
    const paths = [folder.npy('both/0.npy', ramp([1, 2, 2, 3])), folder.npy('both/1.npy', ramp([1, 2, 2, 3], 100))]
    const { all, mapping, notes, count, preprocessing } = feeds([float('x', null, 2, 2, 3)], [array('y', 'float16', [1, 3, 2, 2])], {
      inputs: paths,
    })
    expect(count).toBe(2)
    expect(all.map(({ name }) => name)).toEqual(paths)
    expect(all[0]!.source).toEqual({ x: ramp([1, 2, 2, 3]) })
    expect(all[0]!.target).toEqual({ y: tensor('float16', [1, 3, 2, 2], Float32Array.of(0, 3, 6, 9, 1, 4, 7, 10, 2, 5, 8, 11)) })
    expect(mapping).toEqual([{ source: 'x', target: 'y', by: 'shape' }])
    expect(notes).toEqual([`'y' is fed with the axes of [1, 2, 2, 3] in the order 0, 3, 1, 2, as [1, 3, 2, 2] (${paths[0]} and 1 more)`])
    expect(preprocessing).toEqual({ inferred: false })
  })

  it('are told of where they are not finite, once for both sides', () => {
    const bad = folder.npy('bad.npy', { dtype: 'float32', shape: [4], data: Float32Array.of(1, Number.NaN, Infinity, -Infinity) })
    const fine = folder.npy('fine.npy', { dtype: 'float32', shape: [4], data: Float32Array.of(1, 2, 3, 3.4e38) })
    const note = `the input 'x' is given 1 NaN and 2 infinite of 4 numbers (${bad})`
    expect(feeds([float('x', 4)], [float('y', 4)], { inputs: [fine, bad] }).notes).toEqual([note])
    expect(run([float('x', 4)], [fine, bad]).notes).toEqual([note])
    expect(run([float('x', 4)], [fine]).notes).toEqual([])
    const own = feeds([float('x', 4)], [float('y', 4)], { inputs: [fine], targetInputs: [bad] })
    expect(own.notes).toEqual([note.replace("'x'", "'y'")])
  })

  it('hold codes for a side that takes codes, and the real numbers that they stand for on the other', () => {
    const quantization = { scale: Float32Array.of(0.5), zeroPoint: Float64Array.of(-4), axis: 0 }
    const coded = { ...array('x', 'int8', [2]), quantization }
    const codes = folder.npy('codes.npy', { dtype: 'int8', shape: [2], data: Int8Array.of(-4, 6) })
    const real = folder.npy('real.npy', { dtype: 'float32', shape: [2], data: Float32Array.of(0, 5) })
    for (const path of [codes, real]) {
      const [pair] = feeds([coded], [float('x', 2)], { inputs: [path] }).all
      expect(Array.from(pair!.source['x']!.data as Int8Array)).toEqual([-4, 6])
      expect(Array.from(pair!.target['x']!.data as Float32Array)).toEqual([0, 5])
    }
    const plain = folder.npy('plain.npy', { dtype: 'int8', shape: [2], data: Int8Array.of(-4, 6) })
    const [pair] = feeds([array('x', 'int8', [2])], [float('x', 2)], { inputs: [plain] }).all
    expect(Array.from(pair!.target['x']!.data as Float32Array)).toEqual([-4, 6])
  })

  it('are cut into a million samples at most', () => {
    const many = folder.npy('many.npy', tensor('uint8', [1_000_001, 1]))
    expect(refusal(() => feeds([array('x', 'uint8', [1, 1])], [array('y', 'uint8', [1, 1])], { inputs: [many] }))).toMatchObject({
      code: 'INPUT_SHAPE',
      what: expect.stringContaining('is 1000001 samples for'),
      remedy: 'Give fewer samples, or split the array over several files',
    })
  })

  it('stand in the order of their names, however they are given', () => {
    const paths = ['s10.npy', 's2.npy', 's1.npy'].map((file, i) => folder.npy(file, ramp([1, 2], 10 * i)))
    const own = ['t0.npy', 't1.npy', 't2.npy'].map((file, i) => folder.npy(file, ramp([1, 2], 100 * i)))
    const given = feeds([float('x', 1, 2)], [float('x', 1, 2)], { inputs: paths, targetInputs: own })
    expect(given.names.map((name) => name.split('/').at(-1))).toEqual(['s1.npy', 's2.npy', 's10.npy'])
    expect(given.all.map(({ target }) => target['x']!.data[0])).toEqual([200, 100, 0])
  })

  it('cuts an array whose first dimension is a multiple of the batch', () => {
    const path = folder.npy('cut.npy', ramp([6, 2]))
    const single = feeds([float('x', null, 2)], [float('x', 1, 2)], { inputs: [path] })
    expect(single.all.map(({ name }) => name)).toEqual([0, 1, 2, 3, 4, 5].map((i) => `${path}#${i}`))
    expect(single.all[5]!.target['x']).toEqual(ramp([1, 2], 10))
    const pairs = feeds([float('x', 2, 2)], [float('x', 2, 2)], { inputs: [path] })
    expect(pairs.all.map(({ source }) => source['x'])).toEqual([ramp([2, 2]), ramp([2, 2], 4), ramp([2, 2], 8)])
    const open = feeds([float('x', null, 2)], [float('x', null, 2)], { inputs: [path] })
    expect(open.all.map(({ source }) => source['x'])).toEqual([ramp([6, 2])])
    expect(feeds([float('x', 2)], [float('x', 2)], { inputs: [path] }).count).toBe(6)
  })

  it('cuts the arrays of an archive alike, or says that it cannot', () => {
    const inputs = [float('a', 1, 2), array('b', 'int32', [1])]
    const { all } = feeds(inputs, inputs, {
      inputs: [folder.npz('cut.npz', { b: tensor('int64', [2], BigInt64Array.of(7n, 8n)), a: ramp([2, 2]) })],
    })
    expect(all[1]!.source).toEqual({ a: ramp([1, 2], 2), b: tensor('int32', [1], Int32Array.of(8)) })
    const uneven = folder.npz('uneven.npz', { a: ramp([2, 2]), b: tensor('int32', [3]) })
    const error = refusal(() => feeds(inputs, inputs, { inputs: [uneven] }))
    expect(error.code).toBe('INPUT_SHAPE')
    expect(error.message).toContain("'a' float32 [2, 2] 2, 'b' int32 [3] 3")
  })

  it('finds the inputs of a sample in a subfolder, in JSON, and by shape', () => {
    const inputs = [float('serving_default_a:0', 1, 2), float('b', 1, 3)]
    folder.npy('sub/0/b.npy', ramp([1, 3]))
    folder.npy('sub/0/a.npy', ramp([1, 2]))
    folder.write('sub/1.json', '{"b": [[0, 1, 2]], "a": [[0, 1]]}')
    folder.npz('sub/2.npz', { other: ramp([1, 3]), name: ramp([1, 2]) })
    for (const { source } of feeds(inputs, inputs, { inputs: [folder.path('sub')] }).all) {
      expect(source).toEqual({ 'serving_default_a:0': ramp([1, 2]), b: ramp([1, 3]) })
    }
  })

  it('feeds an input of the target alone from an array of its name', () => {
    const path = folder.npz('mask.npz', { x: ramp([1, 2]), mask: ramp([1, 2], 5) })
    const { all, mapping } = feeds([float('x', 1, 2)], [float('x', 1, 2), float('mask', 1, 2)], { inputs: [path] })
    expect(all[0]!.source).toEqual({ x: ramp([1, 2]) })
    expect(all[0]!.target).toEqual({ x: ramp([1, 2]), mask: ramp([1, 2], 5) })
    expect(mapping).toHaveLength(1)
  })

  it('leaves optional inputs empty where a sample has nothing for them', () => {
    const target = [float('x', 1, 2), array('h', 'float32', [1, 2], { optional: true })]
    expect(Object.keys(feeds([float('x', 1, 2)], target, { inputs: [folder.npy('x.npy', ramp([1, 2]))] }).all[0]!.target)).toEqual(['x'])
  })

  it('notes an input of the source that the target has not', () => {
    const path = folder.npz('alone.npz', { x: ramp([1, 2]), training: tensor('bool', []) })
    const { notes, mapping } = feeds([float('x', 1, 2), array('training', 'bool', [])], [float('x', 1, 2)], { inputs: [path] })
    expect(mapping).toHaveLength(1)
    expect(notes).toEqual(["the source's input 'training' has no partner in the target"])
  })

  it('loads a sample anew each time it is asked for', () => {
    const { load } = feeds([float('x', 1, 2)], [float('x', 1, 2)], { inputs: [folder.npy('anew.npy', ramp([1, 2]))] })
    load(0).source['x']!.data[0] = 99
    expect(load(0).source['x']).toEqual(ramp([1, 2]))
  })
})

describe("the target's own samples", () => {
  it('are used in the same order; what they leave out comes from those of both sides', () => {
    const inputs = [
      folder.npz('own/s0.npz', { x: ramp([1, 2]), y: ramp([1, 3]) }),
      folder.npz('own/s1.npz', { x: ramp([1, 2], 2), y: ramp([1, 3], 3) }),
    ]
    const targetInputs = [
      folder.npz('own/t0.npz', { x: ramp([2], 50), mask: ramp([4]) }),
      folder.npz('own/t1.npz', { x: ramp([2], 60), mask: ramp([4], 4) }),
    ]
    const target = [float('x', 2), float('y', 1, 3), float('mask', 4)]
    const { all } = feeds([float('x', 1, 2), float('y', 1, 3)], target, { inputs, targetInputs })
    expect(all[1]).toEqual({
      name: inputs[1],
      source: { x: ramp([1, 2], 2), y: ramp([1, 3], 3) },
      target: { x: ramp([2], 60), y: ramp([1, 3], 3), mask: ramp([4], 4) },
    })
  })
  it('must be as many', () => {
    const [a, b] = [folder.npy('n/a.npy', ramp([1, 2])), folder.npy('n/b.npy', ramp([1, 2]))]
    const error = refusal(() => feeds([float('x', 1, 2)], [float('x', 1, 2)], { inputs: [a, b], targetInputs: [a] }))
    expect(error.code).toBe('INPUT_COUNT')
    expect(error.message).toContain("the inputs hold 2 samples, the target's own 1")
  })
  it('need not have the size of the source', () => {
    const { all } = feeds([float('x', 1, null, null, 3)], [float('x', 3, 4, 4)], {
      inputs: [folder.npy('own/large.npy', ramp([1, 6, 6, 3]))],
      targetInputs: [folder.npy('own/small.npy', ramp([3, 4, 4]))],
    })
    expect([all[0]!.source['x']!.shape, all[0]!.target['x']!.shape]).toEqual([
      [1, 6, 6, 3],
      [3, 4, 4],
    ])
  })
  it('may be pictures where the source takes arrays', () => {
    const picture = pixels(4, 5)
    const { all, preprocessing } = feeds([float('x', 1, 4, 5, 3)], [image('photo', 'RGB', 4, 5)], {
      inputs: [folder.npy('own/x.npy', ramp([1, 4, 5, 3]))],
      targetInputs: [folder.png('own/x.png', picture)],
    })
    expect(all[0]!.source['x']).toEqual(ramp([1, 4, 5, 3]))
    expect(all[0]!.target['photo']).toEqual(picture)
    expect(preprocessing).toEqual({ inferred: false })
  })
})

describe('pictures', () => {
  const declared = { scale: 1 / 127.5, bias: [-1, -0.9, -1.1] }
  const photo = image('photo', 'BGR', 4, 5, declared)
  const picture = pixels(4, 5)
  /** [1, 3, H, W] in the order of the picture input. */
  const values = imageToTensor(picture, { color: 'BGR', preprocessing: declared })

  it("go to the source's array through the target's declared preprocessing", () => {
    const { all, preprocessing } = feeds([float('x', null, 3, 4, 5)], [photo], { inputs: [folder.png('photo.png', picture)] })
    expect(all[0]!.source['x']).toEqual(values)
    expect(all[0]!.target['photo']).toEqual(picture)
    expect(preprocessing).toEqual({ ...declared, order: 'BGR', layout: 'NCHW', inferred: true })
  })

  it('go through ops of the target too', () => {
    const plain = image('photo', 'RGB', 4, 5)
    const graph = chain('photo', [
      { type: 'mul', constant: tensor('float32', [], Float32Array.of(0.5)) },
      { type: 'add', constant: tensor('float32', [1, 3, 1, 1], Float32Array.of(-1, -2, -3)) },
    ])
    const prepared = prepareFeeds({
      source: model('tflite', [float('x', 1, 4, 5, 3)]),
      target: model('mlpackage', [plain], graph),
      inputs: [folder.png('ops.png', picture)],
    })
    expect(prepared.load(0).source['x']!.data[2]).toBe(picture.data[2]! * 0.5 - 3)
    expect(prepared.preprocessing).toEqual({ scale: 0.5, bias: [-1, -2, -3], order: 'RGB', layout: 'NHWC', inferred: true })
  })

  it('go through what is given, in the order of the channels that is given', () => {
    const { all, preprocessing } = feeds([float('x', 1, 4, 5, 3)], [photo], {
      inputs: [folder.png('given.png', picture)],
      preprocessing: { scale: 2, bias: [1, 2, 3], order: 'BGR' },
    })
    expect(half(all[0]!.source['x']!).slice(0, 3)).toEqual([picture.data[2]! * 2 + 1, picture.data[1]! * 2 + 2, picture.data[0]! * 2 + 3])
    expect(preprocessing).toEqual({ scale: 2, bias: [1, 2, 3], order: 'BGR', layout: 'NHWC', inferred: false })
  })

  it('are what an array is turned back into', () => {
    const { all, preprocessing, notes } = feeds([float('x', 1, 3, 4, 5)], [photo], { inputs: [folder.npy('back.npy', values)] })
    expect(all[0]!.source['x']).toEqual(values)
    expect(all[0]!.target['photo']).toEqual(picture)
    expect(preprocessing.inferred).toBe(true)
    expect(notes).toEqual([])
  })

  it('are turned back through what is given, where the description says otherwise', () => {
    const given = imageToTensor(picture, { color: 'BGR', preprocessing: { scale: 0.5, bias: [-3] } })
    const { all } = feeds([float('x', 1, 3, 4, 5)], [photo], {
      inputs: [folder.npy('flags.npy', given)],
      preprocessing: { scale: 0.5, bias: [-3] },
    })
    expect(all[0]!.target['photo']).toEqual(picture)
  })

  it('are noted where an array is not whole pixels', () => {
    const path = folder.npy('fraction.npy', tensor('float32', [1, 3, 4, 5]))
    const { notes } = feeds([float('x', 1, 3, 4, 5)], [photo], { inputs: [path] })
    expect(notes).toEqual([
      `arrays for the picture 'photo' are not whole pixels from 0 to 255 under its preprocessing; they are rounded and clipped (${path})`,
    ])
  })

  it('may be arrays of bytes, which go through the preprocessing as well', () => {
    const { all } = feeds([float('x', 1, 3, 4, 5)], [photo], { inputs: [folder.npy('bytes.npy', { ...picture, shape: [1, 4, 5, 3] })] })
    expect(all[0]!.source['x']).toEqual(values)
    expect(all[0]!.target['photo']).toEqual(picture)
  })

  it('are resized and turned gray with a note', () => {
    const path = folder.png('big.png', tensor('uint8', [2, 4, 3], new Uint8Array(24).fill(100)))
    const { all, notes } = feeds([float('x', 1, 2, 2, 1)], [image('ink', 'GRAY', 2, 2, { scale: 0.5, bias: [0] })], { inputs: [path] })
    expect(all[0]!.target['ink']).toEqual(tensor('uint8', [2, 2], new Uint8Array(4).fill(100)))
    expect(half(all[0]!.source['x']!)).toEqual([50, 50, 50, 50])
    expect(notes).toEqual([
      `for 'x' colours become gray by ITU-R 601 (${path})`,
      `for 'x' pictures are resized from 4 x 2 to 2 x 2 (bilinear, half pixel centres) (${path})`,
      `for 'ink' colours become gray by ITU-R 601 (${path})`,
      `for 'ink' pictures are resized from 4 x 2 to 2 x 2 (bilinear, half pixel centres) (${path})`,
    ])
  })

  it.each([
    [20000, 20000],
    [1, 100000],
    [2 ** 40, 2 ** 40],
  ])('are not made to fit an input of %i x %i', (height, width) => {
    const path = folder.png('small.png', tensor('uint8', [2, 4, 3], new Uint8Array(24)))
    expect(refusal(() => run([image('photo', 'RGB', height, width)], [path]))).toMatchObject({
      code: 'INPUT_SHAPE',
      what: expect.stringContaining(`takes a picture of ${width} x ${height}; pictures are made to fit up to`),
    })
    expect(run([image('photo', 'RGB', 1, 1000)], [path]).all).toHaveLength(1)
  })

  it('keep their size where the input is flexible', () => {
    const flexible = image('photo', 'RGB', 8, 8)
    flexible.image!.flexibility = {
      kind: 'range',
      ranges: [
        { min: 1, max: 16 },
        { min: 1, max: null },
      ],
    }
    const { all, notes } = feeds([float('x', null, null, null, 3)], [flexible], { inputs: [folder.png('flexible.png', picture)] })
    expect(all[0]!.target['photo']).toEqual(picture)
    expect(all[0]!.source['x']!.shape).toEqual([1, 4, 5, 3])
    expect(notes).toEqual([])
  })

  it('take the size that the other side insists on', () => {
    const flexible = image('photo', 'RGB', 8, 8)
    flexible.image!.flexibility = {
      kind: 'range',
      ranges: [
        { min: 1, max: 16 },
        { min: 1, max: null },
      ],
    }
    const { all } = feeds([float('x', 1, 2, 3, 3)], [flexible], { inputs: [folder.png('insist.png', picture)] })
    expect(all[0]!.target['photo']!.shape).toEqual([2, 3, 3])
    expect(all[0]!.source['x']!.data).toEqual(Float32Array.from(all[0]!.target['photo']!.data as Uint8Array))
  })

  it('go as bytes to a uint8 input and quantized to an int8 one', () => {
    const path = folder.png('run.png', pixels(2, 2))
    expect(run([array('x', 'uint8', [1, 2, 2, 3])], [path]).all[0]!.feeds['x']).toEqual({ ...pixels(2, 2), shape: [1, 2, 2, 3] })
    const quantization = { scale: Float32Array.of(1 / 255), zeroPoint: Float64Array.of(-128), axis: 0 }
    const quantized = model('tflite', [{ ...array('x', 'int8', [1, 2, 2, 3]), quantization }])
    const fed = prepareModelFeeds({ model: quantized, inputs: [path], preprocessing: { scale: 1 / 255 } }).load(0).feeds['x']!
    expect(Array.from(fed.data as Int8Array)).toEqual(Array.from(pixels(2, 2).data, (pixel) => pixel - 128))
  })

  it('need a preprocessing that somebody says', () => {
    const error = refusal(() => run([float('x', 1, 2, 2, 3)], [folder.png('unknown.png', pixels(2, 2))]))
    expect(error.code).toBe('INPUT_PREPROCESSING')
    expect(error.message).toContain('--scale and --bias')
    expect(run([float('x', 1, 2, 2, 3)], [folder.path('unknown.png')], { scale: 1 }).all[0]!.feeds['x']!.data).toEqual(
      Float32Array.from(pixels(2, 2).data),
    )
  })

  it('serve two models that take pictures', () => {
    const { all } = feeds([image('a', 'RGB', 4, 5)], [image('a', 'BGR', 4, 5)], { inputs: [folder.png('two.png', picture)] })
    expect(all[0]).toMatchObject({ source: { a: picture }, target: { a: picture } })
  })

  it('subtract the mean image that the target declares', () => {
    const mean = tensor('float32', [3, 1, 1], Float32Array.of(1, 2, 3))
    const { all, notes } = feeds([float('x', 1, 1, 1, 3)], [image('photo', 'RGB', 1, 1, { scale: 2, bias: [0], mean })], {
      inputs: [folder.png('mean.png', tensor('uint8', [1, 1, 3], Uint8Array.of(10, 20, 30)))],
    })
    expect(half(all[0]!.source['x']!)).toEqual([18, 36, 54])
    expect(notes).toEqual(["for 'x' the mean image is subtracted from the pixels before scale and bias"])
  })

  it('go as bytes in the order that is given', () => {
    const path = folder.png('order.png', tensor('uint8', [1, 1, 3], Uint8Array.of(1, 2, 3)))
    expect(run([array('x', 'uint8', [1, 1, 1, 3])], [path], { order: 'BGR' }).all[0]!.feeds['x']!.data).toEqual(Uint8Array.of(3, 2, 1))
  })

  it('refuse a layout that the shape contradicts', () => {
    const options = { inputs: [folder.png('layout.png', picture)], preprocessing: { layout: 'NCHW' } as const }
    expect(refusal(() => feeds([float('x', 1, 4, 5, 3)], [photo], options)).message).toContain('the layout NCHW is given')
  })

  it.each<[PreprocessingOptions]>([[{ scale: 0 }], [{ scale: Number.NaN }], [{ bias: [1, 2] }]])(
    'refuse a preprocessing of %j',
    (preprocessing) => {
      expect(
        refusal(() => feeds([float('x', 1, 3, 4, 5)], [photo], { inputs: [folder.png('bad.png', picture)], preprocessing })).code,
      ).toBe('USAGE_PREPROCESSING')
    },
  )
})

describe('random samples', () => {
  it('are the same for a seed, whichever is loaded first', () => {
    const options = { random: { count: 3, seed: 5 } }
    const sides = [float('x', null, 4), array('ids', 'int64', [1, 6])]
    const first = feeds(sides, [float('x', 1, 4), array('ids', 'int32', [1, 6])], options)
    const again = feeds(sides, [float('x', 1, 4), array('ids', 'int32', [1, 6])], options)
    expect(again.load(2)).toEqual(first.all[2])
    expect(first.count).toBe(3)
    expect(first.all[0]!.source['x']!.shape).toEqual([1, 4])
    expect(first.all[0]!.source['x']).not.toEqual(first.all[1]!.source['x'])
    expect(Array.from(first.all[0]!.source['ids']!.data, Number)).toEqual(Array.from(first.all[0]!.target['ids']!.data, Number))
  })
  it('are pixels where a side takes pictures', () => {
    const { all } = feeds([float('x', 1, 4, 5, 3)], [image('photo', 'RGB', 4, 5, { scale: 0.5, bias: [1] })], {
      random: { count: 1, seed: 0 },
    })
    const { data } = all[0]!.target['photo'] as Tensor<'uint8'>
    expect(half(all[0]!.source['x']!)).toEqual(Array.from(data, (pixel) => pixel * 0.5 + 1))
  })
  it('say which size they have where that is open, and which not where it is fixed', () => {
    const random = { count: 2, seed: 0 }
    const note = (name: string, shape: string) =>
      expect.stringMatching(`random arrays for '${name}' .* have the shape ${shape}: give others with --inputs`)
    const notesOf = (input: InputFeature) => prepareModelFeeds({ model: model('tflite', [input]), random }).notes
    expect(notesOf(float('x', null, 4))).toEqual([note('x', '\\[1, 4\\]')])
    expect(notesOf(float('x', 1, null))).toEqual([note('x', '\\[1, 1\\]')])
    expect(notesOf(float('x', 1, 4))).toEqual([])
    const range = {
      flexibility: {
        kind: 'range' as const,
        ranges: [
          { min: 2, max: null },
          { min: 4, max: 4 },
        ],
      },
    }
    expect(notesOf(array('x', 'float32', [2, 4], range))).toEqual([note('x', '\\[2, 4\\]')])
    expect(feeds([float('x', null, 4)], [float('x', 1, 4)], { random }).notes).toEqual([])
    const photo = image('photo', 'RGB', 4, 5)
    const flexible = {
      ...photo,
      image: {
        ...photo.image!,
        flexibility: {
          kind: 'enumerated' as const,
          shapes: [
            [4, 5],
            [8, 8],
          ],
        },
      },
    }
    expect(notesOf(flexible)).toEqual(["random pictures for 'photo' have its default size, 5 x 4"])
    expect(notesOf(photo)).toEqual([])
  })
  it('are as large as the windows of the graph take, where a size is open', () => {
    const random = { count: 1, seed: 0 }
    const { graph } = sketchModel(
      { x: { dtype: 'float32', shape: [1, 1, 1] } },
      [
        {
          type: 'conv',
          inputs: { x: 'x', weight: float32([1, 1, 5], [1, 1, 1, 1, 1]), pad_type: tensor('string', [], ['valid']) },
          output: 'y',
        },
      ],
      ['y'],
    )
    const shapeOf = (input: InputFeature) => {
      const prepared = prepareModelFeeds({ model: { ...model('mlpackage', [input]), graph }, random })
      return prepared.load(0).feeds['x']!.shape
    }
    const ranges = (most: number | null) => [
      { min: 1, max: 8 },
      { min: 1, max: 1 },
      { min: 1, max: most },
    ]
    const flexible = (flexibility: InputFeature['flexibility'], shape = [1, 1, 1]) =>
      array('x', 'float32', shape, { flexibility: flexibility! })
    expect(shapeOf(float('x', null, 1, null))).toEqual([1, 1, 5])
    expect(shapeOf(float('x', null))).toEqual([5])
    expect(shapeOf(flexible({ kind: 'range', ranges: ranges(null) }))).toEqual([1, 1, 5])
    expect(shapeOf(flexible({ kind: 'range', ranges: ranges(3) }))).toEqual([1, 1, 3])
    expect(shapeOf(flexible({ kind: 'range', ranges: ranges(64) }, [1, 1, 32]))).toEqual([1, 1, 32])
    expect(
      shapeOf(
        flexible({
          kind: 'enumerated',
          shapes: [
            [1, 1, 1],
            [1, 1, 4],
            [1, 1, 9],
          ],
        }),
      ),
    ).toEqual([1, 1, 9])
    const target = { ...model('mlpackage', [flexible({ kind: 'range', ranges: ranges(null) })]), graph }
    const both = prepareFeeds({ source: model('tflite', [float('x', null, 1, null)]), target, random }).load(0)
    expect([both.source['x']!.shape, both.target['x']!.shape]).toEqual([
      [1, 1, 5],
      [1, 1, 5],
    ])
    expect(shapeOf(float('x', 1, 1, 2))).toEqual([1, 1, 2])
  })
  it('need a size, a partner, and a number of samples', () => {
    const random = { count: 1, seed: 0 }
    expect(refusal(() => feeds([float('x', 1, null)], [float('x', 1, null)], { random })).code).toBe('INPUT_SHAPE')
    expect(refusal(() => feeds([float('x', 1, 2)], [float('x', 1, 2), float('mask', 1)], { random })).code).toBe('INPUT_UNMATCHED')
    expect(refusal(() => feeds([float('x', 1, 2)], [float('x', 1, 2)], { random: { count: 0, seed: 0 } })).code).toBe('USAGE_RANDOM')
    expect(refusal(() => feeds([float('x', 1, 2 ** 30)], [float('x', 1, 2 ** 30)], { random })).code).toBe('INPUT_SHAPE')
  })
})

describe('inputs that are paired by a map', () => {
  const x = () => folder.npz('mapped.npz', { a: ramp([2]), b: ramp([3]) })
  const sides = [
    [float('a', 2), float('b', 3)],
    [float('c', 3), float('d', 2)],
  ] as const
  it('are refused where no array fits both, and not where the target has its own', () => {
    const options = {
      inputs: [x()],
      map: [
        ['a', 'c'],
        ['b', 'd'],
      ] as const,
    }
    const error = refusal(() => feeds([...sides[0]], [...sides[1]], options))
    expect([error.code, error.what]).toEqual(['USAGE_MAP', expect.stringMatching(/'a' float32 \[2\] and 'c' float32 \[3\]/)])
    const own = folder.npz('own.npz', { c: ramp([3]), d: ramp([2]) })
    expect(feeds([...sides[0]], [...sides[1]], { ...options, targetInputs: [own] }).count).toBe(1)
    expect(feeds([...sides[0]], [...sides[1]], { inputs: [x()], map: [['a', 'd']] }).count).toBe(1)
  })
  it('are not advised again for those that are left', () => {
    const three = (names: string) => [...names].map((name) => float(name, 2)).concat(float('p', 1, 5))
    const left = refusal(() =>
      feeds(three('abx'), [float('c', 2), float('d', 9), float('e', 8), float('p', 1, 5)], { inputs: [x()], map: [['a', 'c']] }),
    )
    expect([left.code, left.what]).toEqual(['INPUT_UNMATCHED', expect.not.stringContaining("'a'")])
    expect(left.remedy).not.toContain('--map')
    const none = refusal(() => feeds([float('a', 2)], [float('d', 9)], { inputs: [x()] }))
    expect([none.what, none.remedy]).toEqual([expect.stringContaining("'a'"), expect.stringContaining('--map')])
  })
})

describe('what does not serve', () => {
  const x = () => folder.npy('wrong/x.npy', ramp([1, 3]))
  it.each<[string, InputFeature[], () => Record<string, Tensor> | string, string, RegExp]>([
    ['a wrong shape', [float('x', 1, 2, 2)], x, 'INPUT_SHAPE', /the input 'x' float32 \[1, 2, 2\] cannot be fed with float32 \[1, 3\]/],
    [
      'a wrong shape under the right name',
      [float('a', 1, 2), float('b', 1, 3)],
      () => ({ a: ramp([1, 4]), b: ramp([1, 3]) }),
      'INPUT_SHAPE',
      /'a' float32 \[1, 2\] cannot be fed with 'a' float32 \[1, 4\]/,
    ],
    [
      'a missing array',
      [float('a', 1, 2), float('b', 1, 3)],
      x,
      'INPUT_MISSING',
      /lacks 'a' float32 \[1, 2\]: expected 'a' .*, 'b' .*; found float32 \[1, 3\]/,
    ],
    [
      'an array too many',
      [float('a', 1, 2)],
      () => ({ a: ramp([1, 2]), labels: ramp([9]) }),
      'INPUT_UNKNOWN',
      /no input takes 'labels' float32 \[9\]/,
    ],
    [
      'arrays that could be each other',
      [float('a', 1, 2), float('b', 1, 2)],
      () => ({ p: ramp([1, 2]), q: ramp([7]) }),
      'INPUT_UNMATCHED',
      /not uniquely by shape/,
    ],
    [
      'fractions for an integer',
      [array('x', 'int32', [1, 1])],
      () => ({ x: tensor('float32', [1, 1], Float32Array.of(0.5)) }),
      'INPUT_DTYPE',
      /whole numbers/,
    ],
    ['numbers for words', [array('x', 'string', [1, 3])], x, 'INPUT_SHAPE', /cannot be fed with float32/],
  ])('%s', (name, inputs, sample, code, message) => {
    const given = sample()
    const path = typeof given === 'string' ? given : folder.npz(`wrong/${name}.npz`, given)
    const error = refusal(() => feeds(inputs, inputs, { inputs: [path] }))
    expect(error.code).toBe(code)
    expect(error.message).toMatch(message)
    expect(error.message).toContain('wrong/')
  })

  it('a picture for an input that takes none', () => {
    const error = refusal(() => run([float('x', 1, 10)], [folder.png('none.png', pixels(2, 2))]))
    expect(error.message).toContain("the input 'x' float32 [1, 10] cannot be fed with a picture")
  })
  it('raw bytes of another size', () => {
    const error = refusal(() => run([float('x', 1, 2)], [folder.write('raw.bin', new Uint8Array(7))]))
    expect(error.code).toBe('INPUT_SHAPE')
    expect(error.message).toContain('7 raw bytes: it takes 8 bytes')
  })
  it('models whose inputs do not match', () => {
    const error = refusal(() => feeds([float('a', 1, 2), float('b', 1, 2)], [float('x', 1, 2)], { inputs: [x()] }))
    expect(error.code).toBe('INPUT_UNMATCHED')
    expect(error.message).toContain("the source takes 'a' float32 [1, 2], 'b' float32 [1, 2]; the target takes 'x' float32 [1, 2]")
    expect(error.message).toContain('--map SOURCE=TARGET')
  })
  it('no samples, or samples of two kinds', () => {
    expect(refusal(() => feeds([float('x', 1)], [float('x', 1)], {})).code).toBe('USAGE_INPUTS')
    expect(refusal(() => feeds([float('x', 1)], [float('x', 1)], { inputs: [x()], random: { count: 1, seed: 0 } })).code).toBe(
      'USAGE_INPUTS',
    )
  })
})

describe('raw bytes', () => {
  it('are the elements of the input that has as many', () => {
    const path = folder.write('good.bin', new Uint8Array(Float32Array.of(1, 2).buffer))
    expect(run([float('x', null, 2)], [path]).all[0]!.feeds['x']).toEqual(tensor('float32', [1, 2], Float32Array.of(1, 2)))
  })
  it('are pixels for a picture', () => {
    const path = folder.write('pixels.raw', pixels(4, 5).data)
    const { all } = feeds([float('x', 1, 4, 5, 3)], [image('photo', 'RGB', 4, 5, { scale: 1, bias: [0] })], { inputs: [path] })
    expect(all[0]!.target['photo']).toEqual(pixels(4, 5))
    expect(all[0]!.source['x']!.data).toEqual(Float32Array.from(pixels(4, 5).data))
  })
})
