/** Padding of any dimensions: with a constant, or with the tensor's own elements. */
import { copyView, sliced, viewOf, wordsOf, write } from './strided.js'
import { type NumberArray, type Tensor, tensor } from './tensor.js'

/** constant: one value; reflect: mirrored about the edge element; replicate: the edge element. */
export const PAD_MODES = ['constant', 'reflect', 'replicate'] as const
export type PadMode = (typeof PAD_MODES)[number]

/**
 * `amounts` holds before and after for each dimension, 0 or more. Reflection takes at most size - 1 elements a side, replication needs a
 * dimension that is not empty.
 */
export function pad<T extends Tensor>(value: T, amounts: readonly number[], mode: PadMode, constant: number): T {
  if (amounts.every((amount) => amount === 0)) return value
  const before = value.shape.map((_, axis) => amounts[2 * axis]!)
  const after = value.shape.map((_, axis) => amounts[2 * axis + 1]!)
  const shape = value.shape.map((size, axis) => before[axis]! + size + after[axis]!)
  const result = tensor(value.dtype, shape) as T
  if (mode === 'constant' && !Object.is(constant, 0)) (result.data as NumberArray).fill(constant)
  const whole = viewOf(wordsOf(result), shape)
  write(sliced(whole, before, value.shape), value)
  if (mode === 'constant') return result
  const reflect = mode === 'reflect'
  // each axis copies from what is filled already: dimensions before it at full size, dimensions after it without their borders
  const begins = [...before]
  const sizes = [...value.shape]
  value.shape.forEach((size, axis) => {
    const first = before[axis]!
    const last = first + size - 1
    const copy = (count: number, to: number, from: number) => {
      const part = sizes.map((whole, i) => (i === axis ? count : whole))
      const at = (position: number) => begins.map((begin, i) => (i === axis ? position : begin))
      const source = sliced(
        whole,
        at(from),
        part,
        shape.map((_, i) => (i !== axis ? 1 : reflect ? -1 : 0)),
      )
      copyView(source, sliced(whole, at(to), part))
    }
    copy(first, 0, reflect ? 2 * first : first)
    copy(after[axis]!, last + 1, reflect ? last - 1 : last)
    begins[axis] = 0
    sizes[axis] = shape[axis]!
  })
  return result
}
