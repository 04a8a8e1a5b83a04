/** What a target makes of its input, where that is not the source's input. */
import type { Alignment, Pair } from '../align/align.js'
import { type Family, familyOf } from '../align/families.js'
import { segmentOf } from '../align/segment.js'
import type { SegmentMeasure } from '../compare/isolate.js'
import type { Relation } from '../compare/relation.js'
import type { Finding } from '../record/record.js'
import { finding, referenceTo, short } from './findings.js'

/** How near to one a factor is that changes nothing. */
const UNCHANGED = 1e-3

const isFactor = ({ factor }: Relation): boolean => factor.some((x) => Math.abs(x - 1) > UNCHANGED)

/** '0.0078', or one number a channel: '[0.0078, 0.0079, 0.0081]'. */
function numbersText(numbers: readonly number[]): string {
  const words = [...new Set(numbers.map((x) => short(x)))]
  return words.length === 1 ? words[0]! : `[${numbers.map((x) => short(x)).join(', ')}]`
}

/** '0.0078 · x - 1'. */
function linearText({ factor, offset }: Relation): string {
  const [times, plus] = [numbersText(factor), numbersText(offset)]
  const largest = Math.max(...factor.map(Math.abs))
  const product = isFactor({ factor, offset }) ? `${times} · x` : 'x'
  if (offset.every((one) => Math.abs(one) <= UNCHANGED * largest)) return product
  return plus.startsWith('-') ? `${product} - ${plus.slice(1)}` : `${product} + ${plus}`
}

export function inputFinding(alignment: Alignment, { pair, semantic, relation, scaled }: SegmentMeasure): Finding {
  const { differences, rounding, samples } = semantic
  const value = placeOf(alignment, pair, relation)
  const { inputs } = alignment.target.graph
  const seen = inputs.includes(pair.target) ? `the target's input '${pair.target}'` : `'${pair.target}', what the target makes of its input`
  return finding({
    cause: 'unexplained',
    side: 'inputs',
    op: referenceTo(alignment.target, value),
    value,
    also: [pair.source, pair.target].filter((name) => name !== value),
    detail: scaled
      ? `the source's input '${pair.source}' is ${linearText(scaled.source)} and '${pair.target}' is ${linearText(scaled.target)}, where x is the target's input '${scaled.input}'`
      : relation
        ? `the source's input '${pair.source}' is ${linearText(relation)}, where x is ${seen}`
        : `${seen}, is up to ${short(differences.most.abs)} off the source's input '${pair.source}'`,
    evidence: { error: differences.most.abs, afterFix: null, floor: rounding.floor },
    confidence: 0.9,
    remedy: 'Compare scale, bias, colour order and layout of the input with the preprocessing that the source was trained with',
    samples: [...samples],
  })
}

/** The op that scales, or the one that shifts, where one of the two is wrong; else the value itself. */
function placeOf(alignment: Alignment, pair: Pair, relation: Relation | undefined): string {
  const family: Family | undefined = relation && (isFactor(relation) ? 'multiply' : 'add')
  const op = segmentOf(alignment, pair).find(({ type }) => familyOf(type) === family)
  return op?.outputs.find((name) => name !== null) ?? pair.target
}
