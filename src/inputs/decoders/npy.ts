/**
 * NumPy's .npy files, format versions 1 to 3 (NEP 1 and numpy.lib.format): magic, version, length, a header that is a Python literal,
 * then the elements. Read in either byte order and either memory order; written little endian in C order.
 *
 * float16 is held as float32 numbers, `<U` and `S` as strings without their padding. Raw samples are the elements alone: exactly the
 * bytes of one input, in its dtype, little endian, in C order.
 */
import { decodeHalf, halfBits } from '../../../kernels/float16.js'
import { transpose } from '../../../kernels/movement.js'
import { allocate, type DType, sizeOf, type Tensor, tensor } from '../../../kernels/tensor.js'
import { ParityError } from '../../graph/errors.js'
import type { InputFeature } from '../../graph/model.js'
import { spellInput } from '../../graph/shapes.js'
import { channelsOf } from '../pixels.js'
import { readPiece } from './files.js'

/** dtype by NumPy's kind and item size. */
const DTYPES: Record<string, DType> = {
  b1: 'bool',
  i1: 'int8',
  i2: 'int16',
  i4: 'int32',
  i8: 'int64',
  u1: 'uint8',
  u2: 'uint16',
  u4: 'uint32',
  u8: 'uint64',
  f2: 'float16',
  f4: 'float32',
  f8: 'float64',
  c8: 'complex64',
}

/** The type that NumPy has for each dtype; those narrower than a byte are written one element a byte. */
const DESCRIPTIONS: Record<Exclude<DType, 'string'>, string> = {
  float16: '<f2',
  float32: '<f4',
  float64: '<f8',
  int4: '|i1',
  int8: '|i1',
  int16: '<i2',
  int32: '<i4',
  int64: '<i8',
  uint1: '|u1',
  uint2: '|u1',
  uint3: '|u1',
  uint4: '|u1',
  uint6: '|u1',
  uint8: '|u1',
  uint16: '<u2',
  uint32: '<u4',
  uint64: '<u8',
  bool: '|b1',
  complex64: '<c8',
}

const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59]
/** NumPy's own limit for a header that it trusts is 10,000 characters. */
const LONGEST_HEADER = 1 << 20
/** Elements of no bytes (strings of length 0) have no file size to be checked against. */
const MOST_EMPTY_ELEMENTS = 1 << 20

export const isNpy = (bytes: Uint8Array): boolean => MAGIC.every((byte, i) => bytes[i] === byte)

export interface NpyHeader {
  dtype: DType
  shape: number[]
  fortranOrder: boolean
  bigEndian: boolean
  /** Strings: 'U' of 4 bytes a character, 'S' of 1. */
  text: 'U' | 'S' | null
  /** Bytes an element. */
  itemSize: number
  /** Byte at which the elements begin. */
  dataOffset: number
}

const broken = (what: string, where: string): ParityError =>
  new ParityError('INPUT_NPY', { what, where, remedy: 'Write the array again with numpy.save' })

/**
 * Reads the header from the first bytes of a file of `fileSize` bytes, and checks the array's size against it.
 * @throws ParityError INPUT_NPY for anything that is no array of a dtype that tensors have, or whose size is not the header's.
 */
export function parseNpyHeader(bytes: Uint8Array, fileSize: number, where: string): NpyHeader {
  const { start, length } = headerExtent(bytes, where)
  if (start + length > bytes.length) throw broken(`the .npy header of ${length} bytes is cut off`, where)
  const text = new TextDecoder().decode(bytes.subarray(start, start + length))
  const field = (name: string, pattern: string): string | undefined =>
    new RegExp(`['"]${name}['"]\\s*:\\s*(?:${pattern})`)
      .exec(text)
      ?.slice(1)
      .find((group) => group !== undefined)
  const description = field('descr', `'([^']*)'|"([^"]*)"|(\\[)`)
  const order = field('fortran_order', '(True|False)')
  const dimensions = field('shape', '\\(([\\d\\sL,]*)\\)')
  if (description === undefined || order === undefined || dimensions === undefined)
    throw broken(`the .npy header is not understood: ${text.slice(0, 120).trim()}`, where)
  const element = elementType(description, where)
  const shape = dimensions
    .split(',')
    .map((part) => part.trim().replace(/L$/, ''))
    .filter(Boolean)
    .map(Number)
  const header: NpyHeader = { ...element, shape, fortranOrder: order === 'True', dataOffset: start + length }
  checkSize(header, fileSize, where)
  return header
}

/** Where the header's text begins, and its length. The bytes must hold the first twelve. */
function headerExtent(bytes: Uint8Array, where: string): { start: number; length: number } {
  if (!isNpy(bytes)) throw broken('these bytes are no .npy array', where)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const version = bytes[6]
  if (version !== 1 && version !== 2 && version !== 3) throw broken(`.npy version ${version} is unknown`, where)
  const start = version === 1 ? 10 : 12
  if (bytes.length < start) throw broken('the .npy header is cut off', where)
  const length = version === 1 ? view.getUint16(8, true) : view.getUint32(8, true)
  if (length > LONGEST_HEADER) throw broken(`the .npy header claims ${length} bytes`, where)
  return { start, length }
}

function elementType(description: string, where: string): Pick<NpyHeader, 'dtype' | 'bigEndian' | 'text' | 'itemSize'> {
  const [, order = '', kind = '', size = ''] = /^([<>|=]?)([a-zA-Z])(\d*)$/.exec(description) ?? []
  const bigEndian = order === '>'
  if (kind === 'U' || kind === 'S' || kind === 'a')
    return { dtype: 'string', bigEndian, text: kind === 'U' ? 'U' : 'S', itemSize: Number(size) * (kind === 'U' ? 4 : 1) }
  const dtype = DTYPES[kind + size]
  if (dtype) return { dtype, bigEndian, text: null, itemSize: Number(size) }
  const name = description === '[' ? 'a record' : kind === 'O' ? 'Python objects' : `'${description}'`
  throw new ParityError('INPUT_NPY', {
    what: `the array's dtype is ${name}, which no input takes`,
    where,
    remedy: 'Convert it with astype, to float32 for example',
  })
}

function checkSize({ shape, itemSize, dataOffset }: NpyHeader, fileSize: number, where: string): void {
  const count = shape.includes(0) ? 0 : sizeOf(shape)
  const bytes = count * itemSize
  const present = fileSize - dataOffset
  if (bytes > present)
    throw broken(`the array is cut off: [${shape.join(', ')}] takes ${bytes} bytes, ${Math.max(0, present)} are there`, where)
  if (bytes < present) throw broken(`${present - bytes} bytes follow the array [${shape.join(', ')}]`, where)
  if (itemSize === 0 && count > MOST_EMPTY_ELEMENTS) throw broken(`the header claims ${count} empty elements`, where)
}

/** An array from the bytes of a .npy file. @throws ParityError INPUT_NPY */
export function decodeNpy(bytes: Uint8Array, where: string): Tensor {
  const header = parseNpyHeader(bytes, bytes.length, where)
  return decodeBody(header, header.shape, bytes.subarray(header.dataOffset))
}

function decodeBody(header: NpyHeader, shape: readonly number[], body: Uint8Array): Tensor {
  const count = sizeOf(shape)
  const data = header.text
    ? decodeText(header, body, count)
    : decodeElements(header.dtype as Exclude<DType, 'string'>, body, count, header.bigEndian)
  const value = { dtype: header.dtype, shape: [...shape], data } as Tensor
  if (!header.fortranOrder || shape.length < 2) return value
  return transpose(
    { ...value, shape: [...shape].reverse() },
    shape.map((_, axis) => shape.length - 1 - axis),
  )
}

/** Bytes of one number, and how many numbers an element has: what byte order is about. */
const unitOf = (dtype: Exclude<DType, 'string'>): number => (dtype === 'complex64' ? 4 : Number(DESCRIPTIONS[dtype].slice(2)))

const SWAPS: Record<number, (bytes: Buffer) => void> = {
  2: (bytes) => bytes.swap16(),
  4: (bytes) => bytes.swap32(),
  8: (bytes) => bytes.swap64(),
}

/** Bytes that `count` elements take in a file. */
export const byteLengthOf = (dtype: Exclude<DType, 'string'>, count: number): number => Number(DESCRIPTIONS[dtype].slice(2)) * count

/** Elements as a file holds them; the bytes are copied. */
function decodeElements(dtype: Exclude<DType, 'string'>, bytes: Uint8Array, count: number, bigEndian = false): Tensor['data'] {
  const body = new Uint8Array(bytes.subarray(0, byteLengthOf(dtype, count)))
  const unit = unitOf(dtype)
  if (bigEndian && unit > 1) SWAPS[unit]!(Buffer.from(body.buffer, body.byteOffset, body.length))
  if (dtype === 'float16') return decodeHalf(new Uint16Array(body.buffer, body.byteOffset, count))
  if (dtype === 'bool') return body.map((byte) => (byte ? 1 : 0))
  const like = allocate(dtype, 0) as Exclude<Tensor['data'], string[]>
  return new (like.constructor as new (buffer: ArrayBufferLike, offset: number, length: number) => Tensor['data'])(
    body.buffer,
    body.byteOffset,
    body.length / like.BYTES_PER_ELEMENT,
  )
}

function decodeText({ text, itemSize, bigEndian }: NpyHeader, body: Uint8Array, count: number): string[] {
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength)
  const utf8 = new TextDecoder()
  const out: string[] = []
  for (let i = 0; i < count; i++) {
    if (text === 'S') {
      let end = (i + 1) * itemSize
      while (end > i * itemSize && body[end - 1] === 0) end--
      out.push(utf8.decode(body.subarray(i * itemSize, end)))
      continue
    }
    let word = ''
    for (let at = i * itemSize; at < (i + 1) * itemSize; at += 4) {
      const point = view.getUint32(at, !bigEndian)
      word += point > 0x10ffff ? '\ufffd' : String.fromCodePoint(point)
    }
    out.push(word.replace(/\0+$/, ''))
  }
  return out
}

/** A .npy file that is read in pieces. */
export interface NpyFile {
  header: NpyHeader
  /** Rows `start` to `start + count` along the first axis, or all. */
  read(start?: number, count?: number): Tensor
}

/** Opens a file by its header alone. @throws ParityError INPUT_NPY, INPUT_UNREADABLE */
export function openNpy(path: string): NpyFile {
  const head = readPiece(path, 0, 12)
  const { start, length } = headerExtent(head.bytes, path)
  const header = parseNpyHeader(readPiece(path, 0, start + length).bytes, head.fileSize, path)
  return {
    header,
    read(start = 0, count = header.shape[0] ?? 1) {
      const { shape, dataOffset, itemSize } = header
      const rowSize = sizeOf(shape.slice(1)) * itemSize
      const whole = shape.length === 0 || (start === 0 && count === shape[0])
      if (!whole && header.fortranOrder) return sliceRows(this.read(), start, count)
      const rows = whole ? shape : [count, ...shape.slice(1)]
      const wanted = sizeOf(rows) * itemSize
      const { bytes } = readPiece(path, dataOffset + (whole ? 0 : start * rowSize), wanted)
      if (bytes.length < wanted) throw broken('the file became shorter while it was read', path)
      return decodeBody(header, rows, bytes)
    },
  }
}

/** Rows along the first axis, as a copy. */
export function sliceRows(value: Tensor, start: number, count: number): Tensor {
  const row = sizeOf(value.shape.slice(1)) * (value.dtype === 'complex64' ? 2 : 1)
  return { ...value, shape: [count, ...value.shape.slice(1)], data: value.data.slice(start * row, (start + count) * row) } as Tensor
}

/** The bytes of a .npy file, version 1 (2 where a header is too long for it). */
export function encodeNpy(value: Tensor): Uint8Array {
  const width = value.dtype === 'string' ? value.data.reduce((longest, text) => Math.max(longest, [...text].length), 1) : 0
  const description = value.dtype === 'string' ? `<U${width}` : DESCRIPTIONS[value.dtype]
  const shape = value.shape.length === 1 ? `(${value.shape[0]},)` : `(${value.shape.join(', ')})`
  const literal = `{'descr': '${description}', 'fortran_order': False, 'shape': ${shape}, }`
  const version = literal.length > 65_000 ? 2 : 1
  const prefix = version === 1 ? 10 : 12
  const padded = `${literal.padEnd(Math.ceil((prefix + literal.length + 1) / 64) * 64 - prefix - 1)}\n`
  const body = encodeBody(value, width)
  const out = new Uint8Array(prefix + padded.length + body.length)
  const view = new DataView(out.buffer)
  out.set([...MAGIC, version, 0])
  if (version === 1) view.setUint16(8, padded.length, true)
  else view.setUint32(8, padded.length, true)
  out.set(new TextEncoder().encode(padded), prefix)
  out.set(body, prefix + padded.length)
  return out
}

function encodeBody(value: Tensor, width: number): Uint8Array {
  if (value.dtype === 'string') {
    const out = new Uint32Array(value.data.length * width)
    value.data.forEach((text, i) => {
      out.set(
        Array.from(text, (character) => character.codePointAt(0)!),
        i * width,
      )
    })
    return new Uint8Array(out.buffer)
  }
  if (value.dtype === 'float16') return new Uint8Array(Uint16Array.from(value.data, halfBits).buffer)
  return new Uint8Array(value.data.buffer, value.data.byteOffset, value.data.byteLength)
}

/** What raw bytes for an input hold: its own elements, or the pixels of a picture of its size. Null where its size is open or it takes words. */
export function rawLayout(input: InputFeature): { dtype: Exclude<Tensor['dtype'], 'string'>; shape: number[]; bytes: number } | null {
  const { dtype, image } = input
  if (dtype === 'string') return null
  if (image) {
    const channels = channelsOf(image.color)
    const shape = channels === 1 ? [image.height, image.width] : [image.height, image.width, channels]
    return { dtype, shape, bytes: byteLengthOf(dtype, sizeOf(shape)) }
  }
  // an open first dimension is the batch
  const shape = input.shape.map((dimension, axis) => (axis === 0 ? (dimension ?? 1) : dimension))
  if (shape.some((dimension) => dimension === null)) return null
  return { dtype, shape: shape as number[], bytes: byteLengthOf(dtype, sizeOf(shape as number[])) }
}

/** @throws ParityError INPUT_SHAPE where the number of bytes is not the input's, INPUT_RAW where the input has none. */
export function decodeRaw(bytes: Uint8Array, input: InputFeature, where: string): Tensor {
  const layout = rawLayout(input)
  if (!layout) {
    throw new ParityError('INPUT_RAW', {
      what: `raw bytes cannot be given to the input ${spellInput(input)}, whose size they do not say`,
      where,
      remedy: 'Give a .npy file',
    })
  }
  if (bytes.length !== layout.bytes) {
    throw new ParityError('INPUT_SHAPE', {
      what: `the file has ${bytes.length} bytes, the input ${spellInput(input)} takes ${layout.bytes}`,
      where,
      remedy: `Give ${layout.dtype} elements of [${layout.shape.join(', ')}], little endian, or a .npy file`,
    })
  }
  return tensor(layout.dtype, layout.shape, decodeElements(layout.dtype, bytes, sizeOf(layout.shape)) as never) as Tensor
}
