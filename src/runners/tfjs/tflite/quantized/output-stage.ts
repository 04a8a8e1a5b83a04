/** What follows the sums of a quantised convolution or matrix product: bias, the scale of each channel, zero point, activation. */
import type { Operator } from '../../operator.js'
import { boundsOf, clampTo, inputAffine, outputAffine } from './affine.js'
import { multiplierOf, scale, scaleWide } from './fixed-point.js'

export interface StageOperands {
  input: number
  filter: number
  bias: number
}

/**
 * Whether sums are kept in 64 bits: for int16 inputs, unless the bias is int32. Their multipliers have 15 bits and round once.
 */
function isWide(op: Operator, { input, bias }: StageOperands): boolean {
  if (op.input(input).dtype !== 'int16') return false
  return op.has(bias) ? op.input(bias).dtype === 'int64' : op.text('quantized_bias_type') !== 'INT32'
}

/** The sum for a channel as an integer of the result. `perTensor` multiplies the scales in float32, as kernels without channels do. */
export function outputStage(
  op: Operator,
  operands: StageOperands,
  channels: number,
  perTensor: boolean,
): (sum: number, channel: number) => number {
  const input = inputAffine(op, operands.input)
  const output = outputAffine(op)
  const filterScale = op.quantization(operands.filter)?.scale
  if (!filterScale || (filterScale.length !== 1 && filterScale.length !== channels)) throw op.unsupported('lacks scales for its weights')
  const multipliers = Array.from(filterScale, (by) =>
    multiplierOf((perTensor ? Math.fround(input.scale * by) : input.scale * by) / output.scale),
  )
  const bias = op.has(operands.bias) ? op.integers(operands.bias) : null
  if (bias && bias.length !== channels) throw op.misshapen(`a bias of ${bias.length} for ${channels} channels`)
  const rescale = isWide(op, operands) ? scaleWide : (sum: number, multiplier: (typeof multipliers)[number]) => scale(sum | 0, multiplier)
  const bounds = boundsOf(op)
  return (sum, channel) =>
    clampTo(rescale(sum + (bias?.[channel] ?? 0), multipliers[multipliers.length === 1 ? 0 : channel]!) + output.zeroPoint, bounds)
}

/** Zero point of a filter's weights: not 0 for uint8 alone. */
export function filterZeroPoint(op: Operator, index: number): number {
  return op.quantization(index)?.zeroPoint[0] ?? 0
}
