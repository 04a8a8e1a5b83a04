/** Takes a part of a tensor, puts one into it, or surrounds it. */
import { slice, transpose, updateSlice } from '../../../../kernels/movement.js'
import { allocate, sizeOf, type Tensor, withShape } from '../../../../kernels/tensor.js'
import { bounded } from '../geometry/bounds.js'
import { type Amounts, type StridedSlice, stridedRanges } from '../geometry/slicing.js'
import { misshapen } from '../refusals.js'

/** A size of -1 reaches to the end. */
export function sliced(input: Tensor, begins: readonly number[], sizes: readonly number[]): Tensor {
  const whole = sizes.map((size, axis) => (size === -1 ? input.shape[axis]! - begins[axis]! : size))
  const fits =
    whole.length === input.shape.length &&
    input.shape.every((size, axis) => begins[axis]! >= 0 && whole[axis]! >= 0 && begins[axis]! + whole[axis]! <= size)
  if (!fits) throw misshapen(`slice from [${begins}] of [${sizes}]`)
  return slice(input, begins, whole)
}

export function stridedSliced(input: Tensor, entries: StridedSlice): Tensor {
  const { ranges, result } = stridedRanges(input.shape, entries)
  const part = slice(
    input,
    ranges.map(({ begin }) => begin),
    ranges.map(({ size }) => size),
    ranges.map(({ step }) => step),
  )
  return withShape(part, result)
}

/** The update's place is moved so that it lies inside of the operand. */
export function updated(operand: Tensor, update: Tensor, starts: readonly number[]): Tensor {
  if (update.shape.length !== operand.shape.length || update.shape.some((size, axis) => size > operand.shape[axis]!))
    throw misshapen('the update does not fit')
  const begins = operand.shape.map((size, axis) => Math.min(Math.max(0, starts[axis]!), size - update.shape[axis]!))
  return updateSlice(operand, update, begins, update.shape)
}

/** `value` with `amounts` (before, after) of `fill` around each dimension. */
export function padded(value: Tensor, amounts: readonly Amounts[], fill: unknown): Tensor {
  const shape = value.shape.map((size, axis) => amounts[axis]![0] + size + amounts[axis]![1])
  const data = (allocate(value.dtype, sizeOf(bounded(shape))) as Float32Array).fill(fill as number)
  return updateSlice(
    { dtype: value.dtype, shape, data } as Tensor,
    value,
    amounts.map(([before]) => before),
    value.shape,
  )
}

/** Mirrors at the edge, with the edge's own elements (SYMMETRIC) or without (REFLECT). */
export function mirrored(input: Tensor, paddings: readonly Amounts[], mode: 'REFLECT' | 'SYMMETRIC'): Tensor {
  const without = mode === 'REFLECT' ? 1 : 0
  const places = input.shape.map((size, axis) => {
    const [before, after] = paddings[axis]!
    if (before > size - without || after > size - without) throw misshapen(`paddings of ${before} and ${after} around ${size}`)
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
export function spaceToBatch(input: Tensor, blocks: readonly number[], paddings: readonly Amounts[], fill: unknown): Tensor {
  const rest = input.shape.length - 1 - blocks.length
  if (rest < 0 || blocks.some((block) => block < 1)) throw misshapen(`blocks [${blocks}]`)
  const whole = padded(input, [[0, 0], ...paddings, ...new Array<Amounts>(rest).fill([0, 0])], fill)
  const sizes = blocks.map((block, i) => whole.shape[1 + i]! / block)
  if (!sizes.every(Number.isInteger)) throw misshapen(`blocks [${blocks}]`)
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
export function batchToSpace(input: Tensor, blocks: readonly number[], crops: readonly Amounts[]): Tensor {
  const batch = input.shape[0]! / sizeOf(blocks)
  if (!Number.isInteger(batch) || input.shape.length < 1 + blocks.length) throw misshapen(`blocks [${blocks}]`)
  const sizes = input.shape.slice(1, 1 + blocks.length)
  const tail = input.shape.slice(1 + blocks.length)
  const count = blocks.length
  const split = withShape(input, [...blocks, batch, ...sizes, ...tail])
  const order = [count, ...blocks.flatMap((_, i) => [count + 1 + i, i]), ...tail.map((_, i) => 2 * count + 1 + i)]
  const whole = withShape(transpose(split, order), [batch, ...sizes.map((size, i) => size * blocks[i]!), ...tail])
  const begins = [0, ...crops.map(([before]) => before), ...tail.map(() => 0)]
  const kept = whole.shape.map((size, axis) => size - (crops[axis - 1]?.[0] ?? 0) - (crops[axis - 1]?.[1] ?? 0))
  if (kept.some((size) => size < 0)) throw misshapen(`crops [${crops}]`)
  return slice(whole, begins, kept)
}

/** Puts `dilations` - 1 of `fill` between the elements of each dimension. */
export function dilated(input: Tensor, dilations: readonly number[], fill: unknown): Tensor {
  if (dilations.length !== input.shape.length || dilations.some((step) => step < 1)) throw misshapen(`dilations [${dilations}]`)
  const shape = input.shape.map((size, axis) => (size === 0 ? 0 : (size - 1) * dilations[axis]! + 1))
  const data = (allocate(input.dtype, sizeOf(bounded(shape))) as Float32Array).fill(fill as number)
  const spread = { dtype: input.dtype, shape, data } as Tensor
  return updateSlice(
    spread,
    input,
    input.shape.map(() => 0),
    input.shape,
    dilations,
  )
}
