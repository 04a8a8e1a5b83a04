/** The ops between a value and the aligned values before it, on either side. */
import type { Alignment, Pair } from '../align/align.js'
import { type Family, familyOf } from '../align/families.js'
import type { Node } from '../graph/graph.js'
import { operandsOf, type Relations } from '../graph/relations.js'

/** In order of execution; the last one makes the value. */
function opsBetween({ producer }: Relations, value: string, borders: ReadonlySet<string>): Node[] {
  const found = new Map<Node, number>()
  const pending = [value]
  for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
    const made = producer.get(name)
    if (made === undefined || found.has(made.node)) continue
    found.set(made.node, made.index)
    pending.push(...operandsOf(made.node).filter((operand) => !borders.has(operand)))
  }
  return [...found].sort(([, a], [, b]) => a - b).map(([node]) => node)
}

/** The target's ops that make a pair's value out of aligned ones, in order of execution; none for an input. */
export const segmentOf = ({ target, pairs }: Alignment, pair: Pair): Node[] =>
  opsBetween(target, pair.target, new Set(pairs.map((other) => other.target)))

/** The same of the source. */
export const sourceSegmentOf = ({ source, pairs }: Alignment, pair: Pair): Node[] =>
  opsBetween(source, pair.source, new Set(pairs.map((other) => other.source)))

/** Families of ops that hand numbers on: what is wrong with them is rarely theirs. */
const HANDING_ON: ReadonlySet<Family> = new Set(['cast', 'layout'])

/**
 * The op of a segment that does the work of the source's op: the first of its family among those that depend on an input, else the last one
 * that computes something.
 */
export function suspectOf(alignment: Alignment, pair: Pair): Node | undefined {
  const segment = segmentOf(alignment, pair)
  const { dependsOnInput } = alignment.target
  const candidates = segment.filter(({ outputs }) => outputs.some((name) => name !== null && dependsOnInput.has(name)))
  const family = familyOf(alignment.source.producer.get(pair.source)?.node.type ?? '')
  return (
    candidates.find(({ type }) => familyOf(type) === family) ??
    candidates.findLast(({ type }) => !HANDING_ON.has(familyOf(type))) ??
    segment.at(-1)
  )
}
