/** What is known of a graph before it runs: which nodes a set of values needs, and after which node a value is no longer read. */
import type { Graph, Node } from '../../graph/graph.js'

export interface Plan {
  /** Index of the node that makes a value. */
  producer: ReadonlyMap<string, number>
  /** For each node the values that nobody reads after it; graph outputs are not among them. */
  dying: readonly (readonly string[])[]
}

/** Names that a node reads: its operands, and what its bodies read from the graph around them. */
export function readsOf(node: Node): Set<string> {
  const reads = new Set<string>()
  for (const { value } of node.inputs) if (value !== null) reads.add(value)
  for (const { graph } of node.bodies) for (const name of capturesOf(graph)) reads.add(name)
  return reads
}

/** Names that a body reads and does not make itself, its results included. */
export function capturesOf(body: Graph): Set<string> {
  const made = new Set(body.inputs)
  for (const value of body.values.values()) if (value.constant) made.add(value.name)
  const captured = new Set<string>()
  for (const node of body.nodes) {
    for (const name of readsOf(node)) if (!made.has(name)) captured.add(name)
    for (const name of node.outputs) if (name !== null) made.add(name)
  }
  for (const name of body.outputs) if (!made.has(name)) captured.add(name)
  return captured
}

const plans = new WeakMap<Graph, Plan>()

export function planOf(graph: Graph): Plan {
  const known = plans.get(graph)
  if (known) return known
  const producer = new Map<string, number>()
  const lastUse = new Map<string, number>()
  graph.nodes.forEach((node, index) => {
    for (const name of node.outputs) {
      if (name === null) continue
      producer.set(name, index)
      lastUse.set(name, index)
    }
    for (const name of readsOf(node)) lastUse.set(name, index)
  })
  const kept = new Set(graph.outputs)
  const dying: string[][] = graph.nodes.map(() => [])
  for (const [name, index] of lastUse) if (!kept.has(name)) dying[index]!.push(name)
  const plan = { producer, dying }
  plans.set(graph, plan)
  return plan
}

/** Whether a node writes a state, itself or in a body: an ML Program's op without results has no other purpose. */
const hasEffect = ({ dialect, outputs, bodies }: Node): boolean =>
  dialect.name === 'mil' && ((outputs.length === 0 && bodies.length === 0) || bodies.some(({ graph }) => graph.nodes.some(hasEffect)))

/**
 * Indices of the nodes that must run for `wanted`, given that the values of `fed` need not be made; those that write a state always do.
 * A name `node/value` stands for a value inside a body of that node.
 */
export function neededNodes(graph: Graph, wanted: Iterable<string>, fed: ReadonlySet<string>): Set<number> {
  const { producer } = planOf(graph)
  const needed = new Set<number>()
  const pending = [...wanted]
  const need = (index: number) => {
    if (needed.has(index)) return
    needed.add(index)
    pending.push(...readsOf(graph.nodes[index]!))
  }
  graph.nodes.forEach((node, index) => {
    if (hasEffect(node) || (node.bodies.length > 0 && pending.some((name) => name.startsWith(`${node.name}/`)))) need(index)
  })
  for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
    const index = fed.has(name) ? undefined : producer.get(name)
    if (index !== undefined) need(index)
  }
  return needed
}
