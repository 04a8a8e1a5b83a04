/** Conversion between dtypes of numbers. */
import { allocate, isFloat, type NumberArray, type NumberDType, type NumberTensor, sizeOf, type Tensor } from './tensor.js'

/** Least and greatest value of each integer dtype. */
export const INTEGER_RANGES: { readonly [dtype in NumberDType]?: readonly [least: number, greatest: number] } = {
  int4: [-8, 7],
  int8: [-128, 127],
  int16: [-32768, 32767],
  int32: [-2147483648, 2147483647],
  uint1: [0, 1],
  uint2: [0, 3],
  uint3: [0, 7],
  uint4: [0, 15],
  uint6: [0, 63],
  uint8: [0, 255],
  uint16: [0, 65535],
  uint32: [0, 4294967295],
}

/**
 * x as `dtype`. A float becomes an integer by truncation; what lies outside the range becomes its end, NaN becomes 0. An integer becomes a
 * narrower one by its lowest bits. Everything but 0 becomes true, NaN too. float16 is rounded by whoever holds the result.
 */
export function cast<D extends NumberDType>(x: NumberTensor, dtype: D): Tensor<D> {
  if ((x.dtype as NumberDType) === dtype) return x as unknown as Tensor<D>
  const data = allocate(dtype, sizeOf(x.shape)) as NumberArray
  const range = INTEGER_RANGES[dtype]
  const source = x.data
  if (dtype === 'bool') for (let i = 0; i < data.length; i++) data[i] = source[i] === 0 ? 0 : 1
  else if (range && isFloat(x.dtype)) {
    const [least, greatest] = range
    for (let i = 0; i < data.length; i++) data[i] = Math.min(Math.max(source[i]!, least), greatest)
  } else data.set(source)
  return { dtype, shape: [...x.shape], data } as unknown as Tensor<D>
}
