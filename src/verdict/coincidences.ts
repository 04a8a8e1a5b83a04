/** Pairs that further samples prove to be no pairs. */
import type { Alignment } from '../align/align.js'
import type { SegmentResult } from '../compare/isolate.js'

/**
 * Leaves out the pairs of values that share another's partner because the first sample gave them the same numbers (a value before and
 * after a clip that clips nothing there, say), where a later sample tells the two apart while the partner holds its own.
 */
export function withoutCoincidences(
  alignment: Alignment,
  segments: readonly SegmentResult[],
): { alignment: Alignment; segments: SegmentResult[] } {
  const sound = new Set(
    segments.filter(({ pair, semanticFailures }) => !pair.shared && semanticFailures.length === 0).map(({ pair }) => pair.target),
  )
  const kept = segments.filter(({ pair, semanticFailures }) => !(pair.shared && semanticFailures.length > 0 && sound.has(pair.target)))
  const pairs = new Set(kept.map(({ pair }) => pair))
  return { alignment: { ...alignment, pairs: alignment.pairs.filter((pair) => pairs.has(pair)) }, segments: kept }
}
