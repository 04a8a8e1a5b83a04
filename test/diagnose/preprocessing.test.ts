import { describe, expect, it } from 'vitest'
import { preprocessingFindings } from '../../src/diagnose/preprocessing.js'
import type { InferredPreprocessing } from '../../src/inputs/feeds.js'

const of = (scale: number, bias: number[], more: Partial<InferredPreprocessing> = {}): InferredPreprocessing => ({
  input: 'photo',
  scale,
  bias,
  order: 'RGB',
  float: true,
  ...more,
})

describe('preprocessing that nobody gave', () => {
  it('is a warning for each image input, and none where all was given', () => {
    const found = preprocessingFindings([of(1 / 255, [0]), of(1 / 255, [0], { input: 'mask', order: 'gray' })])
    expect(found.map(({ cause, severity, op }) => [cause, severity, op.name])).toEqual([
      ['preprocessing-inferred', 'warning', 'photo'],
      ['preprocessing-inferred', 'warning', 'mask'],
    ])
    expect(found[0]!.detail).toContain('scale 3.92e-3, bias 0, RGB')
    expect(found[1]!.detail).not.toContain('RGB')
    expect(preprocessingFindings([])).toEqual([])
  })

  it.each<[string, InferredPreprocessing, RegExp]>([
    ['no scaling at all', of(1, [0]), /no scaling at all/],
    ['a bias with scale 1', of(1, [-1]), /a bias of -1 with scale 1/],
    ['a negative scale', of(-1 / 255, [1]), /brightness/],
    ['channels with means of their own', of(1 / 127.5, [-1, -0.5, -0.7]), /unlikely: the channels' means, [0-9., ]+ are none/],
  ])('names %s', (_, one, doubt) => expect(preprocessingFindings([one])[0]!.detail).toMatch(doubt))

  it.each<[string, InferredPreprocessing]>([
    ['0 to 1', of(1 / 255, [0])],
    ['-1 to 1', of(1 / 127.5, [-1])],
    ['Caffe’s mean picture', of(1, [-103.94, -116.78, -123.68])],
    ['the middle taken off', of(1, [-128])],
    ['PyTorch’s mean', of(0.0174, [-0.0174 * 123.675, -0.0174 * 116.28, -0.0174 * 103.53])],
    ['bytes as they are, for an array of bytes', of(1, [0], { float: false })],
  ])('has nothing against %s', (_, one) => expect(preprocessingFindings([one])[0]!.detail).not.toContain('unlikely'))

  it('names two pictures that are scaled otherwise, and not two that are scaled alike', () => {
    const other = of(1 / 127.5, [-1], { input: 'other' })
    expect(preprocessingFindings([of(1 / 255, [0]), other])[0]!.detail).toContain(
      "'other' is scaled otherwise (scale 7.84e-3, bias -1, RGB)",
    )
    expect(preprocessingFindings([of(1 / 127.5, [-1]), other])[0]!.detail).not.toContain('otherwise')
  })
})
