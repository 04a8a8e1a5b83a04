/** Small tensors of whole numbers, whose sums float32 holds exactly: what algebra says of them holds bit for bit. */
import { sizeOf, type Tensor, tensor } from '../../kernels/tensor.js'
import { singles, whole } from './numbers.js'

/** float32 whole numbers within ±8. */
export const wholes = (shape: readonly number[], seed: number): Tensor<'float32'> => tensor('float32', shape, whole(sizeOf(shape), seed))

/** float32 numbers within ±2. */
export const reals = (shape: readonly number[], seed: number): Tensor<'float32'> => tensor('float32', shape, singles(sizeOf(shape), seed))

export const ints = (shape: readonly number[], data: readonly number[]): Tensor<'int32'> => tensor('int32', shape, Int32Array.from(data))

/** Largest difference of two tensors of one shape, relative to the largest magnitude of the second. */
export function difference(a: Tensor, b: Tensor): number {
  if (a.shape.join() !== b.shape.join()) throw new Error(`shapes [${a.shape}] and [${b.shape}] differ`)
  let [most, largest] = [0, 0]
  const wanted = b.data as Float32Array
  ;(a.data as Float32Array).forEach((value, i) => {
    if (!Object.is(value, wanted[i])) most = Math.max(most, Math.abs(value - wanted[i]!))
    largest = Math.max(largest, Math.abs(wanted[i]!))
  })
  return largest === 0 ? most : most / largest
}
