import { describe, expect, it } from 'vitest'
import { type DType, type Tensor, tensor } from '../../../kernels/tensor.js'
import { decodeNpy, decodeRaw, encodeNpy, openNpy } from '../../../src/inputs/decoders/npy.js'
import { array, image, ramp, refusal, useFolder } from '../files.js'

const folder = useFolder()

/** A file as NumPy writes it. */
function file(descr: string, shape: string, body: Uint8Array, { fortran = false, version = 1 } = {}): Uint8Array {
  const text = `{'descr': ${descr}, 'fortran_order': ${fortran ? 'True' : 'False'}, 'shape': ${shape}, }`
  const prefix = version === 1 ? 10 : 12
  const padded = `${text.padEnd(64 * Math.ceil((text.length + prefix + 1) / 64) - prefix - 1)}\n`
  const head = Buffer.alloc(prefix)
  head.write('\x93NUMPY', 'latin1')
  head[6] = version
  if (version === 1) head.writeUInt16LE(padded.length, 8)
  else head.writeUInt32LE(padded.length, 8)
  return Buffer.concat([head, Buffer.from(padded), body])
}

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values)

describe('decodeNpy', () => {
  it.each<[string, Uint8Array, DType, unknown[]]>([
    ["'<f2'", bytes(0x00, 0x3c, 0x00, 0xc0), 'float16', [1, -2]],
    ["'>f2'", bytes(0x3c, 0x00, 0xc0, 0x00), 'float16', [1, -2]],
    ["'<f4'", bytes(0, 0, 0x80, 0x3f, 0, 0, 0, 0xc0), 'float32', [1, -2]],
    ["'>f4'", bytes(0x3f, 0x80, 0, 0, 0xc0, 0, 0, 0), 'float32', [1, -2]],
    ["'>f8'", bytes(0x3f, 0xf0, 0, 0, 0, 0, 0, 0, 0xc0, 0, 0, 0, 0, 0, 0, 0), 'float64', [1, -2]],
    ["'|i1'", bytes(1, 0xfe), 'int8', [1, -2]],
    ["'<i2'", bytes(1, 0, 0xfe, 0xff), 'int16', [1, -2]],
    ["'>i4'", bytes(0, 0, 0, 1, 0xff, 0xff, 0xff, 0xfe), 'int32', [1, -2]],
    ["'<i8'", bytes(1, 0, 0, 0, 0, 0, 0, 0, 0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff), 'int64', [1n, -2n]],
    ["'|u1'", bytes(1, 254), 'uint8', [1, 254]],
    ["'>u2'", bytes(0, 1, 0xff, 0xfe), 'uint16', [1, 65534]],
    ["'<u4'", bytes(1, 0, 0, 0, 0xfe, 0xff, 0xff, 0xff), 'uint32', [1, 4294967294]],
    ["'>u8'", bytes(0, 0, 0, 0, 0, 0, 0, 1, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xfe), 'uint64', [1n, 18446744073709551614n]],
    ["'|b1'", bytes(0, 2), 'bool', [0, 1]],
    ["'<U2'", bytes(0x61, 0, 0, 0, 0, 0, 0, 0, 0x00, 0xf6, 0x01, 0, 0x62, 0, 0, 0), 'string', ['a', '\u{1f600}b']],
    ["'>U1'", bytes(0, 0, 0, 0x61, 0, 0, 0, 0x62), 'string', ['a', 'b']],
    ["'|S3'", bytes(0x61, 0, 0, 0xc3, 0xa9, 0), 'string', ['a', 'é']],
  ])('reads %s', (descr, body, dtype, values) => {
    const value = decodeNpy(file(descr, '(2,)', body), 'x.npy')
    expect([value.dtype, value.shape, Array.from<unknown>(value.data)]).toEqual([dtype, [2], values])
  })

  it('reads complex numbers of either byte order, interleaved', () => {
    const little = decodeNpy(file("'<c8'", '(1,)', bytes(0, 0, 0x80, 0x3f, 0, 0, 0, 0xc0)), 'x')
    const big = decodeNpy(file("'>c8'", '(1,)', bytes(0x3f, 0x80, 0, 0, 0xc0, 0, 0, 0)), 'x')
    expect(little).toEqual({ dtype: 'complex64', shape: [1], data: Float32Array.of(1, -2) })
    expect(big).toEqual(little)
  })

  it('turns Fortran order into C order', () => {
    const value = decodeNpy(file("'|u1'", '(2, 3)', bytes(1, 4, 2, 5, 3, 6), { fortran: true }), 'x')
    expect(value).toEqual(tensor('uint8', [2, 3], bytes(1, 2, 3, 4, 5, 6)))
  })

  it('reads scalars, empty arrays and versions 2 and 3', () => {
    expect(decodeNpy(file("'|u1'", '()', bytes(7)), 'x').shape).toEqual([])
    expect(decodeNpy(file("'<f4'", '(3, 0)', bytes()), 'x')).toEqual(tensor('float32', [3, 0]))
    for (const version of [2, 3]) expect(decodeNpy(file('"|u1"', '(1,)', bytes(7), { version }), 'x').data).toEqual(bytes(7))
  })

  it('reads bytes that lie anywhere in a buffer', () => {
    const padded = Buffer.concat([Buffer.from([0]), file("'<f4'", '(1,)', bytes(0, 0, 0x80, 0x3f))])
    expect(decodeNpy(padded.subarray(1), 'x').data).toEqual(Float32Array.of(1))
  })

  it.each<[string, Uint8Array, RegExp]>([
    ['no magic', bytes(1, 2, 3), /these bytes are no \.npy array/],
    ['a header cut off', file("'<f4'", '(1,)', bytes(0, 0, 0, 0)).subarray(0, 40), /header of \d+ bytes is cut off/],
    ['elements cut off', file("'<f4'", '(4,)', bytes(0, 0, 0, 0)), /cut off: \[4\] takes 16 bytes, 4 are there/],
    ['bytes left over', file("'<f4'", '(1,)', bytes(0, 0, 0, 0, 1)), /1 bytes follow the array \[1\]/],
    ['a huge shape', file("'<f4'", '(4294967296, 4294967296, 4294967296)', bytes(0)), /cut off/],
    ['many empty words', file("'<U0'", '(4294967296,)', bytes()), /claims 4294967296 empty elements/],
    ['an unknown version', file("'<f4'", '(1,)', bytes(0, 0, 0, 0), { version: 9 }), /version 9 is unknown/],
    ['Python objects', file("'|O'", '(1,)', bytes(0)), /Python objects/],
    ['records', file("[('a', '<f4')]", '(1,)', bytes(0, 0, 0, 0)), /a record/],
    ['dates', file("'<M8[D]'", '(1,)', bytes(0)), /'<M8\[D\]'/],
    ['no dictionary', file('nonsense', '(1,)', bytes(0)), /not understood/],
    ['a negative dimension', file("'<f4'", '(-1,)', bytes(0)), /not understood/],
  ])('refuses %s', (_, content, message) => {
    const error = refusal(() => decodeNpy(content, 'x.npy'))
    expect(error.code).toBe('INPUT_NPY')
    expect(error.message).toMatch(message)
    expect(error.where).toBe('x.npy')
  })
})

describe('encodeNpy', () => {
  it.each<Tensor>([
    tensor('float16', [2, 2], Float32Array.of(1, -0, 6e-8, Infinity).map(Math.fround)),
    ramp([2, 3]),
    tensor('float64', [], Float64Array.of(Math.PI)),
    tensor('int64', [2], BigInt64Array.of(1n, -(2n ** 63n))),
    tensor('uint64', [1], BigUint64Array.of(2n ** 64n - 1n)),
    tensor('bool', [2], Uint8Array.of(0, 1)),
    tensor('int16', [0, 4]),
    tensor('complex64', [1], Float32Array.of(1, -2)),
    tensor('string', [2, 1], ['', 'naïve \u{1f600}']),
  ])('is read back: $dtype $shape', (value) => {
    const back = decodeNpy(encodeNpy(value), 'x')
    if (value.dtype === 'float16') value.data[2] = 2 ** -24
    expect(back).toEqual(value)
  })

  it('aligns the elements to 64 bytes and ends the header with a line feed', () => {
    const content = Buffer.from(encodeNpy(ramp([3])))
    expect(content.length).toBe(128 + 12)
    expect(content.toString('latin1', 10, 70)).toBe("{'descr': '<f4', 'fortran_order': False, 'shape': (3,), }   ")
    expect(content[127]).toBe(10)
  })

  it('widens what NumPy has no dtype for', () => {
    expect(decodeNpy(encodeNpy(tensor('int4', [2], Int8Array.of(-8, 7))), 'x')).toEqual(tensor('int8', [2], Int8Array.of(-8, 7)))
  })
})

describe('openNpy', () => {
  it('reads rows alone', () => {
    const file = openNpy(folder.npy('rows.npy', ramp([4, 3])))
    expect(file.header.shape).toEqual([4, 3])
    expect(file.read(1, 2)).toEqual(ramp([2, 3], 3))
    expect(file.read()).toEqual(ramp([4, 3]))
  })
  it('reads rows of an array in Fortran order', () => {
    const opened = openNpy(folder.write('fortran.npy', file("'|u1'", '(2, 3)', bytes(1, 4, 2, 5, 3, 6), { fortran: true })))
    expect(opened.read(1, 1)).toEqual(tensor('uint8', [1, 3], bytes(4, 5, 6)))
  })
  it('says which file is missing', () => {
    const error = refusal(() => openNpy(folder.path('absent.npy')))
    expect(error.code).toBe('INPUT_UNREADABLE')
    expect(error.message).toContain('absent.npy')
  })
})

describe('decodeRaw', () => {
  const bytes = Uint8Array.of(0, 0x3c, 0, 0xc0)
  it('reads elements in the dtype and shape of the input', () => {
    expect(decodeRaw(bytes, array('x', 'float16', [null, 2]), 'x.bin')).toEqual(tensor('float16', [1, 2], Float32Array.of(1, -2)))
    expect(decodeRaw(bytes, array('x', 'int16', [2]), 'x.bin').data).toEqual(Int16Array.of(0x3c00, -0x4000))
    expect(decodeRaw(bytes, image('p', 'GRAY', 2, 2), 'x.bin')).toEqual(tensor('uint8', [2, 2], bytes))
  })
  it('says the size that is expected', () => {
    const error = refusal(() => decodeRaw(bytes, array('x', 'float32', [1, 2]), 'x.bin'))
    expect(error.code).toBe('INPUT_SHAPE')
    expect(error.message).toContain("has 4 bytes, the input 'x' float32 [1, 2] takes 8")
  })
  it('refuses an input of open size', () => {
    expect(refusal(() => decodeRaw(bytes, array('x', 'float32', [1, null]), 'x.bin')).code).toBe('INPUT_RAW')
  })
})
