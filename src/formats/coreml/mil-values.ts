/** MIL's compile-time values: tensors in the program or in a weight file, and lists, tuples and dictionaries of them. */
import { allocate, type DType, sizeOf, type Tensor, tensor } from '../../../kernels/tensor.js'
import { type Int64, integer, type MIL_TensorType, type MIL_TensorValue, type MIL_Value } from '../../../proto/coreml/reader.js'
import { at, ParityError } from '../../graph/errors.js'
import type { Attribute, Constant } from '../../graph/graph.js'
import type { BlobStore } from './blobs.js'
import { constantShapeOf, dataTypeOf } from './mil-types.js'
import { byteLengthOf, packedField, storageOf, tensorOf } from './numbers.js'

/** A tensor that stands in a weight file. */
function blobTensor(value: MIL_Value, type: MIL_TensorType, blobs: BlobStore): Constant {
  const { fileName, offset } = value.blobFileValue!
  const shape = constantShapeOf(type)
  const dataType = dataTypeOf(type)
  const storage = storageOf(dataType)
  const blob = blobs.blob(fileName, integer(offset))
  const count = sizeOf(shape)
  if (blob.dataType !== dataType || blob.byteLength !== byteLengthOf(count, storage.bits)) {
    throw new ParityError('MODEL_WEIGHTS_BROKEN', {
      what: `The blob at ${integer(offset)} holds ${blob.byteLength} bytes of ${blob.dataType}; ${dataType} [${shape}] is expected`,
      where: fileName,
      remedy: 'Copy the whole model again: its weight file does not fit its program',
    })
  }
  return {
    dtype: storage.dtype,
    shape,
    byteLength: blob.byteLength,
    ...(dataType === 'BFLOAT16' ? { storage: 'bfloat16' } : {}),
    read: () => tensorOf(storage, shape, count, blob.read()),
  }
}

const toBigInt = (value: Int64): bigint => (typeof value === 'number' ? BigInt(value) : BigInt(value.toString()))

/** Elements of the list that a tensor's field holds; null where they are packed bytes. */
function listOf(value: MIL_TensorValue): ArrayLike<number | boolean | string | Int64> | null {
  switch (value.value) {
    case 'ints':
      return value.ints!.values
    case 'bools':
      return value.bools!.values
    case 'strings':
      return value.strings!.values
    case 'longInts':
      return value.longInts!.values
    default:
      return null
  }
}

/** Bytes of a tensor whose elements lie side by side. */
function bytesOf(value: MIL_TensorValue): { byteLength: number; bytes(): Uint8Array } {
  if (value.value === 'floats') return packedField(value.floats!, value.floats!.values, 1, 4)
  if (value.value === 'doubles') return packedField(value.doubles!, value.doubles!.values, 1, 8)
  const bytes = value.value === 'bytes' ? value.bytes!.values : new Uint8Array(0)
  return { byteLength: bytes.length, bytes: () => bytes }
}

/** Fields that hold a data type's elements as they are; a list of integers may hold any integer type. */
const WIDE: { [field: string]: string } = { floats: 'FLOAT32', doubles: 'FLOAT64' }

function mismatch(what: string): ParityError {
  return new ParityError('MODEL_BROKEN', { what, remedy: 'Convert the model again' })
}

/** A tensor that stands in the program itself. */
function immediateTensor(value: MIL_TensorValue, type: MIL_TensorType): Constant {
  const shape = constantShapeOf(type)
  const count = sizeOf(shape)
  const dataType = dataTypeOf(type)
  const dtype: DType = dataType === 'STRING' ? 'string' : storageOf(dataType).dtype
  const list = listOf(value)
  if (list) {
    if (list.length !== count) throw mismatch(`A constant of shape [${shape}] has ${list.length} elements`)
    const texts = value.value === 'strings'
    if (texts !== (dtype === 'string')) throw mismatch(`A constant of type ${dataType} holds ${value.value}`)
    return { dtype, shape, byteLength: count, read: () => tensor(dtype, shape, fill(dtype, list)) }
  }
  if (dtype === 'string') {
    if (count !== 0) throw mismatch(`A constant of shape [${shape}] has no elements`)
    return { dtype, shape, byteLength: 0, read: () => tensor('string', shape, []) }
  }
  const storage = storageOf(dataType)
  const packed = bytesOf(value)
  const wide = WIDE[value.value ?? '']
  if ((wide && wide !== dataType) || packed.byteLength !== byteLengthOf(count, storage.bits)) {
    throw mismatch(`A constant of type ${dataType} and shape [${shape}] has ${packed.byteLength} bytes of ${value.value ?? 'nothing'}`)
  }
  return { dtype, shape, byteLength: packed.byteLength, read: () => tensorOf(storage, shape, count, packed.bytes()) }
}

function fill(dtype: DType, list: ArrayLike<number | boolean | string | Int64>): Tensor['data'] {
  const data = allocate(dtype, list.length)
  if (Array.isArray(data)) for (let i = 0; i < list.length; i++) data[i] = String(list[i])
  else if (data instanceof BigInt64Array || data instanceof BigUint64Array)
    for (let i = 0; i < list.length; i++) data[i] = toBigInt(list[i] as Int64)
  else for (let i = 0; i < list.length; i++) data[i] = typeof list[i] === 'object' ? integer(list[i] as Int64) : Number(list[i])
  return data as Tensor['data']
}

/** Values of a list or tuple. */
function elementsOf(value: MIL_Value): MIL_Value[] | null {
  const immediate = value.immediateValue
  if (immediate?.value === 'list') return immediate.list!.values
  if (immediate?.value === 'tuple') return immediate.tuple!.values
  return null
}

/** A list of scalars as a tensor of rank 1. */
function scalarList(elements: MIL_Value[], blobs: BlobStore): Constant {
  const constants = elements.map((element, i) => at(`element ${i}`, () => constantOf(element, blobs)))
  const dtype = constants[0]?.dtype ?? 'string'
  if (constants.some((constant) => constant.dtype !== dtype || constant.shape.length !== 0)) {
    throw new ParityError('UNSUPPORTED_VALUE', { what: 'A constant list of anything but scalars of one type is not supported' })
  }
  const shape = [constants.length]
  const byteLength = constants.reduce((sum, constant) => sum + constant.byteLength, 0)
  const read = (): Tensor => {
    const out = tensor(dtype, shape)
    constants.forEach((constant, i) => {
      out.data[i] = constant.read().data[0]!
    })
    return out
  }
  return { dtype, shape, byteLength, read }
}

/**
 * A value as a constant; a list or tuple of scalars becomes a tensor of rank 1.
 * @throws ParityError MODEL_… where elements and type disagree, UNSUPPORTED_VALUE for dictionaries and lists of tensors.
 */
export function constantOf(value: MIL_Value, blobs: BlobStore): Constant {
  const elements = elementsOf(value)
  if (elements) return scalarList(elements, blobs)
  const type = value.type?.tensorType
  if (!type) throw new ParityError('UNSUPPORTED_VALUE', { what: `A constant of type ${value.type?.type ?? 'none'} is not supported` })
  if (value.value === 'blobFileValue') return blobTensor(value, type, blobs)
  const immediate = value.immediateValue?.tensor
  if (!immediate) throw mismatch('A constant has no value')
  return immediateTensor(immediate, type)
}

/** A value as an attribute: scalars as numbers, booleans and text, lists as arrays, dictionaries with text keys as objects. */
export function attributeOf(value: MIL_Value, blobs: BlobStore): Attribute {
  const elements = elementsOf(value)
  if (elements) return elements.map((element) => attributeOf(element, blobs))
  if (value.immediateValue?.value === 'dictionary') {
    const pairs = value.immediateValue.dictionary!.values.map(({ key, value }) => {
      if (!key || !value) throw mismatch('A dictionary has an entry without key or value')
      return [String(attributeOf(key, blobs)), attributeOf(value, blobs)] as const
    })
    return Object.fromEntries(pairs)
  }
  const constant = constantOf(value, blobs).read()
  if (constant.shape.length > 0) return constant
  const scalar = constant.data[0]!
  return constant.dtype === 'bool' ? scalar !== 0 : scalar
}
