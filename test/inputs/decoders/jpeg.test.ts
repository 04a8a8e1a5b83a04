import jpeg from 'jpeg-js'
import { describe, expect, it } from 'vitest'
import { decodeJpeg } from '../../../src/inputs/decoders/jpeg.js'
import { EXIF_ROTATED, refusal } from '../files.js'

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
