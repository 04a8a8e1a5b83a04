/**
 * The band: outputs against the source under the profile of every compute unit. The profiles are assumptions drawn from public
 * observations (docs/precision.md), so no single one of their numbers stands for a device.
 */
import type { Tensor } from '../../kernels/tensor.js'
import { type OutputPair, valueNameOf } from '../align/outputs.js'
import type { BandEntry } from '../record/record.js'
import type { CoremlSession } from '../runners/coreml/session.js'
import type { ComputeUnit } from '../runners/session.js'
import { accumulateMetrics, type MetricsAccumulator } from './metrics.js'
import { besideEachOther, runShown } from './shown.js'

export interface BandSample {
  sample: number
  /** Results of the source's nodes. */
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
export function compareProfiles(profiles: ReadonlyMap<ComputeUnit, CoremlSession>): Band {
  const accumulators = new Map<OutputPair, Map<ComputeUnit, MetricsAccumulator>>()
  const accumulatorOf = (pair: OutputPair, unit: ComputeUnit): MetricsAccumulator => {
    const ofPair = accumulators.get(pair) ?? new Map<ComputeUnit, MetricsAccumulator>()
    accumulators.set(pair, ofPair)
    const accumulator = ofPair.get(unit) ?? accumulateMetrics('float32')
    ofPair.set(unit, accumulator)
    return accumulator
  }
  return {
    async observe({ sample, source, feeds }, pairs) {
      const wanted = new Set(pairs.map(({ target }) => valueNameOf(target)))
      for (const [unit, session] of profiles) {
        const { values } = await runShown(session, feeds, wanted)
        for (const pair of pairs) {
          const value = source.get(valueNameOf(pair.source))!
          const [expected, got] = besideEachOther(pair, value, values.get(valueNameOf(pair.target))!)
          accumulatorOf(pair, unit).add({ sample, shape: value.shape, source: expected, target: got })
        }
      }
    },
    of: (pair) =>
      [...(accumulators.get(pair) ?? [])].map(([unit, accumulator]) => {
        const { maxAbs, maxRel } = accumulator.metrics()
        return { unit, maxAbs, maxRel }
      }),
  }
}
