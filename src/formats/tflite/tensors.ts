/** A TFLite tensor as a value of the graph: dtype, shape, quantization, and its constant elements read lazily from their buffer. */
import { decodeHalf } from '../../../kernels/float16.js'
import type { DType, Tensor } from '../../../kernels/tensor.js'
import { allocate, sizeOf, tensor } from '../../../kernels/tensor.js'
import { ParityError } from '../../graph/errors.js'
import type { Constant, Dimension, Quantization } from '../../graph/graph.js'
import type { Table } from './flatbuffer.js'
import { checkSparsity, expand } from './sparsity.js'

interface TensorType {
  /** null: the graph has no such dtype; such a tensor can be passed along but not read. */
  dtype: DType | null
  /** Bits of an element; 0 where elements differ in length. */
  bits: number
}

const TYPES: { readonly [name: string]: TensorType } = {
  FLOAT32: { dtype: 'float32', bits: 32 },
  FLOAT16: { dtype: 'float16', bits: 16 },
  FLOAT64: { dtype: 'float64', bits: 64 },
  INT2: { dtype: 'int8', bits: 2 },
  INT4: { dtype: 'int4', bits: 4 },
  INT8: { dtype: 'int8', bits: 8 },
  INT16: { dtype: 'int16', bits: 16 },
  INT32: { dtype: 'int32', bits: 32 },
  INT64: { dtype: 'int64', bits: 64 },
  UINT4: { dtype: 'uint4', bits: 4 },
  UINT8: { dtype: 'uint8', bits: 8 },
  UINT16: { dtype: 'uint16', bits: 16 },
  UINT32: { dtype: 'uint32', bits: 32 },
  UINT64: { dtype: 'uint64', bits: 64 },
  BOOL: { dtype: 'bool', bits: 8 },
  COMPLEX64: { dtype: 'complex64', bits: 64 },
  STRING: { dtype: 'string', bits: 0 },
  BFLOAT16: { dtype: null, bits: 16 },
  COMPLEX128: { dtype: null, bits: 128 },
  FLOAT8_E4M3FN: { dtype: null, bits: 8 },
  FLOAT8_E5M2: { dtype: null, bits: 8 },
  RESOURCE: { dtype: null, bits: 0 },
  VARIANT: { dtype: null, bits: 0 },
}

const MAX_RANK = 32
const MAX_ELEMENTS = 2 ** 31

const typeOf = (name: string): TensorType => TYPES[name] ?? { dtype: null, bits: 0 }

/** The dtype of a TensorType by the schema's name; null where the graph has none. */
export const dtypeOf = (type: string): DType | null => typeOf(type).dtype

/** The shape as far as the file fixes it; null for a tensor of unknown rank. */
export function shapeOf({ shape, shape_signature, has_rank }: Table<'Tensor'>): Dimension[] | null {
  if (shape.length === 0 && shape_signature.length === 0 && !has_rank) return null
  const open = shape_signature.length === shape.length ? shape_signature : shape
  return shape.map((size, axis) => (size < 0 || open[axis]! < 0 ? null : size))
}

/**
 * Affine quantization, for each tensor or for each index of an axis; undefined for a float tensor, and for schemes that the graph has no form for.
 * @throws ParityError MODEL_QUANTIZATION where the number of scales does not fit the shape
 */
export function quantizationOf({ shape, type, quantization }: Table<'Tensor'>): Quantization | undefined {
  if (!quantization || quantization.details || quantization.scale.length === 0 || !/^U?INT/.test(type)) return undefined
  const { scale, zero_point, quantized_dimension: axis } = quantization
  if (scale.length > 1 && scale.length !== shape[axis]) {
    throw new ParityError('MODEL_QUANTIZATION', {
      what: `${scale.length} scales for dimension ${axis} of shape [${shape}]`,
      remedy: 'Convert the model again',
    })
  }
  return {
    scale: Float32Array.from(scale),
    zeroPoint: Float64Array.from(scale, (_, i) => Number(zero_point[i] ?? zero_point[0] ?? 0n)),
    axis,
  }
}

/** Whether quantization is by blocks or several axes, which `quantizationOf` leaves out. */
export const isBlockwise = ({ quantization }: Table<'Tensor'>): boolean => Boolean(quantization?.details)

/**
 * The constant whose elements `bytes` holds. Nothing is decoded before `read`; float32 and the plain integers are then views where they are aligned.
 * @throws ParityError MODEL_BROKEN where the bytes do not fit the shape
 */
export function constantOf(source: Table<'Tensor'>, bytes: Uint8Array): Constant {
  const { shape, type, sparsity } = source
  const { dtype, bits } = typeOf(type)
  if (shape.length > MAX_RANK || shape.some((size) => size < 0) || sizeOf(shape) > MAX_ELEMENTS) throw misshapen(`shape [${shape}]`)
  const count = sizeOf(shape)
  if (sparsity) checkSparsity(sparsity, shape)
  else if (bits && bytes.byteLength !== Math.ceil((count * bits) / 8)) {
    throw misshapen(`${bytes.byteLength} bytes for ${type} of shape [${shape}], which takes ${Math.ceil((count * bits) / 8)}`)
  }
  const storage = [sparsity && 'sparse', isBlockwise(source) && 'quantized by blocks', type !== dtype?.toUpperCase() && type.toLowerCase()]
    .filter(Boolean)
    .join(' ')
  return {
    dtype: dtype ?? 'uint8',
    shape: [...shape],
    byteLength: bytes.byteLength,
    ...(storage && { storage }),
    read() {
      if (!dtype)
        throw new ParityError('UNSUPPORTED_DTYPE', {
          what: `A constant of type ${type} is not read`,
          remedy: 'Convert the model with float32 or integer weights',
        })
      if (!sparsity) return decode(dtype, bits, shape, bytes)
      const stored = Math.floor((8 * bytes.byteLength) / bits)
      return expand(decode(dtype, bits, [stored], bytes), sparsity, shape)
    },
  }
}

function misshapen(what: string): ParityError {
  return new ParityError('MODEL_BROKEN', {
    what: `A constant does not fit its bytes: ${what}`,
    remedy: 'Get the file again, or convert the model again',
  })
}

function decode(dtype: DType, bits: number, shape: number[], bytes: Uint8Array): Tensor {
  if (dtype === 'string') return tensor('string', shape, decodeStrings(bytes, sizeOf(shape)))
  if (bits < 8) return tensor(dtype as 'int8', shape, unpack(bytes, bits, sizeOf(shape), dtype.startsWith('int')) as Int8Array)
  if (dtype === 'float16') return tensor('float16', shape, decodeHalf(elements(bytes, Uint16Array)))
  const ArrayType = allocate(dtype, 0).constructor as ArrayConstructor<Float32Array>
  return { dtype, shape: [...shape], data: elements(bytes, ArrayType) } as Tensor
}

interface ArrayConstructor<T> {
  readonly BYTES_PER_ELEMENT: number
  new (buffer: ArrayBufferLike, byteOffset: number, length: number): T
}

/** A view of `bytes`, or a copy where they are not aligned. */
function elements<T>(bytes: Uint8Array, ArrayType: ArrayConstructor<T>): T {
  const aligned = bytes.byteOffset % ArrayType.BYTES_PER_ELEMENT === 0 ? bytes : new Uint8Array(bytes)
  return new ArrayType(aligned.buffer, aligned.byteOffset, Math.floor(bytes.byteLength / ArrayType.BYTES_PER_ELEMENT))
}

/** Elements of 2 or 4 bits, the first in a byte's lowest bits. */
function unpack(bytes: Uint8Array, bits: number, count: number, signed: boolean): Int8Array | Uint8Array {
  const out = signed ? new Int8Array(count) : new Uint8Array(count)
  const perByte = 8 / bits
  for (let i = 0; i < count; i++) {
    const raw = (bytes[Math.floor(i / perByte)]! >> (bits * (i % perByte))) & ((1 << bits) - 1)
    out[i] = signed ? (raw << (32 - bits)) >> (32 - bits) : raw
  }
  return out
}

/** A string tensor: the number of strings, the offset of each and of the end (all int32), and the text in UTF-8. */
function decodeStrings(bytes: Uint8Array, count: number): string[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const stored = bytes.byteLength >= 4 ? view.getInt32(0, true) : 0
  if (stored !== count || bytes.byteLength < 4 * (count + 2))
    throw misshapen(`${stored} strings in ${bytes.byteLength} bytes for ${count} elements`)
  return Array.from({ length: count }, (_, i) => {
    const start = view.getInt32(4 * (i + 1), true)
    const end = view.getInt32(4 * (i + 2), true)
    if (start < 0 || end < start || end > bytes.byteLength)
      throw misshapen(`string ${i} from byte ${start} to ${end} of ${bytes.byteLength}`)
    return new TextDecoder().decode(bytes.subarray(start, end))
  })
}
