/** One suite for every runner: what the Session interface promises holds on each, on the bundled example. */
import { afterAll, describe, expect, it } from 'vitest'
import type { Tensor } from '../../kernels/tensor.js'
import { createSession, type Model, type Override, openModel, type RunnerName, type SessionOptions } from '../../src/index.js'
import { relativeError, resultsOf, samplesOf } from '../golden/archives.js'
import { float32 } from '../support/graphs.js'
import { golden } from '../support/parity.js'

interface Runner {
  file: string
  runner: RunnerName
  input: string
  output: string
  /** A value that all that follows depends on by itself, in graph order between `first` and the output. */
  middle: string
  first: string
  ops: number
  /** The bias before the softmax, and an attribute that changes what a model computes. */
  bias: string
  attribute: Override
  /** How far from what the source's own runtime prints. */
  error: number
}

const RUNNERS: Runner[] = [
  {
    file: 'digits.tflite',
    runner: 'tfjs',
    input: 'serving_default_image:0',
    output: 'StatefulPartitionedCall:0',
    middle: 'model/global_average_pooling2d/Mean',
    first: 'model/add/add',
    ops: 13,
    bias: 'model/digit/BiasAdd/ReadVariableOp',
    attribute: { kind: 'attribute', node: 'StatefulPartitionedCall:0', attribute: 'beta', value: 0.5 },
    error: 1e-5,
  },
  {
    file: 'digits.mlmodel',
    runner: 'coreml',
    input: 'image',
    output: 'Identity',
    middle: 'model/global_average_pooling2d/Mean',
    first: 'model/add/add',
    ops: 44,
    bias: 'model/digit/BiasAdd/bias',
    attribute: { kind: 'attribute', node: 'model/digit/BiasAdd', attribute: 'hasBias', value: false },
    error: 1e-5,
  },
  {
    file: 'digits.mlpackage',
    runner: 'coreml',
    input: 'image',
    output: 'Identity',
    middle: 'model_global_average_pooling2d_Mean_cast_fp16',
    first: 'model_add_add_cast_fp16',
    ops: 25,
    bias: 'model_digit_BiasAdd_bias_0_to_fp16',
    attribute: { kind: 'attribute', node: 'model_digit_BiasAdd_cast_fp16', attribute: 'bias', value: float32([10], new Array(10).fill(1)) },
    error: 2 * 2 ** -7,
  },
]

const EXPECTED = resultsOf(golden('digits/expected.npz'))
const [first, second] = samplesOf(golden('digits/samples.npz')).map((sample) => Object.values(sample)[0]!) as [Tensor, Tensor]
const numbers = (value: Tensor | undefined): number[] => Array.from(value?.data ?? [], Number)

describe.each(RUNNERS)('$runner on $file', ({ file, runner, input, output, middle, first: early, ops, bias, attribute, error }) => {
  const models: Model[] = []
  const open = async (options: SessionOptions = {}) => {
    const model = await openModel(golden(`digits/${file}`))
    models.push(model)
    return createSession(model, options)
  }
  afterAll(() => {
    for (const model of models) model.close()
  })

  it('gives the outputs, the same each time', async () => {
    const session = await open({ runner })
    const values = await session.run({ [input]: first })
    expect([...values.keys()]).toEqual([output])
    expect(relativeError(values.get(output), EXPECTED.get('0/StatefulPartitionedCall:0')!)).toBeLessThan(error)
    await session.run({ [input]: second })
    expect(numbers((await session.run({ [input]: first })).get(output))).toEqual(numbers(values.get(output)))
    await session.close()
  })

  it('fetches values by name in the order asked for, and all that ops make', async () => {
    const session = await open()
    const chosen = await session.run({ [input]: first }, { fetch: [output, middle, early] })
    expect([...chosen.keys()]).toEqual([output, middle, early])
    const all = await session.run({ [input]: first }, { fetch: 'all' })
    expect(all.size).toBe(ops)
    for (const [name, value] of chosen) expect(numbers(all.get(name))).toEqual(numbers(value))
  })

  it('takes a value in place of computing it', async () => {
    const session = await open()
    const own = await session.run({ [input]: second }, { fetch: [middle, output] })
    const fed = await session.run({ [input]: first }, { feed: { [middle]: own.get(middle)! } })
    expect(numbers(fed.get(output))).toEqual(numbers(own.get(output)))
  })

  it('shows values to a tap, in order, and takes what it returns', async () => {
    const session = await open()
    const own = await session.run({ [input]: second }, { fetch: [middle, output] })
    const seen: string[] = []
    const tapped = await session.run(
      { [input]: first },
      {
        tap(name) {
          seen.push(name)
          return name === middle ? own.get(middle) : undefined
        },
      },
    )
    expect(numbers(tapped.get(output))).toEqual(numbers(own.get(output)))
    expect(seen).toHaveLength(ops)
    expect(seen.indexOf(early)).toBeLessThan(seen.indexOf(middle))
  })

  it.each([
    ['a constant', { kind: 'constant', value: bias, tensor: float32([10], [9, 0, 0, 0, 0, 0, 0, 0, 0, 0]) } satisfies Override],
    ['an attribute', attribute],
  ])('overrides %s for one run', async (_, override) => {
    const session = await open()
    const before = numbers((await session.run({ [input]: first })).get(output))
    expect(numbers((await session.run({ [input]: first }, { overrides: [override] })).get(output))).not.toEqual(before)
    expect(numbers((await session.run({ [input]: first })).get(output))).toEqual(before)
  })

  it('converts what it is fed, and leaves it alone', async () => {
    const session = await open()
    const wide: Tensor = { dtype: 'float64', shape: first.shape, data: Float64Array.from(numbers(first)) }
    expect(numbers((await session.run({ [input]: wide })).get(output))).toEqual(
      numbers((await session.run({ [input]: first })).get(output)),
    )
    expect(wide.data).toEqual(Float64Array.from(numbers(first)))
  })

  it('has no state, and says so', async () => {
    const session = await open()
    expect(session.state.names()).toEqual([])
    expect(() => session.state.read('x')).toThrow(expect.objectContaining({ what: expect.stringContaining('x') }))
    session.state.reset()
  })

  const small = float32([1, 8, 8, 1], new Array(64).fill(0))
  it.each([
    ['a missing input', {}, {}, 'INPUT_MISSING'],
    ['an unknown input', { [input]: first, more: first }, {}, 'INPUT_UNKNOWN'],
    ['another shape', { [input]: small }, {}, 'INPUT_SHAPE'],
    ['text', { [input]: { dtype: 'string', shape: first.shape, data: new Array(256).fill('a') } as Tensor }, {}, 'INPUT_DTYPE'],
    ['an unknown value to fetch', { [input]: first }, { fetch: ['nothing'] }, 'USAGE_VALUE'],
    ['an unknown value to feed', { [input]: first }, { feed: { nothing: first } }, 'USAGE_VALUE'],
    [
      'an unknown constant to override',
      { [input]: first },
      { overrides: [{ kind: 'constant', value: 'nothing', tensor: first } satisfies Override] },
      'USAGE_VALUE',
    ],
    [
      'an unknown op to override',
      { [input]: first },
      { overrides: [{ kind: 'attribute', node: 'nothing', attribute: 'a', value: 1 } satisfies Override] },
      'USAGE_NODE',
    ],
  ])('refuses %s', async (_, feeds: Record<string, Tensor>, options, code) => {
    const session = await open()
    await expect(session.run(feeds, options)).rejects.toMatchObject({ name: 'ParityError', code })
  })

  it.each<[string, SessionOptions, string]>([
    ['a function that is not there', { function: 'nothing' }, 'USAGE_FUNCTION'],
    ['a runner of another format', { runner: runner === 'coreml' ? 'tfjs' : 'coreml' }, 'UNSUPPORTED_RUNNER'],
    ...(runner === 'coreml'
      ? []
      : [['another precision', { precision: 'fp16' }, 'USAGE_PRECISION'] satisfies [string, SessionOptions, string]]),
  ])('refuses %s', async (_, options, code) => {
    await expect(open(options)).rejects.toMatchObject({ name: 'ParityError', code })
  })

  it('stops at the memory limit', async () => {
    const session = await open({ memoryLimit: 1e-3 })
    await expect(session.run({ [input]: first })).rejects.toMatchObject({ code: 'UNSUPPORTED_MEMORY_LIMIT' })
  })

  it('can be closed twice', async () => {
    const session = await open()
    await session.close()
    await session.close()
  })
})
