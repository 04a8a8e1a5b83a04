/** Functions of single elements. Each is computed in double precision and rounded once, to the dtype. */
import type { Tensor } from '../../../../kernels/tensor.js'
import { tensor } from '../../../../kernels/tensor.js'
import type { Kernel, Operator, OpRow } from '../operator.js'
import { row } from '../operator.js'
import { commonShape, zip } from './broadcast.js'
import type { Unary } from './functions.js'
import { FUNCTIONS } from './functions.js'
import { quantizedElementwise, quantizedPrelu } from './quantized/elementwise.js'

const { fround, max, min } = Math

/** Ops whose functions keep integers integers. */
const ON_INTEGERS = new Set(['ABS', 'NEG', 'SIGN', 'SQUARE', 'RELU'])

const onFloats =
  (make: (op: Operator) => Unary): Kernel =>
  (op) => {
    const { dtype, shape, data } = op.inputOf(0, 'float32', 'float64')
    const f = make(op)
    const out = data.slice()
    for (let i = 0; i < out.length; i++) out[i] = f(out[i]!)
    return tensor(dtype, shape, out) as Tensor
  }

const onIntegers =
  (make: (op: Operator) => Unary): Kernel =>
  (op) => {
    const { dtype, shape, data } = op.input(0)
    const f = make(op)
    const out = data.slice() as Int32Array
    for (let i = 0; i < out.length; i++) out[i] = f(out[i]!)
    return { dtype, shape: [...shape], data: out } as Tensor
  }

const BIG: { readonly [type: string]: (x: bigint) => bigint } = {
  ABS: (x) => (x < 0n ? -x : x),
  NEG: (x) => -x,
  SIGN: (x) => (x < 0n ? -1n : x > 0n ? 1n : 0n),
  SQUARE: (x) => x * x,
}

const onBigIntegers =
  (f: (x: bigint) => bigint): Kernel =>
  (op) => {
    const { shape, data } = op.inputOf(0, 'int64')
    return tensor('int64', shape, data.map(f))
  }

const UNARY_ROWS: OpRow[] = Object.entries(FUNCTIONS).map(([type, make]) =>
  row(
    type,
    0,
    [['float32', 'float64'], onFloats(make)],
    ...(ON_INTEGERS.has(type) ? [[['int32'], onIntegers(make)] as const] : []),
    ...(BIG[type] ? [[['int64'], onBigIntegers(BIG[type])] as const] : []),
    [['int8', 'uint8', 'int16'], quantizedElementwise],
  ),
)

const not: Kernel = (op) => {
  const { shape, data } = op.inputOf(0, 'bool')
  return tensor(
    'bool',
    shape,
    data.map((x) => (x ? 0 : 1)),
  )
}

/** x where it is not negative, else alpha x; alpha broadcasts. */
const prelu: Kernel = (op) => {
  const input = op.inputOf(0, 'float32')
  const alpha = op.inputOf(1, 'float32')
  const shape = commonShape(input.shape, alpha.shape)
  const out = tensor('float32', shape)
  zip(shape, input, alpha, out.data, (x, slope) => (x >= 0 ? x : x * slope))
  return out
}

/** Rounds to the levels of a quantisation whose range is nudged so that 0 is a level. */
const fakeQuant: Kernel = (op) => {
  const { shape, data } = op.inputOf(0, 'float32')
  const lowest = op.boolean('narrow_range') ? 1 : 0
  const highest = 2 ** op.number('num_bits') - 1
  const [least, most] = [fround(op.number('min')), fround(op.number('max'))]
  const scale = fround(fround(most - least) / fround(highest - lowest))
  const zeroPoint = min(highest, max(lowest, Math.floor(fround(lowest - fround(least / scale)) + 0.5)))
  const [low, high] = [fround((lowest - zeroPoint) * scale), fround((highest - zeroPoint) * scale)]
  const inverse = fround(1 / scale)
  return tensor(
    'float32',
    shape,
    data.map((x) => fround(Math.floor(fround(fround(fround(min(high, max(low, x)) - low) * inverse) + 0.5)) * scale) + low),
  )
}

export const ELEMENTWISE: readonly OpRow[] = [
  ...UNARY_ROWS,
  row('LOGICAL_NOT', 0, [['bool'], not]),
  row('PRELU', 0, [['float32'], prelu], [['int8', 'uint8'], quantizedPrelu]),
  row('FAKE_QUANT', 0, [['float32'], fakeQuant]),
]
