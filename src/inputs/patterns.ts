/** The shapes that arrays for an input may have, as patterns whose open dimensions are null. */
import type { Dimension } from '../graph/graph.js'
import type { Flexibility, Format, ImageFeature, InputFeature } from '../graph/model.js'
import { fitShape } from './layout.js'
import { channelsOf } from './preprocessing.js'

/** Declared shapes of an input, the first preferred; of a picture [height, width, channels]. */
export function inputPatterns({ shape, flexibility, image }: InputFeature): Dimension[][] {
  if (!image) return [...flexiblePatterns(flexibility), [...shape]]
  const channels = channelsOf(image.color)
  return [[image.height, image.width], ...flexiblePatterns(image.flexibility)].map((size) => [...size, channels])
}

function flexiblePatterns(flexibility: Flexibility | undefined): Dimension[][] {
  if (!flexibility) return []
  if (flexibility.kind === 'enumerated') return flexibility.shapes
  return [flexibility.ranges.map(({ min, max }) => (min === max ? min : null))]
}

/** Whether a picture may have this size. */
export function takesSize({ width, height, flexibility }: ImageFeature, size: readonly [number, number]): boolean {
  if (size[0] === height && size[1] === width) return true
  return acceptsFlexibly(flexibility, size)
}

/** Whether a flexible input takes this shape, within its ranges. */
export function acceptsFlexibly(flexibility: Flexibility | undefined, shape: readonly number[]): boolean {
  if (!flexibility) return false
  if (flexibility.kind === 'enumerated')
    return flexibility.shapes.some((one) => one.length === shape.length && one.every((dimension, axis) => dimension === shape[axis]))
  const { ranges } = flexibility
  return ranges.length === shape.length && ranges.every(({ min, max }, axis) => shape[axis]! >= min && shape[axis]! <= (max ?? Infinity))
}

export type Layout = 'NHWC' | 'NCHW'

/** Formats whose pictures have their channels first where a shape alone does not say. */
const CHANNELS_FIRST: readonly Format[] = ['onnx', 'mlmodel', 'mlpackage']

export const layoutOf = (format: Format): Layout => (CHANNELS_FIRST.includes(format) ? 'NCHW' : 'NHWC')

/** An array that shows one picture. */
export interface PictureShape {
  layout: Layout
  /** null: open. */
  height: number | null
  width: number | null
  channels: 1 | 3
}

/**
 * How an array of this shape shows a picture: [H, W], [H, W, C] or [C, H, W] of 1 or 3 channels, with a batch of one before it; null
 * where it shows none. `preferred` decides where both ends could be the channels.
 */
export function pictureShape(shape: readonly Dimension[], preferred: Layout): PictureShape | null {
  const inner = withoutBatch(shape)
  const [first, middle, last] = inner
  if (inner.length === 2 && first !== 1 && middle !== 1) return { layout: preferred, height: first!, width: middle!, channels: 1 }
  if (inner.length !== 3) return null
  const candidates: PictureShape[] = []
  if (isChannels(last)) candidates.push({ layout: 'NHWC', height: first!, width: middle!, channels: last })
  if (isChannels(first)) candidates.push({ layout: 'NCHW', height: middle!, width: last!, channels: first })
  return candidates.find(({ layout }) => layout === preferred) ?? candidates[0] ?? null
}

/** Without a first dimension that can only be a batch of one: before three others, or before two where no end is a channel. */
function withoutBatch(shape: readonly Dimension[]): readonly Dimension[] {
  const isBatch = shape[0] === null || shape[0] === 1
  const leads = shape.length === 4 || (shape.length === 3 && !isChannels(shape[0]) && !isChannels(shape[2]))
  return isBatch && leads ? shape.slice(1) : shape
}

const isChannels = (dimension: Dimension | undefined): dimension is 1 | 3 => dimension === 1 || dimension === 3

/**
 * `pattern` with its open dimensions taken from a shape that fits it: those of the input on the other side, which is fed the same sample.
 * Unchanged where the shape does not fit.
 */
export function closePattern(pattern: readonly Dimension[], shape: readonly Dimension[]): Dimension[] {
  if (!pattern.includes(null) || shape.includes(null)) return [...pattern]
  return fitShape(shape as number[], pattern)?.shape ?? [...pattern]
}

/** The shapes that an input may be given as arrays, where an input of one fixed shape on the other side gets the same sample. */
export function patternsWith(input: InputFeature, partner: InputFeature | undefined): Dimension[][] {
  const patterns = inputPatterns(input)
  const [fixed, ...others] = partner ? inputPatterns(partner) : []
  return fixed && others.length === 0 ? patterns.map((pattern) => closePattern(pattern, fixed)) : patterns
}
