/** MIL element-wise functions of two operands with broadcasting (iOS15 elementwise_binary), and `select`. */
import type { BinaryName } from '../../../../kernels/binary.js'
import { nonZero, select } from '../../../../kernels/select.js'
import type { NumberTensor } from '../../../../kernels/tensor.js'
import { tensor } from '../../parameters.js'
import { type Op, op, type Rounding } from '../op.js'
import { combine, commonShape, compare, floorDivide, LOGICALS, NUMBERS, promoted } from '../semantics/elementwise.js'

const operand = tensor<NumberTensor>({ types: LOGICALS })
const operands = { x: operand, y: operand }
const number = tensor<NumberTensor>({ types: NUMBERS })
const numbers = { x: number, y: number }

const ARITHMETIC: readonly (readonly [type: string, kernel: BinaryName, rounding: Rounding])[] = [
  ['add', 'add', 'rounded'],
  ['maximum', 'max', 'exact'],
  ['minimum', 'min', 'exact'],
  ['mod', 'mod', 'rounded'],
  ['mul', 'mul', 'rounded'],
  ['pow', 'pow', 'transcendental'],
  ['real_div', 'div', 'rounded'],
  ['sub', 'sub', 'rounded'],
]

const TRUTH: readonly (readonly [type: string, kernel: BinaryName])[] = [
  ['equal', 'equal'],
  ['greater', 'greater'],
  ['greater_equal', 'greaterEqual'],
  ['less', 'less'],
  ['less_equal', 'lessEqual'],
  ['logical_and', 'and'],
  ['logical_or', 'or'],
  ['logical_xor', 'xor'],
  ['not_equal', 'notEqual'],
]

export const binaryOps: readonly Op[] = [
  ...ARITHMETIC.map(([type, kernel, rounding]) =>
    op({
      type,
      specification: 'iOS15 elementwise_binary',
      parameters: numbers,
      rounding,
      run: ({ x, y }, context) => combine(kernel, x, y, context),
    }),
  ),
  op({
    type: 'floor_div',
    specification: 'iOS15 elementwise_binary',
    parameters: numbers,
    rounding: 'exact',
    run: ({ x, y }, context) => floorDivide(x, y, context),
  }),
  ...TRUTH.map(([type, kernel]) =>
    op({
      type,
      specification: 'iOS15 elementwise_binary',
      parameters: operands,
      rounding: 'exact',
      run: ({ x, y }, context) => compare(kernel, x, y, 'bool', context),
    }),
  ),
  op({
    type: 'select',
    specification: 'iOS15 control_flow',
    parameters: { cond: operand, a: operand, b: operand },
    rounding: 'exact',
    run({ cond, a, b }, context) {
      commonShape([cond, a, b], context)
      const [whenTrue, whenFalse] = promoted([a, b])
      return select(cond, whenTrue!, whenFalse!)
    },
  }),
  op({
    type: 'non_zero',
    specification: 'iOS15 tensor_operation',
    parameters: { x: operand },
    rounding: 'exact',
    run: ({ x }) => nonZero(x, 'int32'),
  }),
]
