import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Tensor } from '../../../kernels/tensor.js'
import { readTflite } from '../../../src/formats/tflite/index.js'
import type { Session } from '../../../src/runners/session.js'
import { loadDevice } from '../../../src/runners/tfjs/backend.js'
import { createTfjsSession } from '../../../src/runners/tfjs/index.js'
import { tflite } from '../../formats/tflite/write.js'
import { bool, float32, sessionOf } from './run.js'

const numbers = (values: Map<string, Tensor>): Record<string, number[]> =>
  Object.fromEntries([...values].map(([name, { data }]) => [name, Array.from(data as Float32Array)]))

/** sum = x + c, product = sum * sum, result = leaky relu(product - 5) */
const NET = [
  {
    tensors: [
      { name: 'x', shape: [2] },
      { name: 'c', shape: [2], data: Float32Array.of(1, -1) },
      { name: 'sum', shape: [2] },
      { name: 'product', shape: [2] },
      { name: 'five', shape: [], data: Float32Array.of(5) },
      { name: 'shifted', shape: [2] },
      { name: 'result', shape: [2] },
    ],
    inputs: [0],
    outputs: [6],
    operators: [
      { type: 'ADD', inputs: [0, 1], outputs: [2], options: ['AddOptions', {}] as [string, object] },
      { type: 'MUL', inputs: [2, 2], outputs: [3], options: ['MulOptions', {}] as [string, object] },
      { type: 'SUB', inputs: [3, 4], outputs: [5], options: ['SubOptions', {}] as [string, object] },
      { type: 'LEAKY_RELU', inputs: [5], outputs: [6], options: ['LeakyReluOptions', { alpha: 0.5 }] as [string, object] },
    ],
  },
]
const SIGNATURE = {
  signature_defs: [{ signature_key: 'serve', inputs: [{ name: 'in', tensor_index: 0 }], outputs: [{ name: 'out', tensor_index: 6 }] }],
}
const X = { x: float32([2], [1, 2]) }

describe('a session', () => {
  let session: Session
  beforeAll(async () => {
    session = await sessionOf(NET as never, {}, SIGNATURE)
  })
  afterAll(() => session.close())

  it('returns the outputs', async () => {
    expect(numbers(await session.run(X))).toEqual({ result: [-0.5, -2] })
    expect(session.runtime).toMatch(/^tfjs wasm 4\./)
  })

  it('returns all that nodes make', async () => {
    expect(numbers(await session.run(X, { fetch: 'all' }))).toEqual({ sum: [2, 1], product: [4, 1], shifted: [-1, -4], result: [-0.5, -2] })
  })

  it('returns inputs, constants and aliases by name', async () => {
    expect(numbers(await session.run({ in: X.x }, { fetch: ['x', 'c', 'sum', 'out'] }))).toEqual({
      x: [1, 2],
      c: [1, -1],
      sum: [2, 1],
      out: [-0.5, -2],
    })
  })

  it('runs no more than is asked for', async () => {
    const made: string[] = []
    const tap = (name: string): undefined => void made.push(name)
    await session.run(X, { fetch: ['product'], tap })
    expect(made).toEqual(['sum', 'product'])
  })

  it('takes any value in place of computing it, and then needs no inputs', async () => {
    expect(numbers(await session.run({}, { feed: { product: float32([2], [9, 4]) } }))).toEqual({ result: [4, -0.5] })
  })

  it('overrides attributes and constants for one run', async () => {
    const overrides = [
      { kind: 'attribute', node: 'result', attribute: 'alpha', value: 0.25 },
      { kind: 'constant', value: 'c', tensor: float32([2], [0, 0]) },
    ] as const
    expect(numbers(await session.run(X, { overrides: [...overrides] }))).toEqual({ result: [-1, -0.25] })
    expect(numbers(await session.run(X))).toEqual({ result: [-0.5, -2] })
  })

  it('lets a tap replace a value for everything behind it', async () => {
    const tap = (name: string): Tensor | undefined => (name === 'sum' ? float32([2], [3, 3]) : undefined)
    expect(numbers(await session.run(X, { fetch: ['sum', 'result'], tap }))).toEqual({ sum: [3, 3], result: [4, 4] })
  })

  it('gives arrays that the caller may change', async () => {
    const first = await session.run(X, { fetch: ['c', 'result'] })
    for (const { data } of first.values()) (data as Float32Array).fill(9)
    expect(numbers(await session.run(X, { fetch: ['c', 'result'] }))).toEqual({ c: [1, -1], result: [-0.5, -2] })
  })

  it('converts what it is fed where no element changes', async () => {
    expect(numbers(await session.run({ x: { dtype: 'int64', shape: [2], data: BigInt64Array.of(1n, 2n) } }))).toEqual({
      result: [-0.5, -2],
    })
    expect(numbers(await session.run({ x: { dtype: 'float64', shape: [2], data: Float64Array.of(1, 2) } }))).toEqual({ result: [-0.5, -2] })
  })

  it.each([
    ['an unknown input', { y: X.x }, {}, 'INPUT_UNKNOWN', "the model has no input 'y'"],
    ['a missing input', {}, {}, 'INPUT_MISSING', 'Input x was not given'],
    ['an input of another shape', { x: float32([1, 2], [1, 2]) }, {}, 'INPUT_SHAPE', 'Input x has shape [2], and [1, 2] was given'],
    [
      'text for numbers',
      { x: { dtype: 'string', shape: [2], data: ['a', 'b'] } as Tensor },
      {},
      'INPUT_DTYPE',
      'Input x takes float32, and string was given',
    ],
    ['an unknown value to fetch', X, { fetch: ['nothing'] }, 'USAGE_VALUE', 'The graph has no value nothing'],
    ['an unknown value to feed', X, { feed: { nothing: X.x } }, 'USAGE_VALUE', 'The graph has no value nothing'],
    [
      'an unknown node to override',
      X,
      { overrides: [{ kind: 'attribute', node: 'n', attribute: 'a', value: 1 } as const] },
      'USAGE_NODE',
      'The graph has no node n',
    ],
  ])('refuses %s', async (_, feeds, options, code, what) => {
    await expect(session.run(feeds as Record<string, Tensor>, options)).rejects.toMatchObject({ code, what })
  })

  it('names the op whose operands do not fit', async () => {
    await expect(
      session.run({}, { feed: { sum: float32([3], [1, 2, 3]), product: float32([2, 2], [1, 2, 3, 4]), five: float32([3], [1, 2, 3]) } }),
    ).rejects.toMatchObject({
      code: 'MODEL_SHAPE',
      where: 'op shifted (SUB), subgraph 0, operator 2',
    })
  })

  it('keeps to a limit of memory', async () => {
    const limited = await sessionOf(NET as never, { memoryLimit: 16e-6 })
    await expect(limited.run(X, { fetch: 'all' })).rejects.toMatchObject({ code: 'UNSUPPORTED_MEMORY_LIMIT' })
    expect(numbers(await limited.run(X))).toEqual({ result: [-0.5, -2] })
  })
})

describe('createTfjsSession', () => {
  const model = readTflite('net.tflite', tflite(NET as never, SIGNATURE))

  it.each([
    [{ function: 'train' }, 'USAGE_FUNCTION', 'The model has no function train'],
    [{ precision: 'fp16' as const }, 'USAGE_PRECISION', "The tfjs runner computes in the model's own precision, not in fp16"],
    [{ backend: 'gpu' as never }, 'USAGE_BACKEND', 'Unknown backend gpu'],
    [{ backend: 'node' as const }, 'UNSUPPORTED_BACKEND', 'The TensorFlow.js backend node cannot be loaded'],
  ])('refuses %o', async (options, code, what) => {
    await expect(createTfjsSession(model, options)).rejects.toMatchObject({ code, what })
  })

  it('says what to install for a backend that is missing', async () => {
    await expect(createTfjsSession(model, { backend: 'node' })).rejects.toMatchObject({
      remedy: 'Install it beside this package: npm install @tensorflow/tfjs-node',
    })
  })

  it('runs the function that is asked for', async () => {
    const session = await createTfjsSession(model, { function: 'serve' })
    expect(numbers(await session.run({ in: X.x }))).toEqual({ result: [-0.5, -2] })
  })

  it('leaves no listeners on the process', async () => {
    await loadDevice('wasm')
    expect(process.listeners('uncaughtException').some((listener) => /ExitStatus/.test(String(listener)))).toBe(false)
  })

  it('lets sessions of two backends take turns', async () => {
    const [wasm, cpu] = await Promise.all([createTfjsSession(model, { backend: 'wasm' }), createTfjsSession(model, { backend: 'cpu' })])
    const results = await Promise.all([wasm, cpu, wasm, cpu].map((session) => session.run(X)))
    expect(results.map(numbers)).toEqual(Array(4).fill({ result: [-0.5, -2] }))
    expect(cpu.runtime).toMatch(/^tfjs cpu/)
  })

  it('says which op it lacks', async () => {
    const session = await sessionOf([
      {
        tensors: [
          { name: 'x', shape: [1] },
          { name: 'y', shape: [1] },
        ],
        inputs: [0],
        outputs: [1],
        operators: [{ type: 'FlexErf', inputs: [0], outputs: [1], custom: Uint8Array.of(0) }],
      },
    ])
    await expect(session.run({ x: float32([1], [0]) })).rejects.toMatchObject({
      code: 'UNSUPPORTED_OP',
      where: 'op y (FlexErf), subgraph 0, operator 0',
    })
  })

  it('says which op declares more outputs than it makes', async () => {
    const split = (outputs: number[]) => [
      {
        tensors: [
          { name: 'axis', type: 'INT32', data: Int32Array.of(0) },
          { name: 'x', shape: [4] },
          ...outputs.map((i) => ({ name: `y${i}` })),
        ],
        inputs: [1],
        outputs,
        operators: [{ type: 'SPLIT', inputs: [0, 1], outputs, options: ['SplitOptions', { num_splits: 2 }] }],
      },
    ]
    const x = { x: float32([4], [1, 2, 3, 4]) }
    const right = await sessionOf(split([2, 3]) as never)
    expect(numbers(await right.run(x))).toEqual({ y2: [1, 2], y3: [3, 4] })
    const wrong = await sessionOf(split([2, 3, 4]) as never)
    await expect(wrong.run(x)).rejects.toMatchObject({
      code: 'MODEL_OPERATOR',
      what: 'It declares 3 outputs, and SPLIT makes 2',
      where: 'op y2 (SPLIT), subgraph 0, operator 0',
    })
  })

  it('says which dtypes an op is not computed for', async () => {
    const tensors = [
      { name: 'x', type: 'UINT16', shape: [1] },
      { name: 'y', type: 'UINT16', shape: [1] },
    ]
    const session = await sessionOf([{ tensors, inputs: [0], outputs: [1], operators: [{ type: 'SOFTMAX', inputs: [0], outputs: [1] }] }])
    await expect(session.run({ x: { dtype: 'uint16', shape: [1], data: Uint16Array.of(1) } })).rejects.toMatchObject({
      code: 'UNSUPPORTED_DTYPE',
      what: 'SOFTMAX: operand input has dtype uint16, expected tensor<float32|int8|uint8|int16>',
    })
  })
})

describe('control flow', () => {
  const scalar = (name: string, type = 'FLOAT32') => ({ name, type, shape: [] })
  /** while (x < 100) x = x * 2 */
  const LOOP = [
    {
      tensors: [scalar('x'), scalar('y')],
      inputs: [0],
      outputs: [1],
      operators: [
        { type: 'WHILE', inputs: [0], outputs: [1], options: ['WhileOptions', { cond_subgraph_index: 1, body_subgraph_index: 2 }] },
      ],
    },
    {
      tensors: [scalar('a'), { ...scalar('limit'), data: Float32Array.of(100) }, scalar('go', 'BOOL')],
      inputs: [0],
      outputs: [2],
      operators: [{ type: 'LESS', inputs: [0, 1], outputs: [2] }],
    },
    {
      tensors: [scalar('a'), { ...scalar('two'), data: Float32Array.of(2) }, scalar('twice')],
      inputs: [0],
      outputs: [2],
      operators: [{ type: 'MUL', inputs: [0, 1], outputs: [2], options: ['MulOptions', {}] }],
    },
  ]

  it('loops while its condition holds, and shows the last iteration', async () => {
    const session = await sessionOf(LOOP as never)
    expect(numbers(await session.run({ x: float32([], [3]) }, { fetch: ['y', 'y/twice', 'y/a', 'y/go'] }))).toEqual({
      y: [192],
      'y/twice': [192],
      'y/a': [96],
      'y/go': [0],
    })
    expect(numbers(await session.run({ x: float32([], [3]) }, { fetch: 'all' }))).toEqual({ y: [192] })
  })

  it('overrides and taps values of a body', async () => {
    const session = await sessionOf(LOOP as never)
    const seen: string[] = []
    const result = await session.run(
      { x: float32([], [3]) },
      { overrides: [{ kind: 'constant', value: 'y/two', tensor: float32([], [10]) }], tap: (name) => void seen.push(name) },
    )
    expect(numbers(result)).toEqual({ y: [300] })
    expect(seen).toEqual(['y/go', 'y/twice', 'y/go', 'y/twice', 'y/go', 'y'])
  })

  it('takes one of two branches', async () => {
    const unary = (type: string) => ({
      tensors: [scalar('a'), scalar('b')],
      inputs: [0],
      outputs: [1],
      operators: [{ type, inputs: [0], outputs: [1] }],
    })
    const session = await sessionOf([
      {
        tensors: [scalar('c', 'BOOL'), scalar('x'), scalar('y')],
        inputs: [0, 1],
        outputs: [2],
        operators: [
          { type: 'IF', inputs: [0, 1], outputs: [2], options: ['IfOptions', { then_subgraph_index: 1, else_subgraph_index: 2 }] },
        ],
      },
      unary('NEG'),
      unary('ABS'),
    ] as never)
    const x = float32([], [-3])
    expect(numbers(await session.run({ c: bool([], [1]), x }, { fetch: ['y', 'y/b'] }))).toEqual({ y: [3], 'y/b': [3] })
    expect(numbers(await session.run({ c: bool([], [0]), x: float32([], [-7]) }, { fetch: ['y', 'y/b'] }))).toEqual({ y: [7], 'y/b': [7] })
  })

  it('initializes variables once in every run', async () => {
    const handle = { type: 'VAR_HANDLE', inputs: [], outputs: [0], options: ['VarHandleOptions', { shared_name: 'v' }] }
    const session = await sessionOf([
      {
        tensors: [{ name: 'v', type: 'RESOURCE' }, scalar('x'), scalar('old'), scalar('sum'), scalar('new')],
        inputs: [1],
        outputs: [4],
        operators: [
          { type: 'CALL_ONCE', inputs: [], outputs: [], options: ['CallOnceOptions', { init_subgraph_index: 1 }] },
          handle,
          { type: 'READ_VARIABLE', inputs: [0], outputs: [2] },
          { type: 'ADD', inputs: [2, 1], outputs: [3], options: ['AddOptions', {}] },
          { type: 'ASSIGN_VARIABLE', inputs: [0, 3], outputs: [] },
          { type: 'READ_VARIABLE', inputs: [0], outputs: [4] },
        ],
      },
      {
        tensors: [
          { name: 'v', type: 'RESOURCE' },
          { ...scalar('ten'), data: Float32Array.of(10) },
        ],
        inputs: [],
        outputs: [],
        operators: [handle, { type: 'ASSIGN_VARIABLE', inputs: [0, 1], outputs: [] }],
      },
    ] as never)
    for (let run = 0; run < 2; run++) {
      expect(numbers(await session.run({ x: float32([], [1]) }, { fetch: 'all' }))).toEqual({ old: [10], sum: [11], new: [11] })
    }
  })
})
