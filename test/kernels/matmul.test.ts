import { describe, expect, it } from 'vitest'
import { type Arithmetic, PLAIN } from '../../kernels/arithmetic.js'
import { roundToHalf } from '../../kernels/float16.js'
import { type MatmulShape, matmul, matmulInt32 } from '../../kernels/matmul.js'
import { transposed } from '../../kernels/products.js'
import { halves, singles, whole } from '../support/numbers.js'

const { fround } = Math
const HALF: Arithmetic = { ...PLAIN, sum: 'float16' }
const ONE = { a: [0], b: [0] }

function plainly(a: Float32Array, b: Float32Array, { rows, terms, columns }: MatmulShape, add: (sum: number, product: number) => number) {
  return Float32Array.from({ length: rows * columns }, (_, at) => {
    const [i, j] = [Math.floor(at / columns), at % columns]
    let sum = 0
    for (let k = 0; k < terms; k++) sum = add(sum, fround(a[i * terms + k]! * b[k * columns + j]!))
    return sum
  })
}

describe('matmul', () => {
  for (const [rows, terms, columns] of [
    [1, 1, 1],
    [1, 17, 9],
    [9, 17, 1],
    [3, 5, 3],
    [4, 8, 4],
    [7, 33, 6],
  ] as const) {
    const shape = { rows, terms, columns, ...ONE }
    it(`sums in ascending order, bit for bit: [${rows}, ${terms}] by [${terms}, ${columns}]`, () => {
      const [a, b] = [singles(rows * terms, 1), singles(terms * columns, 2)]
      const expected = plainly(a, b, shape, (sum, product) => fround(sum + product))
      expect(matmul(a, b, shape, PLAIN)).toEqual(expected)
      const turned = { ...shape, transposeA: true, transposeB: true }
      expect(matmul(transposed(a, 0, rows, terms), transposed(b, 0, terms, columns), turned, PLAIN)).toEqual(expected)
    })
    it(`rounds each step to binary16 when asked: [${rows}, ${terms}] by [${terms}, ${columns}]`, () => {
      const [a, b] = [halves(rows * terms, 3), halves(terms * columns, 4)]
      expect(matmul(a, b, shape, HALF)).toEqual(plainly(a, b, shape, (sum, product) => roundToHalf(fround(sum + product))))
    })
  }
  it('takes the matrices that the indices name', () => {
    const [a, b] = [whole(2 * 6, 1), whole(3 * 6, 2)]
    const shape = { rows: 2, terms: 3, columns: 2 }
    const single = (i: number, j: number) => matmul(a.subarray(6 * i, 6 * i + 6), b.subarray(6 * j, 6 * j + 6), { ...shape, ...ONE }, PLAIN)
    const pairs = [
      [0, 2],
      [1, 2],
      [1, 0],
    ] as const
    const expected = pairs.flatMap(([i, j]) => [...single(i, j)])
    expect([...matmul(a, b, { ...shape, a: pairs.map(([i]) => i), b: pairs.map(([, j]) => j) }, PLAIN)]).toEqual(expected)
    expect([...matmul(a, b, { ...shape, a: [0, 1], b: [2, 2] }, PLAIN)]).toEqual(expected.slice(0, 8))
  })
  it('gives zeros where there are no terms, and nothing where there are no rows', () => {
    expect(matmul(new Float32Array(0), new Float32Array(0), { rows: 2, terms: 0, columns: 2, ...ONE }, PLAIN)).toEqual(new Float32Array(4))
    expect(matmul(new Float32Array(0), singles(6, 1), { rows: 0, terms: 3, columns: 2, ...ONE }, PLAIN)).toHaveLength(0)
    expect(matmul(singles(6, 1), singles(6, 1), { rows: 2, terms: 3, columns: 2, a: [], b: [] }, PLAIN)).toHaveLength(0)
  })
  it('makes sums beyond the limit infinite', () => {
    const limited = { ...PLAIN, productLimit: 32752 }
    const shape = { rows: 1, terms: 32, columns: 1, ...ONE }
    const ones = new Float32Array(32).fill(1)
    expect([
      ...matmul(
        ones,
        ones.map((one) => 1000 * one),
        shape,
        limited,
      ),
    ]).toEqual([32000])
    expect([
      ...matmul(
        ones,
        ones.map((one) => -1031 * one),
        shape,
        limited,
      ),
    ]).toEqual([-Infinity])
  })
  it('wraps integers at 32 bits', () => {
    const [a, b] = [Int32Array.of(2 ** 30, 2 ** 30), Int32Array.of(1, 1)]
    expect([...matmulInt32(a, b, { rows: 1, terms: 2, columns: 1, ...ONE })]).toEqual([-(2 ** 31)])
    expect([...matmulInt32(Int32Array.of(65537), Int32Array.of(65537), { rows: 1, terms: 1, columns: 1, ...ONE })]).toEqual([131073])
  })
})
