/**
 * MIL `make_list`, `list_length`, `list_write`, `list_read`, `list_gather`, `list_scatter` (coremltools ops/defs/iOS15/control_flow).
 *
 * A list is carried as a tensor [length, ...element shape]; elements that nobody wrote are zeros. Dimensions of the element shape that
 * are not known when the list is made stand as 0: such elements hold nothing, and the first value written gives them their shape.
 * A write behind the end makes the list longer.
 */
import { allocate, type DType, sizeOf, stridesOf, type Tensor, withShape } from '../../../../kernels/tensor.js'
import { boolean, integer, integers, tensor, tensors, text } from '../../parameters.js'
import { type Context, type Op, op } from '../op.js'
import { DTYPES } from './cast.js'

const ELEMENT_DTYPES = ['bool', 'fp16', 'fp32', 'int8', 'int16', 'int32', 'uint8', 'uint16', 'uint32'] as const

/** A gigabyte of float32; an index behind it is a broken one. */
const MOST_ELEMENTS = 2 ** 28

function checkSize(shape: readonly number[], context: Context): void {
  if (sizeOf(shape) > MOST_ELEMENTS) context.fail(`makes a list of shape [${shape}], which is more than ${MOST_ELEMENTS} numbers`)
  context.reserve(sizeOf(shape))
}

const emptyTensor = (dtype: DType, shape: readonly number[]): Tensor =>
  ({ dtype, shape: [...shape], data: allocate(dtype, sizeOf(shape)) }) as Tensor

/** Copies elements between arrays of one dtype. */
function copyInto(target: Tensor, at: number, source: Tensor): void {
  if (Array.isArray(target.data)) (source.data as string[]).forEach((element, i) => void ((target.data as string[])[at + i] = element))
  else (target.data as Float32Array).set(source.data as Float32Array, at)
}

function part(value: Tensor, from: number, to: number): Tensor['data'] {
  return Array.isArray(value.data) ? value.data.slice(from, to) : value.data.subarray(from, to)
}

const elementAt = (list: Tensor, index: number): Tensor => {
  const size = sizeOf(list.shape.slice(1))
  return { dtype: list.dtype, shape: list.shape.slice(1), data: part(list, index * size, (index + 1) * size) } as Tensor
}

/** A list with the elements of `values` [indices.length, ...element shape] written at `indices`. */
function written(list: Tensor, indices: readonly number[], values: Tensor, context: Context): Tensor {
  const element = values.shape.slice(1)
  const known = list.shape.slice(1)
  if (values.dtype !== list.dtype) context.fail(`writes ${values.dtype} into a list of ${list.dtype}`)
  if (sizeOf(known) > 0 && known.join() !== element.join()) {
    context.fail(`writes a value of shape [${element}] into a list of elements of shape [${known}]`)
  }
  const negative = indices.find((index) => index < 0)
  if (negative !== undefined) context.fail(`writes at index ${negative}`)
  const length = indices.reduce((most, index) => Math.max(most, index + 1), list.shape[0]!)
  checkSize([length, ...element], context)
  const result = emptyTensor(list.dtype, [length, ...element])
  copyInto(result, 0, list)
  const size = sizeOf(element)
  indices.forEach((index, i) => {
    copyInto(result, index * size, elementAt(values, i))
  })
  return result
}

/** The elements at `indices`, [indices.length, ...element shape]. */
function gathered(list: Tensor, indices: readonly number[], context: Context): Tensor {
  const outside = indices.find((index) => index < 0 || index >= list.shape[0]!)
  if (outside !== undefined) context.fail(`reads index ${outside} of a list of ${list.shape[0]} elements`)
  const result = emptyTensor(list.dtype, [indices.length, ...list.shape.slice(1)])
  const [stride] = stridesOf(result.shape) as [number]
  indices.forEach((index, i) => {
    copyInto(result, i * stride, elementAt(list, index))
  })
  return result
}

const list = () => tensor({ types: 'any', rank: [1, Infinity] })

const makeList = op({
  type: 'make_list',
  specification: 'iOS15 control_flow',
  parameters: {
    init_length: integer({ default: 1 }),
    dynamic_length: boolean({ default: true }),
    elem_shape: tensors({ types: 'any', least: 0 }),
    dtype: text(ELEMENT_DTYPES, { default: 'fp32' }),
  },
  rounding: 'exact',
  run({ init_length, elem_shape, dtype }, context) {
    const dimensions = elem_shape.flatMap(({ data }) =>
      Array.from(data as ArrayLike<number | bigint | string>, (size) => Math.max(0, Number(size) || 0)),
    )
    if (init_length < 0) context.fail(`makes a list of length ${init_length}`)
    const shape = [init_length, ...(dimensions.length ? dimensions : [0])]
    checkSize(shape, context)
    return emptyTensor(DTYPES[dtype], shape)
  },
})

const listLength = op({
  type: 'list_length',
  specification: 'iOS15 control_flow',
  parameters: { ls: list() },
  rounding: 'exact',
  run: ({ ls }) => ({ dtype: 'int32', shape: [], data: Int32Array.of(ls.shape[0]!) }),
})

const listWrite = op({
  type: 'list_write',
  specification: 'iOS15 control_flow',
  parameters: { ls: list(), index: integer(), value: tensor({ types: 'any' }) },
  rounding: 'exact',
  run: ({ ls, index, value }, context) => written(ls, [index], withShape(value, [1, ...value.shape]), context),
})

const listRead = op({
  type: 'list_read',
  specification: 'iOS15 control_flow',
  parameters: { ls: list(), index: integer() },
  rounding: 'exact',
  run: ({ ls, index }, context) => {
    const one = gathered(ls, [index], context)
    return withShape(one, one.shape.slice(1))
  },
})

const listGather = op({
  type: 'list_gather',
  specification: 'iOS15 control_flow',
  parameters: { ls: list(), indices: integers() },
  rounding: 'exact',
  run: ({ ls, indices }, context) => gathered(ls, indices, context),
})

const listScatter = op({
  type: 'list_scatter',
  specification: 'iOS15 control_flow',
  parameters: { ls: list(), indices: integers(), value: tensor({ types: 'any', rank: [1, Infinity] }) },
  rounding: 'exact',
  run({ ls, indices, value }, context) {
    if (value.shape[0] !== indices.length) context.fail(`scatters ${value.shape[0]} values to ${indices.length} indices`)
    return written(ls, indices, value, context)
  },
})

export const listOps: readonly Op[] = [makeList, listLength, listWrite, listRead, listGather, listScatter]
