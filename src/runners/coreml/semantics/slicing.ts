/** Slices in numpy's sense: negative positions count from the end, positions beyond a border stop at it, strides may be negative. */
import * as movement from '../../../../kernels/movement.js'
import { type Tensor, withShape } from '../../../../kernels/tensor.js'
import type { Context } from '../op.js'
import { axisOf } from './shapes.js'

type Fails = Pick<Context, 'fail'>

/** One entry a dimension; an empty list of masks or strides stands for none set, and 1. */
export interface SliceParameters {
  begin: readonly number[]
  end: readonly number[]
  stride?: readonly number[] | undefined
  beginMask?: readonly boolean[] | undefined
  endMask?: readonly boolean[] | undefined
  squeezeMask?: readonly boolean[] | undefined
}

export interface ResolvedSlice {
  begins: number[]
  sizes: number[]
  steps: number[]
  /** Sizes of the dimensions that squeezeMask leaves. */
  shape: number[]
}

/** What a slice takes from a tensor of `shape`. A set squeezeMask takes the element at `begin` alone, and overrides the other masks. */
export function resolveSlice(shape: readonly number[], parameters: SliceParameters, context: Fails): ResolvedSlice {
  const { begin, end, stride, beginMask, endMask, squeezeMask } = parameters
  for (const [name, list] of Object.entries({ begin, end, stride, beginMask, endMask, squeezeMask })) {
    const optional = name !== 'begin' && name !== 'end'
    if (list && list.length !== shape.length && !(optional && list.length === 0)) {
      context.fail(`${name} has ${list.length} entries for an operand of shape [${shape}]`)
    }
  }
  const resolved: ResolvedSlice = { begins: [], sizes: [], steps: [], shape: [] }
  shape.forEach((size, axis) => {
    const squeezed = squeezeMask?.[axis] ?? false
    const step = squeezed ? 1 : (stride?.[axis] ?? 1)
    if (step === 0) context.fail(`stride of dimension ${axis} is 0`)
    const [lowest, highest] = step > 0 ? [0, size] : [-1, size - 1]
    const inside = (position: number) => Math.min(highest, Math.max(lowest, position < 0 ? position + size : position))
    let first = beginMask?.[axis] ? (step > 0 ? lowest : highest) : inside(begin[axis]!)
    const last = endMask?.[axis] ? (step > 0 ? highest : lowest) : inside(end[axis]!)
    let count = Math.max(0, Math.ceil((last - first) / step))
    if (squeezed) {
      first = axisOf(begin[axis]!, size, context, `begin of the squeezed dimension ${axis}`)
      count = 1
    }
    resolved.begins.push(first)
    resolved.sizes.push(count)
    resolved.steps.push(step)
    if (!squeezed) resolved.shape.push(count)
  })
  return resolved
}

export function sliceByIndex<T extends Tensor>(value: T, parameters: SliceParameters, context: Fails): T {
  const { begins, sizes, steps, shape } = resolveSlice(value.shape, parameters, context)
  return withShape(movement.slice(value, begins, sizes, steps), shape)
}

/** A size of -1 takes all that follows `begin`. */
export function sliceBySize<T extends Tensor>(value: T, begin: readonly number[], size: readonly number[], context: Fails): T {
  const { shape } = value
  if (begin.length !== shape.length || size.length !== shape.length) {
    context.fail(`begin [${begin}] and size [${size}] do not have the rank of the operand, whose shape is [${shape}]`)
  }
  const begins = begin.map((position, axis) => (position < 0 ? position + shape[axis]! : position))
  const sizes = size.map((count, axis) => (count === -1 ? shape[axis]! - begins[axis]! : count))
  if (!begins.every((position, axis) => position >= 0 && sizes[axis]! >= 0 && position + sizes[axis]! <= shape[axis]!)) {
    context.fail(`begin [${begin}] and size [${size}] reach outside of the operand, whose shape is [${shape}]`)
  }
  return movement.slice(value, begins, sizes)
}
