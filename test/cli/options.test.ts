/** How the text of flags is read. */
import { describe, expect, it } from 'vitest'
import { joinNegative, preprocessingOf, samplesOf, sessionOf, toleranceOption } from '../../src/cli/options.js'

describe('--tolerance', () => {
  it.each([
    ['atol=1e-3', { atol: 1e-3, rtol: 0 }],
    ['rtol=0.5', { atol: 0, rtol: 0.5 }],
    ['rtol=2,atol=1', { atol: 1, rtol: 2 }],
    ['Identity:atol=1', { output: 'Identity', atol: 1, rtol: 0 }],
    ['StatefulPartitionedCall:0:atol=1,rtol=2', { output: 'StatefulPartitionedCall:0', atol: 1, rtol: 2 }],
    ['a=1,b=2:rtol=3', { output: 'a=1,b=2', atol: 0, rtol: 3 }],
    ['two words:atol=0', { output: 'two words', atol: 0, rtol: 0 }],
    ['atol=1:atol=2', { output: 'atol=1', atol: 2, rtol: 0 }],
  ])('%s', (text, expected) => {
    expect(toleranceOption(text)).toEqual(expected)
  })

  it.each([
    '',
    'atol',
    'atol=',
    'atol=x',
    'atol=-1',
    'atol=1=2',
    'atol=1,atol=2',
    'atol=1,btol=2',
    'btol=1',
    'Identity:',
    'atol=Infinity',
    '1e-3',
  ])('refuses %j', (text) => {
    expect(() => toleranceOption(text)).toThrow(
      expect.objectContaining({ code: 'USAGE_OPTION', what: expect.stringContaining(`'${text}'`) }),
    )
  })
})

it('a bias is one number or a list of them', () => {
  expect(preprocessingOf({ scale: '0.5', bias: '-1,2,3.5', order: 'BGR' })).toEqual({ scale: 0.5, bias: [-1, 2, 3.5], order: 'BGR' })
  expect(preprocessingOf({ bias: '-1' })).toEqual({ bias: [-1] })
  expect(preprocessingOf({})).toBeUndefined()
  expect(() => preprocessingOf({ bias: '1,,2' })).toThrow("--bias is ''")
  expect(() => preprocessingOf({ scale: 'Infinity' })).toThrow("--scale is 'Infinity'")
})

it('a number that begins with a minus belongs to the flag before it', () => {
  expect(joinNegative(['--scale', '-1', '--bias', '-1.5,-2', '--quiet', '--bias', '.5'])).toEqual([
    '--scale=-1',
    '--bias=-1.5,-2',
    '--quiet',
    '--bias',
    '.5',
  ])
  expect(joinNegative(['--bias', '--quiet', '-1'])).toEqual(['--bias', '--quiet', '-1'])
})

it('random samples have a seed', () => {
  expect(samplesOf({ random: '3' })).toEqual({ random: { count: 3, seed: 0 } })
  expect(samplesOf({ random: '3', seed: '7' })).toEqual({ random: { count: 3, seed: 7 } })
  expect(samplesOf({ inputs: ['a'] })).toEqual({ inputs: ['a'] })
  expect(() => samplesOf({ random: '1.5' })).toThrow('expected a whole number from 1')
  expect(() => samplesOf({ random: '1', seed: '-1' })).toThrow('expected a whole number from 0')
})

it('custom layers are named by class', () => {
  expect(sessionOf({ 'custom-layer': ['Swish=a.js', 'Other=dir/b=c.js'] })).toMatchObject({
    customLayers: { Swish: 'a.js', Other: 'dir/b=c.js' },
  })
})
