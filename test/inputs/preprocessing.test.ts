import { describe, expect, it } from 'vitest'
import { tensor } from '../../kernels/tensor.js'
import { inferFromGraph, preprocessingOf } from '../../src/inputs/infer.js'
import { imageToTensor, tensorToImage, tensorToPixels } from '../../src/inputs/preprocessing.js'
import { array, chain, image, model, pixels, refusal } from './files.js'

const scalar = (value: number) => tensor('float32', [], Float32Array.of(value))
const perChannel = (...values: number[]) => tensor('float32', [1, 3, 1, 1], Float32Array.from(values))

describe('imageToTensor', () => {
  const picture = tensor('uint8', [1, 2, 3], Uint8Array.of(1, 2, 3, 4, 5, 6))
  it('puts channels first, in the order of the colour', () => {
    expect(imageToTensor(picture, { color: 'RGB' })).toEqual(tensor('float32', [1, 3, 1, 2], Float32Array.of(1, 4, 2, 5, 3, 6)))
    expect(imageToTensor(picture, { color: 'BGR' })).toEqual(tensor('float32', [1, 3, 1, 2], Float32Array.of(3, 6, 2, 5, 1, 4)))
    expect(imageToTensor(tensor('uint8', [2, 1], Uint8Array.of(7, 8)), { color: 'GRAY' })).toEqual(
      tensor('float32', [1, 1, 2, 1], Float32Array.of(7, 8)),
    )
  })
  it('takes bias and mean in the order of the channels, rounding each step to float32', () => {
    const mean = tensor('float32', [3, 1, 2], Float32Array.of(3, 0, 0, 0, 0, 0))
    const { data } = imageToTensor(picture, { color: 'BGR', preprocessing: { scale: 0.1, bias: [100, 200, 300], mean } })
    expect(data[0]).toBe(100)
    expect(data[1]).toBe(Math.fround(Math.fround(6 * Math.fround(0.1)) + 100))
    expect(data[4]).toBe(Math.fround(Math.fround(Math.fround(0.1)) + 300))
  })
  it('takes one bias for all channels', () => {
    expect(imageToTensor(picture, { color: 'RGB', preprocessing: { scale: 1, bias: [-1] } }).data).toEqual(
      Float32Array.of(0, 3, 1, 4, 2, 5),
    )
  })
  it('refuses another shape, and a mean image of another size', () => {
    expect(refusal(() => imageToTensor(picture, { color: 'GRAY' })).message).toContain('expected [height, width]')
    const mean = tensor('float32', [3])
    expect(refusal(() => imageToTensor(picture, { color: 'RGB', preprocessing: { scale: 1, bias: [0], mean } })).code).toBe('INPUT_IMAGE')
  })
})

describe('tensorToImage', () => {
  it('clips, and rounds halves to even', () => {
    const values = tensor('float32', [1, 1, 1, 8], Float32Array.of(-3, 0.5, 1.5, 2.5, 254.5, 255.5, 300, Number.NaN))
    expect(tensorToImage(values, { color: 'GRAY' })).toEqual(tensor('uint8', [1, 8], Uint8Array.of(0, 0, 2, 2, 254, 255, 255, 0)))
  })
  it.each(['RGB', 'BGR'] as const)('undoes imageToTensor: %s', (color) => {
    expect(tensorToImage(imageToTensor(pixels(3, 4), { color }), { color })).toEqual(pixels(3, 4))
  })
  it('keeps float16 gray as it is', () => {
    const values = tensor('float32', [1, 1, 1, 2], Float32Array.of(-0.5, 700))
    expect(tensorToImage(values, { color: 'GRAY_FLOAT16' })).toEqual(tensor('float16', [1, 2], Float32Array.of(-0.5, 700)))
  })
  it('refuses what is no picture', () => {
    expect(refusal(() => tensorToImage(tensor('float32', [1, 3, 2, 2]), { color: 'GRAY' })).code).toBe('MODEL_IMAGE')
    expect(refusal(() => tensorToImage(tensor('float32', [4]), { color: 'GRAY' })).code).toBe('MODEL_IMAGE')
  })
})

describe('tensorToPixels', () => {
  const format = { color: 'BGR', preprocessing: { scale: 1 / 127.5, bias: [-1, -0.9, -1.1] } } as const
  it('gives the pixels back and how far they were from whole ones', () => {
    const { pixels: back, distance } = tensorToPixels(
      imageToTensor(pixels(5, 4), { ...format, preprocessing: { ...format.preprocessing, bias: [...format.preprocessing.bias] } }),
      {
        color: 'BGR',
        preprocessing: { scale: 1 / 127.5, bias: [-1, -0.9, -1.1] },
      },
    )
    expect(back).toEqual(pixels(5, 4))
    expect(distance).toBeLessThan(1e-4)
  })
  it('tells values that no pixel gives', () => {
    const of = (value: number) => tensorToPixels(tensor('float32', [1, 1, 1, 1], Float32Array.of(value)), { color: 'GRAY' }).distance
    expect(of(3.25)).toBe(0.25)
    expect(of(-7)).toBe(7)
    expect(of(Number.NaN)).toBe(Infinity)
  })
  it('refuses a scale of 0', () => {
    expect(
      refusal(() => tensorToPixels(tensor('float32', [1, 1, 1, 1]), { color: 'GRAY', preprocessing: { scale: 0, bias: [0] } })).code,
    ).toBe('MODEL_IMAGE')
  })
})

describe('inferFromGraph', () => {
  const input = image('photo', 'BGR', 4, 4)
  const infer = (ops: Parameters<typeof chain>[1]) => inferFromGraph(model('mlpackage', [input], chain('photo', ops)), input)

  it('reads mul and add, through casts and transposes', () => {
    expect(
      infer([
        { type: 'mul', constant: scalar(0.5) },
        { type: 'cast' },
        { type: 'add', constant: perChannel(-1, -2, -3) },
        { type: 'transpose' },
        { type: 'conv' },
      ]),
    ).toEqual({
      scale: 0.5,
      bias: [-1, -2, -3],
    })
  })
  it('reads sub and real_div, and constants in front', () => {
    expect(
      infer([
        { type: 'sub', constant: scalar(128) },
        { type: 'real_div', constant: scalar(64) },
      ]),
    ).toEqual({ scale: 1 / 64, bias: [-2] })
    expect(infer([{ type: 'sub', constant: scalar(255), constantFirst: true }])).toEqual({ scale: -1, bias: [255] })
    expect(infer([{ type: 'real_div', constant: scalar(2), constantFirst: true }])).toBeNull()
  })
  it('stops at what no description of an image says', () => {
    expect(infer([{ type: 'mul', constant: perChannel(1, 2, 3) }])).toBeNull()
    expect(infer([{ type: 'mul', constant: scalar(0.5) }, { type: 'relu' }, { type: 'add', constant: scalar(1) }])).toEqual({
      scale: 0.5,
      bias: [0],
    })
    expect(infer([])).toBeNull()
  })
  it('stops where a value has two readers', () => {
    const graph = chain('photo', [
      { type: 'mul', constant: scalar(0.5) },
      { type: 'add', constant: scalar(1) },
    ])
    const [first, second] = graph.nodes!
    const forked = model('mlpackage', [input], { ...graph, nodes: [first!, second!, { ...second!, name: 'other', outputs: ['other'] }] })
    expect(inferFromGraph(forked, input)).toEqual({ scale: 0.5, bias: [0] })
  })
})

describe('preprocessingOf', () => {
  it('prefers what the description declares', () => {
    const declared = { scale: 2, bias: [1, 1, 1] }
    const input = image('photo', 'RGB', 4, 4, declared)
    expect(preprocessingOf(model('mlmodel', [input], chain('photo', [{ type: 'mul', constant: scalar(9) }])), input)).toBe(declared)
  })
  it('leaves out the steps that the source begins with too', () => {
    const input = image('photo', 'RGB', 4, 4)
    const own = { type: 'mul', constant: scalar(1 / 3) }
    const target = model(
      'mlpackage',
      [input],
      chain('photo', [
        { type: 'mul', constant: scalar(0.5) },
        { type: 'add', constant: scalar(-1) },
        { type: 'mul', constant: scalar(0.33325195) },
      ]),
    )
    const source = { input: array('photo', 'float32', [1, 4, 4, 3]), model: model('tflite', [], chain('photo', [own])) }
    expect(preprocessingOf(target, input, source)).toEqual({ scale: 0.5, bias: [-1] })
    const other = { ...source, model: model('tflite', [], chain('photo', [{ type: 'mul', constant: scalar(0.4) }])) }
    expect(preprocessingOf(target, input, other).scale).toBeCloseTo(0.5 * 0.33325195, 8)
  })
  it('is the pixels themselves where nothing is found', () => {
    const input = image('photo', 'RGB', 4, 4)
    expect(preprocessingOf(model('mlpackage', [input]), input)).toEqual({ scale: 1, bias: [0, 0, 0] })
  })
})
