/** Numbers as Core ML's files hold them: little-endian arrays at any alignment, packed floats of a protobuf, integers of less than a byte. */
import { decodeHalf } from '../../../kernels/float16.js'
import { type DataTypes, type DType, type Tensor, tensor } from '../../../kernels/tensor.js'
import type { Message } from '../../../proto/coreml/reader.js'
import { ParityError } from '../../graph/errors.js'

/** How the elements of one dtype lie in a file. */
interface Storage {
  dtype: DType
  bits: number
  decode(bytes: Uint8Array, count: number): DataTypes[DType]
}

interface ViewType<T> {
  new (buffer: ArrayBufferLike, byteOffset: number, length: number): T
  readonly BYTES_PER_ELEMENT: number
}

/** A typed array over `bytes`, copied only where they are not aligned for it. */
function view<T>(ArrayType: ViewType<T>, bytes: Uint8Array, count: number): T {
  const size = ArrayType.BYTES_PER_ELEMENT
  const aligned = bytes.byteOffset % size === 0 ? bytes : new Uint8Array(bytes)
  return new ArrayType(aligned.buffer, aligned.byteOffset, count)
}

function decodeBfloat16(bytes: Uint8Array, count: number): Float32Array {
  const out = new Float32Array(count)
  const words = new Uint32Array(out.buffer)
  view(Uint16Array, bytes, count).forEach((half, i) => {
    words[i] = half << 16
  })
  return out
}

/** Elements of `bits` bits, the first in the lowest bits of the first byte (MIL blob storage; `signed`: two's complement). */
export function unpackLowFirst(bytes: Uint8Array, bits: number, count: number): Uint8Array {
  const out = new Uint8Array(count)
  const mask = (1 << bits) - 1
  for (let i = 0, bit = 0; i < count; i++, bit += bits) {
    const at = bit >>> 3
    out[i] = ((((bytes[at + 1] ?? 0) << 8) | bytes[at]!) >>> (bit & 7)) & mask
  }
  return out
}

/** Elements of `bits` bits, the first in the highest bits of the first byte (quantized weights of a neural network). */
export function unpackHighFirst(bytes: Uint8Array, bits: number, count: number): Uint8Array {
  if (bits === 8) return bytes.subarray(0, count)
  const out = new Uint8Array(count)
  const mask = (1 << bits) - 1
  for (let i = 0, bit = 0; i < count; i++, bit += bits) {
    const at = bit >>> 3
    out[i] = (((bytes[at]! << 8) | (bytes[at + 1] ?? 0)) >>> (16 - bits - (bit & 7))) & mask
  }
  return out
}

const unsigned = (dtype: DType, bits: number): Storage => ({ dtype, bits, decode: (bytes, count) => unpackLowFirst(bytes, bits, count) })

/** By MIL's name of the data type. */
const STORAGE: { [name: string]: Storage } = {
  FLOAT16: { dtype: 'float16', bits: 16, decode: (bytes, count) => decodeHalf(view(Uint16Array, bytes, count)) },
  FLOAT32: { dtype: 'float32', bits: 32, decode: (bytes, count) => view(Float32Array, bytes, count) },
  FLOAT64: { dtype: 'float64', bits: 64, decode: (bytes, count) => view(Float64Array, bytes, count) },
  BFLOAT16: { dtype: 'float32', bits: 16, decode: decodeBfloat16 },
  BOOL: { dtype: 'bool', bits: 8, decode: (bytes, count) => bytes.subarray(0, count) },
  INT4: {
    dtype: 'int4',
    bits: 4,
    decode: (bytes, count) => Int8Array.from(unpackLowFirst(bytes, 4, count), (nibble) => (nibble ^ 8) - 8),
  },
  INT8: { dtype: 'int8', bits: 8, decode: (bytes, count) => view(Int8Array, bytes, count) },
  INT16: { dtype: 'int16', bits: 16, decode: (bytes, count) => view(Int16Array, bytes, count) },
  INT32: { dtype: 'int32', bits: 32, decode: (bytes, count) => view(Int32Array, bytes, count) },
  INT64: { dtype: 'int64', bits: 64, decode: (bytes, count) => view(BigInt64Array, bytes, count) },
  UINT1: unsigned('uint1', 1),
  UINT2: unsigned('uint2', 2),
  UINT3: unsigned('uint3', 3),
  UINT4: unsigned('uint4', 4),
  UINT6: unsigned('uint6', 6),
  UINT8: { dtype: 'uint8', bits: 8, decode: (bytes, count) => bytes.subarray(0, count) },
  UINT16: { dtype: 'uint16', bits: 16, decode: (bytes, count) => view(Uint16Array, bytes, count) },
  UINT32: { dtype: 'uint32', bits: 32, decode: (bytes, count) => view(Uint32Array, bytes, count) },
  UINT64: { dtype: 'uint64', bits: 64, decode: (bytes, count) => view(BigUint64Array, bytes, count) },
}

/**
 * How elements of a MIL data type lie in bytes.
 * @throws ParityError UNSUPPORTED_DTYPE for types that no tensor of ours holds.
 */
export function storageOf(name: string): Storage {
  const storage = STORAGE[name]
  if (!storage) {
    throw new ParityError('UNSUPPORTED_DTYPE', {
      what: `Data type ${name} is not supported`,
      remedy: 'Convert the model with float16 or int8 weights',
    })
  }
  return storage
}

/** Bytes that `count` elements of `bits` bits take. */
export const byteLengthOf = (count: number, bits: number): number => Math.ceil((count * bits) / 8)

/** A tensor of `bytes`, which must be as many as its elements need. */
export function tensorOf(storage: Storage, shape: readonly number[], count: number, bytes: Uint8Array): Tensor {
  return tensor(storage.dtype, shape, storage.decode(bytes, count))
}

/** A run of bytes in a file that is put together when it is read. */
export interface Packed {
  byteLength: number
  bytes(): Uint8Array
}

/**
 * A packed `repeated float` (or double) that was declared as `repeated bytes`. Writers may leave it unpacked, one tag and number
 * an element: then it stands among the unknown fields.
 */
export function packedField(message: Message, chunks: readonly Uint8Array[], field: number, width: 4 | 8): Packed {
  const tag = tagBytes((field << 3) | (width === 4 ? 5 : 1))
  const loose = (message.$unknowns ?? [])
    .filter((raw) => raw.length === tag.length + width && tag.every((byte, i) => raw[i] === byte))
    .map((raw) => raw.subarray(tag.length))
  const parts = loose.length === 0 ? chunks : [...chunks, ...loose]
  let byteLength = 0
  for (const part of parts) byteLength += part.length
  if (byteLength % width !== 0) {
    throw new ParityError('MODEL_BROKEN', { what: `A list of numbers has ${byteLength} bytes, which is no multiple of ${width}` })
  }
  return {
    byteLength,
    bytes() {
      if (parts.length === 1) return parts[0]!
      const joined = new Uint8Array(byteLength)
      let at = 0
      for (const part of parts) {
        joined.set(part, at)
        at += part.length
      }
      return joined
    },
  }
}

function tagBytes(tag: number): number[] {
  const bytes: number[] = []
  for (; tag > 127; tag >>>= 7) bytes.push((tag & 127) | 128)
  return [...bytes, tag]
}

/** The numbers of a packed list of floats. */
export const floatsOf = (packed: Packed): Float32Array => view(Float32Array, packed.bytes(), packed.byteLength / 4)
