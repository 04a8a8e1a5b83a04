/** Where a source and a target part, and which target values may stand for the source's there. */
import type { Node } from '../graph/graph.js'
import { ancestorsOf, descendantsOf, nearestAncestors, type Relations } from '../graph/relations.js'
import { type Anchors, anchorsOf } from './anchors.js'
import { type Numbers, numbersOf } from './equality.js'
import { familyOf } from './families.js'
import { channelsFirst, isPlausible, type Layout, layoutsBetween } from './layout.js'
import { likenessUnder } from './likeness.js'
import { LIKELY_NAME, nameLikeness } from './names.js'
import { type Choice, inheritedOrders, type State, type TargetRun } from './target-run.js'

export interface Candidate {
  choice: Choice
  /** A name or weights tie the two together. */
  anchored: boolean
  /** Both do. */
  anchoredTwice: boolean
  sameFamily: boolean
  /** Of their numbers as they are. */
  correlation: number
  residual: number
  score: number
}

/** Source values by which what is before them counts as explained: equal numbers that say something. */
const provenIn = (state: State, run: TargetRun): string[] =>
  [...run.pairs.values()].filter(({ source, equal }) => !equal || state.numbers.get(source)?.informative).map(({ source }) => source)

const matters = ({ source, numbers }: State, name: string): boolean =>
  source.reachesOutput.has(name) && source.dependsOnInput.has(name) && numbers.get(name)?.informative === true

/** The first source value, in order of execution, that has no partner and no descendant with one, though it matters to an output. */
export function firstParting(state: State, run: TargetRun, given: ReadonlySet<string>): string | undefined {
  const before = ancestorsOf(state.source, provenIn(state, run))
  return [...state.source.graph.inputs, ...state.source.results].find(
    (name) => !run.pairs.has(name) && !before.has(name) && !given.has(name) && matters(state, name),
  )
}

/** Source values without a partner on whose way to an output something equal stands. */
export function hiddenValues(state: State, run: TargetRun): string[] {
  const before = ancestorsOf(state.source, provenIn(state, run))
  const { graph, results } = state.source
  return [...graph.inputs, ...results].filter((name) => !run.pairs.has(name) && before.has(name) && matters(state, name))
}

/** Target values that may stand for a source value that nothing equals, the likeliest first. `behind`: those before proven ones as well. */
export function candidatesFor(state: State, run: TargetRun, anchors: Anchors, place: string, behind = false): Candidate[] {
  const { source, target, numbers } = state
  const own = numbers.get(place)!
  const between = targetsBetween(state, run, anchors, place, behind)
  const anchored = new Set(anchorsOf(anchors, place))
  const family = familyOf(source.producer.get(place)?.node.type ?? '')
  const consumers = new Set((source.consumers.get(place) ?? []).map(({ type }) => familyOf(type)))
  const found: Candidate[] = []
  for (const name of [...target.graph.inputs, ...target.results]) {
    const value = between.has(name) ? run.values.get(name) : undefined
    const other = value?.data.length === own.data.length ? numbersOf(value) : undefined
    if (other === undefined) continue
    const likeness = nameLikeness(place, name)
    const sameFamily = familyOf(target.producer.get(name)?.node.type ?? '') === family
    const sameConsumers = (target.consumers.get(name) ?? []).some(({ type }) => consumers.has(familyOf(type)))
    const base = 4 * likeness + (anchored.has(name) ? 2 : 0) + (sameFamily ? 1.5 : 0) + (sameConsumers ? 1 : 0)
    const by = likeness >= LIKELY_NAME ? 'name' : 'structure'
    for (const { layout, correlation, residual, rank } of layoutsFor(state, run, place, name, own, other)) {
      found.push({
        choice: { source: place, target: name, layout, by },
        anchored: anchored.has(name),
        anchoredTwice: anchors.names.get(place) === name && anchors.weights.get(place)?.has(name) === true,
        sameFamily,
        correlation,
        residual,
        score: base + (correlation > LIKE ? 3 * correlation : 0) - 0.1 * rank,
      })
    }
  }
  return found.sort((a, b) => b.score - a.score)
}

/** Choices by which a target that leaves the source's op out hands on what the op reads: the partners of what it is made from. */
export function skippedBy(state: State, run: TargetRun, place: string): Choice[] {
  const { source, numbers } = state
  const own = numbers.get(place)!
  return (source.producer.get(place)?.node.inputs ?? []).flatMap(({ value }): Choice[] => {
    const partner = value === null ? undefined : run.pairs.get(value)
    const held = partner && run.values.get(partner.target)
    const other = held && numbersOf(held)
    if (!partner?.equal || other === undefined || own.shape.join() !== numbers.get(partner.source)!.shape.join()) return []
    return [{ source: place, target: partner.target, layout: partner.layout, by: 'structure' }]
  })
}

/** Steps back from a place on which an op with several results is looked for. */
const MOST_STEPS = 4

/**
 * Choices by place in the list of results, or by the order of their names, where a place is made from results of one op and the target's op
 * has them in another order: gates that were exchanged are found equal one by one, what is made of each alone too, and wrong where they come
 * together.
 */
export function reorderedOutputs({ source, target }: State, run: TargetRun, place: string): Choice[][] {
  for (const node of nodesBefore(source, place, MOST_STEPS)) {
    const results = node.outputs.filter((name) => name !== null)
    const partners = results.map((name) => run.pairs.get(name))
    const makers = new Set(partners.map((pair) => pair && target.producer.get(pair.target)?.node))
    const [made] = makers
    const others = made?.outputs.filter((name) => name !== null) ?? []
    if (results.length < 2 || makers.size !== 1 || others.length !== results.length) continue
    const orders = [others, [...others].sort(byNumber)].filter((names) => partners.some((pair, i) => pair?.target !== names[i]))
    if (orders.length === 0) continue
    return orders.map((names) =>
      partners.map((pair, i): Choice => ({ source: pair!.source, target: names[i]!, layout: pair!.layout, by: 'structure' })),
    )
  }
  return []
}

const byNumber = (a: string, b: string): number => a.localeCompare(b, 'en', { numeric: true })

/** The ops that a value is made by, at most so many steps back, nearest first. */
function nodesBefore({ producer }: Relations, name: string, steps: number): Set<Node> {
  const found = new Set<Node>()
  let names = [name]
  for (let step = 0; step <= steps; step++) {
    const nodes = names.flatMap((value) => producer.get(value)?.node ?? []).filter((node) => !found.has(node))
    for (const node of nodes) found.add(node)
    names = nodes.flatMap(({ inputs }) => inputs.flatMap(({ value }) => (value === null ? [] : [value])))
  }
  return found
}

/**
 * Target values between the partners of what a source value is made from and the anchors of what is made from it; values with a partner, and
 * those before them, are none.
 */
function targetsBetween(state: State, run: TargetRun, anchors: Anchors, place: string, behind: boolean): Set<string> {
  const { source, target } = state
  const paired = new Set([...run.pairs.values()].map((pair) => pair.target))
  const proven = provenIn(state, run).map((name) => run.pairs.get(name)!.target)
  const own = new Set(anchorsOf(anchors, place))
  const family = familyOf(source.producer.get(place)?.node.type ?? '')
  // an op that changes nothing where the source's changes something makes a copy
  const copies = [...run.copies.keys()].filter((name) => !own.has(name) && familyOf(target.producer.get(name)!.node.type) !== family)
  const excluded = new Set([...paired, ...(behind ? [] : ancestorsOf(target, proven)), ...copies])
  for (const anchor of anchorsAfter(state, anchors, place)) {
    if (own.has(anchor)) continue
    excluded.add(anchor)
    for (const name of descendantsOf(target, anchor)) excluded.add(name)
  }
  const before = [...nearestAncestors(source, place, (name) => run.pairs.has(name))].map((name) => run.pairs.get(name)!.target)
  const after = new Set(before.flatMap((partner) => [...descendantsOf(target, partner)]))
  const names = [...target.graph.inputs, ...target.results]
  return new Set(names.filter((name) => !excluded.has(name) && target.reachesOutput.has(name) && (before.length === 0 || after.has(name))))
}

/** The anchors of the nearest source values after a place that have one. */
function anchorsAfter({ source }: State, { names }: Anchors, place: string): Set<string> {
  const found = new Set<string>()
  const seen = new Set<string>()
  const pending = [place]
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    for (const { outputs } of source.consumers.get(next) ?? []) {
      for (const output of outputs) {
        if (output === null || seen.has(output)) continue
        seen.add(output)
        const anchor = names.get(output)
        if (anchor === undefined) pending.push(output)
        else found.add(anchor)
      }
    }
  }
  return found
}

/** Correlation from which on it says how a value lies. */
export const LIKE = 0.7
const MOST_LAYOUTS = 3

/** Layouts in which a candidate may hold a source value, the likeliest first. */
function layoutsFor(state: State, run: TargetRun, place: string, name: string, own: Numbers, other: Numbers) {
  const all = layoutsBetween(own.shape, other.shape)
  const inherited = inheritedOrders(state, run, name)
  const allowed = all.filter((layout) => isPlausible(layout, own.shape, other.shape) || inherited.has(layout.order.join()))
  const measured = (allowed.length > 0 ? allowed : all.slice(0, 1)).map((layout) => ({ layout, ...likenessUnder(own, other, layout) }))
  const likeliest = measured.reduce<(typeof measured)[number] | undefined>(
    (best, one) => (one.correlation > (best?.correlation ?? LIKE) ? one : best),
    undefined,
  )
  const expected = measured.find(({ layout }) => layout === expectedLayout(state, run, place, allowed))
  const ordered = [likeliest, expected, ...measured].filter((one) => one !== undefined)
  return [...new Set(ordered)].slice(0, MOST_LAYOUTS).map((one, rank) => ({ ...one, rank }))
}

/** Among the layouts that the shapes allow, the one by which the values before it lie in the target, else the one that moves the channels. */
function expectedLayout({ source }: State, run: TargetRun, place: string, layouts: readonly Layout[]): Layout | undefined {
  for (const before of nearestAncestors(source, place, (value) => run.pairs.has(value))) {
    const { order } = run.pairs.get(before)!.layout
    const alike = layouts.find((layout) => layout.order.join() === order.join())
    if (alike && order.length > 1) return alike
  }
  return layouts.find(channelsFirst)
}
