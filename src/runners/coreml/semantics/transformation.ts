/** What the ops that rearrange tensors of both dialects have in common: the checks, and the kernel. */
import * as blocks from '../../../../kernels/blocks.js'
import * as filling from '../../../../kernels/filling.js'
import * as movement from '../../../../kernels/movement.js'
import * as padding from '../../../../kernels/padding.js'
import { type NumberDType, type Tensor, withShape } from '../../../../kernels/tensor.js'
import type { Context } from '../op.js'
import { allocatable, axisOf, expectShape, permutationOf } from './shapes.js'

export const transpose = <T extends Tensor>(value: T, permutation: readonly number[], context: Context): T =>
  movement.transpose(value, permutationOf(permutation, value.shape.length, context))

/** Scalars count as [1]. */
export function concat<T extends Tensor>(values: readonly T[], axis: number, interleave: boolean, context: Context): T {
  const operands = values.map((value) => (value.shape.length === 0 ? withShape(value, [1]) : value))
  const first = operands[0]!
  const at = axisOf(axis, first.shape.length, context)
  operands.forEach((value, i) => {
    if (value.dtype !== first.dtype) context.fail(`operand ${i} has dtype ${value.dtype}, expected ${first.dtype}`)
    const expected = interleave ? first.shape : first.shape.map((size, j) => (j === at ? (value.shape[j] ?? size) : size))
    expectShape(value.shape, expected, context, `operand ${i}`)
  })
  const total = operands.reduce((sum, value) => sum + value.shape[at]!, 0)
  allocatable(
    first.shape.map((size, i) => (i === at ? total : size)),
    context,
  )
  return movement.concat(operands, at, interleave)
}

export function stack<T extends Tensor>(values: readonly T[], axis: number, context: Context): T {
  const { shape, dtype } = values[0]!
  values.forEach((value, i) => {
    if (value.dtype !== dtype) context.fail(`operand ${i} has dtype ${value.dtype}, expected ${dtype}`)
    expectShape(value.shape, shape, context, `operand ${i}`)
  })
  return movement.stack(values, axisOf(axis, shape.length + 1, context))
}

export function split<T extends Tensor>(value: T, sizes: readonly number[], axis: number, context: Context): T[] {
  const size = value.shape[axis]!
  if (sizes.some((part) => part < 0) || sizes.reduce((sum, part) => sum + part, 0) !== size) {
    context.fail(`split sizes [${sizes}] do not add up to dimension ${axis} of the operand, whose shape is [${value.shape}]`)
  }
  return movement.split(value, sizes, axis)
}

/** `count` sizes, one for each output, that add up to `size` and differ by 1 at most, the larger ones first. */
export function evenSizes(size: number, count: number, context: Context): number[] {
  const outputs = context.node.outputs.length
  if (count !== outputs) context.fail(`splits into ${count} parts, but has ${outputs} outputs`)
  return Array.from({ length: count }, (_, i) => Math.floor(size / count) + (i < size % count ? 1 : 0))
}

/** The first lengths[b] elements of `sequenceAxis` backwards for each index b of `batchAxis`. */
export function reverseSequence<T extends Tensor>(
  value: T,
  lengths: readonly number[],
  sequenceAxis: number,
  batchAxis: number,
  context: Context,
): T {
  const rank = value.shape.length
  const [sequence, batch] = [axisOf(sequenceAxis, rank, context, 'the sequence axis'), axisOf(batchAxis, rank, context, 'the batch axis')]
  if (sequence === batch) context.fail(`the sequence axis and the batch axis are both ${sequence}`)
  const [steps, samples] = [value.shape[sequence]!, value.shape[batch]!]
  if (lengths.length !== samples) context.fail(`has ${lengths.length} lengths for ${samples} sequences`)
  const wrong = lengths.find((length) => length < 0 || length > steps)
  if (wrong !== undefined) context.fail(`a length is ${wrong}, expected 0 to ${steps}`)
  return movement.reverseSequence(value, lengths, sequence, batch)
}

/** `amounts`: before and after for each of the last dimensions. */
export function pad<T extends Tensor>(value: T, amounts: readonly number[], mode: padding.PadMode, constant: number, context: Context): T {
  const rank = value.shape.length
  if (amounts.length % 2 !== 0 || amounts.length > 2 * rank) {
    context.fail(`has ${amounts.length} padding amounts for an operand of shape [${value.shape}], expected at most two a dimension`)
  }
  const all = [...new Array<number>(2 * rank - amounts.length).fill(0), ...amounts]
  all.forEach((amount, i) => {
    const size = value.shape[i >> 1]!
    const most = mode === 'reflect' ? size - 1 : mode === 'replicate' && size === 0 ? 0 : Number.POSITIVE_INFINITY
    if (amount < 0 || (amount > 0 && amount > most)) {
      context.fail(
        `padding of dimension ${i >> 1} is ${amount}, expected 0${most === Number.POSITIVE_INFINITY ? ' or more' : ` to ${Math.max(0, most)}`} in mode ${mode}`,
      )
    }
  })
  allocatable(
    value.shape.map((size, axis) => size + all[2 * axis]! + all[2 * axis + 1]!),
    context,
  )
  return padding.pad(value, all, mode, constant)
}

/** Takes `amounts` (top, bottom, left, right) off the last two dimensions. */
export function crop<T extends Tensor>(value: T, amounts: readonly number[], context: Context): T {
  const rank = value.shape.length
  if (rank < 2) context.fail(`has an operand of shape [${value.shape}], expected at least two dimensions`)
  if (amounts.length !== 4) context.fail(`has ${amounts.length} crop amounts, expected 4`)
  const [top, bottom, left, right] = amounts as [number, number, number, number]
  const [height, width] = [value.shape[rank - 2]! - top - bottom, value.shape[rank - 1]! - left - right]
  if (Math.min(...amounts, height, width) < 0) context.fail(`cannot crop [${amounts}] from an operand of shape [${value.shape}]`)
  const lead = value.shape.slice(0, -2)
  return movement.slice(value, [...lead.map(() => 0), top, left], [...lead, height, width])
}

export function tile<T extends Tensor>(value: T, repetitions: readonly number[], context: Context): T {
  if (repetitions.length !== value.shape.length) {
    context.fail(`has ${repetitions.length} repetitions for an operand of shape [${value.shape}]`)
  }
  allocatable(
    value.shape.map((size, axis) => size * repetitions[axis]!),
    context,
  )
  return movement.tile(value, repetitions)
}

export function broadcastTo<T extends Tensor>(value: T, shape: readonly number[], context: Context): T {
  const lead = shape.length - value.shape.length
  if (lead < 0 || value.shape.some((size, axis) => size !== 1 && size !== shape[axis + lead])) {
    context.fail(`an operand of shape [${value.shape}] does not broadcast to [${shape}]`)
  }
  return movement.broadcastTo(value, allocatable(shape, context))
}

export function slidingWindows<T extends Tensor>(value: T, axis: number, size: number, step: number, context: Context): T {
  const at = axisOf(axis, value.shape.length, context)
  if (size < 1 || step < 1 || size > value.shape[at]!) {
    context.fail(`cannot take windows of ${size}, ${step} apart, from dimension ${at} of an operand of shape [${value.shape}]`)
  }
  const windows = Math.floor((value.shape[at]! - size) / step) + 1
  allocatable([...value.shape.slice(0, at), windows, size, ...value.shape.slice(at + 1)], context)
  return movement.slidingWindows(value, at, size, step)
}

export function depthToSpace<T extends Tensor>(value: T, block: number, order: blocks.ChannelOrder, context: Context): T {
  const [channels] = lastThree(value, context)
  if (block < 1 || channels % (block * block) !== 0) context.fail(`blocks of ${block} x ${block} do not divide ${channels} channels`)
  return blocks.depthToSpace(value, block, order)
}

export function spaceToDepth<T extends Tensor>(value: T, block: number, order: blocks.ChannelOrder, context: Context): T {
  const [, height, width] = lastThree(value, context)
  if (block < 1 || height % block !== 0 || width % block !== 0)
    context.fail(`blocks of ${block} x ${block} do not divide ${height} x ${width}`)
  return blocks.spaceToDepth(value, block, order)
}

function lastThree(value: Tensor, context: Context): [number, number, number] {
  if (value.shape.length < 3) context.fail(`has an operand of shape [${value.shape}], expected at least [C, H, W]`)
  return value.shape.slice(-3) as [number, number, number]
}

export function keepDiagonals<T extends Tensor>(value: T, lowest: number, highest: number, context: Context): T {
  if (value.shape.length < 2) context.fail(`has an operand of shape [${value.shape}], expected matrices`)
  return filling.keepDiagonals(value, lowest, highest)
}

/** Keeps `lower` diagonals below the main one and `upper` above it; a negative number keeps all. */
export const bandPart = <T extends Tensor>(value: T, lower: number, upper: number, context: Context): T =>
  keepDiagonals(value, lower < 0 ? Number.NEGATIVE_INFINITY : -lower, upper < 0 ? Number.POSITIVE_INFINITY : upper, context)

export function range<D extends NumberDType>(dtype: D, start: number, end: number, step: number, context: Context): Tensor<D> {
  if (!(Number.isFinite(start) && Number.isFinite(end) && Number.isFinite(step)) || step === 0) {
    context.fail(`cannot count from ${start} to ${end} in steps of ${step}`)
  }
  allocatable([filling.rangeLength(start, end, step)], context)
  return filling.range(dtype, start, end, step)
}

/** `axis` is one of the result. */
export function oneHot<D extends NumberDType>(
  dtype: D,
  indices: Tensor,
  { depth, axis, on, off }: { depth: number; axis: number; on: number; off: number },
  context: Context,
): Tensor<D> {
  const { shape } = indices
  const at = axisOf(axis, shape.length + 1, context)
  allocatable([...shape.slice(0, at), depth, ...shape.slice(at)], context)
  return filling.oneHot(dtype, indices.data as ArrayLike<number>, shape, { depth, axis: at, on, off })
}
