/**
 * Affine quantization, one scale and offset (or zero point) a block. The constants have the rank of the data; each of their dimensions
 * divides the data's, and the quotient is the block's size: all ones is one scale for the tensor, ones but for an axis one scale a channel.
 */
import { INTEGER_RANGES } from './cast.js'
import { roundToEven } from './special.js'
import { allocate, type NumberArray, type NumberDType, sizeOf } from './tensor.js'

/** Constants of quantization; an absent offset is 0. */
export interface AffineBlocks {
  shape: readonly number[]
  scale: ArrayLike<number>
  offset?: ArrayLike<number> | undefined
}

/** Calls `visit` for each run of neighbouring elements of `shape` that lie in one block of `blocks`. */
export function forEachBlockRun(
  shape: readonly number[],
  blocks: readonly number[],
  visit: (from: number, to: number, block: number) => void,
): void {
  let inner = shape.length
  let run = 1
  while (inner > 0 && blocks[inner - 1] === 1) run *= shape[--inner]!
  const sizes = shape.slice(0, inner)
  if (inner > 0) {
    const last = inner - 1
    run *= sizes[last]! / blocks[last]!
    sizes[last] = blocks[last]!
  }
  const total = sizeOf(shape)
  const index = new Array<number>(inner).fill(0)
  for (let from = 0; from < total; from += run) {
    let block = 0
    for (let axis = 0; axis < inner; axis++) {
      const blockSize = axis === inner - 1 ? 1 : shape[axis]! / blocks[axis]!
      block = block * blocks[axis]! + Math.floor(index[axis]! / blockSize)
    }
    visit(from, from + run, block)
    for (let axis = inner - 1; axis >= 0 && ++index[axis]! === sizes[axis]; axis--) index[axis] = 0
  }
}

/** scale (q - offset), the difference and the product each rounded to float32. */
export function dequantize(data: NumberArray, shape: readonly number[], { shape: blocks, scale, offset }: AffineBlocks): Float32Array {
  const result = new Float32Array(data.length)
  forEachBlockRun(shape, blocks, (from, to, block) => {
    const factor = scale[block]!
    const zero = offset?.[block] ?? 0
    for (let i = from; i < to; i++) result[i] = factor * Math.fround(data[i]! - zero)
  })
  return result
}

/** round(x / scale) + offset within the range of `dtype`; the quotient is rounded to float32, then to the nearest integer, ties to even. NaN gives 0. */
export function quantize(
  x: NumberArray,
  shape: readonly number[],
  { shape: blocks, scale, offset }: AffineBlocks,
  dtype: NumberDType,
): NumberArray {
  const result = allocate(dtype, x.length) as NumberArray
  const [least, greatest] = INTEGER_RANGES[dtype]!
  forEachBlockRun(shape, blocks, (from, to, block) => {
    const divisor = scale[block]!
    const zero = offset?.[block] ?? 0
    for (let i = from; i < to; i++) {
      result[i] = Math.min(Math.max(roundToEven(Math.fround(x[i]! / divisor)) + zero, least), greatest)
    }
  })
  return result
}
