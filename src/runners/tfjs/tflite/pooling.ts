/** Pooling of [N, H, W, C] over windows of H and W; padding is left out of every mean. */
import type { Tensor } from '../../../../kernels/tensor.js'
import { allocate, tensor } from '../../../../kernels/tensor.js'
import type { Kernel, Operator, OpRow } from '../operator.js'
import { row } from '../operator.js'
import { activate } from './activation.js'
import type { Sliding } from './padding.js'
import { slidingOf, spanOf } from './padding.js'
import { quantizedAveragePool, quantizedMaxPool } from './quantized/pooling.js'

export interface Pooling {
  shape: [number, number, number, number]
  input: Tensor
  rows: Sliding
  columns: Sliding
}

export function poolingOf(op: Operator): Pooling {
  const input = op.input(0)
  if (input.shape.length !== 4) throw op.misshapen('rank 4 is needed')
  const [batch, height, width, channels] = input.shape as [number, number, number, number]
  const rows = slidingOf(op, height, op.number('filter_height'), op.number('stride_h'), 1)
  const columns = slidingOf(op, width, op.number('filter_width'), op.number('stride_w'), 1)
  return { shape: [batch, rows.count, columns.count, channels], input, rows, columns }
}

/**
 * Folds each window, channel by channel: `step` is given the sum so far and an element, `finish` the sum and the number of elements.
 */
export function pool(
  { shape: [batch, outHeight, outWidth, channels], input, rows, columns }: Pooling,
  initial: number,
  step: (so: number, x: number) => number,
  finish: (so: number, count: number) => number,
): Tensor {
  const [, height, width] = input.shape as [number, number, number, number]
  const data = allocate(input.dtype, batch * outHeight * outWidth * channels) as Float32Array
  const from = input.data as Float32Array
  const sums = input.dtype === 'float32' ? new Float32Array(channels) : new Float64Array(channels)
  let at = 0
  for (let n = 0; n < batch; n++) {
    for (let oy = 0; oy < outHeight; oy++) {
      const [top, bottom] = spanOf(rows, oy, height)
      for (let ox = 0; ox < outWidth; ox++) {
        const [left, right] = spanOf(columns, ox, width)
        sums.fill(initial)
        for (let y = top; y < bottom; y++) {
          for (let x = left; x < right; x++) {
            const start = ((n * height + y) * width + x) * channels
            for (let c = 0; c < channels; c++) sums[c] = step(sums[c]!, from[start + c]!)
          }
        }
        const count = (bottom - top) * (right - left)
        for (let c = 0; c < channels; c++) data[at++] = finish(sums[c]!, count)
      }
    }
  }
  return { dtype: input.dtype, shape: [batch, outHeight, outWidth, channels], data } as Tensor
}

const pooled =
  (initial: number, step: (so: number, x: number) => number, finish: (so: number, count: number) => number): Kernel =>
  (op) => {
    const out = pool(poolingOf(op), initial, step, finish)
    activate(out.data as Float32Array, op.text('fused_activation_function', 'NONE'))
    return tensor('float32', out.shape, out.data as Float32Array)
  }

const LEAST_FLOAT32 = -(2 - 2 ** -23) * 2 ** 127

export const POOLING: readonly OpRow[] = [
  row(
    'AVERAGE_POOL_2D',
    0,
    [
      ['float32'],
      pooled(
        0,
        (so, x) => so + x,
        (so, count) => so / count,
      ),
    ],
    [['int8', 'uint8', 'int16'], quantizedAveragePool],
  ),
  row(
    'MAX_POOL_2D',
    0,
    [
      ['float32'],
      pooled(
        LEAST_FLOAT32,
        (so, x) => (x > so ? x : so),
        (so) => so,
      ),
    ],
    [['int8', 'uint8', 'int16'], quantizedMaxPool],
  ),
  row('L2_POOL_2D', 0, [
    ['float32'],
    pooled(
      0,
      (so, x) => so + x * x,
      (so, count) => Math.sqrt(so / count),
    ),
  ]),
]
