/** Quantized pooling: operand and result share a scale. */
import type { Tensor } from '../../../../../kernels/tensor.js'
import type { Window2d } from '../../geometry/windows.js'
import { LARGEST, MEAN, type Pool, pool } from '../../maths/pooling.js'
import type { Operand, Output } from '../../op.js'
import { boundsOf, clampTo, rangeOf } from './affine.js'

/** The mean rounded to nearest, ties away from zero. */
function roundedMean(sum: number, count: number): number {
  const half = Math.floor(count / 2)
  return Math.trunc((sum > 0 ? sum + half : sum - half) / count)
}

function pooled(input: Operand, window: Window2d, { initial, step, finish }: Pool, output: Output, activation: string): Tensor {
  const bounds = boundsOf(output, activation)
  return pool(input, window, { initial, step, finish: (so, count) => clampTo(finish(so, count), bounds) })
}

export const quantizedAveragePool = (input: Operand, window: Window2d, output: Output, activation: string): Tensor =>
  pooled(input, window, { ...MEAN, finish: roundedMean }, output, activation)

export const quantizedMaxPool = (input: Operand, window: Window2d, output: Output, activation: string): Tensor =>
  pooled(input, window, { ...LARGEST, initial: rangeOf(input.dtype)[0] }, output, activation)
