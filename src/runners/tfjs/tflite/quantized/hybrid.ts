/**
 * Hybrid ops: float operands and results, int8 weights. The float operand is quantised to int8 for each product, row by row; sums are
 * exact, and are scaled back to float32. TensorFlow 1.x typed such weights uint8; the kernels read their bits as int8 all the same.
 */
import type { Tensor } from '../../../../../kernels/tensor.js'
import { sizeOf, tensor } from '../../../../../kernels/tensor.js'
import { bounded } from '../../bounds.js'
import type { Kernel, Operator } from '../../operator.js'
import { finish, shapes2d, windowOf } from '../convolution.js'
import { batchProductOf, connectionOf, oriented } from '../matmul.js'
import type { Matrix } from '../matrix.js'
import type { Emit, IntegerFilter, IntegerImage } from './accumulate.js'
import { convolve, convolveDepthwise, multiply, spread } from './accumulate.js'
import { filterOf, spreadingOf } from './convolution.js'
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
function signedFilter(op: Operator, index: number): IntegerFilter {
  const { data } = filterOf(op, index)
  return { data: data instanceof Uint8Array ? new Int8Array(data.buffer, data.byteOffset, data.length) : data, zeroPoint: 0 }
}

/** Whether channels of the weights have scales of their own: several scales that are all alike count as one. */
const isPerChannel = (op: Operator, index: number): boolean => {
  const scale = op.quantization(index)?.scale ?? []
  return scale.some((one) => one !== scale[0])
}

/** Scale of a channel of the weights. */
function weightScales(op: Operator, index: number): (channel: number) => number {
  const scale = op.quantization(index)?.scale
  if (!scale) throw op.unsupported('lacks scales for its weights')
  return scale.length === 1 ? () => scale[0]! : (channel) => scale[channel]!
}

/** Operand `index` [rows, columns] as a matrix that quantises the vectors which it multiplies. */
export function hybridMatrix(op: Operator, index: number): Matrix {
  const [rows, columns] = op.input(index).shape as [number, number]
  const filter = signedFilter(op, index)
  const scaleOf = weightScales(op, index)
  const asymmetric = op.boolean('asymmetric_quantize_inputs')
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

export const hybridFullyConnected: Kernel = (op) => {
  const x = op.inputOf(0, 'float32')
  const { shape, batch, units } = connectionOf(op)
  const out = new Float32Array(sizeOf(bounded([batch, units])))
  if (op.has(2)) {
    const bias = op.inputOf(2, 'float32').data
    for (let i = 0; i < out.length; i++) out[i] = bias[i % units]!
  }
  hybridMatrix(op, 1).accumulate(x.data, batch, out)
  const activated = tensor('float32', shape, out)
  return { ...activated, data: finish(op, activated.data, units, NO_BIAS) }
}

/** An operand that is never there. */
const NO_BIAS = -1

/** A convolution of operand `input` quantised sample by sample, with a zero point where it is asymmetric. */
function hybridImage(
  op: Operator,
  { input, bias, asymmetric }: { input: number; bias: number; asymmetric: boolean },
  shape: readonly number[],
  compute: (image: IntegerImage, emit: Emit) => void,
): Tensor {
  const x = op.inputOf(input, 'float32')
  const { data, scales, zeroPoints } = quantizeRows(x.data, x.shape[0]!, asymmetric)
  const scaleOf = weightScales(op, 1)
  const out = new Float32Array(sizeOf(bounded(shape)))
  const image: IntegerImage = { data, shape: x.shape as unknown as IntegerImage['shape'], zeroPoint: (sample) => zeroPoints[sample]! }
  compute(image, (at, channel, sample, sum) => {
    out[at]! += fround(fround(sum * scaleOf(channel)) * scales[sample]!)
  })
  return tensor('float32', shape, finish(op, out, shape[3]!, bias))
}

const FORWARD = { input: 0, bias: 2, asymmetric: true }

/** With one scale for all weights the input is quantised symmetrically (conv.cc EvalHybrid, EvalHybridPerChannel). */
export const hybridConvolution: Kernel = (op) => {
  const { input, filter } = shapes2d(op)
  const [filters, height, width, depth] = filter
  const window = windowOf(op, input, height, width)
  const operands = { ...FORWARD, asymmetric: isPerChannel(op, 1) }
  return hybridImage(op, operands, [input[0], window.rows.count, window.columns.count, filters], (image, emit) =>
    convolve(image, signedFilter(op, 1), filters, input[3] / depth, window, emit),
  )
}

export const hybridDepthwiseConvolution: Kernel = (op) => {
  const { input, filter } = shapes2d(op)
  const [, height, width, filters] = filter
  const window = windowOf(op, input, height, width)
  return hybridImage(op, FORWARD, [input[0], window.rows.count, window.columns.count, filters], (image, emit) =>
    convolveDepthwise(image, signedFilter(op, 1), filters, window, emit),
  )
}

export const hybridTransposedConvolution: Kernel = (op) => {
  const spreading = spreadingOf(op)
  return hybridImage(op, { input: 2, bias: 3, asymmetric: true }, spreading.shape, (image, emit) =>
    spread(image, signedFilter(op, 1), spreading, emit),
  )
}

export const hybridBatchMatmul: Kernel = (op) => {
  const x = oriented(op.inputOf(0, 'float32'), op.boolean('adj_x'))
  const y = oriented(op.inputOf(1, 'int8'), !op.boolean('adj_y')).data
  const { shape, m, k, n, pairs } = batchProductOf(op)
  const scaleOf = weightScales(op, 1)
  const asymmetric = op.boolean('asymmetric_quantize_inputs')
  const out = new Float32Array(sizeOf(bounded(shape)))
  pairs.forEach(([i, j], pair) => {
    const { data, scales, zeroPoints } = quantizeRows(x.data.subarray(i * m * k, (i + 1) * m * k), m, asymmetric)
    const filter = { data: y.subarray(j * k * n, (j + 1) * k * n), zeroPoint: 0 }
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
