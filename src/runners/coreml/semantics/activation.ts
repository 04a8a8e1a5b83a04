/** What activations of both dialects share. */
import type { FloatTensor } from '../../../../kernels/tensor.js'
import type { UnaryName } from '../../../../kernels/unary.js'
import type { Context } from '../op.js'

/** MIL gelu and NeuralNetwork.proto GeluLayerParams.GeluMode. */
export const GELU_MODES = {
  EXACT: 'gelu',
  TANH_APPROXIMATION: 'geluTanh',
  SIGMOID_APPROXIMATION: 'geluSigmoid',
} as const satisfies Record<string, UnaryName>

export type GeluMode = keyof typeof GELU_MODES

/** A constant for every index of `axis` of x, or one for all; fails where it has neither length. */
export function perChannel(constant: FloatTensor, name: string, x: FloatTensor, axis: number, context: Context): ArrayLike<number> {
  const channels = x.shape.at(axis)
  const { data } = constant
  if (data.length !== 1 && data.length !== channels)
    context.fail(`${name} has ${data.length} elements for x of shape [${x.shape}], expected ${channels} or 1`)
  return data
}
