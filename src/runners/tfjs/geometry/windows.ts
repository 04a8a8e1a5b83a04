/** Places of a window that moves over a tensor. TensorFlow and TFLite pad alike: SAME puts the odd element behind. */
import { misshapen } from '../refusals.js'

export type Size3 = readonly [depth: number, height: number, width: number]
/** [N, H, W, C] */
export type Size4 = readonly [batch: number, height: number, width: number, channels: number]

export const PADDINGS = ['SAME', 'VALID'] as const
export type Padding = (typeof PADDINGS)[number]

/** The window along one dimension. */
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

/** A window of one element over a dimension of one. */
export const ONCE: Sliding = { size: 1, dilation: 1, stride: 1, before: 0, after: 0, count: 1 }

/**
 * The window over a dimension of `input` elements.
 * @throws ParityError MODEL_SHAPE where size, stride or dilation is less than 1
 */
export function slidingOf(padding: Padding, input: number, size: number, stride: number, dilation = 1): Sliding {
  const extent = (size - 1) * dilation + 1
  if (!(stride >= 1 && dilation >= 1 && size >= 1)) throw misshapen(`a window of ${size}, stride ${stride} and dilation ${dilation}`)
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

export interface Window2d {
  rows: Sliding
  columns: Sliding
}

/** The window along depth, height and width. */
export type Windows3d = readonly [Sliding, Sliding, Sliding]

/** A convolution [N, H, W, C] with filters of `depth` channels, in groups where that is a part of the input's. */
export interface Convolution2d extends Window2d {
  groups: number
  /** Of the result. */
  shape: Size4
}

/** @throws ParityError MODEL_SHAPE where channels, groups and filters do not fit */
export function convolution2d([batch, , , channels]: Size4, filters: number, depth: number, window: Window2d): Convolution2d {
  const groups = channels / depth
  if (!Number.isInteger(groups) || filters % groups !== 0) throw misshapen('channels do not fit')
  return { ...window, groups, shape: [batch, window.rows.count, window.columns.count, filters] }
}

/** A convolution of each channel with filters of its own, as many as `filters` is a multiple of the channels. */
export function depthwise2d([batch, , , channels]: Size4, filters: number, window: Window2d): Convolution2d {
  if (filters % channels !== 0) throw misshapen('channels do not fit')
  return { ...window, groups: channels, shape: [batch, window.rows.count, window.columns.count, filters] }
}

/**
 * Checks a transposed convolution of `input` [N, ..., C] to `shape` [N, ..., filters]; its window is that of the convolution which it undoes.
 * @throws ParityError MODEL_SHAPE where rank, batch, channels or filters differ
 */
export function checkTransposed(
  shape: readonly number[],
  input: readonly number[],
  filter: { filters: number | undefined; channels: number | undefined },
): void {
  const last = input.length - 1
  const fits = shape.length === input.length && input[last] === filter.channels && shape[last] === filter.filters && shape[0] === input[0]
  if (!fits) throw misshapen(`shapes do not fit for a result [${shape}]`)
}
