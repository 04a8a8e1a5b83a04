/** Shapes of matrix products. */
import { transpose } from '../../../../kernels/movement.js'
import { sizeOf, type Tensor, withShape } from '../../../../kernels/tensor.js'
import { misshapen } from '../refusals.js'
import { bounded } from './bounds.js'
import { commonShape } from './broadcast.js'

/** `batch` rows of `depth` elements times a filter [units, depth]. */
export interface Connection {
  shape: number[]
  batch: number
  depth: number
  units: number
}

/** @throws ParityError MODEL_SHAPE where the input's elements are no rows of the filter's depth */
export function connectionOf(input: readonly number[], filter: readonly number[], keepDimensions: boolean): Connection {
  const [units, depth] = filter
  const count = sizeOf(input)
  if (units === undefined || !depth || count % depth !== 0) throw misshapen('the weights do not fit')
  const batch = count / depth
  const shape = bounded(keepDimensions ? [...input.slice(0, -1), units] : [batch, units])
  if (sizeOf(shape) !== batch * units) throw misshapen('the weights do not fit')
  return { shape, batch, depth, units }
}

export interface Adjoint {
  x: boolean
  y: boolean
}

export interface BatchProduct {
  /** [..., m, n] */
  shape: number[]
  m: number
  k: number
  n: number
  /** For each matrix of the result, which matrices of the operands it is of. */
  pairs: [number, number][]
  /** Which operands have their last two dimensions changed over. */
  adjoint: Adjoint
}

/**
 * How the matrices of two operands go together; their leading dimensions broadcast.
 * @throws ParityError MODEL_SHAPE
 */
export function batchProductOf(x: readonly number[], y: readonly number[], adjoint: Adjoint): BatchProduct {
  if (x.length < 2 || y.length < 2) throw misshapen('rank 2 or more is needed')
  const [m, k] = adjoint.x ? [x[x.length - 1]!, x[x.length - 2]!] : [x[x.length - 2]!, x[x.length - 1]!]
  const [inner, n] = adjoint.y ? [y[y.length - 1]!, y[y.length - 2]!] : [y[y.length - 2]!, y[y.length - 1]!]
  if (inner !== k) throw misshapen('inner sizes differ')
  const [xBatch, yBatch] = [x.slice(0, -2), y.slice(0, -2)]
  const batch = commonShape(xBatch, yBatch)
  const pairs = Array.from({ length: sizeOf(batch) }, (_, i): [number, number] => [placeIn(xBatch, batch, i), placeIn(yBatch, batch, i)])
  return { shape: bounded([...batch, m, n]), m, k, n, pairs, adjoint }
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
