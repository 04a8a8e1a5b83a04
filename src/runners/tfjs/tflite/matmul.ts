/** Products of matrices, on TensorFlow.js. */
import { transpose } from '../../../../kernels/movement.js'
import type { Tensor } from '../../../../kernels/tensor.js'
import { sizeOf, tensor, withShape } from '../../../../kernels/tensor.js'
import { bounded } from '../bounds.js'
import type { Kernel, Operator, OpRow } from '../operator.js'
import { row } from '../operator.js'
import { commonShape } from './broadcast.js'
import { finish } from './convolution.js'
import { hybridBatchMatmul, hybridFullyConnected } from './quantized/hybrid.js'
import { quantizedBatchMatmul, quantizedFullyConnected } from './quantized/matmul.js'

/** Shape of a fully connected result, and the matrices' sizes: `batch` rows of `depth` elements times [units, depth]. */
export function connectionOf(op: Operator): { shape: number[]; batch: number; depth: number; units: number } {
  const [input, filter] = [op.input(0).shape, op.input(1).shape]
  const [units, depth] = filter
  const count = sizeOf(input)
  if (filter.length !== 2 || !depth || count % depth !== 0) throw op.misshapen('the weights do not fit')
  const batch = count / depth
  return { shape: bounded(op.boolean('keep_num_dims') ? [...input.slice(0, -1), units!] : [batch, units!]), batch, depth, units: units! }
}

/** Input [..., K], filter [units, K] */
const fullyConnected: Kernel = (op) => {
  const x = op.inputOf(0, 'float32')
  if (op.input(1).dtype !== 'float32') return hybridFullyConnected(op)
  const filter = op.inputOf(1, 'float32')
  const { shape, batch, depth, units } = connectionOf(op)
  if (sizeOf(shape) !== batch * units) throw op.misshapen('the weights do not fit')
  const out =
    batch * units === 0
      ? new Float32Array(0)
      : op.device.compute((tf) => {
          const weights = op.device.weight(filter, 'transposed', () => tf.tensor2d(transpose(filter, [1, 0]).data, [depth, units]))
          return tf.matMul(tf.tensor2d(x.data, [batch, depth]), weights)
        })
  return tensor('float32', shape, finish(op, out, units, 2))
}

export interface BatchProduct {
  /** [..., m, n] */
  shape: number[]
  m: number
  k: number
  n: number
  /** For each matrix of the result, which matrices of the operands it is of. */
  pairs: [number, number][]
}

/** How the matrices of two operands go together; their leading dimensions broadcast. */
export function batchProductOf(op: Operator): BatchProduct {
  const [x, y] = [op.input(0).shape, op.input(1).shape]
  if (x.length < 2 || y.length < 2) throw op.misshapen('rank 2 or more is needed')
  const [m, k] = op.boolean('adj_x') ? [x[x.length - 1]!, x[x.length - 2]!] : [x[x.length - 2]!, x[x.length - 1]!]
  const [inner, n] = op.boolean('adj_y') ? [y[y.length - 1]!, y[y.length - 2]!] : [y[y.length - 2]!, y[y.length - 1]!]
  if (inner !== k) throw op.misshapen('inner sizes differ')
  const [xBatch, yBatch] = [x.slice(0, -2), y.slice(0, -2)]
  const batch = commonShape(xBatch, yBatch)
  const pairs = Array.from({ length: sizeOf(batch) }, (_, i): [number, number] => [placeIn(xBatch, batch, i), placeIn(yBatch, batch, i)])
  return { shape: bounded([...batch, m, n]), m, k, n, pairs }
}

/** Index in `own`, which broadcasts to `shape`, of element `index` of `shape`. */
function placeIn(own: readonly number[], shape: readonly number[], index: number): number {
  let rest = index
  let place = 0
  let stride = 1
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    const size = own[axis - shape.length + own.length] ?? 1
    const coordinate = rest % shape[axis]!
    rest = Math.floor(rest / shape[axis]!)
    if (size > 1) place += coordinate * stride
    stride *= size
  }
  return place
}

/** The last two dimensions changed over where `isAdjoint`. */
export function oriented<T extends Tensor>(value: T, isAdjoint: boolean): T {
  if (!isAdjoint) return value
  const rank = value.shape.length
  const [rows, columns] = value.shape.slice(-2) as [number, number]
  const matrices = withShape(value, [sizeOf(value.shape.slice(0, -2)), rows, columns])
  return withShape(transpose(matrices, [0, 2, 1]), [...value.shape.slice(0, rank - 2), columns, rows])
}

const batchMatmul: Kernel = (op) => {
  const x = oriented(op.inputOf(0, 'float32'), op.boolean('adj_x')).data
  if (op.input(1).dtype === 'int8') return hybridBatchMatmul(op)
  const y = oriented(op.inputOf(1, 'float32'), op.boolean('adj_y')).data
  const { shape, m, k, n, pairs } = batchProductOf(op)
  const out = new Float32Array(sizeOf(shape))
  if (k > 0 && m * n > 0) {
    pairs.forEach(([i, j], at) => {
      const product = op.device.compute((tf) =>
        tf.matMul(tf.tensor2d(x.subarray(i * m * k, (i + 1) * m * k), [m, k]), tf.tensor2d(y.subarray(j * k * n, (j + 1) * k * n), [k, n])),
      )
      out.set(product, at * m * n)
    })
  }
  return tensor('float32', shape, out)
}

export const MATMUL: readonly OpRow[] = [
  row('FULLY_CONNECTED', 0, [['float32'], fullyConnected], [['int8', 'uint8', 'int16'], quantizedFullyConnected]),
  row('BATCH_MATMUL', 0, [['float32'], batchMatmul], [['int8', 'int16'], quantizedBatchMatmul]),
]
