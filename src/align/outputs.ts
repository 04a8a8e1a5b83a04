/**
 * Which output of the target shows which output of the source, and what is another about it. Outputs are exact unless said: a caller reads
 * them by name or place, in one shape and one order of axes, so a partner is what names and places promise, and numbers that stand
 * elsewhere are a difference of the pair, not another pairing. In this order:
 *
 * 1. the user's map;
 * 2. equal names, aliases too; then boxes or scores that a suppression chose among those that alignment has stand for the source's, which
 *    neither their sizes nor their order show; then the place in a TensorFlow function (`StatefulPartitionedCall:1` is `Identity_1`),
 *    unless both shapes say otherwise; then names that are sure;
 * 3. where names say nothing: the place among the open outputs of the same shape, dimensions of one aside. Here the order is a guess, for
 *    a converter may list outputs in another one: numbers overrule it where they agree for more outputs. They also decide where one side
 *    has more outputs of a shape than the other;
 * 4. outputs that one side gives in parts; outputs that are inner values of the target; what is left, by place, shapes notwithstanding.
 *
 * Then, for each pair: where the numbers of pairs by name or place differ and each stands in another one's partner, they are swapped;
 * never where equal numbers leave it open. Otherwise shape, order of axes, rows and dtype are compared.
 *
 * A layout without a difference is one of: dimensions of one dropped or added; an image, which has its channels first in the graph;
 * channels moved between the last and the first place, in a shape that shows it, where the target's values before the output lie so too
 * and it just does not move them back. Any other order of axes is a difference.
 *
 * All samples seen so far are given, and more may be later: heads that are equal on one sample part on the next.
 */
import type { Tensor } from '../../kernels/tensor.js'
import type { OutputFeature } from '../graph/model.js'
import { isEqual } from './output-agreement.js'
import { type Evidence, gatherEvidence, type Open } from './output-evidence.js'
import { dtypeDifferences, layoutOf, plainLayout, sizeDifferences, sizesFit } from './output-facts.js'
import { inFunctionOrder, namesOf, pairByEqualNames, pairByLikeNames, pairByNumbers } from './output-names.js'
import { type OutputDifference, type OutputPair, type OutputPairing, type PairOutputsOptions, valueNameOf } from './output-pair.js'
import { partsOf, sliced } from './output-parts.js'
import { type Exchange, findExchanged, groupsOf, settle } from './output-settle.js'
import { chosenFrom, computing, nodesBetween } from './output-tail.js'

export { namesOf } from './output-names.js'
export { type OutputDifference, type OutputPair, type OutputPairing, type PairOutputsOptions, valueNameOf } from './output-pair.js'

/** The tensors of a pair that its layout compares: one of them cut where the pair has a slice. */
export function comparedTensors({ slice }: OutputPair, source: Tensor, target: Tensor): { source: Tensor; target: Tensor } {
  if (slice === undefined) return { source, target }
  return slice.of === 'source' ? { source: sliced(source, slice), target } : { source, target: sliced(target, slice) }
}

/** A pair whose differences are not known yet, except where a part or an inner value made it. */
interface Match {
  source: OutputFeature
  target: OutputFeature
  by: OutputPair['by']
  part?: Pick<OutputPair, 'slice' | 'layout'> & { difference: OutputDifference }
  inner?: Tail
}

export function pairOutputs(options: PairOutputsOptions): OutputPairing {
  const evidence = gatherEvidence(options)
  const source = options.source.filter(({ kind }) => kind !== 'label')
  const target = options.target.filter(({ kind }) => kind !== 'label')
  const open: Open = { source: inFunctionOrder(source), target: inFunctionOrder(target) }
  const matches: Match[] = []
  const take = (...found: readonly Match[]): void => {
    matches.push(...found)
    open.source = open.source.filter((feature) => !found.some((match) => match.source === feature))
    open.target = open.target.filter((feature) => !found.some((match) => match.target === feature))
  }
  const named = (pairs: readonly (readonly [OutputFeature, OutputFeature])[], by: Match['by']): Match[] =>
    pairs.map(([from, to]) => ({ source: from, target: to, by }))

  take(...named(mapped(source, target, options.map), 'map'))
  take(...named(pairByEqualNames(open.source, open.target), 'name'))
  take(...suppressed(open, evidence))
  take(...named(pairByNumbers(open.source, open.target, contradiction(open, evidence)), 'name'))
  take(...named(pairByLikeNames(open.source, open.target), 'name'))
  for (const group of groupsOf(open, evidence.shapeKey)) take(...settle(group, evidence))
  for (const group of groupsOf(open, (feature, side) => evidence.shapeKey(feature, side).split(',').sort().join()))
    take(...settle(group, evidence))
  const parts = findParts(matches, open, evidence)
  const inParts = new Set(parts.flatMap((match) => [match.source, match.target]))
  const replaced = matches.filter((match) => inParts.has(match.source) || inParts.has(match.target))
  const kept = [...matches.filter((match) => !replaced.includes(match)), ...parts]
  open.source.push(...replaced.map((match) => match.source))
  open.target.push(...replaced.map((match) => match.target))
  take(...parts)
  const inner = open.source.flatMap((from): Match[] => {
    const tail = tailAfter(from, target, evidence)
    return tail ? [{ source: from, target: tail.target, by: 'value', inner: tail }] : []
  })
  take(...inner)
  const last = open.source.length === open.target.length ? open.source.map((from, place) => [from, open.target[place]!] as const) : []
  const rest = named(last, 'order')
  take(...rest)

  const all = [...kept, ...inner, ...rest]
  const exchanged = findExchanged(
    all.filter(({ by, part }) => part === undefined && (by === 'name' || by === 'order')),
    evidence,
  )
  const place = new Map(source.map((feature, index) => [feature, index]))
  return {
    pairs: all.map((match) => describe(match, exchanged.get(match), evidence)).sort((a, b) => place.get(a.source)! - place.get(b.source)!),
    unpairedSource: source.filter((feature) => open.source.includes(feature)),
    unpairedTarget: target.filter((feature) => open.target.includes(feature)),
  }
}

/** What the user says; several of the source's outputs may be one of the target's. */
function mapped(source: readonly OutputFeature[], target: readonly OutputFeature[], map: ReadonlyMap<string, string>) {
  return source.flatMap((from) => {
    const meant = namesOf(from).flatMap((name) => map.get(name) ?? [])
    const to = target.find((feature) => namesOf(feature).some((name) => meant.includes(name)))
    return to ? [[from, to] as const] : []
  })
}

/** Two places in a function are not the same place where their shapes differ and each finds its own shape on the other side. */
function contradiction(open: Open, { shapeKey }: Evidence): (from: OutputFeature, to: OutputFeature) => boolean {
  const ofSource = new Set(open.source.map((feature) => shapeKey(feature, 'source')))
  const ofTarget = new Set(open.target.map((feature) => shapeKey(feature, 'target')))
  return (from, to) => {
    const [own, other] = [shapeKey(from, 'source'), shapeKey(to, 'target')]
    return own !== other && ofTarget.has(own) && ofSource.has(other)
  }
}

/** Wholes of either side that stand in parts on the other, among open outputs and pairs whose sizes never fit. */
function findParts(matches: readonly Match[], open: Open, { seriesOf, shapeOf, couplesOf, options }: Evidence): Match[] {
  const loose = matches.filter(({ source, target, by }) => by !== 'map' && !couplesOf(source, target).some(sizesFit))
  const free: Open = {
    source: [...open.source, ...loose.map(({ source }) => source)],
    target: [...open.target, ...loose.map(({ target }) => target)],
  }
  const samples = [...options.samples.keys()]
  const found: Match[] = []
  for (const side of ['source', 'target'] as const) {
    const other = side === 'source' ? 'target' : 'source'
    for (const whole of free[side]) {
      const used = new Set(found.map((match) => match[other]))
      const candidates = free[other].filter((feature) => !used.has(feature))
      const parts = partsOf(
        seriesOf(whole, side),
        candidates.map((feature) => seriesOf(feature, other)),
        options.tolerance,
      )
      if (parts === undefined) continue
      const pieces = parts.map(({ part }) => candidates[part]!)
      const of = pieces.map(({ name }) => name)
      const difference: OutputDifference = { kind: 'parts', whole: side, of, axis: parts[0]!.slice.axis, samples }
      for (const [index, { slice }] of parts.entries()) {
        const piece = pieces[index]!
        const shape = shapeOf(piece, other)
        const part = { slice: { ...slice, of: side }, layout: plainLayout(shape, shape), difference }
        found.push(
          side === 'source' ? { source: whole, target: piece, by: 'value', part } : { source: piece, target: whole, by: 'value', part },
        )
      }
    }
  }
  return found
}

/** Outputs of the source whose rows the target gives in a choice. */
function suppressed(open: Open, evidence: Evidence): Match[] {
  const used = new Set<OutputFeature>()
  return open.source.flatMap((source): Match[] => {
    const inner = open.target.filter((one) => !used.has(one)).flatMap((one) => tailAfter(source, [one], evidence) ?? [])
    const chosen = inner.find(({ chooses }) => chooses)
    if (chosen === undefined) return []
    used.add(chosen.target)
    return [{ source, target: chosen.target, by: 'value', inner: chosen }]
  })
}

interface Tail {
  target: OutputFeature
  at: string
  layout: OutputPair['layout']
  equal: boolean
  /** The target's output is a choice among the rows of the value. */
  chooses: boolean
  types: string[]
  ops: number
}

/** The nearest of the target's outputs that goes on computing from the value that alignment has stand for the source's output. */
function tailAfter(from: OutputFeature, target: readonly OutputFeature[], { partner, options }: Evidence): Tail | undefined {
  const pair = partner(from)
  if (pair === undefined) return undefined
  const tails = target.flatMap((to): Tail[] => {
    const nodes = computing(nodesBetween(options.alignment.target, pair.target, valueNameOf(to)))
    if (nodes.length === 0) return []
    const types = [...new Set(nodes.map(({ type }) => type))]
    const chooses = chosenFrom(options.alignment.target, valueNameOf(to)).has(pair.target)
    return [{ target: to, at: pair.target, layout: pair.layout, equal: pair.equal, chooses, types, ops: nodes.length }]
  })
  return tails.reduce<Tail | undefined>((best, tail) => (best === undefined || tail.ops < best.ops ? tail : best), undefined)
}

function describe({ source, target, by, part, inner }: Match, exchange: Exchange | undefined, evidence: Evidence): OutputPair {
  const { options, couplesOf, agreement } = evidence
  const value = valueNameOf(target)
  const couples = couplesOf(source, target)
  const pair = (layout: OutputPair['layout'], ...differences: OutputDifference[]): OutputPair => ({
    source,
    target,
    value,
    layout,
    by,
    differences,
  })
  if (part) return { ...pair(part.layout, part.difference), ...(part.slice && { slice: part.slice }) }

  const samples = [...options.samples.keys()]
  const longer = ({ at, ops, types }: Tail): OutputDifference => ({ kind: 'longer', at, ops, types, samples })
  if (inner) return { ...pair(inner.layout, longer(inner)), value: inner.at }
  const tail = tailAfter(source, [target], evidence)
  const sizes = sizeDifferences(couples, { source: source.shape, target: target.shape })
  if (tail?.chooses) return { ...pair(tail.layout, longer(tail)), value: tail.at }
  if (tail && !couples.some(sizesFit)) return { ...pair(tail.layout, ...sizes, longer(tail)), value: tail.at }
  const aligned = evidence.alignedLayout(source, target)
  const { layout, differences: axes } = layoutOf({
    couples,
    aligned,
    image: target.kind === 'image',
    inherits: (order) => evidence.lieBefore(value, order),
    tolerance: options.tolerance,
  })
  if (exchange) return pair(layout, { kind: 'swapped', ...exchange })
  const own = agreement(source, target)
  const goesOn = tail?.equal && aligned === undefined && axes.length === 0 && sizes.length === 0 && own && !isEqual(own)
  return pair(layout, ...axes, ...sizes, ...dtypesOf(source, target, evidence), ...(goesOn ? [longer(tail)] : []))
}

function dtypesOf(source: OutputFeature, target: OutputFeature, { couplesOf, options: { alignment } }: Evidence): OutputDifference[] {
  const couples = couplesOf(source, target)
  const [first] = couples
  if (first === undefined || target.kind === 'image') return []
  return dtypeDifferences({
    couples,
    source: source.dtype ?? first.source.dtype,
    target: target.dtype ?? first.target.dtype,
    quantized: alignment.source.graph.values.get(valueNameOf(source))?.quantization !== undefined,
    floatsOnly: alignment.target.producer.get(valueNameOf(target))?.node.dialect.name === 'neuralnetwork',
  })
}
