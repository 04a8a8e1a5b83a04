/** Ops that join tensors along an axis, or take one apart. */
import { concat, split, stack } from '../../../../kernels/movement.js'
import type { Tensor } from '../../../../kernels/tensor.js'
import { withShape } from '../../../../kernels/tensor.js'
import type { Kernel, Operator, OpRow } from '../operator.js'
import { row } from '../operator.js'
import { activate } from './activation.js'
import { axisOf } from './axes.js'
import { MOVABLE } from './dtypes.js'
import { requantizedTo } from './quantized/requantize.js'

/** @throws ParityError MODEL_SHAPE where shapes differ outside of `axis` */
function checkAlike(op: Operator, values: readonly Tensor[], axis: number | null): void {
  const [first] = values
  if (!first) throw op.misshapen('nothing to join')
  const fits = ({ dtype, shape }: Tensor): boolean =>
    dtype === first.dtype && shape.length === first.shape.length && shape.every((size, i) => i === axis || size === first.shape[i])
  if (!values.every(fits)) throw op.misshapen('shapes or dtypes differ')
}

/** Quantised operands of another scale than the result's are brought to it. */
const concatenation: Kernel = (op) => {
  const values = op.inputs()
  const axis = axisOf(op, op.number('axis'), op.input(0).shape.length)
  checkAlike(op, values, axis)
  const joined = concat(
    values.map((value, i) => requantizedTo(op.outputQuantization(), value, op.quantization(i))),
    axis,
  )
  if (joined.dtype !== 'float32' || op.text('fused_activation_function', 'NONE') === 'NONE') return joined
  const data = joined.data.slice()
  activate(data, op.text('fused_activation_function'))
  return { ...joined, data }
}

const pack: Kernel = (op) => {
  const values = op.inputs()
  checkAlike(op, values, null)
  return stack(values, axisOf(op, op.number('axis'), values[0]!.shape.length + 1))
}

const unpack: Kernel = (op) => {
  const input = op.input(0)
  const axis = axisOf(op, op.number('axis'), input.shape.length)
  const shape = input.shape.filter((_, i) => i !== axis)
  return split(input, new Array<number>(input.shape[axis]!).fill(1), axis).map((part) => withShape(part, shape))
}

const splitEvenly: Kernel = (op) => {
  const input = op.input(1)
  const axis = axisOf(op, op.scalar(0), input.shape.length)
  const parts = op.number('num_splits')
  const size = input.shape[axis]! / parts
  if (!Number.isInteger(size)) throw op.misshapen(`${input.shape[axis]} in ${parts} parts`)
  return split(input, new Array<number>(parts).fill(size), axis)
}

/** One size may be -1, and stands for what is left. */
const splitBySizes: Kernel = (op) => {
  const input = op.input(0)
  const axis = axisOf(op, op.scalar(2), input.shape.length)
  const sizes = op.integers(1)
  const whole = input.shape[axis]!
  const known = sizes.reduce((sum, size) => sum + Math.max(size, 0), 0)
  const resolved = sizes.map((size) => (size === -1 ? whole - known : size))
  if (resolved.some((size) => size < 0) || resolved.reduce((sum, size) => sum + size, 0) !== whole)
    throw op.misshapen(`sizes [${sizes}] of ${whole}`)
  return split(input, resolved, axis)
}

export const JOINING: readonly OpRow[] = [
  row('CONCATENATION', 0, [MOVABLE, concatenation]),
  row('PACK', 0, [MOVABLE, pack]),
  row('UNPACK', 0, [MOVABLE, unpack]),
  row('SPLIT', 1, [MOVABLE, splitEvenly]),
  row('SPLIT_V', 0, [MOVABLE, splitBySizes]),
]
