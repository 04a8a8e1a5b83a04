/**
 * The band: outputs against the source under the profile of every compute unit. The profiles are assumptions drawn from public
 * observations (docs/precision.md), so no single one of their numbers stands for a device.
 */
import type { Tensor } from '../../kernels/tensor.js'
import { type OutputPair, valueNameOf } from '../align/outputs.js'
import type { Dialect } from '../graph/graph.js'
import type { BandEntry } from '../record/record.js'
import type { ComputeUnit, Session } from '../runners/session.js'
import { type Differences, foldDifferences, measureDifferences, metricsOf, NO_DIFFERENCES } from './metrics.js'
import { runShown, shownBeside } from './shown.js'

export interface BandSample {
  sample: number
  /** Values of the source. */
  source: ReadonlyMap<string, Tensor>
  /** The target's feeds. */
  feeds: Record<string, Tensor>
}

/** `observe` once a sample, `of` at the end. */
export interface Band {
  observe(sample: BandSample, pairs: readonly OutputPair[]): Promise<void>
  /** In the order of the profiles. */
  of(pair: OutputPair): BandEntry[]
}

/** One run a sample under each profile. */
export function compareProfiles(profiles: ReadonlyMap<ComputeUnit, Session>, dialect: Dialect['name'] | undefined): Band {
  const totals = new Map<OutputPair, Map<ComputeUnit, Differences>>()
  return {
    async observe({ sample, source, feeds }, pairs) {
      const wanted = new Set(pairs.map(({ value }) => value))
      for (const [unit, session] of profiles) {
        const { values } = await runShown(session, feeds, wanted)
        for (const pair of pairs) {
          const value = source.get(valueNameOf(pair.source))!
          const beside = shownBeside(pair, value, values.get(pair.value)!, dialect)
          const ofPair = totals.get(pair) ?? new Map<ComputeUnit, Differences>()
          const measured = measureDifferences({ sample, ...beside }, { ulpOf: 'float32' })
          totals.set(pair, ofPair.set(unit, foldDifferences(ofPair.get(unit) ?? NO_DIFFERENCES, measured)))
        }
      }
    },
    of: (pair) =>
      [...(totals.get(pair) ?? [])].map(([unit, differences]) => {
        const { maxAbs, maxRel } = metricsOf(differences)
        return { unit, maxAbs, maxRel }
      }),
  }
}
