/** Outputs that one side gives whole and the other in parts: split heads, or heads joined into one. */
import { allocate, sizeOf, type Tensor } from '../../kernels/tensor.js'
import { agreementUnder, type Couple, isEqual } from './output-agreement.js'
import { plainLayout } from './output-facts.js'
import type { Slice } from './output-pair.js'

/** The elements of a slice, in their order. */
export function sliced(value: Tensor, { axis, start, end }: Slice): Tensor {
  const { shape } = value
  const outer = sizeOf(shape.slice(0, axis))
  const inner = sizeOf(shape.slice(axis + 1))
  const [run, stride] = [(end - start) * inner, shape[axis]! * inner]
  const data = allocate(value.dtype, outer * run)
  for (let block = 0; block < outer; block++)
    for (let i = 0; i < run; i++) data[block * run + i] = value.data[block * stride + start * inner + i]!
  return { ...value, shape: shape.map((dimension, i) => (i === axis ? end - start : dimension)), data } as Tensor
}

/** The values of one output, sample by sample; undefined on a sample that lacks it. */
export type Series = readonly (Tensor | undefined)[]

export interface Part {
  /** Index into the candidates. */
  part: number
  slice: Slice
}

/**
 * Candidates that, one after the other along one axis, are a whole: at least two, each with the whole's other dimensions, their lengths
 * adding up, and each with the same numbers as its slice on every sample. undefined where there are no such.
 */
export function partsOf(whole: Series, candidates: readonly Series[], tolerance: number): Part[] | undefined {
  const shape = whole.find((value) => value !== undefined)?.shape
  if (shape === undefined) return undefined
  for (let axis = 0; axis < shape.length; axis++) {
    const found = partsAlong(axis, shape, whole, candidates, tolerance)
    if (found) return found
  }
  return undefined
}

function partsAlong(
  axis: number,
  shape: readonly number[],
  whole: Series,
  candidates: readonly Series[],
  tolerance: number,
): Part[] | undefined {
  const lengths = candidates.map((series) => lengthAlong(axis, shape, series))
  const open = new Set(lengths.flatMap((length, part) => (length === undefined ? [] : [part])))
  const parts: Part[] = []
  for (let start = 0; start < shape[axis]!; ) {
    const next = [...open].find((part) => {
      const slice = { axis, start, end: start + lengths[part]! }
      return slice.end <= shape[axis]! && holds(whole, candidates[part]!, slice, tolerance)
    })
    if (next === undefined) return undefined
    open.delete(next)
    parts.push({ part: next, slice: { axis, start, end: start + lengths[next]! } })
    start += lengths[next]!
  }
  return parts.length > 1 ? parts : undefined
}

/** Length of a candidate along the axis; undefined where its other dimensions are not the whole's, or it is no smaller. */
function lengthAlong(axis: number, shape: readonly number[], series: Series): number | undefined {
  const own = series.find((value) => value !== undefined)?.shape
  if (own?.length !== shape.length || !own.every((dimension, i) => i === axis || dimension === shape[i])) return undefined
  const length = own[axis]!
  return length > 0 && length < shape[axis]! ? length : undefined
}

function holds(whole: Series, part: Series, slice: Slice, tolerance: number): boolean {
  const couples = whole.flatMap((value, sample): Couple[] => {
    const own = part[sample]
    return value && own && slice.end <= value.shape[slice.axis]! ? [{ sample, source: sliced(value, slice), target: own }] : []
  })
  const [first] = couples
  const agreement = first && agreementUnder(couples, plainLayout(first.source.shape, first.target.shape), tolerance)
  return agreement !== undefined && isEqual(agreement)
}
