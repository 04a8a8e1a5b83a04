/** Pooling of [N, H, W, C] over windows of H and W; padding is left out of every mean. */
import type { Tensor } from '../../../../kernels/tensor.js'
import { integer, text } from '../../parameters.js'
import type { Rounding } from '../../rounding.js'
import { FLOAT_OR_QUANTIZED } from '../dtypes.js'
import { PADDINGS, slidingOf, type Window2d } from '../geometry/windows.js'
import { L2, LARGEST, MEAN, type Pool, pool } from '../maths/pooling.js'
import { type Op, type Operand, type Output, op, operand } from '../op.js'
import { activate, FUSED } from './activation.js'
import { quantizedAveragePool, quantizedMaxPool } from './quantized/pooling.js'

const WINDOW = {
  padding: text(PADDINGS, { default: 'SAME' }),
  stride_h: integer({ default: 0 }),
  stride_w: integer({ default: 0 }),
  filter_height: integer({ default: 0 }),
  filter_width: integer({ default: 0 }),
}

interface PoolRow {
  specification: string
  rounding: Rounding
  float: Pool
  quantized?: (input: Operand, window: Window2d, output: Output, activation: string) => Tensor
}

const row = (type: string, { specification, rounding, float, quantized }: PoolRow): Op =>
  op({
    type,
    specification: `Pool2DOptions; ${specification}`,
    operands: { input: operand(quantized ? FLOAT_OR_QUANTIZED : ['float32'], 4) },
    attributes: { ...WINDOW, ...FUSED },
    rounding,
    run({ input, fused_activation_function: activation, padding, ...sizes }, { output }) {
      const window = {
        rows: slidingOf(padding, input.shape[1]!, sizes.filter_height, sizes.stride_h),
        columns: slidingOf(padding, input.shape[2]!, sizes.filter_width, sizes.stride_w),
      }
      if (quantized && input.dtype !== 'float32') return quantized(input, window, output(), activation)
      const out = pool(input, window, float)
      activate(out.data as Float32Array, activation)
      return out
    },
  })

export const POOLING: readonly Op[] = [
  row('AVERAGE_POOL_2D', {
    specification: 'reference_ops::AveragePool, reference_integer_ops::AveragePool',
    rounding: 'accumulating',
    float: MEAN,
    quantized: quantizedAveragePool,
  }),
  row('MAX_POOL_2D', {
    specification: 'reference_ops::MaxPool, reference_integer_ops::MaxPool',
    rounding: 'exact',
    float: LARGEST,
    quantized: quantizedMaxPool,
  }),
  row('L2_POOL_2D', { specification: 'reference_ops::L2Pool', rounding: 'accumulating', float: L2 }),
]
