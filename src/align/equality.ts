/** Whether two values hold the same numbers, up to a layout. */
import { isNumberTensor, type NumberArray, type Tensor } from '../../kernels/tensor.js'
import { isPlausible, type Layout, layoutsBetween, sourceIndex, walkOf } from './layout.js'

/** A value's numbers with what is needed to compare them quickly. */
export interface Numbers {
  shape: number[]
  data: NumberArray
  /** Largest finite magnitude. */
  magnitude: number
  /** False where the elements are so alike that equality says little: constants, masks, one or two elements. */
  informative: boolean
}

const PROBES = 48

/** undefined for text and complex numbers; 64-bit integers are compared as doubles. */
export function numbersOf(value: Tensor): Numbers | undefined {
  let data: NumberArray
  if (isNumberTensor(value)) data = value.data
  else if (value.data instanceof BigInt64Array || value.data instanceof BigUint64Array)
    data = Float64Array.from(value.data as BigInt64Array, Number)
  else return undefined
  let magnitude = 0
  for (let i = 0; i < data.length; i++) {
    const x = Math.abs(data[i]!)
    if (x > magnitude && x !== Infinity) magnitude = x
  }
  const step = Math.max(1, Math.floor(data.length / 256))
  const distinct = new Set<number>()
  for (let i = 0; i < data.length && distinct.size < 16; i += step) distinct.add(data[i]!)
  return { shape: value.shape, data, magnitude, informative: distinct.size >= Math.min(4, data.length) && data.length >= 3 }
}

const differs = (x: number, y: number, bound: number): boolean => !(Math.abs(x - y) <= bound || Object.is(x, y) || x === y)

/**
 * The layout, one of those that `isJustified` allows, in which `target` holds `source`'s numbers, each within `tolerance` times the largest magnitude, and how far they are apart
 * in that measure; undefined where there is none.
 */
export function sameNumbers(
  source: Numbers,
  target: Numbers,
  tolerance: number,
  isJustified: (layout: Layout) => boolean = (layout) => isPlausible(layout, source.shape, target.shape),
): { layout: Layout; distance: number } | undefined {
  if (source.data.length !== target.data.length || source.data.length === 0) return undefined
  const scale = Math.max(source.magnitude, target.magnitude)
  if (Math.abs(source.magnitude - target.magnitude) > tolerance * scale) return undefined
  for (const layout of layoutsBetween(source.shape, target.shape)) {
    if (!isJustified(layout)) continue
    const distance = distanceUnder(source.data, target.data, layout, tolerance * scale)
    if (distance !== undefined) return { layout, distance: scale === 0 ? 0 : distance / scale }
  }
  return undefined
}

/** Largest difference, or undefined as soon as one passes `bound`. */
function distanceUnder(source: NumberArray, target: NumberArray, layout: Layout, bound: number): number | undefined {
  const count = target.length
  for (let probe = 0; probe < Math.min(PROBES, count); probe++) {
    const position = Math.floor(((probe * 0.6180339887498949) % 1) * count)
    if (differs(source[sourceIndex(layout, position)]!, target[position]!, bound)) return undefined
  }
  const { lengths, strides } = walkOf(layout)
  const index = new Array<number>(lengths.length).fill(0)
  let from = 0
  let largest = 0
  for (let position = 0; position < count; position++) {
    const x = source[from]!
    const y = target[position]!
    const distance = Math.abs(x - y)
    if (distance > largest) {
      if (distance > bound) return undefined
      largest = distance
    } else if (distance !== distance && differs(x, y, bound)) return undefined
    for (let axis = lengths.length - 1; axis >= 0; axis--) {
      from += strides[axis]!
      if (++index[axis]! < lengths[axis]!) break
      from -= strides[axis]! * lengths[axis]!
      index[axis] = 0
    }
  }
  return largest
}
