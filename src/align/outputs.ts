/** Which output of the target shows which output of the source. */
import type { Tensor } from '../../kernels/tensor.js'
import { sizeOf } from '../../kernels/tensor.js'
import type { OutputFeature } from '../graph/model.js'
import type { Alignment } from './align.js'
import { numbersOf, sameNumbers } from './equality.js'
import { type Layout, likeliestLayout } from './layout.js'
import { nameLikeness, SURE_NAME } from './names.js'

export interface OutputPair {
  source: OutputFeature
  target: OutputFeature
  layout: Layout
}

export interface OutputPairing {
  pairs: OutputPair[]
  unpairedSource: OutputFeature[]
  unpairedTarget: OutputFeature[]
}

export interface PairOutputsOptions {
  source: readonly OutputFeature[]
  /** Without the label of a classifier, which is judged by its probabilities. */
  target: readonly OutputFeature[]
  /** Of one sample, as the graphs hold them, by value name. */
  sourceValues: ReadonlyMap<string, Tensor>
  targetValues: ReadonlyMap<string, Tensor>
  alignment: Alignment
  /** Source output to target output, as the user says. */
  map: ReadonlyMap<string, string>
  tolerance: number
}

export const valueNameOf = (feature: OutputFeature): string => feature.value ?? feature.name

/** By the user's word, by equal names, by the alignment, by equal numbers, by like names, then by shape and order where sizes leave no choice. */
export function pairOutputs({ source, target, sourceValues, targetValues, alignment, map, tolerance }: PairOutputsOptions): OutputPairing {
  const pairs: OutputPair[] = []
  const openSource = new Set(source)
  const openTarget = new Set(target)
  const partner = new Map(alignment.pairs.map((pair) => [pair.source, pair]))

  const layoutFor = (from: OutputFeature, to: OutputFeature): Layout | undefined => {
    const aligned = partner.get(valueNameOf(from))
    if (aligned?.target === valueNameOf(to)) return aligned.layout
    const a = sourceValues.get(valueNameOf(from))
    const b = targetValues.get(valueNameOf(to))
    if (!a || !b || sizeOf(a.shape) !== sizeOf(b.shape)) return undefined
    const [x, y] = [numbersOf(a), numbersOf(b)]
    return (x && y && sameNumbers(x, y, tolerance)?.layout) ?? likeliestLayout(a.shape, b.shape)
  }
  const take = (from: OutputFeature, to: OutputFeature): boolean => {
    const layout = layoutFor(from, to)
    if (layout === undefined) return false
    pairs.push({ source: from, target: to, layout })
    openSource.delete(from)
    openTarget.delete(to)
    return true
  }
  const takeWhere = (holds: (from: OutputFeature, to: OutputFeature) => boolean): void => {
    for (const from of [...openSource])
      for (const to of [...openTarget]) if (openSource.has(from) && holds(from, to) && take(from, to)) break
  }
  const names = (feature: OutputFeature): string[] => [feature.name, ...(feature.aliases ?? [])]
  const equalNumbers = (from: OutputFeature, to: OutputFeature): boolean => {
    const [x, y] = [sourceValues.get(valueNameOf(from)), targetValues.get(valueNameOf(to))].map((value) => value && numbersOf(value))
    return x !== undefined && y !== undefined && sameNumbers(x, y, tolerance) !== undefined
  }
  takeWhere((from, to) => names(from).some((name) => map.get(name) === to.name))
  takeWhere((from, to) => names(from).includes(to.name))
  takeWhere(
    (from, to) =>
      partner.get(valueNameOf(from))?.target === valueNameOf(to) || alignment.copies.get(valueNameOf(to))?.source === valueNameOf(from),
  )
  takeWhere(equalNumbers)
  takeWhere((from, to) => names(from).some((name) => nameLikeness(name, to.name) >= SURE_NAME))
  takeWhere(() => true)
  return { pairs, unpairedSource: [...openSource], unpairedTarget: [...openTarget] }
}
