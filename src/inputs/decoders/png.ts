/**
 * PNG pictures as 8-bit pixels (PNG Specification, third edition). The chunks that matter are checked and handed to the decoder, all
 * others are left out: text and colour profiles change nothing here, and their sizes are nobody's to trust.
 */
import { constants, inflateSync } from 'node:zlib'
import { type DecodedPng, decode } from 'fast-png'
import { type Tensor, tensor } from '../../../kernels/tensor.js'
import { ParityError } from '../../graph/errors.js'
import { LARGEST_PICTURE } from '../pixels.js'
import { DEFLATE_RATIO } from './files.js'
import { exifOrientation, ORIENTATION_NOTE } from './jpeg.js'

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]
const CRITICAL = new Set(['IHDR', 'PLTE', 'IDAT', 'IEND'])
const CHANNELS: Record<number, number> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 }

export const isPng = (bytes: Uint8Array): boolean => SIGNATURE.every((byte, i) => bytes[i] === byte)

const broken = (what: string, where: string, cause?: unknown): ParityError =>
  new ParityError('INPUT_IMAGE', { what: `the PNG picture ${what}`, where, remedy: 'Save the picture again', cause })

/**
 * uint8 [height, width, 3] in RGB, or [height, width]. Transparency is dropped; 16 bits become round(v / 257), fewer than 8 are stretched
 * to 0..255; palettes are looked up; gamma and colour profiles are not applied.
 * @param note takes remarks on what was changed
 * @throws ParityError INPUT_IMAGE
 */
export function decodePng(bytes: Uint8Array, where: string, note: (remark: string) => void): Tensor<'uint8'> {
  const chunks = listChunks(bytes, where)
  checkHeader(chunks, where)
  const exif = chunks.find(({ type }) => type === 'eXIf')
  if (exif && exifOrientation(exif.data) !== 1) note(ORIENTATION_NOTE)
  if (chunks.some(({ type }) => type === 'tRNS')) note('transparency is dropped')
  let picture: DecodedPng
  try {
    picture = decode(assemble(chunks.filter(({ type }) => CRITICAL.has(type))), { checkCrc: true })
  } catch (cause) {
    throw broken(`cannot be decoded: ${(cause as Error).message}`, where, cause)
  }
  return toPixels(picture, where, note)
}

interface Chunk {
  type: string
  /** Without length, type and checksum. */
  data: Uint8Array
  /** All of it. */
  bytes: Uint8Array
}

function listChunks(bytes: Uint8Array, where: string): Chunk[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const chunks: Chunk[] = []
  for (let at = SIGNATURE.length; at + 12 <= bytes.length; ) {
    const length = view.getUint32(at)
    const end = at + 12 + length
    if (end > bytes.length) break
    const type = String.fromCharCode(...bytes.subarray(at + 4, at + 8))
    chunks.push({ type, data: bytes.subarray(at + 8, at + 8 + length), bytes: bytes.subarray(at, end) })
    if (type === 'IEND') return chunks
    at = end
  }
  throw broken('is cut off', where)
}

/** Sizes, before anything is allocated for them. */
function checkHeader(chunks: readonly Chunk[], where: string): void {
  const header = chunks[0]
  if (header?.type !== 'IHDR' || header.data.length !== 13) throw broken('does not begin with its header', where)
  const view = new DataView(header.data.buffer, header.data.byteOffset)
  const [width, height, depth, color, interlace] = [
    view.getUint32(0),
    view.getUint32(4),
    view.getUint8(8),
    view.getUint8(9),
    view.getUint8(12),
  ]
  const channels = CHANNELS[color]
  if (channels === undefined) throw broken(`has the unknown colour type ${color}`, where)
  if (width === 0 || height === 0) throw broken(`is ${width} x ${height}`, where)
  if (width * height > LARGEST_PICTURE) throw broken(`is ${width} x ${height}, at most ${LARGEST_PICTURE} pixels are read`, where)
  if (interlace !== 0 && depth < 8) throw broken(`is interlaced with ${depth} bits a sample, which is not read`, where)
  const data = chunks.filter(({ type }) => type === 'IDAT').map((chunk) => chunk.data)
  const packed = data.reduce((sum, { length }) => sum + length, 0)
  // a row has its filter's byte before it, an interlaced one at most seven times as many rows
  const rows = height * (interlace ? 7 : 1)
  const unpacked = Math.ceil((width * channels * depth) / 8) * height + rows + (interlace ? width * channels : 0)
  if (packed * DEFLATE_RATIO < unpacked) throw broken(`of ${width} x ${height} cannot lie in ${packed} bytes`, where)
  if (packed * DEFLATE_RATIO > 16 * unpacked && packed > 1 << 16) checkExpansion(data, 2 * unpacked, where)
}

/** Picture data that unpacks to far more than the picture is refused before the decoder holds it. */
function checkExpansion(data: readonly Uint8Array[], limit: number, where: string): void {
  try {
    inflateSync(Buffer.concat(data), { maxOutputLength: limit, finishFlush: constants.Z_SYNC_FLUSH })
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') throw broken('unpacks to far more than its size', where, cause)
    throw broken(`cannot be unpacked: ${(cause as Error).message}`, where, cause)
  }
}

function assemble(chunks: readonly Chunk[]): Uint8Array {
  const parts = [Uint8Array.from(SIGNATURE), ...chunks.map(({ bytes }) => bytes)]
  const out = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    out.set(part, at)
    at += part.length
  }
  return out
}

function toPixels(picture: DecodedPng, where: string, note: (remark: string) => void): Tensor<'uint8'> {
  const { width, height, channels } = picture
  const samples = toBytes(picture, note)
  const { palette } = picture
  if (channels === 2 || channels === 4) note('transparency is dropped')
  if (palette) {
    const out = new Uint8Array(width * height * 3)
    for (let i = 0; i < width * height; i++) {
      const color = palette[samples[i]!]
      if (!color) throw broken(`uses colour ${samples[i]} of a palette of ${palette.length}`, where)
      out.set(color.slice(0, 3), 3 * i)
    }
    return tensor('uint8', [height, width, 3], out)
  }
  const kept = channels < 3 ? 1 : 3
  const out = kept === channels ? samples : new Uint8Array(width * height * kept)
  if (kept !== channels) for (let i = 0; i < out.length; i++) out[i] = samples[Math.floor(i / kept) * channels + (i % kept)]!
  return tensor('uint8', kept === 1 ? [height, width] : [height, width, 3], out)
}

/** One byte a sample, 0..255; indices of a palette stay as they are. */
function toBytes({ width, height, channels, depth, data, palette }: DecodedPng, note: (remark: string) => void): Uint8Array {
  if (depth === 8) return data instanceof Uint8Array ? data : Uint8Array.from(data)
  if (depth === 16) {
    note('16 bits a sample are rounded to 8')
    return Uint8Array.from(data, (sample) => Math.round(sample / 257))
  }
  const rowBytes = Math.ceil((width * channels * depth) / 8)
  const most = (1 << depth) - 1
  const out = new Uint8Array(width * height * channels)
  for (let i = 0; i < out.length; i++) {
    const column = i % (width * channels)
    const bit = column * depth
    const byte = data[Math.floor(i / (width * channels)) * rowBytes + (bit >> 3)]!
    const sample = (byte >> (8 - depth - (bit & 7))) & most
    out[i] = palette ? sample : (sample * 255) / most
  }
  return out
}
