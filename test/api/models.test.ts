/** Models, states and custom layers through the public API. */
import { copyFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { createSession, inspect, openModel, runModel } from '../../src/index.js'
import { scratch } from '../support/coreml.js'
import { float32 } from '../support/graphs.js'
import { golden } from '../support/parity.js'

const folder = scratch()
afterAll(folder.remove)

describe('openModel', () => {
  it('goes by the bytes, unless a format is given', async () => {
    const path = join(folder.path, 'net.onnx')
    copyFileSync(golden('digits/digits.tflite'), path)
    const model = await openModel(path)
    expect([model.format, model.notes]).toEqual(['tflite', [expect.stringContaining('net.onnx is a TensorFlow Lite model')]])
    model.close()
    await expect(openModel(path, { format: 'mlmodel' })).rejects.toMatchObject({
      name: 'ParityError',
      code: expect.stringMatching(/^MODEL_/),
    })
  })

  it('describes inputs and outputs', async () => {
    const model = await openModel(golden('digits/digits_image.mlmodel'))
    expect(model.inputs).toMatchObject([{ name: 'image', kind: 'image', dtype: 'uint8', shape: [16, 16] }])
    expect(model.outputs.map(({ kind }) => kind).sort()).toEqual(['label', 'probabilities'])
    expect(model.outputs.find(({ kind }) => kind === 'probabilities')?.labels).toHaveLength(10)
    model.close()
  })

  it('remembers the modules of custom layers for its sessions', async () => {
    const module = folder.write(
      'twice.mjs',
      'export default { evaluate: ({ inputs }) => [{ ...inputs[0], data: inputs[0].data.map((x) => 2 * x) }] }\n',
    )
    const bare = await openModel(golden('models/custom.mlmodel'))
    const className = String(Object.values(bare.graph.nodes[0]!.attributes).find((value) => typeof value === 'string'))
    const sample = float32(
      bare.inputs[0]!.shape as number[],
      new Array((bare.inputs[0]!.shape as number[]).reduce((a, b) => a * b, 1)).fill(3),
    )
    await expect((await createSession(bare)).run({ [bare.inputs[0]!.name]: sample })).rejects.toMatchObject({
      code: expect.stringMatching(/^UNSUPPORTED_/),
    })
    bare.close()
    const model = await openModel(golden('models/custom.mlmodel'), { customLayers: { [className]: module } })
    const values = await (await createSession(model)).run({ [model.inputs[0]!.name]: sample })
    expect(Array.from([...values.values()][0]!.data, Number)).toEqual(Array.from(sample.data, (x) => 2 * x))
    model.close()
  })
})

describe('session.state', () => {
  it('is kept from run to run, read and reset', async () => {
    const model = await openModel(golden('models/state.mlpackage'))
    const session = await createSession(model)
    const [name] = session.state.names()
    const shape = model.inputs[0]!.shape as number[]
    const ones = float32(shape, new Array(shape.reduce((a, b) => a * b, 1)).fill(1))
    const totalAfterRun = async () => {
      await session.run({ [model.inputs[0]!.name]: ones })
      return Number(session.state.read(name!).data[0])
    }
    expect([await totalAfterRun(), await totalAfterRun()]).toEqual([1, 2])
    session.state.reset()
    expect(Number(session.state.read(name!).data[0])).toBe(0)
    expect(await totalAfterRun()).toBe(1)
    await session.close()
    model.close()
  })
})

describe('runModel', () => {
  it('gives one sample at a time, and its remarks at the end', async () => {
    const seen: string[] = []
    const samples = runModel({
      model: golden('digits/digits_image.mlmodel'),
      inputs: [golden('digits/samples')],
      onNote: (note) => seen.push(note),
    })
    const first = await samples.next()
    expect(first.value).toMatchObject({ index: 0, count: 8, name: expect.stringContaining('0.png') })
    const rest: number[] = []
    for await (const { index } of samples) rest.push(index)
    expect(rest).toEqual([1, 2, 3, 4, 5, 6, 7])
    expect(seen).toEqual([])
  })

  it('starts every sample from the initial state', async () => {
    const values: number[][] = []
    for await (const sample of runModel({ model: golden('models/state.mlpackage'), random: { count: 2, seed: 1 } })) {
      values.push(Array.from([...sample.values.values()][0]!.data, Number))
    }
    const again: number[][] = []
    for await (const sample of runModel({ model: golden('models/state.mlpackage'), random: { count: 1, seed: 1 } })) {
      again.push(Array.from([...sample.values.values()][0]!.data, Number))
    }
    expect(values[0]).toEqual(again[0])
    expect(values[1]).not.toEqual(values[0])
  })
})

describe('inspect', () => {
  it('lists ops, values, weights and what a conversion is known to change', async () => {
    const found = await inspect(golden('digits/digits.tflite'))
    expect(found.opTypes).toMatchObject({ CONV_2D: 4, DEPTHWISE_CONV_2D: 3 })
    expect(found.risks.map(({ risk }) => risk)).toEqual(['dynamic-shape'])
    expect(found.risks[0]!.detail).toContain('has shape [?, 16, 16, 1]')
    expect(found.unsupported).toEqual([])
  })
})
