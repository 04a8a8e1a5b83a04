/** The ops of the target between a value and the aligned values before it. */
import type { Alignment, Pair } from '../align/align.js'
import { familyOf } from '../align/families.js'
import type { Node } from '../graph/graph.js'
import { operandsOf } from '../graph/relations.js'

/** In order of execution; the last one makes the value. */
export function segmentOf({ target, pairs }: Alignment, pair: Pair): Node[] {
  const borders = new Set(pairs.map((other) => other.target))
  const found = new Map<Node, number>()
  const visit = (value: string): void => {
    const made = target.producer.get(value)
    if (made === undefined || found.has(made.node)) return
    found.set(made.node, made.index)
    for (const operand of operandsOf(made.node)) if (!borders.has(operand)) visit(operand)
  }
  visit(pair.target)
  return [...found].sort(([, a], [, b]) => a - b).map(([node]) => node)
}

/** The op of a segment that does the work of the source's op: the first of its family, else the one that makes the value. */
export function suspectOf(alignment: Alignment, pair: Pair): Node | undefined {
  const segment = segmentOf(alignment, pair)
  const family = familyOf(alignment.source.producer.get(pair.source)?.node.type ?? '')
  return segment.find(({ type }) => familyOf(type) === family) ?? segment.at(-1)
}
