/** Matrices that multiply batches of vectors, whichever way their weights are stored. */
import { ParityError } from '../../../graph/errors.js'
import type { Operator } from '../operator.js'
import { hybridMatrix } from './quantized/hybrid.js'

export interface Matrix {
  rows: number
  columns: number
  /** Adds the products with `batch` vectors of `columns` elements to `out`, of `rows` elements each. */
  accumulate: (vectors: Float32Array, batch: number, out: Float32Array) => void
}

function floatMatrix(weights: Float32Array, rows: number, columns: number): Matrix {
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
function diagonalMatrix(diagonal: Float32Array): Matrix {
  const size = diagonal.length
  return {
    rows: size,
    columns: size,
    accumulate(vectors, batch, out) {
      for (let i = 0; i < batch * size; i++) out[i]! += diagonal[i % size]! * vectors[i]!
    },
  }
}

/** Operand `index` as a matrix, or null where it is left out. Quantised weights multiply vectors that are quantised for each product. */
export function matrixOf(op: Operator, index: number): Matrix | null {
  if (!op.has(index)) return null
  const { dtype, shape, data } = op.inputOf(index, 'float32', 'int8')
  const [rows, columns] = shape
  if (dtype === 'float32' && shape.length === 1 && op.boolean('diagonal_recurrent_tensors')) return diagonalMatrix(data)
  if (shape.length !== 2) throw op.misshapen(`operand ${index} is no matrix`)
  return dtype === 'float32' ? floatMatrix(data, rows!, columns!) : hybridMatrix(op, index)
}

/** The matrix that must be there. */
export function requiredMatrix(op: Operator, index: number): Matrix {
  const matrix = matrixOf(op, index)
  if (matrix) return matrix
  throw new ParityError('MODEL_OPERAND', { what: `${op.type} lacks operand ${index}`, remedy: 'Convert the model again' })
}

/** Operand `index` as a vector of numbers, or null where it is left out. Quantised ones are the numbers that they stand for. */
export function vectorOf(op: Operator, index: number): Float32Array | null {
  if (!op.has(index)) return null
  const { dtype, data } = op.inputOf(index, 'float32', 'int8')
  if (dtype === 'float32') return data
  const scale = op.quantization(index)?.scale[0]
  if (scale === undefined) throw op.unsupported()
  return Float32Array.from(data, (q) => q * scale)
}
