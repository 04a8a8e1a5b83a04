/** Findings about segments and outputs: where the two models part, with the numbers and both sides' ops. */
import type { Alignment, Pair } from '../align/align.js'
import { segmentOf, sourceSegmentOf } from '../align/segment.js'
import type { Entry } from '../compare/entry.js'
import type { Measure } from '../compare/measured.js'
import type { Node } from '../graph/graph.js'
import type { Relations } from '../graph/relations.js'
import type { Cause } from '../record/causes.js'
import type { Evidence, Finding, OpReference, Severity, Side } from '../record/record.js'
import { describeOp } from './describe.js'
import { type Suspect, suspectOf } from './suspect.js'

export const short = (x: number): string =>
  x === 0 ? '0' : Number.isFinite(x) && Math.abs(x) >= 0.01 && Math.abs(x) < 1e4 ? String(Number(x.toPrecision(3))) : x.toExponential(2)

/** Digits after which any two doubles differ. */
const MOST_DIGITS = 17

/** Two numbers in short, with as many digits as it takes to tell them apart. */
export function shortApart(a: number, b: number): [string, string] {
  for (let digits = 4; a !== b && short(a) === short(b) && digits <= MOST_DIGITS; digits++) {
    const texts = [a, b].map((x) => String(Number(x.toPrecision(digits)))) as [string, string]
    if (texts[0] !== texts[1]) return texts
  }
  return [short(a), short(b)]
}

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

/** Names that a finding lists beside its own. */
export const MOST_ALSO = 3

const made = ({ outputs }: Node): string[] => outputs.filter((output) => output !== null)

/** At most three more names that share a finding: the compared pair's, other results of its op, then those of the other ops of its segment. */
function alsoOf(alignment: Alignment, pair: Pair, suspect: Suspect | undefined, entry: Entry | undefined): string[] {
  const { target, pairs } = alignment
  const value = suspect?.value ?? pair.target
  const results = suspect ? made(suspect.node) : []
  const at = results.indexOf(value)
  const siblings = [...results.slice(at + 1), ...results.slice(0, at).reverse()]
  const others = segmentOf(alignment, pair).flatMap(made).reverse()
  // an op that is missing would stand between the value and those that read it
  const isMissing = entry?.value === pair.target || pairs.some((other) => other !== pair && other.shared && other.target === pair.target)
  const readers = isMissing ? (target.consumers.get(pair.target) ?? []).flatMap(made) : []
  return [...new Set([pair.target, pair.source, ...readers, ...siblings, ...others])].filter((name) => name !== value).slice(0, MOST_ALSO)
}

/** A segment of the target that makes something else than the source does, or loses it in float16. `entry`: where in it, if that is known. */
export function segmentFinding(
  alignment: Alignment,
  pair: Pair,
  { cause, measure, detail, entry }: { cause: Cause; measure: Measure; detail: string; entry?: Entry | undefined },
): Finding {
  const suspect = suspectOf(alignment, pair, entry)
  const value = suspect?.value ?? pair.target
  return {
    ...finding({
      cause,
      side: 'target',
      op: suspect ? { name: suspect.node.name, type: suspect.node.type } : referenceTo(alignment.target, pair.target),
      value,
      also: alsoOf(alignment, pair, suspect, entry),
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
