/**
 * Non-maximum suppression as a model of its own (NonMaximumSuppression.proto), mostly the last stage of a detector's pipeline: a graph of
 * one node, whose attributes are the message's fields and the numbers of boxes that the described outputs leave room for.
 */
import {
  type ArrayFeatureType,
  type FeatureDescription,
  integer,
  type ModelDescription,
  type NonMaximumSuppression,
} from '../../../proto/coreml/reader.js'
import { at, ParityError } from '../../graph/errors.js'
import type { Attribute, Dimension, Graph, Node, Value } from '../../graph/graph.js'
import type { InputFeature, ModelFunction, OutputFeature } from '../../graph/model.js'
import { takeName } from '../../graph/names.js'
import { spellShape } from '../../graph/shapes.js'
import { openShape, readInput, readOutput, sizesAlong } from './features.js'

const TYPE = 'nonMaximumSuppression'
const COORDINATES = 4

function broken(what: string): ParityError {
  return new ParityError('MODEL_BROKEN', { what, remedy: 'Build the suppression model again' })
}

/** The described feature that a field of the message names. */
function named(declared: readonly FeatureDescription[], name: string, field: string): FeatureDescription {
  if (name === '') throw broken(`The suppression has no ${field}`)
  const found = declared.find((feature) => feature.name === name)
  if (!found) throw broken(`The suppression's ${field} is ${name}, which the model does not describe`)
  return found
}

function arrayOf({ name, type }: FeatureDescription): ArrayFeatureType {
  if (type?.Type !== 'multiArrayType') throw broken(`${name} is of type ${type?.Type ?? 'none'}, expected an array`)
  return type.multiArrayType!
}

/** An input of rows; a shape that is not described is open. */
function arrayInput(feature: FeatureDescription, columns: Dimension): InputFeature {
  arrayOf(feature)
  const input = readInput(feature)
  return input.shape.length > 0 ? input : { ...input, shape: [null, columns] }
}

/** A threshold that callers may give, however it is described; without it the model's own holds. */
function thresholdInput(feature: FeatureDescription, threshold: number): InputFeature {
  const { name, type } = feature
  if (type?.Type !== 'doubleType') throw broken(`${name} is of type ${type?.Type ?? 'none'}, expected a double`)
  return { ...readInput(feature), optional: true, default: threshold }
}

/** The value that the node sees: rows in double precision are computed in float32, as what a network gives is no finer. */
const arrayValue = ({ name, dtype, shape, flexibility }: InputFeature): Value => ({
  name,
  dtype: dtype === 'float64' ? 'float32' : dtype,
  shape: openShape(shape, flexibility),
})

const scalarValue = ({ name, dtype, shape }: InputFeature): Value => ({ name, dtype, shape })

/** What the node reads, by parameter. */
type Inputs = [parameter: string, input: InputFeature][]

function inputsOf(nms: NonMaximumSuppression, declared: readonly FeatureDescription[]): Inputs {
  const { coordinatesInputFeatureName: coordinates, confidenceInputFeatureName: confidence } = nms
  const threshold = (parameter: 'iouThreshold' | 'confidenceThreshold', name: string): Inputs => {
    const feature = name === '' ? undefined : declared.find((one) => one.name === name)
    return feature ? [[parameter, thresholdInput(feature, nms[parameter])]] : []
  }
  const inputs: Inputs = [
    ['coordinates', arrayInput(named(declared, coordinates, 'coordinatesInputFeatureName'), COORDINATES)],
    ['confidence', arrayInput(named(declared, confidence, 'confidenceInputFeatureName'), null)],
    ...threshold('iouThreshold', nms.iouThresholdInputFeatureName),
    ...threshold('confidenceThreshold', nms.confidenceThresholdInputFeatureName),
  ]
  const names = inputs.map(([, { name }]) => name)
  if (new Set(names).size < names.length) throw broken(`The suppression takes ${names.join(', ')}, expected a feature for each`)
  return inputs
}

function labelsOf(nms: NonMaximumSuppression): string[] | bigint[] | undefined {
  if (nms.ClassLabels === 'stringClassLabels') return nms.stringClassLabels!.vector
  if (nms.ClassLabels === 'int64ClassLabels') return nms.int64ClassLabels!.vector.map((label) => BigInt(integer(label)))
  return undefined
}

const differ = (a: Dimension | undefined, b: Dimension | undefined): boolean => a != null && b != null && a !== b

/** Refuses what is described and cannot be: rows that do not fit each other, and classes that the labels do not name. */
function checkShapes([boxes, scores]: readonly Value[], kept: OutputFeature, labels: readonly unknown[] | undefined): void {
  const shapes = `${boxes!.name} has shape ${spellShape(boxes!.shape ?? [])}, ${scores!.name} ${spellShape(scores!.shape ?? [])}`
  const [rows, columns] = boxes!.shape?.length === 2 ? boxes!.shape : []
  if (differ(columns, COORDINATES)) throw broken(`${shapes}, expected four coordinates a box`)
  if (scores!.shape?.length === 2 && differ(rows, scores!.shape[0])) throw broken(`${shapes}, expected one row a box in both`)
  for (const { name, shape } of [scores!, kept]) {
    const classes = shape?.length === 2 ? shape[1] : undefined
    if (labels && differ(classes, labels.length)) throw broken(`${name} has ${classes} classes, the model ${labels.length} labels`)
  }
}

/** How many boxes the described outputs hold at least and at most; either may say it for both. */
function roomFor(outputs: readonly FeatureDescription[]): { minBoxes: number; maxBoxes?: number } {
  const rows = outputs.flatMap((feature) => at(`output ${feature.name}`, () => sizesAlong(arrayOf(feature), 0)) ?? [])
  const min = Math.max(0, ...rows.map((row) => row.min))
  const max = Math.min(...rows.map((row) => row.max ?? Infinity))
  if (min > max) throw broken(`The outputs hold ${min} boxes or more and ${max} or fewer`)
  return { minBoxes: min, ...(max < Infinity && { maxBoxes: max }) }
}

function checkThresholds({ iouThreshold, confidenceThreshold }: NonMaximumSuppression): void {
  if (!(iouThreshold >= 0 && iouThreshold <= 1)) throw broken(`iouThreshold is ${iouThreshold}, expected 0 to 1`)
  if (!(confidenceThreshold >= 0)) throw broken(`confidenceThreshold is ${confidenceThreshold}, expected 0 or more`)
}

/** The features in the order in which the model describes them. */
function inOrder<T extends { name: string }>(features: readonly T[], declared: readonly FeatureDescription[]): T[] {
  return declared.flatMap(({ name }) => features.find((feature) => feature.name === name) ?? [])
}

/** A suppression model as a function of one node. */
export function suppressionFunction(
  name: string,
  nms: NonMaximumSuppression,
  { input, output }: ModelDescription,
  version: number,
): ModelFunction {
  checkThresholds(nms)
  const inputs = inputsOf(nms, input)
  const labels = labelsOf(nms)
  const described = [
    named(output, nms.coordinatesOutputFeatureName, 'coordinatesOutputFeatureName'),
    named(output, nms.confidenceOutputFeatureName, 'confidenceOutputFeatureName'),
  ]
  const room = roomFor(described)
  const values = inputs.map(([, feature]) => (feature.kind === 'scalar' ? scalarValue(feature) : arrayValue(feature)))
  const taken = new Set(values.map((value) => value.name))
  const outputs = described.map((feature): OutputFeature => ({ ...readOutput(feature), value: takeName(taken, feature.name, 1) }))
  checkShapes(values, outputs[1]!, labels)
  const made = outputs.map(({ value, shape }, index): Value => ({ name: value!, dtype: values[index]!.dtype, shape }))

  const attributes: { [key: string]: Attribute } = {
    perClass: nms.pickTop?.perClass ?? false,
    iouThreshold: nms.iouThreshold,
    confidenceThreshold: nms.confidenceThreshold,
    ...room,
    ...(labels && { classLabels: labels }),
  }
  const node: Node = {
    name: TYPE,
    type: TYPE,
    dialect: { name: 'coreml', version: String(version) },
    inputs: inputs.map(([parameter], index) => ({ parameter, value: values[index]!.name })),
    outputs: made.map((value) => value.name),
    attributes,
    bodies: [],
    where: 'the suppression',
  }
  const graph: Graph = {
    name,
    inputs: values.map((value) => value.name),
    outputs: [...node.outputs] as string[],
    values: new Map([...values, ...made].map((value) => [value.name, value])),
    nodes: [node],
  }
  const features = inputs.map(([, feature]) => feature)
  const shown = outputs.map(({ value, ...feature }): OutputFeature => (value === feature.name ? feature : { ...feature, value: value! }))
  return { name, graph, inputs: inOrder(features, input), outputs: inOrder(shown, output), states: [] }
}
