/**
 * The shapes that arrays for an input may have, as patterns whose open dimensions are null, and how an array of one shape can be the array
 * that an input takes: as it is, with dimensions of 1 added or dropped, or with the channel axis moved between last and first. No other
 * order of axes is guessed.
 */
import { transpose } from '../../kernels/movement.js'
import type { Tensor } from '../../kernels/tensor.js'
import type { Dimension } from '../graph/graph.js'
import type { Flexibility, Format, ImageFeature, InputFeature } from '../graph/model.js'
import { channelsOf } from './pixels.js'

/** From the strictest to the loosest. */
export const LEVELS = ['exact', 'squeeze', 'layout'] as const
export type Level = (typeof LEVELS)[number]

export interface Fit {
  level: Level
  /** Axis of the given array for each axis of the permuted one; null where the order stays. */
  permutation: number[] | null
  /** Shape that the input is fed with. */
  shape: number[]
}

/** Ways to move the channel axis of an array of this rank: behind a batch axis, or without one. */
function channelMoves(rank: number): number[][] {
  const axes = Array.from({ length: rank }, (_, axis) => axis)
  return [1, 0]
    .filter((lead) => rank - lead >= 2)
    .flatMap((lead) => {
      const batch = axes.slice(0, lead)
      const rest = axes.slice(lead)
      return [
        [...batch, rest.at(-1)!, ...rest.slice(0, -1)],
        [...batch, ...rest.slice(1), rest[0]!],
      ]
    })
}

/** Whether `shape` is `pattern`, whose open dimensions are null. */
export const matches = (shape: readonly number[], pattern: readonly Dimension[]): boolean =>
  shape.length === pattern.length && shape.every((dimension, axis) => pattern[axis] === null || pattern[axis] === dimension)

/**
 * The shape of `pattern` that holds the dimensions of `shape` in their order, with ones added and dropped; null where there is none.
 * Open dimensions take what they can from the right, else 1: the batch is what is most often missing.
 */
export function squeezeInto(shape: readonly number[], pattern: readonly Dimension[]): number[] | null {
  const sizes = shape.filter((dimension) => dimension !== 1)
  const out: number[] = []
  const place = (size: number, axis: number): boolean => {
    if (axis < 0) return size < 0
    if (size > axis) return false
    const wanted = pattern[axis]!
    const given = sizes[size]
    if (given !== undefined && (pattern[axis] === null || wanted === given)) {
      out[axis] = given
      if (place(size - 1, axis - 1)) return true
    }
    if (pattern[axis] !== null && wanted !== 1) return false
    out[axis] = 1
    return place(size, axis - 1)
  }
  return place(sizes.length - 1, pattern.length - 1) ? out : null
}

/** The strictest way in which an array of `shape` is what `pattern` asks for; null where none is, or where two moves of the channel fit. */
export function fitShape(shape: readonly number[], pattern: readonly Dimension[]): Fit | null {
  if (matches(shape, pattern)) return { level: 'exact', permutation: null, shape: [...shape] }
  const squeezed = squeezeInto(shape, pattern)
  if (squeezed) return { level: 'squeeze', permutation: null, shape: squeezed }
  const fits = channelMoves(shape.length).flatMap((permutation): Fit[] => {
    const moved = permutation.map((axis) => shape[axis]!)
    const fed = matches(moved, pattern) ? moved : squeezeInto(moved, pattern)
    return fed ? [{ level: 'layout', permutation, shape: fed }] : []
  })
  const [first, ...others] = fits
  return first && others.every((other) => sameElements(first, other, shape)) ? first : null
}

/** Two moves give the same elements where they order the axes that are longer than 1 alike. */
function sameElements(a: Fit, b: Fit, shape: readonly number[]): boolean {
  const order = ({ permutation }: Fit) => permutation!.filter((axis) => shape[axis] !== 1).join()
  return order(a) === order(b)
}

/** The array that `fit` describes. */
export function arrange<T extends Tensor>(value: T, fit: Fit): T {
  return { ...(fit.permutation ? transpose(value, fit.permutation) : value), shape: [...fit.shape] }
}

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

export type PictureLayout = 'NHWC' | 'NCHW'

/** Formats whose pictures have their channels first where a shape alone does not say. */
const CHANNELS_FIRST: readonly Format[] = ['onnx', 'mlmodel', 'mlpackage']

export const layoutOf = (format: Format): PictureLayout => (CHANNELS_FIRST.includes(format) ? 'NCHW' : 'NHWC')

/** An array that shows one picture. */
export interface PictureShape {
  layout: PictureLayout
  /** null: open. */
  height: number | null
  width: number | null
  channels: 1 | 3
}

/**
 * How an array of this shape shows a picture: [H, W], [H, W, C] or [C, H, W] of 1 or 3 channels, with a batch of one before it; null
 * where it shows none. `preferred` decides where both ends could be the channels.
 */
export function pictureShape(shape: readonly Dimension[], preferred: PictureLayout): PictureShape | null {
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
