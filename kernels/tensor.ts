/**
 * The tensor that every part of the program exchanges: a dtype, a shape and a flat, row-major array.
 *
 * float16 is held as Float32Array in which every number is exactly representable in binary16; bool as 0 and 1 in a
 * Uint8Array; the sub-byte integers unpacked, one element a byte; complex64 interleaved (real, imaginary).
 */

/** Array type that holds each dtype's elements. */
export interface DataTypes {
  float16: Float32Array
  float32: Float32Array
  float64: Float64Array
  int4: Int8Array
  int8: Int8Array
  int16: Int16Array
  int32: Int32Array
  int64: BigInt64Array
  uint1: Uint8Array
  uint2: Uint8Array
  uint3: Uint8Array
  uint4: Uint8Array
  uint6: Uint8Array
  uint8: Uint8Array
  uint16: Uint16Array
  uint32: Uint32Array
  uint64: BigUint64Array
  bool: Uint8Array
  complex64: Float32Array
  string: string[]
}

export type DType = keyof DataTypes

/** A dense array of one dtype; `data` holds the product of `shape` elements (twice that for complex64). */
export type Tensor<D extends DType = DType> = { [K in D]: { dtype: K; shape: number[]; data: DataTypes[K] } }[D]

export type FloatDType = 'float16' | 'float32' | 'float64'
export type FloatTensor = Tensor<FloatDType>
/** dtypes whose elements are JavaScript numbers. */
export type NumberDType = Exclude<DType, 'int64' | 'uint64' | 'string' | 'complex64'>
export type NumberTensor = Tensor<NumberDType>
/** Any array of JavaScript numbers that a kernel reads or fills. */
export type NumberArray = DataTypes[NumberDType]

const ARRAYS = {
  float16: Float32Array,
  float32: Float32Array,
  float64: Float64Array,
  int4: Int8Array,
  int8: Int8Array,
  int16: Int16Array,
  int32: Int32Array,
  int64: BigInt64Array,
  uint1: Uint8Array,
  uint2: Uint8Array,
  uint3: Uint8Array,
  uint4: Uint8Array,
  uint6: Uint8Array,
  uint8: Uint8Array,
  uint16: Uint16Array,
  uint32: Uint32Array,
  uint64: BigUint64Array,
  bool: Uint8Array,
  complex64: Float32Array,
} as const

/** Number of elements of a shape; 1 for the empty shape of a scalar. */
export function sizeOf(shape: readonly number[]): number {
  let size = 1
  for (const dimension of shape) size *= dimension
  return size
}

/** Row-major strides, in elements. */
export function stridesOf(shape: readonly number[]): number[] {
  const strides = new Array<number>(shape.length)
  let stride = 1
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    strides[axis] = stride
    stride *= shape[axis]!
  }
  return strides
}

/** A zero-filled array for `count` elements of `dtype` (empty strings for string). */
export function allocate<D extends DType>(dtype: D, count: number): DataTypes[D] {
  if (dtype === 'string') return new Array<string>(count).fill('') as DataTypes[D]
  const ArrayType = ARRAYS[dtype as Exclude<DType, 'string'>]
  return new ArrayType(dtype === 'complex64' ? 2 * count : count) as DataTypes[D]
}

/** A tensor over `data`, or over zeros. */
export function tensor<D extends DType>(
  dtype: D,
  shape: readonly number[],
  data: DataTypes[D] = allocate(dtype, sizeOf(shape)),
): Tensor<D> {
  return { dtype, shape: [...shape], data } as unknown as Tensor<D>
}

/** The same elements under another shape; shares the data. */
export function withShape<T extends Tensor>(value: T, shape: readonly number[]): T {
  return { ...value, shape: [...shape] }
}

export const isFloat = (dtype: DType): dtype is FloatDType => dtype === 'float32' || dtype === 'float16' || dtype === 'float64'

export function isFloatTensor(value: Tensor): value is FloatTensor {
  return isFloat(value.dtype)
}

export function isNumberTensor(value: Tensor): value is NumberTensor {
  return value.dtype !== 'int64' && value.dtype !== 'uint64' && value.dtype !== 'string' && value.dtype !== 'complex64'
}
