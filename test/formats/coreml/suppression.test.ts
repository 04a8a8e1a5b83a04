import { afterAll, describe, expect, it } from 'vitest'
import { openModel } from '../../../src/formats/index.js'
import type { Model } from '../../../src/graph/model.js'
import { createCoremlSession } from '../../../src/runners/coreml/session.js'
import { array, encodeModel, type Fields, feature, layer, networkModel, scratch } from '../../support/coreml.js'
import { float32 } from '../../support/graphs.js'

const folder = scratch()
afterAll(() => folder.remove())

let files = 0
const open = (model: Fields): Promise<Model> => openModel(folder.write(`${files++}.mlmodel`, encodeModel(model)))

const NAMES = {
  coordinatesInputFeatureName: 'raw_boxes',
  confidenceInputFeatureName: 'raw_scores',
  coordinatesOutputFeatureName: 'boxes',
  confidenceOutputFeatureName: 'scores',
}
const THRESHOLDS = { iouThresholdInputFeatureName: 'overlap', confidenceThresholdInputFeatureName: 'least' }

/** Rows of a range of numbers, -1 for any. */
const rows = (name: string, least: number, most: number, columns: number): Fields => {
  const sizeRanges = [
    { lowerBound: least, upperBound: most },
    { lowerBound: columns, upperBound: columns },
  ]
  return array(name, [], 'FLOAT32', { shapeRange: { sizeRanges } })
}

interface Parts {
  fields?: Fields
  input?: Fields[]
  output?: Fields[]
}

const suppression = ({ fields, input, output }: Parts = {}): Fields => ({
  specificationVersion: 4,
  description: {
    input: input ?? [array('raw_scores', [3, 2]), array('raw_boxes', [3, 4])],
    output: output ?? [rows('scores', 0, -1, 2), rows('boxes', 0, -1, 4)],
  },
  nonMaximumSuppression: { pickTop: {}, iouThreshold: 0.5, confidenceThreshold: 0.25, ...NAMES, ...fields },
})

const copies = (): Fields =>
  networkModel({
    layers: [layer('b', 'copy', ['x'], ['raw_boxes']), layer('s', 'copy', ['y'], ['raw_scores'])],
    input: [array('x', [3, 4]), array('y', [3, 2])],
    output: [array('raw_boxes', [3, 4]), array('raw_scores', [3, 2])],
  })

/** A network that hands on boxes and scores, and a suppression after it. */
const pipeline = (last: Fields, more: Fields[] = [], first = copies()): Fields => ({
  specificationVersion: 4,
  description: {
    input: [array('x', [3, 4]), array('y', [3, 2]), ...more],
    output: [rows('scores', 0, -1, 2), rows('boxes', 0, -1, 4)],
  },
  pipeline: { models: [first, last] },
})

const BOXES = float32([3, 4], [1, 1, 2, 2, 2, 1, 2, 2, 9, 9, 2, 2])
const SCORES = float32([3, 2], [0.5, 0.25, 0, 0.75, 0.125, 0.125])
const double = (value: number) => ({ dtype: 'float64' as const, shape: [], data: Float64Array.of(value) })

describe('a non-maximum suppression', () => {
  it('is one node of the pipeline that it ends', async () => {
    const fields = { pickTop: { perClass: true }, stringClassLabels: { vector: ['cat', 'owl'] } }
    const model = await open(pipeline(suppression({ fields })))
    expect(model.graph.nodes.at(-1)).toMatchObject({
      name: 'nonMaximumSuppression',
      type: 'nonMaximumSuppression',
      dialect: { name: 'coreml', version: '4' },
      inputs: [
        { parameter: 'coordinates', value: 'raw_boxes' },
        { parameter: 'confidence', value: 'raw_scores' },
      ],
      outputs: ['boxes', 'scores'],
      attributes: { perClass: true, iouThreshold: 0.5, confidenceThreshold: 0.25, minBoxes: 0, classLabels: ['cat', 'owl'] },
      where: 'stage 1, the suppression',
    })
    expect(model.graph).toMatchObject({ inputs: ['x', 'y'], outputs: ['scores', 'boxes'] })
    expect(model.outputs).toMatchObject([
      { name: 'scores', kind: 'multiarray', dtype: 'float32', shape: [null, 2] },
      { name: 'boxes', kind: 'multiarray', dtype: 'float32', shape: [null, 4] },
    ])
    expect(model.metadata).toMatchObject({ type: 'pipeline', classLabels: 'cat, owl' })
    const results = await (await createCoremlSession(model)).run({ x: BOXES, y: SCORES })
    expect(results.get('boxes')).toMatchObject({ shape: [2, 4], data: Float32Array.from([2, 1, 2, 2, 1, 1, 2, 2]) })
    expect(results.get('scores')).toMatchObject({ shape: [2, 2], data: Float32Array.from([0, 0.75, 0.5, 0.25]) })
  })

  it('stands alone too, with features of doubles and without shapes', async () => {
    const model = await open(
      suppression({
        fields: { int64ClassLabels: { vector: [7, 9] } },
        input: [array('raw_boxes', [], 'DOUBLE'), array('raw_scores', [], 'DOUBLE')],
        output: [array('boxes', [], 'DOUBLE'), array('scores', [], 'DOUBLE')],
      }),
    )
    expect(model.inputs).toMatchObject([
      { name: 'raw_boxes', dtype: 'float64', shape: [null, 4] },
      { name: 'raw_scores', dtype: 'float64', shape: [null, null] },
    ])
    expect(model.outputs.map(({ name }) => name)).toEqual(['boxes', 'scores'])
    expect(model.metadata).toMatchObject({ type: 'nonMaximumSuppression', classLabels: '7, 9' })
    const results = await (await createCoremlSession(model)).run({ raw_boxes: BOXES, raw_scores: SCORES })
    expect(results.get('boxes')!.shape).toEqual([2, 4])
  })

  it('takes thresholds from inputs of the pipeline, which may stay away', async () => {
    const inputs = [feature('overlap', 'doubleType'), feature('least', 'doubleType')]
    const input = [array('raw_scores', [3, 2]), array('raw_boxes', [3, 4]), ...inputs]
    const model = await open(pipeline(suppression({ fields: THRESHOLDS, input }), inputs))
    expect(model.inputs.slice(2)).toMatchObject([
      { name: 'overlap', kind: 'scalar', optional: true, default: 0.5 },
      { name: 'least', kind: 'scalar', optional: true, default: 0.25 },
    ])
    const session = await createCoremlSession(model)
    const kept = async (feeds = {}) => (await session.run({ x: BOXES, y: SCORES, ...feeds })).get('boxes')!.shape[0]
    expect(await kept()).toBe(2)
    expect(await kept({ overlap: double(0.25) })).toBe(1)
    expect(await kept({ least: double(0) })).toBe(3)
    expect(await kept({ least: double(1) })).toBe(0)
  })

  it('has its own thresholds where no input is described for them', async () => {
    const model = await open(suppression({ fields: THRESHOLDS }))
    expect(model.graph.nodes[0]!.inputs.map(({ parameter }) => parameter)).toEqual(['coordinates', 'confidence'])
  })

  it('follows a network of the rank-5 mapping', async () => {
    const mapped = networkModel({
      layers: [layer('b', 'copy', ['x'], ['raw_boxes']), layer('s', 'copy', ['y'], ['raw_scores'])],
      input: [array('x', [1, 3, 4]), array('y', [1, 3, 2])],
      output: [array('raw_boxes', [3, 4]), array('raw_scores', [3, 2])],
      network: { arrayInputShapeMapping: 'RANK5_ARRAY_MAPPING' },
    })
    const results = await (await createCoremlSession(await open(pipeline(suppression(), [], mapped)))).run({
      x: { ...BOXES, shape: [1, 3, 4] },
      y: { ...SCORES, shape: [1, 3, 2] },
    })
    expect(results.get('boxes')!.shape).toEqual([2, 4])
  })

  it.each([
    ['a fixed size', [array('scores', [5, 2]), array('boxes', [5, 4])], { minBoxes: 5, maxBoxes: 5 }],
    ['a range', [rows('scores', 1, 9, 2), rows('boxes', 1, 9, 4)], { minBoxes: 1, maxBoxes: 9 }],
    ['a range of one of them', [rows('scores', 0, 9, 2), array('boxes', [])], { minBoxes: 0, maxBoxes: 9 }],
  ])('gives as many boxes as its outputs are described with: %s', async (_, output, room) => {
    const model = await open(suppression({ output }))
    expect(model.graph.nodes[0]!.attributes).toMatchObject(room)
  })

  it('has values of their own for outputs that are called as its inputs', async () => {
    const fields = { coordinatesOutputFeatureName: 'raw_boxes' }
    const model = await open(suppression({ fields, output: [rows('scores', 0, -1, 2), rows('raw_boxes', 0, -1, 4)] }))
    expect(model.graph.nodes[0]!.outputs).toEqual(['raw_boxes#1', 'scores'])
    expect(model.outputs[1]).toMatchObject({ name: 'raw_boxes', value: 'raw_boxes#1' })
  })

  const BROKEN: [string, Parts, string][] = [
    ['no name of its scores', { fields: { confidenceInputFeatureName: '' } }, 'The suppression has no confidenceInputFeatureName'],
    ['a name of no input', { fields: { coordinatesInputFeatureName: 'b' } }, 'coordinatesInputFeatureName is b, which the model does not'],
    ['a name of no output', { fields: { confidenceOutputFeatureName: 'c' } }, 'confidenceOutputFeatureName is c, which the model does not'],
    ['one input for both', { fields: { coordinatesInputFeatureName: 'raw_scores' } }, 'expected a feature for each'],
    ['an input of text', { input: [feature('raw_scores', 'stringType'), array('raw_boxes', [3, 4])] }, 'raw_scores is of type stringType'],
    [
      'a threshold that is an array',
      { fields: THRESHOLDS, input: [array('raw_scores', [3, 2]), array('raw_boxes', [3, 4]), array('overlap', [1])] },
      'overlap is of type multiArrayType, expected a double',
    ],
    [
      'more scores than boxes',
      { input: [array('raw_scores', [4, 2]), array('raw_boxes', [3, 4])] },
      'raw_boxes has shape [3, 4], raw_scores [4, 2], expected one row a box in both',
    ],
    ['boxes of three', { input: [array('raw_scores', [3, 2]), array('raw_boxes', [3, 3])] }, 'expected four coordinates a box'],
    ['more classes than labels', { fields: { stringClassLabels: { vector: ['a'] } } }, 'raw_scores has 2 classes, the model 1 labels'],
    ['an overlap of 2', { fields: { iouThreshold: 2 } }, 'iouThreshold is 2, expected 0 to 1'],
    ['a confidence below 0', { fields: { confidenceThreshold: -1 } }, 'confidenceThreshold is -1, expected 0 or more'],
    ['outputs of two sizes', { output: [array('scores', [5, 2]), array('boxes', [6, 4])] }, 'hold 6 boxes or more and 5 or fewer'],
    [
      'a list of shapes',
      { output: [array('scores', [], 'FLOAT32', { enumeratedShapes: { shapes: [{ shape: [1, 2] }] } }), array('boxes', [])] },
      'An array has a list of shapes',
    ],
  ]
  it.each(BROKEN)('with %s is refused', async (_, parts, what) => {
    await expect(open(suppression(parts))).rejects.toMatchObject({ code: 'MODEL_BROKEN', what: expect.stringContaining(what) })
  })

  it('says in which stage of a pipeline it is broken', async () => {
    const last = suppression({ fields: { confidenceInputFeatureName: '' } })
    await expect(open(pipeline(last))).rejects.toMatchObject({ code: 'MODEL_BROKEN', where: expect.stringContaining('pipeline stage 1') })
  })
})
