/** Ops that join tensors along an axis, or take one apart. */
import { concat, split, stack } from '../../../../kernels/movement.js'
import { type Tensor, withShape } from '../../../../kernels/tensor.js'
import { integer, integers } from '../../parameters.js'
import { MOVABLE } from '../dtypes.js'
import { axisOf } from '../geometry/axes.js'
import { type Op, op, operand, operands } from '../op.js'
import { misshapen } from '../refusals.js'
import { activate, FUSED } from './activation.js'
import { requantizedTo } from './quantized/requantize.js'

/** @throws ParityError MODEL_SHAPE where shapes differ outside of `axis` */
function checkAlike([first, ...rest]: readonly Tensor[], axis: number | null): void {
  const fits = ({ dtype, shape }: Tensor): boolean =>
    dtype === first!.dtype && shape.length === first!.shape.length && shape.every((size, i) => i === axis || size === first!.shape[i])
  if (!rest.every(fits)) throw misshapen('shapes or dtypes differ')
}

export const JOINING: readonly Op[] = [
  op({
    type: 'CONCATENATION',
    specification: 'ConcatenationOptions; reference_ops::Concatenation, reference_ops::ConcatenationWithScaling',
    operands: { inputs: operands(MOVABLE) },
    attributes: { axis: integer({ default: 0 }), ...FUSED },
    rounding: 'exact',
    run({ inputs, axis: given, fused_activation_function: activation }, { output }) {
      const axis = axisOf(given, inputs[0]!.shape.length)
      checkAlike(inputs, axis)
      const { quantization } = output()
      // quantized operands of another scale than the result's are brought to it
      const joined = concat(
        inputs.map((value) => requantizedTo(quantization, value)),
        axis,
      )
      if (joined.dtype !== 'float32' || activation === 'NONE') return joined
      const data = joined.data.slice()
      activate(data, activation)
      return { ...joined, data }
    },
  }),
  op({
    type: 'PACK',
    specification: 'PackOptions; reference_ops::Pack',
    operands: { values: operands(MOVABLE) },
    attributes: { axis: integer({ default: 0 }) },
    rounding: 'exact',
    run({ values, axis }) {
      checkAlike(values, null)
      return stack(values, axisOf(axis, values[0]!.shape.length + 1))
    },
  }),
  op({
    type: 'UNPACK',
    specification: 'UnpackOptions; reference_ops::Unpack',
    operands: { input: operand(MOVABLE) },
    attributes: { axis: integer({ default: 0 }) },
    rounding: 'exact',
    run({ input, axis: given }) {
      const axis = axisOf(given, input.shape.length)
      const shape = input.shape.filter((_, i) => i !== axis)
      return split(input, new Array<number>(input.shape[axis]!).fill(1), axis).map((part) => withShape(part, shape))
    },
  }),
  op({
    type: 'SPLIT',
    specification: 'SplitOptions; reference_ops::Split',
    operands: { axis: integer(), input: operand(MOVABLE) },
    attributes: { num_splits: integer({ default: 0 }) },
    rounding: 'exact',
    run({ axis: given, input, num_splits: parts }) {
      const axis = axisOf(given, input.shape.length)
      const size = input.shape[axis]! / parts
      if (!Number.isInteger(size)) throw misshapen(`${input.shape[axis]} in ${parts} parts`)
      return split(input, new Array<number>(parts).fill(size), axis)
    },
  }),
  op({
    type: 'SPLIT_V',
    specification: 'SplitVOptions; reference_ops::Split',
    operands: { input: operand(MOVABLE), size_splits: integers(), axis: integer() },
    rounding: 'exact',
    run({ input, size_splits: sizes, axis: given }) {
      const axis = axisOf(given, input.shape.length)
      const whole = input.shape[axis]!
      // one size may be -1, and stands for what is left
      const known = sizes.reduce((sum, size) => sum + Math.max(size, 0), 0)
      const resolved = sizes.map((size) => (size === -1 ? whole - known : size))
      if (resolved.some((size) => size < 0) || resolved.reduce((sum, size) => sum + size, 0) !== whole)
        throw misshapen(`sizes [${sizes}] of ${whole}`)
      return split(input, resolved, axis)
    },
  }),
]
