/** Operands of recurrent networks as matrices and vectors, of floats or of integers that stand for them. */
import { diagonalMatrix, floatMatrix, type Matrix } from '../maths/matrix.js'
import { type Operand, only } from '../op.js'
import { misshapen, unsupported } from '../refusals.js'
import { hybridMatrix } from './quantized/hybrid.js'

/** How weights are read. */
export interface WeightReading {
  /** Whether integer weights multiply vectors that are quantized with a zero point. */
  asymmetric: boolean
  /** Whether weights of rank 1 are the diagonal of a matrix. */
  diagonal?: boolean
}

/** Quantized weights multiply vectors that are quantized for each product. */
export function matrixOf(weights: Operand, { asymmetric, diagonal = false }: WeightReading): Matrix {
  const { dtype, shape, data } = only(weights, 'float32', 'int8')
  const [rows, columns] = shape
  if (dtype === 'float32' && shape.length === 1 && diagonal) return diagonalMatrix(data)
  if (shape.length !== 2) throw misshapen(`[${shape}] is no matrix`)
  return dtype === 'float32' ? floatMatrix(data, rows!, columns!) : hybridMatrix(weights, asymmetric)
}

/** The numbers of a vector. */
export function vectorOf(value: Operand): Float32Array {
  const { dtype, data } = only(value, 'float32', 'int8')
  if (dtype === 'float32') return data
  const scale = value.quantization?.scale[0]
  if (scale === undefined) throw unsupported()
  return Float32Array.from(data, (q) => q * scale)
}
