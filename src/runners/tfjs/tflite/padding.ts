/** Places of a window along one dimension, as TFLite pads (Padding): SAME puts the odd element behind. */
import type { Operator } from '../operator.js'

export interface Sliding {
  /** Size of the window, and how far apart its elements are. */
  size: number
  dilation: number
  stride: number
  /** Padding in front and behind. */
  before: number
  after: number
  /** Positions of the window: elements of the result. */
  count: number
}

export function slidingOf(op: Operator, input: number, size: number, stride: number, dilation: number): Sliding {
  const extent = (size - 1) * dilation + 1
  if (!(stride >= 1 && dilation >= 1 && size >= 1)) throw op.misshapen(`a window of ${size}, stride ${stride} and dilation ${dilation}`)
  const padding = op.text('padding', 'SAME')
  if (padding !== 'SAME' && padding !== 'VALID') throw op.misshapen(`padding ${padding}`)
  const count = padding === 'SAME' ? Math.ceil(input / stride) : Math.max(0, Math.ceil((input - extent + 1) / stride))
  const total = Math.max(0, (count - 1) * stride + extent - input)
  const before = padding === 'SAME' ? Math.floor(total / 2) : 0
  return { size, dilation, stride, before, after: padding === 'SAME' ? total - before : 0, count }
}

/** Elements of the input under the window at `position`: the first and the one behind the last, for a window without dilation. */
export function spanOf({ size, stride, before }: Sliding, position: number, input: number): [number, number] {
  const first = position * stride - before
  return [Math.max(0, first), Math.min(input, first + size)]
}
