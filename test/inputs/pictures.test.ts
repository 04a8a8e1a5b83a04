import { deflateSync } from 'node:zlib'
import { encode, type ImageData } from 'fast-png'
import jpeg from 'jpeg-js'
import { describe, expect, it } from 'vitest'
import { tensor } from '../../kernels/tensor.js'
import { decodeJpeg } from '../../src/inputs/jpeg.js'
import { resizePicture, withChannels } from '../../src/inputs/picture.js'
import { decodePng } from '../../src/inputs/png.js'
import { pixels, refusal } from './files.js'

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

const EXIF_ROTATED = Buffer.from([0x4d, 0x4d, 0, 42, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0, 0, 0, 0, 0])

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

describe('decodeJpeg', () => {
  const flat = (color: number[]) => {
    const data = Buffer.alloc(16 * 8 * 4)
    for (let i = 0; i < data.length; i++) data[i] = [...color, 255][i % 4]!
    return new Uint8Array(jpeg.encode({ width: 16, height: 8, data }, 95).data)
  }
  const decode = (bytes: Uint8Array) => {
    const notes: string[] = []
    return { picture: decodeJpeg(bytes, 'x.jpg', (note) => notes.push(note)), notes }
  }
  const withSegment = (bytes: Uint8Array, marker: number, body: Uint8Array): Buffer =>
    Buffer.concat([
      bytes.subarray(0, 2),
      Buffer.from([0xff, marker, (body.length + 2) >> 8, (body.length + 2) & 255]),
      body,
      bytes.subarray(2),
    ])

  it('gives RGB, width and height in their places', () => {
    const { picture } = decode(flat([200, 100, 50]))
    expect(picture.shape).toEqual([8, 16, 3])
    ;[200, 100, 50].forEach((level, channel) => {
      expect(Math.abs(picture.data[channel]! - level)).toBeLessThan(4)
    })
  })

  it('does not turn the picture by its Exif orientation, and says so', () => {
    const bytes = withSegment(flat([9, 9, 9]), 0xe1, Buffer.concat([Buffer.from('Exif\0\0', 'latin1'), EXIF_ROTATED]))
    const { picture, notes } = decode(bytes)
    expect(picture.shape).toEqual([8, 16, 3])
    expect(notes).toEqual(['the Exif orientation is ignored: pixels are taken as they are stored'])
  })

  it('takes the components as they are where Adobe says that they are RGB', () => {
    const plain = withSegment(
      flat([128, 128, 128]),
      0xee,
      Buffer.concat([Buffer.from('Adobe', 'latin1'), Buffer.from([0, 100, 0, 0, 0, 0, 0])]),
    )
    expect(decode(plain).picture.data[1]! - 128).toBeLessThan(4)
    expect(
      decode(withSegment(flat([255, 0, 0]), 0xee, Buffer.concat([Buffer.from('Adobe', 'latin1'), Buffer.from([0, 100, 0, 0, 0, 0, 0])])))
        .picture.data[0],
    ).not.toBe(decode(flat([255, 0, 0])).picture.data[0])
  })

  const whole = flat([1, 2, 3])
  const frame = Buffer.from(whole).indexOf(Buffer.from([0xff, 0xc0]))
  const forge = (offset: number, ...bytes: number[]): Uint8Array => {
    const copy = Uint8Array.from(whole)
    copy.set(bytes, frame + offset)
    return copy
  }
  it.each<[string, Uint8Array, RegExp]>([
    ['a file cut off', whole.subarray(0, whole.length - 2), /cut off/],
    ['a header cut off', whole.subarray(0, 30), /cut off/],
    ['more pixels than its bytes can hold', forge(5, 0x20, 0, 0x20, 0), /8192 x 8192 cannot lie in \d+ bytes/],
    ['no height', forge(5, 0, 0), /is 16 x 0/],
    ['12 bits', forge(4, 12), /12 bits a sample/],
    ['arithmetic coding', forge(1, 0xc9), /arithmetically coded \(frame 0xc9\)/],
  ])('refuses %s', (_, bytes, message) => {
    const error = refusal(() => decode(bytes))
    expect(error.code).toBe('INPUT_IMAGE')
    expect(error.message).toMatch(message)
  })
})

describe('withChannels', () => {
  it('weighs colours by ITU-R 601', () => {
    const colors = tensor('uint8', [1, 5, 3], Uint8Array.of(255, 0, 0, 0, 255, 0, 0, 0, 255, 255, 255, 255, 10, 20, 30))
    expect(withChannels(colors, 1)).toEqual(tensor('uint8', [1, 5], Uint8Array.of(76, 150, 29, 255, 18)))
  })
  it('repeats gray', () => {
    expect(withChannels(tensor('uint8', [1, 2], Uint8Array.of(3, 9)), 3)).toEqual(
      tensor('uint8', [1, 2, 3], Uint8Array.of(3, 3, 3, 9, 9, 9)),
    )
  })
})

describe('resizePicture', () => {
  it('samples at half pixel centres', () => {
    const row = tensor('uint8', [1, 2], Uint8Array.of(0, 100))
    expect(Array.from(resizePicture(row, 1, 4).data)).toEqual([0, 25, 75, 100])
    const four = tensor('uint8', [1, 4], Uint8Array.of(0, 10, 20, 30))
    expect(Array.from(resizePicture(four, 1, 2).data)).toEqual([5, 25])
    expect(Array.from(resizePicture(four, 2, 1).data)).toEqual([15, 15])
  })
  it('keeps channels apart', () => {
    const picture = tensor('uint8', [2, 1, 3], Uint8Array.of(0, 10, 20, 100, 110, 120))
    expect(resizePicture(picture, 1, 1)).toEqual(tensor('uint8', [1, 1, 3], Uint8Array.of(50, 60, 70)))
  })
  it('leaves a picture of the right size alone', () => {
    const picture = pixels(3, 4)
    expect(resizePicture(picture, 3, 4)).toBe(picture)
  })
})
