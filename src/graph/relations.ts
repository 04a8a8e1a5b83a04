/** Who makes and who reads the values of a graph, bodies counted as part of their node. */
import type { Graph, Node } from './graph.js'
import { readsOf } from './liveness.js'

export interface Relations {
  graph: Graph
  /** The node that makes a value, and its place in the order of execution. */
  producer: ReadonlyMap<string, { node: Node; index: number }>
  consumers: ReadonlyMap<string, readonly Node[]>
  /** Values that a graph output depends on, the outputs included. */
  reachesOutput: ReadonlySet<string>
  /** Values that depend on an input of the graph. */
  dependsOnInput: ReadonlySet<string>
  /** Node results in order of execution. */
  results: readonly string[]
}

export function relationsOf(graph: Graph): Relations {
  const producer = new Map<string, { node: Node; index: number }>()
  const consumers = new Map<string, Node[]>()
  const dependsOnInput = new Set<string>(graph.inputs)
  const results: string[] = []
  graph.nodes.forEach((node, index) => {
    const operands = [...readsOf(node)]
    const depends = operands.some((name) => dependsOnInput.has(name))
    for (const name of operands) {
      const known = consumers.get(name)
      if (known === undefined) consumers.set(name, [node])
      else if (known.at(-1) !== node) known.push(node)
    }
    for (const name of node.outputs) {
      if (name === null) continue
      producer.set(name, { node, index })
      results.push(name)
      if (depends) dependsOnInput.add(name)
    }
  })
  const reachesOutput = new Set<string>()
  const pending = [...graph.outputs]
  for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
    if (reachesOutput.has(name)) continue
    reachesOutput.add(name)
    const made = producer.get(name)
    if (made) pending.push(...readsOf(made.node))
  }
  return { graph, producer, consumers, reachesOutput, dependsOnInput, results }
}

/** Values that depend on `name`, nearest first. */
export function descendantsOf(relations: Relations, name: string): Set<string> {
  const found = new Set<string>()
  const pending = [name]
  for (let next = pending.shift(); next !== undefined; next = pending.shift()) {
    for (const node of relations.consumers.get(next) ?? []) {
      for (const output of node.outputs) {
        if (output === null || found.has(output)) continue
        found.add(output)
        pending.push(output)
      }
    }
  }
  return found
}

/** Values that any of `names` depends on; one of `names` only where another depends on it. */
export function ancestorsOf(relations: Relations, names: Iterable<string>): Set<string> {
  const found = new Set<string>()
  const pending = [...names].flatMap((name) => operandsOfProducer(relations, name))
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (found.has(next)) continue
    found.add(next)
    pending.push(...operandsOfProducer(relations, next))
  }
  return found
}

/** The nearest values before `name` that `stop` holds for, on every path. */
export function nearestAncestors(relations: Relations, name: string, stop: (value: string) => boolean): Set<string> {
  const found = new Set<string>()
  const seen = new Set<string>()
  const pending = operandsOfProducer(relations, name)
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (seen.has(next)) continue
    seen.add(next)
    if (stop(next)) found.add(next)
    else pending.push(...operandsOfProducer(relations, next))
  }
  return found
}

function operandsOfProducer(relations: Relations, name: string): string[] {
  const made = relations.producer.get(name)
  return made ? [...readsOf(made.node)] : []
}
