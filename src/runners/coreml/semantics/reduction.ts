/** What reductions of both dialects share. */
import type { ReductionName } from '../../../../kernels/reduce.js'
import { type NumberTensor, sizeOf, type Tensor, withShape } from '../../../../kernels/tensor.js'
import type { Context, Rounding } from '../op.js'
import { finite } from './rounding.js'
import { axesOf } from './shapes.js'

/** Each reduction and how it rounds. */
export const REDUCTIONS: Readonly<Record<ReductionName, Rounding>> = {
  l1: 'accumulating',
  l2: 'accumulating',
  logSum: 'accumulating',
  logSumExp: 'accumulating',
  max: 'exact',
  mean: 'accumulating',
  min: 'exact',
  prod: 'accumulating',
  sum: 'accumulating',
  sumSquare: 'accumulating',
}

/** All axes where none are given. */
const reducedAxes = (axes: readonly number[] | undefined, { shape }: Tensor, context: Context): number[] =>
  axes ? axesOf(axes, shape.length, context) : shape.map((_, axis) => axis)

/** Elements that one element of the result takes in. */
export const reducedTerms = ({ shape }: Tensor, axes: readonly number[] | undefined): number =>
  axes ? sizeOf(axes.map((axis) => shape.at(axis) ?? 1)) : sizeOf(shape)

/** Sums below a logarithm: where the sum is near 1 its error is no longer small beside the logarithm. */
export function reductionIntermediates(
  name: ReductionName,
  x: NumberTensor,
  axes: readonly number[] | undefined,
  [result]: readonly Tensor[],
  context: Context,
): number | Float32Array {
  if (name === 'logSum') return 1 + Math.sqrt(reducedTerms(x, axes)) / 4
  if (name !== 'logSumExp') return 0
  const largest = context.kernels.reduce('max', x, reducedAxes(axes, x, context), context.arithmetic).data
  // the largest operand, and the logarithm of the rest, which is added to it
  return Float32Array.from(result!.data as Float32Array, (y, i) => finite(Math.abs(largest[i]!) + Math.abs(y - largest[i]!)))
}

export function reduceAxes(
  name: ReductionName,
  x: NumberTensor,
  axes: readonly number[] | undefined,
  keep: boolean,
  context: Context,
): NumberTensor {
  const reduced = reducedAxes(axes, x, context)
  if ((name === 'max' || name === 'min') && reduced.some((axis) => x.shape[axis] === 0)) {
    context.fail(`reduces x of shape [${x.shape}] over no elements`)
  }
  const result = context.kernels.reduce(name, x, reduced, context.arithmetic)
  return keep ? result : without(result, reduced)
}

/** The same elements without the dimensions of `axes`, which are 1. */
export const without = <T extends Tensor>(value: T, axes: readonly number[]): T =>
  withShape(
    value,
    value.shape.filter((_, axis) => !axes.includes(axis)),
  )
