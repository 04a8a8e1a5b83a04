/** Reductions over axes. Floats are summed in float32, in the order of the elements, as TFLite's reference kernels do. */
import type { Tensor } from '../../../../kernels/tensor.js'
import { allocate, sizeOf, stridesOf, tensor } from '../../../../kernels/tensor.js'
import { ParityError } from '../../../graph/errors.js'
import type { Kernel, Operator, OpRow } from '../operator.js'
import { row } from '../operator.js'
import { axesOf, axisOf, integerTensor } from './axes.js'
import { rangeOf } from './quantized/affine.js'
import { quantizedMean, quantizedProduct, quantizedSum } from './quantized/reduction.js'

export interface Reduction {
  /** Shape of the result. */
  shape: number[]
  /** Elements of the result. */
  count: number
  /** Elements of the operand that go into each. */
  terms: number
  /** Calls `visit` with the places of each element and of the result that it goes into, in order. */
  forEach: (visit: (from: number, to: number) => void) => void
}

/** How the elements of `shape` fall together when `axes` are reduced. */
function reductionOf(shape: readonly number[], axes: readonly number[], keepDimensions: boolean): Reduction {
  const kept = shape.map((size, axis) => (axes.includes(axis) ? 1 : size))
  const strides = stridesOf(kept).map((stride, axis) => (axes.includes(axis) ? 0 : stride))
  return {
    shape: keepDimensions ? kept : shape.filter((_, axis) => !axes.includes(axis)),
    count: sizeOf(kept),
    terms: axes.reduce((product, axis) => product * shape[axis]!, 1),
    forEach(visit) {
      const total = sizeOf(shape)
      if (total === 0) return
      const last = shape.length - 1
      const run = last < 0 ? 1 : shape[last]!
      const step = last < 0 ? 0 : strides[last]!
      const index = new Array<number>(Math.max(last, 0)).fill(0)
      let to = 0
      for (let from = 0; from < total; from += run) {
        for (let j = 0; j < run; j++) visit(from + j, to + j * step)
        for (let axis = last - 1; axis >= 0; axis--) {
          to += strides[axis]!
          if (++index[axis]! < shape[axis]!) break
          index[axis] = 0
          to -= strides[axis]! * shape[axis]!
        }
      }
    },
  }
}

export const reductionOfOp = (op: Operator): Reduction => {
  const { shape } = op.input(0)
  return reductionOf(shape, axesOf(op, 1, shape.length), op.boolean('keep_dims'))
}

interface Fold<E> {
  initial: E
  step: (so: E, x: E) => E
}

/** Elements are folded in the operand's dtype, rounded or wrapped at every step. */
const fold =
  <E>({ initial, step }: Fold<E>): Kernel =>
  (op) => {
    const input = op.input(0)
    const reduction = reductionOfOp(op)
    const data = allocate(input.dtype, reduction.count) as unknown as E[]
    const from = input.data as unknown as E[]
    data.fill(initial)
    reduction.forEach((i, o) => {
      data[o] = step(data[o]!, from[i]!)
    })
    return { dtype: input.dtype, shape: reduction.shape, data } as unknown as Tensor
  }

const sum = { initial: 0, step: (so: number, x: number) => so + x }
const product = { initial: 1, step: (so: number, x: number) => so * x }
const wrappedProduct = { initial: 1, step: Math.imul }
const largest = (initial: number) => ({ initial, step: (so: number, x: number) => (x > so ? x : so) })
const smallest = (initial: number) => ({ initial, step: (so: number, x: number) => (x < so ? x : so) })

const LEAST_INT32 = -(2 ** 31)
const MOST_INT32 = 2 ** 31 - 1
const LEAST_FLOAT32 = -(2 - 2 ** -23) * 2 ** 127

const BIG = {
  sum: { initial: 0n, step: (so: bigint, x: bigint) => so + x },
  product: { initial: 1n, step: (so: bigint, x: bigint) => so * x },
  largest: { initial: -(2n ** 63n), step: (so: bigint, x: bigint) => (x > so ? x : so) },
  smallest: { initial: 2n ** 63n - 1n, step: (so: bigint, x: bigint) => (x < so ? x : so) },
}

const meanOfFloats: Kernel = (op) => {
  const { data } = op.inputOf(0, 'float32')
  const { shape, count, terms, forEach } = reductionOfOp(op)
  const out = new Float32Array(count)
  forEach((i, o) => {
    out[o]! += data[i]!
  })
  for (let o = 0; o < count; o++) out[o]! /= terms
  return tensor('float32', shape, out)
}

const meanOfIntegers: Kernel = (op) => {
  const { dtype, data } = op.inputOf(0, 'int32', 'int64')
  const { shape, count, terms, forEach } = reductionOfOp(op)
  if (terms === 0) throw new ParityError('MODEL_DIVISION', { what: 'The mean of no integers', remedy: 'Check the inputs' })
  const sums = new BigInt64Array(count)
  forEach((i, o) => {
    sums[o]! += BigInt(data[i]!)
  })
  const means = sums.map((total) => total / BigInt(terms))
  return dtype === 'int64' ? tensor('int64', shape, means) : tensor('int32', shape, Int32Array.from(means, Number))
}

/** Index of the first of the extreme elements along an axis, which is left out. */
const argument =
  (isBetter: <E extends number | bigint>(x: E, best: E) => boolean): Kernel =>
  (op) => {
    const { shape, data } = op.input(0)
    const axis = axisOf(op, op.scalar(1), shape.length)
    const size = shape[axis]!
    const inner = sizeOf(shape.slice(axis + 1))
    const elements = data as { [index: number]: number | bigint }
    if (size === 0) throw op.misshapen('no element to choose from')
    const indices = Array.from({ length: sizeOf(shape) / size }, (_, at) => {
      const first = Math.floor(at / inner) * size * inner + (at % inner)
      let best = 0
      for (let k = 1; k < size; k++) if (isBetter(elements[first + k * inner]!, elements[first + best * inner]!)) best = k
      return best
    })
    return { ...integerTensor(op.outputDType(), indices), shape: shape.filter((_, i) => i !== axis) }
  }

/** Running sums along an axis. */
const cumulativeSum: Kernel = (op) => {
  const { dtype, shape, data } = op.input(0)
  const axis = axisOf(op, op.scalar(1), shape.length)
  const [exclusive, reverse] = [op.boolean('exclusive'), op.boolean('reverse')]
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

/** Windows without padding, folded from an initial value. */
const WINDOW_STEPS: { readonly [name: string]: (so: number, x: number) => number } = {
  ADD: (so, x) => so + x,
  MUL: (so, x) => so * x,
  MINIMUM: (so, x) => (x < so ? x : so),
  MAXIMUM: (so, x) => (x > so ? x : so),
  ALL: (so, x) => so & x,
  ANY: (so, x) => so | x,
}

const reduceWindow: Kernel = (op) => {
  const { dtype, shape, data } = op.inputOf(0, 'float32', 'float64', 'int8', 'int16', 'int32', 'uint8', 'bool')
  const initial = op.input(1).data[0] as number
  const [windows, strides, dilations] = [op.integers(2), op.integers(3), op.integers(4)]
  const step = WINDOW_STEPS[op.text('reduce_function')]
  if (!step) throw op.unsupported(`with ${op.text('reduce_function')} is not computed`)
  if ([windows, strides, dilations].some((list) => list.length !== shape.length || list.some((size) => size < 1)))
    throw op.misshapen('window, strides and dilations must be positive')
  const result = shape.map((size, axis) =>
    Math.max(0, Math.floor((size - (windows[axis]! - 1) * dilations[axis]! - 1) / strides[axis]!) + 1),
  )
  const own = stridesOf(shape)
  const offsets = placesOf(
    windows,
    own.map((stride, axis) => stride * dilations[axis]!),
  )
  const starts = placesOf(
    result,
    own.map((stride, axis) => stride * strides[axis]!),
  )
  const out = allocate(dtype, starts.length) as Float32Array
  starts.forEach((start, o) => {
    out[o] = initial
    for (const offset of offsets) out[o] = step(out[o]!, data[start + offset]!)
  })
  return { dtype, shape: result, data: out } as Tensor
}

/** Places of the elements of `shape` under `strides`, in row-major order. */
function placesOf(shape: readonly number[], strides: readonly number[]): number[] {
  return shape.reduce<number[]>(
    (places, size, axis) => places.flatMap((place) => Array.from({ length: size }, (_, i) => place + i * strides[axis]!)),
    [0],
  )
}

export const REDUCTION: readonly OpRow[] = [
  // int16 is summed as it is, and wraps: TFLite rescales only 8 bits
  row('SUM', 0, [['float32', 'int16', 'int32'], fold(sum)], [['int64'], fold(BIG.sum)], [['int8', 'uint8'], quantizedSum]),
  row(
    'REDUCE_PROD',
    0,
    [['float32'], fold(product)],
    [['int32'], fold(wrappedProduct)],
    [['int64'], fold(BIG.product)],
    [['int8', 'int16'], quantizedProduct],
  ),
  row(
    'REDUCE_MAX',
    0,
    [['float32'], fold(largest(LEAST_FLOAT32))],
    [['int32'], fold(largest(LEAST_INT32))],
    [['int64'], fold(BIG.largest)],
    [['int8', 'uint8', 'int16'], (op) => fold(largest(rangeOf(op, op.input(0).dtype)[0]))(op)],
  ),
  row(
    'REDUCE_MIN',
    0,
    [['float32'], fold(smallest(-LEAST_FLOAT32))],
    [['int32'], fold(smallest(MOST_INT32))],
    [['int64'], fold(BIG.smallest)],
    [['int8', 'uint8', 'int16'], (op) => fold(smallest(rangeOf(op, op.input(0).dtype)[1]))(op)],
  ),
  row('REDUCE_ANY', 0, [['bool'], fold({ initial: 0, step: (so: number, x: number) => so | x })]),
  row('REDUCE_ALL', 0, [['bool'], fold({ initial: 1, step: (so: number, x: number) => so & x })]),
  row('MEAN', 0, [['float32'], meanOfFloats], [['int32', 'int64'], meanOfIntegers], [['int8', 'uint8', 'int16'], quantizedMean]),
  row('ARG_MAX', 0, [['float32', 'int32', 'int64', 'int8', 'uint8', 'bool'], argument((x, best) => x > best)]),
  row('ARG_MIN', 0, [['float32', 'int32', 'int64', 'int8', 'uint8', 'bool'], argument((x, best) => x < best)]),
  row('CUMSUM', 0, [['float32', 'int32', 'int64'], cumulativeSum]),
  row('REDUCE_WINDOW', 0, [['float32', 'float64', 'int8', 'int16', 'int32', 'uint8', 'bool'], reduceWindow]),
]
