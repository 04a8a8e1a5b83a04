/** One finding a fault: what is the same, what follows from it, and what is everywhere is folded into the first that shows it. */
import type { Alignment, Pair } from '../align/align.js'
import { segmentOf, sourceSegmentOf } from '../align/segment.js'
import type { Attribute, Node } from '../graph/graph.js'
import { nearestAncestors } from '../graph/relations.js'
import type { Cause } from '../record/causes.js'
import type { Finding } from '../record/record.js'
import { MOST_ALSO } from './findings.js'

/** A finding and the pair of values at which it shows. */
export interface Shown {
  pair: Pair
  finding: Finding
}

/** `found`: most upstream first. `sound`: pairs that agree. */
export function fold(found: readonly Shown[], sound: readonly Pair[], alignment: Alignment): Finding[] {
  const once = foldWith(found, (one, other) => one.finding.op.name === other.finding.op.name, '')
  const first = foldWith(once, (one, other) => followsFrom(one, other, alignment), 'what follows shows it too')
  const kinds = new Map<string, Shown[]>()
  for (const one of first) {
    const key = keyOf(one)
    kinds.set(key, [...(kinds.get(key) ?? []), one])
  }
  const everywhere = new Set([...kinds.values()].filter((kind) => isEverywhere(kind, sound, alignment)).flat())
  const isSameKind = (one: Shown, other: Shown) => everywhere.has(one) && kinds.get(keyOf(one))?.includes(other) === true
  return foldWith(first, isSameKind, 'the same everywhere').map(({ finding }) => finding)
}

const keyOf = ({ finding: { cause, side, op } }: Shown): string => `${cause} ${side} ${op.type}`

/** Joins each to the first earlier one that `belongs` says it belongs to, or to what that one was joined to. */
function foldWith(found: readonly Shown[], belongs: (one: Shown, earlier: Shown) => boolean, words: string): Shown[] {
  const roots = new Map<Shown, Shown>()
  const members = new Map<Shown, Shown[]>()
  found.forEach((one, index) => {
    const earlier = found.slice(0, index).find((other) => belongs(one, other))
    const root = earlier ? roots.get(earlier)! : one
    roots.set(one, root)
    members.set(root, [...(members.get(root) ?? []), one])
  })
  return [...members].map(([root, [, ...others]]) => (others.length > 0 ? joined(root, others, words) : root))
}

function joined({ pair, finding }: Shown, others: readonly Shown[], words: string): Shown {
  const names = [...new Set(others.map((one) => one.finding.op.name))].filter((name) => name !== finding.op.name)
  const also = [...new Set([...(words ? names : []), ...finding.also])].slice(0, MOST_ALSO)
  const samples = [...new Set([finding, ...others.map((one) => one.finding)].flatMap((one) => one.samples))].sort((a, b) => a - b)
  const detail = words && names.length > 0 ? `${finding.detail}; ${words}: ${names.length} more, '${names[0]}' first` : finding.detail
  return { pair, finding: { ...finding, also, samples, detail } }
}

/** Causes of what is lost once and is missing in all that follows. */
const LASTING: ReadonlySet<Cause> = new Set<Cause>(['float16-overflow', 'precision-loss', 'non-finite'])

function followsFrom(one: Shown, earlier: Shown, { target, pairs }: Alignment): boolean {
  if (one.finding.cause !== earlier.finding.cause || !LASTING.has(one.finding.cause)) return false
  const paired = new Set(pairs.map((pair) => pair.target))
  return nearestAncestors(target, one.pair.target, (name) => paired.has(name)).has(earlier.pair.target)
}

/** Fewer ops of a kind that are off may each have a reason of their own. */
const LEAST_OPS = 3
/** Part of the ops of a kind that are off where they are so everywhere. */
const MOST = 0.8

/** Whether all ops of a kind are off: of their type, or of those of their type that have one thing or two in common which the others have not. */
function isEverywhere(kind: readonly Shown[], sound: readonly Pair[], alignment: Alignment): boolean {
  if (kind.length < LEAST_OPS) return false
  const { producer } = alignment.target
  const off = new Map(kind.flatMap(({ pair, finding }) => withPair(producer.get(finding.value)?.node, pair)))
  if (off.size < kind.length) return false
  const { type } = kind[0]!.finding.op
  const others = sound.flatMap((pair) => segmentOf(alignment, pair).flatMap((node) => withPair(node, pair)))
  const agreeing = new Map(others.filter(([node]) => node.type === type && !off.has(node)))
  const features = (entries: ReadonlyMap<Node, Pair>) => [...entries].map(([node, pair]) => featuresOf(node, pair, alignment))
  const [first, ...rest] = features(off)
  const common = [...first!].filter((feature) => rest.every((own) => own.has(feature)))
  const without = features(agreeing)
  const isTold = (...told: string[]) => {
    const alike = without.filter((own) => told.every((feature) => own.has(feature)))
    return off.size >= MOST * (off.size + alike.length)
  }
  return isTold() || common.some((one, index) => isTold(one) || common.slice(index + 1).some((other) => isTold(one, other)))
}

const withPair = (node: Node | undefined, pair: Pair): [Node, Pair][] => (node ? [[node, pair]] : [])

/** What can be said of an op in a word: modes, numbers and whether they are ones or others, which operands are constants, what it stands among. */
function featuresOf({ attributes, inputs }: Node, pair: Pair, alignment: Alignment): Set<string> {
  const features = new Set<string>()
  for (const [name, value] of Object.entries(attributes)) addFeatures(features, name, value)
  for (const { parameter, value } of inputs) {
    const constant = value === null ? undefined : alignment.target.graph.values.get(value)?.constant
    features.add(`${parameter} is ${constant ? 'constant' : 'computed'}`)
    if (constant && constant.byteLength <= SMALL) addFeatures(features, parameter, constant.read())
  }
  const typesOf = (nodes: readonly Node[]) => nodes.map((node) => node.type).join()
  return features.add(`among ${typesOf(segmentOf(alignment, pair))} for ${typesOf(sourceSegmentOf(alignment, pair))}`)
}

/** Bytes of a constant that is a parameter and no weight. */
const SMALL = 64

function addFeatures(features: Set<string>, name: string, value: Attribute): void {
  if (value instanceof Uint8Array) return
  if (typeof value !== 'object') addElements(features, name, [value])
  else if (Array.isArray(value)) {
    if (value.every((one) => typeof one !== 'object')) addElements(features, name, value)
  } else if ('data' in value && 'dtype' in value) {
    addElements(features, name, Array.from(value['data'] as ArrayLike<number | bigint | string>))
  } else for (const [field, part] of Object.entries(value)) addFeatures(features, `${name}.${field}`, part)
}

function addElements(features: Set<string>, name: string, elements: readonly (string | number | bigint | boolean)[]): void {
  features.add(`${name} is ${elements.join()}`)
  if (elements.every((one) => typeof one === 'number' || typeof one === 'bigint'))
    features.add(`${name} is ${classOf(elements.map(Number))}`)
}

const classOf = (numbers: readonly number[]): string =>
  numbers.every((x) => x === 0) ? 'zero' : numbers.every((x) => x === 1) ? 'one' : 'another number'
