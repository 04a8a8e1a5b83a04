/** float16 in the judge: what rounding values and constants explains is excused, what the target's own intermediate values lose is not. */
import { describe, expect, it } from 'vitest'
import { roundToHalf } from '../../kernels/float16.js'
import { Random } from '../../kernels/generator.js'
import type { DType, Tensor } from '../../kernels/tensor.js'
import type { Model } from '../../src/graph/model.js'
import { float16, float32, type NodeSketch, sketchModel } from '../support/graphs.js'
import { judgeModels } from '../support/judged.js'

const noise = (count: number, seed: number, scale = 1, mean = 0): number[] => {
  const random = new Random(seed)
  return Array.from({ length: count }, () => Math.fround(mean + scale * random.normal()))
}
const vectors = (count: number, size: number, scale = 1, mean = 0): Record<string, Tensor>[] =>
  Array.from({ length: count }, (_, i) => ({ x: float32([1, size], noise(size, 300 + i, scale, mean)) }))

type Build = (constant: (shape: number[], data: number[]) => Tensor, dtype: DType) => NodeSketch[]

const text = (value: string): Tensor => ({ dtype: 'string', shape: [], data: [value] })

/** The same ops in float32, and in float16 between two casts. */
function pair(size: number, build: Build): { source: Model; target: Model } {
  const inputs = { x: { dtype: 'float32' as const, shape: [1, size] } }
  const wide = build(float32, 'float32').map((node) => ({ ...node, inputs: rename(node.inputs, 'in', 'x') }))
  const rounded = (shape: number[], data: number[]) => float16(shape, data.map(roundToHalf))
  const half: NodeSketch[] = [
    { type: 'cast', inputs: { x: 'x', dtype: text('fp16') }, output: 'in', dtype: 'float16' },
    ...build(rounded, 'float16').map((node) => ({
      ...node,
      dtype: 'float16' as const,
      output: node.output === 'out' ? 'narrow' : node.output,
    })),
    { type: 'cast', inputs: { x: 'narrow', dtype: text('fp32') }, output: 'out' },
  ]
  return { source: sketchModel(inputs, wide, ['out']), target: sketchModel(inputs, half, ['out']) }
}

const rename = (inputs: NodeSketch['inputs'], from: string, to: string): NodeSketch['inputs'] =>
  Object.fromEntries(Object.entries(inputs).map(([name, value]) => [name, value === from ? to : value]))

const axes = (axis: number): Tensor => ({ dtype: 'int32', shape: [1], data: Int32Array.of(axis) })
const keep: Tensor = { dtype: 'bool', shape: [], data: Uint8Array.of(1) }

const dense: Build = (constant) => [
  {
    type: 'linear',
    inputs: { x: 'in', weight: constant([24, 32], noise(24 * 32, 1, 0.3)), bias: constant([24], noise(24, 2)) },
    output: 'fc',
  },
  { type: 'gelu', inputs: { x: 'fc' }, output: 'act' },
  {
    type: 'linear',
    inputs: { x: 'act', weight: constant([10, 24], noise(240, 3, 0.3)), bias: constant([10], noise(10, 4)) },
    output: 'out',
  },
]

const errorsOf = async ({ source, target }: { source: Model; target: Model }, samples: Record<string, Tensor>[]) => {
  const { verdict, findings } = await judgeModels(source, target, samples)
  return { verdict, errors: findings.filter(({ severity }) => severity === 'error').map(({ cause, op }) => `${cause} at ${op.name}`) }
}

describe('what float16 may do', () => {
  it('rounds values and constants', async () => {
    expect(await errorsOf(pair(32, dense), vectors(12, 32))).toEqual({ verdict: 'pass', errors: [] })
  })
  it('rounds a value on its way through a copy', async () => {
    const inputs = { x: { dtype: 'float32' as const, shape: [1, 32] } }
    const whole = (input: string): NodeSketch => ({ type: 'mul', inputs: { x: input, y: float32([], [1]) }, output: 'out' })
    const through: NodeSketch[] = [
      { type: 'cast', inputs: { x: 'x', dtype: text('fp16') }, output: 'narrow', dtype: 'float16' },
      { type: 'cast', inputs: { x: 'narrow', dtype: text('fp32') }, output: 'wide' },
      whole('wide'),
    ]
    const models = { source: sketchModel(inputs, [whole('x')], ['out']), target: sketchModel(inputs, through, ['out']) }
    expect(await errorsOf(models, vectors(6, 32))).toEqual({ verdict: 'pass', errors: [] })
  })
  it('overflows where a mask overflows too, and nothing comes of it', async () => {
    const attention: Build = (constant) => [
      { type: 'add', inputs: { x: 'in', y: constant([16], [...new Array<number>(12).fill(0), -1e9, -1e9, -1e9, -1e9]) }, output: 'masked' },
      { type: 'softmax', inputs: { x: 'masked' }, output: 'out' },
    ]
    expect(await errorsOf(pair(16, attention), vectors(6, 16, 2))).toEqual({ verdict: 'pass', errors: [] })
  })
})

describe('what float16 may not do', () => {
  it('cancel: a large number added and taken off again', async () => {
    const cancelling: Build = (constant) => [
      { type: 'add', inputs: { x: 'in', y: constant([], [256]) }, output: 'large' },
      { type: 'sub', inputs: { x: 'large', y: constant([], [256]) }, output: 'small' },
      { type: 'linear', inputs: { x: 'small', weight: constant([10, 32], noise(320, 5, 0.3)) }, output: 'out' },
    ]
    const { source, target } = pair(32, cancelling)
    const plain = pair(32, (constant) => [
      { type: 'linear', inputs: { x: 'in', weight: constant([10, 32], noise(320, 5, 0.3)) }, output: 'out' },
    ])
    expect(await errorsOf(plain, vectors(6, 32))).toEqual({ verdict: 'pass', errors: [] })
    const found = await errorsOf({ source: plain.source, target }, vectors(6, 32))
    expect(found.verdict).toBe('fail')
    expect(source.graph.nodes).toHaveLength(3)
  })
  it('lose squares among subnormal numbers', async () => {
    const energies: Build = (constant) => [
      { type: 'mul', inputs: { x: 'in', y: 'in' }, output: 'square' },
      { type: 'reduce_sum', inputs: { x: 'square', axes: axes(1), keep_dims: keep }, output: 'energy' },
      { type: 'add', inputs: { x: 'energy', y: constant([], [2 ** -24]) }, output: 'floored' },
      { type: 'log', inputs: { x: 'floored', epsilon: constant([], [0]) }, output: 'logs' },
      { type: 'add', inputs: { x: 'logs', y: constant([], [14]) }, output: 'out' },
    ]
    expect((await errorsOf(pair(32, energies), vectors(8, 32, 3e-4))).verdict).toBe('fail')
    expect(await errorsOf(pair(32, energies), vectors(8, 32, 3))).toEqual({ verdict: 'pass', errors: [] })
  })
  it('overflow, hidden by what follows', async () => {
    const squashed: Build = (constant) => [
      { type: 'mul', inputs: { x: 'in', y: 'in' }, output: 'square' },
      { type: 'mul', inputs: { x: 'square', y: constant([], [2 ** -17]) }, output: 'scaled' },
      { type: 'tanh', inputs: { x: 'scaled' }, output: 'out' },
    ]
    const { verdict, errors } = await errorsOf(pair(16, squashed), vectors(4, 16, 20, 300))
    expect(verdict).toBe('fail')
    expect(errors[0]).toBe('float16-overflow at square')
    expect(await errorsOf(pair(16, squashed), vectors(4, 16, 20, 100))).toEqual({ verdict: 'pass', errors: [] })
  })
  it('leave next to nothing of an output, though rounding explains it', async () => {
    const differences: Build = (constant) => [
      { type: 'add', inputs: { x: 'in', y: constant([], [0]) }, output: 'value' },
      { type: 'reduce_mean', inputs: { x: 'value', axes: axes(1), keep_dims: keep }, output: 'mean' },
      { type: 'sub', inputs: { x: 'value', y: 'mean' }, output: 'out' },
    ]
    const { verdict, errors } = await errorsOf(pair(16, differences), vectors(4, 16, 0.2, 900))
    expect({ verdict, cause: errors[0]?.split(' ')[0] }).toEqual({ verdict: 'fail', cause: 'precision-loss' })
    expect((await errorsOf(pair(16, differences), vectors(4, 16, 200, 900))).verdict).toBe('pass')
  })
})
