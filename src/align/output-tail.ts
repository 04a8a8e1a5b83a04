/** Ops that a target adds after the value that stands for an output of the source: a softmax, the decoding of boxes. */
import type { Node } from '../graph/graph.js'
import type { Relations } from '../graph/relations.js'
import { ancestorsOf, descendantsOf } from '../graph/relations.js'
import { familyOf } from './families.js'

/** Nodes of a graph between a value and one that depends on it, in order of execution; none where it does not depend. */
export function nodesBetween(relations: Relations, from: string, to: string): Node[] {
  const after = descendantsOf(relations, from)
  if (!after.has(to)) return []
  const before = ancestorsOf(relations, [to]).add(to)
  return relations.graph.nodes.filter(({ outputs }) => outputs.some((name) => name !== null && after.has(name) && before.has(name)))
}

/** Whether some of the nodes compute, instead of moving elements about or changing their dtype. */
export const computes = (nodes: readonly Node[]): boolean => nodes.some(({ type }) => !['layout', 'cast'].includes(familyOf(type)))
