/** How the text of flags is read. */
import { describe, expect, it } from 'vitest'
import {
  failOnOption,
  joinNegative,
  judgingOf,
  preprocessingOf,
  refuseQuietAndVerbose,
  samplesOf,
  sessionOf,
  toleranceOption,
} from '../../src/cli/options.js'

describe('--tolerance', () => {
  it.each([
    ['atol=1e-3', { atol: 1e-3, rtol: 0 }],
    ['rtol=0.5', { atol: 0, rtol: 0.5 }],
    ['rtol=2,atol=1', { atol: 1, rtol: 2 }],
    ['Identity:atol=1', { name: 'Identity', atol: 1, rtol: 0 }],
    ['StatefulPartitionedCall:0:atol=1,rtol=2', { name: 'StatefulPartitionedCall:0', atol: 1, rtol: 2 }],
    ['a=1,b=2:rtol=3', { name: 'a=1,b=2', atol: 0, rtol: 3 }],
    ['model/*/Relu:atol=1', { name: 'model/*/Relu', atol: 1, rtol: 0 }],
    ['two words:atol=0', { name: 'two words', atol: 0, rtol: 0 }],
    ['atol=1:atol=2', { name: 'atol=1', atol: 2, rtol: 0 }],
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

describe('--fail-on', () => {
  it.each(['warning', 'range-risk', 'epsilon-changed'])('takes %s', (text) => {
    expect(failOnOption(text)).toBe(text)
  })

  it.each([
    ['range-risks', 'Causes of like names: range-risk'],
    ['epsilon', 'epsilon-changed, epsilon-outside-sqrt'],
    ['', 'for example --fail-on range-risk'],
    ['error', 'for example --fail-on range-risk'],
    ['xyz', 'for example --fail-on range-risk'],
  ])('refuses %j', (text, remedy) => {
    expect(() => failOnOption(text)).toThrow(
      expect.objectContaining({
        code: 'USAGE_OPTION',
        what: `--fail-on is '${text}', expected 'warning' or a cause`,
        remedy: expect.stringContaining(remedy),
      }),
    )
  })
})

describe('judging', () => {
  it('is left to its defaults where no flag is given', () => {
    expect(judgingOf({})).toEqual({ tolerances: [] })
  })

  it('takes what is given', () => {
    expect(judgingOf({ tolerance: ['x:atol=1'], 'fail-on': ['warning', 'range-risk'], 'max-warnings': '0', 'min-snr': '-3.5' })).toEqual({
      tolerances: [{ name: 'x', atol: 1, rtol: 0 }],
      failOn: ['warning', 'range-risk'],
      maxWarnings: 0,
      minSnr: -3.5,
    })
  })

  it.each([
    [{ 'max-warnings': '-1' }, "--max-warnings is '-1', expected a whole number from 0"],
    [{ 'max-warnings': '1.5' }, "--max-warnings is '1.5'"],
    [{ 'min-snr': 'high' }, "--min-snr is 'high', expected a number"],
    [{ 'min-snr': 'NaN' }, "--min-snr is 'NaN'"],
  ])('refuses %j', (argv, message) => {
    expect(() => judgingOf(argv)).toThrow(message)
  })
})

it('quiet and verbose exclude each other', () => {
  expect(() => refuseQuietAndVerbose({ quiet: true, verbose: true })).toThrow('--quiet and --verbose are given together')
  expect(() => refuseQuietAndVerbose({ quiet: true, verbose: false })).not.toThrow()
  expect(() => refuseQuietAndVerbose({ quiet: false, verbose: true })).not.toThrow()
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
