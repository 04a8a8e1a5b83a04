/** The ops between a value and the aligned values before it, on either side. */
import type { Node } from '../graph/graph.js'
import { readsOf } from '../graph/liveness.js'
import type { Relations } from '../graph/relations.js'
import type { Pair } from './target-run.js'

/** In order of execution; the last one makes the value. */
function opsBetween({ producer }: Relations, value: string, borders: ReadonlySet<string>): Node[] {
  const found = new Map<Node, number>()
  const pending = [value]
  for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
    const made = producer.get(name)
    if (made === undefined || found.has(made.node)) continue
    found.set(made.node, made.index)
    pending.push(...[...readsOf(made.node)].filter((operand) => !borders.has(operand)))
  }
  return [...found].sort(([, a], [, b]) => a - b).map(([node]) => node)
}

/** What segments are made of. */
type Aligned = { pairs: readonly Pair[]; source: Relations; target: Relations }

/** The target's ops that make a pair's value out of aligned ones, in order of execution; none for an input. */
export const segmentOf = ({ target, pairs }: Aligned, pair: Pair): Node[] =>
  opsBetween(target, pair.target, new Set(pairs.map((other) => other.target)))

/** The same of the source. */
export const sourceSegmentOf = ({ source, pairs }: Aligned, pair: Pair): Node[] =>
  opsBetween(source, pair.source, new Set(pairs.map((other) => other.source)))
