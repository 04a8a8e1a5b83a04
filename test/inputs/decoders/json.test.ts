import { describe, expect, it } from 'vitest'
import { Random } from '../../../kernels/generator.js'
import { tensor } from '../../../kernels/tensor.js'
import { looksLikeJson, parseJsonSample } from '../../../src/inputs/decoders/json.js'
import { refusal } from '../files.js'

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
