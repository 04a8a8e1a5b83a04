/** Operators that run bodies, keep tables or draw numbers. */
import { describe, expect, it } from 'vitest'
import type { Tensor } from '../../../kernels/tensor.js'
import type { OperatorSketch, SubgraphSketch, TensorSketch } from '../../formats/tflite/write.js'
import { compute, float32, int32, sessionOf } from './run.js'

const scalar = (name: string): TensorSketch => ({ name, shape: [] })

/** Calls subgraph 1, which doubles what it is given. */
const calling = (operator: Partial<OperatorSketch> & { type: string }): SubgraphSketch[] => [
  { tensors: [scalar('x'), scalar('y')], inputs: [0], outputs: [1], operators: [{ inputs: [0], outputs: [1], ...operator }] },
  {
    tensors: [scalar('a'), scalar('twice')],
    inputs: [0],
    outputs: [1],
    operators: [{ type: 'ADD', inputs: [0, 0], outputs: [1], options: ['AddOptions', {}] }],
  },
]

describe('a body in place of an operator', () => {
  it.each<[string, Partial<OperatorSketch>]>([
    ['CALL', { options: ['CallOptions', { subgraph: 1 }] }],
    ['STABLEHLO_COMPOSITE', { options: ['StableHLOCompositeOptions', { name: 'double', decomposition_subgraph_index: 1 }] }],
  ])('%s', async (type, options) => {
    const session = await sessionOf(calling({ type, ...options }))
    expect((await session.run({ x: float32([], [21]) })).get('y')).toEqual(float32([], [42]))
  })
})

describe('tables', () => {
  const int64 = (name: string, data: bigint[]): TensorSketch => ({
    name,
    type: 'INT64',
    shape: [data.length],
    data: BigInt64Array.from(data),
  })
  const graph = (imports: OperatorSketch[]): SubgraphSketch[] => [
    {
      tensors: [
        { name: 'table', type: 'RESOURCE', shape: [] },
        int64('keys', [3n, 7n, 3n]),
        { name: 'values', shape: [3], data: Float32Array.of(30, 70, 31) },
        { name: 'asked', type: 'INT64', shape: [2] },
        { name: 'fallback', shape: [], data: Float32Array.of(-1) },
        { name: 'found', shape: [2] },
        { name: 'size', type: 'INT64', shape: [1] },
      ],
      inputs: [3],
      outputs: [5, 6],
      operators: [
        { type: 'HASHTABLE', inputs: [], outputs: [0], options: ['HashtableOptions', { table_id: 4 }] },
        ...imports,
        { type: 'HASHTABLE_FIND', inputs: [0, 3, 4], outputs: [5] },
        { type: 'HASHTABLE_SIZE', inputs: [0], outputs: [6] },
      ],
    },
  ]
  const IMPORT: OperatorSketch = { type: 'HASHTABLE_IMPORT', inputs: [0, 1, 2], outputs: [] }
  const asked: Tensor = { dtype: 'int64', shape: [2], data: BigInt64Array.of(3n, 8n) }

  it('give the first value of a key, and the default for others', async () => {
    const results = await (await sessionOf(graph([IMPORT]))).run({ asked })
    expect(results.get('found')).toEqual(float32([2], [30, -1]))
    expect(results.get('size')!.data).toEqual(BigInt64Array.of(2n))
  })

  it('are filled once', async () => {
    const results = await (await sessionOf(graph([IMPORT, IMPORT]))).run({ asked })
    expect(results.get('size')!.data).toEqual(BigInt64Array.of(2n))
  })

  it('hold nothing before that', async () => {
    const results = await (await sessionOf(graph([]))).run({ asked })
    expect(results.get('found')).toEqual(float32([2], [-1, -1]))
    expect(results.get('size')!.data).toEqual(BigInt64Array.of(0n))
  })
})

describe('random numbers', () => {
  const COUNT = 4000
  const drawn = async (type: string, seed: number): Promise<Float32Array> => {
    const [out] = await compute(type, [int32([2], [COUNT / 4, 4])], [{}], ['RandomOptions', { seed, seed2: 5 }])
    expect(out!.shape).toEqual([COUNT / 4, 4])
    return out!.data as Float32Array
  }
  const meanOf = (data: Float32Array, f = (x: number) => x): number => data.reduce((sum, x) => sum + f(x), 0) / COUNT

  it.each(['RANDOM_UNIFORM', 'RANDOM_STANDARD_NORMAL'])('%s depends on the seed alone', async (type) => {
    const [first, again, other] = [await drawn(type, 1), await drawn(type, 1), await drawn(type, 2)]
    expect(again).toEqual(first)
    expect(other).not.toEqual(first)
  })

  // bounds of five standard errors
  it('are spread evenly over [0, 1)', async () => {
    const data = await drawn('RANDOM_UNIFORM', 1)
    expect(data.every((x) => x >= 0 && x < 1)).toBe(true)
    expect(Math.abs(meanOf(data) - 0.5)).toBeLessThan(5 / Math.sqrt(12 * COUNT))
  })

  it('have mean 0 and variance 1 where they are normal', async () => {
    const data = await drawn('RANDOM_STANDARD_NORMAL', 1)
    expect(Math.abs(meanOf(data))).toBeLessThan(5 / Math.sqrt(COUNT))
    expect(Math.abs(meanOf(data, (x) => x * x) - 1)).toBeLessThan(5 * Math.sqrt(2 / COUNT))
  })
})
