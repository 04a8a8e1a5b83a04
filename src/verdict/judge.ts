/** From measurements to statuses, findings and the verdict. Pure: the same measurements and policy give the same judgement. */
import type { Alignment } from '../align/align.js'
import type { SegmentMeasure } from '../compare/isolate.js'
import { snrOf } from '../compare/metrics.js'
import { finding, referenceTo, segmentFinding, short, shortApart } from '../diagnose/findings.js'
import { nonFiniteFinding } from '../diagnose/nonfinite.js'
import { quantizationFinding } from '../diagnose/quantized.js'
import type { Divergence, Finding, Layer, LayerStatus, Output, Verdict } from '../record/record.js'
import { layerOf } from './layers.js'
import type { Measured } from './measured.js'
import { judgeOutput, type OutputJudgement, outputOf } from './outputs.js'
import { isAnother, pairingFindings } from './pairing.js'
import { outputTolerance, type Policy } from './policy.js'
import { reasonsFor } from './reasons.js'
import { type JudgedSegment, judgeSegments, segmentFindings } from './segments.js'

export interface Judgement {
  outputs: Output[]
  layers: Layer[]
  divergence: Divergence | null
  findings: Finding[]
  verdict: Verdict
  reasons: string[]
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
  const findings = [...measured.findings, ...ofSegments, ...pairingFindings(measured.pairing, alignment, ofSegments)]
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
      return segmentFinding(alignment, worst.pair, {
        cause: 'precision-loss',
        measure: worst.precision,
        detail: `${short(snr)} dB are left of output '${pair.target.name}'; most of it goes here`,
      })
    const [off, explained] = shortApart(most.abs, total.rounding.floor)
    const details = {
      tolerance: `the output is up to ${short(most.abs)} off the source's`,
      rounding: `the output is up to ${off} off the source's; rounding on the way explains ${explained}, and no single segment stands out`,
      lost: `${short(snr)} dB are left of the output`,
      nothing: 'no finite element of the output was compared',
    } as const
    return finding({
      cause: fault === 'lost' ? 'precision-loss' : fault === 'nothing' || total.rounding.broken > 0 ? 'non-finite' : 'unexplained',
      side: 'target',
      op: referenceTo(alignment.target, name),
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
