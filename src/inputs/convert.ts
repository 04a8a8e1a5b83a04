/**
 * A sample's array or picture as the tensor that an input takes, in its dtype, size and layout. What would lose a value, other than by
 * rounding a float, is refused.
 */
import { roundToHalfInPlace } from '../../kernels/float16.js'
import { transpose } from '../../kernels/movement.js'
import { allocate, type DType, isFloat, sizeOf, type Tensor } from '../../kernels/tensor.js'
import { ParityError } from '../graph/errors.js'
import type { ColorLayout, ImageFeature, ImagePreprocessing, InputFeature, Model } from '../graph/model.js'
import { dequantize, isCode, quantize } from '../graph/quantization.js'
import { spellArray, spellInput, spellShape } from '../graph/shapes.js'
import type { Notes } from './notes.js'
import {
  channelsOf,
  imageToTensor,
  LARGEST_PICTURE,
  LONGEST_SIDE,
  type Picture,
  resizePicture,
  tensorToPixels,
  withChannels,
} from './pixels.js'
import {
  acceptsFlexibly,
  arrange,
  closePattern,
  fitShape,
  layoutOf,
  type PictureLayout,
  patternsWith,
  pictureShape,
  squeezeInto,
  takesSize,
} from './shapes.js'

/** A model as far as feeding it goes; `inputs` and `graph` may be those of one of its functions. */
export type FedModel = Pick<Model, 'path' | 'format' | 'graph' | 'inputs'>

export type Loaded = { kind: 'picture'; picture: Picture } | { kind: 'array'; array: Tensor }

/** An array of bytes that shows a picture, as one: [height, width, 3] or [height, width]. Null where its shape is no picture's. */
export function pictureFrom(array: Tensor<'uint8'>): Picture | null {
  const shown = pictureShape(array.shape, 'NHWC')
  if (!shown) return null
  const { layout, channels } = shown
  const [height, width] = [shown.height!, shown.width!]
  const pixels = layout === 'NHWC' ? array : transpose({ ...array, shape: [channels, height, width] }, [1, 2, 0])
  return { ...pixels, shape: channels === 1 ? [height, width] : [height, width, channels] }
}

/** How the array side of a slot shows its pixels. */
export interface PixelRule {
  preprocessing: ImagePreprocessing
  order: 'RGB' | 'BGR'
  /** null: as the shape says, else as the format has it. */
  layout: PictureLayout | null
}

/** Everything that decides how an input is fed. */
export interface Destination {
  input: InputFeature
  model: FedModel
  /** The input on the other side that gets the same sample. */
  partner: InputFeature | undefined
  /** null where nothing says how pixels become numbers. */
  rule: PixelRule | null
  /** Called when the rule is used. */
  onRule(): void
  notes: Notes
  where: string
}

/** @throws ParityError INPUT_SHAPE, INPUT_DTYPE, INPUT_IMAGE, INPUT_PREPROCESSING */
export function feedFrom(loaded: Loaded, destination: Destination): Tensor {
  const { image } = destination.input
  if (loaded.kind === 'picture')
    return image ? pictureToImage(loaded.picture, image, destination) : pictureToArray(loaded.picture, destination)
  return image ? arrayToImage(loaded.array, image, destination) : arrayToArray(loaded.array, destination)
}

type Size = readonly [height: number, width: number]

const sizeText = ([height, width]: Size): string => `${width} x ${height}`

/** The size that an input insists on; null where it leaves one open. */
function fixedSize({ image, shape }: InputFeature, preferred: PictureLayout): Size | null {
  if (image) return image.flexibility ? null : [image.height, image.width]
  const shown = pictureShape(shape, preferred)
  return shown?.height && shown.width ? [shown.height, shown.width] : null
}

/** One size for both sides where they allow it: what the input insists on, else the other side, else the picture's own. */
function sizeFor(picture: Picture, { input, partner, model, rule }: Destination): Size {
  const layout = rule?.layout ?? layoutOf(model.format)
  const own = fixedSize(input, layout)
  if (own) return own
  const images = [input.image, partner?.image].filter((image) => image !== undefined)
  const given: Size = [picture.shape[0]!, picture.shape[1]!]
  const wanted = [partner && fixedSize(partner, layout), given, ...images.map((image): Size => [image.height, image.width])]
  return wanted.find((size): size is Size => !!size && images.every((image) => takesSize(image, size))) ?? given
}

function fitPicture(picture: Picture, channels: number, destination: Destination): Picture {
  const { notes, where, input } = destination
  const [fromHeight = 0, fromWidth = 0, given = 1] = picture.shape
  const [height, width] = sizeFor(picture, destination)
  if (height * width > LARGEST_PICTURE || Math.max(height, width) > LONGEST_SIDE) {
    throw new ParityError('INPUT_SHAPE', {
      what: `the input ${spellInput(input)} takes a picture of ${width} x ${height}; pictures are made to fit up to ${LARGEST_PICTURE} pixels, ${LONGEST_SIDE} a side`,
      where,
      remedy: 'Check that the model is what it should be',
    })
  }
  if (given !== channels) {
    notes.add(`for '${input.name}' ${channels === 1 ? 'colours become gray by ITU-R 601' : 'gray is repeated in three channels'}`, where)
  }
  if (fromHeight !== height || fromWidth !== width) {
    const change = `from ${sizeText([fromHeight, fromWidth])} to ${sizeText([height, width])}`
    notes.add(`for '${input.name}' pictures are resized ${change} (bilinear, half pixel centres)`, where)
  }
  return resizePicture(withChannels(picture, channels), height, width)
}

function pictureToImage(picture: Picture, { color }: ImageFeature, destination: Destination): Tensor {
  const fitted = fitPicture(picture, channelsOf(color), destination)
  return castTensor(fitted, color === 'GRAY_FLOAT16' ? 'float16' : 'uint8', destination.where)
}

/** Bytes are what a uint8 input takes; anything else needs to know what a pixel means. */
const BYTES: PixelRule = { preprocessing: { scale: 1, bias: [0] }, order: 'RGB', layout: null }

function pictureToArray(picture: Picture, destination: Destination): Tensor {
  const { input, model, partner, where } = destination
  const rule = ruleFor(destination)
  const declared = closePattern(
    input.shape,
    partner?.image ? [partner.image.height, partner.image.width, channelsOf(partner.image.color)] : (partner?.shape ?? []),
  )
  const shown = pictureShape(declared, rule.layout ?? layoutOf(model.format))
  if (!shown) {
    throw new ParityError('INPUT_SHAPE', { what: `the input ${spellInput(input)} takes no picture`, where, remedy: 'Give it an array' })
  }
  const { channels, layout } = shown
  if (channels === 3 && rule.layout && rule.layout !== layout) {
    throw new ParityError('USAGE_PREPROCESSING', {
      what: `the layout ${rule.layout} is given, and the input ${spellInput(input)} has its channels elsewhere`,
      remedy: 'Leave --layout out: the shape says it',
    })
  }
  const pixels = fitPicture(picture, channels, destination)
  const values = imageToTensor(pixels, { color: channels === 1 ? 'GRAY' : rule.order, preprocessing: rule.preprocessing })
  const ordered = layout === 'NHWC' ? transpose(values, [0, 2, 3, 1]) : values
  const shape = squeezeInto(ordered.shape, input.shape) ?? ordered.shape
  return quantizeFor(destination, { ...ordered, shape })
}

function ruleFor({ input, rule, onRule, notes, where }: Destination): PixelRule {
  if (input.dtype === 'uint8') {
    if (rule) onRule()
    return rule ? { ...BYTES, order: rule.order, layout: rule.layout } : BYTES
  }
  if (!rule) {
    throw new ParityError('INPUT_PREPROCESSING', {
      what: `nothing says how the pixels of a picture become the input ${spellInput(input)}`,
      where,
      remedy: 'Say it with --scale and --bias (value = pixel * scale + bias), or give the input an array',
    })
  }
  onRule()
  if (rule.preprocessing.mean) notes.add(`for '${input.name}' the mean image is subtracted from the pixels before scale and bias`)
  return rule
}

/** Real values as a quantized integer input holds them: round(value / scale) + zero point. */
function quantizeFor({ input, where }: Destination, values: Tensor<'float32'>): Tensor {
  const { dtype, quantization } = input
  return dtype !== 'uint8' && quantization && isCode(dtype) ? quantize(values, quantization, dtype) : castTensor(values, dtype, where)
}

/**
 * An array for both sides, one of which takes codes: floats become codes for it, and its codes the real numbers that they stand for where
 * the other takes floats.
 */
function inUnitsOf({ dtype, quantization }: InputFeature, partner: InputFeature | undefined, array: Tensor): Tensor {
  if (quantization && isCode(dtype) && isFloat(array.dtype)) return quantize(array, quantization, dtype)
  const ofPartner = partner?.quantization
  return ofPartner && isFloat(dtype) && array.dtype === partner.dtype ? dequantize(array, ofPartner) : array
}

function arrayToArray(given: Tensor, { input, partner, notes, where }: Destination): Tensor {
  const array = inUnitsOf(input, partner, given)
  for (const pattern of patternsWith(input, partner)) {
    const fit = fitShape(array.shape, pattern)
    if (!fit || !takesShape(input, fit.shape)) continue
    if (fit.permutation)
      notes.add(
        `'${input.name}' is fed with the axes of ${spellShape(array.shape)} in the order ${fit.permutation.join(', ')}, as ${spellShape(fit.shape)}`,
        where,
      )
    return castTensor(arrange(array, fit), input.dtype, where)
  }
  throw new ParityError('INPUT_SHAPE', {
    what: `the input ${spellInput(input)} cannot be fed with ${spellArray(array.dtype, array.shape)}`,
    where,
    remedy: 'Bring the sample to the shape of the input',
  })
}

const takesShape = ({ shape, flexibility }: InputFeature, given: readonly number[]): boolean =>
  acceptsFlexibly(flexibility, given) ||
  (given.length === shape.length && given.every((dimension, axis) => shape[axis] === null || shape[axis] === dimension))

/** Beyond what rounding to float32 leaves of a pixel; float16 leaves more. */
const WHOLE = { float16: 0.25, other: 0.02 }

function arrayToImage(array: Tensor, image: ImageFeature, destination: Destination): Tensor {
  const { input, model, rule, onRule, notes, where } = destination
  const { values, height, width } = channelsFirst(array, image, rule?.layout ?? layoutOf(model.format), destination)
  if (!takesSize(image, [height, width])) {
    throw new ParityError('INPUT_SHAPE', {
      what: `the input ${spellInput(input)} cannot be fed with an array that shows ${sizeText([height, width])}`,
      where,
      remedy: 'Bring the sample to the size of the picture',
    })
  }
  onRule()
  const color: ColorLayout = channelsOf(image.color) === 1 ? image.color : (rule?.order ?? (image.color as 'RGB' | 'BGR'))
  const floats = isFloat(values.dtype) ? (values as Tensor<'float32'>) : (castTensor(values, 'float32', where) as Tensor<'float32'>)
  const { pixels, distance } = tensorToPixels(floats, { color, ...(rule && { preprocessing: rule.preprocessing }) })
  if (image.color !== 'GRAY_FLOAT16' && distance > (array.dtype === 'float16' ? WHOLE.float16 : WHOLE.other)) {
    notes.add(
      `arrays for the picture '${input.name}' are not whole pixels from 0 to 255 under its preprocessing; they are rounded and clipped`,
      where,
    )
  }
  return pixels
}

function channelsFirst(
  array: Tensor,
  image: ImageFeature,
  preferred: PictureLayout,
  { input, where }: Destination,
): { values: Tensor; height: number; width: number } {
  const channels = channelsOf(image.color)
  const shown = pictureShape(array.shape, preferred)
  if (shown?.channels !== channels) {
    throw new ParityError('INPUT_SHAPE', {
      what: `the input ${spellInput(input)} cannot be fed with ${spellArray(array.dtype, array.shape)}`,
      where,
      remedy: `Give a picture, or an array of ${channels} channel${channels === 1 ? '' : 's'}`,
    })
  }
  const height = shown.height!
  const width = shown.width!
  if (shown.layout === 'NCHW') return { values: { ...array, shape: [1, channels, height, width] }, height, width }
  return { values: transpose({ ...array, shape: [1, height, width, channels] }, [0, 3, 1, 2]), height, width }
}

/** What an array is about, where inputs are told apart: numbers, whole numbers, truth values, words. */
export type DTypeClass = 'float' | 'integer' | 'bool' | 'string' | 'complex'

export function classOf(dtype: DType): DTypeClass {
  if (isFloat(dtype)) return 'float'
  if (dtype === 'bool' || dtype === 'string') return dtype
  return dtype === 'complex64' ? 'complex' : 'integer'
}

const bits = (count: number, signed: boolean): readonly [bigint, bigint] =>
  signed ? [-(1n << BigInt(count - 1)), (1n << BigInt(count - 1)) - 1n] : [0n, (1n << BigInt(count)) - 1n]

const RANGES: Partial<Record<DType, readonly [bigint, bigint]>> = {
  ...Object.fromEntries([4, 8, 16, 32, 64].map((count) => [`int${count}`, bits(count, true)])),
  ...Object.fromEntries([1, 2, 3, 4, 6, 8, 16, 32, 64].map((count) => [`uint${count}`, bits(count, false)])),
  bool: [0n, 1n],
}

/** Whether arrays of one dtype can be fed to an input of another, their values permitting. */
export function isCastable(from: DType, to: DType): boolean {
  const [a, b] = [classOf(from), classOf(to)]
  return a === b || (a !== 'string' && b !== 'string' && a !== 'complex' && b !== 'complex')
}

/**
 * The same numbers as `dtype`: floats are rounded to nearest, integers and bools must be representable.
 * @throws ParityError INPUT_DTYPE for words and numbers taken for each other, fractions and NaN for an integer, integers out of range.
 */
export function castTensor(value: Tensor, dtype: DType, where: string): Tensor {
  if (value.dtype === dtype) return value
  if (!isCastable(value.dtype, dtype)) throw refusal(`holds ${value.dtype}, the input takes ${dtype}`, where)
  const data = value.data as ArrayLike<number | bigint>
  const out = allocate(dtype, sizeOf(value.shape)) as { [index: number]: number | bigint; length: number }
  const range = RANGES[dtype]
  if (!range) {
    for (let i = 0; i < out.length; i++) out[i] = Number(data[i])
    if (dtype === 'float16') roundToHalfInPlace(out as Float32Array)
  } else {
    const [least, most] = range
    const wide = dtype === 'int64' || dtype === 'uint64'
    for (let i = 0; i < out.length; i++) {
      const number = data[i]!
      if (typeof number === 'number' && !Number.isInteger(number))
        throw refusal(`holds ${number} at element ${i}, the input takes whole numbers (${dtype})`, where)
      if (number < least || number > most) throw refusal(`holds ${number} at element ${i}, beyond ${dtype}'s ${least} to ${most}`, where)
      out[i] = wide ? BigInt(number) : Number(number)
    }
  }
  return { dtype, shape: value.shape, data: out } as unknown as Tensor
}

const refusal = (what: string, where: string): ParityError =>
  new ParityError('INPUT_DTYPE', { what: `the array ${what}`, where, remedy: 'Save the sample in the dtype of the input' })
