/**
 * Runs golden cases of ops, golden/ops/<family>.json: one node on the engine, its results against what the case expects.
 * A case: { name, op, dialect, version, inputs: [{ parameter, dtype, shape, data }], attributes, expected: [{ dtype, shape, data }] }.
 */
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { reference } from '../../../kernels/index.js'
import { allocate, type DType, type Tensor } from '../../../kernels/tensor.js'
import type { Attribute, Graph, Node, Value } from '../../../src/graph/graph.js'
import { type Engine, execute } from '../../../src/runners/coreml/engine.js'
import { policyOf } from '../../../src/runners/coreml/policy.js'
import { generator } from '../../../src/runners/coreml/random.js'

interface GoldenTensor {
  dtype: DType
  shape: number[]
  data: (number | string)[]
}

export interface GoldenCase {
  name: string
  op: string
  dialect: 'mil' | 'neuralnetwork' | 'coreml'
  version: string
  inputs: (GoldenTensor & { parameter: string })[]
  attributes: { [key: string]: Attribute }
  expected: GoldenTensor[]
  /** Largest error allowed, relative to the largest magnitude expected. @default 1e-6 for floats, 0 for the rest */
  tolerance?: number
}

export function tensorOf({ dtype, shape, data }: GoldenTensor): Tensor {
  if (dtype === 'string') return { dtype, shape, data: data as string[] }
  const array = allocate(dtype, data.length)
  if (array instanceof BigInt64Array || array instanceof BigUint64Array) data.forEach((x, i) => void (array[i] = BigInt(x)))
  else (array as Float32Array).set(data.map(Number))
  return { dtype, shape, data: array } as Tensor
}

/** An engine without a model around it. */
export function bareEngine(parts: Partial<Engine> = {}): Engine {
  const states = new Map<string, Tensor>()
  return {
    policy: policyOf({}, 'mil'),
    kernels: reference,
    states: { read: (name) => states.get(name)!, write: (name, value) => void states.set(name, value) },
    custom: new Map(),
    random: generator(),
    memoryLimit: Infinity,
    limits: {},
    constants: new Map(),
    folded: new Map(),
    passes: 0,
    macs: 0,
    ...parts,
  }
}

/** A graph of one node whose operands are inputs of the graph, as `in0` and so on. */
export function graphOf({
  name,
  op,
  dialect,
  version,
  inputs,
  attributes,
  expected,
}: Omit<GoldenCase, 'inputs' | 'expected'> & Sides): Graph {
  const operands = inputs.map(({ parameter }, i) => ({ parameter, value: `in${i}` }))
  const outputs = expected.map((_, i) => `out${i}`)
  const node: Node = {
    name,
    type: op,
    dialect: { name: dialect, version },
    inputs: operands,
    outputs,
    attributes,
    bodies: [],
    where: 'golden case',
  }
  const values = new Map<string, Value>()
  for (const [i, { dtype, shape }] of inputs.entries()) values.set(`in${i}`, { name: `in${i}`, dtype, shape })
  for (const [i, { dtype, shape }] of expected.entries()) values.set(`out${i}`, { name: `out${i}`, dtype, shape })
  return { name, inputs: operands.map(({ value }) => value), outputs, values, nodes: [node] }
}

interface Sides {
  inputs: readonly { parameter: string; dtype: DType; shape: number[] }[]
  expected: readonly { dtype: DType | null; shape: number[] | null }[]
}

function runGraph(graph: Graph, operands: readonly Tensor[], engine: Engine): Tensor[] {
  const fetched = execute(engine, graph, {
    fetch: new Set(graph.outputs),
    given: new Map(operands.map((operand, i) => [`in${i}`, operand])),
    overrides: [],
    tap: undefined,
    noise: undefined,
    everything: true,
  })
  return graph.outputs.map((output) => fetched.get(output)!)
}

export function runGolden(one: GoldenCase, engine: Engine = bareEngine()): Tensor[] {
  return runGraph(graphOf(one), one.inputs.map(tensorOf), engine)
}

export interface CallOptions {
  attributes?: { [name: string]: Attribute }
  /** @default 'mil' */
  dialect?: GoldenCase['dialect']
  /** @default 'CoreML8' */
  version?: string
  /** @default 1 */
  outputs?: number
  engine?: Engine
}

/** The results of one op; operands by parameter, those of a variadic one as a list. */
export function callOp(
  op: string,
  operands: { [parameter: string]: Tensor | readonly Tensor[] },
  { attributes = {}, dialect = 'mil', version = 'CoreML8', outputs = 1, engine = bareEngine() }: CallOptions = {},
): Tensor[] {
  const list = Object.entries(operands).flatMap(([parameter, value]) =>
    [value].flat().map((operand: Tensor) => ({ ...operand, parameter })),
  )
  const expected = Array.from({ length: outputs }, () => ({ dtype: null, shape: null }))
  return runGraph(graphOf({ name: op, op, dialect, version, inputs: list, attributes, expected }), list, engine)
}

const isFloating = (dtype: DType): boolean => dtype.startsWith('float')

/** Shape, dtype and every element; NaN equals NaN. */
export function expectTensor(actual: Tensor, golden: GoldenTensor, tolerance = isFloating(golden.dtype) ? 1e-6 : 0): void {
  expect({ dtype: actual.dtype, shape: actual.shape }).toEqual({ dtype: golden.dtype, shape: golden.shape })
  const wanted = golden.data
  const largest = wanted.reduce<number>((most, x) => (Number.isFinite(Number(x)) ? Math.max(most, Math.abs(Number(x))) : most), 0)
  wanted.forEach((want, i) => {
    const got = actual.data[i]
    if (typeof want === 'string' && golden.dtype === 'string') expect(got).toBe(want)
    else if (!Object.is(Number(got), Number(want)))
      expect(Math.abs(Number(got) - Number(want)), `element ${i}`).toBeLessThanOrEqual(tolerance * largest)
  })
}

/** One test a case of golden/ops/<family>.json. */
export function testGolden(family: string): void {
  const file = new URL(`../../../golden/ops/${family}.json`, import.meta.url)
  for (const one of JSON.parse(readFileSync(file, 'utf8')) as GoldenCase[]) {
    test(`${one.dialect} ${one.name}`, () => {
      const results = runGolden(one)
      one.expected.forEach((golden, i) => {
        expectTensor(results[i]!, golden, one.tolerance)
      })
    })
  }
}
