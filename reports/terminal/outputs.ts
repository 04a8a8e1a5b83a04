/** The outputs: how far they are apart, what they are allowed, and where one that fails is at its worst. */
import type { Output, OutputSample } from '../../src/record/record.js'
import { apart, counted, decibels, number, percent, sample } from '../format.js'
import { labelled, type Page, paragraph, ROOMY, type Section } from './page.js'
import { type Cell, type Column, type Line, table } from './table.js'

const WORST_SAMPLES = 3

const BAND_LEGEND = 'A band of assumptions about compute units, not a device: what one does there is known from a run on it alone.'

/** NaN is worse than any number. */
const severity = (value: number): number => (Number.isNaN(value) ? Number.POSITIVE_INFINITY : value)

/** Units of the local rounding that an element may be off, and the energy of a channel. */
const LIMITS = { element: 16, energy: 8 } as const

/** The parts of what decided: the user's atol + rtol |s|, s the source's element; else units of rounding, and how many there may be. */
function allowance({ tolerance, rounding: { by, largest, typical } }: Output): string[] {
  if (tolerance === null) return [`${number(by === 'element' ? largest : typical)} of ${LIMITS[by]}`, 'units']
  const { atol, rtol } = tolerance
  return ['≤', ...(atol || !rtol ? [number(atol)] : []), ...(atol && rtol ? ['+'] : []), ...(rtol ? [`${number(rtol)}|s|`] : [])]
}

function worstSamples(names: readonly string[], samples: readonly OutputSample[]): string[] {
  return samples
    .map((one, index) => ({ ...one, index }))
    .filter(({ pass }) => !pass)
    .sort((a, b) => severity(b.maxAbs) - severity(a.maxAbs) || a.index - b.index)
    .slice(0, WORST_SAMPLES)
    .map(({ index, maxAbs, snr, nonFinite, sameTop }) =>
      [
        `${sample(names, index)}: max error ${number(maxAbs)}`,
        `SNR ${decibels(snr)}`,
        ...(nonFinite ? [counted(nonFinite, 'non-finite element')] : []),
        ...(sameTop === false ? ['another top element'] : []),
      ].join(', '),
    )
}

/** What there is to say of an output besides its row. */
function details(page: Page, { source, by, dtype, layout, metrics: { worst }, pass, samples }: Output): string[] {
  const { record, names, verbose } = page
  const lines: string[] = verbose ? [`paired by ${by}, ${dtype}`] : []
  if (layout) lines.push(`the target's axes are the source's axes ${layout.join(', ')}`)
  if (!pass) lines.push(...worstSamples(record.inputs.names, samples))
  if (!pass && worst) {
    const [from, to] = apart([worst.source, worst.target])
    lines.push(`worst at [${worst.index.join(', ')}] of ${sample(record.inputs.names, worst.sample)}: source ${from}, target ${to}`)
  }
  if (!lines.length) return []
  return [...paragraph(page, names.source(source), 2), ...labelled(page, '', lines, { indent: 2, column: 0 })]
}

/** The target's name below the source's. */
const pairOf = ({ names }: Page, { source, target }: Output): Line[] => [
  { text: names.source(source) },
  { text: `→ ${names.target(target)}`, style: 'dim' },
]

export const outputs: Section = (page) => {
  const { record, paint, width } = page
  if (!record.outputs.length) return ''
  const isRoomy = width >= ROOMY
  const withTop = isRoomy && record.outputs.some(({ metrics }) => metrics.argmax !== undefined)
  const columns: Column[] = [
    { title: 'source → target', flexible: true },
    { title: 'max error', right: true },
    { title: 'rounding', right: true },
    { title: 'SNR', right: true },
    ...(withTop ? [{ title: 'same top', right: true }] : []),
    { title: '' },
  ]
  const rows = record.outputs.map((output): Cell[] => {
    const { metrics, pass } = output
    const allowed = allowance(output)
    return [
      pairOf(page, output),
      number(metrics.maxAbs),
      isRoomy ? allowed.join(' ') : allowed.filter((part) => part !== '+').map((text) => ({ text })),
      decibels(metrics.snr),
      ...(withTop ? [metrics.argmax === undefined ? '' : percent(metrics.argmax)] : []),
      pass ? { text: 'pass', style: 'green' } : { text: 'fail', style: 'red' },
    ]
  })
  return [paint('bold', 'Outputs'), table(page, columns, rows), ...record.outputs.flatMap((output) => details(page, output))].join('\n')
}

/** Each output's largest error under the profile of every compute unit. */
export const band: Section = (page) => {
  const rows = page.record.outputs.flatMap((output): Cell[][] => {
    if (!output.band?.length) return []
    const errors = output.band.map(({ maxAbs }) => maxAbs)
    const texts = apart(errors)
    const order = errors.map((_, i) => i).sort((a, b) => severity(errors[a]!) - severity(errors[b]!))
    const units = output.band.map(({ unit }, i) => `${unit} ${texts[i]}`)
    const [least, most] = [texts[order[0]!]!, texts[order.at(-1)!]!]
    return [
      [
        pairOf(page, output),
        least === most ? most : `${least} to ${most}`,
        page.width >= ROOMY ? units.join(', ') : units.map((text) => ({ text })),
      ],
    ]
  })
  if (!rows.length) return ''
  return [
    page.paint('bold', 'Band over the compute units, max error'),
    table(page, [{ title: 'source → target', flexible: true }, { title: 'from … to' }, { title: 'under the profile of' }], rows),
    ...paragraph(page, BAND_LEGEND, 2).map((line) => page.paint('dim', line)),
  ].join('\n')
}
