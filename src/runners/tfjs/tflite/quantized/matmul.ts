/** Quantized matrix products. */
import type { Tensor } from '../../../../../kernels/tensor.js'
import { type BatchProduct, type Connection, oriented } from '../../geometry/products.js'
import { type Operand, type Output, only } from '../../op.js'
import { multiply } from './accumulate.js'
import { affineOf, boundsOf, clampTo, codesOf, integers } from './affine.js'
import { filterOf } from './convolution.js'
import { multiplierOf, scale, scaleWide } from './fixed-point.js'
import { outputStage, type Summed } from './output-stage.js'

export function quantizedFullyConnected(summed: Summed, { shape, batch, depth, units }: Connection): Tensor {
  const { zeroPoint } = affineOf(summed.input)
  const stage = outputStage(summed, units, summed.filter.quantization?.scale.length === 1)
  const out = integers(summed.output.dtype, shape)
  multiply(
    codesOf(summed.input),
    () => zeroPoint,
    filterOf(summed.filter),
    batch,
    depth,
    units,
    (at, unit, _, sum) => {
      out.data[at] = stage(sum, unit)
    },
  )
  return out
}

export function quantizedBatchMatmul(x: Operand, y: Operand, { shape, m, k, n, pairs, adjoint }: BatchProduct, output: Output): Tensor {
  const [left, right, result] = [affineOf(x), affineOf(y), affineOf(output)]
  const a = oriented(only(x, 'int8', 'int16'), adjoint.x).data
  // rows of the transposed operand lie together, as those of weights do
  const b = oriented(only(y, 'int8', 'int16'), !adjoint.y).data
  const multiplier = multiplierOf(Math.fround(left.scale * right.scale) / result.scale)
  const rescale = x.dtype === 'int16' ? scaleWide : scale
  const bounds = boundsOf(output)
  const out = integers(output.dtype, shape)
  pairs.forEach(([i, j], pair) => {
    const filter = { data: b.subarray(j * k * n, (j + 1) * k * n), zeroPoint: right.zeroPoint }
    multiply(
      a.subarray(i * m * k, (i + 1) * m * k),
      () => left.zeroPoint,
      filter,
      m,
      k,
      n,
      (at, _unit, _row, sum) => {
        out.data[pair * m * n + at] = clampTo(rescale(sum, multiplier) + result.zeroPoint, bounds)
      },
    )
  })
  return out
}
