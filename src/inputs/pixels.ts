/**
 * Pixels: a picture is a tensor of 8-bit ones, uint8 [height, width, 3] in RGB or [height, width]. Here they are brought to the colour and
 * size that an input takes, and to the numbers that a network takes: value = (pixel - mean) * scale + bias, in float32, one rounding a step.
 *
 * Values are [1, C, H, W] in the channel order of the image description, and scale, bias and mean are those of its channels in that order
 * (FeatureTypes.proto ImageFeatureType, NeuralNetwork.proto NeuralNetworkPreprocessing).
 */
import { type FloatTensor, sizeOf, type Tensor, tensor } from '../../kernels/tensor.js'
import { ParityError } from '../graph/errors.js'
import type { ColorLayout, ImageFeature, ImagePreprocessing } from '../graph/model.js'

export type Picture = Tensor<'uint8'>

/** Pixels of the largest picture that is read, or made to fit an input. */
export const LARGEST_PICTURE = 100e6
/** Pixels of the longest side that a picture is resized to: more than formats of pictures commonly hold. */
export const LONGEST_SIDE = 65536

/** ITU-R 601 luma, 0.299 R + 0.587 G + 0.114 B, in 16-bit fixed point and rounded. */
const luma = (red: number, green: number, blue: number): number => (red * 19595 + green * 38470 + blue * 7471 + 0x8000) >> 16

/** The picture in one channel or in three: colours become luma, gray is repeated. */
export function withChannels(picture: Picture, channels: number): Picture {
  const [height = 0, width = 0, given = 1] = picture.shape
  if (given === channels) return picture
  const { data } = picture
  const out = new Uint8Array(height * width * channels)
  if (channels === 1) for (let i = 0; i < out.length; i++) out[i] = luma(data[3 * i]!, data[3 * i + 1]!, data[3 * i + 2]!)
  else for (let i = 0; i < out.length; i++) out[i] = data[Math.floor(i / 3)]!
  return tensor('uint8', channels === 1 ? [height, width] : [height, width, channels], out)
}

interface Tap {
  below: number
  above: number
  weight: number
}

/** For each position of the new axis the two old ones around it: half pixel centres, edges repeated. */
function tapsOf(from: number, to: number): Tap[] {
  return Array.from({ length: to }, (_, i) => {
    const position = Math.min(Math.max(((i + 0.5) * from) / to - 0.5, 0), from - 1)
    const below = Math.floor(position)
    return { below, above: Math.min(below + 1, from - 1), weight: position - below }
  })
}

/** Bilinear with half pixel centres, no smoothing before shrinking; halves are rounded to even. */
export function resizePicture(picture: Picture, height: number, width: number): Picture {
  const [fromHeight = 0, fromWidth = 0, channels = 1] = picture.shape
  if (fromHeight === height && fromWidth === width) return picture
  const rows = tapsOf(fromHeight, height)
  const columns = tapsOf(fromWidth, width)
  const { data } = picture
  const out = new Uint8ClampedArray(height * width * channels)
  let at = 0
  for (const row of rows) {
    for (const column of columns) {
      for (let channel = 0; channel < channels; channel++) {
        const pixel = (y: number, x: number) => data[(y * fromWidth + x) * channels + channel]!
        const top = pixel(row.below, column.below) * (1 - column.weight) + pixel(row.below, column.above) * column.weight
        const bottom = pixel(row.above, column.below) * (1 - column.weight) + pixel(row.above, column.above) * column.weight
        out[at++] = top * (1 - row.weight) + bottom * row.weight
      }
    }
  }
  return tensor('uint8', [height, width, ...picture.shape.slice(2)], new Uint8Array(out.buffer))
}

const IDENTITY: ImagePreprocessing = { scale: 1, bias: [0] }

/** What of an image's description decides how its pixels become numbers. */
export type PixelFormat = Pick<ImageFeature, 'color' | 'preprocessing'>

/** The channel of an RGB pixel that each channel of the tensor shows. */
const CHANNELS: Record<ColorLayout, readonly number[]> = { RGB: [0, 1, 2], BGR: [2, 1, 0], GRAY: [0], GRAY_FLOAT16: [0] }

/** 1 or 3. */
export const channelsOf = (color: ColorLayout): number => CHANNELS[color].length

/**
 * Pixels as the network's float32 [1, C, H, W]. `pixels`: [height, width, 3] in RGB, or [height, width] where the colour is gray;
 * uint8, or float16 for GRAY_FLOAT16.
 * @throws ParityError INPUT_IMAGE where the shape is neither or the mean image has another size.
 */
export function imageToTensor(pixels: Tensor, { color, preprocessing = IDENTITY }: PixelFormat): Tensor<'float32'> {
  const order = CHANNELS[color]
  const channels = order.length
  const [height = 0, width = 0] = pixels.shape
  if (pixels.shape.length !== (channels === 1 ? 2 : 3) || (channels === 3 && pixels.shape[2] !== 3) || typeof pixels.data[0] === 'bigint') {
    throw new ParityError('INPUT_IMAGE', {
      what: `pixels are ${pixels.dtype} [${pixels.shape.join(', ')}], expected ${channels === 1 ? '[height, width]' : '[height, width, 3]'}`,
    })
  }
  const area = height * width
  const mean = preprocessing.mean?.data
  if (mean && mean.length !== channels * area) {
    throw new ParityError('INPUT_IMAGE', {
      what: `the model's mean image has ${mean.length} elements, a picture of ${width} x ${height} has ${channels * area}`,
      remedy: 'Give a picture of the size of the mean image',
    })
  }
  const data = pixels.data as ArrayLike<number>
  const out = new Float32Array(channels * area)
  const scale = Math.fround(preprocessing.scale)
  order.forEach((from, channel) => {
    const bias = Math.fround(preprocessing.bias[channel] ?? preprocessing.bias[0] ?? 0)
    const base = channel * area
    for (let i = 0; i < area; i++) {
      const pixel = data[i * channels + from]!
      const centred = mean ? Math.fround(pixel - mean[base + i]!) : pixel
      out[base + i] = Math.fround(centred * scale) + bias
    }
  })
  return tensor('float32', [1, channels, height, width], out)
}

/**
 * A network's [..., C, H, W] as pixels: clipped to 0..255 and rounded half to even, uint8 [H, W, 3] in RGB or [H, W]; NaN gives 0.
 * GRAY_FLOAT16 keeps its values, as float16 [H, W]. No preprocessing is undone.
 * @throws ParityError MODEL_IMAGE where the shape is not that of one picture in this colour.
 */
export function tensorToImage(value: FloatTensor, { color }: Pick<ImageFeature, 'color'>): Tensor<'uint8'> | Tensor<'float16'> {
  const order = CHANNELS[color]
  const channels = order.length
  const [height = 0, width = 0] = value.shape.slice(-2)
  if (value.shape.length < 2 || sizeOf(value.shape) !== channels * height * width) {
    throw new ParityError('MODEL_IMAGE', {
      what: `a value of shape [${value.shape.join(', ')}] is no ${color} picture, which needs [1, ${channels}, height, width]`,
    })
  }
  const area = height * width
  if (color === 'GRAY_FLOAT16') return tensor('float16', [height, width], Float32Array.from(value.data))
  // its elements clip, and round half to even (ECMA-262 ToUint8Clamp)
  const pixels = new Uint8ClampedArray(channels * area)
  order.forEach((to, channel) => {
    for (let i = 0; i < area; i++) pixels[i * channels + to] = value.data[channel * area + i]!
  })
  return tensor('uint8', channels === 1 ? [height, width] : [height, width, 3], new Uint8Array(pixels.buffer))
}

/** Pixels that an array was turned back into. */
export interface Recovered {
  pixels: Tensor<'uint8'> | Tensor<'float16'>
  /** Largest distance of a recovered pixel from an integer in 0..255, in levels. */
  distance: number
}

/**
 * The pixels that `values` ([1, C, H, W], channel order of the description) came from: (value - bias) / scale + mean, as `tensorToImage` rounds.
 * @throws ParityError MODEL_IMAGE for a scale of 0.
 */
export function tensorToPixels(values: FloatTensor, { color, preprocessing = IDENTITY }: PixelFormat): Recovered {
  const { scale, mean } = preprocessing
  if (scale === 0)
    throw new ParityError('MODEL_IMAGE', {
      what: 'the scale of the image input is 0: no array can be turned back into its pixels',
      remedy: 'Give pictures',
    })
  const area = sizeOf(values.shape.slice(-2))
  const channels = channelsOf(color)
  const out = new Float64Array(channels * area)
  let distance = 0
  for (let i = 0; i < out.length; i++) {
    const bias = preprocessing.bias[Math.floor(i / area)] ?? preprocessing.bias[0] ?? 0
    const pixel = (values.data[i]! - bias) / scale + (mean?.data[i] ?? 0)
    out[i] = pixel
    const off = Math.abs(pixel - Math.min(255, Math.max(0, Math.round(pixel))))
    distance = Math.max(distance, Number.isNaN(off) ? Infinity : off)
  }
  return { pixels: tensorToImage(tensor('float64', values.shape, out), { color }), distance }
}
