/**
 * What a TFLite file says of its inputs and outputs besides the graph (TFLite metadata, metadata_schema.fbs): how pixels become an input's
 * numbers, and the classes of an output, which stand in a file of an archive appended to the model.
 */
import { unzipSync } from 'fflate'
import { ParityError } from '../../graph/errors.js'
import type { InputFeature, OutputFeature } from '../../graph/model.js'
import { readRoot, type Table } from './flatbuffer.js'

/** Name of the model's metadata entry that holds it. */
export const METADATA_ENTRY = 'TFLITE_METADATA'

const MOST_LABEL_BYTES = 4e6
const LABELS: readonly string[] = ['TENSOR_AXIS_LABELS', 'TENSOR_VALUE_LABELS']

export interface Described {
  inputs: InputFeature[]
  outputs: OutputFeature[]
  /** What is there and was not used, with the reason. */
  notes: string[]
}

/**
 * The features of subgraph 0 with what the metadata in `entry` adds to them; `file` is the whole file, at whose end the archive stands.
 * Metadata that cannot be read changes nothing but the notes: the model runs without.
 */
export function describeFeatures(entry: Uint8Array, file: Uint8Array, inputs: InputFeature[], outputs: OutputFeature[]): Described {
  try {
    const [subgraph] = readRoot(entry, 'ModelMetadata').subgraph_metadata
    if (subgraph === undefined) return { inputs, outputs, notes: [] }
    const notes: string[] = []
    return {
      inputs: inputs.map((input, i) => withNormalization(input, subgraph.input_tensor_metadata[i], notes)),
      outputs: outputs.map((output, i) => withLabels(output, subgraph.output_tensor_metadata[i], file, notes)),
      notes,
    }
  } catch (error) {
    if (!(error instanceof ParityError)) throw error
    return { inputs, outputs, notes: [`the file's metadata cannot be read and is not used: ${error.what}`] }
  }
}

/** (pixel - mean) / std as pixel * scale + bias; one scale for all channels is what an image's preprocessing has. */
function withNormalization(input: InputFeature, metadata: Table<'TensorMetadata'> | undefined, notes: string[]): InputFeature {
  const options = metadata?.process_units.map((unit) => unit.options).find((one) => one?.type === 'NormalizationOptions')
  const content = metadata?.content?.content_properties
  if (!options || content?.type !== 'ImageProperties') return input
  const { mean, std } = options.value as unknown as Table<'NormalizationOptions'>
  const [first] = std
  if (first === undefined || mean.length === 0 || !std.every((one) => one === first && one !== 0)) {
    notes.push(`the metadata's normalization of '${input.name}' has a deviation for each channel and is not used`)
    return input
  }
  const colors = (content.value as unknown as Table<'ImageProperties'>).color_space
  return {
    ...input,
    normalization: { scale: 1 / first, bias: mean.map((one) => -one / first), ...(colors === 'RGB' && { order: 'RGB' as const }) },
  }
}

function withLabels(
  output: OutputFeature,
  metadata: Table<'TensorMetadata'> | undefined,
  file: Uint8Array,
  notes: string[],
): OutputFeature {
  const labelled = metadata?.associated_files.find(({ type }) => LABELS.includes(type))
  if (!labelled) return output
  const labels = labelsIn(file, labelled.name)
  const classes = output.shape?.at(-1)
  if (labels === undefined) notes.push(`the labels '${labelled.name}' of the metadata are not in the file`)
  else if (typeof classes === 'number' && classes !== labels.length) {
    notes.push(`the metadata has ${labels.length} labels for the ${classes} classes of '${output.name}', and they are not used`)
  } else return { ...output, labels }
  return output
}

/** One label a line. */
function labelsIn(file: Uint8Array, name: string): string[] | undefined {
  try {
    const members = unzipSync(file, { filter: (member) => member.name === name && member.originalSize <= MOST_LABEL_BYTES })
    const bytes = members[name]
    return bytes && new TextDecoder().decode(bytes).replace(/\r/g, '').replace(/\n+$/, '').split('\n')
  } catch {
    // no archive, or a broken one: the same as one without the file
    return undefined
  }
}
