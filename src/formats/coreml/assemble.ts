/** A Core ML model's graph joined to its description: what each declared input and output means for the graph's values. */

import { tensor } from '../../../kernels/tensor.js'
import {
  type FeatureDescription,
  type FunctionDescription,
  integer,
  type MIL_Program,
  type ModelDescription,
  type NeuralNetwork,
  type NeuralNetworkPreprocessing,
} from '../../../proto/coreml/reader.js'
import { at, ParityError } from '../../graph/errors.js'
import type { Dialect, Value } from '../../graph/graph.js'
import type { ImageFeature, ImagePreprocessing, InputFeature, ModelFunction, OutputFeature } from '../../graph/model.js'
import type { BlobStore } from './blobs.js'
import { isGray, openShape, readInput, readOutput, readState } from './features.js'
import { readNetwork } from './neural-network.js'
import { floatsOf, packedField } from './numbers.js'
import { readFunction } from './program.js'

/** Features and predictions of a model or of one of its functions. */
export type Description = Pick<FunctionDescription, 'input' | 'output' | 'state' | 'predictedFeatureName' | 'predictedProbabilitiesName'>

/** Name of the only function of a model that is no ML Program with several. */
export const MAIN = 'main'

/** Functions of a model, and which of them runs by default. */
export interface Functions {
  functions: ModelFunction[]
  main: string
}

interface Prediction {
  /** Graph value of the probabilities. */
  value: string
  labels: string[] | bigint[]
  label: string
  dictionary: string
}

/** Binds declared outputs to values; of a classifier the label and the dictionary to the probabilities. */
function outputsOf(
  declared: FeatureDescription[],
  prediction: Prediction | undefined,
  finalValue: (name: string) => string | undefined,
): OutputFeature[] {
  return declared.map((feature) => {
    const output = readOutput(feature)
    if (prediction && output.name === prediction.label) {
      return { ...output, kind: 'label', labels: prediction.labels, value: prediction.value }
    }
    if (prediction && (output.name === prediction.dictionary || output.kind === 'probabilities')) {
      return {
        ...output,
        kind: 'probabilities',
        dtype: 'float32',
        shape: [prediction.labels.length],
        labels: prediction.labels,
        value: prediction.value,
      }
    }
    const value = finalValue(output.name)
    if (value === undefined) {
      throw new ParityError('MODEL_BROKEN', { what: `Nothing makes the model's output ${output.name}`, remedy: 'Convert the model again' })
    }
    return value === output.name ? output : { ...output, value }
  })
}

// ML Programs

/** One function of an ML Program. */
function programFunction(name: string, program: MIL_Program, description: Description, blobs: BlobStore): ModelFunction {
  const fn = Object.hasOwn(program.functions, name) ? program.functions[name] : undefined
  if (!fn) {
    const known = Object.keys(program.functions).join(', ') || 'none'
    throw new ParityError('MODEL_BROKEN', {
      what: `The program has no function ${name}; it has ${known}`,
      remedy: 'Convert the model again',
    })
  }
  const { graph, states, classification } = readFunction(name, fn, blobs)
  const prediction = classification && { ...classification, value: classification.probabilities }
  const inputs = description.input.map(readInput)
  for (const input of inputs) {
    if (!graph.inputs.includes(input.name)) throw new ParityError('MODEL_BROKEN', { what: `The program has no input ${input.name}` })
  }
  const known = outputsOf(description.output, prediction, (output) => (graph.values.has(output) ? output : undefined))
  const outputs = known.map((output) =>
    output.shape ? output : { ...output, shape: graph.values.get(output.value ?? output.name)!.shape },
  )
  return { name, graph, inputs, outputs, states: description.state.map(readState).filter((state) => states.includes(state.name)) }
}

/** Every described function of an ML Program, and which of them is the default. */
export function programFunctions(program: MIL_Program, description: ModelDescription, blobs: BlobStore): Functions {
  if (description.functions.length === 0) {
    const names = Object.keys(program.functions)
    const only = names.length === 1 ? names[0]! : MAIN
    return { functions: [programFunction(only, program, description, blobs)], main: only }
  }
  const functions = description.functions.map((described) => programFunction(described.name, program, described, blobs))
  const main = description.defaultFunctionName || functions[0]!.name
  if (!functions.some(({ name }) => name === main)) {
    throw new ParityError('MODEL_BROKEN', {
      what: `The default function ${main} is not among the model's functions`,
      remedy: 'Convert the model again',
    })
  }
  return { functions, main }
}

// Neural networks

/** What the network's preprocessing does to one image input. */
function preprocessingOf({ color, width, height }: ImageFeature, steps: NeuralNetworkPreprocessing[]): ImagePreprocessing | undefined {
  if (steps.length === 0) return undefined
  const gray = isGray(color)
  const scaler = steps.find(({ preprocessor }) => preprocessor === 'scaler')?.scaler
  const meanImage = steps.find(({ preprocessor }) => preprocessor === 'meanImage')?.meanImage
  const biases = scaler ? [scaler.redBias, scaler.greenBias, scaler.blueBias] : [0, 0, 0]
  const bias = gray ? [scaler?.grayBias ?? 0] : color === 'BGR' ? biases.reverse() : biases
  const preprocessing: ImagePreprocessing = { scale: scaler?.channelScale ?? 1, bias }
  if (!meanImage) return preprocessing
  const shape = [gray ? 1 : 3, height, width]
  const mean = floatsOf(packedField(meanImage, meanImage.meanImage, 1, 4))
  if (mean.length !== shape[0]! * height * width) {
    throw new ParityError('MODEL_BROKEN', { what: `The mean image has ${mean.length} numbers for an image of ${shape.join(' x ')}` })
  }
  return { ...preprocessing, mean: tensor('float32', shape, mean) }
}

/** Steps for an input; those without a name are for the first image. */
function networkInputs(network: NeuralNetwork, declared: FeatureDescription[]): InputFeature[] {
  const inputs = declared.map(readInput)
  const first = inputs.find(({ kind }) => kind === 'image')
  return inputs.map((input) => {
    if (!input.image) return input
    const steps = network.preprocessing.filter(({ featureName }) => featureName === input.name || (featureName === '' && input === first))
    const preprocessing = at(`preprocessing of ${input.name}`, () => preprocessingOf(input.image!, steps))
    return preprocessing ? { ...input, image: { ...input.image, preprocessing } } : input
  })
}

function arrayShape(shape: InputFeature['shape'], mapping: Dialect['arrayMapping']): InputFeature['shape'] {
  if (mapping === 'exact' || shape.length > 3) return shape
  return shape.length === 1 ? [1, 1, shape[0]!, 1, 1] : [...new Array<number>(5 - shape.length).fill(1), ...shape]
}

/** The value that layers see of a declared input: images as [1, 1, C, H, W] or [1, C, H, W], arrays of rank 1 and 3 as rank 5 or as they are. */
function inputValue({ name, shape, image, flexibility }: InputFeature, { arrayMapping, imageMapping }: Dialect): Value {
  if (!image) return { name, dtype: 'float32', shape: arrayShape(openShape(shape, flexibility), arrayMapping) }
  const planes = [isGray(image.color) ? 1 : 3, ...openShape([image.height, image.width], image.flexibility)]
  return { name, dtype: 'float32', shape: imageMapping === 'rank4' ? [1, ...planes] : [1, 1, ...planes] }
}

function labelsOf(network: NeuralNetwork): string[] | bigint[] | undefined {
  if (network.ClassLabels === 'stringClassLabels') return network.stringClassLabels!.vector
  if (network.ClassLabels === 'int64ClassLabels') return network.int64ClassLabels!.vector.map((label) => BigInt(integer(label)))
  return undefined
}

/** A neural network, classifier or regressor. */
export function networkFunction(network: NeuralNetwork, description: Description, version: number): ModelFunction {
  const dialect: Dialect = {
    name: 'neuralnetwork',
    version: String(version),
    arrayMapping: network.arrayInputShapeMapping === 1 ? 'exact' : 'rank5',
    imageMapping: network.imageInputShapeMapping === 1 ? 'rank4' : 'rank5',
  }
  const labels = labelsOf(network)
  const inputs = networkInputs(network, description.input)
  const scores = labels && (network.labelProbabilityLayerName || (network.layers.at(-1)?.output[0] ?? ''))
  const predicted = [description.predictedFeatureName, description.predictedProbabilitiesName]
  const plain = description.output.map(({ name }) => name).filter((name) => !labels || !predicted.includes(name))
  const values = inputs.map((input) => inputValue(input, dialect))
  const wanted = [...plain, ...(scores ? [scores] : [])]
  const { graph, finalValue } = readNetwork(network, { name: MAIN, dialect, inputs: values, outputs: wanted })
  const value = scores && finalValue(scores)
  if (labels && !value)
    throw new ParityError('MODEL_BROKEN', { what: `Nothing makes the class probabilities ${scores}`, remedy: 'Convert the model again' })
  const prediction = labels && { value: value!, labels, label: predicted[0]!, dictionary: predicted[1]! }
  return { name: MAIN, graph, inputs, outputs: outputsOf(description.output, prediction, finalValue), states: [] }
}
