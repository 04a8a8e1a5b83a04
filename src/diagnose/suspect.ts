/** The op of a segment that a person should look at first. */
import type { Alignment, Pair } from '../align/align.js'
import { type Family, familyOf, handsOn } from '../align/families.js'
import { segmentOf } from '../align/segment.js'
import type { Entry } from '../compare/entry.js'
import type { Node } from '../graph/graph.js'
import { descendantsOf } from '../graph/relations.js'

export interface Suspect {
  node: Node
  /** The value by which it shows: one that the segment's own value depends on. */
  value: string
}

/** Families of ops that do the work of a segment, those that do most first. */
const WORKING: readonly ReadonlySet<Family>[] = [
  new Set(['recurrent', 'loop']),
  new Set(['convolution', 'dense', 'normalization']),
  new Set(['softmax', 'pool', 'resize', 'reduce', 'gather', 'activation']),
]
/** Families of ops that stand around those. */
const AROUND: ReadonlySet<Family> = new Set(['add', 'multiply', 'split', 'concat', 'pad', 'cast', 'layout'])

/** undefined for a segment without an op. */
export function suspectOf(alignment: Alignment, pair: Pair, entry?: Entry): Suspect | undefined {
  const segment = segmentOf(alignment, pair)
  const { dependsOnInput } = alignment.target
  const computing = segment.filter(({ outputs }) => outputs.some((name) => name !== null && dependsOnInput.has(name)))
  const node = (entry && byEntry(alignment, computing, entry)) ?? byKind(alignment, computing, pair) ?? segment.at(-1)
  return node && { node, value: shownBy(alignment, node, pair) }
}

function byEntry({ target }: Alignment, segment: readonly Node[], { how, value }: Entry): Node | undefined {
  const made = target.producer.get(value)?.node
  if (how === 'at' || segment.at(-1) === made) return made
  const after = descendantsOf(target, value)
  const tail = segment.filter(({ outputs }) => outputs.some((name) => name !== null && after.has(name)))
  return tail.find(({ type }) => !handsOn(type)) ?? tail[0]
}

/**
 * The first op of the family that the source's op has; else the last that computes something. An addition and its like only where no op that
 * does more stands in the segment.
 */
function byKind({ source }: Alignment, segment: readonly Node[], pair: Pair): Node | undefined {
  const family = familyOf(source.producer.get(pair.source)?.node.type ?? '')
  const ofFamily = (families: ReadonlySet<Family>) => segment.find(({ type }) => families.has(familyOf(type)))
  const alike = AROUND.has(family) || family === 'other' ? undefined : ofFamily(new Set([family]))
  if (alike) return alike
  const last = segment.findLast(({ type }) => !handsOn(type))
  if (last && !AROUND.has(familyOf(last.type))) return last
  return WORKING.map(ofFamily).find((found) => found !== undefined) ?? last ?? ofFamily(new Set([family]))
}

/** The result of an op that its segment's value is made from. */
function shownBy({ target }: Alignment, { outputs }: Node, pair: Pair): string {
  const made = outputs.filter((name) => name !== null)
  return made.find((name) => name === pair.target || descendantsOf(target, name).has(pair.target)) ?? made[0] ?? pair.target
}
