import { describe, expect, it } from 'vitest'
import { nextBits, Random } from '../../kernels/generator.js'
import { type DType, type Tensor, tensor } from '../../kernels/tensor.js'
import { castTensor, isCastable } from '../../src/inputs/cast.js'
import { looksLikeJson, parseJsonSample } from '../../src/inputs/json.js'
import { Notes } from '../../src/inputs/notes.js'
import { naturalOrder } from '../../src/inputs/order.js'
import { randomPicture, randomTensor } from '../../src/inputs/random.js'
import { decodeRaw } from '../../src/inputs/raw.js'
import { array, image, refusal } from './files.js'

describe('castTensor', () => {
  const cast = (value: Tensor, dtype: DType) => Array.from<unknown>(castTensor(value, dtype, 'x').data)
  it('rounds floats to nearest even', () => {
    expect(cast(tensor('float64', [2], Float64Array.of(0.1, 1e300)), 'float32')).toEqual([Math.fround(0.1), Infinity])
    expect(cast(tensor('float32', [3], Float32Array.of(2049, 2051, 65520)), 'float16')).toEqual([2048, 2052, Infinity])
  })
  it('keeps integers of every width', () => {
    expect(cast(tensor('int64', [2], BigInt64Array.of(-5n, 7n)), 'int32')).toEqual([-5, 7])
    expect(cast(tensor('int32', [1], Int32Array.of(-5)), 'int64')).toEqual([-5n])
    expect(cast(tensor('float64', [2], Float64Array.of(3, -0)), 'uint8')).toEqual([3, 0])
    expect(cast(tensor('uint64', [1], BigUint64Array.of(2n ** 53n)), 'float32')).toEqual([2 ** 53])
    expect(cast(tensor('bool', [2], Uint8Array.of(0, 1)), 'float32')).toEqual([0, 1])
  })
  it.each<[Tensor, DType, RegExp]>([
    [tensor('int64', [2], BigInt64Array.of(0n, 2n ** 31n)), 'int32', /2147483648 at element 1, beyond int32's -2147483648 to 2147483647/],
    [tensor('int32', [1], Int32Array.of(-1)), 'uint8', /-1 at element 0, beyond uint8/],
    [tensor('float32', [1], Float32Array.of(0.5)), 'int32', /0.5 at element 0, the input takes whole numbers \(int32\)/],
    [tensor('float32', [1], Float32Array.of(Number.NaN)), 'int8', /NaN at element 0/],
    [tensor('float64', [1], Float64Array.of(2 ** 64)), 'int64', /beyond int64/],
    [tensor('uint8', [1], Uint8Array.of(2)), 'bool', /beyond bool's 0 to 1/],
    [tensor('string', [1], ['a']), 'float32', /holds string, the input takes float32/],
    [tensor('complex64', [1]), 'float32', /holds complex64/],
  ])('refuses %o as %s', (value, dtype, message) => {
    const error = refusal(() => castTensor(value, dtype, 'x'))
    expect(error.code).toBe('INPUT_DTYPE')
    expect(error.message).toMatch(message)
  })
  it('tells what can be cast at all', () => {
    expect(isCastable('float32', 'int8')).toBe(true)
    expect(isCastable('string', 'string')).toBe(true)
    expect(isCastable('string', 'int8')).toBe(false)
  })
})

describe('parseJsonSample', () => {
  const parse = (text: string) => parseJsonSample(new TextEncoder().encode(text), 'x.json')
  it('reads one array without a name', () => {
    expect(parse('[[1, 2.5], [-3e2, "NaN"]]').get(null)).toEqual(tensor('float64', [2, 2], Float64Array.of(1, 2.5, -300, Number.NaN)))
  })
  it('reads an object of arrays in its order', () => {
    const sample = parse('{"b": [true, false], "a": ["x", "NaN"], "s": 4, "e": [[], []]}')
    expect([...sample.keys()]).toEqual(['b', 'a', 's', 'e'])
    expect(sample.get('b')).toEqual(tensor('bool', [2], Uint8Array.of(1, 0)))
    expect(sample.get('s')).toEqual(tensor('float64', [], Float64Array.of(4)))
    expect(sample.get('e')?.shape).toEqual([2, 0])
  })
  it('reads words', () => {
    expect(parse('[["ja", "nein"]]').get(null)).toEqual(tensor('string', [1, 2], ['ja', 'nein']))
  })
  it.each([
    ['[1, 2', /no JSON/],
    ['[[1, 2], [3]]', /ragged: an array of 1 stands where an array of 2 is expected/],
    ['[[1], 2]', /ragged: 2 stands where an array of 1/],
    ['[1, [2]]', /ragged/],
    ['[null]', /element is null/],
    ['[1, "x"]', /element 1 is "x" among numbers/],
    ['[1, true]', /element 1 is true among numbers/],
    ['{}', /no arrays/],
    ['{"a": {"b": [1]}}', /ragged/],
    [`${'['.repeat(40)}1${']'.repeat(40)}`, /nested more than 16 deep/],
    [`${'['.repeat(200_000)}`, /no JSON/],
  ])('refuses %s', (text, message) => {
    const error = refusal(() => parse(text))
    expect(error.code).toBe('INPUT_JSON')
    expect(error.message).toMatch(message)
  })
  it('reads numbers as JSON.parse does, to the last bit', () => {
    const random = new Random(5)
    const digits = (count: number): string => Array.from({ length: count }, () => random.integer(0, 9)).join('')
    const texts = Array.from({ length: 20_000 }, () => {
      const whole = random.integer(0, 2) ? `${random.integer(1, 9)}${digits(random.integer(0, 18))}` : '0'
      const fraction = random.integer(0, 1) ? `.${digits(random.integer(1, 20))}` : ''
      const exponent = random.integer(0, 2) ? '' : `${['e', 'E', 'e+', 'E-'][random.integer(0, 3)]}${random.integer(0, 330)}`
      return `${random.integer(0, 1) ? '-' : ''}${whole}${fraction}${exponent}`
    })
    texts.push('-0', '0.0', '9007199254740993', '9007199254740991e1', '5e-324', '1e400', '1e-400', '123456789012345678901234567890')
    const wanted = Float64Array.from(texts, Number)
    expect(parse(`[${texts.join(',')}]`).get(null)).toEqual(tensor('float64', [texts.length], wanted))
  })
  it('reads words and keys with escapes, spaces anywhere, and a byte order mark', () => {
    const words = ['', 'a"b', 'zwölf', '\\', '\u{1f600}', 'line\nfeed', ' ', 'NaN', '[1,2]']
    expect(parse(JSON.stringify({ 'k"ey': words })).get('k"ey')).toEqual(tensor('string', [words.length], words))
    expect(parse('\ufeff \n[\t1 ,\r2 ] ').get(null)).toEqual(tensor('float64', [2], Float64Array.of(1, 2)))
  })
  it('takes words for numbers wherever they stand among numbers, and not beside true and false', () => {
    expect(parse('["NaN", "Infinity", 1]').get(null)!.data).toEqual(Float64Array.of(Number.NaN, Infinity, 1))
    expect(parse('["NaN", "-Infinity"]').get(null)!.data).toEqual(Float64Array.of(Number.NaN, -Infinity))
    expect(refusal(() => parse('["NaN", "no", 1]')).message).toMatch('element 1 is "no" among numbers')
    expect(refusal(() => parse('[true, "NaN"]')).message).toMatch('element 0 is true among numbers')
  })
  it.each([
    '01',
    '1.',
    '.5',
    '-',
    '+1',
    '1e',
    'NaN',
    'tru',
    '"a',
    '"\\x"',
    '"a\tb"',
    '[1,]',
    '[,1]',
    '[1] 2',
    '[1}',
    '{"a" 1}',
    '{"a": 1,}',
    '{a: 1}',
    '"\\',
  ])('refuses what JSON.parse refuses: %s', (text) => {
    const whole = /^[[{]/.test(text) ? text : `[${text}]`
    expect(() => JSON.parse(whole)).toThrow()
    expect(refusal(() => parse(whole)).message).toMatch('this is no JSON')
  })
  it('takes a few times the memory of the text, and no tree of objects', () => {
    const text = new TextEncoder().encode(`[${new Array(500_000).fill('[1,2,3]').join(',')}]`)
    const before = process.memoryUsage()
    const { shape } = parseJsonSample(text, 'x.json').get(null)!
    const after = process.memoryUsage()
    expect(shape).toEqual([500_000, 3])
    expect(after.heapUsed + after.arrayBuffers - before.heapUsed - before.arrayBuffers).toBeLessThan(10 * text.length)
  })
  it('is told from raw numbers by being text', () => {
    expect(looksLikeJson(new TextEncoder().encode(' \n[1]'))).toBe(true)
    expect(looksLikeJson(Uint8Array.of(0x5b, 0, 0, 0x3f))).toBe(false)
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

describe('Random', () => {
  it('is xoshiro128**: what the reference implementation gives from a known state', () => {
    const state = Uint32Array.of(0x964d4a0c, 0xd40ab895, 0xad7fdecb, 0x3006f0f0)
    expect(Array.from({ length: 4 }, () => nextBits(state))).toEqual([0xf1391922, 0x6fe53806, 0xa5be2840, 0xf510ee70])
  })
  it('repeats for a seed and differs between seeds and streams', () => {
    const first = (...seed: [number, ...number[]]) => new Random(...seed).uniform()
    expect(first(7, 1, 2)).toBe(first(7, 1, 2))
    expect(new Set([first(7), first(8), first(7, 0), first(7, 1), first(7, 0, 1), first(-7), first(7 + 2 ** 32)]).size).toBe(7)
  })
  it('is uniform, and normal', () => {
    const random = new Random(1)
    const mean = (of: () => number) => Array.from({ length: 20_000 }, of).reduce((a, b) => a + b) / 20_000
    expect(Math.abs(mean(() => random.uniform()) - 0.5)).toBeLessThan(0.01)
    expect(Math.abs(mean(() => random.normal()))).toBeLessThan(0.03)
    expect(Math.abs(mean(() => random.normal() ** 2) - 1)).toBeLessThan(0.05)
    expect(Math.abs(mean(() => random.normal() ** 4) - 3)).toBeLessThan(0.4)
  })
  it('makes what each dtype can hold', () => {
    const values = (dtype: DType) => Array.from<unknown>(randomTensor(new Random(3), dtype, [1000]).data).map(Number)
    expect(Math.max(...values('int32'))).toBe(9)
    expect(Math.min(...values('int64'))).toBe(0)
    expect(new Set(values('bool')).size).toBe(2)
    expect(Math.min(...values('int8'))).toBeLessThan(-120)
    expect(values('float32').every((value) => Math.fround(value) === value)).toBe(true)
    expect(randomPicture(new Random(3), 20, 10, 3).shape).toEqual([20, 10, 3])
    expect(Math.max(...randomPicture(new Random(3), 50, 50, 1).data)).toBe(255)
  })
})

describe('naturalOrder', () => {
  it('compares numbers as numbers', () => {
    const names = ['b', '10.png', '9.png', 'a10b2', 'a9', 'a10b10', '010.png', 'B']
    expect(names.sort(naturalOrder)).toEqual(['9.png', '010.png', '10.png', 'B', 'a9', 'a10b2', 'a10b10', 'b'])
  })
})

describe('Notes', () => {
  it('keeps a remark once, with its first place and how many there are', () => {
    const notes = new Notes()
    for (const where of ['b', 'a', 'b', 'c']) notes.add('resized', where)
    notes.add('once', 'a')
    notes.add('of the run')
    expect(notes.list()).toEqual(['resized (b and 2 more)', 'once (a)', 'of the run'])
  })
})
