/**
 * How small a fault is found, by kind of op: one element of the result, and all of them, moved by a growing number of units of what two right
 * implementations differ by. A hundred is always found; one never is. docs/precision.md has the table (`SENSITIVITY=1` prints it).
 */
import { afterAll, describe, expect, it } from 'vitest'
import { Random } from '../../kernels/generator.js'
import { sizeOf, type Tensor } from '../../kernels/tensor.js'
import type { Model } from '../../src/graph/model.js'
import { float32, type NodeSketch, sketchModel } from '../support/graphs.js'
import { judgeModels } from '../support/judged.js'

const normal = (shape: number[], seed: number, scale = 1, mean = 0): Tensor<'float32'> => {
  const random = new Random(seed)
  return float32(
    shape,
    Array.from({ length: sizeOf(shape) }, () => mean + scale * random.normal()),
  )
}
const int32 = (...data: number[]): Tensor<'int32'> => ({ dtype: 'int32', shape: [data.length], data: Int32Array.from(data) })
const bool = (value: boolean): Tensor => ({ dtype: 'bool', shape: [], data: Uint8Array.of(Number(value)) })
const text = (value: string): Tensor => ({ dtype: 'string', shape: [], data: [value] })

interface Kind {
  kind: string
  input: number[]
  result: number[]
  mean?: number
  /** The op, and the same computed in another order. */
  plain: NodeSketch[]
  other: NodeSketch[]
}

/** Reads the operand's channels backwards: the same sums in another order. */
const backwards = (x: string, axis: number): NodeSketch => ({ type: 'reverse', inputs: { x, axes: int32(axis) }, output: `${x}_back` })

function reversed(value: Tensor<'float32'>, axis: number): Tensor<'float32'> {
  const inner = sizeOf(value.shape.slice(axis + 1))
  const length = value.shape[axis]!
  const data = value.data.map((_, i) => {
    const at = Math.floor(i / inner) % length
    return value.data[i + (length - 1 - 2 * at) * inner]!
  })
  return { ...value, data }
}

const kernel = normal([8, 16, 3, 3], 1, 0.2)
const dense = normal([24, 256], 2, 0.1)
const conv = (x: string, weight: Tensor): NodeSketch => ({
  type: 'conv',
  inputs: { x, weight, pad_type: text('same'), strides: int32(1, 1), dilations: int32(1, 1), groups: int32(1) },
  output: 'out',
})
const mean = (x: string): NodeSketch => ({ type: 'reduce_mean', inputs: { x, axes: int32(2, 3), keep_dims: bool(true) }, output: 'out' })
const softmax = (x: string, output: string): NodeSketch => ({
  type: 'softmax',
  inputs: { x, axis: { dtype: 'int32', shape: [], data: Int32Array.of(1) } },
  output,
})
const norm = (x: string, output: string): NodeSketch => ({
  type: 'layer_norm',
  inputs: { x, axes: int32(1), epsilon: float32([], [1e-5]) },
  output,
})
const restored = (from: string, axis: number): NodeSketch => ({ type: 'reverse', inputs: { x: from, axes: int32(axis) }, output: 'out' })

const KINDS: Kind[] = [
  {
    kind: 'dense, 256 terms',
    input: [1, 256],
    result: [1, 24],
    plain: [{ type: 'linear', inputs: { x: 'x', weight: dense }, output: 'out' }],
    other: [backwards('x', 1), { type: 'linear', inputs: { x: 'x_back', weight: reversed(dense, 1) }, output: 'out' }],
  },
  {
    kind: 'convolution, 144 terms',
    input: [1, 16, 9, 9],
    result: [1, 8, 9, 9],
    plain: [conv('x', kernel)],
    other: [backwards('x', 1), conv('x_back', reversed(kernel, 1))],
  },
  {
    kind: 'mean of 81',
    input: [1, 16, 9, 9],
    result: [1, 16, 1, 1],
    mean: 3,
    plain: [mean('x')],
    other: [backwards('x', 3), mean('x_back')],
  },
  {
    kind: 'softmax of 100',
    input: [1, 100],
    result: [1, 100],
    plain: [softmax('x', 'out')],
    other: [backwards('x', 1), softmax('x_back', 'soft'), restored('soft', 1)],
  },
  {
    kind: 'layer normalization of 64',
    input: [1, 64],
    result: [1, 64],
    mean: 2,
    plain: [norm('x', 'out')],
    other: [backwards('x', 1), norm('x_back', 'normal'), restored('normal', 1)],
  },
]

const table: string[] = []

/** The difference that a model's segment shows: rms over samples and elements. */
async function trial({ input, result, mean: offset = 0, other }: Kind, source: Model, fault: number, everywhere: boolean) {
  const samples = Array.from({ length: 4 }, (_, i) => ({ x: normal(input, 40 + i, 1, offset) }))
  const errors = float32(
    result,
    Array.from({ length: sizeOf(result) }, (_, i) => (everywhere ? (i % 2 ? fault : -fault) : i === 3 ? fault : 0)),
  )
  const nodes: NodeSketch[] =
    fault === 0
      ? other
      : [
          ...other.map((node) => (node.output === 'out' ? { ...node, output: 'right' } : node)),
          { type: 'add', inputs: { x: 'right', y: errors }, output: 'out' },
        ]
  const target = sketchModel({ x: { dtype: 'float32', shape: input } }, nodes, ['out'])
  const { verdict, outputs } = await judgeModels(source, target, samples)
  return { verdict, rmse: outputs[0]!.metrics.rmse }
}

describe.each(KINDS)('$kind', (kind) => {
  const source = sketchModel({ x: { dtype: 'float32', shape: kind.input } }, kind.plain, ['out'])
  it.each([
    ['one element', false],
    ['every element', true],
  ] as const)('a fault of %s', async (name, everywhere) => {
    const clean = await trial(kind, source, 0, everywhere)
    expect(clean.verdict).toBe('pass')
    expect(clean.rmse).toBeGreaterThan(0)
    let units = 1
    while ((await trial(kind, source, units * clean.rmse, everywhere)).verdict === 'pass') units *= 1.4
    table.push(`| ${kind.kind} | ${name} | ${clean.rmse.toExponential(1)} | ${Math.round(units)} |`)
    expect(units).toBeGreaterThan(1)
    expect(units).toBeLessThanOrEqual(100)
  })
})

afterAll(() => {
  if (process.env['SENSITIVITY']) console.log(`\n${table.join('\n')}`)
})
