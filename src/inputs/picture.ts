/**
 * A picture is a tensor of 8-bit pixels: uint8 [height, width, 3] in RGB, or [height, width]. Here it is brought to the colour and size
 * that an input takes.
 */
import { type Tensor, tensor } from '../../kernels/tensor.js'

export type Picture = Tensor<'uint8'>

export const ORIENTATION_NOTE = 'the Exif orientation is ignored: pixels are taken as they are stored'

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
