/** What every op of the tables owes: refusals that name the parameter, an answer to empty tensors and to absurd numbers, NaN let through. */
import { describe, expect, it } from 'vitest'
import { roundToHalf } from '../../../kernels/float16.js'
import { sizeOf, type Tensor } from '../../../kernels/tensor.js'
import { ParityError } from '../../../src/graph/errors.js'
import type { Attribute } from '../../../src/graph/graph.js'
import { milOps } from '../../../src/runners/coreml/mil/index.js'
import { modelOps } from '../../../src/runners/coreml/models/index.js'
import { layerOps } from '../../../src/runners/coreml/nn/index.js'
import { OPSETS, type Op } from '../../../src/runners/coreml/op.js'
import { findOp } from '../../../src/runners/coreml/table.js'
import { goldenCases } from './coverage.js'
import { callOp, type GoldenCase, graphOf, runGolden } from './golden.js'

const rowOf = (one: GoldenCase): Op => findOp(graphOf(one).nodes[0]!)!

const casesOf = new Map<Op, GoldenCase[]>()
for (const one of goldenCases()) {
  const row = rowOf(one)
  casesOf.set(row, [...(casesOf.get(row) ?? []), one])
}

const dialects = [
  ...milOps.map((row) => ['mil', row.type, row.since, row] as const),
  ...layerOps.map((row) => ['neuralnetwork', row.type, '', row] as const),
  ...modelOps.map((row) => ['coreml', row.type, '', row] as const),
]
const versionOf = (row: Op): string => `CoreML${OPSETS.indexOf(row.since) + 5}`

/** What a call comes to; anything but a result or a ParityError fails the test. */
function outcome(call: () => Tensor[]): Tensor[] | ParityError {
  try {
    return call()
  } catch (error) {
    if (error instanceof ParityError) return error
    throw error
  }
}

/** Either refuses, or gives tensors whose data fill their shapes. */
function expectAnswer(one: GoldenCase): void {
  const answer = outcome(() => runGolden(one))
  if (answer instanceof ParityError) expect(answer.code).toMatch(/^(MODEL|UNSUPPORTED)_/)
  else for (const value of answer) expect(value?.data.length ?? 0).toBe(value ? sizeOf(value.shape) : 0)
}

const isMessage = ({ description }: { description: string }): boolean => description === "the layer's message"

describe('an op names', () => {
  it.each(dialects)('the parameter that it misses: %s %s %s', (dialect, type, _, row) => {
    const required = Object.entries(row.parameters).filter(([, parameter]) => parameter.required && !isMessage(parameter))
    if (required.length === 0) return
    const refusal = outcome(() => callOp(type, {}, { dialect, version: versionOf(row), outputs: Math.min(row.results, 1) }))
    expect(refusal).toMatchObject({ code: 'MODEL_OP_INVALID', what: expect.stringContaining(`parameter '${required[0]![0]}'`) })
    const [one] = casesOf.get(row) ?? []
    for (const [name] of one ? required : []) {
      const inputs = one!.inputs.filter(({ parameter }) => parameter !== name)
      const { [name]: left, ...attributes } = one!.attributes
      expect(left !== undefined || inputs.length < one!.inputs.length).toBe(true)
      expect(outcome(() => runGolden({ ...one!, inputs, attributes }))).toMatchObject({
        code: 'MODEL_OP_INVALID',
        what: expect.stringContaining(`parameter '${name}'`),
        where: expect.stringContaining(type),
      })
    }
  })
  it.each(dialects)('the parameter that it does not take: %s %s %s', (dialect, type, _, row) => {
    const surprise: Tensor = { dtype: 'float32', shape: [1], data: new Float32Array(1) }
    const options = { dialect, version: versionOf(row), outputs: Math.min(row.results, 1) }
    expect(outcome(() => callOp(type, { surprise }, options))).toMatchObject({
      code: 'MODEL_OP_INVALID',
      what: expect.stringMatching(new RegExp(`parameter 'surprise' that ${type} `)),
    })
  })
  it.each(dialects.filter(([, , , { results }]) => results < Infinity))('outputs beyond those that it makes: %s %s %s', (...entry) => {
    const [dialect, type, , row] = entry
    const refusal = outcome(() => callOp(type, {}, { dialect, version: versionOf(row), outputs: row.results + 1 }))
    expect(refusal).toMatchObject({
      code: 'MODEL_OP_INVALID',
      what: `it declares ${row.results + 1} outputs, and op type ${type} makes ${row.results}`,
      where: expect.stringContaining(`'${type}' of type ${type}`),
    })
  })
  it('operands beyond the one that a parameter takes', () => {
    const x: Tensor = { dtype: 'float32', shape: [1], data: new Float32Array(1) }
    expect(outcome(() => callOp('softmax', { x: [x, x], axis: { ...x, dtype: 'int32', data: new Int32Array(1) } }))).toMatchObject({
      code: 'MODEL_OP_INVALID',
      what: "parameter 'x' has 2 operands, expected one",
    })
  })
  it('outputs beyond those that a call makes', () => {
    const x: Tensor = { dtype: 'float32', shape: [4], data: new Float32Array(4) }
    const attributes = { k: 2, return_indices: false }
    expect(callOp('topk', { x }, { attributes, outputs: 1 })).toHaveLength(1)
    expect(outcome(() => callOp('topk', { x }, { attributes, outputs: 2 }))).toMatchObject({
      code: 'MODEL_OP_INVALID',
      what: 'it declares 2 outputs, and op type topk makes 1',
    })
  })
})

/** The first cases of a row: enough to reach each kind of operand. */
const some = (row: Op): GoldenCase[] => (casesOf.get(row) ?? []).slice(0, 4)
const tested = dialects.filter(([, , , row]) => casesOf.has(row))

type Input = GoldenCase['inputs'][number]
const emptied = (input: Input, axis: number): Input => ({
  ...input,
  shape: input.shape.map((size, i) => (i === axis ? 0 : size)),
  data: [],
})
const withInputs = (one: GoldenCase, change: (input: Input, index: number) => Input): GoldenCase => ({
  ...one,
  inputs: one.inputs.map(change),
})

describe('an op answers', () => {
  it.each(tested)('tensors of nothing: %s %s %s', (_, __, ___, row) => {
    for (const one of some(row)) {
      one.inputs.forEach((operand, which) => {
        operand.shape.forEach((size, axis) => {
          expectAnswer(withInputs(one, (input, i) => (i === which ? emptied(input, axis) : input)))
          expectAnswer(withInputs(one, (input) => (input.shape[axis] === size ? emptied(input, axis) : input)))
        })
        expectAnswer(withInputs(one, (input, i) => (i === which ? { ...input, shape: [], data: [input.data[0] ?? 0] } : input)))
      })
    }
  })

  const NUMBERS = [-1, 0, 7, 1.5, 2 ** 31 - 1, -(2 ** 31), Number.NaN]
  const ATTRIBUTES: Attribute[] = [...NUMBERS, 'x', [], [-1], [0, 0], [2 ** 30, 2 ** 30, 2 ** 30], new Array<number>(9).fill(1)]
  const replaced = (list: readonly Attribute[], at: number, value: Attribute) => list.map((element, i) => (i === at ? value : element))

  it.each(tested)('absurd parameters: %s %s %s', (_, __, ___, row) => {
    for (const one of some(row)) {
      const instead = (name: string, value: Attribute) => expectAnswer({ ...one, attributes: { ...one.attributes, [name]: value } })
      for (const [name, attribute] of Object.entries(one.attributes)) {
        const list = Array.isArray(attribute) ? attribute : []
        // what an op reads from the layer's message has the types that the reader vouches for
        const own = name in row.parameters
        if (own) for (const value of ATTRIBUTES) instead(name, value)
        else if (typeof list[0] !== 'number') continue
        for (const i of list.keys()) for (const value of own ? NUMBERS : [0, 7, 2 ** 31 - 1]) instead(name, replaced(list, i, value))
      }
      one.inputs.forEach((operand, which) => {
        if (operand.data.length > 8 || operand.dtype === 'string') return
        for (const value of operand.dtype.startsWith('float') ? [...NUMBERS, 'Infinity'] : [-1, 0, 7, 2 ** 31 - 1]) {
          for (const at of operand.data.keys()) {
            const data = operand.data.map((element, i) => (i === at ? value : element)) as number[]
            expectAnswer(withInputs(one, (input, i) => (i === which ? { ...input, data } : input)))
          }
        }
      })
    }
  })
})

/** Float operands that decide where elements go, or whose truth alone is asked: `dialect type parameter`, and the reason. */
const NO_NUMBERS: readonly (readonly [pattern: RegExp, reason: string])[] = [
  [/^neuralnetwork (equal|notEqual|lessThan|lessEqual|greaterThan|greaterEqual|logical\w+) /, 'the result is a truth'],
  [
    /^neuralnetwork (argMax|argMin|argSort|whereNonZero) |^mil random_categorical|^neuralnetwork categoricalDistribution/,
    'the result is an index',
  ],
  [/^neuralnetwork (getShape|fillLike|random\w+Like) /, 'only the shape is read'],
  [/^mil reshape_like ref_tensors|^neuralnetwork (reshapeLike|broadcastToLike|crop) input 1/, 'only the shape is read'],
  [/^neuralnetwork oneHot|^neuralnetwork whereBroadcastable input 0/, 'decides between two values'],
  [/^neuralnetwork NonMaximumSuppression input [23]/, 'a threshold, which NaN turns off'],
  [/^coreml nonMaximumSuppression confidence/, 'a box without a confidence reaches no threshold'],
  [
    /^mil (crop_resize|resample|affine) (roi|boxes|coordinates|transform_matrix)|^neuralnetwork cropResize input 1/,
    'a position; NaN lies outside',
  ],
]

describe('NaN goes through', () => {
  it.each(tested)('%s %s %s', (dialect, type, _, row) => {
    const reached = new Set<string>()
    const passed = new Set<string>()
    for (const one of casesOf.get(row)!) {
      if (!one.expected.some(({ dtype, data }) => dtype.startsWith('float') && data.length > 0)) continue
      if (one.attributes['mode'] === 'ARGMAX') continue
      one.inputs.forEach(({ parameter, dtype, data }, which) => {
        if (!dtype.startsWith('float') || data.length === 0 || row.parameters[parameter]?.moves === false) return
        const before = one.inputs.slice(0, which).filter((input) => input.parameter === parameter).length
        const name = `${parameter} ${before}`
        if (NO_NUMBERS.some(([pattern]) => pattern.test(`${dialect} ${type} ${name}`))) return
        const answer = outcome(() =>
          runGolden(withInputs(one, (input, i) => (i === which ? { ...input, data: data.map(() => 'NaN') } : input))),
        )
        if (answer instanceof ParityError) return
        reached.add(name)
        if (answer.some((value) => value.dtype.startsWith('float') && (value.data as Float32Array).some(Number.isNaN))) passed.add(name)
      })
    }
    expect(passed).toEqual(reached)
  })
})

/** Results whose dtype does not follow that of the operands. */
const OWN_DTYPE: readonly (readonly [pattern: RegExp, reason: string])[] = [
  [/^(cast|constexpr_cast)$/, 'the op names the dtype'],
  [/^constexpr_/, 'that of one of several operands, not all of them floats'],
  [/^(random_\w+|fill|fill_like|one_hot|range_1d|make_list)$/, 'the file declares it'],
]

/** Cases that mean something else in binary16. */
const OF_SINGLES: { readonly [name: string]: string } = { 'log of zero': 'the default epsilon of 1e-45 is 0 there' }

describe('float16 operands give float16 results near those of float32', () => {
  const programs = milOps.filter((row) => casesOf.has(row) && !OWN_DTYPE.some(([pattern]) => pattern.test(row.type)))
  it.each(programs.map((row) => [row.type, row.since, row] as const))('%s of %s', (_, __, row) => {
    for (const one of casesOf.get(row)!) {
      if (one.name in OF_SINGLES) continue
      const values = one.inputs.map((input) =>
        input.dtype === 'float32' ? { ...input, data: input.data.map((x) => roundToHalf(Number(x))) } : input,
      )
      // a case whose operands binary16 does not hold has other results there
      if (values.some(({ data }, i) => data.some((x, j) => !Object.is(Number(x), Number(one.inputs[i]!.data[j]))))) continue
      const halves = values.map((input) => (input.dtype === 'float32' ? { ...input, dtype: 'float16' as const } : input))
      const answer = outcome(() => runGolden({ ...one, inputs: halves }))
      if (answer instanceof ParityError) throw answer
      one.expected.forEach(({ dtype, shape, data }, i) => {
        if (dtype !== 'float32') return
        const { data: found, ...result } = answer[i]!
        expect(result).toEqual({ dtype: 'float16', shape })
        const largest = data.reduce<number>((most, x) => (Number.isFinite(Number(x)) ? Math.max(most, Math.abs(Number(x))) : most), 0)
        data.forEach((want, at) => {
          const got = Number(found[at])
          expect(roundToHalf(got)).toBe(got)
          const rounded = roundToHalf(Number(want))
          if (!Object.is(got, rounded)) expect(Math.abs(got - rounded), one.name).toBeLessThanOrEqual(2 ** -10 * largest)
        })
      })
    }
  })
})
