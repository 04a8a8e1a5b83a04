/** What is known of a graph before it runs: which nodes a set of values needs, and after which node a value is no longer read. */
import type { Graph, Node } from './graph.js'

/** Names that a node reads: its operands, and what its bodies read from the graph around them. */
export function readsOf(node: Node): Set<string> {
  const reads = new Set<string>()
  for (const { value } of node.inputs) if (value !== null) reads.add(value)
  for (const { graph } of node.bodies) for (const name of capturesOf(graph)) reads.add(name)
  return reads
}

const captures = new WeakMap<Graph, ReadonlySet<string>>()

/** Names that a body reads and does not make itself, its results included. */
export function capturesOf(body: Graph): ReadonlySet<string> {
  const known = captures.get(body) ?? findCaptures(body)
  captures.set(body, known)
  return known
}

function findCaptures(body: Graph): Set<string> {
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

export interface Needs {
  wanted: Iterable<string>
  /** Whether a value is there already. */
  isGiven(name: string): boolean
  /** Whether a node runs whatever is wanted: it changes a state, or holds a value that is. */
  always(node: Node): boolean
}

/** The nodes that must run, in their order. */
export function neededNodes({ nodes }: Graph, { wanted, isGiven, always }: Needs): Node[] {
  const live = new Set(wanted)
  const needed: Node[] = []
  for (let index = nodes.length - 1; index >= 0; index--) {
    const node = nodes[index]!
    const isLive = node.outputs.some((name) => name !== null && live.has(name) && !isGiven(name))
    if (!isLive && !always(node)) continue
    needed.push(node)
    for (const name of readsOf(node)) live.add(name)
  }
  return needed.reverse()
}

/** For each node the values that none of the nodes after it reads, its own that nobody reads among them; those that are kept never die. */
export function dyingAfter(nodes: readonly Node[], kept: ReadonlySet<string>): string[][] {
  const lastUse = new Map<string, number>()
  nodes.forEach((node, index) => {
    for (const name of node.outputs) if (name !== null) lastUse.set(name, index)
    for (const name of readsOf(node)) lastUse.set(name, index)
  })
  const dying: string[][] = nodes.map(() => [])
  for (const [name, index] of lastUse) if (!kept.has(name)) dying[index]!.push(name)
  return dying
}
