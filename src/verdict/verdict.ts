/** From compared outputs and segments to statuses, findings and the verdict. Judges; runs nothing. */
import type { Alignment } from '../align/align.js'
import { isIdentity } from '../align/layout.js'
import type { OutputPairing } from '../align/outputs.js'
import { valueNameOf } from '../align/outputs.js'
import type { OutputResult } from '../compare/cumulative.js'
import type { SegmentResult } from '../compare/isolate.js'
import type { Relations } from '../graph/relations.js'
import type { Divergence, Finding, Layer, LayerStatus, Metrics, OpReference, Output, Verdict } from '../record/record.js'
import { segmentOf, suspectOf } from './segment.js'

export interface Compared {
  alignment: Alignment
  segments: readonly SegmentResult[]
  cumulative: ReadonlyMap<SegmentResult['pair'], Metrics>
  outputs: readonly OutputResult[]
  pairing: OutputPairing
  samples: number
  /** Findings of earlier steps: about inputs, labels, runs that fetching changed. */
  findings: readonly Finding[]
}

export interface Judgement {
  outputs: Output[]
  layers: Layer[]
  divergence: Divergence | null
  findings: Finding[]
  verdict: Verdict
  reasons: string[]
}

const short = (x: number): string => (x === 0 ? '0' : x.toExponential(2))

function opOf(relations: Relations, value: string): OpReference {
  const node = relations.producer.get(value)?.node
  return node ? { name: node.name, type: node.type } : { name: value, type: 'input' }
}

const statusOf = ({ semanticFailures, precisionFailures }: SegmentResult): LayerStatus =>
  semanticFailures.length > 0 ? 'semantic' : precisionFailures.length > 0 ? 'precision' : 'ok'

export function judge(compared: Compared): Judgement {
  const { alignment, segments, outputs, pairing } = compared
  const inputs = new Set(alignment.source.graph.inputs)
  const ofSource = new Map(segments.map((segment) => [segment.pair.source, segment]))
  const judged = alignment.pairs.filter(({ source }) => !inputs.has(source)).map(({ source }) => ofSource.get(source)!)
  const layers = judged.map((segment) => layerOf(segment, compared))
  const findings = [
    ...compared.findings,
    ...inputFindings(segments, inputs, alignment),
    ...segmentFindings(judged, alignment),
    ...pairingFindings(pairing),
  ]
  const failed = outputs.filter(({ pass }) => !pass)
  if (failed.length > 0 && !findings.some(({ severity }) => severity === 'error'))
    findings.push(...failed.map((output) => outputFinding(output, alignment)))
  const reasons = reasonsFor(compared, failed, layers, findings)
  const first = judged.findIndex((segment) => statusOf(segment) === 'semantic')
  const diverging = first >= 0 ? first : failed.length > 0 ? judged.findIndex((segment) => statusOf(segment) === 'precision') : -1
  const segment = judged[diverging]
  return {
    outputs: outputs.map(outputOf),
    layers,
    divergence: segment ? { layer: diverging, sample: (segment.semanticFailures[0] ?? segment.precisionFailures[0])! } : null,
    findings,
    verdict: reasons.length > 0 ? 'fail' : 'pass',
    reasons,
  }
}

function layerOf(segment: SegmentResult, { alignment, cumulative }: Compared): Layer {
  const { pair, semantic, precision, floor, precisionFloor } = segment
  return {
    source: pair.source,
    target: pair.target,
    sourceOp: opOf(alignment.source, pair.source),
    targetOp: opOf(alignment.target, pair.target),
    by: pair.by,
    layout: isIdentity(pair.layout) ? null : pair.layout.order,
    cumulative: cumulative.get(pair)!,
    isolated: { semantic, precision, floor, ...(precisionFloor > 0 && { precisionFloor }) },
    status: statusOf(segment),
  }
}

const outputOf = ({ pair, metrics, tolerance, floor, pass }: OutputResult): Output => ({
  source: pair.source.name,
  target: pair.target.name,
  metrics,
  tolerance,
  floor,
  pass,
})

/** One finding for each target value whose segment does something else than the source, the most upstream first. */
function segmentFindings(judged: readonly SegmentResult[], alignment: Alignment): Finding[] {
  const { target } = alignment
  const seen = new Set<string>()
  const findings: Finding[] = []
  for (const segment of judged) {
    const { pair, semantic, floor } = segment
    if (segment.semanticFailures.length === 0 || seen.has(pair.target)) continue
    seen.add(pair.target)
    const suspect = suspectOf(alignment, pair)
    const value = suspect?.outputs.find((output) => output !== null) ?? pair.target
    findings.push({
      cause: 'unexplained',
      severity: 'error',
      side: 'target',
      op: suspect ? { name: suspect.name, type: suspect.type } : opOf(target, pair.target),
      value,
      also: alsoOf(alignment, pair, [value]),
      detail: `fed with the source's values and run in float32, this segment gives ${pair.target} up to ${short(semantic.maxAbs)} off the source's ${pair.source} (relative ${short(semantic.maxRel)}); rounding explains ${short(floor)}`,
      evidence: { error: semantic.maxAbs, afterFix: null, floor },
      confidence: 0.9,
      remedy: `Compare the attributes and weights of this op with those of the source's op that makes '${pair.source}'`,
    })
  }
  const place = (value: string) => target.producer.get(value)?.index ?? -1
  return findings.sort((a, b) => place(a.value) - place(b.value))
}

/** At most three more names that share a finding: the compared pair's, then those of the other ops of its segment. */
function alsoOf(alignment: Alignment, pair: SegmentResult['pair'], named: readonly string[]): string[] {
  const others = segmentOf(alignment, pair).flatMap(({ outputs }) => outputs.filter((output) => output !== null))
  return [...new Set([pair.target, pair.source, ...others.reverse()])].filter((name) => !named.includes(name)).slice(0, 3)
}

function inputFindings(segments: readonly SegmentResult[], inputs: ReadonlySet<string>, { target }: Alignment): Finding[] {
  return segments
    .filter(({ pair, semanticFailures }) => inputs.has(pair.source) && semanticFailures.length > 0)
    .map(({ pair, semantic, floor }) => ({
      cause: 'unexplained' as const,
      severity: 'error' as const,
      side: 'inputs' as const,
      op: opOf(target, pair.target),
      value: pair.target,
      also: [pair.source],
      detail: `what the target makes of its input is up to ${short(semantic.maxAbs)} off the source's input '${pair.source}'`,
      evidence: { error: semantic.maxAbs, afterFix: null, floor },
      confidence: 0.9,
      remedy: 'Compare scale, bias, colour order and layout of the input with the preprocessing that the source was trained with',
    }))
}

function pairingFindings({ unpairedSource, unpairedTarget }: OutputPairing): Finding[] {
  const finding = (side: 'source' | 'target', name: string, detail: string): Finding => ({
    cause: 'output-unpaired',
    severity: side === 'source' ? 'error' : 'note',
    side,
    op: { name, type: 'output' },
    value: name,
    also: [],
    detail,
    evidence: { error: 0, afterFix: null, floor: 0 },
    confidence: 1,
    remedy: 'Name its partner with --map SOURCE=TARGET, or convert the model with this output',
  })
  return [
    ...unpairedSource.map((output) =>
      finding('source', output.name, `no output of the target shows the source's output '${output.name}' of shape [${output.shape ?? ''}]`),
    ),
    ...unpairedTarget.map((output) =>
      finding('target', output.name, `the target's output '${output.name}' matches no output of the source`),
    ),
  ]
}

function outputFinding({ pair, metrics, floor }: OutputResult, { target }: Alignment): Finding {
  return {
    cause: 'unexplained',
    severity: 'error',
    side: 'target',
    op: opOf(target, valueNameOf(pair.target)),
    value: valueNameOf(pair.target),
    also: [pair.source.name],
    detail: `the output is up to ${short(metrics.maxAbs)} off the source's; rounding on the way explains ${short(floor)}, and no single segment stands out`,
    evidence: { error: metrics.maxAbs, afterFix: null, floor },
    confidence: 0.5,
    remedy: 'Give a tolerance for this output (--tolerance) if the difference is acceptable',
  }
}

function reasonsFor(
  { samples, outputs, pairing, segments }: Compared,
  failed: readonly OutputResult[],
  layers: readonly Layer[],
  findings: readonly Finding[],
): string[] {
  const reasons: string[] = []
  if (samples === 0) reasons.push('No sample was compared.')
  if (outputs.length === 0) reasons.push('No output was compared.')
  for (const { name } of pairing.unpairedSource) reasons.push(`The source's output '${name}' has no partner in the target.`)
  for (const { pair, metrics, tolerance, failures } of failed) {
    reasons.push(
      `Output '${pair.target.name}' differs by up to ${short(metrics.maxAbs)}, tolerance ${short(tolerance.atol)}${tolerance.rtol ? ` + ${tolerance.rtol}·|source|` : ''}, in ${failures.length} of ${samples} samples.`,
    )
  }
  const semantic = layers.filter(({ status }) => status === 'semantic')
  if (semantic.length > 0)
    reasons.push(`${semantic.length} of ${layers.length} layers do something else than the source: first '${semantic[0]!.target}'.`)
  const ofInputs = findings.filter(({ side, severity }) => side === 'inputs' && severity === 'error')
  if (ofInputs.length > 0) reasons.push(`The target reads its input in another way than the source: '${ofInputs[0]!.value}'.`)
  const others = findings.filter(
    ({ severity, side, cause }) => severity === 'error' && side !== 'inputs' && cause !== 'unexplained' && cause !== 'output-unpaired',
  )
  for (const { detail } of others) reasons.push(`${detail.charAt(0).toUpperCase()}${detail.slice(1)}.`)
  if (segments.length === 0 && outputs.length > 0 && samples > 0) reasons.push('No layer could be aligned.')
  return reasons
}
