/** Ops that take a part of a tensor, put one into it, or surround it. */
import { slice, transpose, updateSlice } from '../../../../kernels/movement.js'
import type { Tensor } from '../../../../kernels/tensor.js'
import { allocate, sizeOf, withShape } from '../../../../kernels/tensor.js'
import { bounded } from '../bounds.js'
import type { Kernel, Operator, OpRow } from '../operator.js'
import { row } from '../operator.js'
import { MOVABLE } from './dtypes.js'

/** A size of -1 reaches to the end. */
const sliceKernel: Kernel = (op) => {
  const input = op.input(0)
  const begins = op.integers(1)
  const sizes = op.integers(2).map((size, axis) => (size === -1 ? input.shape[axis]! - begins[axis]! : size))
  const fits =
    sizes.length === input.shape.length &&
    input.shape.every((whole, axis) => begins[axis]! >= 0 && sizes[axis]! >= 0 && begins[axis]! + sizes[axis]! <= whole)
  if (!fits) throw op.misshapen(`slice from [${begins}] of [${op.integers(2)}]`)
  return slice(input, begins, sizes)
}

interface Range {
  begin: number
  size: number
  step: number
}

/** Ranges of the input's dimensions, and the shape of the result: masks name entries of begin, end and strides by their bits. */
function stridedRanges(op: Operator, shape: readonly number[]): { ranges: Range[]; result: number[] } {
  const [begins, ends, strides] = [op.integers(1), op.integers(2), op.integers(3)]
  const [beginMask, endMask] = [op.number('begin_mask'), op.number('end_mask')]
  const [ellipsis, newAxis, shrink] = [op.number('ellipsis_mask'), op.number('new_axis_mask'), op.number('shrink_axis_mask')]
  const has = (mask: number, bit: number): boolean => Boolean(mask & (1 << bit))
  const entries = begins.map((_, i) => i)
  const consuming = entries.filter((i) => !has(ellipsis, i) && !has(newAxis, i)).length
  const ranges: Range[] = []
  const result: number[] = []
  const whole = (count: number): void => {
    for (let i = 0; i < count; i++) {
      const size = shape[ranges.length]
      if (size === undefined) throw op.misshapen('more entries than dimensions')
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
      if (size === undefined || !step) throw op.misshapen(`entry ${i} of stride ${step}`)
      const [least, most] = step > 0 ? [0, size] : [-1, size - 1]
      const place = (index: number): number => Math.min(most, Math.max(least, index < 0 ? index + size : index))
      if (has(shrink, i)) {
        const index = begins[i]! < 0 ? begins[i]! + size : begins[i]!
        if (index < 0 || index >= size) throw op.misshapen(`index ${begins[i]} of ${size}`)
        ranges.push({ begin: index, size: 1, step: 1 })
        continue
      }
      const begin = has(beginMask, i) ? (step > 0 ? 0 : size - 1) : place(begins[i]!)
      const last = op.boolean('offset') ? begins[i]! + ends[i]! : ends[i]!
      const end = has(endMask, i) ? (step > 0 ? size : -1) : place(last)
      const count = Math.max(0, Math.ceil((end - begin) / step))
      ranges.push({ begin, size: count, step })
      result.push(count)
    }
  }
  whole(shape.length - ranges.length)
  return { ranges, result }
}

const stridedSlice: Kernel = (op) => {
  const input = op.input(0)
  const { ranges, result } = stridedRanges(op, input.shape)
  const part = slice(
    input,
    ranges.map(({ begin }) => begin),
    ranges.map(({ size }) => size),
    ranges.map(({ step }) => step),
  )
  return withShape(part, result)
}

/** The update's place is moved so that it lies inside of the operand. */
const dynamicUpdateSlice: Kernel = (op) => {
  const [operand, update] = [op.input(0), op.input(1)]
  const starts = op.integers(2)
  if (update.shape.length !== operand.shape.length || update.shape.some((size, axis) => size > operand.shape[axis]!))
    throw op.misshapen('the update does not fit')
  const begins = operand.shape.map((size, axis) => Math.min(Math.max(0, starts[axis]!), size - update.shape[axis]!))
  return updateSlice(operand, update, begins, update.shape)
}

/** `value` with `amounts` (before, after) of `fill` around each dimension. */
export function padded(value: Tensor, amounts: readonly (readonly [number, number])[], fill: unknown): Tensor {
  const shape = value.shape.map((size, axis) => amounts[axis]![0] + size + amounts[axis]![1])
  const data = (allocate(value.dtype, sizeOf(bounded(shape))) as Float32Array).fill(fill as number)
  return updateSlice(
    { dtype: value.dtype, shape, data } as Tensor,
    value,
    amounts.map(([before]) => before),
    value.shape,
  )
}

/** [rank, 2] of an operand. */
function paddingsOf(op: Operator, operand: number, rank: number): [number, number][] {
  const flat = op.integers(operand)
  if (flat.length !== 2 * rank || flat.some((amount) => amount < 0)) throw op.misshapen(`paddings [${flat}]`)
  return Array.from({ length: rank }, (_, axis) => [flat[2 * axis]!, flat[2 * axis + 1]!])
}

/** What stands for 0: the zero point of a quantised result. */
function zeroOf(op: Operator, { dtype }: Tensor): unknown {
  if (dtype === 'int64' || dtype === 'uint64') return 0n
  if (dtype === 'string') return ''
  return op.outputQuantization()?.zeroPoint[0] ?? 0
}

const pad: Kernel = (op) => {
  const input = op.input(0)
  const fill = op.has(2) ? op.input(2).data[0] : zeroOf(op, input)
  return padded(input, paddingsOf(op, 1, input.shape.length), fill)
}

/** Mirrors at the edge, with the edge's own elements (SYMMETRIC) or without (REFLECT). */
const mirrorPad: Kernel = (op) => {
  const input = op.input(0)
  const without = op.text('mode', 'REFLECT') === 'REFLECT' ? 1 : 0
  const paddings = paddingsOf(op, 1, input.shape.length)
  const places = input.shape.map((size, axis) => {
    const [before, after] = paddings[axis]!
    if (before > size - without || after > size - without) throw op.misshapen(`paddings of ${before} and ${after} around ${size}`)
    return Array.from({ length: before + size + after }, (_, i) => {
      const place = i - before
      if (place < 0) return -place - 1 + without
      return place < size ? place : 2 * size - 1 - without - place
    })
  })
  return places.reduce((value, indices, axis) => taken(value, indices, axis), input)
}

/** The elements at `indices` of an axis. */
export function taken(value: Tensor, indices: readonly number[], axis: number): Tensor {
  const size = value.shape[axis]!
  if (indices.length === size && indices.every((index, i) => index === i)) return value
  const shape = value.shape.map((whole, i) => (i === axis ? indices.length : whole))
  const inner = sizeOf(value.shape.slice(axis + 1))
  const outer = sizeOf(value.shape.slice(0, axis))
  const from = value.data as Float32Array
  const to = allocate(value.dtype, sizeOf(bounded(shape))) as Float32Array
  let at = 0
  for (let i = 0; i < outer; i++) {
    for (const index of indices) {
      const start = (i * size + index) * inner
      for (let j = 0; j < inner; j++) to[at++] = from[start + j]!
    }
  }
  return { dtype: value.dtype, shape, data: to } as Tensor
}

/** [N, spatial…, rest…] to [N blocks, spatial / block…, rest…], after padding; the place in the block counts before the batch. */
const spaceToBatch: Kernel = (op) => {
  const input = op.input(0)
  const blocks = op.integers(1)
  const paddings = paddingsOf(op, 2, blocks.length)
  const rest = input.shape.length - 1 - blocks.length
  if (rest < 0 || blocks.some((block) => block < 1)) throw op.misshapen(`blocks [${blocks}]`)
  const whole = padded(input, [[0, 0], ...paddings, ...new Array<[number, number]>(rest).fill([0, 0])], zeroOf(op, input))
  const sizes = blocks.map((block, i) => whole.shape[1 + i]! / block)
  if (!sizes.every(Number.isInteger)) throw op.misshapen(`blocks [${blocks}]`)
  const tail = whole.shape.slice(1 + blocks.length)
  const split = withShape(whole, [whole.shape[0]!, ...blocks.flatMap((block, i) => [sizes[i]!, block]), ...tail])
  const order = [
    ...blocks.map((_, i) => 2 + 2 * i),
    0,
    ...blocks.map((_, i) => 1 + 2 * i),
    ...tail.map((_, i) => 1 + 2 * blocks.length + i),
  ]
  return withShape(transpose(split, order), [sizeOf(blocks) * whole.shape[0]!, ...sizes, ...tail])
}

/** The inverse of spaceToBatch; crops instead of padding. */
const batchToSpace: Kernel = (op) => {
  const input = op.input(0)
  const blocks = op.integers(1)
  const crops = paddingsOf(op, 2, blocks.length)
  const batch = input.shape[0]! / sizeOf(blocks)
  if (!Number.isInteger(batch) || input.shape.length < 1 + blocks.length) throw op.misshapen(`blocks [${blocks}]`)
  const sizes = input.shape.slice(1, 1 + blocks.length)
  const tail = input.shape.slice(1 + blocks.length)
  const count = blocks.length
  const split = withShape(input, [...blocks, batch, ...sizes, ...tail])
  const order = [count, ...blocks.flatMap((_, i) => [count + 1 + i, i]), ...tail.map((_, i) => 2 * count + 1 + i)]
  const whole = withShape(transpose(split, order), [batch, ...sizes.map((size, i) => size * blocks[i]!), ...tail])
  const begins = [0, ...crops.map(([before]) => before), ...tail.map(() => 0)]
  const kept = whole.shape.map((size, axis) => size - (crops[axis - 1]?.[0] ?? 0) - (crops[axis - 1]?.[1] ?? 0))
  if (kept.some((size) => size < 0)) throw op.misshapen(`crops [${crops}]`)
  return slice(whole, begins, kept)
}

/** Puts `dilations` - 1 padding values between the elements of each dimension. */
const dilate: Kernel = (op) => {
  const input = op.input(0)
  const dilations = op.integers(1)
  if (dilations.length !== input.shape.length || dilations.some((step) => step < 1)) throw op.misshapen(`dilations [${dilations}]`)
  const shape = input.shape.map((size, axis) => (size === 0 ? 0 : (size - 1) * dilations[axis]! + 1))
  const data = (allocate(input.dtype, sizeOf(bounded(shape))) as Float32Array).fill(op.input(2).data[0] as number)
  const spread = { dtype: input.dtype, shape, data } as Tensor
  return updateSlice(
    spread,
    input,
    input.shape.map(() => 0),
    input.shape,
    dilations,
  )
}

export const SLICING: readonly OpRow[] = [
  row('SLICE', 0, [MOVABLE, sliceKernel]),
  row('STRIDED_SLICE', 0, [MOVABLE, stridedSlice]),
  row('DYNAMIC_UPDATE_SLICE', 0, [MOVABLE, dynamicUpdateSlice]),
  row('PAD', 0, [MOVABLE, pad]),
  row('PADV2', 0, [MOVABLE, pad]),
  row('MIRROR_PAD', 0, [MOVABLE, mirrorPad]),
  row('SPACE_TO_BATCH_ND', 0, [MOVABLE, spaceToBatch]),
  row('BATCH_TO_SPACE_ND', 0, [MOVABLE, batchToSpace]),
  row('DILATE', 0, [MOVABLE, dilate]),
]
