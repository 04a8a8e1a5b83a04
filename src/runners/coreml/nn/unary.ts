/** NeuralNetwork.proto: `unary`, the trigonometric and hyperbolic layers, rounding, `erf`, `gelu`, `clip`, `logicalNot`. */
import type { FloatTensor, NumberTensor } from '../../../../kernels/tensor.js'
import type { UnaryName } from '../../../../kernels/unary.js'
import { number, tensor, text } from '../../parameters.js'
import { type Context, type Op, op, type Rounding } from '../op.js'
import { GELU_MODES, type GeluMode } from '../semantics/activation.js'
import { FLOATS, LOGICALS } from '../semantics/elementwise.js'
import { finite, unaryIntermediates } from '../semantics/rounding.js'
import { layerParams } from './section.js'

const input = tensor<FloatTensor>({ types: FLOATS })

/** Layers without parameters, which bear their function's name. */
const PLAIN: readonly (readonly [type: UnaryName, rounding: Rounding])[] = [
  ['acos', 'transcendental'],
  ['acosh', 'transcendental'],
  ['asin', 'transcendental'],
  ['asinh', 'transcendental'],
  ['atan', 'transcendental'],
  ['atanh', 'transcendental'],
  ['ceil', 'exact'],
  ['cos', 'transcendental'],
  ['cosh', 'transcendental'],
  ['erf', 'transcendental'],
  ['exp2', 'transcendental'],
  ['floor', 'exact'],
  ['round', 'exact'],
  ['sign', 'exact'],
  ['sin', 'transcendental'],
  ['sinh', 'transcendental'],
  ['tan', 'transcendental'],
  ['tanh', 'transcendental'],
]

/** UnaryFunctionLayerParams.Operation: the kernel, which field is its constant, and how it rounds. */
const OPERATIONS = {
  SQRT: ['sqrt', null, 'rounded'],
  RSQRT: ['rsqrt', 'epsilon', 'transcendental'],
  INVERSE: ['inverse', 'epsilon', 'rounded'],
  POWER: ['power', 'alpha', 'transcendental'],
  EXP: ['exp', null, 'transcendental'],
  LOG: ['log', 'epsilon', 'transcendental'],
  ABS: ['abs', null, 'exact'],
  THRESHOLD: ['threshold', 'alpha', 'exact'],
} as const satisfies Record<string, readonly [UnaryName, 'alpha' | 'epsilon' | null, Rounding]>

type Operation = keyof typeof OPERATIONS

/** What an epsilon of 0, set or not, stands for in the operations whose formula has one; LOG adds only an epsilon that is set. */
const DEFAULT_EPSILONS: { readonly [operation in Operation]?: number } = { RSQRT: Math.fround(1e-6), INVERSE: Math.fround(1e-6) }
/** What a scale of 0 stands for. */
const DEFAULT_SCALE = 1

const zero = number({ default: 0 })

interface UnaryValues {
  input: FloatTensor
  type: Operation
  alpha: number
  epsilon: number
  shift: number
  scale: number
}

/** scale * input + shift, its product and its sum each rounded. */
function shifted({ input, scale: given, shift }: UnaryValues, { kernels, wobble }: Context): FloatTensor {
  const scale = given || DEFAULT_SCALE
  if (scale === 1 && shift === 0) return input
  const x = kernels.unary('linear', input, scale, shift)
  return wobble
    ? ({ ...x, data: x.data.map((sum, i) => sum + wobble(finite(Math.abs(sum) + Math.abs(scale * input.data[i]!)))) } as FloatTensor)
    : x
}

/** The kernel, what it is applied to, and its constant. */
function callOf(values: UnaryValues, context: Context): [kernel: UnaryName, x: FloatTensor, constant: number] {
  const { type, alpha, epsilon } = values
  const [kernel, field] = OPERATIONS[type]
  const constants = { alpha, epsilon: epsilon || (DEFAULT_EPSILONS[type] ?? 0) }
  return [kernel, shifted(values, context), field ? constants[field] : 0]
}

export const unaryLayers: readonly Op[] = [
  ...PLAIN.map(([type, rounding]) =>
    op({
      type,
      specification: layerParams(type),
      parameters: { input },
      rounding,
      intermediates: ({ input }) => unaryIntermediates(type, input),
      run: ({ input }, { kernels }) => kernels.unary(type, input),
    }),
  ),
  op({
    type: 'unary',
    specification: 'NeuralNetwork.proto UnaryFunctionLayerParams',
    parameters: {
      input,
      type: text<Operation, Operation>(Object.keys(OPERATIONS) as Operation[], { default: 'SQRT' }),
      alpha: zero,
      epsilon: zero,
      shift: zero,
      scale: zero,
    },
    rounding: 'transcendental',
    roundingOf: ({ type }) => OPERATIONS[type][2],
    intermediates: (values, _, context) => unaryIntermediates(...callOf(values, context)),
    run: (values, context) => context.kernels.unary(...callOf(values, context)),
  }),
  op({
    type: 'gelu',
    specification: 'NeuralNetwork.proto GeluLayerParams',
    parameters: { input, mode: text<GeluMode, GeluMode>(Object.keys(GELU_MODES) as GeluMode[], { default: 'EXACT' }) },
    rounding: 'transcendental',
    intermediates: ({ input, mode }) => unaryIntermediates(GELU_MODES[mode], input),
    run: ({ input, mode }, { kernels }) => kernels.unary(GELU_MODES[mode], input),
  }),
  op({
    type: 'clip',
    specification: 'NeuralNetwork.proto ClipLayerParams',
    parameters: { input, minVal: zero, maxVal: zero },
    rounding: 'exact',
    run: ({ input, minVal, maxVal }, { kernels }) => kernels.unary('clip', input, minVal, maxVal),
  }),
  op({
    type: 'logicalNot',
    specification: 'NeuralNetwork.proto LogicalNotLayerParams',
    parameters: { input: tensor<NumberTensor>({ types: LOGICALS }) },
    rounding: 'exact',
    run: ({ input }, { kernels }) => kernels.unary('logicalNot', input),
  }),
]
