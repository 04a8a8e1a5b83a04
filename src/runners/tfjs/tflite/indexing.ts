/** Ops that address elements by other tensors' elements: lookups, scattering, segments, sorting. */
import { nonZero } from '../../../../kernels/select.js'
import type { Tensor } from '../../../../kernels/tensor.js'
import { allocate, isNumberTensor, sizeOf, stridesOf, tensor } from '../../../../kernels/tensor.js'
import { bounded } from '../bounds.js'
import type { Kernel, Operator, OpRow } from '../operator.js'
import { row } from '../operator.js'
import { axisOf, integerTensor } from './axes.js'
import { MOVABLE } from './dtypes.js'

/** Elements of `value` in runs of `length` from each of `starts`. */
function runs(value: Tensor, starts: readonly number[], length: number, shape: readonly number[]): Tensor {
  const from = value.data as Float32Array
  const data = allocate(value.dtype, sizeOf(bounded([starts.length, length]))) as Float32Array
  starts.forEach((start, i) => {
    for (let j = 0; j < length; j++) data[i * length + j] = from[start + j]!
  })
  return { dtype: value.dtype, shape: [...shape], data } as Tensor
}

function inBounds(op: Operator, index: number, size: number): number {
  if (index >= 0 && index < size) return index
  throw op.misshapen(`index ${index} of ${size}`, 'The index is computed from the sample: check that the sample is one for this model')
}

/** The indices' elements of an axis; the first `batch_dims` dimensions go together. */
const gather: Kernel = (op) => {
  const [params, indices] = [op.input(0), op.input(1)]
  const axis = axisOf(op, op.number('axis'), params.shape.length)
  const batchRank = op.number('batch_dims') < 0 ? op.number('batch_dims') + indices.shape.length : op.number('batch_dims')
  if (!(batchRank >= 0 && batchRank <= Math.min(axis, indices.shape.length))) throw op.misshapen(`batch_dims ${batchRank}`)
  const size = params.shape[axis]!
  const inner = sizeOf(params.shape.slice(axis + 1))
  const batches = sizeOf(params.shape.slice(0, batchRank))
  const outer = sizeOf(params.shape.slice(batchRank, axis))
  const list = op.integers(1).map((index) => inBounds(op, index, size))
  const perBatch = batches === 0 ? 0 : list.length / batches
  const starts: number[] = []
  for (let block = 0; block < batches * outer; block++) {
    const first = Math.floor(block / outer) * perBatch
    for (let i = 0; i < perBatch; i++) starts.push((block * size + list[first + i]!) * inner)
  }
  return runs(params, starts, inner, [...params.shape.slice(0, axis), ...indices.shape.slice(batchRank), ...params.shape.slice(axis + 1)])
}

/** Places that index tuples (the last dimension of an operand) address in a tensor of `shape`, and what follows each. */
function tuplesOf(
  op: Operator,
  operand: number,
  shape: readonly number[],
): { outer: number[]; starts: number[]; depth: number; inner: number } {
  const indices = op.input(operand)
  const depth = indices.shape[indices.shape.length - 1] ?? 1
  if (depth > shape.length) throw op.misshapen(`tuples of ${depth} indices for rank ${shape.length}`)
  const strides = stridesOf(shape)
  const list = op.integers(operand)
  const outer = indices.shape.slice(0, -1)
  const starts = Array.from({ length: sizeOf(outer) }, (_, tuple) => {
    let start = 0
    for (let k = 0; k < depth; k++) start += inBounds(op, list[tuple * depth + k]!, shape[k]!) * strides[k]!
    return start
  })
  return { outer, starts, depth, inner: sizeOf(shape.slice(depth)) }
}

const gatherByTuples: Kernel = (op) => {
  const params = op.input(0)
  const { outer, starts, depth, inner } = tuplesOf(op, 1, params.shape)
  return runs(params, starts, inner, [...outer, ...params.shape.slice(depth)])
}

/** Zeros, with the updates added where the tuples point. */
const scatterByTuples: Kernel = (op) => {
  const updates = op.input(1)
  const shape = op.integers(2)
  const { starts, inner } = tuplesOf(op, 0, shape)
  if (updates.data.length !== starts.length * inner) throw op.misshapen('updates do not fit')
  const data = allocate(updates.dtype, sizeOf(bounded(shape))) as Float32Array
  const from = updates.data as Float32Array
  starts.forEach((start, i) => {
    for (let j = 0; j < inner; j++) data[start + j]! += from[i * inner + j]!
  })
  return { dtype: updates.dtype, shape, data } as Tensor
}

/** A default with the values where the tuples point; the values are one for all, or one each. */
const sparseToDense: Kernel = (op) => {
  const indices = op.input(0)
  const shape = op.integers(1)
  const values = op.input(2)
  const strides = stridesOf(shape)
  const depth = indices.shape.length < 2 ? 1 : indices.shape[1]!
  if (depth !== shape.length) throw op.misshapen(`tuples of ${depth} indices for rank ${shape.length}`)
  const list = op.integers(0)
  const data = (allocate(values.dtype, sizeOf(bounded(shape))) as Float32Array).fill(op.input(3).data[0] as number)
  for (let tuple = 0; tuple < list.length / depth; tuple++) {
    const place = strides.reduce((sum, stride, k) => sum + stride * inBounds(op, list[tuple * depth + k]!, shape[k]!), 0)
    data[place] = values.data[values.shape.length === 0 ? 0 : tuple] as number
  }
  return { dtype: values.dtype, shape, data } as Tensor
}

/** Rows of a table; quantised rows are returned as the numbers that they stand for, where the result is float. */
const embeddingLookup: Kernel = (op) => {
  const params = op.input(1)
  const [rows = 0, ...rest] = params.shape
  const inner = sizeOf(rest)
  const ids = op.integers(0).map((id) => inBounds(op, id, rows))
  const found = runs(
    params,
    ids.map((id) => id * inner),
    inner,
    [ids.length, ...rest],
  )
  if (params.dtype !== 'int8' || op.outputDType() !== 'float32') return found
  const quantization = op.quantization(1)
  if (!quantization) throw op.unsupported()
  const { scale } = quantization
  const perRow = scale.length > 1
  return tensor(
    'float32',
    found.shape,
    Float32Array.from(found.data as Int8Array, (q, i) => q * (perRow ? scale[ids[Math.floor(i / inner)]!]! : scale[0]!)),
  )
}

/** Weighted rows of a table, combined for each place that the sparse indices address but for their last coordinate. */
const embeddingLookupSparse: Kernel = (op) => {
  const params = op.inputOf(4, 'float32')
  const indices = op.input(1)
  const denseShape = op.integers(2)
  const weights = op.inputOf(3, 'float32').data
  const combiner = op.text('combiner', 'SUM')
  const depth = indices.shape[1] ?? 0
  const [rows = 0, ...rest] = params.shape
  const inner = sizeOf(rest)
  const outer = denseShape.slice(0, -1)
  if (depth !== denseShape.length) throw op.misshapen(`tuples of ${depth} indices for rank ${denseShape.length}`)
  const strides = stridesOf(outer)
  const list = op.integers(1)
  const out = tensor('float32', bounded([...outer, ...rest]))
  const total = new Float32Array(sizeOf(outer))
  const squares = new Float32Array(sizeOf(outer))
  op.integers(0).forEach((id, i) => {
    const bucket = strides.reduce((sum, stride, k) => sum + stride * inBounds(op, list[i * depth + k]!, outer[k]!), 0)
    const weight = weights[i]!
    total[bucket]! += weight
    squares[bucket]! += weight * weight
    const from = inBounds(op, id, rows) * inner
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
function segments(op: Operator, count: number, initial: number, step: (so: number, x: number) => number): Tensor {
  const { dtype, shape, data } = op.inputOf(0, 'float32', 'int32')
  const ids = op.integers(1)
  const idRank = op.input(1).shape.length
  const rest = shape.slice(idRank)
  const inner = sizeOf(rest)
  if (ids.length * inner !== data.length) throw op.misshapen('ids do not fit')
  const out = (allocate(dtype, sizeOf(bounded([count, inner]))) as Float32Array).fill(initial)
  ids.forEach((id, i) => {
    if (id < 0) return
    inBounds(op, id, count)
    for (let j = 0; j < inner; j++) out[id * inner + j] = step(out[id * inner + j]!, data[i * inner + j]!)
  })
  return { dtype, shape: [count, ...rest], data: out } as Tensor
}

const add = (so: number, x: number): number => so + x
const LOWEST = { float32: -(2 - 2 ** -23) * 2 ** 127, int32: -(2 ** 31) }
const HIGHEST = { float32: -LOWEST.float32, int32: 2 ** 31 - 1 }

/** Ids are sorted; the last one says how many there are. */
const segmentSum: Kernel = (op) => segments(op, Math.max(-1, ...op.integers(1)) + 1, 0, add)

const unsortedSegment =
  (initial: (dtype: 'float32' | 'int32') => number, step: (so: number, x: number) => number): Kernel =>
  (op) =>
    segments(op, op.scalar(2), initial(op.inputOf(0, 'float32', 'int32').dtype), step)

/** Indices of the elements that are not 0, in row-major order: [count, rank]. */
const where: Kernel = (op) => {
  const condition = op.input(0)
  if (!isNumberTensor(condition)) throw op.unsupported()
  const { shape, data } = nonZero(condition, 'int32')
  return { ...integerTensor('int64', Array.from(data)), shape }
}

/** The k largest of the last dimension in falling order, of equals the first, and their indices. */
const topK: Kernel = (op) => {
  const { dtype, shape, data } = op.input(0)
  const k = op.scalar(1)
  const size = shape[shape.length - 1]
  if (size === undefined || k < 0 || k > size) throw op.misshapen(`the ${k} largest of ${size ?? 1}`)
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
const unique: Kernel = (op) => {
  const { dtype, data, shape } = op.input(0)
  const places = new Map<unknown, number>()
  const indices = Array.from(data as ArrayLike<unknown>, (element) => {
    if (!places.has(element)) places.set(element, places.size)
    return places.get(element)!
  })
  const values = allocate(dtype, places.size) as unknown as unknown[]
  for (const [element, place] of places) values[place] = element
  return [
    { dtype, shape: [places.size], data: values } as unknown as Tensor,
    { ...integerTensor(op.outputDType(1), indices), shape: [...shape] },
  ]
}

/** Number of the bucket between the boundaries that an element falls in. */
const bucketize: Kernel = (op) => {
  const { shape, data } = op.inputOf(0, 'float32', 'float64', 'int32')
  const boundaries = op.numbers('boundaries')
  return tensor(
    'int32',
    shape,
    Int32Array.from(data as Float32Array, (x) => boundaries.filter((boundary) => boundary <= x).length),
  )
}

export const INDEXING: readonly OpRow[] = [
  row('GATHER', 0, [MOVABLE, gather]),
  row('GATHER_ND', 0, [MOVABLE, gatherByTuples]),
  row('SCATTER_ND', 1, [['float32', 'int8', 'int16', 'int32', 'int64', 'uint8'], scatterByTuples]),
  row('SPARSE_TO_DENSE', 2, [MOVABLE, sparseToDense]),
  row('EMBEDDING_LOOKUP', 1, [MOVABLE, embeddingLookup]),
  row('EMBEDDING_LOOKUP_SPARSE', 4, [['float32'], embeddingLookupSparse]),
  row('SEGMENT_SUM', 0, [['float32', 'int32'], segmentSum]),
  row('UNSORTED_SEGMENT_SUM', 0, [['float32', 'int32'], unsortedSegment(() => 0, add)]),
  row('UNSORTED_SEGMENT_PROD', 0, [
    ['float32', 'int32'],
    unsortedSegment(
      () => 1,
      (so, x) => so * x,
    ),
  ]),
  row('UNSORTED_SEGMENT_MAX', 0, [['float32', 'int32'], unsortedSegment((dtype) => LOWEST[dtype], Math.max)]),
  row('UNSORTED_SEGMENT_MIN', 0, [['float32', 'int32'], unsortedSegment((dtype) => HIGHEST[dtype], Math.min)]),
  row('WHERE', 0, [['bool', 'float32', 'int8', 'int32', 'uint8', 'uint32'], where]),
  row('TOPK_V2', 0, [['float32', 'int8', 'int16', 'int32', 'int64', 'uint8'], topK]),
  row('UNIQUE', 0, [['float32', 'int8', 'int16', 'int32', 'int64', 'uint8'], unique]),
  row('BUCKETIZE', 0, [['float32', 'float64', 'int32'], bucketize]),
]
