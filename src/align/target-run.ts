/**
 * A run of the target in which every value that the source also has is found and replaced by the source's. What a run has made is kept, so
 * that another choice somewhere runs again only what depends on it.
 */
import type { Tensor } from '../../kernels/tensor.js'
import type { Graph } from '../graph/graph.js'
import { descendantsOf, nearestAncestors, type Relations } from '../graph/relations.js'
import type { Tap } from '../runners/session.js'
import { type Numbers, numbersOf, sameNumbers } from './equality.js'
import { type Family, familyOf } from './families.js'
import { isIdentity, isPlausible, type Layout, withNumbers } from './layout.js'
import { LIKELY_NAME, nameLikeness } from './names.js'

export interface Pair {
  source: string
  target: string
  by: 'name' | 'value' | 'structure'
  layout: Layout
  /** The numbers were equal on a sample that was aligned. */
  equal: boolean
  /** Another source value is the target's first partner, and this one only repeats its numbers. */
  shared?: boolean
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
  /** Runs the target in float32 on the sample, `feed` in place of its inputs and of values that it would make. */
  runTarget(tap: Tap, feed: Record<string, Tensor>): Promise<void>
  /** Largest difference, relative to the largest magnitude, at which numbers count as the same. */
  tolerance: number
}

/** What stays the same over the runs of one alignment. */
export interface State {
  options: AlignOptions
  source: Relations
  target: Relations
  numbers: Map<string, Numbers>
  bySize: Map<number, string[]>
}

/** A pair that is set before a run instead of being found in it. */
export interface Choice {
  source: string
  target: string
  layout: Layout
  by: Pair['by']
}

export interface TargetRun {
  pairs: ReadonlyMap<string, Pair>
  /** Target values that repeat the numbers of a source value that has a partner already. */
  copies: ReadonlyMap<string, { source: string; layout: Layout }>
  /** What the target's values held, the source's numbers in the place of those that have a partner. */
  values: ReadonlyMap<string, Tensor>
  /** What the target itself made of those. */
  made: ReadonlyMap<string, Tensor>
  /** Pairs that were chosen, by target value. */
  choices: ReadonlyMap<string, Choice>
  /** Every value that depends on an input has been made. */
  complete: boolean
}

/** A run while it goes on. */
class Running implements TargetRun {
  readonly pairs: Map<string, Pair>
  readonly copies: Map<string, { source: string; layout: Layout }>
  readonly values: Map<string, Tensor>
  readonly made: Map<string, Tensor>
  complete = true
  /** Target values that have found an equal since this run began. */
  found: string[] = []
  /** Values that say something and equal nothing, since the last one that did. */
  fruitless = 0

  constructor(
    readonly choices: Map<string, Choice>,
    before?: TargetRun,
    redone: ReadonlySet<string> = new Set(),
  ) {
    const kept = <T>(map: ReadonlyMap<string, T>, targetOf: (key: string, value: T) => string) =>
      new Map([...map].filter(([key, value]) => !redone.has(targetOf(key, value))))
    this.pairs = before ? kept(before.pairs, (_, { target }) => target) : new Map()
    this.copies = before ? kept(before.copies, (name) => name) : new Map()
    this.values = before ? kept(before.values, (name) => name) : new Map()
    this.made = before ? kept(before.made, (name) => name) : new Map()
  }
}

/** When a run may end before its last value. */
export interface Bounds {
  /** Equals that are enough. */
  found?: number
  /** Values in a row that equal nothing and are enough. */
  fruitless?: number
}

/** Thrown by a tap to end a run, since a run has no other way to end early. */
class Enough extends Error {}

/** The first run: `inputPairs` are its only choices. */
export async function firstRun(state: State, inputPairs: readonly Pair[]): Promise<TargetRun> {
  const running = new Running(new Map())
  for (const [name, value] of state.options.targetInputs) running.values.set(name, value)
  for (const pair of inputPairs) {
    const own = state.options.targetInputs.get(pair.target)!
    running.pairs.set(pair.source, pair)
    running.values.set(pair.target, inTargetsPlace(state, pair, own))
    running.made.set(pair.target, own)
  }
  return execute(state, running, {})
}

/** What changes where a choice is made after a run. `found`: target values that equal the source's because of it, or again. */
export interface Resumed {
  run: TargetRun
  found: readonly string[]
}

/**
 * A run with further choices. A target value that has a partner already keeps it as one that shares it: the source computes on from there
 * where the target does not.
 */
export async function runWith(state: State, before: TargetRun, choices: readonly Choice[], bounds: Bounds): Promise<Resumed> {
  const chosen = new Map(choices.map((choice) => [choice.target, choice]))
  const redone = new Set(choices.flatMap(({ target }) => [target, ...descendantsOf(state.target, target)]))
  const running = new Running(new Map([...before.choices, ...chosen]), before, redone)
  for (const pair of before.pairs.values()) {
    const taken = chosen.has(pair.target) && !choices.some(({ source }) => source === pair.source)
    if (taken) running.pairs.set(pair.source, { ...pair, shared: true })
  }
  for (const choice of choices) {
    const own = before.made.get(choice.target) ?? before.values.get(choice.target)!
    running.values.set(choice.target, inTargetsPlace(state, choice, own))
    running.made.set(choice.target, own)
    running.pairs.set(choice.source, { ...choice, equal: false })
  }
  return { run: await execute(state, running, bounds), found: running.found }
}

/** A run that ended early, to its end. */
export const completed = (state: State, before: TargetRun): Promise<TargetRun> =>
  execute(state, new Running(new Map(before.choices), before), {})

const inTargetsPlace = ({ numbers }: State, { source, layout }: Pick<Choice, 'source' | 'layout'>, own: Tensor): Tensor =>
  withNumbers(own, numbers.get(source)!.data, layout)

async function execute(state: State, running: Running, bounds: Bounds): Promise<TargetRun> {
  const chosen = new Set([...running.choices.values()].map(({ source }) => source))
  try {
    await state.options.runTarget((name, tensor) => {
      if (!state.target.producer.has(name)) return undefined
      const taken = see(state, running, chosen, name, tensor)
      running.values.set(name, taken ?? tensor)
      if (taken) running.made.set(name, tensor)
      if (running.found.length >= (bounds.found ?? Infinity) || running.fruitless >= (bounds.fruitless ?? Infinity)) throw new Enough()
      return taken
    }, Object.fromEntries(running.values))
  } catch (error) {
    if (!(error instanceof Enough)) throw error
    running.complete = false
  }
  return running
}

/** What takes the place of a value that was just made; undefined where it stays. */
function see(state: State, running: Running, chosen: ReadonlySet<string>, name: string, tensor: Tensor): Tensor | undefined {
  const { pairs, copies } = running
  const choice = running.choices.get(name)
  if (choice) {
    pairs.set(choice.source, { ...choice, equal: false })
    return inTargetsPlace(state, choice, tensor)
  }
  const own = numbersOf(tensor)
  if (own === undefined) return undefined
  const match = lookUp(state, running, chosen, name, own)
  if (match === undefined) {
    if (own.informative && state.target.dependsOnInput.has(name)) running.fruitless++
    return undefined
  }
  const likeness = nameLikeness(match.source, name)
  const earlier = pairs.get(match.source)
  if (earlier && !outdoes(state, name, likeness, earlier)) copies.set(name, { source: match.source, layout: match.layout })
  else {
    if (earlier) copies.set(earlier.target, { source: match.source, layout: earlier.layout })
    pairs.set(match.source, {
      source: match.source,
      target: name,
      by: likeness >= LIKELY_NAME ? 'name' : 'value',
      layout: match.layout,
      equal: true,
    })
    if (own.informative) running.found.push(name)
  }
  running.fruitless = 0
  return inTargetsPlace(state, match, tensor)
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
function lookUp(state: State, run: TargetRun, chosen: ReadonlySet<string>, name: string, own: Numbers) {
  let best: { source: string; layout: Layout; score: number } | undefined
  let inherited: Set<string> | undefined
  const isInherited = (layout: Layout): boolean => (inherited ??= inheritedOrders(state, run, name)).has(layout.order.join())
  for (const source of state.bySize.get(own.data.length) ?? []) {
    if (chosen.has(source)) continue
    const other = state.numbers.get(source)!
    const same = sameNumbers(
      other,
      own,
      state.options.tolerance,
      (layout) => isPlausible(layout, other.shape, own.shape) || isInherited(layout),
    )
    if (same === undefined) continue
    const likeness = nameLikeness(source, name)
    if (!own.informative && likeness < LIKELY_NAME && !dependsAlike(state, run, source, name)) continue
    const score =
      (run.pairs.has(source) ? 0 : UNPAIRED_FIRST) +
      likeness -
      (0.2 * same.distance) / state.options.tolerance +
      (isIdentity(same.layout) ? 0.05 : 0)
    if (best === undefined || score > best.score) best = { source, layout: same.layout, score }
  }
  return best
}

/** Orders of axes in which the values before a target value already lie. */
export function inheritedOrders({ target }: State, run: TargetRun, name: string): Set<string> {
  const layouts = new Map([...run.pairs.values()].map((pair) => [pair.target, pair.layout]))
  for (const [copy, { layout }] of run.copies) layouts.set(copy, layout)
  const before = nearestAncestors(target, name, (value) => layouts.has(value))
  return new Set([...before].map((value) => layouts.get(value)!.order.join()))
}

/** Whether a target value depends on the partners of what a source value is made from. */
function dependsAlike({ source, target }: State, run: TargetRun, sourceName: string, targetName: string): boolean {
  const before = nearestAncestors(source, sourceName, (name) => run.pairs.has(name))
  if (before.size === 0) return false
  const partners = new Set([...before].map((name) => run.pairs.get(name)!.target))
  const copied = (name: string) => run.copies.get(name) !== undefined && before.has(run.copies.get(name)!.source)
  const paired = new Set([...run.pairs.values()].map((pair) => pair.target))
  const own = nearestAncestors(target, targetName, (name) => paired.has(name) || run.copies.has(name))
  return own.size > 0 && [...own].every((name) => partners.has(name) || copied(name))
}
