/** Functions of two elements, on shapes that broadcast. Integers wrap; division by an integer zero is an error. */
import { power } from '../../../../kernels/special.js'
import type { Tensor } from '../../../../kernels/tensor.js'
import { allocate, sizeOf, tensor } from '../../../../kernels/tensor.js'
import { ParityError } from '../../../graph/errors.js'
import type { Kernel, Operator, OpRow } from '../operator.js'
import { row } from '../operator.js'
import { activate } from './activation.js'
import type { Side } from './broadcast.js'
import { commonShape, zip } from './broadcast.js'
import { quantizedArithmetic } from './quantized/arithmetic.js'
import { quantizedExtremum } from './quantized/requantize.js'

const { floor, fround, imul, trunc } = Math

interface Binary {
  float?: (a: number, b: number) => number
  /** On int8 to int32 and uint32; the result wraps where it is stored. */
  integer?: (a: number, b: number) => number
  big?: (a: bigint, b: bigint) => bigint
}

function divisor<T extends number | bigint>(b: T): T {
  if (b === 0 || b === 0n) throw new ParityError('MODEL_DIVISION', { what: 'Division of an integer by 0', remedy: 'Check the inputs' })
  return b
}

const floorMod = (a: number, b: number): number => {
  const rest = a % b
  return rest !== 0 && b < 0 !== rest < 0 ? rest + b : rest
}

const bigFloorMod = (a: bigint, b: bigint): bigint => {
  const rest = a % divisor(b)
  return rest !== 0n && b < 0n !== rest < 0n ? rest + b : rest
}

function integerPower(base: number, exponent: number): number {
  let result = 1
  for (let square = base, rest = exponent; rest > 0; rest = floor(rest / 2), square = imul(square, square)) {
    if (rest % 2 === 1) result = imul(result, square)
  }
  return result
}

const larger = <T extends number | bigint>(a: T, b: T): T => (a > b ? a : b)
const smaller = <T extends number | bigint>(a: T, b: T): T => (a < b ? a : b)

const BINARY: { readonly [type: string]: Binary } = {
  ADD: { float: (a, b) => a + b, integer: (a, b) => a + b, big: (a, b) => a + b },
  ATAN2: { float: Math.atan2 },
  BITWISE_XOR: { integer: (a, b) => a ^ b, big: (a, b) => a ^ b },
  DIV: { float: (a, b) => a / b, integer: (a, b) => trunc(a / divisor(b)), big: (a, b) => a / divisor(b) },
  FLOOR_DIV: {
    float: (a, b) => floor(fround(a / b)),
    integer: (a, b) => floor(a / divisor(b)),
    big: (a, b) => (a - bigFloorMod(a, b)) / b,
  },
  FLOOR_MOD: { float: floorMod, integer: (a, b) => floorMod(a, divisor(b)), big: bigFloorMod },
  MAXIMUM: { float: larger, integer: larger, big: larger },
  MINIMUM: { float: smaller, integer: smaller, big: smaller },
  MUL: { float: (a, b) => a * b, integer: imul, big: (a, b) => a * b },
  POW: { float: power, integer: integerPower },
  SQUARED_DIFFERENCE: { float: (a, b) => fround(a - b) ** 2, integer: (a, b) => imul(a - b, a - b) },
  SUB: { float: (a, b) => a - b, integer: (a, b) => a - b, big: (a, b) => a - b },
}

/** The result's tensor, filled with f of the operands' elements. */
function apply<E>(op: Operator, f: (a: E, b: E) => E): Tensor {
  const [a, b] = [op.input(0), op.input(1)]
  if (a.dtype !== b.dtype) throw op.unsupported()
  const shape = commonShape(a.shape, b.shape)
  const data = allocate(a.dtype, sizeOf(shape)) as unknown as { [index: number]: E }
  zip(shape, a as unknown as Side<E>, b as unknown as Side<E>, data, f)
  return { dtype: a.dtype, shape, data } as unknown as Tensor
}

const onFloats =
  (f: (a: number, b: number) => number): Kernel =>
  (op) => {
    const out = apply(op, f)
    const activation = op.text('fused_activation_function')
    if (activation) activate(out.data as Float32Array, activation)
    return out
  }

/** int32 results are clamped by a fused activation as well. */
const onIntegers =
  (type: string, f: (a: number, b: number) => number): Kernel =>
  (op) => {
    if (type === 'POW' && (op.input(1).data as Int32Array).some((exponent) => exponent < 0))
      throw op.unsupported('with a negative exponent is not computed')
    const out = apply(op, f)
    const activation = op.text('fused_activation_function')
    if (activation && out.dtype === 'int32') activate(out.data, activation)
    return out
  }

/** Shifts of unsigned and narrow integers need no more than the numbers' own bits. */
const NARROW = ['int8', 'int16', 'uint8', 'uint16'] as const

const QUANTIZED: { readonly [type: string]: Kernel } = {
  ADD: quantizedArithmetic,
  DIV: quantizedArithmetic,
  MUL: quantizedArithmetic,
  SUB: quantizedArithmetic,
  SQUARED_DIFFERENCE: quantizedArithmetic,
  MAXIMUM: quantizedExtremum,
  MINIMUM: quantizedExtremum,
}

const rows = Object.entries(BINARY).map(([type, { float, integer, big }]) => {
  const narrow = QUANTIZED[type] ?? (integer && onIntegers(type, integer))
  return row(
    type,
    0,
    ...(float ? [[['float32', 'float64'], onFloats(float)] as const] : []),
    ...(integer ? [[['int32', 'uint32'], onIntegers(type, integer)] as const] : []),
    ...(narrow ? [[NARROW, narrow] as const] : []),
    ...(big ? [[['int64'], (op: Operator) => apply(op, big)] as const] : []),
  )
})

/** Shifts with the sign, by no less than 0 and less than the dtype's width. */
const rightShift: Kernel = (op) => {
  const last = 8 * (op.input(0).data as Int32Array).BYTES_PER_ELEMENT - 1
  return apply<number>(op, (a, b) => floor(a / 2 ** Math.min(last, Math.max(0, b))))
}

/** The sum of any number of tensors of one shape. */
const addAll: Kernel = (op) => {
  const [first, ...rest] = op.inputs()
  if (!first) throw op.misshapen('nothing to add')
  const data = first.data.slice() as Float32Array
  for (const { dtype, data: terms } of rest) {
    if (dtype !== first.dtype || terms.length !== data.length) throw op.misshapen('shapes differ')
    for (let i = 0; i < data.length; i++) data[i]! += (terms as Float32Array)[i]!
  }
  return { dtype: first.dtype, shape: [...first.shape], data } as Tensor
}

type Logical = (a: number, b: number) => number

const logical =
  (f: Logical): Kernel =>
  (op) => {
    const [a, b] = [op.inputOf(0, 'bool'), op.inputOf(1, 'bool')]
    const shape = commonShape(a.shape, b.shape)
    const out = tensor('bool', shape)
    zip(shape, a, b, out.data, f)
    return out
  }

export const ARITHMETIC: readonly OpRow[] = [
  ...rows,
  row('ADD_N', 0, [['float32', 'int32'], addAll]),
  row('RIGHT_SHIFT', 0, [['int8', 'int16', 'int32', 'uint8', 'uint16', 'uint32'], rightShift]),
  row('LOGICAL_AND', 0, [['bool'], logical((a, b) => a & b)]),
  row('LOGICAL_OR', 0, [['bool'], logical((a, b) => a | b)]),
]
