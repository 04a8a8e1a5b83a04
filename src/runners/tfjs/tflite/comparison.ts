/** Comparisons and choices, on shapes that broadcast. Quantised operands are compared by the numbers that they stand for. */
import { select } from '../../../../kernels/select.js'
import { tensor } from '../../../../kernels/tensor.js'
import type { Kernel, OpRow } from '../operator.js'
import { row } from '../operator.js'
import type { Side } from './broadcast.js'
import { commonShape, zip } from './broadcast.js'
import { MOVABLE } from './dtypes.js'
import { quantizedComparison } from './quantized/comparison.js'

type Element = number | bigint | string
export type Comparison = <E extends Element>(a: E, b: E) => boolean

const COMPARISONS: { readonly [type: string]: Comparison } = {
  EQUAL: (a, b) => a === b,
  GREATER: (a, b) => a > b,
  GREATER_EQUAL: (a, b) => a >= b,
  LESS: (a, b) => a < b,
  LESS_EQUAL: (a, b) => a <= b,
  NOT_EQUAL: (a, b) => a !== b,
}

const compare =
  (f: Comparison): Kernel =>
  (op) => {
    const [a, b] = [op.input(0), op.input(1)]
    if (a.dtype !== b.dtype) throw op.unsupported()
    const shape = commonShape(a.shape, b.shape)
    const out = tensor('bool', shape)
    zip(shape, a as Side<Element>, b as Side<Element>, out.data, (x, y) => (f(x, y) ? 1 : 0))
    return out
  }

/** The elements of x where the condition holds, else of y, which have one shape. A condition of rank 1 may choose whole rows. */
const selectRows: Kernel = (op) => {
  const condition = op.inputOf(0, 'bool')
  const [x, y] = [op.input(1), op.input(2)]
  if (x.dtype !== y.dtype || x.shape.join() !== y.shape.join()) throw op.misshapen('x and y differ')
  const byRow = condition.shape.length === 1 && x.shape.length > 1 && condition.shape[0] === x.shape[0]
  const shape = byRow ? [condition.shape[0]!, ...x.shape.slice(1).map(() => 1)] : condition.shape
  commonShape(shape, x.shape)
  return select({ ...condition, shape }, x, y)
}

const selectElements: Kernel = (op) => {
  const condition = op.inputOf(0, 'bool')
  const [x, y] = [op.input(1), op.input(2)]
  if (x.dtype !== y.dtype) throw op.unsupported()
  commonShape(condition.shape, x.shape, y.shape)
  return select(condition, x, y)
}

export const COMPARISON: readonly OpRow[] = [
  ...Object.entries(COMPARISONS).map(([type, f]) =>
    row(
      type,
      0,
      // int16 is compared as it is, whatever its scales
      [['float32', 'float64', 'int16', 'int32', 'int64', 'uint32', 'bool', 'string'], compare(f)],
      [['int8', 'uint8'], quantizedComparison(f, compare(f))],
    ),
  ),
  row('SELECT', 1, [MOVABLE, selectRows]),
  row('SELECT_V2', 1, [MOVABLE, selectElements]),
]
