/**
 * The report that a person reads first: verdict, outputs, what is wrong and where. It renders what was judged and judges nothing.
 * Short where parity holds; `verbose` adds the layers, what has no partner and the work.
 */
import type { RunRecord } from '../src/record/record.js'
import { findings } from './terminal/findings.js'
import { header, verdict } from './terminal/header.js'
import { firstDivergence, firstNonFinite, summary, tables } from './terminal/layers.js'
import { band, outputs } from './terminal/outputs.js'
import { pageOf, type Section, type TerminalOptions } from './terminal/page.js'
import { unaligned } from './terminal/unaligned.js'
import { work } from './terminal/work.js'

export { type TerminalOptions, terminalOptions } from './terminal/page.js'

const QUIET: Section[] = [verdict, findings]
const PASS: Section[] = [header, verdict, outputs, band, findings, summary]
const FAIL: Section[] = [header, verdict, outputs, band, findings, firstDivergence, firstNonFinite, summary]
const VERBOSE: Section[] = [...FAIL, tables, unaligned, work]

/** '' where there is nothing to print: parity holds and `quiet` was asked for. */
export function terminal(record: RunRecord, options: TerminalOptions = {}): string {
  const page = pageOf(record, options)
  const holds = record.verdict === 'pass'
  if (page.quiet && holds) return ''
  const sections = page.quiet ? QUIET : page.verbose ? VERBOSE : holds ? PASS : FAIL
  return `${sections
    .map((section) => section(page))
    .filter(Boolean)
    .join('\n\n')}\n`
}
