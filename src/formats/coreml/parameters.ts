/**
 * A layer's parameters as a plain object under the published field names: enumerations by name, the set member of a oneof alone,
 * absent messages left out, scalars that the file leaves out filled in with their default. Weights and nested networks are set apart.
 */
import protobuf from 'protobufjs/light.js'
import { enumName, integer, type NeuralNetwork, type WeightParams } from '../../../proto/coreml/reader.js'
import { at, ParityError } from '../../graph/errors.js'
import type { Attribute } from '../../graph/graph.js'
import { linearParameters } from './weights.js'

export interface LayerParameters {
  attributes: { [key: string]: Attribute }
  /** By field path: 'weights', 'weightParams.0.inputGateWeightMatrix'. */
  weights: [path: string, weights: WeightParams][]
  networks: [field: string, network: NeuralNetwork][]
}

type Fields = { [key: string]: unknown }

interface Collected {
  weights: LayerParameters['weights']
  networks: LayerParameters['networks']
}

function scalar(field: protobuf.Field, value: unknown): Attribute {
  if (!(field.resolvedType instanceof protobuf.Enum))
    return typeof value === 'object' && !(value instanceof Uint8Array) ? integer(value as { toNumber(): number }) : (value as Attribute)
  const name = enumName(field.resolvedType.fullName, value as number)
  if (name === undefined) throw new ParityError('UNSUPPORTED_ENUM', { what: `${field.name} has the unknown value ${value}` })
  return name
}

/** What a layer that multiplies in int8 at run time needs to know of its weights. */
function quantizationAttribute(weights: WeightParams): Attribute | undefined {
  const linear = weights.quantization?.linearQuantization
  if (weights.int8RawValue.length === 0 || !linear) return undefined
  const { scale, bias } = linearParameters(linear)
  return { numberOfBits: 8, scale: Array.from(scale), bias: Array.from(bias) }
}

function messageAttribute(type: protobuf.Type, value: Fields, path: string, out: Collected): Attribute | undefined {
  if (type.name === 'WeightParams') {
    const weights = value as unknown as WeightParams
    out.weights.push([path, weights])
    return at(path, () => quantizationAttribute(weights))
  }
  if (type.name === 'NeuralNetwork') {
    out.networks.push([path, value as unknown as NeuralNetwork])
    return undefined
  }
  return attributesOf(type, value, `${path}.`, out)
}

function fieldAttribute(field: protobuf.Field, value: unknown, path: string, out: Collected): Attribute | undefined {
  const { resolvedType } = field
  if (!(resolvedType instanceof protobuf.Type))
    return field.repeated ? (value as unknown[]).map((element) => scalar(field, element)) : scalar(field, value)
  if (field.repeated) {
    const elements = (value as Fields[]).map((element, i) => messageAttribute(resolvedType, element, `${path}.${i}`, out))
    return elements.filter((element) => element !== undefined)
  }
  if (field.map) {
    const entries = Object.entries(value as { [key: string]: Fields }).map(([key, entry]) => [
      key,
      messageAttribute(resolvedType, entry, `${path}.${key}`, out),
    ])
    return Object.fromEntries(entries.filter(([, entry]) => entry !== undefined))
  }
  return value === null ? undefined : messageAttribute(resolvedType, value as Fields, path, out)
}

function attributesOf(type: protobuf.Type, message: Fields, prefix: string, out: Collected): { [key: string]: Attribute } {
  const attributes: { [key: string]: Attribute } = {}
  for (const field of type.fieldsArray) {
    if (field.partOf && message[field.partOf.name] !== field.name) continue
    const attribute = fieldAttribute(field, message[field.name], `${prefix}${field.name}`, out)
    if (attribute !== undefined) attributes[field.name] = attribute
  }
  return attributes
}

/** The parameters of one layer, a message of `type`. */
export function layerParameters(type: protobuf.Type, message: object): LayerParameters {
  const out: Collected = { weights: [], networks: [] }
  return { attributes: attributesOf(type, message as Fields, '', out), ...out }
}
