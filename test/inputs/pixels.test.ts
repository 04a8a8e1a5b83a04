import { describe, expect, it } from 'vitest'
import { tensor } from '../../kernels/tensor.js'
import { imageToTensor, resizePicture, tensorToImage, tensorToPixels, withChannels } from '../../src/inputs/pixels.js'
import { pixels, refusal } from './files.js'

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

describe('withChannels', () => {
  it('weighs colours by ITU-R 601', () => {
    const colors = tensor('uint8', [1, 5, 3], Uint8Array.of(255, 0, 0, 0, 255, 0, 0, 0, 255, 255, 255, 255, 10, 20, 30))
    expect(withChannels(colors, 1)).toEqual(tensor('uint8', [1, 5], Uint8Array.of(76, 150, 29, 255, 18)))
  })
  it('repeats gray', () => {
    expect(withChannels(tensor('uint8', [1, 2], Uint8Array.of(3, 9)), 3)).toEqual(
      tensor('uint8', [1, 2, 3], Uint8Array.of(3, 3, 3, 9, 9, 9)),
    )
  })
})

describe('resizePicture', () => {
  it('samples at half pixel centres', () => {
    const row = tensor('uint8', [1, 2], Uint8Array.of(0, 100))
    expect(Array.from(resizePicture(row, 1, 4).data)).toEqual([0, 25, 75, 100])
    const four = tensor('uint8', [1, 4], Uint8Array.of(0, 10, 20, 30))
    expect(Array.from(resizePicture(four, 1, 2).data)).toEqual([5, 25])
    expect(Array.from(resizePicture(four, 2, 1).data)).toEqual([15, 15])
  })
  it('keeps channels apart', () => {
    const picture = tensor('uint8', [2, 1, 3], Uint8Array.of(0, 10, 20, 100, 110, 120))
    expect(resizePicture(picture, 1, 1)).toEqual(tensor('uint8', [1, 1, 3], Uint8Array.of(50, 60, 70)))
  })
  it('leaves a picture of the right size alone', () => {
    const picture = pixels(3, 4)
    expect(resizePicture(picture, 3, 4)).toBe(picture)
  })
})
