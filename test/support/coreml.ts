/** Builds small Core ML models: messages as plain objects under the published field names, encoded and written for a test to open. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { messageType } from '../../proto/coreml/reader.js'

/** A message as a plain object; enumerations by name or number. */
export type Fields = { [field: string]: unknown }

/** The bytes of a CoreML.Model. */
export function encodeModel(model: Fields): Uint8Array {
  const type = messageType('CoreML.Model')
  return type.encode(type.fromObject(model)).finish()
}

/** Packed floats, as our own .proto declares lists of weights. */
export const floats = (values: readonly number[]): Uint8Array[] => [Buffer.from(Float32Array.from(values).buffer)]

/** WeightParams of float32. */
export const weights = (values: readonly number[]): Fields => ({ floatValue: floats(values) })

// Features

export const array = (name: string, shape: readonly number[], dataType = 'FLOAT32', more: Fields = {}): Fields => ({
  name,
  type: { multiArrayType: { shape, dataType, ...more } },
})

export const image = (name: string, width: number, height: number, colorSpace = 'RGB', more: Fields = {}): Fields => ({
  name,
  type: { imageType: { width, height, colorSpace, ...more } },
})

export const feature = (name: string, type: string, value: Fields = {}): Fields => ({ name, type: { [type]: value } })

// Neural networks

/** A layer of a kind with its parameters. */
export const layer = (
  name: string,
  kind: string,
  input: readonly string[],
  output: readonly string[],
  parameters: Fields = {},
): Fields => ({
  name,
  input,
  output,
  [kind]: parameters,
})

export interface NetworkParts {
  layers: readonly Fields[]
  input: readonly Fields[]
  output: readonly Fields[]
  /** Fields of the network besides its layers. */
  network?: Fields
  /** Fields of the description besides input and output. */
  description?: Fields
  type?: 'neuralNetwork' | 'neuralNetworkClassifier' | 'neuralNetworkRegressor'
  specificationVersion?: number
}

/** A model of one network; arrays are mapped exactly unless `network` says otherwise. */
export const networkModel = ({
  layers,
  input,
  output,
  network,
  description,
  type = 'neuralNetwork',
  specificationVersion = 4,
}: NetworkParts): Fields => ({
  specificationVersion,
  description: { input, output, ...description },
  [type]: { layers, arrayInputShapeMapping: 'EXACT_ARRAY_MAPPING', imageInputShapeMapping: 'RANK4_IMAGE_MAPPING', ...network },
})

// ML Programs

/** A tensor type; null is an unknown dimension. */
export const tensorType = (dataType: string, shape: readonly (number | null)[]): Fields => ({
  tensorType: {
    dataType,
    rank: shape.length,
    dimensions: shape.map((size) => (size === null ? { unknown: {} } : { constant: { size } })),
  },
})

/** The field of a TensorValue that holds each data type. */
const VALUE_FIELDS: { [dataType: string]: string } = {
  FLOAT32: 'floats',
  FLOAT64: 'doubles',
  INT16: 'ints',
  UINT16: 'ints',
  INT32: 'ints',
  INT64: 'longInts',
  UINT64: 'longInts',
  BOOL: 'bools',
  STRING: 'strings',
}

function elements(dataType: string, values: readonly unknown[] | Uint8Array): unknown {
  if (dataType === 'FLOAT32') return floats(values as number[])
  if (dataType === 'FLOAT64') return [Buffer.from(Float64Array.from(values as number[]).buffer)]
  return values
}

/** A tensor in the program itself; types without a list of their own (float16, int8, less than a byte) take raw bytes. */
export const immediate = (dataType: string, shape: readonly number[], values: readonly unknown[] | Uint8Array): Fields => ({
  type: tensorType(dataType, shape),
  immediateValue: { tensor: { [VALUE_FIELDS[dataType] ?? 'bytes']: { values: elements(dataType, values) } } },
})

export const scalar = (dataType: string, value: unknown): Fields => immediate(dataType, [], [value])

export const text = (value: string): Fields => scalar('STRING', value)

/** A list of scalars. */
export const list = (values: readonly Fields[]): Fields => ({
  type: { listType: { type: values[0]?.['type'] ?? tensorType('STRING', []), length: { constant: { size: values.length } } } },
  immediateValue: { list: { values } },
})

/** A tensor in a weight file. */
export const blob = (dataType: string, shape: readonly number[], offset: number, fileName = '@model_path/weights/weight.bin'): Fields => ({
  type: tensorType(dataType, shape),
  blobFileValue: { fileName, offset },
})

type Binding = string | Fields

const argument = (bindings: Binding | readonly Binding[]): Fields => ({
  arguments: (Array.isArray(bindings) ? bindings : [bindings]).map((binding) =>
    typeof binding === 'string' ? { name: binding } : { value: binding },
  ),
})

/** A named value and its type: an operation's output, a function's or block's input. */
export const named = (name: string, type: Fields = tensorType('FLOAT32', [])): Fields => ({ name, type })

/** An operation; inputs are names of values, inline values, or lists of both. */
export const operation = (
  type: string,
  inputs: { [parameter: string]: Binding | readonly Binding[] },
  outputs: readonly Fields[],
  { attributes = {}, blocks = [] }: { attributes?: { [name: string]: Fields }; blocks?: readonly Fields[] } = {},
): Fields => ({
  type,
  inputs: Object.fromEntries(Object.entries(inputs).map(([parameter, bindings]) => [parameter, argument(bindings)])),
  outputs,
  attributes: { name: text(String(outputs[0]?.['name'] ?? type)), ...attributes },
  blocks,
})

export const constant = (name: string, value: Fields): Fields =>
  operation('const', {}, [named(name, value['type'] as Fields)], { attributes: { val: value } })

export interface FunctionParts {
  inputs: readonly Fields[]
  outputs: readonly string[]
  operations: readonly Fields[]
  opset?: string
}

export const programFunction = ({ inputs, outputs, operations, opset = 'CoreML5' }: FunctionParts): Fields => ({
  inputs,
  opset,
  block_specializations: { [opset]: { outputs, operations } },
})

export interface ProgramParts {
  functions: { [name: string]: Fields }
  description: Fields
  specificationVersion?: number
}

export const programModel = ({ functions, description, specificationVersion = 7 }: ProgramParts): Fields => ({
  specificationVersion,
  description,
  mlProgram: { version: 1, functions },
})

/** Numbers of blob storage's data types. */
const BLOB_TYPES: { [dataType: string]: number } = {
  FLOAT16: 1,
  FLOAT32: 2,
  UINT8: 3,
  INT8: 4,
  BFLOAT16: 5,
  INT16: 6,
  UINT16: 7,
  INT4: 8,
  UINT1: 9,
  UINT2: 10,
  UINT4: 11,
  UINT3: 12,
  UINT6: 13,
  INT32: 14,
  UINT32: 15,
}

/** A weight file in MIL blob storage, version 2. */
export class BlobFile {
  #entries: Uint8Array[] = []
  #size = 64

  /** Adds a blob; returns the offset by which a program names it. */
  add(dataType: string, data: ArrayBufferView): number {
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
    const offset = this.#size
    const entry = new Uint8Array(64 + Math.ceil(bytes.length / 64) * 64)
    const view = new DataView(entry.buffer)
    view.setUint32(0, 0xdeadbeef, true)
    view.setUint32(4, BLOB_TYPES[dataType]!, true)
    view.setBigUint64(8, BigInt(bytes.length), true)
    view.setBigUint64(16, BigInt(offset + 64), true)
    entry.set(bytes, 64)
    this.#entries.push(entry)
    this.#size += entry.length
    return offset
  }

  bytes(): Uint8Array {
    const header = new Uint8Array(64)
    const view = new DataView(header.buffer)
    view.setUint32(0, this.#entries.length, true)
    view.setUint32(4, 2, true)
    return Buffer.concat([header, ...this.#entries])
  }
}

// Files

/** A folder that is removed by `remove`. */
export interface Scratch {
  path: string
  /** Writes a file below the folder; returns its path. */
  write(name: string, bytes: Uint8Array | string): string
  remove(): void
}

export function scratch(): Scratch {
  const path = mkdtempSync(join(tmpdir(), 'coreml-'))
  return {
    path,
    write(name, bytes) {
      const file = join(path, name)
      mkdirSync(dirname(file), { recursive: true })
      writeFileSync(file, bytes)
      return file
    },
    remove: () => rmSync(path, { recursive: true, force: true }),
  }
}

export interface PackageParts {
  model: Uint8Array
  weights?: Uint8Array
  manifest?: string
}

const MANIFEST = JSON.stringify({
  fileFormatVersion: '1.0.0',
  itemInfoEntries: { A: { path: 'com.apple.CoreML/model.mlmodel' }, B: { path: 'com.apple.CoreML/weights' } },
  rootModelIdentifier: 'A',
})

/** Writes a `.mlpackage`; returns its path. */
export function writePackage(folder: Scratch, name: string, { model, weights, manifest = MANIFEST }: PackageParts): string {
  folder.write(`${name}/Data/com.apple.CoreML/model.mlmodel`, model)
  if (weights) folder.write(`${name}/Data/com.apple.CoreML/weights/weight.bin`, weights)
  folder.write(`${name}/Manifest.json`, manifest)
  return join(folder.path, name)
}
