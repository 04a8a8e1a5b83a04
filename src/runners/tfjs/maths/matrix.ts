/** Matrices that multiply batches of vectors, whichever way their weights are stored. */

export interface Matrix {
  rows: number
  columns: number
  /** Adds the products with `batch` vectors of `columns` elements to `out`, of `rows` elements each. */
  accumulate: (vectors: Float32Array, batch: number, out: Float32Array) => void
}

export function floatMatrix(weights: Float32Array, rows: number, columns: number): Matrix {
  return {
    rows,
    columns,
    accumulate(vectors, batch, out) {
      for (let b = 0; b < batch; b++) {
        for (let r = 0; r < rows; r++) {
          let sum = 0
          for (let c = 0; c < columns; c++) sum += weights[r * columns + c]! * vectors[b * columns + c]!
          out[b * rows + r]! += sum
        }
      }
    },
  }
}

/** A matrix that has elements on its diagonal alone. */
export function diagonalMatrix(diagonal: Float32Array): Matrix {
  const size = diagonal.length
  return {
    rows: size,
    columns: size,
    accumulate(vectors, batch, out) {
      for (let i = 0; i < batch * size; i++) out[i]! += diagonal[i % size]! * vectors[i]!
    },
  }
}
