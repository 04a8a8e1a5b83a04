/** The findings: a block each where the verdict is 'fail', a sentence each for notes and where it is 'pass'. */
import type { Finding, Severity } from '../../src/record/record.js'
import { apart, percent, samples, visible } from '../format.js'
import { compared } from './compared.js'
import { labelled, type Page, paragraph, type Section, type Style } from './page.js'

const SHOWN = 5
const INDENT = 5

const STYLE: Record<Severity, Style> = { error: 'red', warning: 'yellow', note: 'cyan' }
const RANK: Record<Severity, number> = { error: 0, warning: 1, note: 2 }

function placeOf({ names }: Page, { side, op, value }: Finding): string {
  const other = value === op.name ? '' : `, value ${names.either(value)}`
  return `at ${op.name} (${op.type}) in the ${side}${other}`
}

function proofOf({ evidence: { error, afterFix, floor }, confidence }: Finding): string[] {
  if (afterFix === null && error === 0) return []
  const [before, explained, after] = apart([error, floor, ...(afterFix === null ? [] : [afterFix])])
  if (after === undefined) return [`error ${before}, rounding explains ${explained}`]
  return [`error ${before}, and ${after} once this is put right (rounding explains ${explained}); confidence ${percent(confidence)}`]
}

function block(page: Page, finding: Finding, index: number): string {
  const { paint, names, quiet, record } = page
  const { cause, severity, detail, also, remedy } = finding
  const facts: [string, string[]][] = [
    ['proof', proofOf(finding)],
    ['shows on', [samples(record.inputs.names, finding.samples)]],
    ['also', [also.map((name) => names.either(name)).join(', ')]],
    ['remedy', detail.includes(remedy) ? [] : [remedy]],
  ]
  return [
    `  ${index + 1}. ${paint(STYLE[severity], severity)} ${paint('bold', cause)}`,
    ...paragraph(page, placeOf(page, finding), INDENT),
    ...paragraph(page, detail, INDENT),
    ...facts.flatMap(([label, texts]) => labelled(page, label, texts, { indent: INDENT, column: 8 })),
    ...(finding.compared && !quiet ? compared(page, finding.compared) : []),
  ].join('\n')
}

function short(page: Page, finding: Finding): string {
  const { cause, severity, detail } = finding
  const [first, ...rest] = paragraph(page, `${severity} ${cause} ${placeOf(page, finding)}: ${visible(detail)}`, 2)
  return [first!.replace(severity, page.paint(STYLE[severity], severity)), ...rest].join('\n')
}

/** Errors first, then warnings, then notes, each most upstream first. */
export const findings: Section = (page) => {
  const { record, paint, verbose } = page
  if (!record.findings.length) return ''
  const ordered = [...record.findings].sort((a, b) => RANK[a.severity] - RANK[b.severity])
  const asBlock = ({ severity }: Finding): boolean => verbose || (record.verdict === 'fail' && severity !== 'note')
  const shown = verbose ? ordered : ordered.slice(0, SHOWN)
  const isShort = !ordered.some((finding) => asBlock(finding) || finding.severity === 'error')
  const hidden = ordered.length - shown.length
  return [
    paint('bold', isShort ? 'Warnings and notes' : 'Findings, most upstream first'),
    ...shown.map((finding, i) => (asBlock(finding) ? block(page, finding, i) : short(page, finding))),
    ...(hidden ? [`  ${hidden} more in the JSON report`] : []),
  ].join('\n')
}
