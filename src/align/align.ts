/**
 * Finds which target value holds which source value.
 *
 * 1. The target runs in float32 on the sample that the source ran on. Each value, as it is made, is looked up among the source's values
 *    by its numbers, up to a layout (proof, as far as one sample proves). The source's numbers then take its place, so that what follows
 *    is compared on its own account.
 * 2. A source value that nothing equals, with nothing equal after it, marks a place where the two part. Candidates for it, by name, op
 *    family and dependence (a guess), are tried in turn: the one after which the most values agree again is taken.
 * 3. Steps 1 and 2 repeat until nothing parts any more, or no candidate is left.
 * 4. Source values that hold the same numbers as an aligned one share its partner.
 */
import { type Relations, relationsOf } from '../graph/relations.js'
import { type Numbers, numbersOf, sameNumbers } from './equality.js'
import { familyOf } from './families.js'
import { isPlausible, type Layout, likeliestLayout, toTargetOrder } from './layout.js'
import { LIKELY_NAME, nameLikeness, SURE_NAME } from './names.js'
import { candidatesFor, firstParting } from './partings.js'
import { type AlignOptions, type Forced, type Pair, type Pass, runPass, type State } from './pass.js'

export type { Pair } from './pass.js'

export interface Alignment {
  /** At most one a source value, inputs of the source included; in the source's order of execution. */
  pairs: Pair[]
  /** Target values that repeat the numbers of a source value that has a partner already. */
  copies: Map<string, { source: string; layout: Layout }>
  source: Relations
  target: Relations
}

/** Target runs that looking for the places where the two part may cost. */
const MAX_TRIALS = 80
/** Candidates that are tried at one place. */
const MAX_CANDIDATES = 5

export async function align(options: AlignOptions): Promise<Alignment> {
  const source = relationsOf(options.source)
  const target = relationsOf(options.target)
  const numbers = new Map<string, Numbers>()
  for (const [name, value] of options.sourceValues) {
    const found = numbersOf(value)
    if (found) numbers.set(name, found)
  }
  const order = new Map([...options.source.inputs, ...source.results].map((name, index) => [name, index]))
  const state: State = { options, source, target, numbers, order, bySize: groupBySize(numbers, order) }

  const inputPairs = pairInputs(state)
  const forced = new Map<string, Forced>()
  const given = new Set<string>()
  let pass = await runPass(state, forced, inputPairs)
  for (let trials = 0; trials < MAX_TRIALS; ) {
    const place = firstParting(state, pass, given)
    if (place === undefined) break
    const trial = await tryCandidates(state, pass, forced, inputPairs, place)
    trials += trial.runs
    if (trial.chosen === undefined) given.add(place)
    else {
      forced.set(trial.chosen.target, trial.chosen.choice)
      pass = trial.chosen.pass
    }
  }
  shareCopies(state, pass)
  const pairs = [...pass.pairs.values()].sort((a, b) => order.get(a.source)! - order.get(b.source)!)
  return { pairs, copies: pass.copies, source, target }
}

interface Trial {
  target: string
  choice: Forced
  pass: Pass
  /** Values that agree again because of it. */
  gain: number
}

/**
 * Puts each candidate in the place of a source value that nothing equals. The one that brings the most values back is taken; where none
 * does, since all that follows differs as well, the likeliest, if its name or its op speaks for it.
 */
async function tryCandidates(state: State, pass: Pass, forced: ReadonlyMap<string, Forced>, inputPairs: readonly Pair[], place: string) {
  const candidates = candidatesFor(state, pass, place).slice(0, MAX_CANDIDATES)
  const trials: Trial[] = []
  for (const { target, layout, likeness } of candidates) {
    const choice: Forced = { source: place, layout, by: likeness >= LIKELY_NAME ? 'name' : 'structure' }
    const tried = await runPass(state, new Map(forced).set(target, choice), inputPairs)
    const gain = tried.pairs.size - pass.pairs.size - 1
    trials.push({ target, choice, pass: tried, gain })
    if (gain > 0 && likeness >= SURE_NAME) break
  }
  const best = trials.reduce<Trial | undefined>((most, trial) => (most === undefined || trial.gain > most.gain ? trial : most), undefined)
  const likeliest = candidates[0]
  const chosen =
    best && best.gain > 0 ? best : likeliest && (likeliest.likeness >= SURE_NAME || likeliest.sameFamily) ? trials[0] : undefined
  return { chosen, runs: trials.length }
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
function shareCopies(state: State, pass: Pass): void {
  for (const name of [...state.source.results].reverse()) {
    const own = state.numbers.get(name)
    if (pass.pairs.has(name) || !own?.informative) continue
    let best: { pair: Pair; score: number } | undefined
    for (const other of state.bySize.get(own.data.length) ?? []) {
      const partner = pass.pairs.get(other)
      if (partner === undefined || !partner.equal) continue
      const numbers = state.numbers.get(other)!
      const shape = pass.seen.get(partner.target) ?? numbers.shape
      const inTarget: Numbers = { ...numbers, data: toTargetOrder(numbers.data, partner.layout), shape }
      const rearranged = rearranges(state.source, name, other)
      const same = sameNumbers(own, inTarget, state.options.tolerance, (layout) => rearranged || isPlausible(layout))
      if (same === undefined) continue
      const score = nameLikeness(name, partner.target) - same.distance
      if (best === undefined || score > best.score) {
        const by = score >= LIKELY_NAME ? 'name' : 'value'
        best = { pair: { source: name, target: partner.target, by, layout: same.layout, equal: true, shared: true }, score }
      }
    }
    if (best) pass.pairs.set(name, best.pair)
  }
}

/** Whether nothing but a transposition or reshape of the source's own stands between two of its values. */
function rearranges(source: Relations, from: string, to: string): boolean {
  const made = source.producer.get(to)
  return made !== undefined && familyOf(made.node.type) === 'layout' && made.node.inputs.some(({ value }) => value === from)
}
