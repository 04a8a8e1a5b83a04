/** Opens Core ML models: `.mlmodel` files and `.mlpackage` folders that hold a neural network, an ML Program, a non-maximum suppression, or a pipeline of those. */
import { dirname } from 'node:path'
import { decodeMessage, type MIL_Program, type Model as ModelMessage } from '../../../proto/coreml/reader.js'
import { at, ParityError } from '../../graph/errors.js'
import type { Graph } from '../../graph/graph.js'
import type { Format, Model, ModelFunction } from '../../graph/model.js'
import { once, openFile, sha256OfFile, sha256OfFolder } from '../file.js'
import { type Functions, MAIN, networkFunction, programFunctions } from './assemble.js'
import { type BlobStore, blobStore } from './blobs.js'
import { rootModelOf } from './package.js'
import { pipelineFunction } from './pipeline.js'
import { suppressionFunction } from './suppression.js'

const LARGEST_MESSAGE = 2 ** 31 - 1
/** Pipelines and serialized models within each other. */
const DEEPEST = 8
/** The newest published specification version (iOS 26). */
const NEWEST_VERSION = 10

/** What protobufjs says of messages within each other beyond its own limit, 100. */
const DEPTH_EXCEEDED = 'max depth exceeded'

const tooDeep = (cause?: unknown): ParityError =>
  new ParityError('UNSUPPORTED_NESTING', {
    what: `The model is nested too deeply: pipelines and serialized models are read up to ${DEEPEST} within each other, loops and branches up to some thirty`,
    remedy: 'Give the stages of the pipeline one by one, or convert the model with fewer bodies within each other',
    cause,
  })

/** @throws ParityError MODEL_BROKEN where the bytes end early or are no such message, UNSUPPORTED_NESTING where it has too many within each other. */
function decodeModel(bytes: Uint8Array): ModelMessage {
  try {
    return decodeMessage('CoreML.Model', bytes)
  } catch (error) {
    if (error instanceof ParityError) throw error
    if ((error as Error).message === DEPTH_EXCEEDED) throw tooDeep(error)
    throw new ParityError('MODEL_BROKEN', {
      what: `The file is no complete Core ML model: ${(error as Error).message}`,
      remedy: 'Copy or download the file again, or convert the model again',
      cause: error,
    })
  }
}

/** Serialized models stand in place of the model they hold. */
function unwrap(model: ModelMessage): ModelMessage {
  for (let depth = 0; model.Type === 'serializedModel'; depth++) {
    if (depth === DEEPEST) throw tooDeep()
    model = decodeModel(model.serializedModel!.model)
  }
  return model
}

/** Functions of a model of any type, `depth` pipelines deep. */
function functionsOf(outer: ModelMessage, blobs: BlobStore, depth = 0): Functions {
  if (depth > DEEPEST) throw tooDeep()
  const model = unwrap(outer)
  const readStage = (stage: ModelMessage): Functions => functionsOf(stage, blobs, depth + 1)
  const { description, Type: type } = model
  if (!type)
    throw new ParityError('MODEL_BROKEN', {
      what: 'The file holds no model of a known type',
      remedy: 'Copy the file again, or convert the model again',
    })
  if (!description) throw new ParityError('MODEL_BROKEN', { what: 'The model has no description', remedy: 'Convert the model again' })
  switch (type) {
    case 'mlProgram':
      return programFunctions(model.mlProgram as MIL_Program, description, blobs)
    case 'neuralNetwork':
    case 'neuralNetworkClassifier':
    case 'neuralNetworkRegressor':
      return single(networkFunction(model[type]!, description, model.specificationVersion))
    case 'pipeline':
      return single(pipelineFunction(model.pipeline!.models, description, readStage))
    case 'pipelineClassifier':
    case 'pipelineRegressor':
      return single(pipelineFunction(model[type]!.pipeline?.models ?? [], description, readStage))
    case 'nonMaximumSuppression':
      return single(suppressionFunction(MAIN, model.nonMaximumSuppression!, description, model.specificationVersion))
    default:
      throw new ParityError('UNSUPPORTED_MODEL_TYPE', {
        what: `The model is a ${type}, which is no neural network`,
        remedy: 'Neural networks, ML Programs, non-maximum suppression and pipelines of those can be read',
      })
  }
}

const single = (fn: ModelFunction): Functions => ({ functions: [fn], main: fn.name })

/** The classes that a suppression names, which none of its outputs has a place for. */
function classesOf({ nodes }: Graph): { [key: string]: string } {
  const labels = nodes.map(({ attributes }) => attributes['classLabels']).find(Array.isArray)
  return labels ? { classLabels: labels.map(String).join(', ') } : {}
}

function metadataOf(model: ModelMessage, graph: Graph): { [key: string]: string } {
  const metadata = model.description?.metadata
  const known = {
    author: metadata?.author,
    license: metadata?.license,
    version: metadata?.versionString,
    description: metadata?.shortDescription,
  }
  const filled = Object.entries({ ...known, ...metadata?.userDefined }).filter((entry): entry is [string, string] => Boolean(entry[1]))
  const own = { specificationVersion: String(model.specificationVersion), type: model.Type ?? '' }
  return { ...own, ...classesOf(graph), ...Object.fromEntries(filled), ...own }
}

function notesOf({ specificationVersion: version }: ModelMessage): string[] {
  if (version <= NEWEST_VERSION) return []
  return [`The model has specification version ${version}; what is newer than version ${NEWEST_VERSION} is not known here`]
}

function readModelFile(path: string): Uint8Array {
  const source = openFile(path)
  try {
    if (source.size > LARGEST_MESSAGE)
      throw new ParityError('MODEL_BROKEN', { what: `The file has ${source.size} bytes; a model has at most 2 GB` })
    return source.read(0, source.size)
  } finally {
    source.close()
  }
}

function assemble(path: string, file: string, format: Format, sha256: () => string): Model {
  const blobs = blobStore(dirname(file))
  try {
    const message = decodeModel(readModelFile(file))
    const { functions, main } = functionsOf(message, blobs)
    const named = new Map(functions.map((fn) => [fn.name, fn]))
    const { graph, inputs, outputs, states } = named.get(main)!
    return {
      path,
      format,
      graph,
      inputs,
      outputs,
      states,
      functions: named,
      defaultFunction: main,
      notes: notesOf(message),
      metadata: metadataOf(message, graph),
      sha256: once(sha256),
      close: () => blobs.close(),
    }
  } catch (error) {
    blobs.close()
    throw error
  }
}

/** Opens a `.mlmodel` file; weights of an ML Program are looked for beside it. */
export const openModelFile = (path: string): Model => at(path, () => assemble(path, path, 'mlmodel', () => sha256OfFile(path)))

/** Opens a `.mlpackage` folder. */
export const openPackage = (path: string): Model =>
  at(path, () => assemble(path, rootModelOf(path), 'mlpackage', () => sha256OfFolder(path)))

export { isPackage } from './package.js'
