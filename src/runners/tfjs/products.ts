/** Operators that multiply with weights, and how many products one element of their result takes. */
import { sizeOf } from '../../../kernels/tensor.js'
import type { Operator } from './operator.js'

/** Operators that have kernels for float operands and integer weights. */
export const HYBRID: ReadonlySet<string> = new Set([
  'CONV_2D',
  'DEPTHWISE_CONV_2D',
  'FULLY_CONNECTED',
  'BATCH_MATMUL',
  'UNIDIRECTIONAL_SEQUENCE_LSTM',
  'BIDIRECTIONAL_SEQUENCE_LSTM',
  'UNIDIRECTIONAL_SEQUENCE_RNN',
  'BIDIRECTIONAL_SEQUENCE_RNN',
  'LSTM',
  'RNN',
  'SVDF',
])

const PRODUCTS: ReadonlySet<string> = new Set([...HYBRID, 'TRANSPOSE_CONV', 'CONV_3D', 'CONV_3D_TRANSPOSE'])

/**
 * Products of one element of the result, as far as the second operand tells: the weights of its column. Within a factor of a few,
 * which is what a bound on work needs; 1 for operators that multiply with no weights.
 */
export function termsOf(op: Operator): number {
  if (!PRODUCTS.has(op.type) || !op.has(1)) return 1
  const { shape } = op.input(1)
  const columns = op.type === 'FULLY_CONNECTED' || op.type === 'CONV_2D' || op.type === 'TRANSPOSE_CONV' ? shape[0] : shape.at(-1)
  return Math.max(1, sizeOf(shape) / Math.max(1, columns ?? 1))
}
