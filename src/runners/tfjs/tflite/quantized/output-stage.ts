/** What follows the sums of a quantized convolution or matrix product: bias, the scale of each channel, zero point, activation. */
import { numbersOf, type Operand, type Output } from '../../op.js'
import { misshapen, unsupported } from '../../refusals.js'
import { affineOf, boundsOf, clampTo } from './affine.js'
import { multiplierOf, scale, scaleWide } from './fixed-point.js'

/** The op whose sums these are. */
export interface Summed {
  input: Operand
  filter: Operand
  bias: Operand | undefined
  output: Output
  activation: string
  /** Of the sums, where there is no bias to say so. */
  biasType?: string
}

/**
 * Whether sums are kept in 64 bits: for int16 inputs, unless the bias is int32. Their multipliers have 15 bits and round once.
 */
function isWide({ input, bias, biasType }: Summed): boolean {
  if (input.dtype !== 'int16') return false
  return bias ? bias.dtype === 'int64' : biasType !== 'INT32'
}

/** The sum for a channel as an integer of the result. `perTensor` multiplies the scales in float32, as kernels without channels do. */
export function outputStage(summed: Summed, channels: number, perTensor: boolean): (sum: number, channel: number) => number {
  const input = affineOf(summed.input)
  const output = affineOf(summed.output)
  const filterScale = summed.filter.quantization?.scale
  if (!filterScale || (filterScale.length !== 1 && filterScale.length !== channels)) throw unsupported('lacks scales for its weights')
  const multipliers = Array.from(filterScale, (by) =>
    multiplierOf((perTensor ? Math.fround(input.scale * by) : input.scale * by) / output.scale),
  )
  const bias = summed.bias ? numbersOf(summed.bias) : null
  if (bias && bias.length !== channels) throw misshapen(`a bias of ${bias.length} for ${channels} channels`)
  const rescale = isWide(summed) ? scaleWide : (sum: number, multiplier: (typeof multipliers)[number]) => scale(sum | 0, multiplier)
  const bounds = boundsOf(summed.output, summed.activation)
  return (sum, channel) =>
    clampTo(rescale(sum + (bias?.[channel] ?? 0), multipliers[multipliers.length === 1 ? 0 : channel]!) + output.zeroPoint, bounds)
}
