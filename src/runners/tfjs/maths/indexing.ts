/** Addresses elements by other tensors' elements: lookups, scattering, segments, sorting. */
import { nonZero } from '../../../../kernels/select.js'
import { allocate, type DType, type NumberTensor, sizeOf, stridesOf, type Tensor, tensor } from '../../../../kernels/tensor.js'
import { axisOf, integerTensor } from '../geometry/axes.js'
import { bounded } from '../geometry/bounds.js'
import { misshapen, outOfRange } from '../refusals.js'
import type { Fold } from './reduction.js'

/** A tensor of indices. */
export type Indices = Tensor<'int8' | 'int16' | 'int32' | 'int64'>

const listOf = ({ data }: Indices): number[] => Array.from(data as ArrayLike<number | bigint>, Number)

/** Elements of `value` in runs of `length` from each of `starts`. */
function runs(value: Tensor, starts: readonly number[], length: number, shape: readonly number[]): Tensor {
  const from = value.data as Float32Array
  const data = allocate(value.dtype, sizeOf(bounded([starts.length, length]))) as Float32Array
  starts.forEach((start, i) => {
    for (let j = 0; j < length; j++) data[i * length + j] = from[start + j]!
  })
  return { dtype: value.dtype, shape: [...shape], data } as Tensor
}

function inBounds(index: number, size: number): number {
  if (index >= 0 && index < size) return index
  throw outOfRange(index, size)
}

/** The indices' elements of an axis; the first `batch_dims` dimensions go together. */
export function gathered(params: Tensor, indices: Indices, place: number, batchDims: number): Tensor {
  const axis = axisOf(place, params.shape.length)
  const batchRank = batchDims < 0 ? batchDims + indices.shape.length : batchDims
  if (!(batchRank >= 0 && batchRank <= Math.min(axis, indices.shape.length))) throw misshapen(`batch_dims ${batchRank}`)
  const size = params.shape[axis]!
  const inner = sizeOf(params.shape.slice(axis + 1))
  const batches = sizeOf(params.shape.slice(0, batchRank))
  const outer = sizeOf(params.shape.slice(batchRank, axis))
  const list = listOf(indices).map((index) => inBounds(index, size))
  const perBatch = batches === 0 ? 0 : list.length / batches
  const starts: number[] = []
  for (let block = 0; block < batches * outer; block++) {
    const first = Math.floor(block / outer) * perBatch
    for (let i = 0; i < perBatch; i++) starts.push((block * size + list[first + i]!) * inner)
  }
  return runs(params, starts, inner, [...params.shape.slice(0, axis), ...indices.shape.slice(batchRank), ...params.shape.slice(axis + 1)])
}

/** Places that index tuples (the last dimension of `indices`) address in a tensor of `shape`, and what follows each. */
function tuplesOf(indices: Indices, shape: readonly number[]): { outer: number[]; starts: number[]; depth: number; inner: number } {
  const depth = indices.shape[indices.shape.length - 1] ?? 1
  if (depth > shape.length) throw misshapen(`tuples of ${depth} indices for rank ${shape.length}`)
  const strides = stridesOf(shape)
  const list = listOf(indices)
  const outer = indices.shape.slice(0, -1)
  const starts = Array.from({ length: sizeOf(outer) }, (_, tuple) => {
    let start = 0
    for (let k = 0; k < depth; k++) start += inBounds(list[tuple * depth + k]!, shape[k]!) * strides[k]!
    return start
  })
  return { outer, starts, depth, inner: sizeOf(shape.slice(depth)) }
}

export function gatheredByTuples(params: Tensor, indices: Indices): Tensor {
  const { outer, starts, depth, inner } = tuplesOf(indices, params.shape)
  return runs(params, starts, inner, [...outer, ...params.shape.slice(depth)])
}

/** Zeros, with the updates added where the tuples point. */
export function scattered(indices: Indices, updates: Tensor, shape: readonly number[]): Tensor {
  const { starts, inner } = tuplesOf(indices, shape)
  if (updates.data.length !== starts.length * inner) throw misshapen('updates do not fit')
  const data = allocate(updates.dtype, sizeOf(bounded(shape))) as Float32Array
  const from = updates.data as Float32Array
  starts.forEach((start, i) => {
    for (let j = 0; j < inner; j++) data[start + j]! += from[i * inner + j]!
  })
  return { dtype: updates.dtype, shape: [...shape], data } as Tensor
}

/** A default with the values where the tuples point; the values are one for all, or one each. */
export function denseOf(indices: Indices, shape: readonly number[], values: Tensor, fallback: unknown): Tensor {
  const strides = stridesOf(shape)
  const depth = indices.shape.length < 2 ? 1 : indices.shape[1]!
  if (depth !== shape.length) throw misshapen(`tuples of ${depth} indices for rank ${shape.length}`)
  const list = listOf(indices)
  const data = (allocate(values.dtype, sizeOf(bounded(shape))) as Float32Array).fill(fallback as number)
  for (let tuple = 0; tuple < list.length / depth; tuple++) {
    const place = strides.reduce((sum, stride, k) => sum + stride * inBounds(list[tuple * depth + k]!, shape[k]!), 0)
    data[place] = values.data[values.shape.length === 0 ? 0 : tuple] as number
  }
  return { dtype: values.dtype, shape: [...shape], data } as Tensor
}

/** Rows of a table. */
export function rowsOf(params: Tensor, ids: readonly number[]): Tensor {
  const [rows = 0, ...rest] = params.shape
  const inner = sizeOf(rest)
  const starts = ids.map((id) => inBounds(id, rows) * inner)
  return runs(params, starts, inner, [ids.length, ...rest])
}

export const COMBINERS = ['SUM', 'MEAN', 'SQRTN'] as const

/** Weighted rows of a table, combined for each place that the sparse indices address but for their last coordinate. */
export function combinedRows(
  params: Tensor<'float32'>,
  ids: readonly number[],
  indices: Indices,
  denseShape: readonly number[],
  weights: Float32Array,
  combiner: (typeof COMBINERS)[number],
): Tensor {
  const depth = indices.shape[1] ?? 0
  const [rows = 0, ...rest] = params.shape
  const inner = sizeOf(rest)
  const outer = denseShape.slice(0, -1)
  if (depth !== denseShape.length) throw misshapen(`tuples of ${depth} indices for rank ${denseShape.length}`)
  const strides = stridesOf(outer)
  const list = listOf(indices)
  const out = tensor('float32', bounded([...outer, ...rest]))
  const total = new Float32Array(sizeOf(outer))
  const squares = new Float32Array(sizeOf(outer))
  ids.forEach((id, i) => {
    const bucket = strides.reduce((sum, stride, k) => sum + stride * inBounds(list[i * depth + k]!, outer[k]!), 0)
    const weight = weights[i]!
    total[bucket]! += weight
    squares[bucket]! += weight * weight
    const from = inBounds(id, rows) * inner
    for (let j = 0; j < inner; j++) out.data[bucket * inner + j]! += params.data[from + j]! * weight
  })
  if (combiner === 'SUM') return out
  const divisor = combiner === 'MEAN' ? total : squares.map(Math.sqrt)
  for (let i = 0; i < out.data.length; i++) {
    const by = divisor[Math.floor(i / inner)]!
    if (by !== 0) out.data[i]! /= by
  }
  return out
}

/** Rows with the same id, folded; `count` says how many ids there are. */
export function segmented(
  { dtype, shape, data }: Tensor<'float32' | 'int32'>,
  segmentIds: Indices,
  count: number,
  { initial, step }: Fold<number>,
): Tensor {
  const ids = listOf(segmentIds)
  const idRank = segmentIds.shape.length
  const rest = shape.slice(idRank)
  const inner = sizeOf(rest)
  if (ids.length * inner !== data.length) throw misshapen('ids do not fit')
  const out = (allocate(dtype, sizeOf(bounded([count, inner]))) as Float32Array).fill(initial)
  ids.forEach((id, i) => {
    if (id < 0) return
    inBounds(id, count)
    for (let j = 0; j < inner; j++) out[id * inner + j] = step(out[id * inner + j]!, data[i * inner + j]!)
  })
  return { dtype, shape: [count, ...rest], data: out } as Tensor
}

/** Indices of the elements that are not 0, in row-major order: [count, rank]. */
export function placesOfNonZero(condition: NumberTensor): Tensor {
  const { shape, data } = nonZero(condition, 'int32')
  return { ...integerTensor('int64', Array.from(data)), shape }
}

/** The k largest of the last dimension in falling order, of equals the first, and their indices. */
export function largest({ dtype, shape, data }: Tensor, k: number): [values: Tensor, indices: Tensor] {
  const size = shape[shape.length - 1]
  if (size === undefined || k < 0 || k > size) throw misshapen(`the ${k} largest of ${size ?? 1}`)
  const from = data as Float32Array
  const rows = size === 0 ? 0 : from.length / size
  const values = allocate(dtype, rows * k) as Float32Array
  const indices = new Int32Array(rows * k)
  for (let r = 0; r < rows; r++) {
    const order = Array.from({ length: size }, (_, i) => i).sort((a, b) => {
      const [x, y] = [from[r * size + a]!, from[r * size + b]!]
      return x > y ? -1 : x < y ? 1 : a - b
    })
    for (let i = 0; i < k; i++) {
      indices[r * k + i] = order[i]!
      values[r * k + i] = from[r * size + order[i]!]!
    }
  }
  const result = [...shape.slice(0, -1), k]
  return [{ dtype, shape: result, data: values } as Tensor, tensor('int32', result, indices)]
}

/** The different elements in the order in which they first come, and for each element which of them it is. */
export function unique({ dtype, data, shape }: Tensor, indexType: DType): [values: Tensor, indices: Tensor] {
  const places = new Map<unknown, number>()
  const indices = Array.from(data as ArrayLike<unknown>, (element) => {
    if (!places.has(element)) places.set(element, places.size)
    return places.get(element)!
  })
  const values = allocate(dtype, places.size) as unknown as unknown[]
  for (const [element, place] of places) values[place] = element
  return [{ dtype, shape: [places.size], data: values } as unknown as Tensor, { ...integerTensor(indexType, indices), shape: [...shape] }]
}

/** Number of the bucket between the boundaries that an element falls in. */
export function buckets({ shape, data }: Tensor<'float32' | 'float64' | 'int32'>, boundaries: readonly number[]): Tensor {
  return tensor(
    'int32',
    shape,
    Int32Array.from(data as Float32Array, (x) => boundaries.filter((boundary) => boundary <= x).length),
  )
}
