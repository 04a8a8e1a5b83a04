/** Reads TFLite files: subgraphs, signatures, variables and metadata. The schema is in proto/tflite. */
import { createHash } from 'node:crypto'
import { IDENTIFIER, ROOT } from '../../../proto/tflite/generated/schema.js'
import { ParityError } from '../../graph/errors.js'
import type { Graph } from '../../graph/graph.js'
import type { InputFeature, Model, ModelFunction, OutputFeature } from '../../graph/model.js'
import { Buffers } from './buffers.js'
import type { Table } from './flatbuffer.js'
import { readRoot } from './flatbuffer.js'
import type { Subgraph } from './graphs.js'
import { Subgraphs } from './graphs.js'
import { describeFeatures, METADATA_ENTRY } from './metadata.js'
import { isBlockwise } from './tensors.js'

const SCHEMA_VERSION = 3
/** The name of subgraph 0 as a function where no signature names it. */
const MAIN = 'main'

/** Whether a file that begins with `head` (8 bytes suffice) is a TFLite file. */
export const recognize = (head: Uint8Array): boolean =>
  head.length >= 8 && new TextDecoder('latin1').decode(head.subarray(4, 8)) === IDENTIFIER

/**
 * The model in `bytes`. Subgraph 0 runs by default; each signature is a function, its keys are aliases of the tensors' names.
 * Constants are read from `bytes` when they are asked for.
 * @param path for messages
 * @throws ParityError MODEL_FORMAT for a foreign file, MODEL_… for a broken one with the byte or the place in it
 */
export function readTflite(path: string, bytes: Uint8Array): Model {
  try {
    return read(path, bytes)
  } catch (error) {
    if (!(error instanceof ParityError)) throw error
    throw new ParityError(error.code, {
      what: error.what,
      where: [path, error.where].filter(Boolean).join(', '),
      remedy: error.remedy,
      cause: error,
    })
  }
}

function read(path: string, bytes: Uint8Array): Model {
  if (!recognize(bytes)) {
    throw new ParityError('MODEL_FORMAT', {
      what: `Not a TFLite file: bytes 4 to 7 are not "${IDENTIFIER}"`,
      remedy: 'Give a .tflite file',
    })
  }
  const source = readRoot(bytes, ROOT)
  if (source.version !== SCHEMA_VERSION) {
    throw new ParityError('UNSUPPORTED_VERSION', {
      what: `Version ${source.version} of the TFLite schema; ${SCHEMA_VERSION} is read`,
      remedy: 'Convert the model with a newer converter',
    })
  }
  const buffers = new Buffers(bytes, source.buffers)
  const subgraphs = new Subgraphs(source, buffers)
  const functions = functionsOf(source, subgraphs)
  const defaultFunction = [...functions].find(([, { graph }]) => graph === subgraphs.get(0).graph)![0]
  const described = describe(source, buffers, bytes, functions.get(defaultFunction)!)
  functions.set(defaultFunction, described.entry)
  let digest: string | undefined
  return {
    path,
    format: 'tflite',
    ...described.entry,
    functions,
    defaultFunction,
    notes: [...notesOf(source), ...described.notes],
    metadata: metadataOf(source, buffers),
    sha256: () => (digest ??= createHash('sha256').update(bytes).digest('hex')),
    close() {},
  }
}

/** The default function with what the file's metadata says of its features. */
function describe(
  source: Table<'Model'>,
  buffers: Buffers,
  file: Uint8Array,
  entry: ModelFunction,
): { entry: ModelFunction; notes: string[] } {
  const metadata = source.metadata.find(({ name }) => name === METADATA_ENTRY)
  if (metadata === undefined) return { entry, notes: [] }
  const { inputs, outputs, notes } = describeFeatures(buffers.get(metadata.buffer), file, entry.inputs, entry.outputs)
  return { entry: { ...entry, inputs, outputs }, notes }
}

function functionsOf(source: Table<'Model'>, subgraphs: Subgraphs): Map<string, ModelFunction> {
  const functions = new Map<string, ModelFunction>()
  const add = (name: string, subgraph: Subgraph, signature?: Table<'SignatureDef'>): void => {
    let unique = name
    while (functions.has(unique)) unique = `${unique}#${functions.size}`
    functions.set(unique, functionOf(unique, subgraph, signature))
  }
  for (const signature of source.signature_defs) add(signature.signature_key, subgraphs.get(signature.subgraph_index), signature)
  if (!source.signature_defs.some((signature) => signature.subgraph_index === 0)) add(MAIN, subgraphs.get(0))
  return functions
}

function functionOf(name: string, { graph, states, names }: Subgraph, signature?: Table<'SignatureDef'>): ModelFunction {
  const inputAliases = aliasesOf(signature?.inputs ?? [], names)
  const outputAliases = aliasesOf(signature?.outputs ?? [], names)
  return {
    name,
    graph,
    inputs: graph.inputs.map((input) => inputFeature(graph, input, inputAliases.get(input))),
    outputs: unique(graph.outputs).map((output) => outputFeature(graph, output, outputAliases.get(output))),
    states,
  }
}

function inputFeature(graph: Graph, name: string, aliases: string[] | undefined): InputFeature {
  const { dtype, shape, quantization } = graph.values.get(name)!
  if (!dtype)
    throw new ParityError('UNSUPPORTED_DTYPE', {
      what: `Input ${name} has a type that cannot be fed`,
      remedy: 'Export a function whose inputs are tensors of numbers or text',
    })
  return { name, dtype, shape: shape ?? [], kind: 'multiarray', ...(quantization && { quantization }), ...(aliases && { aliases }) }
}

function outputFeature(graph: Graph, name: string, aliases: string[] | undefined): OutputFeature {
  const { dtype, shape } = graph.values.get(name)!
  return { name, dtype, shape, kind: 'multiarray', ...(aliases && { aliases }) }
}

/** A signature's keys by the name of the value they stand for. */
function aliasesOf(entries: Table<'TensorMap'>[], names: string[]): Map<string, string[]> {
  const aliases = new Map<string, string[]>()
  for (const { name, tensor_index } of entries) {
    const value = names[tensor_index]
    if (value === undefined) {
      throw new ParityError('MODEL_BROKEN', {
        what: `A signature's key ${name} names tensor ${tensor_index} of ${names.length}`,
        remedy: 'Convert the model again',
      })
    }
    if (value !== name) aliases.set(value, [...(aliases.get(value) ?? []), name])
  }
  return aliases
}

const unique = <T>(items: readonly T[]): T[] => [...new Set(items)]

function notesOf(source: Table<'Model'>): string[] {
  const blockwise = source.subgraphs.flatMap(({ tensors }) => tensors.filter(isBlockwise).map(({ name }) => name))
  return blockwise.length
    ? [`Quantized by blocks, which is not read: ${blockwise.slice(0, 3).join(', ')}${blockwise.length > 3 ? ', …' : ''}`]
    : []
}

/** Version, description, and the metadata entries that are text; of others the size. */
function metadataOf(source: Table<'Model'>, buffers: Buffers): { [key: string]: string } {
  const metadata: { [key: string]: string } = { version: String(source.version) }
  if (source.description) metadata['description'] = source.description
  for (const { name, buffer } of source.metadata) {
    const bytes = buffers.get(buffer)
    const text = new TextDecoder().decode(bytes.subarray(0, 1024)).replace(/\0+$/, '')
    metadata[name] = /^[\x20-\x7e\n]*$/.test(text) && bytes.byteLength <= 1024 ? text : `${bytes.byteLength} bytes`
  }
  return metadata
}
