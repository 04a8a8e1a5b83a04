import { describe, expect, it } from 'vitest'
import { preprocessingFindings } from '../../src/diagnose/preprocessing.js'
import type { InferredPreprocessing } from '../../src/inputs/feeds.js'

type Change = Partial<Omit<InferredPreprocessing, 'scaling'>> & { scale?: number; bias?: number[]; hasMeanImage?: boolean }

/** A float network whose pixels become -1 to 1, and what is changed of it. */
function taken({ scale = 1 / 127.5, bias = [-1, -1, -1], hasMeanImage = false, ...rest }: Change = {}): InferredPreprocessing {
  return {
    input: 'image',
    source: 'x',
    scaling: { scale, bias, hasMeanImage },
    order: 'RGB',
    biasOrder: rest.order ?? 'RGB',
    isFloat: true,
    scalesItself: false,
    ...rest,
  }
}

const detailOf = (change: Change): string => preprocessingFindings([taken(change)])[0]!.detail
const CAFFE = [-123.68, -116.779, -103.939]
const IMAGENET = { scale: 1 / (255 * 0.226), bias: [-0.485 / 0.229, -0.456 / 0.224, -0.406 / 0.225] }
const reversed = (values: readonly number[]) => [...values].reverse()

describe('preprocessing that was taken from the target', () => {
  it('is no finding where nothing was taken', () => {
    expect(preprocessingFindings([])).toEqual([])
  })

  it('is a warning for each image input, which says what cannot be vouched for', () => {
    const findings = preprocessingFindings([taken(), taken({ input: 'other', source: 'y' })])
    expect(findings).toHaveLength(2)
    expect(findings[0]).toMatchObject({
      cause: 'preprocessing-inferred',
      severity: 'warning',
      side: 'inputs',
      op: { name: 'image', type: 'input' },
      value: 'image',
      detail:
        "nothing says how pixels become the source's 'x': scale 0.00784, bias -1 and channel order RGB were taken from the target, and a wrong scaling or order there stays unseen",
    })
    expect(findings[0]!.remedy).toContain('--scale, --bias and --order')
    expect(findings[1]).toMatchObject({ value: 'other', detail: expect.stringContaining("the source's 'y'") })
  })

  it('names the order where it is all that was taken, and leaves it out where it was not', () => {
    const [bytes] = preprocessingFindings([{ ...taken({ order: 'BGR' }), scaling: null }])
    expect(bytes!.detail).toMatch(/'x': channel order BGR was taken from the target, and a wrong order there/)
    expect(bytes!.remedy).toBe('Give --order as the source was trained')
    expect(detailOf({ order: null, bias: [-1] })).toMatch(
      /: scale 0.00784 and bias -1 were taken from the target, and a wrong scaling there/,
    )
    expect(detailOf({ hasMeanImage: true })).toContain('bias -1, the mean image and channel order RGB')
    expect(detailOf({ source: null })).toContain('how arrays for it come from pixels')
  })
})

describe('a scaling is doubtful', () => {
  it.each<[string, Change, RegExp]>([
    ['none at all', { scale: 1, bias: [0, 0, 0] }, /unscaled/],
    ['a scale of 0', { scale: 0 }, /a scale of 0 makes all pictures alike/],
    ['a negative scale', { scale: -1, bias: [255] }, /the scale -1 is not positive/],
    ['a bias without its scale', { scale: 1, bias: [-1, -1, -1] }, /pixels become -1 to 254, and the bias subtracts no mean/],
    ['ImageNet means of pixels from 0 to 1 without the scale', { scale: 1, bias: [-0.485, -0.456, -0.406] }, /become -0.485 to 255/],
    ['a mean that is added', { scale: 1, bias: CAFFE.map((value) => -value) }, /pixels become 104 to 379/],
    ['a bias of the other sign', { bias: [1, 1, 1] }, /pixels become 1 to 3, and the bias subtracts no mean/],
    ['a bias in pixels after the scale', { scale: 1 / 255, bias: [-127.5] }, /pixels become -128 to -127/],
    ['channels that differ', { scale: 1 / 127.5, bias: [-0.9, -1, -1.1] }, /means 115, 128, 140\), and has neither ImageNet's means nor/],
    ['means in the other order', { scale: 1, bias: reversed(CAFFE) }, /ImageNet's means in another order than RGB/],
    ['means of RGB in BGR', { ...IMAGENET, order: 'BGR' }, /ImageNet's means in another order than BGR/],
  ])('%s', (_, change, expected) => {
    expect(detailOf(change)).toMatch(expected)
  })

  it.each<[string, Change]>([
    ['0 to 1', { scale: 1 / 255, bias: [0, 0, 0] }],
    ['-1 to 1', {}],
    ['gray from 0 to 1', { scale: 1 / 255, bias: [0], order: null }],
    ["Caffe's means", { scale: 1, bias: CAFFE }],
    ["Caffe's means in BGR", { scale: 1, bias: reversed(CAFFE), order: 'BGR' }],
    ["Caffe's means, scaled", { scale: 0.017, bias: [-123.68 * 0.017, -116.78 * 0.017, -103.94 * 0.017] }],
    ['a mean of 128 alone', { scale: 1, bias: [-128, -128, -128] }],
    ["ImageNet's means and deviations", IMAGENET],
    ["ImageNet's in BGR", { ...IMAGENET, bias: reversed(IMAGENET.bias), order: 'BGR' }],
    ['a mean image', { scale: 1, bias: [0, 0, 0], hasMeanImage: true }],
    ['none before a network that scales itself', { scale: 1, bias: [0, 0, 0], scalesItself: true }],
    ['a bias before a network that scales itself', { scale: 1, bias: [-1, -1, -1], scalesItself: true }],
    ['none before a network of codes', { scale: 1, bias: [0, 0, 0], isFloat: false }],
    ['a constant that float16 rounds', { scale: 0.0039215, bias: [0.0002] }],
  ])('and not: %s', (_, change) => {
    expect(detailOf(change)).not.toContain('doubtful')
  })

  it('that is another than that of a second image input, at both', () => {
    const findings = preprocessingFindings([taken(), taken({ input: 'second', scale: 1 / 255, bias: [0, 0, 0] })])
    expect(findings.map(({ detail }) => detail.split('doubtful: ')[1])).toEqual([
      "'second' is scaled differently (scale 0.00392, bias 0)",
      "'image' is scaled differently (scale 0.00784, bias -1)",
    ])
  })

  it.each<[string, Change, Change]>([
    ['the same', {}, {}],
    ['the same in another order', IMAGENET, { ...IMAGENET, bias: reversed(IMAGENET.bias), order: 'BGR' }],
    ['a gray one of the same scale', { scale: 1 / 255, bias: [0, 0, 0] }, { scale: 1 / 255, bias: [0], order: null }],
    ['constants that were rounded', {}, { scale: 0.0078432, bias: [-1.0001, -1.0001, -1.0001] }],
  ])('and not: a second image input of %s', (_, first, second) => {
    for (const { detail } of preprocessingFindings([taken(first), taken({ ...second, input: 'second' })]))
      expect(detail).not.toContain('doubtful')
  })

  it('of bytes never: they are not scaled', () => {
    const [finding] = preprocessingFindings([{ ...taken(), scaling: null }, taken({ input: 'second' })])
    expect(finding!.detail).not.toContain('doubtful')
  })
})
