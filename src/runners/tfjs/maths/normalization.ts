/** Normalization along the last dimension. */
import { type Tensor, tensor } from '../../../../kernels/tensor.js'

const { exp, log, max, min, sqrt } = Math

type Float = Tensor<'float32'>

/** Computes `out` from the rows of the last dimension, each from `start` on. */
function byRow({ shape, data }: Float, compute: (data: Float32Array, start: number, depth: number, out: Float32Array) => void): Float {
  const depth = shape[shape.length - 1] ?? 1
  const out = new Float32Array(data.length)
  if (depth > 0) for (let start = 0; start < data.length; start += depth) compute(data, start, depth, out)
  return tensor('float32', shape, out)
}

function largestOf(data: Float32Array, start: number, depth: number): number {
  let largest = -Infinity
  for (let c = 0; c < depth; c++) if (data[start + c]! > largest) largest = data[start + c]!
  return largest
}

/** Of beta x. */
export const softmax = (value: Float, beta: number): Float =>
  byRow(value, (data, start, depth, out) => {
    const largest = largestOf(data, start, depth)
    let sum = 0
    for (let c = 0; c < depth; c++) sum += out[start + c] = exp((data[start + c]! - largest) * beta)
    for (let c = 0; c < depth; c++) out[start + c]! /= sum
  })

export const logSoftmax = (value: Float): Float =>
  byRow(value, (data, start, depth, out) => {
    const largest = largestOf(data, start, depth)
    let sum = 0
    for (let c = 0; c < depth; c++) sum += exp(data[start + c]! - largest)
    const logarithm = log(sum)
    for (let c = 0; c < depth; c++) out[start + c] = data[start + c]! - largest - logarithm
  })

/** The least norm by which elements are divided. */
const LEAST_NORM = 1e-6

export const l2Normalized = (value: Float): Float =>
  byRow(value, (data, start, depth, out) => {
    let squares = 0
    for (let c = 0; c < depth; c++) squares += data[start + c]! ** 2
    const norm = max(sqrt(squares), LEAST_NORM)
    for (let c = 0; c < depth; c++) out[start + c] = data[start + c]! / norm
  })

export interface LocalResponse {
  radius: number
  bias: number
  alpha: number
  beta: number
}

/** The window reaches `radius` elements to either side, as in tf.nn.local_response_normalization. */
export const locallyNormalized = (value: Float, { radius, bias, alpha, beta }: LocalResponse): Float =>
  byRow(value, (data, start, depth, out) => {
    for (let c = 0; c < depth; c++) {
      let squares = 0
      for (let k = max(0, c - radius); k <= min(depth - 1, c + radius); k++) squares += data[start + k]! ** 2
      out[start + c] = data[start + c]! * (bias + alpha * squares) ** -beta
    }
  })
