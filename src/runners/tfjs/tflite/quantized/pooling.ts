/** Quantised pooling: operand and result share a scale. */
import type { Tensor } from '../../../../../kernels/tensor.js'
import type { Kernel, Operator } from '../../operator.js'
import { pool, poolingOf } from '../pooling.js'
import { boundsOf, clampTo, rangeOf } from './affine.js'

/** The mean rounded to nearest, ties away from zero. */
function roundedMean(sum: number, count: number): number {
  const half = Math.floor(count / 2)
  return Math.trunc((sum > 0 ? sum + half : sum - half) / count)
}

const pooled = (
  op: Operator,
  initial: number,
  step: (so: number, x: number) => number,
  finish: (so: number, count: number) => number,
): Tensor => {
  const bounds = boundsOf(op)
  return pool(poolingOf(op), initial, step, (so, count) => clampTo(finish(so, count), bounds))
}

export const quantizedAveragePool: Kernel = (op) => pooled(op, 0, (so, x) => so + x, roundedMean)

export const quantizedMaxPool: Kernel = (op) =>
  pooled(
    op,
    rangeOf(op, op.input(0).dtype)[0],
    (so, x) => (x > so ? x : so),
    (so) => so,
  )
