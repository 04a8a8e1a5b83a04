/** Ops that a target adds after the value that stands for an output of the source: a softmax, the decoding of boxes, a choice among them. */
import type { Node } from '../graph/graph.js'
import type { Relations } from '../graph/relations.js'
import { ancestorsOf, descendantsOf } from '../graph/relations.js'
import { handsOn } from './families.js'

/** Nodes of a graph between a value and one that depends on it, in order of execution; none where it does not depend. */
export function nodesBetween(relations: Relations, from: string, to: string): Node[] {
  const after = descendantsOf(relations, from)
  if (!after.has(to)) return []
  const before = ancestorsOf(relations, [to]).add(to)
  return relations.graph.nodes.filter(({ outputs }) => outputs.some((name) => name !== null && after.has(name) && before.has(name)))
}

/** Those of the nodes that compute, instead of moving elements about or changing their dtype. */
export const computing = (nodes: readonly Node[]): Node[] => nodes.filter((node) => !handsOn(node.type))

/** Op types that add nothing to what a detector says: they choose among its boxes. */
export const SUPPRESSION = /non.?max/i

/** The operands whose rows the first two results of a suppression are, where they have names of their own; elsewhere the first two. */
const CHOSEN: { readonly [type: string]: readonly string[] } = {
  nonMaximumSuppression: ['coordinates', 'confidence'],
  non_maximum_suppression: ['boxes', 'scores'],
}

/** The value before a node that a result of it holds, in whole or in a choice of its rows; undefined where the node makes something new. */
function heldBy(node: Node, result: string, { graph }: Relations): string | null | undefined {
  if (handsOn(node.type)) return node.inputs.find(({ value }) => value !== null && graph.values.get(value)?.constant === undefined)?.value
  if (!SUPPRESSION.test(node.type)) return undefined
  const place = node.outputs.indexOf(result)
  if (place > 1) return undefined
  const parameter = CHOSEN[node.type]?.[place]
  return (parameter === undefined ? node.inputs[place] : node.inputs.find((operand) => operand.parameter === parameter))?.value
}

/** The values whose rows a suppression chose for `value`: boxes for boxes, scores for scores. */
export function chosenFrom(relations: Relations, value: string): Set<string> {
  const chosen = new Set<string>()
  let suppressed = false
  for (let held: string | null | undefined = value; held != null; ) {
    if (suppressed) chosen.add(held)
    const node: Node | undefined = relations.producer.get(held)?.node
    if (node === undefined) break
    suppressed ||= SUPPRESSION.test(node.type)
    held = heldBy(node, held, relations)
  }
  return chosen
}
