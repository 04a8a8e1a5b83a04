/**
 * JPEG pictures as 8-bit pixels (ITU-T T.81; colour by JFIF and Adobe's APP14; Exif 2.3). Coloured planes of lower resolution are repeated,
 * not smoothed, so values differ by a few levels from decoders that smooth them: both sides of a comparison see the same pixels.
 */
import { decode } from 'jpeg-js'
import { type Tensor, tensor } from '../../../kernels/tensor.js'
import { ParityError } from '../../graph/errors.js'
import { LARGEST_PICTURE } from '../pixels.js'

export const ORIENTATION_NOTE = 'the Exif orientation is ignored: pixels are taken as they are stored'

const START_OF_SCAN = 0xda
const END_OF_IMAGE = 0xd9
/** Markers that begin a frame; of them the decoder reads baseline, extended and progressive with Huffman codes. */
const FRAMES = new Set([0xc0, 0xc1, 0xc2, 0xc3, 0xc5, 0xc6, 0xc7, 0xc9, 0xca, 0xcb, 0xcd, 0xce, 0xcf])
const READ_FRAMES = new Set([0xc0, 0xc1, 0xc2])
/** The most pixels that a byte can hold: each block of 8 x 8 takes a bit or more. */
const JPEG_RATIO = 512
const MEMORY_MB = 1024

export const isJpeg = (bytes: Uint8Array): boolean => bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff

const broken = (what: string, where: string, cause?: unknown): ParityError =>
  new ParityError('INPUT_IMAGE', { what: `the JPEG picture ${what}`, where, remedy: 'Save the picture again, as PNG for example', cause })

interface Header {
  width: number
  height: number
  components: number
  orientation: number
  /** Adobe's colour transform: 0 none, 1 YCbCr, 2 YCCK; null where the file does not say. */
  transform: number | null
}

/**
 * uint8 [height, width, 3] in RGB, or [height, width] for one component.
 * @param note takes remarks on what was changed
 * @throws ParityError INPUT_IMAGE
 */
export function decodeJpeg(bytes: Uint8Array, where: string, note: (remark: string) => void): Tensor<'uint8'> {
  const { width, height, components, orientation, transform } = readHeader(bytes, where)
  if (orientation !== 1) note(ORIENTATION_NOTE)
  if (components === 4) note('CMYK is converted to RGB')
  const { data } = decodeWith(bytes, components === 3 && transform === 0, where)
  if (components !== 1) return tensor('uint8', [height, width, 3], data)
  const gray = new Uint8Array(width * height)
  for (let i = 0; i < gray.length; i++) gray[i] = data[3 * i]!
  return tensor('uint8', [height, width], gray)
}

function decodeWith(bytes: Uint8Array, plainRgb: boolean, where: string): { data: Uint8Array } {
  try {
    return decode(bytes, {
      useTArray: true,
      formatAsRGBA: false,
      tolerantDecoding: false,
      maxResolutionInMP: LARGEST_PICTURE / 1e6,
      maxMemoryUsageInMB: MEMORY_MB,
      ...(plainRgb && { colorTransform: false }),
    })
  } catch (cause) {
    throw broken(`cannot be decoded: ${(cause as Error).message}`, where, cause)
  }
}

/** The segments up to the first scan, and that the file reaches its end marker. */
function readHeader(bytes: Uint8Array, where: string): Header {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let orientation = 1
  let transform: number | null = null
  let frame: Pick<Header, 'width' | 'height' | 'components'> | null = null
  for (let at = 2; at + 4 <= bytes.length; ) {
    const marker = bytes[at + 1]!
    if (bytes[at] !== 0xff) throw broken(`has no segment at byte ${at}`, where)
    if (marker === 0xff) {
      at++
      continue
    }
    if (marker === START_OF_SCAN) {
      if (!frame) throw broken('has no frame before its first scan', where)
      if (!reachesEnd(bytes)) throw broken('is cut off', where)
      if (frame.width * frame.height > JPEG_RATIO * bytes.length)
        throw broken(`of ${frame.width} x ${frame.height} cannot lie in ${bytes.length} bytes`, where)
      return { ...frame, orientation, transform }
    }
    const end = at + 2 + view.getUint16(at + 2)
    if (end > bytes.length || end < at + 4) throw broken('is cut off', where)
    const body = bytes.subarray(at + 4, end)
    if (FRAMES.has(marker)) frame = readFrame(marker, body, where)
    if (marker === 0xe1 && startsWith(body, 'Exif\0\0')) orientation = exifOrientation(body.subarray(6))
    if (marker === 0xee && startsWith(body, 'Adobe') && body.length >= 12) transform = body[11]!
    at = end
  }
  throw broken('is cut off', where)
}

function readFrame(marker: number, body: Uint8Array, where: string): Pick<Header, 'width' | 'height' | 'components'> {
  if (!READ_FRAMES.has(marker))
    throw broken(`is lossless, hierarchical or arithmetically coded (frame 0x${marker.toString(16)}), which is not read`, where)
  if (body.length < 6) throw broken('is cut off', where)
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength)
  const [precision, height, width, components] = [view.getUint8(0), view.getUint16(1), view.getUint16(3), view.getUint8(5)]
  if (precision !== 8) throw broken(`has ${precision} bits a sample, 8 are read`, where)
  if (components !== 1 && components !== 3 && components !== 4) throw broken(`has ${components} components`, where)
  if (width === 0 || height === 0) throw broken(`is ${width} x ${height}`, where)
  if (width * height > LARGEST_PICTURE) throw broken(`is ${width} x ${height}, at most ${LARGEST_PICTURE} pixels are read`, where)
  return { width, height, components }
}

const startsWith = (bytes: Uint8Array, text: string): boolean => [...text].every((character, i) => bytes[i] === character.charCodeAt(0))

/** Cameras put data behind the end marker, so it is looked for anywhere: a picture that was cut off has none. */
function reachesEnd(bytes: Uint8Array): boolean {
  for (let at = bytes.length - 2; at >= 0; at--) if (bytes[at] === 0xff && bytes[at + 1] === END_OF_IMAGE) return true
  return false
}

/** Which way the picture is to be turned: the one field of an Exif block that concerns us. */
const ORIENTATION = 0x0112

/** 1 (upright) to 8; 1 too where the block does not say. `block` begins with its TIFF header. */
export function exifOrientation(block: Uint8Array): number {
  const view = new DataView(block.buffer, block.byteOffset, block.byteLength)
  if (view.byteLength < 8) return 1
  const littleEndian = view.getUint16(0) === 0x4949
  const directory = view.getUint32(4, littleEndian)
  if (directory + 2 > view.byteLength) return 1
  const entries = view.getUint16(directory, littleEndian)
  for (let i = 0; i < entries; i++) {
    const entry = directory + 2 + 12 * i
    if (entry + 12 > view.byteLength) return 1
    if (view.getUint16(entry, littleEndian) !== ORIENTATION) continue
    const value = view.getUint16(entry + 8, littleEndian)
    return value >= 1 && value <= 8 ? value : 1
  }
  return 1
}
