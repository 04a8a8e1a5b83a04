/**
 * How an array of one shape can be the array that an input takes: as it is, with dimensions of 1 added or dropped, or with the
 * channel axis moved between last and first. No other order of axes is guessed.
 */
import { transpose } from '../../kernels/movement.js'
import type { Tensor } from '../../kernels/tensor.js'
import type { Dimension } from '../graph/graph.js'

/** From the strictest to the loosest. */
export const LEVELS = ['exact', 'squeeze', 'layout'] as const
export type Level = (typeof LEVELS)[number]

export interface Fit {
  level: Level
  /** Axis of the given array for each axis of the permuted one; null where the order stays. */
  permutation: number[] | null
  /** Shape that the input is fed with. */
  shape: number[]
}

/** Ways to move the channel axis of an array of this rank: behind a batch axis, or without one. */
function channelMoves(rank: number): number[][] {
  const axes = Array.from({ length: rank }, (_, axis) => axis)
  return [1, 0]
    .filter((lead) => rank - lead >= 2)
    .flatMap((lead) => {
      const batch = axes.slice(0, lead)
      const rest = axes.slice(lead)
      return [
        [...batch, rest.at(-1)!, ...rest.slice(0, -1)],
        [...batch, ...rest.slice(1), rest[0]!],
      ]
    })
}

/** Whether `shape` is `pattern`, whose open dimensions are null. */
export const matches = (shape: readonly number[], pattern: readonly Dimension[]): boolean =>
  shape.length === pattern.length && shape.every((dimension, axis) => pattern[axis] === null || pattern[axis] === dimension)

/**
 * The shape of `pattern` that holds the dimensions of `shape` in their order, with ones added and dropped; null where there is none.
 * Open dimensions take what they can from the right, else 1: the batch is what is most often missing.
 */
export function squeezeInto(shape: readonly number[], pattern: readonly Dimension[]): number[] | null {
  const sizes = shape.filter((dimension) => dimension !== 1)
  const out: number[] = []
  const place = (size: number, axis: number): boolean => {
    if (axis < 0) return size < 0
    if (size > axis) return false
    const wanted = pattern[axis]!
    const given = sizes[size]
    if (given !== undefined && (pattern[axis] === null || wanted === given)) {
      out[axis] = given
      if (place(size - 1, axis - 1)) return true
    }
    if (pattern[axis] !== null && wanted !== 1) return false
    out[axis] = 1
    return place(size, axis - 1)
  }
  return place(sizes.length - 1, pattern.length - 1) ? out : null
}

/** The strictest way in which an array of `shape` is what `pattern` asks for; null where none is, or where two moves of the channel fit. */
export function fitShape(shape: readonly number[], pattern: readonly Dimension[]): Fit | null {
  if (matches(shape, pattern)) return { level: 'exact', permutation: null, shape: [...shape] }
  const squeezed = squeezeInto(shape, pattern)
  if (squeezed) return { level: 'squeeze', permutation: null, shape: squeezed }
  const fits = channelMoves(shape.length).flatMap((permutation): Fit[] => {
    const moved = permutation.map((axis) => shape[axis]!)
    const fed = matches(moved, pattern) ? moved : squeezeInto(moved, pattern)
    return fed ? [{ level: 'layout', permutation, shape: fed }] : []
  })
  const [first, ...others] = fits
  return first && others.every((other) => sameElements(first, other, shape)) ? first : null
}

/** Two moves give the same elements where they order the axes that are longer than 1 alike. */
function sameElements(a: Fit, b: Fit, shape: readonly number[]): boolean {
  const order = ({ permutation }: Fit) => permutation!.filter((axis) => shape[axis] !== 1).join()
  return order(a) === order(b)
}

/** The array that `fit` describes. */
export function arrange<T extends Tensor>(value: T, fit: Fit): T {
  return { ...(fit.permutation ? transpose(value, fit.permutation) : value), shape: [...fit.shape] }
}
