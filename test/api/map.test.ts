/** `--map` entries, whose names may hold the sign that parts them. */
import { expect, it } from 'vitest'
import { resolveMap } from '../../src/api/map.js'
import type { Model, OutputFeature } from '../../src/index.js'

const model = (inputs: string[], outputs: string[]): Model =>
  ({ inputs: inputs.map((name) => ({ name, aliases: [`alias ${name}`] })), outputs: outputs.map((name) => ({ name })) }) as unknown as Model

const label = { name: 'classLabel', kind: 'label' } as OutputFeature
const source = model(['a=b', 'x:0'], ['out'])
const plain = model(['c=d', 'image'], ['Identity'])
const target: Model = { ...plain, outputs: [...plain.outputs, label] }

it.each([
  ['x:0=image', ['x:0', 'image']],
  ['a=b=c=d', ['a=b', 'c=d']],
  ['out=Identity', ['out', 'Identity']],
  ['alias a=b=image', ['alias a=b', 'image']],
])('%s', (entry, expected) => {
  expect(resolveMap([entry], source, target)).toEqual([expected])
})

it('takes pairs as they are', () => {
  expect(resolveMap([['a=b', 'image']], source, target)).toEqual([['a=b', 'image']])
})

it.each(['image=x:0', 'x:0', 'x:0=', '=', 'a=c=d'])('refuses %j with the names of both sides', (entry) => {
  expect(() => resolveMap([entry], source, target)).toThrow(
    expect.objectContaining({
      code: 'USAGE_MAP',
      what: expect.stringContaining(entry),
      remedy: expect.stringMatching(/'a=b'.*'Identity'/),
    }),
  )
})

it.each([
  ['x:0=Identity', 'pairs an input with an output'],
  ['out=image', 'pairs an input with an output'],
  ['out=classLabel', 'pairs a label'],
])('says why %s is no pair, and does not drop it', (entry, why) => {
  expect(() => resolveMap([entry], source, target)).toThrow(
    expect.objectContaining({ code: 'USAGE_MAP', what: expect.stringContaining(why) }),
  )
})

it('refuses a second partner of an input, and takes one of an output', () => {
  expect(() => resolveMap(['x:0=image', 'a=b=image'], source, target)).toThrow(
    expect.objectContaining({ what: expect.stringContaining('second partner') }),
  )
  expect(resolveMap(['x:0=image', 'a=b=c=d', 'x:0=image'], source, target)).toHaveLength(3)
  const two = model(['x'], ['out', 'also'])
  expect(resolveMap(['out=Identity', 'also=Identity'], two, target)).toHaveLength(2)
})
