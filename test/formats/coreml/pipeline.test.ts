import protobuf from 'protobufjs/light.js'
import { afterAll, describe, expect, it } from 'vitest'
import { openModel } from '../../../src/formats/index.js'
import type { Model } from '../../../src/graph/model.js'
import {
  array,
  encodeModel,
  type Fields,
  feature,
  image,
  layer,
  named,
  networkModel,
  operation,
  programFunction,
  programModel,
  scratch,
  tensorType,
  weights,
} from '../../support/coreml.js'

const folder = scratch()
afterAll(() => folder.remove())

let files = 0
const open = (model: Fields): Promise<Model> => openModel(folder.write(`${files++}.mlmodel`, encodeModel(model)))

const scale = (name: string, input: string, output: string, factor: number): Fields =>
  layer(name, 'scale', [input], [output], { shapeScale: [1], scale: weights([factor]) })

const stage = (from: string, to: string, network: Fields = {}): Fields =>
  networkModel({
    layers: [scale('scale', from, 'inner', 2), scale('again', 'inner', to, 3)],
    input: [array(from, [3])],
    output: [array(to, [3])],
    network,
  })

const pipeline = (models: Fields[], input: Fields[], output: Fields[]): Fields => ({
  specificationVersion: 4,
  description: { input, output },
  pipeline: { models },
})

describe('a pipeline', () => {
  it('is one graph whose stages share values and keep their names apart', async () => {
    const model = await open(pipeline([stage('x', 'm'), stage('m', 'y')], [array('x', [3])], [array('y', [3]), array('m', [3])]))
    expect(model.graph.nodes.map(({ name, where }) => [name, where])).toEqual([
      ['scale', 'stage 0, layer 0'],
      ['again', 'stage 0, layer 1'],
      ['1/scale', 'stage 1, layer 0'],
      ['1/again', 'stage 1, layer 1'],
    ])
    expect(model.graph.nodes.map(({ inputs, outputs }) => [inputs.map(({ value }) => value), outputs])).toEqual([
      [['x', 'scale/scale'], ['inner']],
      [['inner', 'again/scale'], ['m']],
      [['m', '1/scale/scale'], ['1/inner']],
      [['1/inner', '1/again/scale'], ['y']],
    ])
    expect(model.graph).toMatchObject({ inputs: ['x'], outputs: ['y', 'm'] })
    expect(model.graph.values.get('1/scale/scale')!.constant!.read().data).toEqual(new Float32Array([2]))
    expect(model.metadata['type']).toBe('pipeline')
  })

  it('renames what a body reads of the graph around it', async () => {
    const branch = layer('if', 'branch', ['inner'], [], { ifBranch: { layers: [layer('c', 'copy', ['inner'], ['inside'])] } })
    const second = networkModel({
      layers: [scale('scale', 'm', 'inner', 2), branch, scale('again', 'inner', 'y', 3)],
      input: [array('m', [3])],
      output: [array('y', [3])],
    })
    const model = await open(pipeline([stage('x', 'm'), second], [array('x', [3])], [array('y', [3])]))
    const [body] = model.graph.nodes[3]!.bodies
    expect(body!.variables).toEqual([])
    expect(body!.graph.nodes[0]).toMatchObject({ inputs: [{ parameter: 'input', value: '1/inner' }], outputs: ['inside'] })
  })

  it('takes the preprocessing of its image from the first stage, and the labels from the last', async () => {
    const first = networkModel({
      layers: [layer('c', 'copy', ['picture'], ['m'])],
      input: [image('picture', 2, 2)],
      output: [array('m', [1, 3, 2, 2])],
      network: { preprocessing: [{ featureName: 'picture', scaler: { channelScale: 2 } }] },
    })
    const last = networkModel({
      type: 'neuralNetworkClassifier',
      layers: [layer('p', 'copy', ['m'], ['p'])],
      input: [array('m', [1, 3, 2, 2])],
      output: [feature('label', 'stringType'), feature('chances', 'dictionaryType', { stringKeyType: {} })],
      description: { predictedFeatureName: 'label', predictedProbabilitiesName: 'chances' },
      network: { stringClassLabels: { vector: ['a', 'b'] }, labelProbabilityLayerName: 'p' },
    })
    const output = [feature('label', 'stringType'), feature('chances', 'dictionaryType', { stringKeyType: {} })]
    const models = { models: [first, last] }
    const model = await open({
      specificationVersion: 4,
      description: { input: [image('picture', 2, 2)], output },
      pipelineClassifier: { pipeline: models },
    })
    expect(model.inputs[0]!.image!.preprocessing).toEqual({ scale: 2, bias: [0, 0, 0] })
    expect(model.outputs).toMatchObject([
      { name: 'label', kind: 'label', labels: ['a', 'b'], value: 'p' },
      { name: 'chances', kind: 'probabilities', labels: ['a', 'b'], value: 'p' },
    ])
  })

  it('reads stages that are serialized models, and pipelines within pipelines', async () => {
    const serialized = { serializedModel: { identifier: 'model', model: encodeModel(stage('m', 'y')) } }
    const inner = pipeline([serialized], [array('m', [3])], [array('y', [3])])
    const model = await open(pipeline([stage('x', 'm'), inner], [array('x', [3])], [array('y', [3])]))
    expect(model.graph.nodes.at(-1)).toMatchObject({ name: '1/again', where: 'stage 1, stage 0, layer 1', outputs: ['y'] })
  })

  const within = (depth: number): Fields => {
    let nested = stage('x', 'y')
    for (let i = 0; i < depth; i++) nested = pipeline([nested], [array('x', [3])], [array('y', [3])])
    return nested
  }
  /** Of a field that holds bytes. */
  const fieldTag = (number: number): number => 8 * number + 2
  const tooDeep = { code: 'UNSUPPORTED_NESTING', what: expect.stringContaining('The model is nested too deeply') }

  it('that is nested eight times is read', async () => {
    expect((await open(within(8))).graph.nodes.at(-1)).toMatchObject({ outputs: ['y'] })
  })

  it.each([9, 20])('that is nested %i times is refused by its depth', async (depth) => {
    await expect(open(within(depth))).rejects.toMatchObject(tooDeep)
  })

  /** As `within`, also where messages lie deeper within each other than protobufjs encodes them. */
  function bytesWithin(depth: number): Uint8Array {
    const { pipeline: _, ...outer } = pipeline([], [array('x', [3])], [array('y', [3])])
    let bytes = encodeModel(stage('x', 'y'))
    for (let i = 0; i < depth; i++) {
      const models = protobuf.Writer.create().uint32(fieldTag(1)).bytes(bytes).finish()
      const field = protobuf.Writer.create().uint32(fieldTag(202)).bytes(models).finish()
      bytes = Buffer.concat([encodeModel(outer), field])
    }
    return bytes
  }

  it.each([50, 500])('that is nested %i times, beyond what its messages may be, is refused by its depth, too', async (depth) => {
    await expect(openModel(folder.write('deep.mlmodel', bytesWithin(depth)))).rejects.toMatchObject(tooDeep)
    expect((await openModel(folder.write('flat.mlmodel', bytesWithin(8)))).graph.nodes).not.toHaveLength(0)
  })

  it('that is wrapped without end is refused by its depth', async () => {
    let wrapped: Fields = stage('x', 'y')
    for (let i = 0; i < 20; i++) wrapped = { specificationVersion: 4, description: {}, serializedModel: { model: encodeModel(wrapped) } }
    await expect(open(wrapped)).rejects.toMatchObject(tooDeep)
  })

  it.each([
    ['glmClassifier', {}],
    ['treeEnsembleRegressor', {}],
    ['visionFeaturePrint', {}],
  ])('with a %s is refused by name', async (type, parameters) => {
    const other = { specificationVersion: 4, description: {}, [type]: parameters }
    await expect(open(pipeline([stage('x', 'm'), other], [array('x', [3])], [array('m', [3])]))).rejects.toMatchObject({
      code: 'UNSUPPORTED_MODEL_TYPE',
      what: `The model is a ${type}, which is no neural network`,
      where: expect.stringContaining('pipeline stage 1'),
    })
  })

  it('whose stages see a feature in different ways is refused', async () => {
    const rank5 = stage('m', 'y', { arrayInputShapeMapping: 'RANK5_ARRAY_MAPPING' })
    await expect(open(pipeline([stage('x', 'm'), rank5], [array('x', [3])], [array('y', [3])]))).rejects.toMatchObject({
      code: 'UNSUPPORTED_PIPELINE',
      what: expect.stringContaining('shape of m'),
    })
    const half = tensorType('FLOAT16', [3])
    const main = programFunction({
      inputs: [named('m', half)],
      outputs: ['y'],
      operations: [operation('identity', { x: 'm' }, [named('y', half)])],
    })
    const program = programModel({
      functions: { main },
      description: { input: [array('m', [3], 'FLOAT16')], output: [array('y', [3], 'FLOAT16')] },
    })
    await expect(open(pipeline([stage('x', 'm'), program], [array('x', [3])], [array('y', [3])]))).rejects.toMatchObject({
      code: 'UNSUPPORTED_PIPELINE',
      what: 'm is float32 where it is made and float16 where it is read',
    })
    const imageStage = networkModel({ layers: [layer('c', 'copy', ['m'], ['y'])], input: [image('m', 1, 1)], output: [array('y', [3])] })
    await expect(open(pipeline([stage('x', 'm'), imageStage], [array('x', [3])], [array('y', [3])]))).rejects.toMatchObject({
      code: 'UNSUPPORTED_PIPELINE',
      what: 'The image m comes from another stage',
    })
  })

  it('that misses an input or output is refused', async () => {
    await expect(open(pipeline([stage('z', 'y')], [array('x', [3])], [array('y', [3])]))).rejects.toMatchObject({ code: 'MODEL_BROKEN' })
    await expect(open(pipeline([stage('x', 'y')], [array('x', [3])], [array('z', [3])]))).rejects.toMatchObject({ code: 'MODEL_BROKEN' })
  })
})
