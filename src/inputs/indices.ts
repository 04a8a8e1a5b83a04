/**
 * Which inputs of a graph are read as indices, and how many entries the tables have that they point into: random numbers for such an input
 * must be whole and in range, whatever its dtype.
 */
import type { Tensor } from '../../kernels/tensor.js'
import { ParityError } from '../graph/errors.js'
import type { Constant, Graph, Node } from '../graph/graph.js'
import { relationsOf } from '../graph/relations.js'

/** The operand that holds indices, and the number of entries of what it points into; undefined where the file leaves that open. */
interface Reading {
  indices: string
  entries(node: Node, graph: Graph): number | undefined
  /** The least index that the op takes of so many entries; null where it takes any, one outside standing for nothing. */
  least(entries: number, node: Node, graph: Graph): number | null
}

const operand = (node: Node, parameter: string): string | undefined =>
  node.inputs.find((one) => one.parameter === parameter)?.value ?? undefined

/** A number that a node has as attribute, or as a constant operand. */
function scalarOf(node: Node, graph: Graph, name: string): number | undefined {
  const attribute = node.attributes[name]
  if (typeof attribute === 'number' || typeof attribute === 'bigint' || typeof attribute === 'boolean') return Number(attribute)
  const constant: Constant | undefined = graph.values.get(operand(node, name) ?? '')?.constant
  return constant ? Number(constant.read().data[0]) : undefined
}

/** The size of an operand along the axis that the node names. */
const along =
  (parameter: string, fallback: number) =>
  (node: Node, graph: Graph): number | undefined => {
    const shape = graph.values.get(operand(node, parameter) ?? '')?.shape
    return shape?.at(scalarOf(node, graph, 'axis') ?? fallback) ?? undefined
  }

const attribute =
  (name: string) =>
  (node: Node, graph: Graph): number | undefined =>
    scalarOf(node, graph, name)

const fromZero = (): number => 0
const any = (): null => null

/** MIL iOS17 scatter_gather: only where indices are validated is one outside an error; before, negative ones count from the end. */
function leastOfGather(entries: number, node: Node, graph: Graph): number | null {
  if (opsetIndex(node.dialect.version) < opsetIndex('CoreML7')) return -entries
  return scalarOf(node, graph, 'validate_indices') ? 0 : null
}

const opsetIndex = (version: string): number => Number(/\d+$/.exec(version)?.[0] ?? Infinity)

/** By dialect and op type. Ops that are not here read no indices. */
const READINGS: { readonly [dialect: string]: { readonly [type: string]: Reading } } = {
  tflite: {
    GATHER: { indices: 'indices', entries: along('params', 0), least: fromZero },
    EMBEDDING_LOOKUP: { indices: 'ids', entries: along('value', 0), least: fromZero },
    ONE_HOT: { indices: 'indices', entries: attribute('depth'), least: any },
  },
  mil: {
    gather: { indices: 'indices', entries: along('x', 0), least: leastOfGather },
    gather_along_axis: { indices: 'indices', entries: along('x', 0), least: leastOfGather },
    one_hot: { indices: 'indices', entries: attribute('one_hot_vector_size'), least: any },
  },
  neuralnetwork: {
    embedding: { indices: 'input', entries: attribute('inputDim'), least: fromZero },
    embeddingND: { indices: 'input', entries: attribute('vocabSize'), least: fromZero },
    oneHot: { indices: 'input', entries: attribute('oneHotVectorSize'), least: any },
  },
}

/** Ops that hand indices on as they are, and those that turn codes into them. */
const PASSING = /^(cast|identity|reshape\w*|expand_?dims|squeeze|transpose|permute|flatten\w*|rankPreservingReshape|copy)$/i
const DECODING = /^(quantize|dequantize)$/i

/** Nodes that read the elements of an input as indices, and the number of entries that they point into. */
function readersOf(graph: Graph, input: string, passes: (type: string) => boolean): { node: Node; reading: Reading; entries: number }[] {
  const carriers = new Set([input])
  return graph.nodes.flatMap((node) => {
    const reading = READINGS[node.dialect.name]?.[node.type]
    const indices = reading && operand(node, reading.indices)
    const entries = reading && indices !== undefined && carriers.has(indices) ? reading.entries(node, graph) : undefined
    if (passes(node.type) && node.inputs.some(({ value }) => value !== null && carriers.has(value)))
      for (const output of node.outputs) if (output !== null) carriers.add(output)
    return reading && entries !== undefined && entries > 0 ? [{ node, reading, entries }] : []
  })
}

/** Entries of the smallest table that each input of the graph points into, by input name; inputs that are no indices are not there. */
export function indexRanges(graph: Graph): Map<string, number> {
  const passes = (type: string): boolean => PASSING.test(type) || DECODING.test(type)
  return new Map(
    graph.inputs.flatMap((input) => {
      const entries = readersOf(graph, input, passes).map((reader) => reader.entries)
      return entries.length > 0 ? [[input, Math.min(...entries)] as const] : []
    }),
  )
}

/** The indices that an op takes of an input's elements. */
export interface IndexLimit {
  least: number
  most: number
  op: string
}

/** By input name, of ops that an output depends on and that refuse what lies outside. */
export function indexLimits(graph: Graph): Map<string, IndexLimit[]> {
  const { reachesOutput } = relationsOf(graph)
  const isLive = ({ outputs }: Node): boolean => outputs.some((name) => name !== null && reachesOutput.has(name))
  return new Map(
    graph.inputs.flatMap((input) => {
      const limits = readersOf(graph, input, (type) => PASSING.test(type)).flatMap(({ node, reading, entries }): IndexLimit[] => {
        const least = isLive(node) ? reading.least(entries, node, graph) : null
        return least === null ? [] : [{ least, most: entries - 1, op: node.name }]
      })
      return limits.length > 0 ? [[input, limits] as const] : []
    }),
  )
}

/** @throws ParityError INPUT_INDEX for an element that is no index of what the input points into */
export function refuseIndex(input: string, { data }: Tensor, limits: readonly IndexLimit[], where: string): void {
  for (const { least, most, op } of limits) {
    for (let i = 0; i < data.length; i++) {
      const index = Math.trunc(Number(data[i]))
      if (index >= least && index <= most) continue
      throw new ParityError('INPUT_INDEX', {
        what: `the input '${input}' is given index ${data[i]} (element ${i}), and op '${op}' takes ${least} to ${most}`,
        where,
        remedy: 'Give indices within the range: check that the sample was made with the vocabulary of this model',
      })
    }
  }
}
