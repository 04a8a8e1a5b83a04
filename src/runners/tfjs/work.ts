/** What an op costs, as far as a bound on work needs to know: within a factor of a few. */
import { sizeOf } from '../../../kernels/tensor.js'
import type { Op, Operand } from './op.js'

/** Ops whose second operand has the columns first. */
const COLUMNS_FIRST: ReadonlySet<string> = new Set(['FULLY_CONNECTED', 'CONV_2D', 'TRANSPOSE_CONV'])

/** Products of one element of the result: the weights of its column, where an op multiplies with a second operand; else 1. */
export function termsOf({ type, rounding }: Op, operands: readonly (Operand | null)[]): number {
  const shape = operands[1]?.shape
  if (rounding !== 'accumulating' || shape === undefined || shape.length < 2) return 1
  const columns = COLUMNS_FIRST.has(type) ? shape[0] : shape.at(-1)
  return Math.max(1, sizeOf(shape) / Math.max(1, columns ?? 1))
}
