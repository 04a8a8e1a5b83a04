/** NeuralNetwork.proto ValidPadding and SamePadding, as convolution and pooling layers have them. */
import type { Context } from '../op.js'
import type { PadType } from './windows.js'

interface EdgeSizes {
  startEdgeSize: number
  endEdgeSize: number
}

/** The members of a layer's padding oneof that both kinds of layers have. */
export interface PaddingMessage {
  valid?: { paddingAmounts?: { borderAmounts?: EdgeSizes[] } }
  same?: { asymmetryMode?: 'BOTTOM_RIGHT_HEAVY' | 'TOP_LEFT_HEAVY' }
}

/** The padding of a layer over two dimensions; none is a valid padding of zero. */
export function borderOf({ valid, same }: PaddingMessage, context: Context): { padType: PadType; pad?: number[] } {
  if (same) return { padType: same.asymmetryMode === 'TOP_LEFT_HEAVY' ? 'same_lower' : 'same' }
  const borders = valid?.paddingAmounts?.borderAmounts ?? []
  if (borders.length === 0) return { padType: 'valid' }
  if (borders.length !== 2) context.fail(`has ${borders.length} border amounts, expected 2`)
  return { padType: 'custom', pad: borders.flatMap(({ startEdgeSize, endEdgeSize }) => [startEdgeSize, endEdgeSize]) }
}
