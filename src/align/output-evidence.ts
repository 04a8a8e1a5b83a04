/** What shapes, numbers and alignment say about a source's and a target's output. */
import type { OutputFeature } from '../graph/model.js'
import { nearestAncestors } from '../graph/relations.js'
import type { Pair } from './align.js'
import type { Layout } from './layout.js'
import { type Agreement, agreementUnder, type Couple } from './output-agreement.js'
import { expectedLayout, withoutOnes } from './output-facts.js'
import { type PairOutputsOptions, valueNameOf } from './output-pair.js'
import type { Series } from './output-parts.js'

export type Side = 'source' | 'target'

/** Outputs of both sides. */
export interface Open {
  source: OutputFeature[]
  target: OutputFeature[]
}

export interface Evidence {
  options: PairOutputsOptions
  /** On the first sample that shows it; as declared, open dimensions as ones, where none does. */
  shapeOf(feature: OutputFeature, side: Side): number[]
  /** The shape without dimensions of one, as a key. */
  shapeKey(feature: OutputFeature, side: Side): string
  seriesOf(feature: OutputFeature, side: Side): Series
  couplesOf(from: OutputFeature, to: OutputFeature): Couple[]
  /** Under the layout that shapes alone suggest; undefined where no sample shows both. */
  agreement(from: OutputFeature, to: OutputFeature): Agreement | undefined
  /** Alignment's partner of the value that a source's output shows. */
  partner(from: OutputFeature): Pair | undefined
  /** The layout in which alignment found the numbers of the one output in the other; undefined where it did not. */
  alignedLayout(from: OutputFeature, to: OutputFeature): Layout | undefined
  /** Whether one of the nearest aligned values before a target's lies in this order of axes. */
  lieBefore(value: string, layout: Layout): boolean
}

export function gatherEvidence(options: PairOutputsOptions): Evidence {
  const { samples, alignment, tolerance } = options
  const known = new Map<string, Agreement | undefined>()
  const partners = new Map(alignment.pairs.map((pair) => [pair.source, pair]))
  const layouts = new Map(alignment.pairs.map(({ target, layout }) => [target, layout]))
  for (const [copy, { layout }] of alignment.copies) layouts.set(copy, layout)
  const seriesOf = (feature: OutputFeature, side: Side): Series => samples.map((sample) => sample[side].get(valueNameOf(feature)))
  const shapeOf = (feature: OutputFeature, side: Side): number[] =>
    seriesOf(feature, side).find((value) => value !== undefined)?.shape ?? (feature.shape ?? []).map((dimension) => dimension ?? 1)
  const couplesOf = (from: OutputFeature, to: OutputFeature): Couple[] => {
    const others = seriesOf(to, 'target')
    return seriesOf(from, 'source').flatMap((source, sample) => {
      const target = others[sample]
      return source && target ? [{ sample, source, target }] : []
    })
  }
  return {
    options,
    seriesOf,
    shapeOf,
    shapeKey: (feature, side) => withoutOnes(shapeOf(feature, side)).join(),
    couplesOf,
    agreement(from, to) {
      const key = JSON.stringify([from.name, to.name])
      if (!known.has(key)) {
        const couples = couplesOf(from, to)
        known.set(key, agreementUnder(couples, expectedLayout(couples), tolerance))
      }
      return known.get(key)
    },
    partner: (from) => partners.get(valueNameOf(from)),
    alignedLayout(from, to) {
      const [own, other] = [valueNameOf(from), valueNameOf(to)]
      const pair = partners.get(own)
      if (pair?.target === other && pair.equal) return pair.layout
      const copy = alignment.copies.get(other)
      return copy?.source === own ? copy.layout : undefined
    },
    lieBefore: (value, { order }) =>
      [...nearestAncestors(alignment.target, value, (name) => layouts.has(name))].some(
        (name) => layouts.get(name)!.order.join() === order.join(),
      ),
  }
}
