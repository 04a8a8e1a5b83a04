/** Writes TFLite files for tests: any table of the schema from a plain object, and whole models from a short description. */
import { Builder } from 'flatbuffers'
import type { DType } from '../../../kernels/tensor.js'
import { DEFAULTS, ENUMS, IDENTIFIER, ROOT, TABLES, UNIONS } from '../../../proto/tflite/generated/schema.js'

export type Plain = { [field: string]: unknown }

const SIZES: { readonly [type: string]: number } = { bool: 1, byte: 1, ubyte: 1, ushort: 2, int: 4, uint: 4, float: 4, long: 8, ulong: 8 }

function storageOf(type: string): string {
  return type in ENUMS ? ENUMS[type as keyof typeof ENUMS].storage : type
}

function numberOf(type: string, value: unknown): number | bigint {
  if (type in ENUMS && typeof value === 'string') {
    const found = Object.entries(ENUMS[type as keyof typeof ENUMS].names).find(([, name]) => name === value)
    if (!found) throw new Error(`${type} has no ${value}`)
    return Number(found[0])
  }
  return typeof value === 'bigint' ? value : Number(value)
}

/** Scalars are written unless they are the default; everything else as an offset. */
class Writer {
  readonly builder = new Builder(1024)

  private addScalar(type: string, value: number | bigint): void {
    const { builder } = this
    if (type === 'float') builder.addFloat32(Number(value))
    else if (SIZES[type] === 8) builder.addInt64(BigInt(value))
    else if (SIZES[type] === 4) builder.addInt32(Number(value) | 0)
    else if (SIZES[type] === 2) builder.addInt16(Number(value))
    else builder.addInt8((Number(value) << 24) >> 24)
  }

  private vector(type: string, values: ArrayLike<unknown>): number {
    const { builder } = this
    const offsets = type === 'string' || type in TABLES ? Array.from(values, (value) => this.object(type, value)) : null
    const storage = storageOf(type)
    const size = offsets ? 4 : SIZES[storage]!
    builder.startVector(size, values.length, type === 'ubyte' ? 16 : size)
    for (let i = values.length - 1; i >= 0; i--) {
      if (offsets) builder.addOffset(offsets[i]!)
      else this.addScalar(storage, numberOf(type, values[i]))
    }
    return builder.endVector()
  }

  private object(type: string, value: unknown): number {
    if (type === 'string') return this.builder.createString(value as string)
    if (type.startsWith('[')) return this.vector(type.slice(1, -1), value as ArrayLike<unknown>)
    return this.table(type, value as Plain)
  }

  table(name: string, value: Plain): number {
    const { builder } = this
    const fields: { slot: number; storage?: string; scalar?: number | bigint; offset?: number }[] = []
    let slot = 0
    for (const [key, type] of Object.entries(TABLES[name as keyof typeof TABLES] as { [key: string]: string })) {
      const given = value[key]
      if (type in UNIONS) {
        const union = given as { type: string; value: Plain } | undefined
        if (union) {
          const members = UNIONS[type as keyof typeof UNIONS] as readonly string[]
          fields.push(
            { slot, storage: 'ubyte', scalar: members.indexOf(union.type) + 1 },
            { slot: slot + 1, offset: this.table(union.type, union.value) },
          )
        }
        slot += 2
        continue
      }
      if (given !== undefined) {
        const storage = storageOf(type)
        if (storage in SIZES) fields.push({ slot, storage, scalar: numberOf(type, given) })
        else fields.push({ slot, offset: this.object(type, given) })
      }
      slot++
    }
    builder.startObject(slot)
    for (const field of fields) {
      if (field.offset !== undefined) builder.addFieldOffset(field.slot, field.offset, 0)
      else {
        this.addScalar(field.storage!, field.scalar!)
        builder.slot(field.slot)
      }
    }
    return builder.endObject()
  }
}

/** A file from the root table as the schema has it. */
export const writeModel = (model: Plain): Uint8Array => writeTable(ROOT, { version: 3, ...model })

/** A flatbuffer of any table of the schema. */
export function writeTable(name: string, value: Plain): Uint8Array {
  const writer = new Writer()
  const root = writer.table(name, value)
  writer.builder.finish(root, IDENTIFIER)
  return writer.builder.asUint8Array().slice()
}

/** Default of a field that a table leaves out, for tests that compare. */
export const defaultOf = (table: string, field: string): number => DEFAULTS[table]?.[field] ?? 0

export interface TensorSketch {
  name?: string
  type?: string
  shape?: number[]
  signature?: number[]
  /** Elements of a constant, in their array's own bytes. */
  data?: ArrayBufferView
  /** Bytes of a constant that are not a plain array. */
  bytes?: Uint8Array
  scale?: number[]
  zeroPoint?: number[]
  axis?: number
  isVariable?: boolean
  sparsity?: Plain
}

export interface OperatorSketch {
  type: string
  inputs: number[]
  outputs: number[]
  /** Name of the options' table and its fields. */
  options?: [string, Plain]
  custom?: Uint8Array
  intermediates?: number[]
}

export interface SubgraphSketch {
  name?: string
  tensors: TensorSketch[]
  inputs: number[]
  outputs: number[]
  operators: OperatorSketch[]
}

const bytesOf = (data: ArrayBufferView): Uint8Array => new Uint8Array(data.buffer, data.byteOffset, data.byteLength)

/** The tables of a model of subgraphs; `more` adds fields to the root. */
export function modelTables(subgraphs: SubgraphSketch[], more: Plain = {}): Plain {
  const buffers: Plain[] = [{}]
  const codes: string[] = []
  const codeOf = (type: string): number => {
    if (!codes.includes(type)) codes.push(type)
    return codes.indexOf(type)
  }
  const known = Object.values(ENUMS.BuiltinOperator.names) as string[]
  const tables = subgraphs.map(({ name, tensors, inputs, outputs, operators }) => ({
    name: name ?? 'main',
    inputs,
    outputs,
    tensors: tensors.map((tensor) => {
      const bytes = tensor.bytes ?? (tensor.data && bytesOf(tensor.data))
      if (bytes) buffers.push({ data: bytes })
      return {
        name: tensor.name ?? '',
        type: tensor.type ?? 'FLOAT32',
        shape: tensor.shape ?? [],
        has_rank: 1,
        buffer: bytes ? buffers.length - 1 : 0,
        ...(tensor.signature && { shape_signature: tensor.signature }),
        ...(tensor.isVariable && { is_variable: 1 }),
        ...(tensor.sparsity && { sparsity: tensor.sparsity }),
        ...(tensor.scale && {
          quantization: {
            scale: tensor.scale,
            zero_point: (tensor.zeroPoint ?? tensor.scale.map(() => 0)).map(BigInt),
            quantized_dimension: tensor.axis ?? 0,
          },
        }),
      }
    }),
    operators: operators.map(({ type, inputs: from, outputs: to, options, custom, intermediates }) => ({
      opcode_index: codeOf(type),
      inputs: from,
      outputs: to,
      ...(options && { [isSecond(options[0]) ? 'builtin_options_2' : 'builtin_options']: { type: options[0], value: options[1] } }),
      ...(custom && { custom_options: custom }),
      ...(intermediates && { intermediates }),
    })),
  }))
  const operatorCodes = codes.map((type) => {
    if (!known.includes(type)) return { deprecated_builtin_code: 32, custom_code: type, builtin_code: 'CUSTOM' }
    const code = numberOf('BuiltinOperator', type) as number
    return { deprecated_builtin_code: Math.min(code, 127), builtin_code: type }
  })
  return { operator_codes: operatorCodes, subgraphs: tables, buffers, ...more }
}

const isSecond = (options: string): boolean => (UNIONS.BuiltinOptions2 as readonly string[]).includes(options)

export const tflite = (subgraphs: SubgraphSketch[], more: Plain = {}): Uint8Array => writeModel(modelTables(subgraphs, more))

/** TensorType of a dtype. */
export const typeOf = (dtype: DType): string => dtype.toUpperCase()
