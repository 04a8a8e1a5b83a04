/** Functions of single elements. Each is computed in double precision and rounded once, to the dtype. */
import { type DType, type Tensor, tensor } from '../../../../kernels/tensor.js'
import { boolean, integer, number } from '../../parameters.js'
import type { Rounding } from '../../rounding.js'
import { QUANTIZED } from '../dtypes.js'
import { combined, mapped } from '../maths/elementwise.js'
import { FUNCTIONS, gelu, geluByTanh, leakyRelu, type Unary } from '../maths/functions.js'
import { type Op, type Operand, type Output, op, operand } from '../op.js'
import { unsupported } from '../refusals.js'
import * as quantized from './quantized/elementwise.js'

const { fround, max, min } = Math

const FLOATS = ['float32', 'float64'] as const

/** How an op is computed, dtype by dtype. */
interface Kinds {
  float: Unary
  /** On int32. */
  integer?: Unary | undefined
  /** On int64. */
  big?: ((x: bigint) => bigint) | undefined
  quantized?: quantized.Maker | undefined
}

const typesOf = ({ integer: hasIntegers, big, quantized: hasCodes }: Omit<Kinds, 'float'>): DType[] => [
  ...FLOATS,
  ...(hasIntegers ? (['int32'] as const) : []),
  ...(big ? (['int64'] as const) : []),
  ...(hasCodes ? QUANTIZED : []),
]

function computed(input: Operand, output: () => Output, { float, integer: onIntegers, big, quantized: maker }: Kinds): Tensor {
  if (input.dtype === 'float32' || input.dtype === 'float64') return mapped(input, float)
  if (input.dtype === 'int32' && onIntegers) return mapped(input, onIntegers)
  if (input.dtype === 'int64' && big) return mapped(input, big)
  if (!maker) throw unsupported()
  return quantized.mapCodes(input, output(), maker)
}

interface UnaryRow extends Omit<Kinds, 'float'> {
  specification: string
  rounding: Rounding
}

const unary = (type: keyof typeof FUNCTIONS, { specification, rounding, ...kinds }: UnaryRow): Op =>
  op({
    type,
    specification,
    operands: { input: operand(typesOf(kinds)) },
    rounding,
    run: ({ input }, { output }) => computed(input, output, { ...kinds, float: FUNCTIONS[type] }),
  })

const { ABS, NEG, SIGN, SQUARE, RELU } = FUNCTIONS

/** Rounds to the levels of a quantization whose range is nudged so that 0 is a level. */
function fakeQuantized(range: { min: number; max: number }, bits: number, isNarrow: boolean): Unary {
  const lowest = isNarrow ? 1 : 0
  const highest = 2 ** bits - 1
  const [least, most] = [fround(range.min), fround(range.max)]
  const scale = fround(fround(most - least) / fround(highest - lowest))
  const zeroPoint = min(highest, max(lowest, Math.floor(fround(lowest - fround(least / scale)) + 0.5)))
  const [low, high] = [fround((lowest - zeroPoint) * scale), fround((highest - zeroPoint) * scale)]
  const inverse = fround(1 / scale)
  return (x) => fround(Math.floor(fround(fround(fround(min(high, max(low, x)) - low) * inverse) + 0.5)) * scale) + low
}

export const ELEMENTWISE: readonly Op[] = [
  unary('ABS', {
    specification: 'AbsOptions; kernels/elementwise.cc AbsEval',
    rounding: 'exact',
    integer: ABS,
    big: (x) => (x < 0n ? -x : x),
    quantized: quantized.absolute,
  }),
  unary('CEIL', { specification: 'no options; reference_ops::Ceil', rounding: 'exact' }),
  unary('COS', { specification: 'CosOptions; kernels/elementwise.cc CosEval', rounding: 'transcendental' }),
  unary('ELU', {
    specification: 'no options; reference_ops::Elu',
    rounding: 'transcendental',
    quantized: quantized.byFunction(FUNCTIONS.ELU),
  }),
  unary('EXP', {
    specification: 'ExpOptions; reference_ops::Exp',
    rounding: 'transcendental',
    quantized: quantized.byFunction(FUNCTIONS.EXP),
  }),
  unary('FLOOR', { specification: 'no options; reference_ops::Floor', rounding: 'exact' }),
  op({
    type: 'GELU',
    specification: 'GeluOptions; reference_ops::Gelu',
    operands: { input: operand([...FLOATS, ...QUANTIZED]) },
    attributes: { approximate: boolean({ default: false }) },
    rounding: 'transcendental',
    run({ input, approximate }, { output }) {
      const float = approximate ? geluByTanh : gelu
      return computed(input, output, { float, quantized: quantized.byFunction(float) })
    },
  }),
  unary('HARD_SWISH', { specification: 'HardSwishOptions; reference_ops::HardSwish', rounding: 'rounded', quantized: quantized.hardSwish }),
  op({
    type: 'LEAKY_RELU',
    specification: 'LeakyReluOptions; reference_ops::LeakyRelu, reference_ops::QuantizeLeakyRelu',
    operands: { input: operand([...FLOATS, ...QUANTIZED]) },
    attributes: { alpha: number({ default: 0 }) },
    rounding: 'rounded',
    run: ({ input, alpha }, { output }) =>
      computed(input, output, { float: leakyRelu(fround(alpha)), quantized: quantized.leakyRectifier(fround(alpha)) }),
  }),
  unary('LOG', { specification: 'no options; kernels/elementwise.cc LogEval', rounding: 'transcendental', quantized: quantized.logarithm }),
  unary('LOGISTIC', {
    specification: 'no options; reference_ops::Logistic, reference_integer_ops::Logistic',
    rounding: 'transcendental',
    quantized: quantized.logistic,
  }),
  unary('NEG', { specification: 'NegOptions; reference_ops::Negate', rounding: 'exact', integer: NEG, big: (x) => -x }),
  unary('RELU', {
    specification: 'no options; reference_ops::Relu, reference_ops::ReluX',
    rounding: 'exact',
    integer: RELU,
    quantized: quantized.rectifier('RELU'),
  }),
  unary('RELU6', {
    specification: 'no options; reference_ops::Relu6, reference_ops::ReluX',
    rounding: 'exact',
    quantized: quantized.rectifier('RELU6'),
  }),
  unary('RELU_0_TO_1', {
    specification: 'no options; reference_ops::Relu0To1, reference_ops::ReluX',
    rounding: 'exact',
    quantized: quantized.rectifier('RELU_0_TO_1'),
  }),
  unary('RELU_N1_TO_1', { specification: 'no options; reference_ops::Relu1', rounding: 'exact' }),
  unary('ROUND', { specification: 'no options; reference_ops::Round', rounding: 'exact' }),
  unary('RSQRT', {
    specification: 'no options; kernels/elementwise.cc RsqrtEval, RsqrtEvalQuantized',
    rounding: 'transcendental',
    quantized: quantized.inverseSquareRoot,
  }),
  unary('SIGN', {
    specification: 'SignOptions; kernels/sign.cc',
    rounding: 'exact',
    integer: SIGN,
    big: (x) => (x < 0n ? -1n : x > 0n ? 1n : 0n),
  }),
  unary('SIN', { specification: 'no options; kernels/elementwise.cc SinEval', rounding: 'transcendental' }),
  unary('SQRT', { specification: 'no options; kernels/elementwise.cc SqrtEval', rounding: 'rounded', quantized: quantized.squareRoot }),
  unary('SQUARE', {
    specification: 'SquareOptions; kernels/elementwise.cc SquareEval',
    rounding: 'rounded',
    integer: SQUARE,
    big: (x) => x * x,
  }),
  unary('TANH', {
    specification: 'no options; reference_ops::Tanh, reference_integer_ops::Tanh',
    rounding: 'transcendental',
    quantized: quantized.hyperbolicTangent,
  }),
  op({
    type: 'LOGICAL_NOT',
    specification: 'LogicalNotOptions; kernels/elementwise.cc LogicalNotEval',
    operands: { input: operand(['bool']) },
    rounding: 'exact',
    run: ({ input }) =>
      tensor(
        'bool',
        input.shape,
        input.data.map((x) => (x ? 0 : 1)),
      ),
  }),
  op({
    type: 'PRELU',
    specification: 'no options; reference_ops::BroadcastPrelu4DSlow',
    operands: { input: operand(['float32', 'int8', 'uint8']), alpha: operand(['float32', 'int8', 'uint8']) },
    rounding: 'rounded',
    run({ input, alpha }, { output }) {
      if (input.dtype !== 'float32') return quantized.quantizedPrelu(input, alpha, output())
      return combined<number>(input, alpha, (x, slope) => (x >= 0 ? x : x * slope))
    },
  }),
  op({
    type: 'FAKE_QUANT',
    specification: 'FakeQuantOptions; reference_ops::FakeQuant',
    operands: { input: operand(['float32']) },
    attributes: {
      min: number({ default: 0 }),
      max: number({ default: 0 }),
      num_bits: integer({ default: 0 }),
      narrow_range: boolean({ default: false }),
    },
    rounding: 'rounded',
    run: ({ input, num_bits, narrow_range, ...range }) => mapped(input, fakeQuantized(range, num_bits, narrow_range)),
  }),
]
