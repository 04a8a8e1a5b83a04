/**
 * What the rows of the op tables say about rounding, held against computations of the same functions: in float64, where the truth comes from,
 * and in float32 the way that runtimes do it. Their errors must look like what the row declares on every element, and the row must not allow
 * much more than they make.
 */
import { describe, expect, it, test } from 'vitest'
import { type Tensor, tensor } from '../../../kernels/tensor.js'
import { generator } from '../../support/numbers.js'
import { type Call, DECISION_DRAWS, declared, rowOf, UNIT } from './stray.js'

const f = Math.fround
const { abs, cos, exp, floor, log, max, min, PI, sin, sqrt, SQRT1_2, tanh } = Math

/** Errors are no larger than this many times what the row lets an element stray (root mean square). */
const COVERED = 6
/** And, in the middle of ordinary data, no smaller than this share of it. */
const TIGHT = 0.01

const single = (shape: readonly number[], data: ArrayLike<number>): Tensor<'float32'> => tensor('float32', shape, Float32Array.from(data))

const numbers = (count: number, seed: number, of: (random: number) => number): Float32Array => {
  const next = generator(seed)
  for (let i = 0; i < 8; i++) next()
  return Float32Array.from({ length: count }, () => of(next()))
}

const within = (most: number) => (random: number) => most * (2 * random - 1)
const offset = (center: number, most: number) => (random: number) => center + most * (2 * random - 1)
/** Magnitudes of all sizes from 10^-4 to 10. */
const scattered = (random: number) => (random < 0.5 ? -1 : 1) * 10 ** (10 * ((random * 2) % 1) - 4 - 5 * ((random * 2) % 1))

interface Verdict {
  /** Largest error beside what may stray; an error where nothing may is infinite. */
  most: number
  /** Of the elements that may stray. */
  median: number
}

function held(got: ArrayLike<number>, truth: ArrayLike<number>, stray: Float64Array): Verdict {
  expect(got.length).toBe(truth.length)
  expect(stray.length).toBe(truth.length)
  const ratios: number[] = []
  let most = 0
  for (let i = 0; i < truth.length; i++) {
    const error = abs(got[i]! - truth[i]!)
    if (error > 0) most = max(most, error / stray[i]!)
    if (stray[i]! > 0) ratios.push(error / stray[i]!)
  }
  ratios.sort((a, b) => a - b)
  return { most, median: ratios[floor(ratios.length / 2)] ?? 0 }
}

/** The row covers its own kernel and other float32 ways, and, where the data are ordinary, those other ways come near to what it allows. */
function check(call: Call, truth: ArrayLike<number>, others: readonly ArrayLike<number>[], ordinary: boolean): void {
  const { result, stray } = declared(call)
  expect(held(result, truth, stray).most, 'our kernel').toBeLessThan(COVERED)
  const verdicts = others.map((other) => held(other, truth, stray))
  for (const [i, { most }] of verdicts.entries()) expect(most, `variant ${i}`).toBeLessThan(COVERED)
  if (ordinary) expect(max(...verdicts.map(({ median }) => median))).toBeGreaterThan(TIGHT)
}

/** By its series, good up to 4. */
function erf(x: number): number {
  if (abs(x) > 4) return Math.sign(x)
  let [term, sum] = [x, x]
  for (let n = 1; n < 120; n++) {
    term *= (-x * x) / n
    sum += term / (2 * n + 1)
  }
  return (2 / sqrt(PI)) * sum
}

const logistic = (x: number) => 1 / (1 + exp(-x))
const logistic32 = (x: number) => f(1 / f(1 + f(exp(-x))))
const ROOT = sqrt(2 / PI)

interface Elementwise {
  name: string
  op: string
  attributes?: Call['attributes']
  truth(x: number): number
  others: ((x: number) => number)[]
  /** Where the function's terms cancel: the middle of the adversarial data. @default 0 */
  near?: number
  /** Least and greatest operand. */
  from?: number
  to?: number
}

const ELEMENTWISE: readonly Elementwise[] = [
  {
    name: 'gelu by erf',
    op: 'gelu',
    truth: (x) => 0.5 * x * (1 + erf(x * SQRT1_2)),
    others: [(x) => f(f(0.5 * x) * f(1 + f(erf(f(x * f(SQRT1_2)))))), (x) => f(x * f(0.5 * f(1 + f(erf(f(x / f(sqrt(2))))))))],
    near: -4,
  },
  {
    name: 'gelu by tanh',
    op: 'gelu',
    attributes: { mode: 'TANH_APPROXIMATION' },
    truth: (x) => 0.5 * x * (1 + tanh(ROOT * (x + 0.044715 * x ** 3))),
    others: [(x) => f(f(0.5 * x) * f(1 + f(tanh(f(f(ROOT) * f(x + f(f(0.044715) * f(f(x * x) * x))))))))],
    near: -4,
  },
  {
    name: 'gelu by sigmoid',
    op: 'gelu',
    attributes: { mode: 'SIGMOID_APPROXIMATION' },
    truth: (x) => x * logistic(1.702 * x),
    others: [(x) => f(x * logistic32(f(f(1.702) * x)))],
    near: -6,
  },
  { name: 'silu', op: 'silu', truth: (x) => x * logistic(x), others: [(x) => f(x * logistic32(x))], near: -9 },
  {
    name: 'sigmoid',
    op: 'sigmoid',
    truth: logistic,
    others: [logistic32, (x) => f(0.5 + f(0.5 * f(tanh(f(0.5 * x))))), (x) => (x < -9 ? f(exp(x)) : logistic32(x))],
    near: -9,
  },
  {
    name: 'layer sigmoid',
    op: 'nn:activation',
    attributes: { sigmoid: {} } as Call['attributes'] & object,
    truth: logistic,
    others: [logistic32],
    near: -9,
  },
  {
    name: 'elu',
    op: 'elu',
    attributes: { alpha: 1.5 },
    truth: (x) => (x >= 0 ? x : 1.5 * Math.expm1(x)),
    others: [(x) => (x >= 0 ? x : f(1.5 * f(f(exp(x)) - 1)))],
    near: -1e-3,
    to: 0,
  },
  {
    name: 'softplus',
    op: 'softplus',
    truth: (x) => max(x, 0) + Math.log1p(exp(-abs(x))),
    others: [(x) => f(log(f(1 + f(exp(x)))))],
    near: -9,
  },
  {
    name: 'scaled_tanh',
    op: 'scaled_tanh',
    attributes: { alpha: 1.75, beta: 0.5 },
    truth: (x) => 1.75 * tanh(0.5 * x),
    others: [(x) => f(1.75 * f(1 - f(2 / f(1 + f(exp(f(2 * f(0.5 * x))))))))],
    near: 1e-3,
  },
  { name: 'softsign', op: 'softsign', truth: (x) => x / (1 + abs(x)), others: [(x) => f(x / f(1 + abs(x)))], near: 1e-3 },
  {
    name: 'sigmoid_hard',
    op: 'sigmoid_hard',
    attributes: { alpha: f(0.2), beta: 0.5 },
    truth: (x) => min(1, max(0, f(0.2) * x + 0.5)),
    others: [(x) => min(1, max(0, f(f(f(0.2) * x) + 0.5)))],
    near: -2.5,
  },
  {
    name: 'linear_activation',
    op: 'linear_activation',
    attributes: { alpha: f(0.3), beta: f(0.9) },
    truth: (x) => f(0.3) * x + f(0.9),
    others: [(x) => f(f(f(0.3) * x) + f(0.9))],
    near: -3,
  },
  {
    name: 'sin',
    op: 'sin',
    truth: sin,
    // two quarters of a turn, as those do that have one polynomial for both
    others: [(x) => f(cos(f(x - f(PI / 2))))],
    near: PI,
  },
  { name: 'cos', op: 'cos', truth: cos, others: [(x) => f(sin(f(x + f(PI / 2))))], near: PI / 2 },
  { name: 'exp', op: 'exp', truth: exp, others: [(x) => f(2 ** f(x * f(Math.LOG2E)))] },
  { name: 'tanh', op: 'tanh', truth: tanh, others: [(x) => f(f(Math.sinh(x)) / f(Math.cosh(x)))], near: 1e-3 },
  {
    name: 'log with epsilon',
    op: 'log',
    attributes: { epsilon: f(1e-3) },
    truth: (x) => log(x + f(1e-3)),
    others: [(x) => f(log(f(x + f(1e-3))))],
    near: 0.999,
    from: 0,
  },
  { name: 'log', op: 'log', attributes: { epsilon: 0 }, truth: log, others: [(x) => f(log(x) * (1 + UNIT))], near: 1, from: 0 },
  {
    name: 'inverse',
    op: 'inverse',
    attributes: { epsilon: f(1e-4) },
    truth: (x) => 1 / (x + f(1e-4)),
    others: [(x) => f(1 / f(x + f(1e-4)))],
    from: 0,
  },
  {
    name: 'rsqrt',
    op: 'rsqrt',
    attributes: { epsilon: f(1e-4) },
    truth: (x) => 1 / sqrt(x + f(1e-4)),
    others: [(x) => f(1 / f(sqrt(f(x + f(1e-4)))))],
    from: 0,
  },
  { name: 'sqrt', op: 'sqrt', truth: sqrt, others: [(x) => f(f(x * f(1 / f(sqrt(x)))))], from: 0 },
  {
    name: 'layer log of a product and a sum',
    op: 'nn:unary',
    attributes: { type: 'LOG', scale: f(0.3), shift: f(0.7) },
    truth: (x) => log(f(0.3) * x + f(0.7)),
    others: [(x) => f(log(f(f(f(0.3) * x) + f(0.7))))],
    near: 1,
    from: 0,
  },
]

const COUNT = 400

describe('functions of one element', () => {
  it.each(ELEMENTWISE.map((one) => [one.name, one] as const))(
    '%s',
    (_, { op, attributes = {}, truth, others, near = 0, from = -Infinity, to = Infinity }) => {
      const parameter = op.startsWith('nn:') ? 'input' : 'x'
      const data: [Float32Array, boolean][] = [
        [numbers(COUNT, 1, within(5)), true],
        [numbers(COUNT, 2, scattered), false],
        [numbers(COUNT, 3, offset(near, 0.25)), false],
      ]
      for (const [drawn, ordinary] of data) {
        const x = drawn.map((value) => (value < from || value > to ? -value : value))
        check(
          { op, attributes, operands: { [parameter]: single([COUNT], x) } },
          Array.from(x, truth),
          others.map((other) => Array.from(x, other)),
          ordinary,
        )
      }
    },
  )
})

const range = <T>(count: number, of: (i: number) => T): T[] => Array.from({ length: count }, (_, i) => of(i))

/** One after the other in float32, from the front or from the back. */
const sum32 = (terms: readonly number[]): number => terms.reduce((total, term) => f(total + term), 0)
const backwards = (terms: readonly number[]): number => sum32([...terms].reverse())
const sum64 = (terms: readonly number[]): number => terms.reduce((total, term) => total + term, 0)

type Sum = (terms: readonly number[]) => number
type Rounds = (x: number) => number
const exactly: Rounds = (x) => x

/** Rows of `length` from data, each turned into numbers by `of` with a way to sum and to round. */
const byRow =
  (length: number, of: (row: number[], sum: Sum, r: Rounds, index: number) => number[]) =>
  (data: ArrayLike<number>, sum: Sum, r: Rounds): number[] =>
    Array.from({ length: data.length / length }, (_, i) => of(Array.from(data).slice(i * length, (i + 1) * length), sum, r, i)).flat()

interface Rowwise {
  name: string
  op: string
  attributes?: Call['attributes']
  operands?(x: Float32Array): Call['operands']
  length: number
  of(row: number[], sum: Sum, r: Rounds, index: number): number[]
  data: [Float32Array, boolean][]
}

const ROWS = 24
const LENGTH = 96
const some = (seed: number, of: (random: number) => number) => numbers(ROWS * LENGTH, seed, of)

const noise: [Float32Array, boolean] = [some(4, within(2)), true]
const shifted: [Float32Array, boolean] = [some(5, offset(100, 0.25)), false]
/** Each number and, next to it, its negative with a little more: sums cancel. */
const cancelling: [Float32Array, boolean] = [some(6, within(2)).map((x, i, all) => (i % 2 ? f(-all[i - 1]! * (1 + x * 1e-5)) : x)), false]
const positive: [Float32Array, boolean] = [some(7, (random) => 0.1 + random), true]

const GAMMA = numbers(LENGTH, 8, offset(1, 0.5))
const BETA = numbers(LENGTH, 9, within(1))

function normalized(row: number[], sum: Sum, r: Rounds, epsilon: number): number[] {
  const mean = r(sum(row) / row.length)
  const deviations = row.map((x) => r(x - mean))
  const variance = r(sum(deviations.map((d) => r(d * d))) / row.length)
  const factor = r(1 / r(sqrt(r(variance + epsilon))))
  return deviations.map((d) => r(d * factor))
}

function softmax(row: number[], sum: Sum, r: Rounds): number[] {
  const largest = max(...row)
  const powers = row.map((x) => r(exp(r(x - largest))))
  const total = sum(powers)
  return powers.map((power) => r(power / total))
}

const last = { axes: [-1], keep_dims: false }
const reduction = (op: string, of: Rowwise['of'], data: Rowwise['data'], attributes: Call['attributes'] = last): Rowwise => ({
  name: op,
  op,
  attributes,
  length: LENGTH,
  of,
  data,
})

const ROWWISE: readonly Rowwise[] = [
  reduction('reduce_sum', (row, sum) => [sum(row)], [noise, shifted, cancelling]),
  reduction('reduce_mean', (row, sum, r) => [r(sum(row) / row.length)], [noise, shifted, cancelling]),
  reduction('reduce_l1_norm', (row, sum) => [sum(row.map(abs))], [noise, shifted]),
  reduction('reduce_l2_norm', (row, sum, r) => [r(sqrt(sum(row.map((x) => r(x * x)))))], [noise, shifted]),
  reduction('reduce_sum_square', (row, sum, r) => [sum(row.map((x) => r(x * x)))], [noise, shifted]),
  reduction('reduce_prod', (row, _, r) => [row.reduce((product, x) => r(product * x), 1)], [[some(10, offset(1, 0.4)), true]]),
  reduction('reduce_log_sum', (row, sum, r) => [r(log(sum(row)))], [
    positive,
    // sums of 1
    [some(11, offset(1 / LENGTH, 1e-5 / LENGTH)), false],
  ]),
  reduction(
    'reduce_log_sum_exp',
    (row, sum, r) => {
      const largest = max(...row)
      return [r(largest + r(log(sum(row.map((x) => r(exp(r(x - largest))))))))]
    },
    [noise, shifted, [some(12, offset(-log(LENGTH), 1e-3)), false]],
  ),
  {
    name: 'softmax',
    op: 'softmax',
    length: LENGTH,
    of: softmax,
    data: [noise, shifted, [some(13, within(30)), false], [some(14, (random) => (random < 0.5 ? -1e4 : random)), false]],
  },
  { name: 'layer softmax', op: 'nn:softmaxND', attributes: { axis: -1 }, length: LENGTH, of: softmax, data: [noise, shifted] },
  {
    name: 'layer_norm',
    op: 'layer_norm',
    attributes: { axes: [1], epsilon: f(1e-5) },
    operands: (x) => ({ x: single([ROWS, LENGTH], x), gamma: single([LENGTH], GAMMA), beta: single([LENGTH], BETA) }),
    length: LENGTH,
    of: (row, sum, r) => normalized(row, sum, r, f(1e-5)).map((x, i) => r(r(x * GAMMA[i]!) + BETA[i]!)),
    data: [noise, shifted],
  },
  {
    name: 'instance_norm',
    op: 'instance_norm',
    attributes: { epsilon: f(1e-5) },
    operands: (x) => ({ x: single([2, ROWS / 2, LENGTH], x) }),
    length: LENGTH,
    of: (row, sum, r) => normalized(row, sum, r, f(1e-5)),
    data: [noise, shifted],
  },
  {
    name: 'layer mvn',
    op: 'nn:mvn',
    attributes: { normalizeVariance: true, epsilon: f(1e-5) },
    operands: (x) => ({ input: single([ROWS, 8, LENGTH / 8], x) }),
    length: LENGTH,
    of: (row, sum, r) => normalized(row, sum, r, f(1e-5)),
    data: [noise, shifted],
  },
  {
    name: 'batch_norm',
    op: 'batch_norm',
    attributes: { epsilon: f(1e-5) },
    operands: (x) => ({
      x: single([1, ROWS, LENGTH], x),
      mean: single([ROWS], CHANNELS.mean),
      variance: single([ROWS], CHANNELS.variance),
      gamma: single([ROWS], CHANNELS.scale),
      beta: single([ROWS], CHANNELS.shift),
    }),
    length: LENGTH,
    of(row, _, r, channel) {
      const { mean, variance, scale, shift } = CHANNELS
      // as one product and one sum: what converters fold it into
      const factor = r(scale[channel]! / r(sqrt(r(variance[channel]! + f(1e-5)))))
      const rest = r(shift[channel]! - r(mean[channel]! * factor))
      return row.map((x) => r(r(x * factor) + rest))
    },
    data: [noise, shifted],
  },
  {
    name: 'l2_norm',
    op: 'l2_norm',
    attributes: { epsilon: f(1e-6) },
    operands: (x) => ({ x: single([ROWS, 4, 4, LENGTH / 16], x) }),
    length: LENGTH,
    of(row, sum, r) {
      const norm = r(sqrt(r(sum(row.map((x) => r(x * x))) + f(1e-6))))
      return row.map((x) => r(x / norm))
    },
    data: [noise, shifted],
  },
  {
    name: 'local_response_norm',
    op: 'local_response_norm',
    attributes: { size: 5, alpha: f(0.1), beta: 0.75, k: 1 },
    operands: (x) => ({ x: single([ROWS, LENGTH, 1, 1], x) }),
    length: LENGTH,
    of: (row, sum, r) =>
      row.map((x, i) => {
        const squares = row.slice(max(0, i - 2), i + 3).map((y) => r(y * y))
        return r(x / r(r(1 + r(r(f(0.1) / 5) * sum(squares))) ** 0.75))
      }),
    data: [noise, shifted],
  },
  {
    name: 'avg_pool',
    op: 'avg_pool',
    attributes: { kernel_sizes: [8], strides: [8], pad_type: 'valid' },
    operands: (x) => ({ x: single([ROWS, 1, LENGTH], x) }),
    length: 8,
    of: (row, sum, r) => [r(sum(row) / 8)],
    data: [noise, shifted, cancelling],
  },
  {
    name: 'cumsum',
    op: 'cumsum',
    attributes: { axis: 1 },
    length: LENGTH,
    of: (row, sum) => row.map((_, i) => sum(row.slice(0, i + 1))),
    data: [noise, shifted, cancelling],
  },
  {
    name: 'linear',
    op: 'linear',
    operands: (x) => ({ x: single([ROWS, LENGTH], x), weight: single([1, LENGTH], GAMMA) }),
    length: LENGTH,
    of: (row, sum, r) => [sum(row.map((x, i) => r(x * GAMMA[i]!)))],
    data: [noise, shifted, cancelling],
  },
  {
    name: 'conv',
    op: 'conv',
    operands: (x) => ({ x: single([ROWS, LENGTH / 3, 3], x), weight: single([1, LENGTH / 3, 3], BETA) }),
    length: LENGTH,
    of: (row, sum, r) => [sum(row.map((x, i) => r(x * BETA[i]!)))],
    data: [noise, shifted, cancelling],
  },
  {
    name: 'einsum over the first operand’s second axis',
    op: 'einsum',
    attributes: { equation: 'abc,bd->acd' },
    operands: (x) => ({ values: [single([ROWS, LENGTH, 1], x), single([LENGTH, 1], BETA)] }),
    length: LENGTH,
    of: (row, sum, r) => [sum(row.map((x, i) => r(x * BETA[i]!)))],
    data: [noise, cancelling],
  },
  {
    name: 'layer scale with a bias',
    op: 'nn:scale',
    attributes: { hasBias: true, shapeScale: [1], shapeBias: [1] },
    operands: (x) => ({ input: single([ROWS, 1, LENGTH], x), scale: single([1], [GAMMA[0]!]), bias: single([1], [-100 * GAMMA[0]!]) }),
    length: LENGTH,
    of: (row, _, r) => row.map((x) => r(r(x * GAMMA[0]!) + f(-100 * GAMMA[0]!))),
    data: [noise, shifted],
  },
  {
    name: 'layer add of three',
    op: 'nn:add',
    operands: (x) => {
      const part = (k: number) => x.filter((_, i) => i % 3 === k)
      return { input: [0, 1, 2].map((k) => single([part(k).length], part(k))) }
    },
    length: 3,
    of: (row, sum) => [sum(row)],
    data: [noise, shifted],
  },
]

const CHANNELS = {
  mean: numbers(ROWS, 15, offset(1, 1)),
  variance: numbers(ROWS, 16, (random) => 0.1 + random),
  scale: numbers(ROWS, 17, within(2)),
  shift: numbers(ROWS, 18, within(2)),
}

describe('sums, and what stands on them', () => {
  it.each(ROWWISE.flatMap((one) => one.data.map((data, i) => [`${one.name}, data ${i}`, one, data] as const)))(
    '%s',
    (_, { op, attributes, operands, length, of }, [x, ordinary]) => {
      const name = op.startsWith('nn:') ? 'input' : 'x'
      const compute = byRow(length, of)
      check(
        { op, ...(attributes && { attributes }), operands: operands?.(x) ?? { [name]: single([ROWS, LENGTH], x) } },
        compute(x, sum64, exactly),
        [compute(x, sum32, f), compute(x, backwards, f)],
        ordinary,
      )
    },
  )

  test('scaled_dot_product_attention', () => {
    const [steps, size] = [12, 16]
    const [query, key, value] = [29, 30, 31].map((seed) => numbers(steps * size, seed, within(2))) as [
      Float32Array,
      Float32Array,
      Float32Array,
    ]
    const rowAt = (data: Float32Array, i: number) => Array.from(data.subarray(i * size, (i + 1) * size))
    const attended = (sum: Sum, r: Rounds) =>
      range(steps, (i) => rowAt(query, i)).flatMap((q) => {
        const scores = range(steps, (j) => r(sum(rowAt(key, j).map((k, e) => r(k * r(q[e]! / 4))))))
        const shares = softmax(scores, sum, r)
        return range(size, (e) => sum(shares.map((share, j) => r(share * value[j * size + e]!))))
      })
    const shape = [1, steps, size]
    check(
      {
        op: 'scaled_dot_product_attention',
        operands: { query: single(shape, query), key: single(shape, key), value: single(shape, value) },
      },
      attended(sum64, exactly),
      [attended(sum32, f), attended(backwards, f)],
      true,
    )
  })

  test('rnn over many steps', () => {
    const [steps, inputs, size] = [40, 12, 10]
    const x = numbers(steps * inputs, 32, within(1))
    const [input, recurrent, bias] = [size * inputs, size * size, size].map((count, i) => numbers(count, 33 + i, within(0.5)))
    const unrolled = (sum: Sum, r: Rounds) => {
      let hidden = range(size, () => 0)
      return range(steps, (t) => {
        const before = hidden
        hidden = range(size, (j) =>
          r(
            tanh(
              sum([
                bias![j]!,
                ...range(inputs, (k) => r(input![j * inputs + k]! * x[t * inputs + k]!)),
                ...range(size, (k) => r(recurrent![j * size + k]! * before[k]!)),
              ]),
            ),
          ),
        )
        return hidden
      }).flat()
    }
    const operands = {
      x: single([steps, 1, inputs], x),
      initial_h: single(
        [1, size],
        range(size, () => 0),
      ),
      weight_ih: single([size, inputs], input!),
      weight_hh: single([size, size], recurrent!),
      bias: single([size], bias!),
    }
    check(
      { op: 'rnn', attributes: { output_sequence: true }, operands },
      unrolled(sum64, exactly),
      [unrolled(sum32, f), unrolled(backwards, f)],
      true,
    )
  })

  test('a range that is added up step by step', () => {
    const [start, step] = [-1, f(0.01)]
    const call = { op: 'range_1d', operands: { start: single([], [start]), end: single([], [1]), step: single([], [step]) } }
    const count = declared(call).result.length
    const added: number[] = [start]
    while (added.length < count) added.push(f(added.at(-1)! + step))
    check(
      call,
      Array.from({ length: count }, (_, i) => start + i * step),
      [added],
      true,
    )
  })

  test('what all of softmax’s operands have in common moves nothing', () => {
    const [x] = noise
    const rows = (data: Float32Array) => ({ op: 'softmax', operands: { x: single([ROWS, LENGTH], data) } })
    const far = x.map((value) => f((64 * Math.round(value * 2 ** 10) * 2 ** -10) / 64 + 96))
    const [near, distant] = [declared(rows(far.map((value) => value - 96))).stray, declared(rows(far)).stray]
    expect(max(...distant) / max(...near)).toBeLessThan(1.5)
  })
})

/** Points of a grid as runtimes compute them in float32. */
const GRIDS: { readonly [sampling: string]: (i: number, size: number, count: number, r: Rounds) => number } = {
  STRICT_ALIGN_CORNERS: (i, size, count, r) => r(i * r((size - 1) / (count - 1))),
  DEFAULT: (i, size, count, r) => r(i * r(size / count)),
  UNALIGN_CORNERS: (i, size, count, r) => r(r((i + 0.5) * r(size / count)) - 0.5),
  OFFSET_CORNERS: (i, size, count, r) => r((i + 0.5) * r((size - 1) / count)),
}

/** Bilinear interpolation of an image [height, width] at rows and columns of points. */
function bilinear(image: ArrayLike<number>, width: number, rows: readonly number[], columns: readonly number[], r: Rounds): number[] {
  const height = image.length / width
  return rows.flatMap((y) =>
    columns.map((x) => {
      const [py, px] = [min(height - 1, max(0, y)), min(width - 1, max(0, x))]
      const [top, left] = [floor(py), floor(px)]
      const [fy, fx] = [r(py - top), r(px - left)]
      const at = (row: number, column: number) => image[min(height - 1, row) * width + min(width - 1, column)]!
      const across = (row: number) => r(at(row, left) + r(r(at(row, left + 1) - at(row, left)) * fx))
      return r(across(top) + r(r(across(top + 1) - across(top)) * fy))
    }),
  )
}

const IMAGES: readonly (readonly [name: string, of: (random: number) => number])[] = [
  ['white noise', within(1)],
  ['an offset', offset(100, 0.25)],
]

describe('interpolation between pixels', () => {
  const sizes = [
    [20, 47],
    [47, 113],
    [33, 100],
    [60, 25],
    [32, 128],
  ] as const
  it.each(
    IMAGES.flatMap(([name, of]) =>
      Object.keys(GRIDS).flatMap((sampling) => sizes.map(([from, to]) => [name, sampling, from, to, of] as const)),
    ),
  )('resize_bilinear of %s, %s, %i to %i', (_, sampling, from, to, of) => {
    const image = numbers(from * from, 19, of)
    const points = (r: Rounds) => range(to, (i) => GRIDS[sampling]!(i, from, to, r))
    check(
      {
        op: 'resize_bilinear',
        attributes: { target_size_height: to, target_size_width: to, sampling_mode: sampling },
        operands: { x: single([1, 1, from, from], image) },
      },
      bilinear(image, from, points(exactly), points(exactly), exactly),
      [bilinear(image, from, points(f), points(f), f)],
      true,
    )
  })

  test.each(IMAGES)('crop_resize of %s', (_, of) => {
    const [size, to] = [40, 17]
    const image = numbers(size * size, 20, of)
    const box = Float32Array.of(0.13, 0.22, 0.81, 0.97)
    const points = (start: number, end: number, r: Rounds) =>
      range(to, (i) => r(r(start * (size - 1)) + r(i * r(r(r(end - start) * (size - 1)) / (to - 1)))))
    const [top, left, bottom, right] = box as unknown as [number, number, number, number]
    const cropped = (r: Rounds) => bilinear(image, size, points(top, bottom, r), points(left, right, r), r)
    const attributes = { target_height: to, target_width: to, normalized_coordinates: true, sampling_mode: 'STRICT_ALIGN_CORNERS' }
    check(
      { op: 'crop_resize', attributes, operands: { x: single([1, 1, size, size], image), boxes: single([1, 4], box) } },
      cropped(exactly),
      [cropped(f)],
      true,
    )
  })

  const sampler = { sampling_mode: 'bilinear', padding_mode: 'border', padding_value: 0 }

  test.each([true, false])('resample, align_corners %s', (align_corners) => {
    const [size, count] = [50, 300]
    const image = numbers(size * size, 21, within(1))
    const grid = numbers(2 * count, 22, within(1))
    const pixel = (g: number, r: Rounds) => (align_corners ? r(r(r(g + 1) / 2) * (size - 1)) : r(r(r(r(g + 1) * size) - 1) / 2))
    const sampled = (r: Rounds) => range(count, (i) => bilinear(image, size, [pixel(grid[2 * i + 1]!, r)], [pixel(grid[2 * i]!, r)], r)[0]!)
    check(
      {
        op: 'resample',
        attributes: { ...sampler, coordinates_mode: 'normalized_minus_one_to_one', align_corners },
        operands: { x: single([1, 1, size, size], image), coordinates: single([1, 1, count, 2], grid) },
      },
      sampled(exactly),
      [sampled(f)],
      true,
    )
  })

  test('affine', () => {
    const [size, to] = [31, 23]
    const image = numbers(size * size, 23, within(1))
    const matrix = Float32Array.of(0.7, 0.11, 0.05, -0.2, 0.6, -0.03)
    const [a0, a1, a2, b0, b1, b2] = matrix as unknown as [number, number, number, number, number, number]
    const warped = (r: Rounds) => {
      const unit = (i: number) => r(r((2 * i) / (to - 1)) - 1)
      const pixel = (g: number) => r(r(r(g + 1) / 2) * (size - 1))
      return range(to * to, (i) => {
        const [x, y] = [unit(i % to), unit(floor(i / to))]
        const column = pixel(r(r(r(a0 * x) + r(a1 * y)) + a2))
        return bilinear(image, size, [pixel(r(r(r(b0 * x) + r(b1 * y)) + b2))], [column], r)[0]!
      })
    }
    const attributes = {
      output_height: to,
      output_width: to,
      sampling_mode: 'bilinear',
      padding_mode: 'constant',
      padding_value: 0,
      coordinates_mode: 'normalized_minus_one_to_one',
      align_corners: true,
    }
    const operands = { x: single([1, 1, size, size], image), transform_matrix: single([1, 6], matrix) }
    check({ op: 'affine', attributes, operands }, warped(exactly), [warped(f)], true)
  })

  test('a grid of short fractions comes out exact, and stays', () => {
    const image = numbers(32 * 32, 24, within(1))
    const call = (sampling_mode: string, size: number) => ({
      op: 'resize_bilinear',
      attributes: { target_size_height: size, target_size_width: size, sampling_mode },
      operands: { x: single([1, 1, 32, 32], image) },
    })
    for (const sampling of ['DEFAULT', 'UNALIGN_CORNERS']) expect(max(...declared(call(sampling, 64)).stray)).toBeLessThan(6 * UNIT)
    expect(max(...declared(call('DEFAULT', 100)).stray)).toBeGreaterThan(6 * UNIT)
  })

  test('half-pixel taken for asymmetric is far outside of it', () => {
    const image = numbers(20 * 20, 25, within(1))
    const call = (sampling_mode: string) => ({
      op: 'resize_bilinear',
      attributes: { target_size_height: 47, target_size_width: 47, sampling_mode },
      operands: { x: single([1, 1, 20, 20], image) },
    })
    const { result, stray } = declared(call('DEFAULT'))
    expect(held(declared(call('UNALIGN_CORNERS')).result, result, stray).median).toBeGreaterThan(1000)
  })
})

describe('what decides between pixels is not moved', () => {
  const image = single([1, 1, 20, 20], numbers(400, 26, within(1)))

  test.each([
    ['upsample_nearest_neighbor', { scale_factor_height: 2.35, scale_factor_width: 2.35 }, { x: image }],
    ['resize_nearest_neighbor', { target_size_height: 40, target_size_width: 60 }, { x: image }],
    ['resize', { shape: [1, 1, 40, 60], resized_dims: 2, interpolation_mode: 'NEAREST_NEIGHBOR' }, { x: image }],
    [
      'resample',
      {
        sampling_mode: 'nearest',
        padding_mode: 'constant',
        padding_value: 0,
        coordinates_mode: 'normalized_zero_to_one',
        align_corners: false,
      },
      {
        x: image,
        coordinates: single(
          [1, 8, 1, 2],
          range(16, (i) => f(i / 16 + 0.005)),
        ),
      },
    ],
    ['nn:upsample', { mode: 'NN', scalingFactor: [2, 3], fractionalScalingFactor: [], linearUpsampleMode: 'DEFAULT' }, { input: image }],
  ] as [string, Call['attributes'], Call['operands']][])('%s', (op, attributes, operands) => {
    expect(max(...declared({ op, ...(attributes && { attributes }), operands }).stray)).toBe(0)
  })

  test('a window of whole pixels', () => {
    const attributes = { target_height: 9, target_width: 9, sampling_mode: 'STRICT_ALIGN_CORNERS' }
    const { result, stray } = declared({ op: 'crop_resize', attributes, operands: { x: image, boxes: single([1, 4], [3, 4, 11, 12]) } })
    const cut = range(81, (i) => image.data[(3 + floor(i / 9)) * 20 + 4 + (i % 9)]!)
    expect([...result]).toEqual(cut)
    for (const [i, amount] of stray.entries()) expect(amount).toBeLessThan(6 * UNIT * abs(cut[i]!))
  })

  test('the edge of a box that ends with the image', () => {
    const attributes = {
      target_height: 7,
      target_width: 7,
      normalized_coordinates: true,
      sampling_mode: 'STRICT_ALIGN_CORNERS',
      pad_value: 50,
    }
    const { stray } = declared({ op: 'crop_resize', attributes, operands: { x: image, boxes: single([1, 4], [0, 0.1, 1, 1]) } })
    expect(max(...stray)).toBeLessThan(1e-4)
  })

  test('the image that a region names', () => {
    const images = single(
      [1, 3, 1, 4, 4],
      range(48, (i) => 10 ** floor(i / 16) + i / 7),
    )
    const regions = single([2, 1, 5, 1, 1], [1, 0.1, 0.1, 0.8, 0.9, 2, 0.2, 0, 0.9, 0.7])
    const attributes = { normalizedCoordinates: true, spatialScale: 1, targetSize: [3, 3] }
    const { stray } = declared({ op: 'nn:cropResize', attributes, operands: { input: [images, regions] } })
    expect(max(...stray)).toBeLessThan(1e-3)
  })
})

describe('whole numbers that a quotient decides', () => {
  const quotients = (y: number) => range(400, (i) => f(i * y))

  test('floor_div may reach the next where float32 does, and nowhere else', () => {
    const y = f(0.1)
    const x = [...quotients(y), ...numbers(200, 27, within(40))]
    const { result, stray } = declared({ op: 'floor_div', operands: { x: single([600], x), y: single([], [y]) } })
    const flips = range(600, (i) => Number(floor(f(x[i]! / y)) !== floor(x[i]! / y)))
    expect(sum64(flips)).toBeGreaterThan(5)
    expect(
      held(
        x.map((value) => floor(f(value / y))),
        result,
        stray,
      ).most,
    ).toBeLessThan(COVERED)
    const near = x.map((value) => abs(value / y - Math.round(value / y)) < 4 * UNIT * abs(value / y))
    for (const [i, amount] of stray.entries()) if (!near[i]) expect(amount).toBe(0)
  })

  test('an exact quotient stays, beside fractions too', () => {
    const { stray } = declared({ op: 'floor_div', operands: { x: single([4], [6, 7.5, -9, 0.1]), y: single([], [1.5]) } })
    expect([...stray]).toEqual([0, 0, 0, 0])
    const layer = declared({ op: 'nn:floorDivBroadcastable', operands: { input: [single([2], [6, 0.1]), single([1], [1.5])] } })
    expect([...layer.stray]).toEqual([0, 0])
  })

  test('quantize: a tie, and nothing else', () => {
    const scale = f(0.1)
    const x = [...range(60, (i) => f((i + 0.5) * scale)), ...range(60, (i) => f((i + 0.2) * scale))]
    const { result, stray } = declared(
      { op: 'quantize', attributes: { output_dtype: 'uint8' }, operands: { input: single([120], x), scale: single([], [scale]) } },
      DECISION_DRAWS,
    )
    const others = x.map((value) => Math.round(f(value * f(1 / scale))))
    expect(held(others.slice(0, 60), result.slice(0, 60), stray.slice(0, 60)).most).toBeLessThan(COVERED)
    expect(max(...stray.slice(60))).toBe(0)
  })
})

describe('the class goes by what a call does', () => {
  test.each([
    ['nn:pooling', { type: 'MAX' }, 'exact'],
    ['nn:pooling', { type: 'AVERAGE' }, 'accumulating'],
    ['nn:globalPooling3d', { type: 'MAX' }, 'exact'],
    ['nn:reduce', { mode: 'ARGMAX' }, 'exact'],
    ['nn:reduce', { mode: 'LOGSUM' }, 'accumulating'],
    ['nn:activation', { params: { ReLU: {} } }, 'exact'],
    ['nn:activation', { params: { PReLU: {} } }, 'rounded'],
    ['nn:activation', { params: { softplus: {} } }, 'transcendental'],
    ['nn:unary', { type: 'ABS' }, 'exact'],
    ['nn:unary', { type: 'EXP' }, 'transcendental'],
    ['nn:embedding', { hasBias: false }, 'exact'],
    ['nn:embeddingND', { hasBias: true }, 'rounded'],
    ['nn:scatter', { mode: 'SCATTER_UPDATE' }, 'exact'],
    ['nn:scatterND', { mode: 'SCATTER_ADD' }, 'accumulating'],
    ['scatter_along_axis', { mode: 'max' }, 'exact'],
    ['scatter', { mode: 'add' }, 'accumulating'],
    ['nn:add', { input: [0, 0] }, 'rounded'],
    ['nn:multiply', { input: [0, 0, 0] }, 'accumulating'],
    ['nn:scale', { hasBias: false }, 'rounded'],
    ['resize', { interpolation_mode: 'LINEAR' }, 'accumulating'],
  ])('%s %j: %s', (type, values, expected) => {
    expect(rowOf(type).roundingOf(values)).toBe(expected)
  })
})

describe('an error of another formula is far outside', () => {
  const x = numbers(COUNT, 28, within(4))
  const call = (op: string) => ({ op, operands: { x: single([COUNT], x) } })
  test.each([
    ['gelu by tanh for the exact one', 'gelu', (v: number) => 0.5 * v * (1 + tanh(ROOT * (v + 0.044715 * v ** 3)))],
    ['a sigmoid that is off by 1e-5', 'sigmoid', (v: number) => logistic(v) + 1e-5],
    ['an ELU of another alpha', 'softplus', (v: number) => log(1 + exp(1.0001 * v))],
    ['a sine in float16', 'sin', (v: number) => sin(v) * (1 + 2 ** -11)],
  ])('%s', (_, op, other) => {
    const { result, stray } = declared(call(op))
    expect(held(Array.from(x, other), result, stray).median).toBeGreaterThan(20)
  })
})
