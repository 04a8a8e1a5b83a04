/** The activations that operators have fused to them (ActivationFunctionType). */
import { ParityError } from '../../../graph/errors.js'

interface Activation {
  /** Bounds to which it clamps. */
  low: number
  high: number
  /** For those that do more than clamp. */
  f?: (x: number) => number
}

/** No activation still keeps results finite: overflow gives the largest float32, as in TFLite's reference kernels. */
const LARGEST = (2 - 2 ** -23) * 2 ** 127

const ACTIVATIONS: { readonly [name: string]: Activation } = {
  NONE: { low: -LARGEST, high: LARGEST },
  RELU: { low: 0, high: LARGEST },
  RELU_N1_TO_1: { low: -1, high: 1 },
  RELU6: { low: 0, high: 6 },
  TANH: { low: -1, high: 1, f: Math.tanh },
  SIGN_BIT: { low: 0, high: 1, f: (x) => (x < 0 || Object.is(x, -0) ? 1 : 0) },
}

/** @throws ParityError UNSUPPORTED_ACTIVATION for a name that the schema does not have */
export function activationOf(name: string): Activation {
  const activation = ACTIVATIONS[name]
  if (activation) return activation
  throw new ParityError('UNSUPPORTED_ACTIVATION', { what: `Unknown fused activation ${name}`, remedy: 'Convert the model again' })
}

/** The activation as a function of one number; NaN stays NaN. */
export function activationFunction(name: string): (x: number) => number {
  const { low, high, f } = activationOf(name)
  return f ?? ((x) => (x < low ? low : x > high ? high : x))
}

/** Applies the activation to `data`, in place. */
export function activate(data: Float32Array | Float64Array | Int32Array, name: string): void {
  const { low, high, f } = activationOf(name)
  if (f) for (let i = 0; i < data.length; i++) data[i] = f(data[i]!)
  else {
    for (let i = 0; i < data.length; i++) {
      const x = data[i]!
      if (x < low) data[i] = low
      else if (x > high) data[i] = high
    }
  }
}
