/**
 * Which goes with which: arrays of a sample with a model's inputs, inputs of the source with inputs of the target. By name; else by what
 * fits, where that is unique; else by the arrays that are given, where each side has its own; else by order, among those that all fit each
 * other. What stays open is an error with both lists, not a guess.
 */
import type { Tensor } from '../../kernels/tensor.js'
import { ParityError } from '../graph/errors.js'
import type { InputFeature } from '../graph/model.js'
import { spellInput } from '../graph/shapes.js'
import { classOf } from './convert.js'
import { fitShape, inputPatterns, LEVELS } from './shapes.js'

export type By = 'map' | 'name' | 'shape' | 'value' | 'order'

export interface Match<L, R> {
  left: L
  right: R
  by: By
}

export interface Matching<L, R> {
  pairs: Match<L, R>[]
  /** Those without a partner, in their order. */
  left: L[]
  right: R[]
}

/** What two sides are matched by. */
export interface Criteria<L, R> {
  /** Each is tried over all pairs before the next: given pairs, equal names, names that mean the same. */
  names: readonly { by: 'map' | 'name'; same(left: L, right: R): boolean }[]
  /** How loosely two fit, 0 best; null where they do not. */
  looseness(left: L, right: R): number | null
}

export function match<L, R>(left: readonly L[], right: readonly R[], { names, looseness }: Criteria<L, R>): Matching<L, R> {
  const open = { left: [...left], right: [...right] }
  const pairs: Match<L, R>[] = []
  const take = (l: L, r: R, by: By): void => {
    pairs.push({ left: l, right: r, by })
    open.left.splice(open.left.indexOf(l), 1)
    open.right.splice(open.right.indexOf(r), 1)
  }
  for (const { by, same } of names) {
    for (const group of groups(open.left, open.right, same)) {
      if (group.left.length === 1 && group.right.length === 1) take(group.left[0]!, group.right[0]!, by)
    }
  }
  const distances = open.left.flatMap((l) => open.right.map((r) => looseness(l, r)))
  for (const limit of [...new Set(distances)].filter((distance) => distance !== null).sort((a, b) => a - b)) {
    const fits = (l: L, r: R): boolean => (looseness(l, r) ?? Infinity) <= limit
    for (const group of groups(open.left, open.right, fits)) {
      if (group.left.length !== group.right.length || !group.left.every((l) => group.right.every((r) => fits(l, r)))) continue
      group.left.forEach((l, i) => {
        take(l, group.right[i]!, group.left.length === 1 ? 'shape' : 'order')
      })
    }
  }
  return { pairs, ...open }
}

/** The connected parts of the graph whose edges are `joined`, those of one node left out. */
function groups<L, R>(left: readonly L[], right: readonly R[], joined: (left: L, right: R) => boolean): { left: L[]; right: R[] }[] {
  const waiting = new Set(left)
  const parts: { left: L[]; right: R[] }[] = []
  for (const start of left) {
    if (!waiting.delete(start)) continue
    const part = { left: new Set([start]), right: new Set<R>() }
    for (const l of part.left) {
      for (const r of right) {
        if (part.right.has(r) || !joined(l, r)) continue
        part.right.add(r)
        for (const other of waiting) {
          if (!joined(other, r)) continue
          part.left.add(other)
          waiting.delete(other)
        }
      }
    }
    if (part.right.size > 0) parts.push({ left: left.filter((l) => part.left.has(l)), right: right.filter((r) => part.right.has(r)) })
  }
  return parts
}

/** A name without what converters add or change: TensorFlow's signature prefix and output index, characters that Core ML does not take. */
export const bareName = (name: string): string =>
  name
    .replace(/^serving_default_/, '')
    .replace(/:\d+$/, '')
    .replace(/\W/g, '_')
    .toLowerCase()

const namesOf = ({ name, aliases = [] }: InputFeature): string[] => [name, ...aliases]

export const isCalled = (input: InputFeature, name: string): boolean => namesOf(input).includes(name)

export const isNearlyCalled = (input: InputFeature, name: string): boolean => namesOf(input).some((one) => bareName(one) === bareName(name))

/** An input of the source and the input of the target that it becomes. */
export interface InputPair {
  source: InputFeature
  target: InputFeature
  by: By
}

export interface InputMapping {
  pairs: InputPair[]
  /** Inputs without a partner. */
  source: InputFeature[]
  target: InputFeature[]
}

/**
 * Pairs the inputs of two models. A name that both have decides even where shapes differ: feeding reports that.
 * @param map pairs of names that were given; those that are not an input on each side are not about inputs
 */
export function mapInputs(
  source: readonly InputFeature[],
  target: readonly InputFeature[],
  map: readonly (readonly [string, string])[],
): InputMapping {
  const { pairs, left, right } = match(source, target, {
    names: [
      { by: 'map', same: (s, t) => map.some(([from, to]) => isCalled(s, from) && isCalled(t, to)) },
      { by: 'name', same: (s, t) => namesOf(s).some((name) => isCalled(t, name)) },
      { by: 'name', same: (s, t) => namesOf(s).some((name) => isNearlyCalled(t, name)) },
    ],
    looseness: distanceOfInputs,
  })
  const position = (input: InputFeature): number => source.indexOf(input)
  return {
    pairs: pairs
      .map((pair) => ({ source: pair.left, target: pair.right, by: pair.by }))
      .sort((a, b) => position(a.source) - position(b.source)),
    source: left,
    target: right,
  }
}

/** Class of dtype weighs more than shape: tokens and a mask of one shape are told apart by it. */
export const OTHER_CLASS = 10
/** An input that may stay empty comes after one alike that may not. */
export const OPTIONAL = 0.5

export const isRequired = ({ optional, default: value }: InputFeature): boolean => !optional && value === undefined

/** Whether two inputs may stand for each other as they are declared. */
export const fitsInput = (source: InputFeature, target: InputFeature): boolean => distanceOfInputs(source, target) !== null

function distanceOfInputs(source: InputFeature, target: InputFeature): number | null {
  const levels = inputPatterns(source).flatMap((from) => inputPatterns(target).flatMap((to) => levelBetween(from, to) ?? []))
  if (levels.length === 0) return null
  const sameClass = source.image || target.image || classOf(source.dtype) === classOf(target.dtype)
  if (!sameClass && (classOf(source.dtype) === 'string' || classOf(target.dtype) === 'string')) return null
  return Math.min(...levels) + (sameClass ? 0 : OTHER_CLASS) + (isRequired(source) === isRequired(target) ? 0 : OPTIONAL)
}

/** How two shapes with open dimensions fit: an open dimension is taken to be the other's, or 1. */
function levelBetween(a: readonly (number | null)[], b: readonly (number | null)[]): number | null {
  const closed = a.length === b.length ? a.map((dimension, axis) => dimension ?? b[axis] ?? 1) : a.map((dimension) => dimension ?? 1)
  const fit =
    fitShape(closed, b) ??
    fitShape(
      b.map((dimension) => dimension ?? 1),
      a,
    )
  return fit && LEVELS.indexOf(fit.level)
}

/** A list for a message: 'none', 'a', 'a, b'. */
export const spellList = (parts: readonly string[]): string => (parts.length ? parts.join(', ') : 'none')

/** @throws ParityError INPUT_UNMATCHED for inputs that nothing feeds. `mapped`: some are paired by a map, and not among them. */
export function refuseUnmatched(source: readonly InputFeature[], target: readonly InputFeature[], mapped: boolean): never {
  const [what, how] = mapped
    ? ['inputs that the map leaves do not match by name, and not uniquely by shape', 'Pair these, too']
    : ['inputs of the source and of the target do not match by name, and not uniquely by shape', 'Pair them with --map SOURCE=TARGET']
  throw new ParityError('INPUT_UNMATCHED', {
    what: `${what}: the source takes ${spellList(source.map(spellInput))}; the target takes ${spellList(target.map(spellInput))}`,
    remedy: `${how}, or give the target its own with --target-inputs`,
  })
}

/** @throws ParityError USAGE_MAP for inputs that are given as a pair and cannot be fed with one array. */
export function refuseMisfit(pairs: readonly InputPair[]): void {
  const misfit = pairs.find(({ source, target, by }) => by === 'map' && distanceOfInputs(source, target) === null)
  if (misfit === undefined) return
  throw new ParityError('USAGE_MAP', {
    what: `--map '${misfit.source.name}=${misfit.target.name}' pairs inputs that no array fits both of: ${spellInput(misfit.source)} and ${spellInput(misfit.target)}`,
    remedy: 'Pair inputs of one shape, or give the target samples of its own with --target-inputs',
  })
}

/**
 * Pairs by order, set right by the arrays that each side is given of its own: where the arrays of such pairs are the same ones in another
 * order, those that are equal go together.
 */
export function byArrays(pairs: readonly InputPair[], { source, target }: { source: Arrays; target: Arrays }): InputPair[] {
  const guessed = pairs.filter(({ by }) => by === 'order')
  const equals = guessed.map((pair) => guessed.filter((other) => isSame(source[pair.source.name], target[other.target.name])))
  const isSettled = equals.every((found) => found.length === 1) && new Set(equals.flat()).size === guessed.length
  if (!isSettled) return [...pairs]
  const partners = new Map(guessed.map((pair, i) => [pair, equals[i]![0]!.target]))
  return pairs.map((pair) => (partners.has(pair) ? { ...pair, target: partners.get(pair)!, by: 'value' } : pair))
}

type Arrays = Readonly<Record<string, Tensor>>

/** Of the largest magnitude: what two dtypes of one array differ by. */
const SAME = 1e-3

function isSame(a: Tensor | undefined, b: Tensor | undefined): boolean {
  if (a === undefined || b === undefined || a.data.length !== b.data.length) return false
  const [own, others] = [Array.from(a.data, Number), Array.from(b.data, Number)]
  const magnitude = own.reduce((most, x) => Math.max(most, Math.abs(x)), 0)
  return own.every((x, i) => Math.abs(x - others[i]!) <= SAME * magnitude)
}
