/** What is said of the source's preprocessing, by whom, and what is taken from the target. */
import { describe, expect, it } from 'vitest'
import { tensor } from '../../kernels/tensor.js'
import type { InputFeature } from '../../src/graph/model.js'
import { type FeedsOptions, prepareFeeds } from '../../src/inputs/feeds.js'
import { array, chain, image, model, pixels, ramp, useFolder } from './files.js'

const folder = useFolder()
const float = (name: string, ...shape: (number | null)[]) => array(name, 'float32', shape)

function feeds(source: InputFeature[], target: InputFeature[], options: Omit<FeedsOptions, 'source' | 'target'>) {
  const prepared = prepareFeeds({ source: model('tflite', source), target: model('mlpackage', target), ...options })
  return { ...prepared, notes: prepared.notes, preprocessing: prepared.preprocessing, inferred: prepared.inferred }
}

const declared = { scale: 1 / 127.5, bias: [-1, -0.9, -1.1] }
const photo = image('photo', 'BGR', 4, 5, declared)
const x = float('x', 1, 4, 5, 3)
const png = () => folder.png('photo.png', pixels(4, 5))
const normalization = { scale: 0.5, bias: [-2], order: 'RGB' as const }

describe('preprocessing taken from the target', () => {
  it('is told with its numbers and the inputs that it is between', () => {
    expect(feeds([x], [photo], { inputs: [png()] }).inferred).toEqual([
      {
        input: 'photo',
        source: 'x',
        scaling: { ...declared, hasMeanImage: false },
        order: 'BGR',
        biasOrder: 'BGR',
        isFloat: true,
        scalesItself: false,
      },
    ])
  })

  it('is told where an array became a picture', () => {
    const { inferred } = feeds([x], [photo], { inputs: [folder.npy('array.npy', ramp([1, 4, 5, 3]))] })
    expect(inferred.map(({ input }) => input)).toEqual(['photo'])
  })

  it('is told for each image input, and not where the metadata of its partner says it', () => {
    const sides = [{ ...float('a', 1, 4, 5, 3), normalization }, float('b', 1, 4, 5, 3), float('c', 1, 2, 2, 1)]
    const target = [image('a', 'RGB', 4, 5, declared), image('b', 'RGB', 4, 5, declared), image('c', 'GRAY', 2, 2, { scale: 1, bias: [0] })]
    folder.png('three/0/a.png', pixels(4, 5))
    folder.png('three/0/b.png', pixels(4, 5))
    folder.png('three/0/c.png', pixels(2, 2, 1))
    const prepared = feeds(sides, target, { inputs: [folder.path('three')] })
    expect(prepared.inferred.map(({ input, source, order }) => [input, source, order])).toEqual([
      ['b', 'b', 'RGB'],
      ['c', 'c', null],
    ])
    const { source } = prepared.load(0)
    expect(source['a']!.data[1]).toBe(pixels(4, 5).data[1]! * 0.5 - 2)
    expect(source['b']!.data[0]).toBeCloseTo(pixels(4, 5).data[0]! / 127.5 - 1, 5)
  })

  it('is the order alone where the source takes bytes', () => {
    const { inferred, preprocessing } = feeds([array('x', 'uint8', [1, 4, 5, 3])], [photo], { inputs: [png()] })
    expect(inferred).toMatchObject([{ input: 'photo', scaling: null, order: 'BGR' }])
    expect(preprocessing).toEqual({ order: 'BGR', layout: 'NHWC', inferred: true })
  })

  it('is told of a target that makes pictures of arrays of its own', () => {
    const { inferred } = feeds([x], [photo], {
      inputs: [folder.npy('own/x.npy', ramp([1, 4, 5, 3]))],
      targetInputs: [folder.npy('own/photo.npy', ramp([1, 4, 5, 3]))],
    })
    expect(inferred.map(({ input }) => input)).toEqual(['photo'])
  })

  it.each<[string, InputFeature[], InputFeature[], Omit<FeedsOptions, 'source' | 'target'>]>([
    ['flags say it', [x], [photo], { preprocessing: { scale: 1, bias: [0], order: 'RGB' } }],
    ['metadata says it', [{ ...x, normalization }], [photo], {}],
    ['the source takes bytes whose order is given', [array('x', 'uint8', [1, 4, 5, 3])], [photo], { preprocessing: { order: 'RGB' } }],
    ['the source takes gray bytes', [array('x', 'uint8', [1, 4, 5, 1])], [image('photo', 'GRAY', 4, 5)], {}],
    ['both sides take pictures', [image('photo', 'RGB', 4, 5, declared)], [photo], {}],
    ['the source itself declares it', [image('photo', 'RGB', 4, 5, declared)], [x], {}],
  ])('is not told where %s', (_, source, target, options) => {
    const prepared = feeds(source, target, { inputs: [png()], ...options })
    expect(prepared.inferred).toEqual([])
    expect(prepared.preprocessing.inferred).toBe(false)
    expect(prepared.notes.join()).not.toContain('is taken to be')
  })

  it.each<[string, InputFeature]>([
    ['floats', x],
    ['bytes', array('x', 'uint8', [1, 4, 5, 3])],
  ])('is not told where the source gets its own arrays and the target pictures: %s as they are', (kind, source) => {
    const own = kind === 'bytes' ? { ...pixels(4, 5), shape: [1, 4, 5, 3] } : ramp([1, 4, 5, 3])
    const prepared = feeds([source], [photo], { inputs: [folder.npy(`own/${kind}.npy`, own)], targetInputs: [png()] })
    expect(prepared.load(0).source['x']).toEqual(own)
    expect(prepared.inferred).toEqual([])
    expect(prepared.preprocessing).toEqual({ inferred: false })
    expect(prepared.notes).toEqual([])
  })

  it('is told with whether the network scales itself', () => {
    const constant = tensor('float32', [1, 3], Float32Array.of(1, 2, 3))
    const source = model('tflite', [x], chain('x', [{ type: 'MUL', constant }]))
    const { inferred } = prepareFeeds({ source, target: model('mlpackage', [image('photo', 'RGB', 4, 5)]), inputs: [png()] })
    expect(inferred).toMatchObject([{ scaling: { scale: 1, bias: [0, 0, 0] }, scalesItself: true }])
  })
})

describe('flags of a preprocessing that are given in part', () => {
  it.each<[string, NonNullable<FeedsOptions['preprocessing']>, string]>([
    ['scale', { scale: 2 }, "--scale is given, and the rest is taken to be bias 0; channel order BGR (of the image input 'photo')"],
    ['bias', { bias: [-1] }, "--bias is given, and the rest is taken to be scale 1; channel order BGR (of the image input 'photo')"],
    [
      'scale and bias',
      { scale: 2, bias: [1] },
      "--scale, --bias are given, and the rest is taken to be channel order BGR (of the image input 'photo')",
    ],
    [
      'order',
      { order: 'RGB' },
      "--order is given, and the rest is taken to be scale 0.00784314 (of the image input 'photo'); bias -1, -0.9, -1.1 (of the image input 'photo')",
    ],
    ['scale and order', { scale: 2, order: 'RGB' }, '--scale, --order are given, and the rest is taken to be bias 0'],
  ])('say what the rest was taken to be: %s', (_, preprocessing, expected) => {
    expect(feeds([x], [photo], { inputs: [png()], preprocessing }).notes).toEqual([`for 'x' ${expected}`])
  })

  it('name the metadata that the rest is taken from', () => {
    const { notes } = feeds([{ ...x, normalization }], [photo], { inputs: [png()], preprocessing: { order: 'BGR' } })
    expect(notes).toEqual([
      "for 'x' --order is given, and the rest is taken to be scale 0.5 (of the file's metadata); bias -2 (of the file's metadata)",
    ])
  })

  it('name the layout where the shape does not say it', () => {
    const preprocessing = { scale: 1, bias: [0], order: 'RGB' } as const
    const inputs = [folder.png('small.png', pixels(3, 3))]
    const small = [image('photo', 'RGB', 3, 3)]
    const options = { inputs, preprocessing: { ...preprocessing, bias: [0] } }
    expect(feeds([float('x', 1, 3, 3, 3)], small, options).notes).toEqual([
      "for 'x' --scale, --bias, --order are given, and the rest is taken to be layout NHWC",
    ])
    const whole = { ...options, preprocessing: { ...options.preprocessing, layout: 'NCHW' as const } }
    expect(feeds([float('x', 1, 3, 3, 3)], small, whole).notes).toEqual([])
  })

  it('are enough of a gray picture without an order, and say nothing of bytes', () => {
    const gray = { inputs: [folder.png('gray.png', pixels(4, 5, 1))], preprocessing: { scale: 2, bias: [1] } }
    expect(feeds([float('x', 1, 4, 5, 1)], [image('photo', 'GRAY', 4, 5)], gray).notes).toEqual([])
    const bytes = feeds([array('x', 'uint8', [1, 4, 5, 3])], [photo], { inputs: [png()], preprocessing: { scale: 2, order: 'RGB' } })
    expect(bytes.notes).toEqual(["'x' takes bytes: --scale is not applied to it"])
  })

  it('are no remark where all are given, or none is used', () => {
    const whole = { scale: 2, bias: [1], order: 'RGB' } as const
    expect(feeds([x], [photo], { inputs: [png()], preprocessing: { ...whole, bias: [1] } }).notes).toEqual([])
    const arrays = { inputs: [folder.npy('unused.npy', ramp([1, 4, 5, 3]))], preprocessing: { scale: 2 } }
    expect(feeds([x], [x], arrays).notes).toEqual([])
  })
})
