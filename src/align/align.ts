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
import type { Tensor } from '../../kernels/tensor.js'
import type { Graph } from '../graph/graph.js'
import { ancestorsOf, descendantsOf, nearestAncestors, type Relations, relationsOf } from '../graph/relations.js'
import type { Tap } from '../runners/session.js'
import { type Numbers, numbersOf, sameNumbers } from './equality.js'
import { type Family, familyOf } from './families.js'
import { isIdentity, isPlausible, type Layout, layoutsBetween, toTargetOrder } from './layout.js'
import { nameLikeness } from './names.js'

export interface Pair {
  source: string
  target: string
  by: 'name' | 'value' | 'structure'
  layout: Layout
  /** The numbers were equal on the sample that was aligned. */
  equal: boolean
}

export interface Alignment {
  /** At most one a source value, inputs of the source included; in the source's order of execution. */
  pairs: Pair[]
  /** Target values that repeat the numbers of a source value that has a partner already. */
  copies: Map<string, { source: string; layout: Layout }>
  source: Relations
  target: Relations
}

export interface AlignOptions {
  source: Graph
  target: Graph
  /** Of one sample: results of the source's nodes, and its inputs. */
  sourceValues: ReadonlyMap<string, Tensor>
  /** Of the same sample: the target's inputs as its graph sees them. */
  targetInputs: ReadonlyMap<string, Tensor>
  /** Inputs that stand for each other; `raw`: the target's holds pixels that its first ops have yet to scale. */
  inputs: readonly { source: string; target: string; raw: boolean }[]
  /** Runs the target in float32 on the sample, `feed` in place of its inputs. */
  runTarget(tap: Tap, feed: Record<string, Tensor>): Promise<void>
  /** Largest difference, relative to the largest magnitude, at which numbers count as the same. */
  tolerance: number
}

/** Target runs that looking for the places where the two part may cost. */
const MAX_TRIALS = 80
/** Candidates that are tried at one place. */
const MAX_CANDIDATES = 5
/** From here on a name alone is reason enough. */
const SURE_NAME = 0.8
/** From here on a pair is said to be found by name. */
const LIKELY_NAME = 0.5

interface Forced {
  source: string
  layout: Layout
  by: Pair['by']
}

interface Pass {
  pairs: Map<string, Pair>
  copies: Alignment['copies']
  seen: Map<string, number[]>
}

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

interface State {
  options: AlignOptions
  source: Relations
  target: Relations
  numbers: Map<string, Numbers>
  order: Map<string, number>
  bySize: Map<number, string[]>
}

interface Candidate {
  target: string
  layout: Layout
  likeness: number
  sameFamily: boolean
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
    const layout = same?.layout ?? (raw ? undefined : inputLayout(from.shape, to.shape))
    if (layout) pairs.push({ source, target, by, layout, equal: same !== undefined })
  }
  return pairs
}

/** Without equal numbers to go by: the same order, else channels last to channels first, else the plainest. */
function inputLayout(from: readonly number[], to: readonly number[]): Layout | undefined {
  const layouts = layoutsBetween(from, to)
  return layouts.length > 0 && isIdentity(layouts[0]!) && !movesChannels(from, to)
    ? layouts[0]
    : (layouts.find(channelsFirst) ?? layouts[0])
}

const channelsFirst = ({ order }: Layout): boolean =>
  order.length > 1 && order[0] === order.length - 1 && order.slice(1).every((axis, i) => axis === i)

const movesChannels = (from: readonly number[], to: readonly number[]): boolean =>
  from.length >= 3 && to.length >= 3 && from.at(-1) === to.at(-3) && from.at(-1) !== to.at(-1)

/** The target's tensor with the source's numbers in its own layout and dtype. */
function replacement(target: Tensor, source: Numbers, layout: Layout): Tensor {
  const ordered = toTargetOrder(source.data, layout)
  if (target.data instanceof BigInt64Array || target.data instanceof BigUint64Array || Array.isArray(target.data)) return target
  const data =
    ordered.constructor === target.data.constructor ? ordered : (target.data.constructor as Float32ArrayConstructor).from(ordered)
  return { ...target, data } as Tensor
}

async function runPass(state: State, forced: ReadonlyMap<string, Forced>, inputPairs: readonly Pair[]): Promise<Pass> {
  const { options, numbers } = state
  const pairs = new Map<string, Pair>()
  const partnered = new Set<string>()
  const pass: Pass = { pairs, copies: new Map(), seen: new Map() }
  const feed: Record<string, Tensor> = {}
  for (const pair of inputPairs) {
    pairs.set(pair.source, pair)
    partnered.add(pair.target)
    feed[pair.target] = replacement(options.targetInputs.get(pair.target)!, numbers.get(pair.source)!, pair.layout)
  }
  const reserved = new Set([...forced.values()].map(({ source }) => source))
  await options.runTarget((name, tensor) => {
    if (!state.target.producer.has(name)) return undefined
    pass.seen.set(name, tensor.shape)
    const choice = forced.get(name)
    if (choice) {
      pairs.set(choice.source, { source: choice.source, target: name, by: choice.by, layout: choice.layout, equal: false })
      return replacement(tensor, numbers.get(choice.source)!, choice.layout)
    }
    const found = lookUp(state, pass, reserved, name, tensor)
    if (found === undefined) return undefined
    const likeness = nameLikeness(found.source, name)
    const earlier = pairs.get(found.source)
    if (earlier && !outdoes(state, name, likeness, earlier)) pass.copies.set(name, { source: found.source, layout: found.layout })
    else {
      if (earlier) pass.copies.set(earlier.target, { source: found.source, layout: earlier.layout })
      pairs.set(found.source, {
        source: found.source,
        target: name,
        by: likeness >= LIKELY_NAME ? 'name' : 'value',
        layout: found.layout,
        equal: true,
      })
    }
    return replacement(tensor, numbers.get(found.source)!, found.layout)
  }, feed)
  return pass
}

/** Families of ops that hand their operand's numbers on, whatever they are. */
const MOVERS: ReadonlySet<Family> = new Set(['layout', 'cast', 'split', 'concat', 'pad', 'gather'])

/**
 * Whether a later value with the same numbers is the better partner: an op that computes, a clip say, may leave this sample's numbers as
 * they are, and what the source fused with it only shows after it.
 */
function outdoes({ target, options }: State, name: string, likeness: number, earlier: Pair): boolean {
  if (!earlier.equal || options.source.inputs.includes(earlier.source)) return false
  return !MOVERS.has(familyOf(target.producer.get(name)!.node.type)) && likeness >= nameLikeness(earlier.source, earlier.target)
}

/** How much of a name's likeness it outweighs that a source value has no partner yet. */
const UNPAIRED_FIRST = 0.5

/** The source value whose numbers a target value holds: by name, one without a partner before one that has one, then by nearness. */
function lookUp(state: State, pass: Pass, reserved: ReadonlySet<string>, name: string, tensor: Tensor) {
  const own = numbersOf(tensor)
  if (own === undefined) return undefined
  let best: { source: string; layout: Layout; taken: boolean; score: number } | undefined
  let inherited: Set<string> | undefined
  const isJustified = (layout: Layout): boolean =>
    isPlausible(layout) || (inherited ??= inheritedOrders(state, pass, name)).has(layout.order.join())
  for (const source of state.bySize.get(own.data.length) ?? []) {
    if (reserved.has(source)) continue
    const same = sameNumbers(state.numbers.get(source)!, own, state.options.tolerance, isJustified)
    if (same === undefined) continue
    const likeness = nameLikeness(source, name)
    if (!own.informative && likeness < LIKELY_NAME && !dependsAlike(state, pass, source, name)) continue
    const taken = pass.pairs.has(source)
    const score =
      (taken ? 0 : UNPAIRED_FIRST) + likeness - (0.2 * same.distance) / state.options.tolerance + (isIdentity(same.layout) ? 0.05 : 0)
    if (best === undefined || score > best.score) best = { source, layout: same.layout, taken, score }
  }
  return best
}

/** Orders of axes in which the values before a target value already lie. */
function inheritedOrders({ target }: State, pass: Pass, name: string): Set<string> {
  const layouts = new Map([...pass.pairs.values()].map((pair) => [pair.target, pair.layout]))
  for (const [copy, { layout }] of pass.copies) layouts.set(copy, layout)
  const before = nearestAncestors(target, name, (value) => layouts.has(value))
  return new Set([...before].map((value) => layouts.get(value)!.order.join()))
}

/** Whether a target value depends on the partners of what a source value is made from. */
function dependsAlike({ source, target }: State, pass: Pass, sourceName: string, targetName: string): boolean {
  const before = nearestAncestors(source, sourceName, (name) => pass.pairs.has(name))
  if (before.size === 0) return false
  const partners = new Set([...before].map((name) => pass.pairs.get(name)!.target))
  const copied = (name: string) => pass.copies.get(name) !== undefined && before.has(pass.copies.get(name)!.source)
  const paired = new Set([...pass.pairs.values()].map((pair) => pair.target))
  const own = nearestAncestors(target, targetName, (name) => paired.has(name) || pass.copies.has(name))
  return own.size > 0 && [...own].every((name) => partners.has(name) || copied(name))
}

/** The first source value, in order of execution, that has no partner and no descendant with one, though it matters to an output. */
function firstParting({ source, numbers, options }: State, pass: Pass, given: ReadonlySet<string>): string | undefined {
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
function candidatesFor(state: State, pass: Pass, place: string): Candidate[] {
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
        best = { pair: { source: name, target: partner.target, by, layout: same.layout, equal: true }, score }
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
