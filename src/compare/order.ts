/** A value's elements as numbers, and in the place of the other side's. */
import { isNumberTensor, type NumberArray, type Tensor } from '../../kernels/tensor.js'
import { numbersOf } from '../align/equality.js'
import { type Layout, refit, withNumbers } from '../align/layout.js'

/** A value's elements as numbers; none for text. */
export const numbers = (value: Tensor): NumberArray => (isNumberTensor(value) ? value.data : numbersOf(value)?.data) ?? new Float64Array(0)

/** Whether two values hold the same elements, bit by bit. */
export function sameElements({ data: a }: Tensor, { data: b }: Tensor): boolean {
  if (a === b) return true
  if (a.length !== b.length) return false
  for (let i = 0; i < a.length; i++) if (!Object.is(a[i], b[i])) return false
  return true
}

/** The source's elements in the place of the target's; undefined where they do not fit. */
export function inTargetPlace(source: Tensor, target: Tensor, layout: Layout): Tensor | undefined {
  const fitted = refit(layout, source.shape, target.shape)
  return fitted && withNumbers(target, numbers(source), fitted)
}
