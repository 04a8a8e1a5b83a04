/**
 * Reads a flatbuffer into plain objects, steered by a schema's constants.
 *
 * Nothing in the file is trusted: every offset is checked against the file before it is followed, and the number of elements
 * read is bounded by the size of the file, so that overlapping tables cannot blow up. Vectors of bytes are views, not copies.
 */
import { DEFAULTS, ENUMS, TABLES, UNIONS } from '../../../proto/tflite/generated/schema.js'
import { ParityError } from '../../graph/errors.js'

const SCALARS = {
  bool: { bytes: 1, read: (view: DataView, at: number) => view.getUint8(at) !== 0 },
  byte: { bytes: 1, read: (view: DataView, at: number) => view.getInt8(at) },
  ubyte: { bytes: 1, read: (view: DataView, at: number) => view.getUint8(at) },
  ushort: { bytes: 2, read: (view: DataView, at: number) => view.getUint16(at, true) },
  int: { bytes: 4, read: (view: DataView, at: number) => view.getInt32(at, true) },
  uint: { bytes: 4, read: (view: DataView, at: number) => view.getUint32(at, true) },
  float: { bytes: 4, read: (view: DataView, at: number) => view.getFloat32(at, true) },
  long: { bytes: 8, read: (view: DataView, at: number) => view.getBigInt64(at, true) },
  ulong: { bytes: 8, read: (view: DataView, at: number) => view.getBigUint64(at, true) },
} as const

type Scalars = typeof SCALARS
type Tables = typeof TABLES
export type TableName = keyof Tables

/** A member of a union, and the name of its table. */
export interface UnionMember {
  type: string
  value: { [field: string]: Decoded }
}

type FieldOf<T extends string> = T extends '[ubyte]'
  ? Uint8Array
  : T extends `[${infer Element}]`
    ? ElementOf<Element>[]
    : T extends TableName
      ? Table<T> | null
      : T extends keyof typeof UNIONS
        ? UnionMember | null
        : ElementOf<T>
type ElementOf<T extends string> = T extends keyof Scalars ? ReturnType<Scalars[T]['read']> : T extends TableName ? Table<T> : string

/** A table as an object: absent scalars have their default, absent vectors are empty, absent tables and unions null, absent strings ''. */
export type Table<T extends TableName> = { -readonly [Field in keyof Tables[T]]: FieldOf<Tables[T][Field] & string> }

export type Decoded = boolean | number | bigint | string | Uint8Array | Decoded[] | UnionMember | { [field: string]: Decoded } | null

/** A legitimate file holds at least a byte for each element; shared strings and vectors may be counted more than once. */
const ELEMENTS_PER_BYTE = 4

class Reader {
  private readonly view: DataView
  private budget: number

  constructor(private readonly bytes: Uint8Array) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.budget = ELEMENTS_PER_BYTE * bytes.byteLength
  }

  /** Follows the offset that stands at `at`. */
  follow(at: number, path: string): number {
    this.check(at, 4, path)
    const offset = this.view.getUint32(at, true)
    this.check(at + offset, 4, path)
    return at + offset
  }

  table(name: TableName, at: number, path: string): { [field: string]: Decoded } {
    this.spend(1, at, path)
    this.check(at, 4, path)
    const vtable = at - this.view.getInt32(at, true)
    this.check(vtable, 4, path)
    const vtableBytes = this.view.getUint16(vtable, true)
    const tableBytes = this.view.getUint16(vtable + 2, true)
    this.check(vtable, vtableBytes, path)
    this.check(at, tableBytes, path)
    const place = (slot: number): number => {
      const entry = 4 + 2 * slot
      if (entry + 2 > vtableBytes) return 0
      const offset = this.view.getUint16(vtable + entry, true)
      if (offset >= tableBytes && offset !== 0) throw broken('a field outside of its table', at, path)
      return offset && at + offset
    }
    const fields: { [field: string]: Decoded } = {}
    let slot = 0
    for (const [key, type] of Object.entries(TABLES[name])) {
      const fieldPath = `${path}.${key}`
      if (type in UNIONS) {
        fields[key] = this.union(type as keyof typeof UNIONS, place(slot), place(slot + 1), fieldPath)
        slot += 2
      } else {
        const position = place(slot++)
        fields[key] = position ? this.field(type, position, fieldPath) : absent(type, DEFAULTS[name]?.[key])
      }
    }
    return fields
  }

  private field(type: string, at: number, path: string): Decoded {
    if (type.startsWith('[')) return this.vector(type.slice(1, -1), this.follow(at, path), path)
    if (type === 'string') return this.string(this.follow(at, path), path)
    if (type in TABLES) return this.table(type as TableName, this.follow(at, path), path)
    const { bytes, read } = scalarOf(type)
    this.check(at, bytes, path)
    return read(this.view, at)
  }

  private vector(type: string, at: number, path: string): Decoded {
    const length = this.view.getUint32(at, true)
    const start = at + 4
    const scalar = type === 'string' || type in TABLES ? undefined : scalarOf(type)
    this.check(start, length * (scalar?.bytes ?? 4), path)
    if (type === 'ubyte') return this.bytes.subarray(start, start + length)
    this.spend(length, at, path)
    const elements = new Array<Decoded>(length)
    for (let i = 0; i < length; i++) {
      elements[i] = scalar ? scalar.read(this.view, start + i * scalar.bytes) : this.field(type, start + 4 * i, `${path}[${i}]`)
    }
    return elements
  }

  private string(at: number, path: string): string {
    const length = this.view.getUint32(at, true)
    this.check(at + 4, length, path)
    this.spend(length, at, path)
    return new TextDecoder().decode(this.bytes.subarray(at + 4, at + 4 + length))
  }

  private union(name: keyof typeof UNIONS, typeAt: number, valueAt: number, path: string): UnionMember | null {
    if (!typeAt) return null
    this.check(typeAt, 1, path)
    const number = this.view.getUint8(typeAt)
    if (number === 0 || !valueAt) return null
    const type = UNIONS[name][number - 1]
    if (!type) return { type: `UNKNOWN_${number}`, value: {} }
    return { type, value: this.table(type, this.follow(valueAt, path), path) }
  }

  private check(at: number, bytes: number, path: string): void {
    if (at < 0 || at + bytes > this.bytes.byteLength) {
      throw broken(`the file has ${this.bytes.byteLength} bytes, and ${bytes} are wanted from ${at}`, at, path)
    }
  }

  private spend(elements: number, at: number, path: string): void {
    this.budget -= elements
    if (this.budget < 0) throw broken('tables that overlap', at, path)
  }
}

function broken(what: string, at: number, path: string): ParityError {
  return new ParityError('MODEL_BROKEN', {
    what: `The flatbuffer is broken or cut off: ${what}`,
    where: `byte ${at}, ${path}`,
    remedy: 'Get the file again, or convert the model again',
  })
}

function scalarOf(type: string): { bytes: number; read: (view: DataView, at: number) => boolean | number | bigint | string } {
  if (type in SCALARS) return SCALARS[type as keyof Scalars]
  const { storage, names } = ENUMS[type as keyof typeof ENUMS]
  const { bytes, read } = SCALARS[storage]
  return { bytes, read: (view, at) => nameOf(names, read(view, at)) }
}

const nameOf = (names: { readonly [value: number]: string }, value: number): string => names[value] ?? `UNKNOWN_${value}`

function absent(type: string, value = 0): Decoded {
  if (type === '[ubyte]') return new Uint8Array(0)
  if (type.startsWith('[')) return []
  if (type === 'string') return ''
  if (type === 'bool') return value !== 0
  if (type === 'long' || type === 'ulong') return BigInt(value)
  if (type in ENUMS) return nameOf(ENUMS[type as keyof typeof ENUMS].names, value)
  return type in SCALARS ? value : null
}

/**
 * The root table of `bytes`, read whole.
 * @throws ParityError MODEL_BROKEN with the byte offset and the field's path, where an offset leaves the file or tables overlap
 */
export function readRoot<T extends TableName>(bytes: Uint8Array, name: T): Table<T> {
  const reader = new Reader(bytes)
  return reader.table(name, reader.follow(0, name), name) as Table<T>
}
