/** Axes and shapes as both dialects write them, checked before anything is computed. */
import { sizeOf, type Tensor, withShape } from '../../../../kernels/tensor.js'
import type { Context } from '../op.js'

type Fails = Pick<Context, 'fail'>

/** Largest number of elements of one tensor; a float32 tensor of it has 2 GiB. */
const MOST_ELEMENTS = 2 ** 29

/** An axis in [-rank, rank) as one in [0, rank). */
export function axisOf(axis: number, rank: number, context: Fails, name = 'axis'): number {
  if (!(axis >= -rank && axis < rank)) context.fail(`${name} is ${axis}, expected -${rank} to ${rank - 1}`)
  return axis < 0 ? axis + rank : axis
}

/** Distinct axes in [-rank, rank), each as one in [0, rank), in the given order. */
export function axesOf(axes: readonly number[], rank: number, context: Fails, name = 'axes'): number[] {
  const resolved = axes.map((axis) => axisOf(axis, rank, context, name))
  if (new Set(resolved).size !== resolved.length) context.fail(`${name} are [${axes}], expected distinct axes of rank ${rank}`)
  return resolved
}

/** A permutation of the axes of `rank` dimensions; negative entries count from the end. */
export function permutationOf(permutation: readonly number[], rank: number, context: Fails): number[] {
  if (permutation.length !== rank) context.fail(`permutation [${permutation}] has ${permutation.length} entries for rank ${rank}`)
  return axesOf(permutation, rank, context, 'entries of the permutation')
}

/** The elements of an operand as integers; neuralnetwork operands carry them as floats. */
export function integersOf(operand: Tensor, context: Fails): number[] {
  return Array.from(operand.data as ArrayLike<number>, (element) => {
    const integer = Math.trunc(Number(element))
    return Number.isFinite(integer) ? integer : context.fail(`an operand holds ${element}, expected integers`)
  })
}

/** The only element of an operand. */
export function scalarOf(operand: Tensor, context: Fails, name: string): number {
  if (operand.data.length !== 1) context.fail(`${name} has shape [${operand.shape}], expected one element`)
  return Number(operand.data[0])
}

/** `shape`, if it is one that a tensor can have and that the limits of the run allow. */
export function allocatable(shape: readonly number[], context: Context): readonly number[] {
  if (shape.some((size) => !(size >= 0))) context.fail(`the result would have shape [${shape}]`)
  if (sizeOf(shape) > MOST_ELEMENTS) context.unsupported(`would make a tensor of shape [${shape}], more than ${MOST_ELEMENTS} elements`)
  context.reserve(sizeOf(shape))
  return shape
}

/** Fails unless the two shapes are equal. */
export function expectShape(found: readonly number[], expected: readonly number[], context: Fails, name: string): void {
  if (found.length !== expected.length || found.some((size, axis) => size !== expected[axis])) {
    context.fail(`${name} has shape [${found}], expected [${expected}]`)
  }
}

/**
 * Which dimension of the operand a 0 in a target shape stands for: the one at the same place of an equal rank, or (ML Programs from
 * iOS17 on) the one at the same distance from the right, and 1 where there is none.
 */
export type ZeroRule = 'same-rank' | 'from-the-right'

/** The operand's elements under `target`, in which 0 keeps a dimension and one -1 takes what remains. */
export function reshape<T extends Tensor>(value: T, target: readonly number[], zero: ZeroRule, context: Fails): T {
  const { shape } = value
  const shift = shape.length - target.length
  if (zero === 'same-rank' && shift !== 0 && target.includes(0)) {
    context.fail(`target shape [${target}] has a 0 but not the rank of the operand, whose shape is [${shape}]`)
  }
  const kept = target.map((size, axis) => (size === 0 ? (shape[axis + shift] ?? 1) : size))
  const open = kept.indexOf(-1)
  const known = sizeOf(kept.filter((size) => size !== -1))
  const result = kept.map((size, axis) => (axis === open && known > 0 ? sizeOf(shape) / known : size))
  if (result.some((size) => size < 0 || !Number.isInteger(size)) || sizeOf(result) !== sizeOf(shape)) {
    context.fail(`an operand of shape [${shape}] does not fit the target shape [${target}]`)
  }
  return withShape(value, result)
}

/** New dimensions of size 1 at `axes` of the result. */
export function expandDims<T extends Tensor>(value: T, axes: readonly number[], context: Fails): T {
  const rank = value.shape.length + axes.length
  const inserted = axesOf(axes, rank, context)
  const rest = [...value.shape]
  return withShape(
    value,
    Array.from({ length: rank }, (_, axis) => (inserted.includes(axis) ? 1 : rest.shift()!)),
  )
}

/** Without the dimensions of size 1 (of those in `axes`, where given); other sizes stay. */
export function squeeze<T extends Tensor>(value: T, axes: readonly number[] | undefined, context: Fails): T {
  const removed = axes && axesOf(axes, value.shape.length, context)
  return withShape(
    value,
    value.shape.filter((size, axis) => size !== 1 || (removed && !removed.includes(axis))),
  )
}

/** [product of the dimensions before `axis`, product of the rest]; `axis` in [-rank, rank]. */
export function flattenTo2d<T extends Tensor>(value: T, axis: number, context: Fails): T {
  const rank = value.shape.length
  const split = axis === rank ? rank : axisOf(axis, rank, context)
  return withShape(value, [sizeOf(value.shape.slice(0, split)), sizeOf(value.shape.slice(split))])
}
