/** What the measures of an output say of it. */
import { isIdentity } from '../align/layout.js'
import type { OutputMeasure, OutputSampleMeasure } from '../compare/cumulative.js'
import { metricsOf, snrOf } from '../compare/metrics.js'
import type { Output, OutputSample, Tolerance } from '../record/record.js'
import { isBeyondElements, isBeyondEnergy, isLost, summaryOf } from './layers.js'
import type { Policy } from './policy.js'

export type OutputFault =
  /** Beyond the user's tolerance, or beyond rounding. */
  | 'tolerance'
  | 'rounding'
  /** Too little of the signal is left. */
  | 'lost'
  /** Nothing finite was compared. */
  | 'nothing'
  /** It is not the same thing: another shape, other axes, the numbers of another output. */
  | 'another'

export interface OutputJudgement {
  output: OutputMeasure
  /** Whether channels decided, not elements. */
  byEnergy: boolean
  tolerance: Tolerance | undefined
  fault: OutputFault | undefined
}

/** `isAnother`: the pair is known not to be the same thing. `coarse`: a side holds float16. */
export function judgeOutput(
  output: OutputMeasure,
  tolerance: Tolerance | undefined,
  { isAnother, coarse }: { isAnother: boolean; coarse: boolean },
  { minSnr }: Policy,
): OutputJudgement {
  return { output, byEnergy: coarse && !output.whole, tolerance, fault: isAnother ? 'another' : faultOf(output, tolerance, coarse, minSnr) }
}

function faultOf(
  { total, whole, text }: OutputMeasure,
  tolerance: Tolerance | undefined,
  coarse: boolean,
  minSnr: number,
): OutputFault | undefined {
  const { differences, misfits, rounding } = total
  if (text) return text.different > 0 ? 'rounding' : text.count > 0 ? undefined : 'nothing'
  if (tolerance) {
    if (misfits > 0 || (differences.outside ?? 0) > 0) return 'tolerance'
    return differences.finite > 0 ? undefined : 'nothing'
  }
  if (misfits > 0 || rounding.broken > 0) return 'rounding'
  if (coarse && !whole ? isBeyondEnergy(total) : isBeyondElements(total)) return 'rounding'
  if (differences.finite === 0) return 'nothing'
  return !whole && isLost(total, minSnr) ? 'lost' : undefined
}

export function outputOf({ output, byEnergy, tolerance, fault }: OutputJudgement): Output {
  const { pair, total, dtype, samples } = output
  return {
    source: pair.source.name,
    target: pair.target.name,
    by: pair.by,
    layout: isIdentity(pair.layout) ? null : pair.layout.order,
    dtype,
    metrics: metricsOf(total.differences),
    tolerance: tolerance ?? null,
    floor: total.rounding.floor,
    rounding: summaryOf(total.rounding, byEnergy),
    pass: fault === undefined,
    samples: samples.map((sample) => sampleOf(sample, tolerance !== undefined)),
  }
}

function sampleOf({ measure }: OutputSampleMeasure, byTolerance: boolean): OutputSample {
  const { differences, samples, misfits } = measure
  const { nonFinite, sameTop, most, outside } = differences
  return {
    maxAbs: nonFinite > 0 ? Number.POSITIVE_INFINITY : most.abs,
    snr: snrOf(differences),
    nonFinite,
    ...(sameTop !== undefined && { sameTop: sameTop === 1 }),
    pass: byTolerance ? outside === 0 && misfits === 0 : samples.length === 0,
  }
}
