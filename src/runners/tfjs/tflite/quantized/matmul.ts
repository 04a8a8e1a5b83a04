/** Quantised matrix products. */
import { withShape } from '../../../../../kernels/tensor.js'
import type { Kernel } from '../../operator.js'
import { batchProductOf, connectionOf, oriented } from '../matmul.js'
import { multiply } from './accumulate.js'
import { boundsOf, clampTo, inputAffine, integers, outputAffine, quantizedInput } from './affine.js'
import { filterOf } from './convolution.js'
import { multiplierOf, scale, scaleWide } from './fixed-point.js'
import { outputStage } from './output-stage.js'

export const quantizedFullyConnected: Kernel = (op) => {
  const { shape, batch, depth, units } = connectionOf(op)
  const { zeroPoint } = inputAffine(op, 0)
  const isPerTensor = op.quantization(1)?.scale.length === 1
  const stage = outputStage(op, { input: 0, filter: 1, bias: 2 }, units, isPerTensor)
  const out = integers(op.outputDType(), shape)
  multiply(
    quantizedInput(op, 0).data,
    () => zeroPoint,
    filterOf(op, 1),
    batch,
    depth,
    units,
    (at, unit, _, sum) => {
      out.data[at] = stage(sum, unit)
    },
  )
  return out
}

export const quantizedBatchMatmul: Kernel = (op) => {
  const { shape, m, k, n, pairs } = batchProductOf(op)
  const [left, right, output] = [inputAffine(op, 0), inputAffine(op, 1), outputAffine(op)]
  const [x, y] = [op.inputOf(0, 'int8', 'int16'), op.inputOf(1, 'int8', 'int16')]
  const a = oriented(x, op.boolean('adj_x')).data
  // rows of the transposed operand lie together, as those of weights do
  const b = oriented(withShape(y, y.shape), !op.boolean('adj_y')).data
  const multiplier = multiplierOf(Math.fround(left.scale * right.scale) / output.scale)
  const rescale = x.dtype === 'int16' ? scaleWide : scale
  const bounds = boundsOf(op)
  const out = integers(op.outputDType(), shape)
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
        out.data[pair * m * n + at] = clampTo(rescale(sum, multiplier) + output.zeroPoint, bounds)
      },
    )
  })
  return out
}
