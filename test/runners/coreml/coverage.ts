/**
 * What the golden cases reach: for each row of the op tables and each of its optional parameters, enumerated words and, in
 * neuralnetwork layers, each field of the layer's message, whether a case gives it a value other than its default. Cases are those of
 * golden/ops and the nodes of the models in golden/models.
 */
import { readdirSync, readFileSync } from 'node:fs'
import protobuf from 'protobufjs/light.js'
import type { Tensor } from '../../../kernels/tensor.js'
import { messageType } from '../../../proto/coreml/reader.js'
import { openModel } from '../../../src/formats/index.js'
import type { Attribute, Graph, Node } from '../../../src/graph/graph.js'
import type { Op } from '../../../src/runners/coreml/op.js'
import { findOp } from '../../../src/runners/coreml/table.js'
import type { Parameter } from '../../../src/runners/parameters.js'
import { type GoldenCase, graphOf, tensorOf } from './golden.js'

/** A node that some test runs, with those of its operands that are known before. */
export interface Use {
  node: Node
  known: ReadonlyMap<string, Tensor>
}

const golden = (path: string): URL => new URL(`../../../golden/${path}`, import.meta.url)

/** Every case of golden/ops, with the family whose file has it. */
export function goldenCases(): (GoldenCase & { family: string })[] {
  const files = readdirSync(golden('ops')).filter((file) => file.endsWith('.json'))
  return files.flatMap((file) => {
    const cases = JSON.parse(readFileSync(golden(`ops/${file}`), 'utf8')) as GoldenCase[]
    return cases.map((one) => ({ ...one, family: file.replace('.json', '') }))
  })
}

function usesOf(graph: Graph): Use[] {
  const known = new Map<string, Tensor>()
  for (const [name, { constant }] of graph.values) if (constant) known.set(name, constant.read())
  return graph.nodes.flatMap((node) => [{ node, known }, ...node.bodies.flatMap((body) => usesOf(body.graph))])
}

async function modelUses(): Promise<Use[]> {
  const files = readdirSync(golden('models')).filter((file) => /\.ml(model|package)$/.test(file))
  const models = await Promise.all(files.map((file) => openModel(golden(`models/${file}`).pathname)))
  return models.flatMap((model) => [...model.functions.values()].flatMap(({ graph }) => usesOf(graph)))
}

/** Uses by the row that runs them. */
export async function usesByRow(): Promise<Map<Op, Use[]>> {
  const ofCases = goldenCases().map((one): Use => {
    const known = new Map(one.inputs.map((input, i) => [`in${i}`, tensorOf(input)]))
    return { node: graphOf(one).nodes[0]!, known }
  })
  const uses = new Map<Op, Use[]>()
  for (const use of [...ofCases, ...(await modelUses())]) {
    const row = findOp(use.node)
    if (row) uses.set(row, [...(uses.get(row) ?? []), use])
  }
  return uses
}

class Unreadable extends Error {}
const complain = (what: string): never => {
  throw new Unreadable(what)
}

const operandsOf = ({ node }: Use, parameter: string): string[] =>
  node.inputs.flatMap(({ parameter: name, value }) => (name.replace(/\.\d+$/, '') === parameter || name === parameter ? [value ?? ''] : []))

/** What a use gives for a parameter; undefined where it leaves it out, 'something' where only a run knows. */
function given(use: Use, name: string, parameter: Parameter<unknown>): unknown {
  const names = operandsOf(use, name)
  const attribute = use.node.attributes[name]
  if (names.length === 0 && attribute === undefined) return undefined
  const operands = names.flatMap((value) => use.known.get(value) ?? [])
  if (operands.length < names.length) return 'something'
  return parameter.read({ operands, attribute, attributes: use.node.attributes }, complain)
}

function defaultOf(parameter: Parameter<unknown>): unknown {
  try {
    return parameter.read({ operands: [], attribute: undefined, attributes: {} }, complain)
  } catch (error) {
    if (error instanceof Unreadable) return undefined
    throw error
  }
}

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b)
const wordsOf = ({ description }: Parameter<unknown>): string[] =>
  [...description.replace(/, default.*/, '').matchAll(/'([^']*)'/g)].map(([, word]) => word!)

/** Something that tests should reach, and whether one does. */
export interface Aim {
  name: string
  reached: boolean
}

/** Least and most operands of a variadic parameter: a case should have each. */
function countsOf(name: string, { description }: Parameter<unknown>, uses: readonly Use[]): Aim[] {
  const [, least, most, open] = /^(?:(\d+) to (\d+)|(\d+) or more) of /.exec(description) ?? []
  const counts = uses.map((use) => operandsOf(use, name).length)
  if (open !== undefined) return [{ name: `several ${name}`, reached: counts.some((count) => count > Math.max(1, Number(open))) }]
  return [least, most].flatMap((count) =>
    count === undefined ? [] : [{ name: `${count} of ${name}`, reached: counts.includes(Number(count)) }],
  )
}

/** What tests should reach of an op's parameters: a value for each optional one that is not its default, every word, every count. */
export function parameterAims(row: Op, uses: readonly Use[]): Aim[] {
  return Object.entries(row.parameters).flatMap(([name, parameter]): Aim[] => {
    const fallback = defaultOf(parameter)
    const values = uses.map((use) => given(use, name, parameter) ?? fallback)
    return [
      ...(parameter.required ? [] : [{ name, reached: values.some((value) => !same(value, fallback)) }]),
      ...wordsOf(parameter).map((word) => ({ name: `${name} = ${word}`, reached: values.includes(word) })),
      ...countsOf(name, parameter, uses),
    ]
  })
}

type Fields = { [field: string]: Attribute }

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !('data' in value)
const asList = (value: Attribute | undefined): Attribute[] => (value === undefined ? [] : Array.isArray(value) ? value : [value])

const isUnset = (value: Attribute): boolean => value === 0 || value === false || value === ''

/** The fields of a message that tests should set, with whether the messages found do; nested networks count as their bodies. */
function leavesOf(type: protobuf.Type, path: string, found: readonly Fields[], uses: readonly Use[]): Aim[] {
  return type.fieldsArray.flatMap((field): Aim[] => {
    const own = path === '' ? field.name : `${path}.${field.name}`
    const raw = found.flatMap((fields) => {
      const value = fields[field.name]
      return field.map && isFields(value) ? Object.values(value) : asList(value)
    })
    const { resolvedType } = field
    if (resolvedType instanceof protobuf.Enum) {
      return Object.keys(resolvedType.values).map((word) => ({ name: `${own} = ${word}`, reached: raw.includes(word) }))
    }
    if (!(resolvedType instanceof protobuf.Type)) return [{ name: own, reached: raw.some((value) => !isUnset(value)) }]
    if (resolvedType.name === 'NeuralNetwork') {
      const role = own.replace(/Network$/, '')
      return [{ name: own, reached: uses.some(({ node }) => node.bodies.some((body) => body.role === role)) }]
    }
    if (resolvedType.name === 'WeightParams') return [{ name: own, reached: uses.some(({ node }) => givesWeight(node, own)) }]
    const nested = raw.filter(isFields)
    const leaves = leavesOf(resolvedType, own, nested, uses)
    return leaves.length > 0 ? leaves : [{ name: own, reached: nested.length > 0 }]
  })
}

const givesWeight = (node: Node, path: string): boolean => node.inputs.some(({ parameter }) => parameter.replace(/\.\d+/g, '') === path)

/** What tests should reach of a layer's message: a value for each field that is not the default of proto3, and every word. */
export function fieldAims(row: Op, uses: readonly Use[]): Aim[] {
  const { resolvedType } = messageType('CoreML.NeuralNetworkLayer').fields[row.type]!
  if (!(resolvedType instanceof protobuf.Type)) return []
  const attributes = uses.map(({ node }) => node.attributes)
  const counts = Object.entries(row.parameters).flatMap(([name, parameter]) => countsOf(name, parameter, uses))
  return [...leavesOf(resolvedType, '', attributes, uses), ...counts]
}
