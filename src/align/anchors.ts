/** What ties the two graphs together before any number is compared: names that leave no doubt, and weights that are the same. */
import { isNumberTensor, type NumberArray, sizeOf, type Tensor } from '../../kernels/tensor.js'
import type { Node } from '../graph/graph.js'
import type { Relations } from '../graph/relations.js'
import { familyOf } from './families.js'
import { layoutsBetween, toTargetOrder } from './layout.js'
import { surePairs } from './names.js'

export interface Anchors {
  /** Target value by source value. */
  names: ReadonlyMap<string, string>
  /** Target values that may show what a source value shows, since their ops hold the same weights: the op's result, and what passes it on. */
  weights: ReadonlyMap<string, ReadonlySet<string>>
}

/** The target values that a source value is tied to. */
export const anchorsOf = ({ names, weights }: Anchors, source: string): string[] => [
  ...(names.has(source) ? [names.get(source)!] : []),
  ...(weights.get(source) ?? []),
]

type Values = ReadonlyMap<string, Tensor>

/** `values`: what ops make of constants alone, on either side. */
export function findAnchors(source: Relations, target: Relations, values: { source: Values; target: Values }): Anchors {
  return { names: surePairs(depending(source), depending(target)), weights: weightAnchors(source, target, values) }
}

const depending = ({ results, dependsOnInput, reachesOutput }: Relations): string[] =>
  results.filter((name) => dependsOnInput.has(name) && reachesOutput.has(name))

interface Weights {
  node: Node
  shape: number[]
  data: NumberArray
}

/** Fewer numbers, or fewer different ones, are the same by chance. */
const LEAST_WEIGHTS = 12
const LEAST_DISTINCT = 6
/** More are not compared: a search is no place to read embedding tables. */
const MOST_WEIGHTS = 1 << 22

function weightsOf({ graph, dependsOnInput }: Relations, values: Values): Weights[] {
  return graph.nodes.flatMap((node) =>
    node.inputs.flatMap(({ value: name }): Weights[] => {
      if (name === null || dependsOnInput.has(name)) return []
      const { constant } = graph.values.get(name) ?? {}
      const count = constant ? sizeOf(constant.shape) : 0
      if (constant && (count < LEAST_WEIGHTS || count > MOST_WEIGHTS)) return []
      const value = values.get(name) ?? constant?.read()
      if (value === undefined || !isNumberTensor(value) || !/^float/.test(value.dtype)) return []
      const { shape, data } = value
      if (data.length < LEAST_WEIGHTS || data.length > MOST_WEIGHTS || new Set(data.subarray(0, 256)).size < LEAST_DISTINCT) return []
      return [{ node, shape, data }]
    }),
  )
}

/** Relative rms by which weights may differ and still be the same: those of 8 bits differ by half a percent. */
const SAME_WEIGHTS = 0.03

/** Whether `b` are `a` in another layout, each slice along one axis times a factor of its own (what a normalization folds in). */
function areAlike(a: Weights, b: Weights): boolean {
  const dims = b.shape.filter((dimension) => dimension !== 1)
  return layoutsBetween(a.shape, b.shape).some((layout) => {
    const ordered = toTargetOrder(a.data, layout)
    const axes = [-1, ...(layout.order.length === dims.length ? dims.keys() : [])]
    return axes.some((axis) => isAlikeAlong(ordered, b.data, dims, axis))
  })
}

function isAlikeAlong(a: NumberArray, b: NumberArray, dims: readonly number[], axis: number): boolean {
  const channels = axis < 0 ? 1 : dims[axis]!
  const inner = axis < 0 ? 1 : sizeOf(dims.slice(axis + 1))
  if (a.length / channels < LEAST_DISTINCT) return false
  const sums = Array.from({ length: channels }, () => ({ aa: 0, ab: 0, bb: 0 }))
  for (let i = 0; i < a.length; i++) {
    const sum = sums[Math.floor(i / inner) % channels]!
    sum.aa += a[i]! * a[i]!
    sum.ab += a[i]! * b[i]!
    sum.bb += b[i]! * b[i]!
  }
  return sums.every(({ aa, ab, bb }) => bb === 0 || (aa > 0 && bb - (ab * ab) / aa <= SAME_WEIGHTS ** 2 * bb))
}

/** Weights that match on the other side once, and are matched once. */
function weightAnchors(source: Relations, target: Relations, values: { source: Values; target: Values }): Map<string, Set<string>> {
  const [own, others] = [weightsOf(source, values.source), weightsOf(target, values.target)]
  const bySize = new Map<number, Weights[]>()
  for (const one of others) bySize.set(one.data.length, [...(bySize.get(one.data.length) ?? []), one])
  const partners = new Map<Node, Set<Node>>()
  const matched = new Map<Node, number>()
  for (const one of own) {
    for (const other of bySize.get(one.data.length) ?? []) {
      if (!areAlike(one, other)) continue
      const found = partners.get(one.node) ?? new Set()
      if (!found.has(other.node)) matched.set(other.node, (matched.get(other.node) ?? 0) + 1)
      partners.set(one.node, found.add(other.node))
    }
  }
  const anchors = new Map<string, Set<string>>()
  for (const [node, found] of partners) {
    const [only] = found
    const name = node.outputs[0]
    const made = only?.outputs[0]
    if (found.size === 1 && matched.get(only!) === 1 && name != null && made != null) anchors.set(name, tailOf(target, made))
  }
  return anchors
}

/** Families of ops that a source may have fused with the op before them. */
const FUSED = new Set(['activation', 'elementwise', 'add', 'multiply', 'normalization', 'layout', 'cast'])

/** A value and what is made of it alone, as far as a source's one op may do it all. */
function tailOf({ consumers }: Relations, name: string): Set<string> {
  const found = new Set([name])
  for (let last: string | undefined = name; last !== undefined; ) {
    const readers: readonly Node[] = consumers.get(last) ?? []
    const next: string | null | undefined =
      readers.length === 1 && FUSED.has(familyOf(readers[0]!.type)) ? readers[0]!.outputs[0] : undefined
    last = next == null || found.has(next) ? undefined : next
    if (last !== undefined) found.add(last)
  }
  return found
}
