/** Where a source and a target part, and which target values may stand for the source's there. */
import { ancestorsOf, descendantsOf, nearestAncestors } from '../graph/relations.js'
import { familyOf } from './families.js'
import { channelsFirst, isIdentity, type Layout, layoutsBetween } from './layout.js'
import { nameLikeness } from './names.js'
import type { Pass, State } from './pass.js'

export interface Candidate {
  target: string
  layout: Layout
  likeness: number
  sameFamily: boolean
}

/** The first source value, in order of execution, that has no partner and no descendant with one, though it matters to an output. */
export function firstParting({ source, numbers, options }: State, pass: Pass, given: ReadonlySet<string>): string | undefined {
  const before = ancestorsOf(source, pass.pairs.keys())
  const names = [...options.source.inputs, ...source.results]
  return names.find(
    (name) =>
      !pass.pairs.has(name) &&
      !before.has(name) &&
      !given.has(name) &&
      source.reachesOutput.has(name) &&
      source.dependsOnInput.has(name) &&
      numbers.get(name)?.informative,
  )
}

/** Target values that may stand for a source value that nothing equals, the likeliest first. */
export function candidatesFor(state: State, pass: Pass, place: string): Candidate[] {
  const { source, target, numbers } = state
  const paired = new Set([...pass.pairs.values()].map((pair) => pair.target))
  const upstream = ancestorsOf(target, paired)
  const partners = [...nearestAncestors(source, place, (name) => pass.pairs.has(name))].map((name) => pass.pairs.get(name)!.target)
  const after = new Set<string>()
  for (const partner of partners) for (const name of descendantsOf(target, partner)) after.add(name)
  const family = familyOf(source.producer.get(place)?.node.type ?? '')
  const consumers = new Set((source.consumers.get(place) ?? []).map(({ type }) => familyOf(type)))
  const scored: (Candidate & { score: number })[] = []
  for (const name of target.results) {
    if (paired.has(name) || upstream.has(name) || pass.copies.has(name)) continue
    if (partners.length > 0 && !after.has(name)) continue
    const shape = pass.seen.get(name)
    if (shape === undefined || !target.reachesOutput.has(name)) continue
    const [layout] = layoutsBetween(numbers.get(place)!.shape, shape)
    if (layout === undefined) continue
    const node = target.producer.get(name)!.node
    const likeness = nameLikeness(place, name)
    const sameFamily = familyOf(node.type) === family
    const sameConsumers = (target.consumers.get(name) ?? []).some(({ type }) => consumers.has(familyOf(type)))
    scored.push({
      target: name,
      layout: likelyLayout(state, pass, place, numbers.get(place)!.shape, shape) ?? layout,
      likeness,
      sameFamily,
      score: 4 * likeness + (sameFamily ? 1.5 : 0) + (sameConsumers ? 1 : 0),
    })
  }
  return scored.sort((a, b) => b.score - a.score || target.producer.get(a.target)!.index - target.producer.get(b.target)!.index)
}

/** Among the layouts that the shapes allow, the one by which the values before it lie in the target. */
function likelyLayout({ source }: State, pass: Pass, place: string, from: readonly number[], to: readonly number[]): Layout | undefined {
  const layouts = layoutsBetween(from, to)
  for (const name of nearestAncestors(source, place, (value) => pass.pairs.has(value))) {
    const { order } = pass.pairs.get(name)!.layout
    const alike = layouts.find((layout) => layout.order.join() === order.join())
    if (alike) return alike
  }
  return isIdentity(layouts[0]!) ? undefined : layouts.find(channelsFirst)
}
