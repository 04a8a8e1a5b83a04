/** Gives a tensor another shape, order or size without looking at its elements. */
import { broadcastTo, reverse, reverseSequence, tile, transpose } from '../../../../kernels/movement.js'
import { allocate, type DType, sizeOf, type Tensor, tensor, withShape } from '../../../../kernels/tensor.js'
import { axisOf, integerTensor } from '../geometry/axes.js'
import { bounded } from '../geometry/bounds.js'
import { commonShape } from '../geometry/broadcast.js'
import { misshapen, unsupported } from '../refusals.js'

/** At most one size may be -1, and stands for what is left. */
export function reshaped(input: Tensor, wanted: readonly number[]): Tensor {
  const known = wanted.reduce((product, size) => (size === -1 ? product : product * size), 1)
  const open = wanted.filter((size) => size === -1).length
  const count = sizeOf(input.shape)
  const shape = wanted.map((size) => (size === -1 ? (known === 0 ? 0 : count / known) : size))
  if (open > 1 || sizeOf(shape) !== count || !shape.every((size) => Number.isInteger(size) && size >= 0))
    throw misshapen(`no shape [${wanted}]`)
  return withShape(input, shape)
}

/** Without the dimensions of 1 that are listed, or, where none is, without all. */
export function squeezed(input: Tensor, axes: readonly number[]): Tensor {
  const listed = axes.map((axis) => axisOf(axis, input.shape.length))
  if (listed.some((axis) => input.shape[axis] !== 1)) throw misshapen(`dimensions ${listed} are not all 1`)
  return withShape(
    input,
    input.shape.filter((size, axis) => (listed.length ? !listed.includes(axis) : size !== 1)),
  )
}

/** With a dimension of 1 at `place`. */
export function expanded(input: Tensor, place: number): Tensor {
  const axis = axisOf(place, input.shape.length + 1)
  return withShape(input, [...input.shape.slice(0, axis), 1, ...input.shape.slice(axis)])
}

export function transposed(input: Tensor, axes: readonly number[]): Tensor {
  const rank = input.shape.length
  const permutation = axes.map((axis) => axisOf(axis, rank))
  if (permutation.length !== rank || new Set(permutation).size !== rank)
    throw misshapen(`[${permutation}] is no permutation of ${rank} dimensions`)
  return transpose(input, permutation)
}

/** [N, H, W, b b C] to [N, H b, W b, C]. */
export function depthToSpace(input: Tensor, block: number): Tensor {
  checkBlock(block)
  const [batch, height, width, depth] = input.shape as [number, number, number, number]
  const channels = depth / block ** 2
  if (!Number.isInteger(channels)) throw misshapen(`${depth} channels in blocks of ${block}`)
  const split = withShape(input, [batch, height, width, block, block, channels])
  return withShape(transpose(split, [0, 1, 3, 2, 4, 5]), [batch, height * block, width * block, channels])
}

/** [N, H, W, C] to [N, H / b, W / b, b b C]. */
export function spaceToDepth(input: Tensor, block: number): Tensor {
  checkBlock(block)
  const [batch, height, width, channels] = input.shape as [number, number, number, number]
  const [rows, columns] = [height / block, width / block]
  if (!Number.isInteger(rows) || !Number.isInteger(columns)) throw misshapen(`blocks of ${block}`)
  const split = withShape(input, [batch, rows, block, columns, block, channels])
  return withShape(transpose(split, [0, 1, 3, 2, 4, 5]), [batch, rows, columns, block * block * channels])
}

function checkBlock(block: number): void {
  if (block < 1) throw misshapen(`blocks of ${block}`)
}

export const reversed = (input: Tensor, axes: readonly number[]): Tensor =>
  reverse(
    input,
    axes.map((axis) => axisOf(axis, input.shape.length)),
  )

export function sequencesReversed(input: Tensor, lengths: readonly number[], axes: { sequence: number; batch: number }): Tensor {
  const [sequence, batch] = [axisOf(axes.sequence, input.shape.length), axisOf(axes.batch, input.shape.length)]
  if (lengths.length !== input.shape[batch] || lengths.some((length) => length < 0 || length > input.shape[sequence]!))
    throw misshapen(`lengths [${lengths}]`)
  return reverseSequence(input, lengths, sequence, batch)
}

export function broadcast(input: Tensor, shape: readonly number[]): Tensor {
  if (commonShape(input.shape, shape).join() !== shape.join()) throw misshapen(`does not broadcast to [${shape}]`)
  return broadcastTo(input, shape)
}

export function tiled(input: Tensor, repetitions: readonly number[]): Tensor {
  if (repetitions.length !== input.shape.length || repetitions.some((count) => count < 0)) throw misshapen(`repetitions [${repetitions}]`)
  bounded(input.shape.map((size, axis) => size * repetitions[axis]!))
  return tile(input, repetitions)
}

/** `shape` of the one element of `value`. */
export function filled({ dtype, data: value }: Tensor, shape: readonly number[]): Tensor {
  const data = allocate(dtype, sizeOf(bounded(shape))) as Float32Array
  return { dtype, shape: [...shape], data: data.fill(value[0] as number) } as Tensor
}

/** start, start + delta, … before limit. */
export function range(dtype: DType, start: number, limit: number, delta: number): Tensor {
  if (!(delta !== 0)) throw misshapen('a delta of 0')
  const span = dtype === 'float32' ? Math.fround(Math.fround(limit - start) / delta) : (limit - start) / delta
  const [count] = bounded([Math.max(0, Math.ceil(span))]) as [number]
  return integerTensor(
    dtype,
    Array.from({ length: count }, (_, i) => start + i * delta),
  )
}

/** 1 where the index is the place along the new axis; other values may stand for 1 and 0. */
export function oneHot(indices: Tensor<'int32' | 'int64' | 'uint8'>, depth: number, on: Tensor, off: Tensor, place: number): Tensor {
  const axis = place === -1 ? indices.shape.length : axisOf(place, indices.shape.length + 1)
  const shape = [...indices.shape.slice(0, axis), depth, ...indices.shape.slice(axis)]
  const inner = sizeOf(indices.shape.slice(axis))
  const data = (allocate(on.dtype, sizeOf(bounded(shape))) as Float32Array).fill(off.data[0] as number)
  Array.from(indices.data as ArrayLike<number | bigint>, Number).forEach((index, i) => {
    if (index >= 0 && index < depth) data[(Math.floor(i / inner) * depth + index) * inner + (i % inner)] = on.data[0] as number
  })
  return { dtype: on.dtype, shape, data } as Tensor
}

/** [..., D] to [..., D, D] with the elements on the diagonal. */
export function diagonal(input: Tensor): Tensor {
  const size = input.shape[input.shape.length - 1]
  if (size === undefined) throw misshapen('a scalar has no diagonal')
  const zeros = tensor(input.dtype, bounded([...input.shape, size]))
  return withDiagonal(zeros, input, size, size)
}

/** Matrices with `elements` on their diagonals. */
export function diagonalSet(input: Tensor, elements: Tensor): Tensor {
  const [rows, columns] = input.shape.slice(-2)
  if (rows === undefined || columns === undefined || elements.data.length !== sizeOf(input.shape.slice(0, -2)) * Math.min(rows, columns)) {
    throw misshapen('the diagonal does not fit')
  }
  return withDiagonal({ dtype: input.dtype, shape: [...input.shape], data: input.data.slice() } as Tensor, elements, rows, columns)
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
export function bitcast({ shape, data }: Tensor, dtype: DType): Tensor {
  if (Array.isArray(data)) throw unsupported()
  const empty = allocate(dtype, 0)
  if (Array.isArray(empty)) throw unsupported()
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength).slice()
  const ratio = data.BYTES_PER_ELEMENT / empty.BYTES_PER_ELEMENT
  const cast = ratio === 1 ? shape : ratio > 1 ? [...shape, ratio] : shape.slice(0, -1)
  if (ratio < 1 && shape[shape.length - 1] !== 1 / ratio) throw misshapen(`the last dimension must be ${1 / ratio}`)
  const View = empty.constructor as new (buffer: ArrayBuffer) => Float32Array
  return { dtype, shape: [...cast], data: new View(bytes.buffer) } as Tensor
}
