/** Said of a source that computes with quantized numbers: how much of what is left its own steps explain. */
import type { OutputMeasure } from '../compare/cumulative.js'
import { totalOf } from '../compare/exact.js'
import { snrOf } from '../compare/metrics.js'
import type { Finding } from '../record/record.js'
import { finding, short } from './findings.js'

/** For the output that is furthest off; none where nothing differs. */
export function quantizationFinding(outputs: readonly OutputMeasure[]): Finding | undefined {
  const differing = outputs.filter(({ total, whole }) => !whole && total.differences.most.abs > 0)
  const [worst] = [...differing].sort((a, b) => snrOf(a.total.differences) - snrOf(b.total.differences))
  if (worst === undefined) return undefined
  const { differences, rounding } = worst.total
  const [error, explained] = [
    sum(rounding.channels.map((one) => totalOf(one.error))),
    sum(rounding.channels.map((one) => totalOf(one.rounding))),
  ]
  const share = error > 0 ? Math.min(1, explained / error) : 1
  return finding({
    cause: 'quantisation-explained',
    severity: 'note',
    side: 'source',
    op: { name: worst.pair.source.name, type: 'output' },
    value: worst.pair.source.name,
    detail: `the source computes with quantized numbers: output '${worst.pair.target.name}' keeps ${short(snrOf(differences))} dB, and its steps explain ${Math.round(100 * share)} % of what is missing`,
    evidence: { error: differences.most.abs, afterFix: null, floor: rounding.floor },
  })
}

const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0)
