/** The activations that operators have fused to them (ActivationFunctionType). */
import type { Tensor } from '../../../../kernels/tensor.js'
import { text } from '../../parameters.js'
import { type Operand, only } from '../op.js'
import { misshapen } from '../refusals.js'

interface Activation {
  /** Bounds to which it clamps. */
  low: number
  high: number
  /** For those that do more than clamp. */
  f?: (x: number) => number
}

/** No activation still keeps results finite: overflow gives the largest float32, as in TFLite's reference kernels. */
const LARGEST = (2 - 2 ** -23) * 2 ** 127

const ACTIVATIONS = {
  NONE: { low: -LARGEST, high: LARGEST },
  RELU: { low: 0, high: LARGEST },
  RELU_N1_TO_1: { low: -1, high: 1 },
  RELU6: { low: 0, high: 6 },
  TANH: { low: -1, high: 1, f: Math.tanh },
  SIGN_BIT: { low: 0, high: 1, f: (x) => (x < 0 || Object.is(x, -0) ? 1 : 0) },
} as const satisfies { readonly [name: string]: Activation }

export type ActivationName = keyof typeof ACTIVATIONS
const NAMES = Object.keys(ACTIVATIONS) as ActivationName[]

/** The attribute that names the activation of an op. */
export const FUSED = { fused_activation_function: text(NAMES, { default: 'NONE' }) }
/** For ops that leave their result as it is where the file has no options. */
export const FUSED_IF_ANY = { fused_activation_function: text(NAMES, { default: undefined }) }
export const FUSED_TANH = { fused_activation_function: text(NAMES, { default: 'TANH' }) }

/** The activation as a function of one number; NaN stays NaN. */
export function activationFunction(name: ActivationName): (x: number) => number {
  const { low, high, f }: Activation = ACTIVATIONS[name]
  return f ?? ((x) => (x < low ? low : x > high ? high : x))
}

/** Applies the activation to `data`, in place. */
export function activate(data: Float32Array | Float64Array | Int32Array, name: ActivationName): void {
  const { low, high, f }: Activation = ACTIVATIONS[name]
  if (f) for (let i = 0; i < data.length; i++) data[i] = f(data[i]!)
  else {
    for (let i = 0; i < data.length; i++) {
      const x = data[i]!
      if (x < low) data[i] = low
      else if (x > high) data[i] = high
    }
  }
}

/**
 * Adds the bias, one element for each of the last dimension's, to sums, and applies the activation, in place.
 * @throws ParityError MODEL_SHAPE for a bias of another size
 */
export function finish(sums: Tensor<'float32'>, bias: Operand | undefined, activation: ActivationName): Tensor<'float32'> {
  const { data: out, shape } = sums
  const channels = shape[shape.length - 1]!
  if (bias) {
    const { data } = only(bias, 'float32')
    if (data.length !== channels) throw misshapen(`a bias of ${data.length} for ${channels} channels`)
    for (let i = 0; i < out.length; i += channels) for (let c = 0; c < channels; c++) out[i + c]! += data[c]!
  }
  activate(out, activation)
  return sums
}
