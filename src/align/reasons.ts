/** Why a value has no partner. Every value on either side is aligned or has one of these. */
import { descendantsOf, type Relations } from '../graph/relations.js'
import type { UnalignedValue } from '../record/record.js'
import type { Alignment } from './align.js'
import { type Family, familyOf } from './families.js'
import { isIdentity } from './layout.js'
import { segmentOf } from './segment.js'

const nearest = (relations: Relations, name: string, paired: ReadonlySet<string>): string | undefined =>
  [...descendantsOf(relations, name)].find((one) => paired.has(one))

function commonReason(relations: Relations, name: string): string | undefined {
  if (!relations.dependsOnInput.has(name)) return 'depends on no input: a constant'
  if (!relations.reachesOutput.has(name)) return 'dead: no output depends on it'
  return undefined
}

/**
 * Which families of a target's ops can do the work of a source's op. Of families that have no row every op may: they compute nothing, or
 * almost any op can have taken them in.
 */
const WORKERS: { readonly [family in Family]?: readonly Family[] } = {
  convolution: ['convolution', 'dense', 'recurrent', 'loop'],
  dense: ['dense', 'convolution', 'recurrent', 'loop'],
  recurrent: ['recurrent', 'loop', 'dense'],
  pool: ['pool', 'reduce', 'convolution'],
  resize: ['resize', 'convolution', 'gather'],
  softmax: ['softmax', 'elementwise', 'activation'],
  activation: ['activation', 'elementwise', 'multiply', 'add', 'softmax', 'recurrent', 'loop', 'other'],
}

/** Whether nothing that the target runs on its way to a pair's value can do a source op's work. */
function isMissing(alignment: Alignment, value: string, next: string): boolean {
  const type = alignment.source.producer.get(value)?.node.type ?? ''
  const workers = WORKERS[familyOf(type)]
  const pair = alignment.pairs.find(({ source }) => source === next)
  if (workers === undefined || pair === undefined) return false
  return !segmentOf(alignment, pair).some((node) => workers.includes(familyOf(node.type)))
}

export function unalignedSource(alignment: Alignment): UnalignedValue[] {
  const { source, pairs } = alignment
  const paired = new Set(pairs.map((pair) => pair.source))
  return source.results
    .filter((name) => !paired.has(name))
    .map((value) => {
      const dtype = source.graph.values.get(value)?.dtype ?? ''
      const next = nearest(source, value, paired)
      const reason =
        commonReason(source, value) ??
        (next !== undefined
          ? isMissing(alignment, value, next)
            ? `missing: no op of the target on the way to '${next}' does what ${source.producer.get(value)!.node.type} does`
            : `inside an op that the target fused or decomposed, on the way to '${next}'`
          : /^(u?int|bool)/.test(dtype)
            ? 'index or shape arithmetic without a counterpart'
            : 'no target value has its numbers')
      return { value, reason }
    })
}

export function unalignedTarget({ target, pairs, copies }: Alignment): UnalignedValue[] {
  const paired = new Set(pairs.map((pair) => pair.target))
  return target.results
    .filter((name) => !paired.has(name))
    .map((value) => {
      const copy = copies.get(value)
      const next = nearest(target, value, paired)
      const reason = copy
        ? `${familyOf(target.producer.get(value)!.node.type) === 'cast' ? 'cast' : isIdentity(copy.layout) ? 'copy' : 'layout copy'} of '${copy.source}'`
        : (commonReason(target, value) ??
          (next !== undefined
            ? `inside an op that the source fused or composed, on the way to '${next}'`
            : 'no source value has its numbers'))
      return { value, reason }
    })
}

/** Inputs of the target that reach none of its outputs, though their partners reach outputs of the source. */
export const unreadInputs = ({ source, target }: Alignment, inputs: readonly { source: string; target: string }[]): string[] =>
  inputs
    .filter(({ source: from, target: to }) => source.reachesOutput.has(from) && !target.reachesOutput.has(to))
    .map(({ target: to }) => to)
