/**
 * Where in a segment an error enters. Questions that are asked of the values inside a segment that is off by more than rounding:
 *
 * - Would it agree if an op laid its operand out in another order? Then this op is the place.
 * - Would it agree without an op, its operand in the place of its result? Then this op is.
 * - Are the source's numbers still a function of a value inside, the same for all elements? Then nothing is lost up to there, and the place
 *   is an activation, clip or factor behind it; where this holds for the segment's own value, one may be missing.
 */
import type { NumberArray, Tensor } from '../../kernels/tensor.js'
import { type Family, familyOf } from '../align/families.js'
import { isIdentity, layoutsBetween, withNumbers } from '../align/layout.js'
import type { Node } from '../graph/graph.js'
import { numbers } from './order.js'

export interface Entry {
  /** At the op that makes the value, or behind it. */
  how: 'at' | 'behind'
  value: string
}

export interface Segment {
  /** In order of execution; the last one makes `end`. */
  nodes: readonly Node[]
  end: string
  /** The source's numbers in the place of the segment's value, in its order. */
  source: NumberArray
  /** What stands at the segment's borders. */
  given: ReadonlyMap<string, Tensor>
  /** Whether a value is a border or made inside, and no constant. */
  isMade(name: string): boolean
  /** A value of the segment, with others given than its borders. */
  replay(value: string, given: ReadonlyMap<string, Tensor>): Promise<Tensor>
  /** Largest difference, relative to the largest magnitude, at which numbers count as the same. */
  tolerance: number
}

/** Ops of a segment that are looked into. */
const MOST_NODES = 48

export async function entryOf(segment: Segment): Promise<Entry | undefined> {
  if (segment.nodes.length > MOST_NODES) return undefined
  return (await replaced(segment)) ?? (await lastFunctional(segment))
}

/** Families of ops whose operand can stand in the place of their result. */
const SIMPLE: ReadonlySet<Family> = new Set(['add', 'multiply', 'activation', 'elementwise', 'layout', 'pad'])
/** Other orders of one op's elements that are tried. */
const MOST_LAYOUTS = 6

/** The op with another result of which the segment agrees. */
async function replaced(segment: Segment): Promise<Entry | undefined> {
  const { nodes, end, source, given, tolerance, replay } = segment
  if (nodes.length < 2 && familyOf(nodes[0]?.type ?? '') !== 'layout') return undefined
  const heldBy = async (name: string) => given.get(name) ?? (await replay(name, given))
  for (const { type, inputs, outputs } of nodes) {
    const [value] = outputs
    const family = familyOf(type)
    const operands = inputs.flatMap(({ value: name }) => (name !== null && segment.isMade(name) ? [name] : []))
    const [operand] = operands
    if (value == null || operand === undefined || operands.length > 1 || !SIMPLE.has(family)) continue
    const [before, own] = [await heldBy(operand), await replay(value, given)]
    const layouts = layoutsBetween(before.shape, own.shape)
    for (const layout of family === 'layout' ? layouts.slice(0, MOST_LAYOUTS) : layouts.filter(isIdentity)) {
      const other = withNumbers(own, numbers(before), layout)
      if (isSame(numbers(other), numbers(own), 0)) continue
      const made = value === end ? other : await replay(end, new Map(given).set(value, other))
      if (isSame(numbers(made), source, tolerance)) return { how: 'at', value }
    }
  }
  return undefined
}

function isSame(a: NumberArray, b: NumberArray, tolerance: number): boolean {
  if (a.length !== b.length) return false
  let magnitude = 0
  for (let i = 0; i < b.length; i++) magnitude = Math.max(magnitude, Math.abs(b[i]!))
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i] && !(Math.abs(a[i]! - b[i]!) <= tolerance * magnitude)) return false
  return true
}

/** The last value inside, in order of execution, of which the source's numbers are a function. */
async function lastFunctional({ nodes, source, given, replay }: Segment): Promise<Entry | undefined> {
  for (const { outputs } of [...nodes].reverse()) {
    for (const value of outputs) {
      if (value === null) continue
      const own = numbers(await replay(value, given))
      if (own.length === source.length && isFunctionOf(own, source)) return { how: 'behind', value }
    }
  }
  return undefined
}

const LEAST_ELEMENTS = 64
const LEAST_DISTINCT = 16
const MOST_ELEMENTS = 1 << 14
/** Times its range that a function may go up and down. */
const MOST_VARIATION = 3
/** Part of its range by which it may differ for one and the same number. */
const SAME = 1e-3

/** Whether `y` is one function of `x` for all elements: along growing x it goes up and down a few times, not at every step. */
export function isFunctionOf(x: NumberArray, y: NumberArray): boolean {
  const step = Math.max(1, Math.floor(x.length / MOST_ELEMENTS))
  const places = Array.from({ length: Math.floor(x.length / step) }, (_, i) => i * step).filter(
    (i) => Number.isFinite(x[i]) && Number.isFinite(y[i]),
  )
  if (places.length < LEAST_ELEMENTS) return false
  const shown = places.map((place) => y[place]!)
  const range = shown.reduce((a, b) => Math.max(a, b), -Infinity) - shown.reduce((a, b) => Math.min(a, b), Infinity)
  places.sort((a, b) => x[a]! - x[b]!)
  let [variation, distinct] = [0, 1]
  for (let i = 1; i < places.length; i++) {
    const [before, now] = [places[i - 1]!, places[i]!]
    const change = Math.abs(y[now]! - y[before]!)
    variation += change
    if (x[now] !== x[before]) distinct++
    else if (change > SAME * range) return false
  }
  return distinct >= LEAST_DISTINCT && range > 0 && variation <= MOST_VARIATION * range
}
