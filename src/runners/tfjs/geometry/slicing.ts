/** Which elements a slice takes, and what is put around a tensor. */
import { misshapen } from '../refusals.js'

export interface Range {
  begin: number
  size: number
  step: number
}

/** The entries of a strided slice. Masks name entries by their bits. */
export interface StridedSlice {
  begins: readonly number[]
  ends: readonly number[]
  strides: readonly number[]
  beginMask: number
  endMask: number
  ellipsisMask: number
  newAxisMask: number
  shrinkAxisMask: number
  /** Ends count from the begins. */
  isOffset: boolean
}

/**
 * Ranges of the dimensions of `shape`, and the shape of the result.
 * @throws ParityError MODEL_SHAPE where the entries do not fit the dimensions
 */
export function stridedRanges(shape: readonly number[], slice: StridedSlice): { ranges: Range[]; result: number[] } {
  const { begins, ends, strides, beginMask, endMask, ellipsisMask: ellipsis, newAxisMask: newAxis, shrinkAxisMask: shrink } = slice
  const has = (mask: number, bit: number): boolean => Boolean(mask & (1 << bit))
  const entries = begins.map((_, i) => i)
  const consuming = entries.filter((i) => !has(ellipsis, i) && !has(newAxis, i)).length
  const ranges: Range[] = []
  const result: number[] = []
  const whole = (count: number): void => {
    for (let i = 0; i < count; i++) {
      const size = shape[ranges.length]
      if (size === undefined) throw misshapen('more entries than dimensions')
      ranges.push({ begin: 0, size, step: 1 })
      result.push(size)
    }
  }
  for (const i of entries) {
    if (has(ellipsis, i)) {
      whole(shape.length - consuming)
    } else if (has(newAxis, i)) {
      result.push(1)
    } else {
      const size = shape[ranges.length]
      const step = strides[i]!
      if (size === undefined || !step) throw misshapen(`entry ${i} of stride ${step}`)
      const [least, most] = step > 0 ? [0, size] : [-1, size - 1]
      const place = (index: number): number => Math.min(most, Math.max(least, index < 0 ? index + size : index))
      if (has(shrink, i)) {
        const index = begins[i]! < 0 ? begins[i]! + size : begins[i]!
        if (index < 0 || index >= size) throw misshapen(`index ${begins[i]} of ${size}`)
        ranges.push({ begin: index, size: 1, step: 1 })
        continue
      }
      const begin = has(beginMask, i) ? (step > 0 ? 0 : size - 1) : place(begins[i]!)
      const last = slice.isOffset ? begins[i]! + ends[i]! : ends[i]!
      const end = has(endMask, i) ? (step > 0 ? size : -1) : place(last)
      const count = Math.max(0, Math.ceil((end - begin) / step))
      ranges.push({ begin, size: count, step })
      result.push(count)
    }
  }
  whole(shape.length - ranges.length)
  return { ranges, result }
}

export type Amounts = readonly [before: number, after: number]

/**
 * Amounts before and after each of `rank` dimensions, from a list of twice as many.
 * @throws ParityError MODEL_SHAPE for another number of them, or a negative one
 */
export function amountsOf(flat: readonly number[], rank: number): Amounts[] {
  if (flat.length !== 2 * rank || flat.some((amount) => amount < 0)) throw misshapen(`paddings [${flat}]`)
  return Array.from({ length: rank }, (_, axis) => [flat[2 * axis]!, flat[2 * axis + 1]!])
}
