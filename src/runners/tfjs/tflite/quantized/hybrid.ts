/**
 * Hybrid ops: float operands and results, int8 weights. The float operand is quantized to int8 for each product, row by row; sums are
 * exact, and are scaled back to float32. TensorFlow 1.x typed such weights uint8; the kernels read their bits as int8 all the same.
 */
import { sizeOf, type Tensor, tensor } from '../../../../../kernels/tensor.js'
import { bounded } from '../../geometry/bounds.js'
import { type BatchProduct, oriented } from '../../geometry/products.js'
import type { Convolution2d, Size4, Window2d } from '../../geometry/windows.js'
import type { Matrix } from '../../maths/matrix.js'
import { type Operand, only } from '../../op.js'
import { unsupported } from '../../refusals.js'
import { convolve, convolveDepthwise, type Emit, type IntegerFilter, type IntegerImage, multiply, spread } from './accumulate.js'
import { filterOf } from './convolution.js'
import { round } from './fixed-point.js'

const { abs, fround, max, min } = Math

interface QuantizedRows {
  data: Int8Array
  scales: Float32Array
  zeroPoints: Int32Array
}

/** [-127, 127], 0 stays 0. */
function quantizeSymmetrically(row: Float32Array, out: Int8Array): { scale: number; zeroPoint: number } {
  const range = row.reduce((largest, x) => max(largest, abs(x)), 0)
  if (range === 0) return { scale: 1, zeroPoint: 0 }
  const inverse = fround(127 / range)
  for (let i = 0; i < row.length; i++) out[i] = min(127, max(-127, round(fround(row[i]! * inverse))))
  return { scale: fround(range / 127), zeroPoint: 0 }
}

/** [-128, 127], with a zero point at an integer. */
function quantizeAsymmetrically(row: Float32Array, out: Int8Array): { scale: number; zeroPoint: number } {
  const [least, most] = [row.reduce((so, x) => min(so, x), 0), row.reduce((so, x) => max(so, x), 0)]
  if (least === most) return { scale: 1, zeroPoint: 0 }
  const scale = (most - least) / 255
  const [fromLeast, fromMost] = [-128 - least / scale, 127 - most / scale]
  const nearer = 128 + abs(least / scale) < 127 + abs(most / scale) ? fromLeast : fromMost
  const zeroPoint = nearer <= -128 ? -128 : nearer >= 127 ? 127 : round(nearer)
  const inverse = fround(1 / fround(scale))
  for (let i = 0; i < row.length; i++) out[i] = min(127, max(-128, round(fround(zeroPoint + fround(row[i]! * inverse)))))
  return { scale: fround(scale), zeroPoint }
}

function quantizeRows(data: Float32Array, rows: number, asymmetric: boolean): QuantizedRows {
  const size = data.length / rows
  const result = { data: new Int8Array(data.length), scales: new Float32Array(rows), zeroPoints: new Int32Array(rows) }
  for (let r = 0; r < rows; r++) {
    const quantize = asymmetric ? quantizeAsymmetrically : quantizeSymmetrically
    const { scale, zeroPoint } = quantize(data.subarray(r * size, (r + 1) * size), result.data.subarray(r * size, (r + 1) * size))
    result.scales[r] = scale
    result.zeroPoints[r] = zeroPoint
  }
  return result
}

/** Weights around zero, whatever sign their file gives the bits. */
function signedFilter(filter: Operand): IntegerFilter {
  const { data } = filterOf(filter)
  return { data: data instanceof Uint8Array ? new Int8Array(data.buffer, data.byteOffset, data.length) : data, zeroPoint: 0 }
}

/** Whether channels of the weights have scales of their own: several scales that are all alike count as one. */
const isPerChannel = ({ quantization }: Operand): boolean => quantization?.scale.some((one) => one !== quantization.scale[0]) ?? false

/** Scale of a channel of the weights. */
function weightScales({ quantization }: Operand): (channel: number) => number {
  const scale = quantization?.scale
  if (!scale) throw unsupported('lacks scales for its weights')
  return scale.length === 1 ? () => scale[0]! : (channel) => scale[channel]!
}

/** Weights [rows, columns] as a matrix that quantizes the vectors which it multiplies. */
export function hybridMatrix(weights: Operand, asymmetric: boolean): Matrix {
  const [rows, columns] = weights.shape as [number, number]
  const filter = signedFilter(weights)
  const scaleOf = weightScales(weights)
  return {
    rows,
    columns,
    accumulate(vectors, batch, out) {
      const { data, scales, zeroPoints } = quantizeRows(vectors, batch, asymmetric)
      multiply(
        data,
        (b) => zeroPoints[b]!,
        filter,
        batch,
        columns,
        rows,
        (at, row, b, sum) => {
          out[at]! += fround(sum * fround(scales[b]! * scaleOf(row)))
        },
      )
    },
  }
}

/** A float image [N, H, W, C] and its integer weights. */
export interface HybridOperands {
  input: Operand
  filter: Operand
}

/** Sums of a convolution of `input` quantized sample by sample, with a zero point where it is asymmetric. */
function hybridImage(
  { input, filter }: HybridOperands,
  asymmetric: boolean,
  shape: readonly number[],
  compute: (image: IntegerImage, emit: Emit) => void,
): Tensor<'float32'> {
  const { data, scales, zeroPoints } = quantizeRows(only(input, 'float32').data, input.shape[0]!, asymmetric)
  const scaleOf = weightScales(filter)
  const out = new Float32Array(sizeOf(bounded(shape)))
  const image: IntegerImage = { data, shape: input.shape as unknown as Size4, zeroPoint: (sample) => zeroPoints[sample]! }
  compute(image, (at, channel, sample, sum) => {
    out[at]! += fround(fround(sum * scaleOf(channel)) * scales[sample]!)
  })
  return tensor('float32', shape, out)
}

/** With one scale for all weights the input is quantized symmetrically (conv.cc EvalHybrid, EvalHybridPerChannel). */
export const hybridConvolution = (operands: HybridOperands, convolution: Convolution2d): Tensor<'float32'> =>
  hybridImage(operands, isPerChannel(operands.filter), convolution.shape, (image, emit) =>
    convolve(image, signedFilter(operands.filter), convolution, emit),
  )

export const hybridDepthwiseConvolution = (operands: HybridOperands, convolution: Convolution2d): Tensor<'float32'> =>
  hybridImage(operands, true, convolution.shape, (image, emit) =>
    convolveDepthwise(image, signedFilter(operands.filter), convolution, emit),
  )

export const hybridTransposedConvolution = (operands: HybridOperands, shape: Size4, window: Window2d): Tensor<'float32'> =>
  hybridImage(operands, true, shape, (image, emit) => spread(image, signedFilter(operands.filter), shape, window, emit))

/** x [..., m, k] and, whichever way it is stored, y [..., k, n] of int8. */
export function hybridBatchMatmul(x: Operand, y: Operand, product: BatchProduct, asymmetric: boolean): Tensor {
  const { shape, m, k, n, pairs, adjoint } = product
  const rows = oriented(only(x, 'float32'), adjoint.x).data
  const weights = oriented(only(y, 'int8'), !adjoint.y).data
  const scaleOf = weightScales(y)
  const out = new Float32Array(sizeOf(bounded(shape)))
  pairs.forEach(([i, j], pair) => {
    const { data, scales, zeroPoints } = quantizeRows(rows.subarray(i * m * k, (i + 1) * m * k), m, asymmetric)
    const filter = { data: weights.subarray(j * k * n, (j + 1) * k * n), zeroPoint: 0 }
    multiply(
      data,
      (row) => zeroPoints[row]!,
      filter,
      m,
      k,
      n,
      (at, column, row, sum) => {
        out[pair * m * n + at] = fround(sum * fround(scales[row]! * scaleOf(column)))
      },
    )
  })
  return tensor('float32', shape, out)
}
