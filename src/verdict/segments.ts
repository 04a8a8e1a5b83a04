/** From the measurements of segments to their statuses and findings. */
import type { Alignment, Pair } from '../align/align.js'
import { totalOf } from '../compare/exact.js'
import type { SegmentMeasure } from '../compare/isolate.js'
import type { Measure } from '../compare/measured.js'
import { type Differences, snrOf } from '../compare/metrics.js'
import { energyRatio } from '../compare/rounding.js'
import { segmentFinding, short } from '../diagnose/findings.js'
import { fold, type Shown } from '../diagnose/fold.js'
import { inputFinding } from '../diagnose/inputs.js'
import { nearestAncestors } from '../graph/relations.js'
import type { Finding, LayerStatus } from '../record/record.js'
import { isBeyondElements, isBeyondEnergy, isLost, statusOf } from './layers.js'
import type { Measured } from './measured.js'
import type { OutputJudgement } from './outputs.js'
import type { Policy } from './policy.js'

export interface JudgedSegment {
  segment: SegmentMeasure
  status: LayerStatus
}

export function judgeSegments(
  { alignment, segments, cumulative, coarse }: Measured,
  outputs: readonly OutputJudgement[],
  policy: Policy,
): JudgedSegment[] {
  const paired = new Map(segments.map((segment) => [segment.pair.target, segment]))
  const bordersOf = (pair: Pair): SegmentMeasure[] =>
    [...nearestAncestors(alignment.target, pair.target, (value) => paired.has(value))].map((value) => paired.get(value)!)
  const readers = new Map<SegmentMeasure, SegmentMeasure[]>()
  for (const segment of segments)
    for (const border of bordersOf(segment.pair)) readers.set(border, [...(readers.get(border) ?? []), segment])
  const shown = new Set(outputs.map(({ output }) => output.pair.value))
  const tolerated = toleratedPairs(alignment, segments, outputs)
  return segments.map((segment) => {
    const { pair, semantic, precision } = segment
    if (tolerated.has(pair)) return { segment, status: 'ok' as const }
    const isHarmless =
      coarse.target &&
      !shown.has(pair.target) &&
      (readers.get(segment) ?? []).every((reader) => isUnharmed(reader, policy.minSnr)) &&
      [semantic, precision].every(({ rounding }) => rounding.broken === rounding.overflowed)
    const judged = isHarmless ? { ...segment, semantic: withoutOverflow(semantic), precision: withoutOverflow(precision) } : segment
    const status = statusOf(judged, coarse.source, policy)
    const ofBorders = bordersOf(pair).flatMap((border) => cumulative.get(border.pair) ?? [])
    const whole = cumulative.get(pair)
    const isNumber = !/^(u?int|bool)/.test(alignment.source.graph.values.get(pair.source)?.dtype ?? '')
    const questioned =
      (status === 'semantic' && whole !== undefined && isQuestioned(semantic.differences, whole, ofBorders)) ||
      (status === 'ok' && whole !== undefined && isNumber && isContradicted(whole, ofBorders))
    return { segment, status: questioned ? ('unchecked' as const) : status }
  })
}

const withoutOverflow = (measure: Measure): Measure => ({ ...measure, rounding: { ...measure.rounding, broken: 0 } })

/** Whether a segment comes out right although what it reads is infinite in float16: a mask before a softmax, say. */
const isUnharmed = ({ semantic, precision }: SegmentMeasure, minSnr: number): boolean =>
  !isBeyondElements(semantic) && !isBeyondEnergy(precision) && !isLost(precision, minSnr)

/** Layers that reach no other outputs than such as a user's tolerance decides, and those hold. */
function toleratedPairs({ target }: Alignment, segments: readonly SegmentMeasure[], outputs: readonly OutputJudgement[]): Set<Pair> {
  const held = new Set(outputs.filter(({ tolerance, fault }) => tolerance && !fault).map(({ output }) => output.pair.value))
  if (held.size === 0) return new Set()
  const others = target.graph.outputs.filter((name) => !held.has(name))
  const needed = new Set(others)
  const pending = [...others]
  for (let name = pending.pop(); name !== undefined; name = pending.pop())
    for (const before of nearestAncestors(target, name, () => true)) {
      if (needed.has(before)) continue
      needed.add(before)
      pending.push(before)
    }
  return new Set(segments.filter(({ pair }) => !needed.has(pair.target)).map(({ pair }) => pair))
}

/** Times less that a step must be off in the whole run than alone, for its borders to be in doubt instead of itself. */
const QUESTIONED = 30

/**
 * A step that is off alone and agrees in the whole run computes rightly from values that differ from what it was given: one of the values
 * before it is no partner of what took its place. `borders`: those values in the whole run.
 */
export function isQuestioned(alone: Differences, whole: Differences, borders: readonly Differences[]): boolean {
  if (alone.nonFinite > 0 || whole.nonFinite > 0 || whole.count !== whole.finite) return false
  const rmsOf = ({ sums, finite }: Differences) => Math.sqrt(totalOf(sums.squares) / Math.max(1, finite))
  if (rmsOf(whole) * QUESTIONED > rmsOf(alone)) return false
  return borders.some((border) => snrOf(border) + 20 < snrOf(whole))
}

/** dB that a step may lose at most of what all its borders have, and dB below which little is left. */
const LOST = 60
const LITTLE = 20

/**
 * The reverse: a step that agrees alone, and in the whole run gives something else from values that are nearly the same, reads something that
 * its borders do not hold.
 */
export const isContradicted = (whole: Differences, borders: readonly Differences[]): boolean =>
  borders.length > 0 && snrOf(whole) < LITTLE && borders.every((border) => snrOf(border) > snrOf(whole) + LOST)

/** Findings about segments that do something else than the source, or lose it in float16: one a fault. */
export function segmentFindings(judged: readonly JudgedSegment[], { alignment }: Measured, { minSnr }: Policy): Finding[] {
  const seen = new Set<string>()
  const inputs = new Set(alignment.source.graph.inputs)
  const found: Shown[] = []
  for (const { segment, status } of inTargetsOrder(judged, alignment)) {
    const { pair } = segment
    if ((status !== 'semantic' && status !== 'precision') || seen.has(pair.target)) continue
    seen.add(pair.target)
    const finding =
      status === 'precision'
        ? precisionFinding(segment, alignment, minSnr)
        : inputs.has(pair.source)
          ? inputFinding(alignment, segment)
          : semanticFinding(segment, alignment)
    found.push({ pair, finding })
  }
  const sound = judged.flatMap(({ segment, status }) => (status === 'ok' ? [segment.pair] : []))
  return fold(found, sound, alignment)
}

function inTargetsOrder(judged: readonly JudgedSegment[], { target }: Alignment): JudgedSegment[] {
  const place = ({ segment }: JudgedSegment) => target.producer.get(segment.pair.target)?.index ?? -1
  return [...judged].sort((a, b) => place(a) - place(b))
}

function precisionFinding({ pair, precision }: SegmentMeasure, alignment: Alignment, minSnr: number): Finding {
  const { broken } = precision.rounding
  return segmentFinding(alignment, pair, {
    cause: broken > 0 ? 'float16-overflow' : 'precision-loss',
    measure: precision,
    detail:
      broken > 0
        ? `in float16 ${broken} elements of '${pair.target}' are not finite, in float32 they are`
        : isLost(precision, minSnr)
          ? `in float16 ${short(snrOf(precision.differences))} dB are left of '${pair.target}'`
          : `float16 moves '${pair.target}' ${short(energyRatio(precision.rounding))} times as far as rounding the values and constants that it is made from`,
  })
}

function semanticFinding({ pair, semantic, entry }: SegmentMeasure, alignment: Alignment): Finding {
  const { broken } = semantic.rounding
  const { most } = semantic.differences
  return segmentFinding(alignment, pair, {
    cause: broken > 0 && semantic.misfits === 0 ? 'non-finite' : 'unexplained',
    measure: semantic,
    detail:
      semantic.misfits > 0
        ? `'${pair.target}' has another number of elements than the source's '${pair.source}'`
        : broken > 0
          ? `${broken} elements of '${pair.target}' are finite on one side alone`
          : `fed with the source's values and run in float32, this gives '${pair.target}' up to ${short(most.abs)} off the source's '${pair.source}' (relative ${short(most.source > 0 ? most.abs / most.source : Number.POSITIVE_INFINITY)})`,
    entry,
  })
}
