import { describe, expect, it } from 'vitest'
import { type GoldenCase, runGolden, testGolden } from './golden.js'

describe('list ops', () => {
  testGolden('lists')

  const list = { parameter: 'ls', dtype: 'float32', shape: [2, 2], data: [1, 2, 3, 4] } as const
  const index = (value: number) => ({ parameter: 'index', dtype: 'int32', shape: [], data: [value] }) as const
  const value = (shape: number[]) => ({ parameter: 'value', dtype: 'float32', shape, data: new Array(shape[0]).fill(0) }) as const
  const refused = (op: string, ...inputs: readonly unknown[]) => {
    const expected = [{ dtype: 'float32', shape: [], data: [] }]
    const one = { name: op, op, dialect: 'mil', version: 'CoreML5', inputs, attributes: {}, expected } as unknown as GoldenCase
    return expect(() => runGolden(one))
  }

  it('refuse elements of another shape', () =>
    refused('list_write', list, index(0), value([3])).toThrow('writes a value of shape [3] into a list of elements of shape [2]'))
  it('refuse to read behind the end', () => refused('list_read', list, index(2)).toThrow('reads index 2 of a list of 2 elements'))
  it('refuse negative indices', () => {
    refused('list_read', list, index(-1)).toThrow('reads index -1')
    refused('list_write', list, index(-1), value([2])).toThrow('writes at index -1')
  })
  it('refuse an index that would take all memory', () =>
    refused('list_write', list, index(2 ** 31 - 1), value([2])).toThrow('which is more than'))
  it('refuse as many indices as not values', () => {
    const indices = { parameter: 'indices', dtype: 'int32', shape: [1], data: [0] }
    refused('list_scatter', list, indices, { ...value([2]), shape: [2, 1] }).toThrow('scatters 2 values to 1 indices')
  })
})
