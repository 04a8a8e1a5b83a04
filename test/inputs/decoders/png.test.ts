import { deflateSync } from 'node:zlib'
import { encode, type ImageData } from 'fast-png'
import { describe, expect, it } from 'vitest'
import { tensor } from '../../../kernels/tensor.js'
import { decodePng } from '../../../src/inputs/decoders/png.js'
import { EXIF_ROTATED, pixels, refusal } from '../files.js'

const read = (bytes: Uint8Array) => {
  const notes: string[] = []
  return { picture: decodePng(bytes, 'x.png', (note) => notes.push(note)), notes }
}

const chunk = (type: string, data: Uint8Array): Buffer => {
  const head = Buffer.alloc(8)
  head.writeUInt32BE(data.length)
  head.write(type, 4, 'latin1')
  const sum = Buffer.alloc(4)
  sum.writeUInt32BE(crc(Buffer.concat([head.subarray(4), data])))
  return Buffer.concat([head, data, sum])
}

function crc(bytes: Uint8Array): number {
  let sum = 0xffffffff
  for (const byte of bytes) {
    sum ^= byte
    for (let i = 0; i < 8; i++) sum = (sum >>> 1) ^ (sum & 1 ? 0xedb88320 : 0)
  }
  return (sum ^ 0xffffffff) >>> 0
}

/** A PNG file made by hand: header, further chunks, and rows with their filter's byte before them. */
function png(
  width: number,
  height: number,
  depth: number,
  color: number,
  rows: Uint8Array,
  { interlace = 0, chunks = [] as Buffer[] } = {},
): Buffer {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width)
  header.writeUInt32BE(height, 4)
  header.set([depth, color, 0, 0, interlace], 8)
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
  return Buffer.concat([signature, chunk('IHDR', header), ...chunks, chunk('IDAT', deflateSync(rows)), chunk('IEND', Buffer.alloc(0))])
}

describe('decodePng', () => {
  it.each([1, 3])('keeps the pixels of %i channels', (channels) => {
    const picture = pixels(5, 7, channels)
    expect(read(encode({ width: 7, height: 5, channels, depth: 8, data: picture.data }))).toEqual({ picture, notes: [] })
    expect(read(encode({ width: 7, height: 5, channels, depth: 8, data: picture.data }, { interlace: 'Adam7' })).picture).toEqual(picture)
  })

  it.each([
    [2, [5], [5, 128]],
    [4, [5, 6, 7], [5, 6, 7, 0]],
  ])('drops the alpha of %i channels and says so', (channels, kept, data) => {
    const { picture, notes } = read(encode({ width: 1, height: 1, channels, depth: 8, data: Uint8Array.from(data) }))
    expect(Array.from(picture.data)).toEqual(kept)
    expect(notes).toEqual(['transparency is dropped'])
  })

  it('rounds 16 bits to 8, by 257', () => {
    const data = Uint16Array.of(0, 128, 129, 385, 386, 65535)
    const { picture, notes } = read(encode({ width: 6, height: 1, channels: 1, depth: 16, data } as ImageData))
    expect(Array.from(picture.data)).toEqual([0, 0, 1, 1, 2, 255])
    expect(notes).toEqual(['16 bits a sample are rounded to 8'])
  })

  it('stretches 1, 2 and 4 bits to 0..255, row by row', () => {
    expect(read(png(9, 2, 1, 0, Uint8Array.of(0, 0b10101010, 0x80, 0, 0, 0))).picture).toEqual(
      tensor('uint8', [2, 9], Uint8Array.of(255, 0, 255, 0, 255, 0, 255, 0, 255, 0, 0, 0, 0, 0, 0, 0, 0, 0)),
    )
    expect(Array.from(read(png(4, 1, 2, 0, Uint8Array.of(0, 0b00011011))).picture.data)).toEqual([0, 85, 170, 255])
    expect(Array.from(read(png(3, 1, 4, 0, Uint8Array.of(0, 0x0f, 0x50))).picture.data)).toEqual([0, 255, 85])
  })

  it('looks colours up in the palette', () => {
    const palette = chunk('PLTE', Buffer.from([10, 20, 30, 40, 50, 60]))
    const { picture } = read(png(3, 1, 1, 3, Uint8Array.of(0, 0b01000000), { chunks: [palette] }))
    expect(picture).toEqual(tensor('uint8', [1, 3, 3], Uint8Array.of(10, 20, 30, 40, 50, 60, 10, 20, 30)))
    const outside = png(3, 1, 8, 3, Uint8Array.of(0, 0, 1, 2), { chunks: [palette] })
    expect(refusal(() => read(outside)).message).toContain('colour 2 of a palette of 2')
  })

  it('does not turn the picture by its Exif orientation, and says so', () => {
    const bytes = png(1, 1, 8, 0, Uint8Array.of(0, 9), { chunks: [chunk('eXIf', EXIF_ROTATED)] })
    expect(read(bytes).notes).toEqual(['the Exif orientation is ignored: pixels are taken as they are stored'])
  })

  it('leaves out chunks that are none of its business, however large they unpack', () => {
    const profile = chunk('iCCP', Buffer.concat([Buffer.from('p\0\0', 'latin1'), deflateSync(Buffer.alloc(1 << 20))]))
    expect(read(png(1, 1, 8, 0, Uint8Array.of(0, 9), { chunks: [profile] })).picture.data).toEqual(Uint8Array.of(9))
  })

  const whole = encode({ width: 7, height: 5, channels: 3, depth: 8, data: pixels(5, 7).data })
  it.each<[string, Uint8Array, RegExp]>([
    ['a file cut off', whole.subarray(0, whole.length - 20), /cut off/],
    ['a checksum that is wrong', Uint8Array.from(whole, (byte, i) => (i === 30 ? byte ^ 1 : byte)), /cannot be decoded: CRC/],
    ['more pixels than are read', png(100_000, 100_000, 8, 0, Uint8Array.of(0)), /100000 x 100000, at most 100000000 pixels/],
    ['more pixels than its bytes can hold', png(9_000, 9_000, 8, 0, Uint8Array.of(0)), /cannot lie in \d+ bytes/],
    ['data that unpack to far more', png(64, 64, 8, 0, Buffer.alloc(1 << 27)), /unpacks to far more than its size/],
    ['no width', png(0, 4, 8, 0, Uint8Array.of(0)), /is 0 x 4/],
    ['an unknown colour type', png(1, 1, 8, 5, Uint8Array.of(0, 0)), /colour type 5/],
    ['interlaced bits', png(4, 4, 1, 0, Uint8Array.of(0), { interlace: 1 }), /interlaced with 1 bits/],
  ])('refuses %s', (_, bytes, message) => {
    const error = refusal(() => read(bytes))
    expect(error.code).toBe('INPUT_IMAGE')
    expect(error.message).toMatch(message)
    expect(error.where).toBe('x.png')
  })
})
