/** Comparisons and choices, on shapes that broadcast. Quantized operands are compared by the numbers that they stand for. */
import { select } from '../../../../kernels/select.js'
import { MOVABLE } from '../dtypes.js'
import { commonShape } from '../geometry/broadcast.js'
import { compared, type Element } from '../maths/elementwise.js'
import { type Op, op, operand } from '../op.js'
import { misshapen, unsupported } from '../refusals.js'
import { comparedCodes } from './quantized/comparison.js'

type Comparison = (a: Element, b: Element) => boolean

const TYPES = ['float32', 'float64', 'int16', 'int32', 'int64', 'uint32', 'bool', 'string', 'int8', 'uint8'] as const

const comparison = (type: string, options: string, kernel: string, f: Comparison): Op =>
  op({
    type,
    specification: `${options}; reference_ops::${kernel}, reference_ops::${kernel}WithScaling`,
    operands: { input1: operand(TYPES), input2: operand(TYPES) },
    rounding: 'exact',
    run({ input1: a, input2: b }) {
      // int16 is compared as it is, whatever its scales
      const isScaled = (a.dtype === 'int8' || a.dtype === 'uint8') && a.quantization && b.quantization
      return isScaled ? comparedCodes(a, b, f) : compared(a, b, f)
    },
  })

export const COMPARISON: readonly Op[] = [
  comparison('EQUAL', 'EqualOptions', 'Equal', (a, b) => a === b),
  comparison('GREATER', 'GreaterOptions', 'Greater', (a, b) => a > b),
  comparison('GREATER_EQUAL', 'GreaterEqualOptions', 'GreaterEqual', (a, b) => a >= b),
  comparison('LESS', 'LessOptions', 'Less', (a, b) => a < b),
  comparison('LESS_EQUAL', 'LessEqualOptions', 'LessEqual', (a, b) => a <= b),
  comparison('NOT_EQUAL', 'NotEqualOptions', 'NotEqual', (a, b) => a !== b),
  op({
    type: 'SELECT',
    specification: 'SelectOptions; reference_ops::Select, reference_ops::RankOneSelect',
    operands: { condition: operand(['bool']), x: operand(MOVABLE), y: operand(MOVABLE) },
    rounding: 'exact',
    run({ condition, x, y }) {
      if (x.dtype !== y.dtype || x.shape.join() !== y.shape.join()) throw misshapen('x and y differ')
      // a condition of rank 1 may choose whole rows
      const byRow = condition.shape.length === 1 && x.shape.length > 1 && condition.shape[0] === x.shape[0]
      const shape = byRow ? [condition.shape[0]!, ...x.shape.slice(1).map(() => 1)] : condition.shape
      commonShape(shape, x.shape)
      return select({ ...condition, shape }, x, y)
    },
  }),
  op({
    type: 'SELECT_V2',
    specification: 'SelectV2Options; reference_ops::BroadcastSelect5DSlow',
    operands: { condition: operand(['bool']), x: operand(MOVABLE), y: operand(MOVABLE) },
    rounding: 'exact',
    run({ condition, x, y }) {
      if (x.dtype !== y.dtype) throw unsupported()
      commonShape(condition.shape, x.shape, y.shape)
      return select(condition, x, y)
    },
  }),
]
