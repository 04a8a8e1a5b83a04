/** One run of the target in which every value that the source also has is found and replaced by the source's. */
import type { Tensor } from '../../kernels/tensor.js'
import type { Graph } from '../graph/graph.js'
import { nearestAncestors, type Relations } from '../graph/relations.js'
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
  /** The numbers were equal on the sample that was aligned. */
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
  /** Runs the target in float32 on the sample, `feed` in place of its inputs. */
  runTarget(tap: Tap, feed: Record<string, Tensor>): Promise<void>
  /** Largest difference, relative to the largest magnitude, at which numbers count as the same. */
  tolerance: number
}

/** What stays the same over the passes of one alignment. */
export interface State {
  options: AlignOptions
  source: Relations
  target: Relations
  numbers: Map<string, Numbers>
  order: Map<string, number>
  bySize: Map<number, string[]>
}

/** A pair that is set before a pass instead of being found in it. */
export interface Forced {
  source: string
  layout: Layout
  by: Pair['by']
}

export interface Pass {
  pairs: Map<string, Pair>
  /** Target values that repeat the numbers of a source value that has a partner already. */
  copies: Map<string, { source: string; layout: Layout }>
  seen: Map<string, number[]>
}

/** Runs the target once; `forced` by target value. */
export async function runPass(state: State, forced: ReadonlyMap<string, Forced>, inputPairs: readonly Pair[]): Promise<Pass> {
  const { options, numbers } = state
  const pairs = new Map<string, Pair>()
  const partnered = new Set<string>()
  const pass: Pass = { pairs, copies: new Map(), seen: new Map() }
  const feed: Record<string, Tensor> = {}
  for (const pair of inputPairs) {
    pairs.set(pair.source, pair)
    partnered.add(pair.target)
    feed[pair.target] = withNumbers(options.targetInputs.get(pair.target)!, numbers.get(pair.source)!.data, pair.layout)
  }
  const reserved = new Set([...forced.values()].map(({ source }) => source))
  await options.runTarget((name, tensor) => {
    if (!state.target.producer.has(name)) return undefined
    pass.seen.set(name, tensor.shape)
    const choice = forced.get(name)
    if (choice) {
      pairs.set(choice.source, { source: choice.source, target: name, by: choice.by, layout: choice.layout, equal: false })
      return withNumbers(tensor, numbers.get(choice.source)!.data, choice.layout)
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
    return withNumbers(tensor, numbers.get(found.source)!.data, found.layout)
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
