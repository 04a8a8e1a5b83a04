/** Reductions over axes. Floats are summed in float32, in the order of the elements, as TFLite's reference kernels do. */
import { allocate, type NumberDType, sizeOf, stridesOf, type Tensor, tensor } from '../../../../kernels/tensor.js'
import { ParityError } from '../../../graph/errors.js'
import { placesOf, type Reduction } from '../geometry/reduction.js'
import { misshapen } from '../refusals.js'

/** How elements become one. */
export interface Fold<E extends number | bigint> {
  initial: E
  step: (so: E, x: E) => E
}

/** A fold for each dtype that it is computed in. */
export type Folds = { readonly [D in NumberDType]?: Fold<number> } & { readonly int64?: Fold<bigint> }

const LEAST_FLOAT32 = -(2 - 2 ** -23) * 2 ** 127

/** Least and greatest numbers, from which extrema are sought. */
const ENDS: { readonly [D in NumberDType]?: readonly [number, number] } = {
  float32: [LEAST_FLOAT32, -LEAST_FLOAT32],
  int8: [-(2 ** 7), 2 ** 7 - 1],
  uint8: [0, 2 ** 8 - 1],
  int16: [-(2 ** 15), 2 ** 15 - 1],
  int32: [-(2 ** 31), 2 ** 31 - 1],
}

const ofEnds = (fold: (ends: readonly [number, number]) => Fold<number>): { readonly [D in NumberDType]?: Fold<number> } =>
  Object.fromEntries(Object.entries(ENDS).map(([dtype, ends]) => [dtype, fold(ends)]))

const sum: Fold<number> = { initial: 0, step: (so, x) => so + x }
/** int16 is summed as it is, and wraps: TFLite rescales only 8 bits. */
export const SUM: Folds = { float32: sum, int16: sum, int32: sum, int64: { initial: 0n, step: (so, x) => so + x } }
export const PRODUCT: Folds = {
  float32: { initial: 1, step: (so, x) => so * x },
  int32: { initial: 1, step: Math.imul },
  int64: { initial: 1n, step: (so, x) => so * x },
}
export const LARGEST: Folds = {
  ...ofEnds(([least]) => ({ initial: least, step: (so, x) => (x > so ? x : so) })),
  int64: { initial: -(2n ** 63n), step: (so, x) => (x > so ? x : so) },
}
export const SMALLEST: Folds = {
  ...ofEnds(([, most]) => ({ initial: most, step: (so, x) => (x < so ? x : so) })),
  int64: { initial: 2n ** 63n - 1n, step: (so, x) => (x < so ? x : so) },
}
export const ANY: Folds = { bool: { initial: 0, step: (so, x) => so | x } }
export const ALL: Folds = { bool: { initial: 1, step: (so, x) => so & x } }

/** Elements are folded in the operand's dtype, rounded or wrapped at every step. */
export function folded<E extends number | bigint>(input: Tensor, reduction: Reduction, { initial, step }: Fold<E>): Tensor {
  const data = allocate(input.dtype, reduction.count) as unknown as E[]
  const from = input.data as unknown as E[]
  data.fill(initial)
  reduction.forEach((i, o) => {
    data[o] = step(data[o]!, from[i]!)
  })
  return { dtype: input.dtype, shape: reduction.shape, data } as unknown as Tensor
}

export function meanOfFloats({ data }: Tensor<'float32'>, { shape, count, terms, forEach }: Reduction): Tensor {
  const out = new Float32Array(count)
  forEach((i, o) => {
    out[o]! += data[i]!
  })
  for (let o = 0; o < count; o++) out[o]! /= terms
  return tensor('float32', shape, out)
}

/** @throws ParityError MODEL_DIVISION for a mean of nothing */
export function meanOfIntegers({ dtype, data }: Tensor<'int32' | 'int64'>, { shape, count, terms, forEach }: Reduction): Tensor {
  if (terms === 0) throw new ParityError('MODEL_DIVISION', { what: 'The mean of no integers', remedy: 'Check the inputs' })
  const sums = new BigInt64Array(count)
  forEach((i, o) => {
    sums[o]! += BigInt(data[i]!)
  })
  const means = sums.map((total) => total / BigInt(terms))
  return dtype === 'int64' ? tensor('int64', shape, means) : tensor('int32', shape, Int32Array.from(means, Number))
}

export type Better = <E extends number | bigint>(x: E, best: E) => boolean

/** Index of the first of the extreme elements along an axis, which is left out; in row-major order. */
export function extremeIndices({ shape, data }: Tensor, axis: number, isBetter: Better): number[] {
  const size = shape[axis]!
  const inner = sizeOf(shape.slice(axis + 1))
  const elements = data as { [index: number]: number | bigint }
  if (size === 0) throw misshapen('no element to choose from')
  return Array.from({ length: sizeOf(shape) / size }, (_, at) => {
    const first = Math.floor(at / inner) * size * inner + (at % inner)
    let best = 0
    for (let k = 1; k < size; k++) if (isBetter(elements[first + k * inner]!, elements[first + best * inner]!)) best = k
    return best
  })
}

/** Running sums along an axis. */
export function cumulativeSum({ dtype, shape, data }: Tensor, axis: number, exclusive: boolean, reverse: boolean): Tensor {
  const size = shape[axis]!
  const inner = sizeOf(shape.slice(axis + 1))
  const from = data as Float32Array
  const out = allocate(dtype, from.length) as Float32Array
  const zero = (dtype === 'int64' ? 0n : 0) as number
  for (let at = 0; at < from.length / size; at++) {
    const first = Math.floor(at / inner) * size * inner + (at % inner)
    let so = zero
    for (let k = 0; k < size; k++) {
      const place = first + (reverse ? size - 1 - k : k) * inner
      if (exclusive) out[place] = so
      so = dtype === 'float32' ? Math.fround(so + from[place]!) : so + from[place]!
      if (!exclusive) out[place] = so
    }
  }
  return { dtype, shape: [...shape], data: out } as Tensor
}

/** A window with a size, a stride and a dilation for each dimension. */
export interface ReductionWindow {
  sizes: readonly number[]
  strides: readonly number[]
  dilations: readonly number[]
}

/**
 * Windows without padding, folded from an initial value.
 * @throws ParityError MODEL_SHAPE where the window has another rank, or no positive size, stride and dilation
 */
export function reduceWindows(
  { dtype, shape, data }: Tensor,
  { sizes, strides, dilations }: ReductionWindow,
  { initial, step }: Fold<number>,
): Tensor {
  if ([sizes, strides, dilations].some((list) => list.length !== shape.length || list.some((size) => size < 1)))
    throw misshapen('window, strides and dilations must be positive')
  const result = shape.map((size, axis) => Math.max(0, Math.floor((size - (sizes[axis]! - 1) * dilations[axis]! - 1) / strides[axis]!) + 1))
  const own = stridesOf(shape)
  const offsets = placesOf(
    sizes,
    own.map((stride, axis) => stride * dilations[axis]!),
  )
  const starts = placesOf(
    result,
    own.map((stride, axis) => stride * strides[axis]!),
  )
  const from = data as Float32Array
  const out = allocate(dtype, starts.length) as Float32Array
  starts.forEach((start, o) => {
    out[o] = initial
    for (const offset of offsets) out[o] = step(out[o]!, from[start + offset]!)
  })
  return { dtype, shape: result, data: out } as Tensor
}
