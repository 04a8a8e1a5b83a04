/** Ops that give a tensor another shape, order or size without looking at its elements. */
import { broadcastTo, reverse, reverseSequence, tile, transpose } from '../../../../kernels/movement.js'
import type { DType, Tensor } from '../../../../kernels/tensor.js'
import { allocate, sizeOf, tensor, withShape } from '../../../../kernels/tensor.js'
import { bounded } from '../bounds.js'
import type { Kernel, Operator, OpRow } from '../operator.js'
import { row } from '../operator.js'
import { axisOf, integerTensor } from './axes.js'
import { commonShape } from './broadcast.js'
import { MOVABLE } from './dtypes.js'

const ANY: readonly DType[] = [...MOVABLE, 'complex64']

/** At most one size may be -1, and stands for what is left. */
const reshape: Kernel = (op) => {
  const input = op.input(0)
  const wanted = op.has(1) && op.input(1).shape.length === 1 ? op.integers(1) : op.numbers('new_shape')
  const isScalar = wanted.length === 1 && wanted[0] === 0 && sizeOf(input.shape) === 1
  return reshaped(op, input, isScalar ? [] : wanted)
}

function reshaped(op: Operator, input: Tensor, wanted: readonly number[]): Tensor {
  const known = wanted.reduce((product, size) => (size === -1 ? product : product * size), 1)
  const open = wanted.filter((size) => size === -1).length
  const count = sizeOf(input.shape)
  const shape = wanted.map((size) => (size === -1 ? (known === 0 ? 0 : count / known) : size))
  if (open > 1 || sizeOf(shape) !== count || !shape.every((size) => Number.isInteger(size) && size >= 0))
    throw op.misshapen(`no shape [${wanted}]`)
  return withShape(input, shape)
}

const squeeze: Kernel = (op) => {
  const input = op.input(0)
  const rank = input.shape.length
  const listed = op.numbers('squeeze_dims').map((axis) => axisOf(op, axis, rank))
  if (listed.some((axis) => input.shape[axis] !== 1)) throw op.misshapen(`dimensions ${listed} are not all 1`)
  return withShape(
    input,
    input.shape.filter((size, axis) => (listed.length ? !listed.includes(axis) : size !== 1)),
  )
}

const expandDims: Kernel = (op) => {
  const input = op.input(0)
  const axis = axisOf(op, op.scalar(1), input.shape.length + 1)
  return withShape(input, [...input.shape.slice(0, axis), 1, ...input.shape.slice(axis)])
}

const transposed: Kernel = (op) => {
  const input = op.input(0)
  const rank = input.shape.length
  const permutation = op.integers(1).map((axis) => axisOf(op, axis, rank))
  if (permutation.length !== rank || new Set(permutation).size !== rank)
    throw op.misshapen(`[${permutation}] is no permutation of ${rank} dimensions`)
  return transpose(input, permutation)
}

/** [N, H, W, b b C] to [N, H b, W b, C]. */
const depthToSpace: Kernel = (op) => {
  const { input, block } = blocksOf(op)
  const [batch, height, width, depth] = input.shape as [number, number, number, number]
  const channels = depth / block ** 2
  if (!Number.isInteger(channels)) throw op.misshapen(`${depth} channels in blocks of ${block}`)
  const split = withShape(input, [batch, height, width, block, block, channels])
  return withShape(transpose(split, [0, 1, 3, 2, 4, 5]), [batch, height * block, width * block, channels])
}

/** [N, H, W, C] to [N, H / b, W / b, b b C]. */
const spaceToDepth: Kernel = (op) => {
  const { input, block } = blocksOf(op)
  const [batch, height, width, channels] = input.shape as [number, number, number, number]
  const [rows, columns] = [height / block, width / block]
  if (!Number.isInteger(rows) || !Number.isInteger(columns)) throw op.misshapen(`blocks of ${block}`)
  const split = withShape(input, [batch, rows, block, columns, block, channels])
  return withShape(transpose(split, [0, 1, 3, 2, 4, 5]), [batch, rows, columns, block * block * channels])
}

function blocksOf(op: Operator): { input: Tensor; block: number } {
  const input = op.input(0)
  const block = op.number('block_size')
  if (input.shape.length !== 4 || block < 1) throw op.misshapen(`rank 4 and a block size are needed, not ${block}`)
  return { input, block }
}

const reversed: Kernel = (op) => {
  const input = op.input(0)
  return reverse(
    input,
    op.integers(1).map((axis) => axisOf(op, axis, input.shape.length)),
  )
}

const reversedSequences: Kernel = (op) => {
  const input = op.input(0)
  const [sequence, batch] = [axisOf(op, op.number('seq_dim'), input.shape.length), axisOf(op, op.number('batch_dim'), input.shape.length)]
  const lengths = op.integers(1)
  if (lengths.length !== input.shape[batch] || lengths.some((length) => length < 0 || length > input.shape[sequence]!))
    throw op.misshapen(`lengths [${lengths}]`)
  return reverseSequence(input, lengths, sequence, batch)
}

const broadcast: Kernel = (op) => {
  const input = op.input(0)
  const shape = op.integers(1)
  if (commonShape(input.shape, shape).join() !== shape.join()) throw op.misshapen(`does not broadcast to [${shape}]`)
  return broadcastTo(input, shape)
}

/** The shape to which two shapes broadcast. */
const broadcastArguments: Kernel = (op) => integerTensor(op.outputDType(), commonShape(op.integers(0), op.integers(1)))

const tiled: Kernel = (op) => {
  const input = op.input(0)
  const repetitions = op.integers(1)
  if (repetitions.length !== input.shape.length || repetitions.some((count) => count < 0))
    throw op.misshapen(`repetitions [${repetitions}]`)
  bounded(input.shape.map((size, axis) => size * repetitions[axis]!))
  return tile(input, repetitions)
}

const shapeOf: Kernel = (op) => integerTensor(op.outputDType(), op.input(0).shape)

const rankOf: Kernel = (op) => tensor('int32', [], Int32Array.of(op.input(0).shape.length))

const fill: Kernel = (op) => {
  const { dtype, data: value } = op.input(1)
  const shape = op.integers(0)
  const data = allocate(dtype, sizeOf(bounded(shape))) as Float32Array
  return { dtype, shape, data: data.fill(value[0] as number) } as Tensor
}

const zerosLike: Kernel = (op) => {
  const { dtype, shape } = op.input(0)
  return tensor(dtype, shape)
}

/** start, start + delta, … before limit. */
const range: Kernel = (op) => {
  const dtype = op.input(0).dtype
  const [start, limit, delta] = [op.scalar(0), op.scalar(1), op.scalar(2)]
  if (!(delta !== 0)) throw op.misshapen('a delta of 0')
  const span = dtype === 'float32' ? Math.fround(Math.fround(limit - start) / delta) : (limit - start) / delta
  const [count] = bounded([Math.max(0, Math.ceil(span))]) as [number]
  return integerTensor(
    dtype,
    Array.from({ length: count }, (_, i) => start + i * delta),
  )
}

/** 1 where the index is the place along the new axis; other values may stand for 1 and 0. */
const oneHot: Kernel = (op) => {
  const indices = op.input(0)
  const depth = op.scalar(1)
  const [on, off] = [op.input(2), op.input(3)]
  const axis = op.number('axis') === -1 ? indices.shape.length : axisOf(op, op.number('axis'), indices.shape.length + 1)
  const shape = [...indices.shape.slice(0, axis), depth, ...indices.shape.slice(axis)]
  const inner = sizeOf(indices.shape.slice(axis))
  const data = (allocate(on.dtype, sizeOf(bounded(shape))) as Float32Array).fill(off.data[0] as number)
  op.integers(0).forEach((index, i) => {
    if (index >= 0 && index < depth) data[(Math.floor(i / inner) * depth + index) * inner + (i % inner)] = on.data[0] as number
  })
  return { dtype: on.dtype, shape, data } as Tensor
}

/** [..., D] to [..., D, D] with the elements on the diagonal. */
const matrixDiagonal: Kernel = (op) => {
  const input = op.input(0)
  const size = input.shape[input.shape.length - 1]
  if (size === undefined) throw op.misshapen('a scalar has no diagonal')
  const zeros = tensor(input.dtype, bounded([...input.shape, size]))
  return withDiagonal(zeros, input, size, size)
}

const matrixSetDiagonal: Kernel = (op) => {
  const [input, diagonal] = [op.input(0), op.input(1)]
  const [rows, columns] = input.shape.slice(-2)
  if (rows === undefined || columns === undefined || diagonal.data.length !== sizeOf(input.shape.slice(0, -2)) * Math.min(rows, columns)) {
    throw op.misshapen('the diagonal does not fit')
  }
  return withDiagonal({ ...input, shape: [...input.shape], data: input.data.slice() } as Tensor, diagonal, rows, columns)
}

/** Writes `diagonal` [..., min(rows, columns)] into `matrices` [..., rows, columns], in place. */
function withDiagonal(matrices: Tensor, diagonal: Tensor, rows: number, columns: number): Tensor {
  const to = matrices.data as Float32Array
  const from = diagonal.data as Float32Array
  const length = Math.min(rows, columns)
  for (let i = 0; i < from.length; i++) {
    const place = i % length
    to[Math.floor(i / length) * rows * columns + place * (columns + 1)] = from[i]!
  }
  return matrices
}

/** The same bytes as elements of another dtype; the last dimension takes up a difference in width. */
const bitcast: Kernel = (op) => {
  const { shape, data } = op.input(0)
  const dtype = op.outputDType()
  if (Array.isArray(data)) throw op.unsupported()
  const empty = allocate(dtype, 0)
  if (Array.isArray(empty)) throw op.unsupported()
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength).slice()
  const ratio = data.BYTES_PER_ELEMENT / empty.BYTES_PER_ELEMENT
  const cast = ratio === 1 ? shape : ratio > 1 ? [...shape, ratio] : shape.slice(0, -1)
  if (ratio < 1 && shape[shape.length - 1] !== 1 / ratio) throw op.misshapen(`the last dimension must be ${1 / ratio}`)
  const View = empty.constructor as new (buffer: ArrayBuffer) => Float32Array
  return { dtype, shape: [...cast], data: new View(bytes.buffer) } as Tensor
}

export const LAYOUT: readonly OpRow[] = [
  row('RESHAPE', 0, [ANY, reshape]),
  row('SQUEEZE', 0, [ANY, squeeze]),
  row('EXPAND_DIMS', 0, [ANY, expandDims]),
  row('SHAPE', 0, [ANY, shapeOf]),
  row('RANK', 0, [ANY, rankOf]),
  row('TRANSPOSE', 0, [MOVABLE, transposed]),
  row('DEPTH_TO_SPACE', 0, [MOVABLE, depthToSpace]),
  row('SPACE_TO_DEPTH', 0, [MOVABLE, spaceToDepth]),
  row('REVERSE_V2', 0, [MOVABLE, reversed]),
  row('REVERSE_SEQUENCE', 0, [MOVABLE, reversedSequences]),
  row('BROADCAST_TO', 0, [MOVABLE, broadcast]),
  row('BROADCAST_ARGS', 0, [['int32', 'int64'], broadcastArguments]),
  row('TILE', 0, [MOVABLE, tiled]),
  row('FILL', 1, [MOVABLE, fill]),
  row('ZEROS_LIKE', 0, [MOVABLE, zerosLike]),
  row('RANGE', 0, [['float32', 'int32', 'int64'], range]),
  row('ONE_HOT', 2, [MOVABLE, oneHot]),
  row('MATRIX_DIAG', 0, [MOVABLE, matrixDiagonal]),
  row('MATRIX_SET_DIAG', 0, [MOVABLE, matrixSetDiagonal]),
  row('BITCAST', 0, [ANY, bitcast]),
]
