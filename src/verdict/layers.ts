/** What the measures of a segment say of it. */
import type { Alignment } from '../align/align.js'
import { isIdentity } from '../align/layout.js'
import { totalOf } from '../compare/exact.js'
import type { SegmentMeasure } from '../compare/isolate.js'
import type { Measure } from '../compare/measured.js'
import { type Differences, metricsOf, snrOf } from '../compare/metrics.js'
import { ENERGY_LIMIT, energyRatio, FAR_SHARE, type RoundingMeasure } from '../compare/rounding.js'
import { referenceTo } from '../diagnose/findings.js'
import type { Layer, LayerStatus, RoundingSummary } from '../record/record.js'
import type { Policy } from './policy.js'

/** Fewer elements cannot all be far off by chance. */
const FEW_FAR = 16

/** Whether differences in float32 are more than rounding. */
export function isBeyondElements({ rounding, misfits }: Measure): boolean {
  const { count, beyond, broken, far } = rounding
  return misfits > 0 || beyond > 0 || broken > 0 || (far > FEW_FAR && far > FAR_SHARE * count)
}

/** Whether what float16 does to a value is more than rounding the values and constants that it is made from. */
export const isBeyondEnergy = ({ rounding, misfits }: Measure): boolean =>
  misfits > 0 || rounding.broken > 0 || energyRatio(rounding) > ENERGY_LIMIT

/** Whether so little of a value is left that it counts as lost. */
export function isLost({ differences, rounding }: Measure, minSnr: number): boolean {
  const signal = totalOf(differences.sums.source)
  return signal > 0 && rounding.largest > 0 && snrOf(differences) < minSnr
}

/** The status of a segment. `coarseSource`: the source computes in float16 itself, and single elements say nothing. */
export function statusOf({ semantic, precision }: SegmentMeasure, coarseSource: boolean, { minSnr }: Policy): LayerStatus {
  const { outside } = semantic.differences
  if (outside !== undefined) return outside > 0 || semantic.misfits > 0 ? 'semantic' : 'ok'
  if (coarseSource ? isBeyondEnergy(semantic) : isBeyondElements(semantic)) return 'semantic'
  return isBeyondEnergy(precision) || isLost(precision, minSnr) ? 'precision' : 'ok'
}

/** `energy`: channels decide, not elements. */
export const summaryOf = (rounding: RoundingMeasure, energy: boolean): RoundingSummary => {
  const { count, beyond, broken, largest, squares } = rounding
  return {
    by: energy ? 'energy' : 'element',
    count,
    beyond: beyond + broken,
    largest,
    typical: energy ? energyRatio(rounding) : count > 0 ? Math.sqrt(totalOf(squares) / count) : 0,
  }
}

export function layerOf(
  segment: SegmentMeasure,
  status: LayerStatus,
  cumulative: Differences,
  { source, target }: Alignment,
  coarseSource: boolean,
): Layer {
  const { pair, semantic, precision } = segment
  const isHalf = precision.differences.samples > 0
  return {
    source: pair.source,
    target: pair.target,
    sourceOp: referenceTo(source, pair.source),
    targetOp: referenceTo(target, pair.target),
    by: pair.by,
    layout: isIdentity(pair.layout) ? null : pair.layout.order,
    cumulative: metricsOf(cumulative),
    isolated: {
      semantic: metricsOf(semantic.differences),
      precision: metricsOf(precision.differences),
      floor: semantic.rounding.floor,
      ...(isHalf && { precisionFloor: precision.rounding.floor }),
      rounding: { semantic: summaryOf(semantic.rounding, coarseSource), ...(isHalf && { precision: summaryOf(precision.rounding, true) }) },
    },
    status,
  }
}
