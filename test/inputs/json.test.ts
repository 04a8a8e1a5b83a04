import { describe, expect, it } from 'vitest'
import { tensor } from '../../kernels/tensor.js'
import { looksLikeJson, parseJsonSample } from '../../src/inputs/json.js'
import { refusal } from './files.js'

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
  it('is told from raw numbers by being text', () => {
    expect(looksLikeJson(new TextEncoder().encode(' \n[1]'))).toBe(true)
    expect(looksLikeJson(Uint8Array.of(0x5b, 0, 0, 0x3f))).toBe(false)
  })
})
