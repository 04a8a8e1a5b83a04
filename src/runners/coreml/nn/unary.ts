/** NeuralNetwork.proto: `unary`, the trigonometric and hyperbolic layers, rounding, `erf`, `gelu`, `clip`, `logicalNot`. */
import type { FloatTensor, NumberTensor } from '../../../../kernels/tensor.js'
import type { UnaryName } from '../../../../kernels/unary.js'
import { type Op, op, type Rounding } from '../op.js'
import { number, tensor, text } from '../parameters.js'
import { GELU_MODES, type GeluMode } from '../semantics/activation.js'
import { FLOATS, LOGICALS } from '../semantics/elementwise.js'

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

/** UnaryFunctionLayerParams.Operation: the kernel, and which field is its constant. */
const OPERATIONS = {
  SQRT: ['sqrt', null],
  RSQRT: ['rsqrt', 'epsilon'],
  INVERSE: ['inverse', 'epsilon'],
  POWER: ['power', 'alpha'],
  EXP: ['exp', null],
  LOG: ['log', 'epsilon'],
  ABS: ['abs', null],
  THRESHOLD: ['threshold', 'alpha'],
} as const satisfies Record<string, readonly [UnaryName, 'alpha' | 'epsilon' | null]>

type Operation = keyof typeof OPERATIONS

/** What an epsilon of 0, set or not, stands for in the operations whose formula has one; LOG adds only an epsilon that is set. */
const DEFAULT_EPSILONS: { readonly [operation in Operation]?: number } = { RSQRT: Math.fround(1e-6), INVERSE: Math.fround(1e-6) }
/** What a scale of 0 stands for. */
const DEFAULT_SCALE = 1

const zero = number({ default: 0 })

export const unaryLayers: readonly Op[] = [
  ...PLAIN.map(([type, rounding]) =>
    op({ type, parameters: { input }, rounding, run: ({ input }, { kernels }) => kernels.unary(type, input) }),
  ),
  op({
    type: 'unary',
    parameters: {
      input,
      type: text<Operation, Operation>(Object.keys(OPERATIONS) as Operation[], { default: 'SQRT' }),
      alpha: zero,
      epsilon: zero,
      shift: zero,
      scale: zero,
    },
    rounding: 'transcendental',
    run({ input, type, alpha, epsilon, shift, scale }, { kernels }) {
      const [kernel, field] = OPERATIONS[type]
      const factor = scale || DEFAULT_SCALE
      const x = factor === 1 && shift === 0 ? input : kernels.unary('linear', input, factor, shift)
      const constants = { alpha, epsilon: epsilon || (DEFAULT_EPSILONS[type] ?? 0) }
      return kernels.unary(kernel, x, field ? constants[field] : 0)
    },
  }),
  op({
    type: 'gelu',
    parameters: { input, mode: text<GeluMode, GeluMode>(Object.keys(GELU_MODES) as GeluMode[], { default: 'EXACT' }) },
    rounding: 'transcendental',
    run: ({ input, mode }, { kernels }) => kernels.unary(GELU_MODES[mode], input),
  }),
  op({
    type: 'clip',
    parameters: { input, minVal: zero, maxVal: zero },
    rounding: 'exact',
    run: ({ input, minVal, maxVal }, { kernels }) => kernels.unary('clip', input, minVal, maxVal),
  }),
  op({
    type: 'logicalNot',
    parameters: { input: tensor<NumberTensor>({ types: LOGICALS }) },
    rounding: 'exact',
    run: ({ input }, { kernels }) => kernels.unary('logicalNot', input),
  }),
]
