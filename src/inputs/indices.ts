/**
 * Which inputs of a graph are read as indices, and how many entries the tables have that they point into: random numbers for such an input
 * must be whole and in range, whatever its dtype.
 */
import type { Constant, Graph, Node } from '../graph/graph.js'

/** The operand that holds indices, and the number of entries of what it points into; undefined where the file leaves that open. */
interface Reading {
  indices: string
  entries(node: Node, graph: Graph): number | undefined
}

const operand = (node: Node, parameter: string): string | undefined =>
  node.inputs.find((one) => one.parameter === parameter)?.value ?? undefined

/** A number that a node has as attribute, or as a constant operand. */
function scalarOf(node: Node, graph: Graph, name: string): number | undefined {
  const attribute = node.attributes[name]
  if (typeof attribute === 'number' || typeof attribute === 'bigint') return Number(attribute)
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

/** By dialect and op type. Ops that are not here read no indices. */
const READINGS: { readonly [dialect: string]: { readonly [type: string]: Reading } } = {
  tflite: {
    GATHER: { indices: 'indices', entries: along('params', 0) },
    EMBEDDING_LOOKUP: { indices: 'ids', entries: along('value', 0) },
    ONE_HOT: { indices: 'indices', entries: attribute('depth') },
  },
  mil: {
    gather: { indices: 'indices', entries: along('x', 0) },
    gather_along_axis: { indices: 'indices', entries: along('x', 0) },
    one_hot: { indices: 'indices', entries: attribute('one_hot_vector_size') },
  },
  neuralnetwork: {
    embedding: { indices: 'input', entries: attribute('inputDim') },
    embeddingND: { indices: 'input', entries: attribute('vocabSize') },
    oneHot: { indices: 'input', entries: attribute('oneHotVectorSize') },
  },
}

/** Ops that hand indices on as they are. */
const PASSING =
  /^(cast|identity|reshape\w*|expand_?dims|squeeze|transpose|permute|flatten\w*|rankPreservingReshape|copy|quantize|dequantize)$/i

/** Entries of the smallest table that each input of the graph points into, by input name; inputs that are no indices are not there. */
export function indexRanges(graph: Graph): Map<string, number> {
  const ranges = new Map<string, number>()
  for (const input of graph.inputs) {
    const carriers = new Set([input])
    let least: number | undefined
    for (const node of graph.nodes) {
      const reading = READINGS[node.dialect.name]?.[node.type]
      const indices = reading && operand(node, reading.indices)
      if (reading && indices !== undefined && carriers.has(indices)) {
        const entries = reading.entries(node, graph)
        if (entries !== undefined && entries > 0) least = Math.min(least ?? entries, entries)
      }
      if (PASSING.test(node.type) && node.inputs.some(({ value }) => value !== null && carriers.has(value)))
        for (const output of node.outputs) if (output !== null) carriers.add(output)
    }
    if (least !== undefined) ranges.set(input, least)
  }
  return ranges
}
