/** What the names of outputs promise: which output of the target is which of the source's. */
import type { OutputFeature } from '../graph/model.js'
import { nameLikeness, SURE_NAME } from './names.js'

export type NamePair = readonly [source: OutputFeature, target: OutputFeature]

/** An output's own name, and the others it goes by. */
export const namesOf = ({ name, aliases = [] }: OutputFeature): string[] => [name, ...aliases]

/**
 * Names that TensorFlow's exporters give to outputs that have none of their own: the k-th output of the function is
 * `StatefulPartitionedCall:k` in one file, `PartitionedCall:k` or `Identity_k` in another. The first of them may go without its number.
 */
const NUMBERED: readonly RegExp[] = [/^(?:Stateful)?PartitionedCall(?:_\d+)?(?::(\d+))?$/, /^Identity(?:_(\d+))?(?::0)?$/]

/** Which output of a TensorFlow function a name stands for; undefined where it is no such name. */
export function functionNumber(feature: OutputFeature): number | undefined {
  for (const pattern of NUMBERED) {
    const found = pattern.exec(feature.name)
    if (found) return Number(found[1] ?? 0)
  }
  return undefined
}

/** Outputs in the function's order where every name tells its place in it, else as they are: files list them in another order. */
export function inFunctionOrder(features: readonly OutputFeature[]): OutputFeature[] {
  const numbers = new Map(features.map((feature) => [feature, functionNumber(feature)]))
  const told = new Set(numbers.values())
  if (told.size < features.length || told.has(undefined)) return [...features]
  return [...features].sort((a, b) => numbers.get(a)! - numbers.get(b)!)
}

/** The same name, aliases too. */
export const pairByEqualNames = (source: readonly OutputFeature[], target: readonly OutputFeature[]): NamePair[] =>
  pairOnce(source, target, (from, to) => namesOf(from).some((name) => namesOf(to).includes(name)))

/** The same place in a TensorFlow function, unless `contradicts` says that two such numbers cannot mean the same. */
export const pairByNumbers = (
  source: readonly OutputFeature[],
  target: readonly OutputFeature[],
  contradicts: (from: OutputFeature, to: OutputFeature) => boolean,
): NamePair[] =>
  pairOnce(source, target, (from, to) => {
    const number = functionNumber(from)
    return number !== undefined && number === functionNumber(to) && !contradicts(from, to)
  })

/** Names so alike that nothing else is needed, and no other output's name is as alike. Numbered names say no more than their number. */
export function pairByLikeNames(source: readonly OutputFeature[], target: readonly OutputFeature[]): NamePair[] {
  const likeness = (from: OutputFeature, to: OutputFeature): number =>
    functionNumber(from) !== undefined && functionNumber(to) !== undefined
      ? 0
      : Math.max(...namesOf(from).map((name) => nameLikeness(name, to.name)))
  const best = (from: OutputFeature, to: OutputFeature): boolean => {
    const own = likeness(from, to)
    const rivals = [...target.filter((other) => other !== to).map((other) => likeness(from, other))]
    rivals.push(...source.filter((other) => other !== from).map((other) => likeness(other, to)))
    return own >= SURE_NAME && rivals.every((rival) => rival < own)
  }
  return pairOnce(source, target, best)
}

/** Pairs for which `holds`, each output in one at most, in the source's order. */
function pairOnce(
  source: readonly OutputFeature[],
  target: readonly OutputFeature[],
  holds: (from: OutputFeature, to: OutputFeature) => boolean,
): NamePair[] {
  const open = new Set(target)
  return source.flatMap((from) => {
    const to = [...open].find((candidate) => holds(from, candidate))
    if (to === undefined) return []
    open.delete(to)
    return [[from, to] as const]
  })
}
