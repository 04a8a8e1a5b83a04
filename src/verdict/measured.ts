/** All that a comparison measured: what `judge` judges. */
import type { Alignment, Pair } from '../align/align.js'
import type { OutputPairing } from '../align/outputs.js'
import type { OutputMeasure } from '../compare/cumulative.js'
import type { SegmentMeasure } from '../compare/isolate.js'
import type { Differences } from '../compare/metrics.js'
import type { Coarse } from '../compare/sides.js'
import type { NonFinite } from '../diagnose/nonfinite.js'
import type { Finding } from '../record/record.js'

export interface Measured {
  alignment: Alignment
  pairing: OutputPairing
  segments: readonly SegmentMeasure[]
  cumulative: ReadonlyMap<Pair, Differences>
  outputs: readonly OutputMeasure[]
  samples: number
  coarse: Coarse
  /** What the source makes that is not finite, first of all. */
  nonFinite: NonFinite | undefined
  /** Findings of what was looked at besides: inputs, labels, runs that fetching changed. */
  findings: readonly Finding[]
}
