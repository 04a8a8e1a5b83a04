/** Pairs that further samples prove to be no pairs. */
import type { Alignment } from '../align/align.js'
import type { SegmentMeasure } from '../compare/isolate.js'
import { isBeyondElements } from './layers.js'

/**
 * Leaves out the pairs of values that share another's partner because the first sample gave them the same numbers (a value before and
 * after a clip that clips nothing there, say), where a later sample tells the two apart while the partner holds its own.
 */
export function withoutCoincidences(
  alignment: Alignment,
  segments: readonly SegmentMeasure[],
): { alignment: Alignment; segments: SegmentMeasure[] } {
  const sound = new Set(segments.filter(({ pair, semantic }) => !pair.shared && !isBeyondElements(semantic)).map(({ pair }) => pair.target))
  const kept = segments.filter(({ pair, semantic }) => !(pair.shared && isBeyondElements(semantic) && sound.has(pair.target)))
  const pairs = new Set(kept.map(({ pair }) => pair))
  return { alignment: { ...alignment, pairs: alignment.pairs.filter((pair) => pairs.has(pair)) }, segments: kept }
}
