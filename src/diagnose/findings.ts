/** Findings about segments and outputs: where the two models part, with the numbers and both sides' ops. */
import type { Alignment, Pair } from '../align/align.js'
import type { Measure } from '../compare/measured.js'
import type { Relations } from '../graph/relations.js'
import type { Cause } from '../record/causes.js'
import type { Evidence, Finding, OpReference, Severity, Side } from '../record/record.js'
import { describeOp } from './describe.js'
import { segmentOf, sourceSegmentOf, suspectOf } from './segment.js'

export const short = (x: number): string =>
  x === 0 ? '0' : Number.isFinite(x) && Math.abs(x) >= 0.01 && Math.abs(x) < 1e4 ? String(Number(x.toPrecision(3))) : x.toExponential(2)

export interface Plain {
  cause: Cause
  severity?: Severity
  side: Side
  op: OpReference
  value: string
  detail: string
  also?: string[]
  evidence?: Evidence
  confidence?: number
  remedy?: string
  samples?: number[]
}

const NO_EVIDENCE: Evidence = { error: 0, afterFix: null, floor: 0 }

/** A finding with what is left out filled in. */
export const finding = ({ cause, severity = 'error', side, op, value, detail, ...rest }: Plain): Finding => ({
  cause,
  severity,
  side,
  op,
  value,
  also: rest.also ?? [],
  detail,
  evidence: rest.evidence ?? NO_EVIDENCE,
  confidence: rest.confidence ?? 1,
  remedy: rest.remedy ?? '',
  samples: rest.samples ?? [],
})

export const referenceTo = ({ producer }: Relations, value: string): OpReference => {
  const node = producer.get(value)?.node
  return node ? { name: node.name, type: node.type } : { name: value, type: 'input' }
}

/** At most three more names that share a finding: the compared pair's, then those of the other ops of its segment. */
function alsoOf(alignment: Alignment, pair: Pair, named: readonly string[]): string[] {
  const others = segmentOf(alignment, pair).flatMap(({ outputs }) => outputs.filter((output) => output !== null))
  return [...new Set([pair.target, pair.source, ...others.reverse()])].filter((name) => !named.includes(name)).slice(0, 3)
}

/** A segment of the target that makes something else than the source does, or loses it in float16. */
export function segmentFinding(alignment: Alignment, pair: Pair, cause: Cause, measure: Measure, detail: string): Finding {
  const suspect = suspectOf(alignment, pair)
  const value = suspect?.outputs.find((output) => output !== null) ?? pair.target
  return {
    ...finding({
      cause,
      side: 'target',
      op: suspect ? { name: suspect.name, type: suspect.type } : referenceTo(alignment.target, pair.target),
      value,
      also: alsoOf(alignment, pair, [value]),
      detail,
      evidence: { error: measure.rounding.error || measure.differences.most.abs, afterFix: null, floor: measure.rounding.floor },
      confidence: 0.9,
      samples: [...measure.samples],
    }),
    compared: {
      source: sourceSegmentOf(alignment, pair).map((node) => describeOp(node, alignment.source.graph)),
      target: segmentOf(alignment, pair).map((node) => describeOp(node, alignment.target.graph)),
    },
  }
}
