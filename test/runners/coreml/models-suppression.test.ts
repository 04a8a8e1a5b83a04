/** Non-maximum suppression as a model: NonMaximumSuppression.proto, on boxes whose overlaps can be computed by hand. */
import { describe, expect, it } from 'vitest'
import type { Tensor } from '../../../kernels/tensor.js'
import type { ParityError } from '../../../src/graph/errors.js'
import { float32 } from '../../support/graphs.js'
import { callOp } from './golden.js'

/** Two boxes of 2 x 2 that share 1 x 2 (2 of 6, a third), one that equals the first, one far away. */
const BOXES = [
  [1, 1, 2, 2],
  [2, 1, 2, 2],
  [1, 1, 2, 2],
  [9, 9, 2, 2],
]
const rows = (values: readonly number[][], columns: number): Tensor => float32([values.length, columns], values.flat())

interface Limits {
  iouThreshold?: number
  confidenceThreshold?: number
  perClass?: boolean
  minBoxes?: number
  maxBoxes?: number
}

function suppress(confidence: number[][], limits: Limits = {}, operands: Record<string, Tensor> = {}): Tensor[] {
  return callOp(
    'nonMaximumSuppression',
    { coordinates: rows(BOXES.slice(0, confidence.length), 4), confidence: rows(confidence, confidence[0]!.length), ...operands },
    { dialect: 'coreml', version: '4', outputs: 2, attributes: { iouThreshold: 0.5, confidenceThreshold: 0.25, ...limits } },
  )
}

/** Confidences of the boxes that stay, which tell them apart. */
const stay = (confidence: number[], limits?: Limits): number[] =>
  Array.from(
    suppress(
      confidence.map((one) => [one]),
      limits,
    )[1]!.data as Float32Array,
  )

describe('a suppression model', () => {
  it('gives boxes and all of their confidences, best first', () => {
    const [coordinates, confidence] = suppress([
      [0.25, 0.125],
      [0.5, 0],
      [0, 0],
      [0.125, 0.75],
    ])
    expect(coordinates).toMatchObject({ dtype: 'float32', shape: [3, 4], data: Float32Array.from([9, 9, 2, 2, 2, 1, 2, 2, 1, 1, 2, 2]) })
    expect(confidence).toMatchObject({ shape: [3, 2], data: Float32Array.from([0.125, 0.75, 0.5, 0, 0.25, 0.125]) })
  })

  it('keeps a box at the threshold of confidence, and none below', () => {
    expect(stay([0.25, 0.5, 0.125, 0.1875])).toEqual([0.5, 0.25])
    expect(stay([0.25, 0.5, 0.125, 0.1875], { confidenceThreshold: 0.1875 })).toEqual([0.5, 0.25, 0.1875])
  })

  it('suppresses what overlaps by more than the threshold of overlap', () => {
    expect(stay([0.75, 0.5], { iouThreshold: 0.34 })).toEqual([0.75, 0.5])
    expect(stay([0.75, 0.5], { iouThreshold: 0.33 })).toEqual([0.75])
    expect(stay([0.75, 0.5, 0.625, 0.25], { iouThreshold: 1 })).toEqual([0.75, 0.625, 0.5, 0.25])
  })

  it('keeps equal boxes that overlap no other in the order in which they come', () => {
    const [coordinates] = suppress([[0.5], [0.5], [0.25], [0.5]])
    expect(coordinates!.data).toEqual(Float32Array.from(BOXES.filter((_, box) => box !== 2).flat()))
  })

  it('suppresses over all classes, or within the class of the highest confidence', () => {
    const confidence = [
      [0.75, 0],
      [0, 0.5],
      [0.25, 0.625],
      [0.25, 0.25],
    ]
    const kept = (perClass: boolean) => suppress(confidence, { iouThreshold: 0.25, perClass })[1]!
    expect(kept(false)).toMatchObject({ shape: [2, 2], data: Float32Array.from([0.75, 0, 0.25, 0.25]) })
    expect(kept(true)).toMatchObject({ shape: [3, 2], data: Float32Array.from([0.75, 0, 0.25, 0.625, 0.25, 0.25]) })
  })

  it('keeps no box where none reaches the threshold', () => {
    const results = suppress([[0.125], [0.1875]])
    expect(results.map(({ shape, data }) => [shape, data.length])).toEqual([
      [[0, 4], 0],
      [[0, 1], 0],
    ])
  })

  it('takes no boxes', () => {
    const operands = { coordinates: float32([0, 4], []), confidence: float32([0, 2], []) }
    expect(suppress([[1]], {}, operands).map(({ shape }) => shape)).toEqual([
      [0, 4],
      [0, 2],
    ])
  })

  it('fills its outputs with zeros up to their least size, and ends at their greatest', () => {
    expect(stay([0.5, 0.125], { minBoxes: 3, maxBoxes: 3 })).toEqual([0.5, 0, 0])
    expect(stay([0.125, 0.125], { minBoxes: 1 })).toEqual([0])
    expect(stay([0.5, 0.375, 0.25, 0.75], { maxBoxes: 2 })).toEqual([0.75, 0.5])
  })

  it('takes thresholds that are given before its own', () => {
    const scalar = (value: number): Tensor => ({ dtype: 'float64', shape: [], data: Float64Array.of(value) })
    const confidence = [[0.75], [0.5]]
    const given = (operands: Record<string, Tensor>) => suppress(confidence, {}, operands)[1]!.shape[0]
    expect(given({ iouThreshold: scalar(0.3) })).toBe(1)
    expect(given({ confidenceThreshold: scalar(0.75) })).toBe(1)
    expect(given({ iouThreshold: scalar(0.3), confidenceThreshold: scalar(0.8) })).toBe(0)
  })

  it('takes rows as a network of the rank-5 mapping gives them', () => {
    const five = { coordinates: float32([1, 1, 1, 2, 4], BOXES.slice(0, 2).flat()), confidence: float32([1, 1, 2, 1, 1], [0.5, 0.75]) }
    expect(suppress([[1]], {}, five).map(({ shape }) => shape)).toEqual([
      [2, 4],
      [2, 1],
    ])
  })

  it.each([
    ['coordinates', [2, 3], 'boxes have shape [1,2,3]'],
    ['confidence', [3, 1], 'scores have shape [1,3,1] for boxes of shape [1,2,4], expected one row a box'],
    ['coordinates', [1, 2, 4], 'coordinates has shape [1,2,4], expected one row a box'],
    ['coordinates', [1, 1, 4, 2, 1], 'coordinates has shape [1,1,4,2,1], expected one row a box'],
    ['confidence', [1, 1, 1, 1, 3], 'confidence has shape [1,1,1,1,3], expected one row a box'],
  ] as const)('refuses %s of shape %j', (parameter, shape, what) => {
    const size = shape.reduce((product: number, one) => product * one, 1)
    const operands = { [parameter]: float32([...shape], new Array(size).fill(1)) }
    const refusal = ((): ParityError | undefined => {
      try {
        suppress([[0.5], [0.75]], {}, operands)
        return undefined
      } catch (error) {
        return error as ParityError
      }
    })()
    expect(refusal).toMatchObject({ code: 'MODEL_OP_INVALID', what: expect.stringContaining(what) })
  })
})
