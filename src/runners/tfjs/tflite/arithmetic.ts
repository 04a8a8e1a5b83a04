/** Functions of two elements, on shapes that broadcast, and sums of many tensors. */
import type { DType, Tensor } from '../../../../kernels/tensor.js'
import { boolean, type Parameters } from '../../parameters.js'
import type { Rounding } from '../../rounding.js'
import { QUANTIZED } from '../dtypes.js'
import { BINARY, type Binary } from '../maths/arithmetic.js'
import { combined } from '../maths/elementwise.js'
import { type Op, type Operand, type Output, op, operand, operands } from '../op.js'
import { misshapen, unsupported } from '../refusals.js'
import { type ActivationName, activate, FUSED_IF_ANY } from './activation.js'
import * as quantized from './quantized/arithmetic.js'

const FLOATS = ['float32', 'float64'] as const
/** Their own bits are enough: results wrap where they are stored. */
const INTEGERS = ['int32', 'uint32', 'int8', 'int16', 'uint8', 'uint16'] as const
const isCode = (dtype: DType): boolean => (QUANTIZED as readonly DType[]).includes(dtype)

interface Attributes {
  fused_activation_function?: ActivationName | undefined
  pot_scale_int16?: boolean
}

interface BinaryRow {
  specification: string
  rounding: Rounding
  /** The schema has an activation to fuse for it. */
  fuses?: boolean
  /** The schema lets int16 scales be powers of two. */
  shifts?: boolean
  /** On codes, in place of the function of integers. */
  quantized?: (a: Operand, b: Operand, output: Output, attributes: Attributes) => Tensor
}

const typesOf = ({ float, integer, big }: Binary, quantizes: boolean): DType[] => [
  ...(float ? FLOATS : []),
  ...(integer ? INTEGERS.filter((dtype) => !quantizes || dtype.endsWith('32')) : []),
  ...(quantizes ? QUANTIZED : []),
  ...(big ? (['int64'] as const) : []),
]

/** Floats and int32 are clamped by a fused activation. */
function activated(out: Tensor, activation: ActivationName | undefined): Tensor {
  if (activation && (out.dtype === 'float32' || out.dtype === 'float64' || out.dtype === 'int32')) activate(out.data, activation)
  return out
}

const row = (type: keyof typeof BINARY, { specification, rounding, fuses, shifts, quantized: onCodes }: BinaryRow): Op => {
  const functions: Binary = BINARY[type]
  const types = typesOf(functions, onCodes !== undefined)
  const attributes: Parameters = { ...(fuses && FUSED_IF_ANY), ...(shifts && { pot_scale_int16: boolean({ default: true }) }) }
  return op({
    type,
    specification,
    operands: { input1: operand(types), input2: operand(types) },
    attributes,
    rounding,
    run({ input1: a, input2: b, ...given }, { output }) {
      const own = given as Attributes
      const { float, integer, big } = functions
      if (big && a.dtype === 'int64') return combined(a, b, big)
      if (float && (a.dtype === 'float32' || a.dtype === 'float64')) return activated(combined(a, b, float), own.fused_activation_function)
      if (onCodes && isCode(a.dtype)) return onCodes(a, b, output(), own)
      if (integer) return activated(combined(a, b, integer), own.fused_activation_function)
      throw unsupported()
    },
  })
}

const codes =
  (make: quantized.Maker) =>
  (a: Operand, b: Operand, output: Output, { fused_activation_function: activation = 'NONE', pot_scale_int16 = true }: Attributes) =>
    quantized.quantizedArithmetic({ a, b, output, activation, canShift: pot_scale_int16 }, make)

const logical = (type: string, options: string, f: (a: number, b: number) => number): Op =>
  op({
    type,
    specification: `${options}; reference_ops::BroadcastBinaryFunction4DSlow`,
    operands: { input1: operand(['bool']), input2: operand(['bool']) },
    rounding: 'exact',
    run: ({ input1, input2 }) => combined(input1, input2, f),
  })

export const ARITHMETIC: readonly Op[] = [
  row('ADD', {
    specification: 'AddOptions; reference_ops::Add, reference_integer_ops::Add',
    rounding: 'rounded',
    fuses: true,
    shifts: true,
    quantized: codes(quantized.sum(1)),
  }),
  op({
    type: 'ATAN2',
    specification: 'ATan2Options; kernels/atan2.cc',
    operands: { y: operand(FLOATS), x: operand(FLOATS) },
    rounding: 'transcendental',
    run: ({ y, x }) => combined(y, x, Math.atan2),
  }),
  row('BITWISE_XOR', { specification: 'BitwiseXorOptions; kernels/bitwise_xor.cc', rounding: 'exact' }),
  row('DIV', { specification: 'DivOptions; reference_ops::Div', rounding: 'rounded', fuses: true, quantized: codes(quantized.quotient) }),
  row('FLOOR_DIV', { specification: 'FloorDivOptions; reference_ops::FloorDiv', rounding: 'rounded' }),
  row('FLOOR_MOD', { specification: 'FloorModOptions; reference_ops::FloorMod', rounding: 'rounded' }),
  // operands and result of extrema share a scale: their codes are compared
  row('MAXIMUM', { specification: 'MaximumMinimumOptions; reference_ops::MaximumMinimumBroadcastSlow', rounding: 'exact' }),
  row('MINIMUM', { specification: 'MaximumMinimumOptions; reference_ops::MaximumMinimumBroadcastSlow', rounding: 'exact' }),
  row('MUL', {
    specification: 'MulOptions; reference_ops::Mul, reference_integer_ops::Mul',
    rounding: 'rounded',
    fuses: true,
    quantized: codes(quantized.product),
  }),
  op({
    type: 'POW',
    specification: 'PowOptions; reference_ops::BroadcastPow4DSlow',
    operands: { input1: operand(typesOf(BINARY.POW, false)), input2: operand(typesOf(BINARY.POW, false)) },
    rounding: 'transcendental',
    run({ input1: base, input2: exponent }) {
      if (base.dtype === 'float32' || base.dtype === 'float64') return combined(base, exponent, BINARY.POW.float)
      if ((exponent.data as Int32Array).some((x) => x < 0)) throw unsupported('with a negative exponent is not computed')
      return combined(base, exponent, BINARY.POW.integer)
    },
  }),
  row('SQUARED_DIFFERENCE', {
    specification: 'SquaredDifferenceOptions; kernels/squared_difference.cc',
    rounding: 'rounded',
    quantized: codes(quantized.squaredDifference),
  }),
  row('SUB', {
    specification: 'SubOptions; reference_ops::Sub',
    rounding: 'rounded',
    fuses: true,
    shifts: true,
    quantized: codes(quantized.sum(-1)),
  }),
  op({
    type: 'ADD_N',
    specification: 'AddNOptions; reference_ops::AddN',
    operands: { inputs: operands(['float32', 'int32']) },
    rounding: 'accumulating',
    run({ inputs: [first, ...rest] }) {
      const data = first!.data.slice() as Float32Array
      for (const { dtype, data: terms } of rest) {
        if (dtype !== first!.dtype || terms.length !== data.length) throw misshapen('shapes differ')
        for (let i = 0; i < data.length; i++) data[i]! += (terms as Float32Array)[i]!
      }
      return { dtype: first!.dtype, shape: [...first!.shape], data } as Tensor
    },
  }),
  op({
    type: 'RIGHT_SHIFT',
    specification: 'RightShiftOptions; kernels/right_shift.cc',
    operands: {
      input1: operand(['int8', 'int16', 'int32', 'uint8', 'uint16', 'uint32']),
      input2: operand(['int8', 'int16', 'int32', 'uint8', 'uint16', 'uint32']),
    },
    rounding: 'exact',
    run({ input1: a, input2: b }) {
      // with the sign, by no less than 0 and less than the dtype's width
      const last = 8 * a.data.BYTES_PER_ELEMENT - 1
      return combined<number>(a, b, (x, by) => Math.floor(x / 2 ** Math.min(last, Math.max(0, by))))
    },
  }),
  logical('LOGICAL_AND', 'LogicalAndOptions', (a, b) => a & b),
  logical('LOGICAL_OR', 'LogicalOrOptions', (a, b) => a | b),
]
