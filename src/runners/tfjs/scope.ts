/**
 * Names of values and nodes inside of bodies. For people they are `<node>/<name>`; as a value's own name may hold slashes, the runner
 * keeps them apart by a separator that no name has. The two branches of a conditional share a scope, since only one of them runs;
 * a loop's condition has one of its own, and stands behind the loop's body where both have a value of that name.
 */
import type { Graph, Node } from '../../graph/graph.js'

const SEPARATOR = '\0'
const CONDITION = 'cond'

/** Scope of the main graph. */
export const MAIN = ''

/** The key of `name` within a scope. */
export const keyOf = (scope: string, name: string): string => (scope === MAIN ? name : `${scope}${SEPARATOR}${name}`)

/** The scope of a node's body. */
export const scopeOf = (scope: string, node: Node, role: string): string =>
  keyOf(keyOf(scope, node.name), role === CONDITION ? CONDITION : '')

/** Whether a key lies in the scope of one of the node's bodies. */
export const isInside = (key: string, scope: string, node: Node): boolean => key.startsWith(keyOf(scope, node.name) + SEPARATOR)

/** A key as people write it. */
export const displayName = (key: string): string => key.replace(new RegExp(`${SEPARATOR}(${CONDITION})?${SEPARATOR}`, 'g'), '/')

/** Keys of all that `find` accepts under a name: in the graph itself, else in the bodies of its nodes. */
function resolve(graph: Graph, name: string, scope: string, has: (graph: Graph, name: string) => boolean): string | null {
  if (has(graph, name)) return keyOf(scope, name)
  for (const node of graph.nodes) {
    if (!node.bodies.length || !name.startsWith(`${node.name}/`)) continue
    const rest = name.slice(node.name.length + 1)
    const bodies = [...node.bodies.filter(({ role }) => role !== CONDITION), ...node.bodies.filter(({ role }) => role === CONDITION)]
    for (const { role, graph: body } of bodies) {
      const key = resolve(body, rest, scopeOf(scope, node, role), has)
      if (key !== null) return key
    }
  }
  return null
}

/** The key of a value, or null where the graph has none of that name. */
export const resolveValue = (graph: Graph, name: string): string | null =>
  resolve(graph, name, MAIN, ({ values }, value) => values.has(value))

/** The key of a node, or null. */
export const resolveNode = (graph: Graph, name: string): string | null =>
  resolve(graph, name, MAIN, ({ nodes }, node) => nodes.some((candidate) => candidate.name === node))
