import { readdirSync, readFileSync } from 'node:fs'
import { zipSync } from 'fflate'
import { describe, expect, it } from 'vitest'
import { tensor } from '../../../kernels/tensor.js'
import { encodeNpy } from '../../../src/inputs/decoders/npy.js'
import { openNpz, parseNpz, writeNpz } from '../../../src/inputs/decoders/npz.js'
import { ramp, refusal, useFolder } from '../files.js'

const folder = useFolder()
const WORDS = tensor('string', [1], ['ä'])

describe('writeNpz', () => {
  it.each([false, true])('is read back by name, in its order (compressed: %s)', (compress) => {
    const path = folder.path(`order-${compress}.npz`)
    writeNpz(
      path,
      [
        ['z', ramp([2, 2])],
        ['0/StatefulPartitionedCall:0', ramp([1], 5)],
        ['ä', WORDS],
      ],
      { compress },
    )
    const archive = openNpz(path)
    expect(archive.names).toEqual(['z', '0/StatefulPartitionedCall:0', 'ä'])
    expect(archive.read('z')).toEqual(ramp([2, 2]))
    expect(archive.read('0/StatefulPartitionedCall:0')).toEqual(ramp([1], 5))
    expect(archive.read('ä')).toEqual(WORDS)
    expect(archive.header('z')).toMatchObject({ dtype: 'float32', shape: [2, 2] })
  })

  it('gives the same bytes every time, and leaves no temporary file', () => {
    const path = folder.path('same/again.npz')
    const [once, twice] = [1, 2].map(() => {
      writeNpz(path, [['a', ramp([3])]])
      return readFileSync(path)
    })
    expect(twice!.equals(once!)).toBe(true)
    expect(readdirSync(folder.path('same'))).toEqual(['again.npz'])
  })

  it('keeps what was there when an array cannot be made', () => {
    const path = folder.npz('kept/a.npz', { a: ramp([1]) })
    const failing = function* () {
      yield ['a', ramp([2])] as const
      throw new Error('no more')
    }
    expect(() => writeNpz(path, failing())).toThrow('no more')
    expect(openNpz(path).read('a')).toEqual(ramp([1]))
    expect(readdirSync(folder.path('kept'))).toEqual(['a.npz'])
  })

  it('says which path cannot be written', () => {
    const inside = `${folder.write('file', 'x')}/a.npz`
    const error = refusal(() => writeNpz(inside, []))
    expect(error.code).toBe('INPUT_OUTPUT_PATH')
    expect(error.message).toContain(inside)
  })
})

describe('parseNpz', () => {
  const archive = zipSync({ 'a.npy': encodeNpy(ramp([400])) })
  /** Overwrites a field of the only entry in the directory at the archive's end. */
  const forge = (offset: number, value: number): Uint8Array => {
    const bytes = Buffer.from(archive)
    const entry = bytes.indexOf(Buffer.from('PK\x01\x02', 'latin1'))
    bytes.writeUInt32LE(value, entry + offset)
    return bytes
  }

  it.each<[string, Uint8Array, RegExp]>([
    ['half an archive', archive.subarray(0, archive.length / 2), /cannot be unpacked/],
    ['no archive', Buffer.from('PK\x03\x04 and no more', 'latin1'), /cannot be unpacked/],
    ['an archive without arrays', zipSync({ 'readme.txt': Uint8Array.of(1) }), /holds no \.npy array/],
    ['a size that deflate cannot reach', forge(24, 0x7fffffff), /claims 2147483647 bytes in \d+, which cannot be/],
    ['a size that is too small', forge(24, 100), /cut off|not understood/],
    ['a size that is too large', forge(24, 20_000), /takes 1728 bytes, the archive's directory says 20000/],
    ['more packed bytes than there are', forge(20, 0x7fffffff), /claims 2147483647 packed bytes/],
  ])('refuses %s', (_, bytes, message) => {
    const error = refusal(() => {
      const opened = parseNpz(bytes, 'x.npz')
      for (const name of opened.names) opened.read(name)
    })
    expect(error.code).toMatch(/^INPUT_NP[YZ]$/)
    expect(error.message).toMatch(message)
    expect(error.where).toContain('x.npz')
  })

  it('refuses a directory that goes on for ever', () => {
    const bytes = Buffer.from(archive)
    const end = bytes.indexOf(Buffer.from('PK\x05\x06', 'latin1'))
    bytes.writeUInt16LE(65_535, end + 8)
    expect(refusal(() => parseNpz(bytes, 'x.npz')).code).toBe('INPUT_NPZ')
  })

  it('names the arrays there are', () => {
    expect(refusal(() => parseNpz(archive, 'x.npz').read('b')).message).toContain("no array 'b'; it has a")
  })
})
