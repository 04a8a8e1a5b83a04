/**
 * Gathering and scattering. Whatever way an op addresses its elements, it comes down to runs: where each run starts in the data, and how
 * long all of them are. A negative start stands for an index that is out of range: gathering gives zeros for it, scattering leaves it out.
 */
import type { Arithmetic } from './arithmetic.js'
import { roundToHalf } from './float16.js'
import { wordsOf } from './strided.js'
import { allocate, type NumberArray, sizeOf, stridesOf, type Tensor, tensor } from './tensor.js'

export interface Runs {
  /** First element of each run, in elements of the data; -1: none. */
  starts: Int32Array
  length: number
}

/**
 * The runs that `indices` ([B..., M...], already in [0, size) or -1) take from `axis` of data of `shape` ([B..., O..., size, I...]):
 * one for each of [B..., O..., M...].
 */
export function runsAlong(shape: readonly number[], axis: number, indices: Int32Array, batchDimensions = 0): Runs {
  const batch = sizeOf(shape.slice(0, batchDimensions))
  const outer = sizeOf(shape.slice(batchDimensions, axis))
  const size = shape[axis]!
  const length = sizeOf(shape.slice(axis + 1))
  const count = batch === 0 ? 0 : indices.length / batch
  const starts = new Int32Array(batch * outer * count)
  let run = 0
  for (let block = 0; block < batch * outer; block++) {
    const first = Math.floor(block / outer) * count
    const base = block * size
    for (let i = 0; i < count; i++) {
      const index = indices[first + i]!
      starts[run++] = index < 0 ? -1 : (base + index) * length
    }
  }
  return { starts, length }
}

/**
 * The runs that `indices` ([B..., M..., K]) take from data of `shape` ([B..., D...]): each K-tuple addresses the first K dimensions
 * behind the batch. `resolve` turns an index of dimension `axis` into one of [0, size), or -1.
 */
export function runsOfTuples(
  shape: readonly number[],
  indices: ArrayLike<number>,
  { tuples, depth }: { tuples: number; depth: number },
  resolve: (index: number, axis: number) => number,
  batchDimensions = 0,
): Runs {
  const strides = stridesOf(shape)
  const batch = sizeOf(shape.slice(0, batchDimensions))
  const batchStride = sizeOf(shape.slice(batchDimensions))
  const starts = new Int32Array(tuples)
  for (let tuple = 0; tuple < tuples; tuple++) {
    let start = Math.floor((tuple * batch) / tuples) * batchStride
    for (let k = 0; k < depth; k++) {
      const index = resolve(indices[tuple * depth + k]!, batchDimensions + k)
      if (index < 0) {
        start = -1
        break
      }
      start += index * strides[batchDimensions + k]!
    }
    starts[tuple] = start
  }
  return { starts, length: sizeOf(shape.slice(batchDimensions + depth)) }
}

/** Single elements: for each element of `indices` ([O..., M, I...], in [0, size) or -1) the one of data of `shape` ([O..., size, I...]) at that index of `axis`. */
export function runsOfElements(shape: readonly number[], axis: number, indices: Int32Array, count: number): Runs {
  const inner = sizeOf(shape.slice(axis + 1))
  const size = shape[axis]!
  const starts = new Int32Array(indices.length)
  for (let row = 0; row * inner < indices.length; row++) {
    const base = Math.floor(row / count) * size
    for (let i = 0; i < inner; i++) {
      const index = indices[row * inner + i]!
      starts[row * inner + i] = index < 0 ? -1 : (base + index) * inner + i
    }
  }
  return { starts, length: 1 }
}

const LONG_RUN = 48

/** The runs one after the other, under `shape`. */
export function gatherRuns<T extends Tensor>(value: T, { starts, length }: Runs, shape: readonly number[]): T {
  const result = tensor(value.dtype, shape, allocate(value.dtype, starts.length * length)) as T
  const [source, target] = [wordsOf(value), wordsOf(result)]
  const block = length >= LONG_RUN && !Array.isArray(source)
  for (let run = 0, to = 0; run < starts.length; run++, to += length) {
    const from = starts[run]!
    if (from < 0) continue
    if (length === 1) target[to] = source[from]!
    else if (block) (target as Int32Array).set((source as Int32Array).subarray(from, from + length), to)
    else for (let i = 0; i < length; i++) target[to + i] = source[from + i]!
  }
  return result
}

export const SCATTER_MODES = ['update', 'add', 'sub', 'mul', 'div', 'max', 'min'] as const
export type ScatterMode = (typeof SCATTER_MODES)[number]

const COMBINE: { readonly [mode in ScatterMode]: (old: number, update: number) => number } = {
  update: (_, update) => update,
  add: (old, update) => old + update,
  sub: (old, update) => old - update,
  mul: (old, update) => old * update,
  div: (old, update) => old / update,
  max: (old, update) => Math.max(old, update),
  min: (old, update) => Math.min(old, update),
}

/**
 * A copy of `value` in which each run is combined with its part of `updates`, in order, so that of equal indices all count. Elements are
 * rounded to the dtype at every step, to binary16 as well where the arithmetic says so; integers wrap, and their quotients drop the fraction.
 */
export function scatterRuns<T extends Tensor>(
  value: T,
  { starts, length }: Runs,
  updates: Tensor,
  mode: ScatterMode,
  arithmetic: Arithmetic,
): T {
  const data = value.data.slice() as NumberArray
  const source = updates.data as NumberArray
  const combine = value.dtype === 'int32' && mode === 'mul' ? Math.imul : COMBINE[mode]
  const half = value.dtype === 'float16' && arithmetic.sum === 'float16'
  for (let run = 0, from = 0; run < starts.length; run++, from += length) {
    const to = starts[run]!
    if (to < 0) continue
    for (let i = 0; i < length; i++) {
      const combined = combine(data[to + i]!, source[from + i]!)
      data[to + i] = half ? roundToHalf(Math.fround(combined)) : combined
    }
  }
  return { ...value, data }
}
