import { describe, expect, it } from 'vitest'
import { PLAIN } from '../../kernels/arithmetic.js'
import { type Pooling, type PoolingShape, pool } from '../../kernels/pooling.js'

const LINE: PoolingShape = { planes: 1, input: [1, 1, 3], kernel: [1, 1, 2], output: [1, 1, 3], stride: [1, 1, 2], before: [0, 0, 1] }
const METHODS: [Pooling, number[]][] = [
  [{ kind: 'max' }, [-3, 4, -Infinity]],
  [{ kind: 'average', countPadding: true }, [-1.5, 1.5, 0]],
  [{ kind: 'average', countPadding: false }, [-3, 1.5, NaN]],
  [{ kind: 'l2' }, [3, Math.fround(Math.sqrt(17)), 0]],
]

describe('pool', () => {
  for (const [method, expected] of METHODS) {
    it(`takes what lies inside the input: ${JSON.stringify(method)}`, () => {
      expect([...pool(Float32Array.of(-3, 4, -1), LINE, method, PLAIN)]).toEqual(expected)
    })
  }
  it('lets NaN through a maximum wherever it stands', () => {
    const shape: PoolingShape = { ...LINE, input: [1, 1, 4], output: [1, 1, 3], stride: [1, 1, 1], before: [0, 0, 0] }
    expect([...pool(Float32Array.of(1, NaN, 2, 3), shape, { kind: 'max' }, PLAIN)]).toEqual([NaN, NaN, 3])
  })
  it('rounds each step of a sum to binary16 when asked', () => {
    const shape: PoolingShape = { ...LINE, kernel: [1, 1, 3], output: [1, 1, 1], before: [0, 0, 0] }
    const input = Float32Array.of(2048, 1, 1)
    expect([...pool(input, shape, { kind: 'average', countPadding: true }, { ...PLAIN, sum: 'float16' })]).toEqual([Math.fround(2048 / 3)])
    expect([...pool(input, shape, { kind: 'average', countPadding: true }, PLAIN)]).toEqual([Math.fround(2050 / 3)])
  })
  it('makes nothing of no planes', () => {
    expect(pool(new Float32Array(0), { ...LINE, planes: 0 }, { kind: 'max' }, PLAIN)).toHaveLength(0)
  })
})
