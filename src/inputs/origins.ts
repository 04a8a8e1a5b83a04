/** Who says how the pixels of an input become numbers: the user, the file that takes the array, or an image input. */
import { ParityError } from '../graph/errors.js'
import type { ImagePreprocessing, InputFeature } from '../graph/model.js'
import type { FedModel, PixelRule } from './convert.js'
import { preprocessingOf } from './infer.js'
import type { Layout } from './patterns.js'
import { channelsOf } from './preprocessing.js'
import type { Slot } from './slots.js'

/** The preprocessing of arrays that stand for pictures: value = pixel * scale + bias. */
export interface PreprocessingOptions {
  /** @default 1 where a bias is given */
  scale?: number | undefined
  /** One number, or one for each channel in the order of `order`. @default 0 where a scale is given */
  bias?: number[] | undefined
  /** @default that of the image input, else RGB */
  order?: 'RGB' | 'BGR' | undefined
  /** Matters only where a shape could be read both ways. @default what the shape says, else what the format has */
  layout?: Layout | undefined
}

export type Side = 'source' | 'target'

/** `default`: nobody says it. */
export type Origin = 'given' | 'metadata' | 'image' | 'default'

/** The rule of one side of a slot, and where each part of it comes from. */
export interface Entry {
  rule: PixelRule
  origins: { scale: Origin; bias: Origin; order: Origin }
  /** Bytes are pixels already: the order is all that the rule says of them. */
  bytes: boolean
  /** The image input that stood in for what nobody else says. */
  image: { input: InputFeature; side: Side } | null
}

export interface EntryOptions {
  source: FedModel
  target: FedModel | null
  preprocessing?: PreprocessingOptions | undefined
}

/** @throws ParityError USAGE_PREPROCESSING for flags that are no preprocessing */
export function checkOptions(options: PreprocessingOptions | undefined): void {
  const { scale = 1, bias = [0] } = options ?? {}
  if (Number.isFinite(scale) && scale !== 0 && (bias.length === 1 || bias.length === 3) && bias.every(Number.isFinite)) return
  throw new ParityError('USAGE_PREPROCESSING', {
    what: `a preprocessing of scale ${scale} and bias ${bias.join(', ')} is none`,
    remedy: 'Give a scale other than 0, and one bias or three',
  })
}

/** What is given goes before what the file of the array declares, and that before an image input. Null where nobody says anything. */
export function entryOf(slot: Slot, side: Side, { source, target, preprocessing = {} }: EntryOptions): Entry | null {
  // a picture on both sides: each has its own
  const bothPictures = slot.source?.image && slot.target?.image
  const imageSide = bothPictures ? side : slot.target?.image ? 'target' : 'source'
  const input = slot[imageSide]
  const image = input?.image
  const { layout = null } = preprocessing
  const given = bothPictures ? {} : preprocessing
  const bytes = slot[side]?.dtype === 'uint8' && !slot[side]?.image
  const isGiven = given.scale !== undefined || given.bias !== undefined
  const declared = bothPictures || isGiven ? undefined : (slot.source?.normalization ?? slot.target?.normalization)
  if (declared) {
    const { scale, bias, order = 'RGB' } = declared
    return {
      rule: { preprocessing: { scale, bias }, order: given.order ?? order, layout },
      origins: { scale: 'metadata', bias: 'metadata', order: given.order ? 'given' : declared.order ? 'metadata' : 'default' },
      bytes,
      image: null,
    }
  }
  if (!image && !isGiven && !bytes) return null
  const order = given.order ?? (image?.color === 'BGR' ? 'BGR' : 'RGB')
  const orderOrigin = given.order ? 'given' : image ? 'image' : 'default'
  const asked = input && image ? { input, side: imageSide } : null
  if (isGiven || !asked) {
    const originOf = (value: unknown): Origin => (value === undefined ? 'default' : 'given')
    return {
      rule: { preprocessing: complete(given, image ? channelsOf(image.color) : 3), order, layout },
      origins: { scale: originOf(given.scale), bias: originOf(given.bias), order: orderOrigin },
      bytes,
      image: asked,
    }
  }
  const model = (imageSide === 'source' ? source : target)!
  const other = imageSide === 'target' && slot.source ? { model: source, input: slot.source } : undefined
  return {
    rule: { preprocessing: preprocessingOf(model, asked.input, other), order, layout },
    origins: { scale: 'image', bias: 'image', order: orderOrigin },
    bytes,
    image: asked,
  }
}

function complete({ scale = 1, bias = [0] }: PreprocessingOptions, channels: number): ImagePreprocessing {
  if (bias.length > channels) {
    throw new ParityError('USAGE_PREPROCESSING', { what: `${bias.length} biases are given for a gray picture`, remedy: 'Give one bias' })
  }
  return { scale, bias }
}
