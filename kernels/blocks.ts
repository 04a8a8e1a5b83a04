/**
 * Kernels that move blocks between the spatial dimensions and another one. The orders differ in where the position inside a block stands:
 * depth to space counts channels as (row, column, channel), pixel shuffle as (channel, row, column).
 */
import { slice } from './movement.js'
import { pad } from './padding.js'
import { materialize, viewOf, wordsOf } from './strided.js'
import { type Tensor, withShape } from './tensor.js'

export type ChannelOrder = 'block-first' | 'channel-first'

/** The operand read as `dimensions`, transposed, and read as `shape`. */
function regroup<T extends Tensor>(value: T, dimensions: readonly number[], permutation: readonly number[], shape: readonly number[]): T {
  return withShape(materialize(value, viewOf(wordsOf(value), dimensions).transpose(...permutation)), shape)
}

function lastThree(shape: readonly number[]): { lead: number[]; batch: number; channels: number; height: number; width: number } {
  const lead = shape.slice(0, -3)
  const [channels, height, width] = shape.slice(-3) as [number, number, number]
  return { lead, batch: lead.reduce((a, b) => a * b, 1), channels, height, width }
}

/** [..., C, H, W] to [..., C / b^2, H b, W b]; b^2 divides C. */
export function depthToSpace<T extends Tensor>(value: T, block: number, order: ChannelOrder): T {
  const { lead, batch, channels, height, width } = lastThree(value.shape)
  const depth = channels / (block * block)
  const shape = [...lead, depth, height * block, width * block]
  return order === 'block-first'
    ? regroup(value, [batch, block, block, depth, height, width], [0, 3, 4, 1, 5, 2], shape)
    : regroup(value, [batch, depth, block, block, height, width], [0, 1, 4, 2, 5, 3], shape)
}

/** [..., C, H, W] to [..., C b^2, H / b, W / b]; b divides H and W. The inverse of depthToSpace. */
export function spaceToDepth<T extends Tensor>(value: T, block: number, order: ChannelOrder): T {
  const { lead, batch, channels, height, width } = lastThree(value.shape)
  const dimensions = [batch, channels, height / block, block, width / block, block]
  const shape = [...lead, channels * block * block, height / block, width / block]
  return regroup(value, dimensions, order === 'block-first' ? [0, 3, 5, 1, 2, 4] : [0, 1, 3, 5, 2, 4], shape)
}

/** [N, C, H, W], padded with zeros, to [N bh bw, C, H' / bh, W' / bw], the position inside a block before the sample. */
export function spaceToBatch<T extends Tensor>(value: T, [bh, bw]: readonly [number, number], paddings: readonly number[]): T {
  const padded = pad(value, [0, 0, 0, 0, ...paddings], 'constant', 0)
  const [batch, channels, height, width] = padded.shape as [number, number, number, number]
  const dimensions = [batch, channels, height / bh, bh, width / bw, bw]
  return regroup(padded, dimensions, [3, 5, 0, 1, 2, 4], [batch * bh * bw, channels, height / bh, width / bw])
}

/** [N, C, H, W] to [N / (bh bw), C, H bh, W bw] without its `crops` (top, bottom, left, right). The inverse of spaceToBatch. */
export function batchToSpace<T extends Tensor>(value: T, [bh, bw]: readonly [number, number], crops: readonly number[]): T {
  const [batch, channels, height, width] = value.shape as [number, number, number, number]
  const samples = batch / (bh * bw)
  const whole = regroup(value, [bh, bw, samples, channels, height, width], [2, 3, 4, 0, 5, 1], [samples, channels, height * bh, width * bw])
  const [top, bottom, left, right] = crops as readonly [number, number, number, number]
  return slice(whole, [0, 0, top, left], [samples, channels, height * bh - top - bottom, width * bw - left - right])
}
