/** From measurements to statuses, findings and the verdict. Pure: the same measurements and policy give the same judgement. */
import type { Alignment, Pair } from '../align/align.js'
import { totalOf } from '../compare/exact.js'
import type { SegmentMeasure } from '../compare/isolate.js'
import type { Measure } from '../compare/measured.js'
import { type Differences, snrOf } from '../compare/metrics.js'
import { energyRatio } from '../compare/rounding.js'
import { finding, segmentFinding, short } from '../diagnose/findings.js'
import { nonFiniteFinding } from '../diagnose/nonfinite.js'
import { quantizationFinding } from '../diagnose/quantized.js'
import { nearestAncestors } from '../graph/relations.js'
import type { Divergence, Finding, Layer, LayerStatus, Output, Verdict } from '../record/record.js'
import { isBeyondElements, isBeyondEnergy, isLost, layerOf, opOf, statusOf } from './layers.js'
import type { Measured } from './measured.js'
import { judgeOutput, type OutputJudgement, outputOf } from './outputs.js'
import { isAnother, pairingFindings } from './pairing.js'
import { outputTolerance, type Policy } from './policy.js'
import { reasonsFor } from './reasons.js'

export interface Judgement {
  outputs: Output[]
  layers: Layer[]
  divergence: Divergence | null
  findings: Finding[]
  verdict: Verdict
  reasons: string[]
}

interface JudgedSegment {
  segment: SegmentMeasure
  status: LayerStatus
}

export function judge(measured: Measured, policy: Policy): Judgement {
  const { alignment, coarse } = measured
  const results = new Set(alignment.source.results)
  const outputs = measured.outputs.map((output) => {
    const { source, target } = output.pair
    const tolerance = outputTolerance(policy.tolerances, output.pair)
    const differences = measured.pairing.pairs.find((pair) => pair.source === source && pair.target === target)?.differences ?? []
    return judgeOutput(output, tolerance, { isAnother: differences.some(isAnother), coarse: coarse.source || coarse.target }, policy)
  })
  const segments = judgeSegments(measured, outputs, policy)
  const layers = segments
    .filter(({ segment }) => results.has(segment.pair.source))
    .map(({ segment, status }) => ({
      segment,
      layer: layerOf(segment, status, measured.cumulative.get(segment.pair)!, alignment, coarse.source),
    }))
  const ofSegments = segmentFindings(segments, measured, policy)
  const explained = new Set(ofSegments.flatMap(({ value, also }) => [value, ...also]))
  const findings = [...measured.findings, ...ofSegments, ...pairingFindings(measured.pairing, alignment, explained)]
  if (measured.nonFinite) {
    const nothing = outputs.some(({ fault }) => fault === 'nothing')
    findings.push(nonFiniteFinding(measured.nonFinite, alignment.source, nothing))
  }
  findings.push(...outputFindings(outputs, segments, measured, findings))
  const quantized = coarse.quantized && !findings.some(({ severity }) => severity === 'error') && quantizationFinding(measured.outputs)
  if (quantized) findings.push(quantized)
  const reasons = reasonsFor({ measured, outputs, layers: layers.map(({ layer }) => layer), findings }, policy)
  return {
    outputs: outputs.map(outputOf),
    layers: layers.map(({ layer }) => layer),
    divergence: divergenceOf(layers, outputs),
    findings: mostUpstreamFirst(findings, alignment),
    verdict: reasons.length > 0 ? 'fail' : 'pass',
    reasons,
  }
}

/** The first layer that does something else; where outputs fail and none does, the first whose float16 loses something. */
function divergenceOf(
  layers: readonly { segment: SegmentMeasure; layer: Layer }[],
  outputs: readonly OutputJudgement[],
): Divergence | null {
  const failed = outputs.some(({ fault }) => fault !== undefined)
  const statuses: LayerStatus[] = failed ? ['semantic', 'precision'] : ['semantic']
  for (const status of statuses) {
    const index = layers.findIndex(({ layer }) => layer.status === status)
    const found = layers[index]
    if (found) {
      const { semantic, precision } = found.segment
      return { layer: index, sample: (status === 'semantic' ? semantic : precision).samples[0] ?? 0 }
    }
  }
  return null
}

function judgeSegments(
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
    const questioned = status === 'semantic' && isQuestioned(semantic.differences, pair, bordersOf(pair), cumulative)
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
 * before it is no partner of what took its place.
 */
function isQuestioned(
  alone: Differences,
  pair: Pair,
  borders: readonly SegmentMeasure[],
  cumulative: ReadonlyMap<Pair, Differences>,
): boolean {
  const whole = cumulative.get(pair)
  if (whole === undefined || alone.nonFinite > 0 || whole.nonFinite > 0 || whole.count !== whole.finite) return false
  const rmsOf = ({ sums, finite }: Differences) => Math.sqrt(totalOf(sums.squares) / Math.max(1, finite))
  if (rmsOf(whole) * QUESTIONED > rmsOf(alone)) return false
  return borders.some((border) => {
    const ofBorder = cumulative.get(border.pair)
    return ofBorder !== undefined && snrOf(ofBorder) + 20 < snrOf(whole)
  })
}

/** One finding for each target value whose segment does something else than the source, or loses it in float16. */
function segmentFindings(judged: readonly JudgedSegment[], { alignment }: Measured, { minSnr }: Policy): Finding[] {
  const seen = new Set<string>()
  const findings: Finding[] = []
  const inputs = new Set(alignment.source.graph.inputs)
  for (const { segment, status } of judged) {
    const { pair, semantic, precision } = segment
    if ((status !== 'semantic' && status !== 'precision') || seen.has(pair.target)) continue
    seen.add(pair.target)
    if (status === 'precision') {
      const broken = precision.rounding.broken > 0
      findings.push(
        segmentFinding(
          alignment,
          pair,
          broken ? 'float16-overflow' : 'precision-loss',
          precision,
          broken
            ? `in float16 ${precision.rounding.broken} elements of '${pair.target}' are not finite, in float32 they are`
            : isLost(precision, minSnr)
              ? `in float16 ${short(snrOf(precision.differences))} dB are left of '${pair.target}'`
              : `float16 moves '${pair.target}' ${short(energyRatio(precision.rounding))} times as far as rounding the values and constants that it is made from`,
        ),
      )
      continue
    }
    if (inputs.has(pair.source)) {
      findings.push(inputFinding(segment, alignment))
      continue
    }
    const { broken } = semantic.rounding
    const { most } = semantic.differences
    const detail =
      semantic.misfits > 0
        ? `'${pair.target}' has another number of elements than the source's '${pair.source}'`
        : broken > 0
          ? `${broken} elements of '${pair.target}' are finite on one side alone`
          : `fed with the source's values and run in float32, this gives '${pair.target}' up to ${short(most.abs)} off the source's '${pair.source}' (relative ${short(most.source > 0 ? most.abs / most.source : Number.POSITIVE_INFINITY)})`
    findings.push(segmentFinding(alignment, pair, broken > 0 && semantic.misfits === 0 ? 'non-finite' : 'unexplained', semantic, detail))
  }
  return findings
}

function inputFinding({ pair, semantic }: SegmentMeasure, { target }: Alignment): Finding {
  const { differences, rounding, samples } = semantic
  return finding({
    cause: 'unexplained',
    side: 'inputs',
    op: opOf(target, pair.target),
    value: pair.target,
    also: [pair.source],
    detail: `what the target makes of its input is up to ${short(differences.most.abs)} off the source's input '${pair.source}'`,
    evidence: { error: differences.most.abs, afterFix: null, floor: rounding.floor },
    confidence: 0.9,
    remedy: 'Compare scale, bias, colour order and layout of the input with the preprocessing that the source was trained with',
    samples: [...samples],
  })
}

/** Outputs that fail where nothing upstream says why. */
function outputFindings(
  outputs: readonly OutputJudgement[],
  segments: readonly JudgedSegment[],
  { alignment }: Measured,
  known: readonly Finding[],
): Finding[] {
  const failed = outputs.filter(({ fault }) => fault !== undefined && fault !== 'another')
  if (failed.length === 0 || known.some(({ severity }) => severity === 'error')) return []
  return failed.map(({ output, fault }) => {
    const { pair, total } = output
    const name = pair.value
    const { most } = total.differences
    const snr = snrOf(total.differences)
    const worst = fault === 'lost' ? weakest(segments) : undefined
    if (worst)
      return segmentFinding(
        alignment,
        worst.pair,
        'precision-loss',
        worst.precision,
        `${short(snr)} dB are left of output '${pair.target.name}'; most of it goes here`,
      )
    const details = {
      tolerance: `the output is up to ${short(most.abs)} off the source's`,
      rounding: `the output is up to ${short(most.abs)} off the source's; rounding on the way explains ${short(total.rounding.floor)}, and no single segment stands out`,
      lost: `${short(snr)} dB are left of the output`,
      nothing: 'no finite element of the output was compared',
    } as const
    return finding({
      cause: fault === 'lost' ? 'precision-loss' : fault === 'nothing' || total.rounding.broken > 0 ? 'non-finite' : 'unexplained',
      side: 'target',
      op: opOf(alignment.target, name),
      value: name,
      also: [pair.source.name],
      detail: details[fault as keyof typeof details],
      evidence: { error: most.abs, afterFix: null, floor: total.rounding.floor },
      confidence: 0.5,
      samples: [...total.samples],
    })
  })
}

/** The segment that keeps least of its value in float16, if any of them loses much. */
function weakest(segments: readonly JudgedSegment[]): SegmentMeasure | undefined {
  const lossy = segments.filter(({ segment }) => snrOf(segment.precision.differences) < 40)
  return lossy.reduce<SegmentMeasure | undefined>(
    (least, { segment }) =>
      least === undefined || snrOf(segment.precision.differences) < snrOf(least.precision.differences) ? segment : least,
    undefined,
  )
}

function mostUpstreamFirst(findings: readonly Finding[], { target, source }: Alignment): Finding[] {
  const place = ({ value, side }: Finding): number =>
    side === 'inputs' ? -1 : (target.producer.get(value)?.index ?? (source.producer.has(value) ? 0 : target.results.length))
  return [...findings].sort((a, b) => place(a) - place(b))
}
