/** Products of batches of matrices. */
import type { Arithmetic } from './arithmetic.js'
import { multiplyRows, type Rows, transposed } from './products.js'

export interface MatmulShape {
  /** Each product is [rows, terms] · [terms, columns]. */
  rows: number
  terms: number
  columns: number
  /** The matrices of `a` lie as [terms, rows]. */
  transposeA?: boolean
  /** The matrices of `b` lie as [columns, terms]. */
  transposeB?: boolean
  /** For each product the index of its matrix in `a`, and in `b`: a broadcast matrix comes up again. */
  a: readonly number[]
  b: readonly number[]
}

/** The matrices of one operand as rows of `terms` numbers; the last one that had to be turned is kept. */
function rowsOf(data: Float32Array, count: number, terms: number, turned: boolean): (matrix: number) => Rows {
  if (!turned) return (matrix) => ({ data, offset: matrix * count * terms, count })
  let last = -1
  let rows: Rows = { data, offset: 0, count }
  return (matrix) => {
    if (matrix !== last) rows = { data: transposed(data, matrix * count * terms, terms, count), offset: 0, count }
    last = matrix
    return rows
  }
}

/**
 * a · b for each pair of matrices: [products, rows, columns]. Terms are summed in ascending order from zero, as `multiplyRows` says.
 * Without terms every element is 0.
 */
export function matmul(a: Float32Array, b: Float32Array, shape: MatmulShape, arithmetic: Arithmetic): Float32Array {
  const { rows, terms, columns, transposeA = false, transposeB = false } = shape
  const products = shape.a.length
  const out = new Float32Array(products * rows * columns)
  const sharesB = shape.b.every((matrix) => matrix === shape.b[0]) && shape.a.every((matrix, product) => matrix === product)
  if (products > 1 && sharesB && !transposeA) {
    // one tall matrix instead of many small ones
    out.set(matmul(a, b, { ...shape, rows: products * rows, a: [0], b: [shape.b[0]!] }, arithmetic))
    return out
  }
  const rowsOfA = rowsOf(a, rows, terms, transposeA)
  const rowsOfB = rowsOf(b, columns, terms, !transposeB)
  for (let product = 0; product < products; product++) {
    const place = { at: product * rows * columns, row: columns, column: 1 }
    multiplyRows(rowsOfA(shape.a[product]!), rowsOfB(shape.b[product]!), terms, out, place, arithmetic)
  }
  return out
}

/** `matmul` of int32 matrices; products and sums wrap at 32 bits. */
export function matmulInt32(a: Int32Array, b: Int32Array, shape: MatmulShape): Int32Array {
  const { rows, terms, columns, transposeA = false, transposeB = false } = shape
  const out = new Int32Array(shape.a.length * rows * columns)
  const [rowA, termA] = transposeA ? [1, rows] : [terms, 1]
  const [termB, columnB] = transposeB ? [1, terms] : [columns, 1]
  let at = 0
  for (let product = 0; product < shape.a.length; product++) {
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++, at++) {
        let i = shape.a[product]! * rows * terms + row * rowA
        let j = shape.b[product]! * terms * columns + column * columnB
        let sum = 0
        for (let k = 0; k < terms; k++, i += termA, j += termB) sum = (sum + Math.imul(a[i]!, b[j]!)) | 0
        out[at] = sum
      }
    }
  }
  return out
}
