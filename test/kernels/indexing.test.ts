import { describe, expect, test } from 'vitest'
import { PLAIN } from '../../kernels/arithmetic.js'
import { gatherRuns, runsAlong, runsOfElements, runsOfTuples, scatterRuns } from '../../kernels/indexing.js'
import { tensor } from '../../kernels/tensor.js'

const rows = tensor('float32', [3, 2], Float32Array.of(1, 2, 3, 4, 5, 6))

describe('gathering', () => {
  test('an index that is out of range gives zeros', () => {
    expect(gatherRuns(rows, runsAlong([3, 2], 0, Int32Array.of(2, -1)), [2, 2]).data).toEqual(Float32Array.of(5, 6, 0, 0))
    expect(gatherRuns(rows, runsOfElements([3, 2], 1, Int32Array.of(1, -1, 0), 1), [3, 1]).data).toEqual(Float32Array.of(2, 0, 5))
  })

  test('empty tuples address all of the data, once each', () => {
    const runs = runsOfTuples([3, 2], [], { tuples: 2, depth: 0 }, (index) => index)
    expect(gatherRuns(rows, runs, [2, 3, 2]).data).toEqual(Float32Array.of(1, 2, 3, 4, 5, 6, 1, 2, 3, 4, 5, 6))
  })

  test('no indices, no elements', () => {
    expect(gatherRuns(rows, runsAlong([3, 2], 0, new Int32Array(0)), [0, 2])).toMatchObject({ shape: [0, 2], data: new Float32Array(0) })
  })

  test('text is data too', () => {
    const words = tensor('string', [3], ['a', 'b', 'c'])
    expect(gatherRuns(words, runsAlong([3], 0, Int32Array.of(2, 0)), [2]).data).toEqual(['c', 'a'])
  })
})

describe('scattering', () => {
  const ones = tensor('float16', [4], Float32Array.of(1, 1, 1, 1))
  const onto = (arithmetic = PLAIN) =>
    scatterRuns(tensor('float16', [1], Float32Array.of(2048)), { starts: Int32Array.of(0, 0, 0, 0), length: 1 }, ones, 'add', arithmetic)
      .data

  test('partial sums are held in float32, or rounded to binary16 at every step', () => {
    expect([...onto()]).toEqual([2052])
    expect([...onto({ ...PLAIN, sum: 'float16' })]).toEqual([2048])
  })

  test('what is out of range is left out, and the operand stays as it was', () => {
    const result = scatterRuns(
      rows,
      { starts: Int32Array.of(-1, 2), length: 2 },
      tensor('float32', [2, 2], Float32Array.of(9, 9, 7, 8)),
      'update',
      PLAIN,
    )
    expect(result.data).toEqual(Float32Array.of(1, 2, 7, 8, 5, 6))
    expect(rows.data[2]).toBe(3)
  })

  test('NaN stays in maxima and minima', () => {
    const nan = tensor('float32', [1], Float32Array.of(Number.NaN))
    for (const mode of ['max', 'min'] as const) {
      expect(scatterRuns(rows, { starts: Int32Array.of(1), length: 1 }, nan, mode, PLAIN).data[1]).toBeNaN()
    }
  })

  test('integer products wrap', () => {
    const value = tensor('int32', [1], Int32Array.of(123456789))
    const result = scatterRuns(value, { starts: Int32Array.of(0), length: 1 }, tensor('int32', [1], Int32Array.of(987654321)), 'mul', PLAIN)
    expect(result.data[0]).toBe(Math.imul(123456789, 987654321))
  })
})
