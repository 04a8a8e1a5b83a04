import { describe, expect, it } from 'vitest'
import type { Tensor } from '../../kernels/tensor.js'
import type { InputFeature } from '../../src/graph/model.js'
import { bareName, byArrays, mapInputs } from '../../src/inputs/match.js'
import { array, image } from './files.js'

const pairs = (source: InputFeature[], target: InputFeature[], map: [string, string][] = []) => {
  const mapping = mapInputs(source, target, map)
  return {
    pairs: mapping.pairs.map((pair) => `${pair.source.name}=${pair.target.name} ${pair.by}`),
    open: [...mapping.source, ...mapping.target].map(({ name }) => name),
  }
}

const float = (name: string, ...shape: (number | null)[]) => array(name, 'float32', shape)

describe('mapInputs', () => {
  it('goes by name, through aliases and what converters change', () => {
    const source = [float('serving_default_a:0', 1, 4), float('input.1', 1, 4), array('t:0', 'float32', [1, 4], { aliases: ['mask'] })]
    expect(pairs(source, [float('mask', 1, 4), float('input_1', 1, 4), float('a', 1, 4)]).pairs).toEqual([
      'serving_default_a:0=a name',
      'input.1=input_1 name',
      't:0=mask name',
    ])
  })
  it('lets a given pair decide over names', () => {
    const both = [float('a', 1, 4), float('b', 1, 4)]
    expect(pairs(both, both, [['a', 'b']])).toEqual({ pairs: ['a=b map', 'b=a shape'], open: [] })
    expect(
      pairs(both, both, [
        ['a', 'b'],
        ['b', 'a'],
        ['output', 'Identity'],
      ]).pairs,
    ).toEqual(['a=b map', 'b=a map'])
  })
  it('goes by shape, also through dimensions of one and the channel axis', () => {
    const source = [float('p', 1, 8, 9, 3), float('q', 1, 5)]
    expect(pairs(source, [float('x', 5), float('y', 3, 8, 9)]).pairs).toEqual(['p=y shape', 'q=x shape'])
  })
  it('prefers the strictest fit', () => {
    const source = [float('p', 1, 3, 8, 8), float('q', 1, 8, 8, 3)]
    expect(pairs(source, [float('x', 1, 8, 8, 3), float('y', 1, 3, 8, 8)]).pairs).toEqual(['p=y shape', 'q=x shape'])
  })
  it('tells inputs of one shape apart by the class of their dtype', () => {
    const source = [array('ids', 'int64', [1, 16]), float('mask', 1, 16)]
    expect(pairs(source, [float('x', 1, 16), array('y', 'int32', [1, 16])]).pairs).toEqual(['ids=y shape', 'mask=x shape'])
  })
  it('pairs integers with floats where nothing else is there', () => {
    expect(pairs([array('ids', 'int64', [1, 16])], [float('x', 1, 16)]).pairs).toEqual(['ids=x shape'])
    expect(pairs([array('words', 'string', [1, 16])], [float('x', 1, 16)]).open).toEqual(['words', 'x'])
  })
  it('goes by order among inputs that all fit each other', () => {
    expect(pairs([float('a', 1, 4), float('b', 1, 4)], [float('x', 1, 4), float('y', 1, 4)]).pairs).toEqual(['a=x order', 'b=y order'])
  })
  it('leaves open what is not unique', () => {
    expect(pairs([float('a', 1, 4), float('b', 1, 4)], [float('x', 1, 4)])).toEqual({ pairs: [], open: ['a', 'b', 'x'] })
    expect(pairs([float('a', 1, 4)], [float('x', 1, 5)]).open).toEqual(['a', 'x'])
  })
  it('prefers an input that is required to one alike that is not', () => {
    const target = [array('state', 'float32', [1, 4], { optional: true }), float('x', 1, 4)]
    expect(pairs([float('a', 1, 4)], target)).toEqual({ pairs: ['a=x shape'], open: ['state'] })
  })
  it('pairs a picture with the array that shows one', () => {
    expect(pairs([float('p', null, 8, 9, 3)], [image('photo', 'BGR', 8, 9)]).pairs).toEqual(['p=photo shape'])
    expect(pairs([float('p', 1, 3, 8, 9)], [image('photo', 'RGB', 8, 9)]).pairs).toEqual(['p=photo shape'])
    expect(pairs([float('p', 1, 28, 28)], [image('ink', 'GRAY', 28, 28)]).pairs).toEqual(['p=ink shape'])
    expect(pairs([float('p', null, null, null, 3)], [image('photo', 'RGB', 8, 9)]).pairs).toEqual(['p=photo shape'])
    expect(pairs([float('p', 1, 8, 9, 3)], [image('photo', 'RGB', 9, 8)]).open).toEqual(['p', 'photo'])
  })
  it('takes open and flexible dimensions', () => {
    const flexible = array('x', 'float32', [1, 8], {
      flexibility: {
        kind: 'enumerated',
        shapes: [
          [1, 8],
          [1, 16],
        ],
      },
    })
    expect(pairs([float('a', 1, 16)], [flexible]).pairs).toEqual(['a=x shape'])
    expect(pairs([float('a', null, null)], [flexible]).pairs).toEqual(['a=x shape'])
  })
})

describe('bareName', () => {
  it.each([
    ['serving_default_input_1:0', 'input_1'],
    ['input.1', 'input_1'],
    ['A/b:12', 'a_b'],
  ])('%s is %s', (name, bare) => expect(bareName(name)).toBe(bare))
})

describe('byArrays', () => {
  const tensor = (...numbers: number[]): Tensor => ({ dtype: 'float32', shape: [1, 4], data: Float32Array.from(numbers) })
  const guessed = (['a', 'b'] as const).map((name, i) => ({
    source: float(name, 1, 4),
    target: float(['x', 'y'][i]!, 1, 4),
    by: 'order' as const,
  }))
  const found = (x: Tensor, y: Tensor) =>
    byArrays(guessed, { source: { a: tensor(1, 2, 3, 4), b: tensor(5, 6, 7, 8) }, target: { x, y } }).map(
      (pair) => `${pair.source.name}=${pair.target.name} ${pair.by}`,
    )
  it('pairs inputs that are alike by the arrays that each side is given', () => {
    expect(found(tensor(5, 6, 7, 8.001), tensor(1, 2, 3, 4))).toEqual(['a=y value', 'b=x value'])
  })
  it('leaves the order where the arrays do not say', () => {
    expect(found(tensor(1, 2, 3, 4), tensor(1, 2, 3, 4))).toEqual(['a=x order', 'b=y order'])
    expect(found(tensor(9, 9, 9, 9), tensor(1, 2, 3, 4))).toEqual(['a=x order', 'b=y order'])
  })
})
