import { zipSync } from 'fflate'
import { describe, expect, it } from 'vitest'
import { describeFeatures } from '../../../src/formats/tflite/metadata.js'
import type { InputFeature, OutputFeature } from '../../../src/graph/model.js'
import { type Plain, writeTable } from './write.js'

const inputs: InputFeature[] = [{ name: 'image', dtype: 'float32', shape: [1, 4, 4, 3], kind: 'multiarray' }]
const outputs: OutputFeature[] = [{ name: 'probabilities', dtype: 'float32', shape: [1, 3], kind: 'multiarray' }]
const archive = (text: string) => zipSync({ 'labels.txt': new TextEncoder().encode(text) })

const image = (mean: number[], std: number[]): Plain => ({
  content: { content_properties: { type: 'ImageProperties', value: { color_space: 'RGB' } } },
  process_units: [{ options: { type: 'NormalizationOptions', value: { mean, std } } }],
})
const labelled: Plain = { associated_files: [{ name: 'labels.txt', type: 'TENSOR_AXIS_LABELS' }] }
const entry = (input: Plain, output: Plain) =>
  writeTable('ModelMetadata', { subgraph_metadata: [{ input_tensor_metadata: [input], output_tensor_metadata: [output] }] })

describe('TFLite metadata', () => {
  it('says how pixels become numbers', () => {
    const { inputs: described, notes } = describeFeatures(entry(image([127.5], [127.5]), {}), new Uint8Array(0), inputs, outputs)
    expect(described[0]!.normalization).toEqual({ scale: 1 / 127.5, bias: [-1], order: 'RGB' })
    expect(notes).toEqual([])
  })
  it('with a deviation for each channel is no image preprocessing, and is said', () => {
    const { inputs: described, notes } = describeFeatures(entry(image([1, 2, 3], [1, 2, 3]), {}), new Uint8Array(0), inputs, outputs)
    expect(described).toEqual(inputs)
    expect(notes).toEqual(["the metadata's normalization of 'image' has a deviation for each channel and is not used"])
  })
  it('names the classes, in a file of an archive behind the model', () => {
    const { outputs: described } = describeFeatures(entry({}, labelled), archive('ash\nbirch\r\noak\n'), inputs, outputs)
    expect(described[0]!.labels).toEqual(['ash', 'birch', 'oak'])
  })
  it.each([
    ['other than there are classes', archive('ash\nbirch\n'), '2 labels for the 3 classes'],
    ['that are nowhere', new Uint8Array(40), 'are not in the file'],
    ['in a broken archive', archive('ash\nbirch\noak').slice(0, 30), 'are not in the file'],
  ])('labels %s are not used, and that is said', (_, file, note) => {
    const { outputs: described, notes } = describeFeatures(entry({}, labelled), file, inputs, outputs)
    expect(described).toEqual(outputs)
    expect(notes).toEqual([expect.stringContaining(note)])
  })
  it('that is broken changes nothing but the notes', () => {
    const broken = entry(image([1], [2]), labelled).slice(0, 20)
    expect(describeFeatures(broken, new Uint8Array(0), inputs, outputs)).toMatchObject({
      inputs,
      outputs,
      notes: [expect.stringContaining('metadata cannot be read')],
    })
  })
})
