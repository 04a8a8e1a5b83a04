/**
 * Short names for people. Names of TensorFlow's values are paths, and several of them where ops were fused: 'net/block/conv/Relu;net/block/bn;…'.
 * Here a name is as short as it can be without being another's: the last component of its first path, and more of it to the left where two share that.
 */
import type { RunRecord } from '../src/record/record.js'

/** The last `length` components of the first path; the whole name where that has fewer. */
function tail(name: string, length: number): string {
  const path = name.split(';', 1)[0]!.split('/')
  return length > path.length ? name : path.slice(-length).join('/')
}

/** The short form of each name; a name that is not among them stays whole. */
export function shortNames(names: Iterable<string>): (name: string) => string {
  const lengths = new Map([...new Set(names)].map((name) => [name, 1]))
  for (let changed = true; changed; ) {
    changed = false
    const groups = new Map<string, string[]>()
    for (const [name, length] of lengths) {
      const short = tail(name, length)
      groups.set(short, [...(groups.get(short) ?? []), name])
    }
    for (const [short, group] of groups) {
      if (short !== '' && group.length === 1) continue
      for (const name of group.filter((one) => one !== short)) {
        lengths.set(name, lengths.get(name)! + 1)
        changed = true
      }
    }
  }
  return (name) => tail(name, lengths.get(name) ?? Number.POSITIVE_INFINITY)
}

/** A name as converters write it that allow letters, digits and '_' alone. */
const sanitized = (name: string): string => name.replace(/[^A-Za-z0-9]+/g, '_').replace(/^_+|_+$/g, '')

/** Whether a target's name says no more than the source's. */
function isSame(source: string, target: string): boolean {
  return source === target || (sanitized(source) !== '' && sanitized(source) === sanitized(target))
}

/** Short names of one record, the sides apart. */
export interface Names {
  source(name: string): string
  target(name: string): string
  /** Of a name whose side is not known: the source's where both have it. */
  either(name: string): string
  /** One name for a pair, and the target's behind it only where that is another. */
  pair(source: string, target: string): string
}

export function namesOf({ layers, outputs, unaligned, findings }: RunRecord): Names {
  const onSide = (side: 'source' | 'target'): Set<string> =>
    new Set([
      ...layers.flatMap((layer) => [layer[side], side === 'source' ? layer.sourceOp.name : layer.targetOp.name]),
      ...outputs.map((output) => output[side]),
      ...unaligned[side].map(({ value }) => value),
      ...findings.flatMap(({ compared }) => compared?.[side].flatMap(({ op, operands }) => [op.name, ...Object.values(operands)]) ?? []),
    ])
  const known = onSide('source')
  const source = shortNames(known)
  const target = shortNames(onSide('target'))
  return {
    source,
    target,
    either: (name) => (known.has(name) ? source(name) : target(name)),
    pair(from, to) {
      const [short, other] = [source(from), target(to)]
      const isOne = [from, from.split(';', 1)[0]!, short].some((form) => isSame(form, to)) || isSame(short, other)
      return isOne ? short : `${short} → ${other}`
    },
  }
}
