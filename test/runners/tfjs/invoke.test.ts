/** What a node gives is checked against its row, in words that name op, operand, expected and found. */
import { describe, expect, it } from 'vitest'
import type { Tensor } from '../../../kernels/tensor.js'
import { ParityError } from '../../../src/graph/errors.js'
import type { Attribute } from '../../../src/graph/graph.js'
import { boolean, integer, text } from '../../../src/runners/parameters.js'
import { loadDevice } from '../../../src/runners/tfjs/backend.js'
import { invoke } from '../../../src/runners/tfjs/invoke.js'
import { op, operand, operands, optionalOperand, tableOf } from '../../../src/runners/tfjs/op.js'
import { misshapen, unsupported } from '../../../src/runners/tfjs/refusals.js'
import { float32, int32 } from './run.js'

/** Gives back what it is given. */
const values: { given: unknown } = { given: undefined }
const ROW = op({
  type: 'OP',
  specification: 'no options; none',
  operands: { input: operand(['float32', 'int8'], 2), size: integer(), bias: optionalOperand(['float32'], [1, 2]) },
  attributes: { mode: text(['A', 'B'] as const, { default: 'A' }), keep: boolean({ default: false }) },
  rounding: 'exact',
  run(given) {
    values.given = given
    return given.input
  },
})
const MANY = op({
  type: 'MANY',
  specification: 'no options; none',
  operands: { first: operand(['float32']), rest: operands(['float32'], 0) },
  rounding: 'exact',
  run: ({ rest }) => rest,
})

const device = await loadDevice('cpu')
const call = (row: typeof ROW, given: (Tensor | null)[], attributes: { [name: string]: Attribute } = {}): Tensor[] =>
  invoke(row, {
    operands: given,
    attributes,
    outputs: [{ dtype: 'float32' }],
    intermediates: [],
    device,
    resources: new Map(),
    call: () => [],
    assign: () => undefined,
  })

const X = float32([1, 2], [1, 2])
const SIZE = int32([], [3])

describe('a row takes', () => {
  it('operands by position and attributes by name, with defaults', () => {
    expect(call(ROW, [X, SIZE])).toEqual([X])
    expect(values.given).toEqual({ input: X, size: 3, bias: undefined, mode: 'A', keep: false })
    call(ROW, [X, int32([1], [4]), float32([2], [5, 6])], { mode: 'B', keep: true, other: 1 })
    expect(values.given).toEqual({ input: X, size: 4, bias: float32([2], [5, 6]), mode: 'B', keep: true })
  })

  it('an optional operand that is left out in front of nothing', () => {
    expect(call(ROW, [X, SIZE, null])).toEqual([X])
  })

  it('all that is left as a variadic operand', () => {
    expect(call(MANY, [X])).toEqual([])
    expect(call(MANY, [X, float32([], [1]), null, float32([], [2])])).toEqual([float32([], [1]), float32([], [2])])
  })

  it('a tensor with its quantization, and hands on none', () => {
    const quantization = { scale: Float32Array.of(1), zeroPoint: Float64Array.of(0), axis: 0 }
    expect(call(ROW, [{ ...X, quantization } as Tensor, SIZE])).toEqual([X])
    expect(values.given).toMatchObject({ input: { quantization } })
  })
})

describe('a row refuses', () => {
  it.each<[string, (Tensor | null)[], { [name: string]: Attribute }, string, string]>([
    ['a missing operand', [null, SIZE], {}, 'MODEL_OPERAND', 'OP: operand input is missing'],
    ['one that the file does not list', [X], {}, 'MODEL_OPERAND', 'OP: operand size is missing'],
    ['one too many', [X, SIZE, X, X], {}, 'MODEL_OPERAND', 'OP takes 3 operands (input, size, bias), found 4'],
    [
      'a dtype',
      [int32([1, 1], [1]), SIZE],
      {},
      'UNSUPPORTED_DTYPE',
      'OP: operand input has dtype int32, expected tensor<float32|int8, rank 2>',
    ],
    ['a rank', [float32([2], [1, 2]), SIZE], {}, 'MODEL_SHAPE', 'OP: operand input has shape [2], expected tensor<float32|int8, rank 2>'],
    [
      'a rank above a range',
      [X, SIZE, float32([1, 1, 1], [1])],
      {},
      'MODEL_SHAPE',
      'OP: operand bias has shape [1,1,1], expected tensor<float32, rank 1 to 2>',
    ],
    ['several elements for one', [X, int32([2], [1, 2])], {}, 'MODEL_SHAPE', 'OP: operand size has 2 elements, expected one integer'],
    ['a fraction for an integer', [X, float32([], [0.5])], {}, 'MODEL_OPERAND', 'OP: operand size is 0.5, expected an integer'],
    ['a word that the schema lacks', [X, SIZE], { mode: 'C' }, 'MODEL_ATTRIBUTE', "OP: attribute mode is 'C', expected 'A', 'B'"],
    ['a word for a truth', [X, SIZE], { keep: 'yes' }, 'MODEL_ATTRIBUTE', 'OP: attribute keep is "yes", expected true or false'],
  ])('%s', (_, given, attributes, code, what) => {
    expect(() => call(ROW, given, attributes)).toThrow(expect.objectContaining({ code, what }))
  })
})

describe('what a function refuses', () => {
  const failing = (error: unknown) =>
    op({
      type: 'OP',
      specification: 'no options; none',
      operands: { input: operand(['float32']), other: optionalOperand(['float32']) },
      rounding: 'exact',
      run: () => {
        throw error
      },
    })

  it.each([
    ['shapes', misshapen('channels do not fit'), 'OP of [1,2], none: channels do not fit'],
    ['dtypes', unsupported(), 'OP of (float32, none) to (float32) is not computed'],
    ['anything else', new ParityError('MODEL_DIVISION', { what: 'Division by 0' }), 'Division by 0'],
    ['what has its place already', new ParityError('MODEL_SHAPE', { what: 'inside', where: 'op inner' }), 'inside'],
  ])('says so with %s', (_, error, what) => {
    expect(() => call(failing(error) as typeof ROW, [X, null])).toThrow(expect.objectContaining({ code: error.code, what }))
  })

  it('is passed on as it is where it is no ParityError', () => {
    const bug = new TypeError('a bug')
    expect(() => call(failing(bug) as typeof ROW, [X, null])).toThrow(bug)
  })
})

it('two rows of one op are an error', () => {
  expect(() => tableOf([ROW, MANY])).not.toThrow()
  expect(() => tableOf([ROW, MANY, ROW])).toThrow('OP has two rows')
})
