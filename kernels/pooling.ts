/** Pooling over three spatial dimensions; one and two are the same with sizes of 1. Tensors are [planes, depth, height, width]. */
import type { Arithmetic } from './arithmetic.js'
import type { Spatial } from './convolution.js'
import { roundToHalf } from './float16.js'
import { sizeOf } from './tensor.js'

export interface PoolingShape {
  /** Batches times channels. */
  planes: number
  input: Spatial
  kernel: Spatial
  output: Spatial
  stride: Spatial
  /** Padding in front of each dimension. */
  before: Spatial
}

/**
 * max: the largest element, NaN where there is one; average: the sum over the size of the kernel, or over the number of elements
 * where padding is not counted; l2: the root of the sum of squares.
 */
export type Pooling = { kind: 'max' } | { kind: 'average'; countPadding: boolean } | { kind: 'l2' }

const { fround } = Math

/**
 * Pools the elements of each window that lie inside the input, in row-major order; padding takes no part in a maximum and adds nothing
 * to a sum. A window without elements gives -Infinity (max), 0 (l2, average over the kernel), NaN (average over the elements).
 */
export function pool(input: Float32Array, shape: PoolingShape, pooling: Pooling, { sum }: Arithmetic): Float32Array {
  const { planes, input: size, kernel, output, stride, before } = shape
  const out = new Float32Array(planes * sizeOf(output))
  const add =
    sum === 'float16' ? (total: number, x: number) => roundToHalf(fround(total + x)) : (total: number, x: number) => fround(total + x)
  const { kind } = pooling
  const volume = sizeOf(kernel)
  let at = 0
  for (let plane = 0; plane < planes; plane++) {
    for (let oz = 0; oz < output[0]; oz++) {
      const z = oz * stride[0] - before[0]
      const [firstZ, endZ] = [Math.max(0, z), Math.min(size[0], z + kernel[0])]
      for (let oy = 0; oy < output[1]; oy++) {
        const y = oy * stride[1] - before[1]
        const [firstY, endY] = [Math.max(0, y), Math.min(size[1], y + kernel[1])]
        for (let ox = 0; ox < output[2]; ox++, at++) {
          const x = ox * stride[2] - before[2]
          const [firstX, endX] = [Math.max(0, x), Math.min(size[2], x + kernel[2])]
          let total = kind === 'max' ? -Infinity : 0
          for (let iz = firstZ; iz < endZ; iz++) {
            for (let iy = firstY; iy < endY; iy++) {
              const row = ((plane * size[0] + iz) * size[1] + iy) * size[2]
              for (let i = row + firstX; i < row + endX; i++) {
                const value = input[i]!
                if (kind === 'max') {
                  if (value > total || value !== value) total = value
                } else total = add(total, kind === 'l2' ? fround(value * value) : value)
              }
            }
          }
          if (kind === 'l2') total = Math.sqrt(total)
          else if (kind === 'average') {
            const inside = Math.max(0, endZ - firstZ) * Math.max(0, endY - firstY) * Math.max(0, endX - firstX)
            total /= pooling.countPadding ? volume : inside
          }
          out[at] = total
        }
      }
    }
  }
  return out
}
