/**
 * Finds which target value holds which source value.
 *
 * 1. The target runs in float32 on the sample that the source ran on. Each value, as it is made, is looked up among the source's values
 *    by its numbers, up to a layout (proof, as far as one sample proves). The source's numbers then take its place, so that what follows
 *    is compared on its own account.
 * 2. A source value that nothing equals, with nothing equal after it, marks a place where the two part: `search.ts` finds its partner
 *    among the values that order, names and weights leave, by what agrees again after it.
 * 3. A source value that nothing equals, before ones that agree, is looked at again: an error may have been healed on the way.
 * 4. Source values that hold the same numbers as an aligned one share its partner.
 */
import { type Relations, relationsOf } from '../graph/relations.js'
import { type Anchors, findAnchors } from './anchors.js'
import { type Numbers, numbersOf, sameNumbers } from './equality.js'
import { familyOf } from './families.js'
import { isPlausible, type Layout, likeliestLayout, toTargetOrder } from './layout.js'
import { LIKELY_NAME, nameLikeness, SURE_NAME } from './names.js'
import { type SearchCost, searchPartings } from './search.js'
import { type AlignOptions, firstRun, type Pair, type State, type TargetRun } from './target-run.js'

export type { Pair } from './target-run.js'

export interface Alignment {
  /** At most one a source value, inputs of the source included; in the source's order of execution. */
  pairs: Pair[]
  /** Target values that repeat the numbers of a source value that has a partner already. */
  copies: ReadonlyMap<string, { source: string; layout: Layout }>
  source: Relations
  target: Relations
  cost: SearchCost
  /** Source values whose numbers are all alike on the sample that was aligned: another may know a better partner. */
  silent: string[]
}

/** A run of the target between the borders that an alignment found on its sample. */
export type AlignedRun = Pick<TargetRun, 'values' | 'made'>

/** Fewer elements are never told apart, on whatever sample. */
const LEAST_ELEMENTS = 16

export function inSourcesOrder(pairs: readonly Pair[], { graph, results }: Relations): Pair[] {
  const order = new Map([...graph.inputs, ...results].map((name, index) => [name, index]))
  return [...pairs].sort((a, b) => order.get(a.source)! - order.get(b.source)!)
}

export async function align(options: AlignOptions): Promise<{ alignment: Alignment; run: AlignedRun }> {
  const source = relationsOf(options.source)
  const target = relationsOf(options.target)
  const numbers = new Map<string, Numbers>()
  for (const [name, value] of options.sourceValues) {
    const found = numbersOf(value)
    if (found) numbers.set(name, found)
  }
  const order = new Map([...options.source.inputs, ...source.results].map((name, index) => [name, index]))
  const state: State = { options, source, target, numbers, bySize: groupBySize(numbers, order) }
  const first = await firstRun(state, pairInputs(state))
  let anchors: Anchors | undefined
  const findOnce = () => (anchors ??= findAnchors(source, target, { source: options.sourceValues, target: first.values }))
  const { run, cost } = await searchPartings(state, first, findOnce)
  const pairs = inSourcesOrder([...run.pairs.values(), ...sharedPairs(state, run)], source)
  const isSilent = (name: string) => {
    const own = numbers.get(name)
    return own !== undefined && !own.informative && own.data.length >= LEAST_ELEMENTS && source.dependsOnInput.has(name)
  }
  const silent = source.results.filter((name) => source.reachesOutput.has(name) && isSilent(name))
  return { alignment: { pairs, copies: run.copies, source, target, cost, silent }, run: run }
}

function groupBySize(numbers: ReadonlyMap<string, Numbers>, order: ReadonlyMap<string, number>): Map<number, string[]> {
  const groups = new Map<number, string[]>()
  for (const [name, { data }] of [...numbers].sort(([a], [b]) => order.get(a)! - order.get(b)!)) {
    const group = groups.get(data.length)
    if (group) group.push(name)
    else groups.set(data.length, [name])
  }
  return groups
}

/** Inputs that stand for each other: equal numbers give the layout; where they differ, the plainest layout that fits the shapes. */
function pairInputs({ options, numbers }: State): Pair[] {
  const pairs: Pair[] = []
  for (const { source, target, raw } of options.inputs) {
    const from = numbers.get(source)
    const value = options.targetInputs.get(target)
    const to = value && numbersOf(value)
    if (!from || !to) continue
    const same = sameNumbers(from, to, options.tolerance)
    const by = nameLikeness(source, target) >= SURE_NAME ? 'name' : 'value'
    const layout = same?.layout ?? (raw ? undefined : likeliestLayout(from.shape, to.shape))
    if (layout) pairs.push({ source, target, by, layout, equal: same !== undefined })
  }
  return pairs
}

/** Step 4, from the last value to the first: a source value without a partner whose numbers an aligned one repeats takes that one's partner. */
function sharedPairs(state: State, run: TargetRun): Pair[] {
  const found: Pair[] = []
  const paired = new Map(run.pairs)
  for (const name of [...state.source.results].reverse()) {
    const own = state.numbers.get(name)
    if (paired.has(name) || !own?.informative) continue
    let best: { pair: Pair; score: number } | undefined
    for (const other of state.bySize.get(own.data.length) ?? []) {
      const partner = paired.get(other)
      if (partner === undefined || !partner.equal) continue
      const numbers = state.numbers.get(other)!
      const shape = run.values.get(partner.target)?.shape ?? numbers.shape
      const inTarget: Numbers = { ...numbers, data: toTargetOrder(numbers.data, partner.layout), shape }
      const rearranged = rearranges(state.source, name, other) || rearranges(state.source, other, name)
      const same = sameNumbers(own, inTarget, state.options.tolerance, (layout) => rearranged || isPlausible(layout, own.shape, shape))
      if (same === undefined) continue
      const score = nameLikeness(name, partner.target) - same.distance
      if (best === undefined || score > best.score) {
        const by = score >= LIKELY_NAME ? 'name' : 'value'
        best = { pair: { source: name, target: partner.target, by, layout: same.layout, equal: true, shared: true }, score }
      }
    }
    if (best) {
      found.push(best.pair)
      paired.set(name, best.pair)
    }
  }
  return found
}

/** Whether nothing but a transposition or reshape of the source's own stands between two of its values. */
function rearranges(source: Relations, from: string, to: string): boolean {
  const made = source.producer.get(to)
  return made !== undefined && familyOf(made.node.type) === 'layout' && made.node.inputs.some(({ value }) => value === from)
}
