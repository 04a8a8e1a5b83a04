import { afterAll, describe, expect, it } from 'vitest'
import { openModel } from '../../../src/formats/index.js'
import type { Model } from '../../../src/graph/model.js'
import { array, encodeModel, type Fields, feature, floats, layer, networkModel, scratch, weights } from '../../support/coreml.js'

const folder = scratch()
afterAll(() => folder.remove())

let files = 0
const open = (model: Fields): Promise<Model> => openModel(folder.write(`${files++}.mlmodel`, encodeModel(model)))

const scale = (name: string, input: string, output: string, factor: number): Fields =>
  layer(name, 'scale', [input], [output], { shapeScale: [1], scale: weights([factor]) })

describe('a model', () => {
  it('without a type or description is refused', async () => {
    await expect(open({ specificationVersion: 4, description: { input: [array('x', [1])] } })).rejects.toMatchObject({
      code: 'MODEL_BROKEN',
    })
    await expect(open({ specificationVersion: 4, neuralNetwork: { layers: [] } })).rejects.toMatchObject({
      code: 'MODEL_BROKEN',
      what: 'The model has no description',
    })
  })

  it('of another kind is refused by name', async () => {
    await expect(open({ specificationVersion: 1, description: {}, supportVectorClassifier: {} })).rejects.toMatchObject({
      code: 'UNSUPPORTED_MODEL_TYPE',
      what: expect.stringContaining('supportVectorClassifier'),
    })
  })

  it('tells what it says of itself', async () => {
    const metadata = { author: 'A', license: 'MIT', versionString: '2', shortDescription: 'S', userDefined: { source: 'tensorflow' } }
    const regressor = networkModel({
      type: 'neuralNetworkRegressor',
      layers: [scale('s', 'x', 'y', 2)],
      input: [array('x', [1])],
      output: [feature('y', 'doubleType')],
      description: { metadata, predictedFeatureName: 'y' },
    })
    const model = await open(regressor)
    expect(model.metadata).toEqual({
      specificationVersion: '4',
      type: 'neuralNetworkRegressor',
      author: 'A',
      license: 'MIT',
      version: '2',
      description: 'S',
      source: 'tensorflow',
    })
    expect(model.outputs).toEqual([{ name: 'y', kind: 'scalar', dtype: 'float64', shape: [] }])
  })

  it('of a newer specification is read with a note', async () => {
    const newer = networkModel({
      layers: [scale('s', 'x', 'y', 2)],
      input: [array('x', [1])],
      output: [array('y', [1])],
      specificationVersion: 11,
    })
    expect((await open(newer)).notes).toEqual([expect.stringContaining('specification version 11')])
  })

  it('that is cut off anywhere is refused', async () => {
    const whole = encodeModel(
      networkModel({
        layers: [
          layer('d', 'innerProduct', ['x'], ['y'], {
            inputChannels: 8,
            outputChannels: 8,
            weights: { floatValue: floats(new Array(64).fill(1)) },
          }),
        ],
        input: [array('x', [8])],
        output: [array('y', [8])],
      }),
    )
    for (let part = 1; part < 16; part++) {
      const path = folder.write('cut.mlmodel', whole.subarray(0, Math.floor((whole.length * part) / 16)))
      await expect(openModel(path)).rejects.toMatchObject({ code: 'MODEL_BROKEN', where: expect.stringContaining('cut.mlmodel') })
    }
  })

  it('with hostile lengths is refused at once', async () => {
    const start = [0x08, 4, 0x12, 0]
    const bodies = [
      [0xa2, 0x1f, 0xff, 0xff, 0xff, 0xff, 0x07],
      [0xa2, 0x1f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01],
      [0xa2, 0x1f, 2, 0x0a, 0x7f],
      [0xa2, 0x1f, 1, 0x0b],
      [0xa2, 0x1f, 2, 0x07, 0x00],
    ]
    for (const body of bodies) {
      await expect(openModel(folder.write('hostile.mlmodel', Buffer.from([...start, ...body])))).rejects.toMatchObject({
        code: 'MODEL_BROKEN',
      })
    }
  })
})
