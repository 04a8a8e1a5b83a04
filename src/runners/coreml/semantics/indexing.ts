/** Gathering and scattering of both dialects: which index means which element, shapes, and the kernel. */
import * as kernel from '../../../../kernels/indexing.js'
import { sizeOf, type Tensor } from '../../../../kernels/tensor.js'
import type { Context, Rounding } from '../op.js'
import { allocatable, axisOf, expectShape } from './shapes.js'

/**
 * What an index outside [0, size) means. wrap: a negative one counts from the end, others are an error; strict: an error; free: undefined
 * by the specification but safe: a negative one counts from the end here, and others gather zeros and scatter nothing.
 */
export type IndexRule = 'wrap' | 'strict' | 'free'

/** What to do where a model computes an index that its own table has not. */
export const BAD_INDEX =
  'The index is computed from the sample: check that the sample is one for this model, then the table against the source'

type Resolve = (index: number, size: number) => number

function resolverOf(rule: IndexRule, context: Context): Resolve {
  const fail = (index: number, size: number) =>
    context.fail(`an index is ${index}, expected ${rule === 'wrap' ? -size : 0} to ${size - 1}`, BAD_INDEX)
  return (given, size) => {
    const index = Math.trunc(given)
    if (index >= 0 && index < size) return index
    if (rule !== 'strict' && index < 0 && index >= -size) return index + size
    return rule === 'free' ? -1 : fail(given, size)
  }
}

function resolveAll(indices: Tensor, size: number, rule: IndexRule, context: Context): Int32Array {
  const resolve = resolverOf(rule, context)
  const given = indices.data as ArrayLike<number>
  const resolved = new Int32Array(given.length)
  for (let i = 0; i < resolved.length; i++) resolved[i] = resolve(given[i]!, size)
  return resolved
}

interface Tuples {
  tuples: number
  depth: number
  /** Shape of what all tuples address together. */
  shape: number[]
}

function tuplesOf(data: Tensor, indices: Tensor, batch: number, context: Context): Tuples {
  const depth = indices.shape.at(-1)
  if (depth === undefined || batch + depth > data.shape.length || batch > indices.shape.length - 1) {
    context.fail(`indices of shape [${indices.shape}] with ${batch} batch dimensions do not address an operand of shape [${data.shape}]`)
  }
  expectShape(indices.shape.slice(0, batch), data.shape.slice(0, batch), context, 'the batch of the indices')
  const lead = indices.shape.slice(0, -1)
  return { tuples: sizeOf(lead), depth, shape: [...lead, ...data.shape.slice(batch + depth)] }
}

/** Result: [B..., O..., M..., I...] of data [B..., O..., size, I...] and indices [B..., M...]. */
export function gather<T extends Tensor>(value: T, indices: Tensor, axis: number, batchDims: number, rule: IndexRule, context: Context): T {
  const { shape } = value
  const at = axisOf(axis, shape.length, context)
  const batch = batchDims < 0 ? batchDims + indices.shape.length : batchDims
  if (batch < 0 || batch > at || batch > indices.shape.length) {
    context.fail(
      `has ${batchDims} batch dimensions, expected at most the axis (${at}) and the rank of the indices (${indices.shape.length})`,
    )
  }
  expectShape(indices.shape.slice(0, batch), shape.slice(0, batch), context, 'the batch of the indices')
  const result = [...shape.slice(0, at), ...indices.shape.slice(batch), ...shape.slice(at + 1)]
  allocatable(result, context)
  const runs = kernel.runsAlong(shape, at, resolveAll(indices, shape[at]!, rule, context), batch)
  return kernel.gatherRuns(value, runs, result)
}

export function gatherNd<T extends Tensor>(value: T, indices: Tensor, batchDims: number, rule: IndexRule, context: Context): T {
  const { tuples, depth, shape } = tuplesOf(value, indices, batchDims, context)
  allocatable(shape, context)
  return kernel.gatherRuns(value, runsOfTuples(value, indices, { tuples, depth }, batchDims, rule, context), shape)
}

function runsOfTuples(
  data: Tensor,
  indices: Tensor,
  tuples: { tuples: number; depth: number },
  batch: number,
  rule: IndexRule,
  context: Context,
): kernel.Runs {
  const resolve = resolverOf(rule, context)
  const resolveAxis = (index: number, axis: number) => resolve(index, data.shape[axis]!)
  return kernel.runsOfTuples(data.shape, indices.data as ArrayLike<number>, tuples, resolveAxis, batch)
}

/** Result and indices have the shape of the data but for `axis`. */
export function gatherAlongAxis<T extends Tensor>(value: T, indices: Tensor, axis: number, rule: IndexRule, context: Context): T {
  return kernel.gatherRuns(value, runsAlongAxis(value, indices, axis, rule, context), indices.shape)
}

function runsAlongAxis(data: Tensor, indices: Tensor, axis: number, rule: IndexRule, context: Context): kernel.Runs {
  const { shape } = data
  const at = axisOf(axis, shape.length, context)
  const expected = shape.map((size, i) => (i === at ? (indices.shape[at] ?? size) : size))
  expectShape(indices.shape, expected, context, 'the tensor of indices')
  return kernel.runsOfElements(shape, at, resolveAll(indices, shape[at]!, rule, context), indices.shape[at]!)
}

export interface Scatter {
  data: Tensor
  indices: Tensor
  updates: Tensor
  mode: kernel.ScatterMode
}

/** An element and what is added to it; that several updates may meet in one element moves each of them alike. */
export const SCATTER_TERMS = 2

const CHOOSING: readonly kernel.ScatterMode[] = ['update', 'max', 'min']

export const scatterRounding = (mode: kernel.ScatterMode): Rounding => (CHOOSING.includes(mode) ? 'exact' : 'accumulating')

function combine({ data, updates, mode }: Scatter, runs: kernel.Runs, context: Context): Tensor {
  if (updates.dtype !== data.dtype) context.fail(`updates have dtype ${updates.dtype}, expected ${data.dtype}`)
  return kernel.scatterRuns(data, runs, updates, mode, context.arithmetic)
}

/** Updates: [O..., M..., I...] for data [O..., size, I...] and indices [M...]. */
export function scatter(operands: Scatter, axis: number, rule: IndexRule, context: Context): Tensor {
  const { data, indices, updates } = operands
  const at = axisOf(axis, data.shape.length, context)
  expectShape(updates.shape, [...data.shape.slice(0, at), ...indices.shape, ...data.shape.slice(at + 1)], context, 'the tensor of updates')
  return combine(operands, kernel.runsAlong(data.shape, at, resolveAll(indices, data.shape[at]!, rule, context)), context)
}

export function scatterNd(operands: Scatter, rule: IndexRule, context: Context): Tensor {
  const { data, indices, updates } = operands
  const { tuples, depth, shape } = tuplesOf(data, indices, 0, context)
  expectShape(updates.shape, shape, context, 'the tensor of updates')
  return combine(operands, runsOfTuples(data, indices, { tuples, depth }, 0, rule, context), context)
}

/** Updates and indices have the shape of the data but for `axis`. */
export function scatterAlongAxis(operands: Scatter, axis: number, rule: IndexRule, context: Context): Tensor {
  const { data, indices, updates } = operands
  expectShape(updates.shape, indices.shape, context, 'the tensor of updates')
  return combine(operands, runsAlongAxis(data, indices, axis, rule, context), context)
}
