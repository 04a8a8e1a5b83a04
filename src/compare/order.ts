/** A target's elements beside the source's. */
import { isNumberTensor, type NumberArray, type Tensor } from '../../kernels/tensor.js'
import { numbersOf } from '../align/equality.js'
import { inverse, type Layout, refit, toTargetOrder, withNumbers } from '../align/layout.js'

/** A value's elements as numbers; none for text. */
export const numbers = (value: Tensor): NumberArray => (isNumberTensor(value) ? value.data : numbersOf(value)?.data) ?? new Float64Array(0)

/**
 * The target's elements in the source's order, under the layout of their pair, which a sample of another size stretches.
 * Where the two do not even have the same number of elements every one of the source's counts as missing: NaN.
 */
export function inSourceOrder(target: Tensor, source: Tensor, layout: Layout): NumberArray {
  const fitted = refit(layout, source.shape, target.shape)
  if (fitted === undefined) return new Float32Array(numbers(source).length).fill(Number.NaN)
  return toTargetOrder(numbers(target), inverse(fitted))
}

/** The source's elements in the place of the target's; undefined where they do not fit. */
export function inTargetPlace(source: Tensor, target: Tensor, layout: Layout): Tensor | undefined {
  const fitted = refit(layout, source.shape, target.shape)
  return fitted && withNumbers(target, numbers(source), fitted)
}
