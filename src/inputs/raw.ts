/** Samples that are nothing but their elements: exactly the bytes of one input, in its dtype, little endian, in C order. */
import { sizeOf, type Tensor, tensor } from '../../kernels/tensor.js'
import { ParityError } from '../graph/errors.js'
import type { InputFeature } from '../graph/model.js'
import { byteLengthOf, decodeElements } from './npy.js'
import { channelsOf } from './preprocessing.js'
import { spellInput } from './text.js'

/** What raw bytes for an input hold: its own elements, or the pixels of a picture of its size. Null where its size is open or it takes words. */
export function rawLayout(input: InputFeature): { dtype: Exclude<Tensor['dtype'], 'string'>; shape: number[]; bytes: number } | null {
  const { dtype, image } = input
  if (dtype === 'string') return null
  if (image) {
    const channels = channelsOf(image.color)
    const shape = channels === 1 ? [image.height, image.width] : [image.height, image.width, channels]
    return { dtype, shape, bytes: byteLengthOf(dtype, sizeOf(shape)) }
  }
  // an open first dimension is the batch
  const shape = input.shape.map((dimension, axis) => (axis === 0 ? (dimension ?? 1) : dimension))
  if (shape.some((dimension) => dimension === null)) return null
  return { dtype, shape: shape as number[], bytes: byteLengthOf(dtype, sizeOf(shape as number[])) }
}

/** @throws ParityError INPUT_SHAPE where the number of bytes is not the input's, INPUT_RAW where the input has none. */
export function decodeRaw(bytes: Uint8Array, input: InputFeature, where: string): Tensor {
  const layout = rawLayout(input)
  if (!layout) {
    throw new ParityError('INPUT_RAW', {
      what: `raw bytes cannot be given to the input ${spellInput(input)}, whose size they do not say`,
      where,
      remedy: 'Give a .npy file',
    })
  }
  if (bytes.length !== layout.bytes) {
    throw new ParityError('INPUT_SHAPE', {
      what: `the file has ${bytes.length} bytes, the input ${spellInput(input)} takes ${layout.bytes}`,
      where,
      remedy: `Give ${layout.dtype} elements of [${layout.shape.join(', ')}], little endian, or a .npy file`,
    })
  }
  return tensor(layout.dtype, layout.shape, decodeElements(layout.dtype, bytes, sizeOf(layout.shape)) as never) as Tensor
}
