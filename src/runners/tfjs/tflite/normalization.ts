/** Ops that normalise along the last dimension. */
import { tensor } from '../../../../kernels/tensor.js'
import type { Kernel, OpRow } from '../operator.js'
import { row } from '../operator.js'
import { activate } from './activation.js'
import { quantizedL2Normalization } from './quantized/normalization.js'
import { quantizedLogSoftmax, quantizedSoftmax } from './quantized/softmax.js'

const { exp, fround, log, max, min, sqrt } = Math

/** Computes `out` from the rows of the last dimension of a float operand, each from `start` on. */
const byRow =
  (compute: (data: Float32Array, start: number, depth: number, out: Float32Array, op: Parameters<Kernel>[0]) => void): Kernel =>
  (op) => {
    const { shape, data } = op.inputOf(0, 'float32')
    const depth = shape[shape.length - 1] ?? 1
    const out = new Float32Array(data.length)
    if (depth > 0) for (let start = 0; start < data.length; start += depth) compute(data, start, depth, out, op)
    return tensor('float32', shape, out)
  }

function largestOf(data: Float32Array, start: number, depth: number): number {
  let largest = -Infinity
  for (let c = 0; c < depth; c++) if (data[start + c]! > largest) largest = data[start + c]!
  return largest
}

const softmax = byRow((data, start, depth, out, op) => {
  const beta = fround(op.number('beta', 1))
  const largest = largestOf(data, start, depth)
  let sum = 0
  for (let c = 0; c < depth; c++) sum += out[start + c] = exp((data[start + c]! - largest) * beta)
  for (let c = 0; c < depth; c++) out[start + c]! /= sum
})

const logSoftmax = byRow((data, start, depth, out) => {
  const largest = largestOf(data, start, depth)
  let sum = 0
  for (let c = 0; c < depth; c++) sum += exp(data[start + c]! - largest)
  const logarithm = log(sum)
  for (let c = 0; c < depth; c++) out[start + c] = data[start + c]! - largest - logarithm
})

/** The least norm by which elements are divided. */
const LEAST_NORM = 1e-6

const l2Normalization: Kernel = (op) => {
  const result = byRow((data, start, depth, out) => {
    let squares = 0
    for (let c = 0; c < depth; c++) squares += data[start + c]! ** 2
    const norm = max(sqrt(squares), LEAST_NORM)
    for (let c = 0; c < depth; c++) out[start + c] = data[start + c]! / norm
  })(op) as ReturnType<typeof tensor<'float32'>>
  activate(result.data, op.text('fused_activation_function', 'NONE'))
  return result
}

/** The window reaches `radius` elements to either side, as in tf.nn.local_response_normalization. */
const localResponseNormalization = byRow((data, start, depth, out, op) => {
  const radius = op.number('radius')
  const [bias, alpha, beta] = [op.number('bias'), op.number('alpha'), op.number('beta')]
  for (let c = 0; c < depth; c++) {
    let squares = 0
    for (let k = max(0, c - radius); k <= min(depth - 1, c + radius); k++) squares += data[start + k]! ** 2
    out[start + c] = data[start + c]! * (bias + alpha * squares) ** -beta
  }
})

export const NORMALIZATION: readonly OpRow[] = [
  row('SOFTMAX', 0, [['float32'], softmax], [['int8', 'uint8', 'int16'], quantizedSoftmax]),
  row('LOG_SOFTMAX', 0, [['float32'], logSoftmax], [['int8', 'uint8'], quantizedLogSoftmax]),
  row('L2_NORMALIZATION', 0, [['float32'], l2Normalization], [['int8', 'uint8'], quantizedL2Normalization]),
  row('LOCAL_RESPONSE_NORMALIZATION', 0, [['float32'], localResponseNormalization]),
]
