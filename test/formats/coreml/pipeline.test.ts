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

  it('reads stages that are serialised models, and pipelines within pipelines', async () => {
    const serialised = { serializedModel: { identifier: 'model', model: encodeModel(stage('m', 'y')) } }
    const inner = pipeline([serialised], [array('m', [3])], [array('y', [3])])
    const model = await open(pipeline([stage('x', 'm'), inner], [array('x', [3])], [array('y', [3])]))
    expect(model.graph.nodes.at(-1)).toMatchObject({ name: '1/again', where: 'stage 1, stage 0, layer 1', outputs: ['y'] })
  })

  it('that is nested without end is refused', async () => {
    let nested = stage('x', 'y')
    for (let i = 0; i < 20; i++) nested = pipeline([nested], [array('x', [3])], [array('y', [3])])
    await expect(open(nested)).rejects.toMatchObject({ code: 'MODEL_BROKEN', what: 'The model is nested too deeply' })
    let wrapped: Fields = stage('x', 'y')
    for (let i = 0; i < 20; i++) wrapped = { specificationVersion: 4, description: {}, serializedModel: { model: encodeModel(wrapped) } }
    await expect(open(wrapped)).rejects.toMatchObject({ code: 'MODEL_BROKEN', what: 'The model is nested too deeply' })
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
