import { expect, it } from 'vitest'
import { amount, apart, counted, decibels, number, percent, sample, samples, shorten, visible, wrap } from '../../reports/format.js'

it.each([
  [0, '0'],
  [-0, '0'],
  [1.23456, '1.23'],
  [12345.6, '12300'],
  [0.001234, '0.00123'],
  [0.0001234, '1.2e-4'],
  [-123456.7, '-1.2e+5'],
  [4096, '4096'],
  [Number.NaN, 'NaN'],
  [Infinity, 'inf'],
  [-Infinity, '-inf'],
])('number %d is %s', (value, text) => {
  expect(number(value)).toBe(text)
})

it.each([
  [1, '100%'],
  [0.999, '>99%'],
  [0.5, '50%'],
  [0.001, '<1%'],
  [0, '0%'],
])('share %d is %s', (share, text) => {
  expect(percent(share)).toBe(text)
})

it.each([
  [0, '0'],
  [999, '999'],
  [1234, '1.23 thousand'],
  [7_123_456, '7.12 million'],
  [3e15, '3000 trillion'],
])('amount %d is %s', (count, text) => {
  expect(amount(count)).toBe(text)
})

it('decibels keep one decimal', () => {
  expect([decibels(71.38), decibels(Infinity), decibels(Number.NaN)]).toEqual(['71.4 dB', 'inf', 'NaN'])
})

it('counts agree with their noun', () => {
  expect([counted(0, 'op'), counted(1, 'op'), counted(12_345, 'op')]).toEqual(['0 ops', '1 op', '12,345 ops'])
})

it('long names lose their middle', () => {
  expect(shorten('model/block_1/conv/Relu6', 12)).toBe('mod…nv/Relu6')
  expect(shorten('short', 12)).toBe('short')
})

it('control characters cannot reach the terminal', () => {
  expect(visible('a\u001b[31mb\u0007\r\n\u202e')).toBe('a\ufffd[31mb\ufffd\ufffd\ufffd\ufffd')
})

it('lines break between words, and a word that is too long loses its middle', () => {
  expect(wrap('the quick  brown fox', 9)).toEqual(['the quick', 'brown fox'])
  expect(wrap('a abcdefghijkl b', 5)).toEqual(['a', 'a…jkl', 'b'])
  expect(wrap('', 5)).toEqual([])
})

it.each([
  [
    [1.62, 1.62],
    ['1.62', '1.62'],
  ],
  [
    [1.6201, 1.6202],
    ['1.6201', '1.6202'],
  ],
  [
    [1, 1 + Number.EPSILON],
    ['1', '1.0000000000000002'],
  ],
  [
    [1.00001e-9, 1.00002e-9, 5],
    ['1.00001e-9', '1.00002e-9', '5'],
  ],
  [
    [2 ** 1000, 2 ** 1000 * (1 + Number.EPSILON)],
    ['1.071508607186267e+301', '1.071508607186268e+301'],
  ],
  [
    [0, -0],
    ['0', '0'],
  ],
  [
    [Number.NaN, Number.NaN, Infinity],
    ['NaN', 'NaN', 'inf'],
  ],
  [[0.25], ['0.25']],
])('%j side by side are %j', (values, texts) => {
  expect(apart(values)).toEqual(texts)
})

it('samples have their number and their name', () => {
  expect(sample(['a.png', 'b\u001b.png'], 1)).toBe("sample 1 'b\ufffd.png'")
  expect(sample([], 3)).toBe('sample 3')
})

it('several samples are listed in short', () => {
  const names = ['a', 'b', 'c', 'd', 'e', 'f']
  expect(samples(names, [])).toBe('')
  expect(samples(names, [4])).toBe("sample 4 'e'")
  expect(samples(names, [0, 2, 3, 4, 5])).toBe("sample 0 'a', sample 2 'c', sample 3 'd', 2 more")
  expect(samples(names, [0, 1, 2, 3, 4, 5])).toBe('all 6 samples')
  expect(samples(['a'], [0])).toBe("sample 0 'a'")
})
