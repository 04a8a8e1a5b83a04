/** What ran, on what, and the verdict. */
import type { RunRecord } from '../../src/record/record.js'
import { counted, number, visible, wrap } from '../format.js'
import { labelled, type Section } from './page.js'

const NOTES = 3

const profile = ({ computeUnit, flushSubnormals }: RunRecord['target']): string =>
  `${computeUnit ? ` as assumed of ${computeUnit}` : ''}${flushSubnormals ? ', subnormals flushed to zero' : ''}`

function preprocessing({ scale, bias, order, layout, inferred }: RunRecord['inputs']['preprocessing']): string[] {
  const steps = [
    scale !== undefined && `pixel × ${number(scale)}`,
    bias?.some((value) => value !== 0) && `+ [${bias.map((value) => number(value)).join(', ')}]`,
    order,
    layout,
  ].filter(Boolean)
  return steps.length ? [`${steps.join(' ')}${inferred ? " (taken from the target's image input)" : ''}`] : []
}

export const header: Section = (page) => {
  const { record, paint, verbose } = page
  const { tool, source, target, inputs, notes = [] } = record
  const shown = verbose ? notes : notes.slice(0, NOTES)
  const facts: [string, string[]][] = [
    ['source', [source.path, `${source.format}, ${counted(source.ops, 'op')}, run by ${source.runtime}`]],
    [
      'target',
      [
        target.path,
        `${target.format}, ${counted(target.ops, 'op')}, ${target.precision} precision${profile(target)}${target.kernels ? `, ${target.kernels} kernels` : ''}`,
      ],
    ],
    [
      'inputs',
      [
        counted(inputs.samples, 'sample'),
        ...inputs.mapping.map(({ source, target, by }) => `${source} → ${target} (by ${by})`),
        ...preprocessing(inputs.preprocessing),
      ],
    ],
    ['notes', [...shown, ...(notes.length > shown.length ? [`${notes.length - shown.length} more in the JSON report`] : [])]],
  ]
  return [
    paint('bold', `${visible(tool.name)} ${visible(tool.version)}`),
    ...facts.flatMap(([label, texts]) => labelled(page, label, texts)),
  ].join('\n')
}

export const verdict: Section = ({ record: { verdict, reasons }, paint, width }) => {
  const word = verdict === 'pass' ? paint('green', paint('bold', 'PASS')) : paint('red', paint('bold', 'FAIL'))
  const lines = reasons.flatMap((reason) => wrap(visible(reason), width - 6))
  return `${word}  ${lines.join(`\n      `)}`.trimEnd()
}
