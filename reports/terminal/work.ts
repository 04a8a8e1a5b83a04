/** What the run cost. */
import { amount, number } from '../format.js'
import { paragraph, type Section } from './page.js'

export const work: Section = (page) => {
  const { work, timings } = page.record
  const { source, target, diagnosis } = work.forwardPasses
  const macs = Object.values(work.macs).reduce<number>((total, count) => total + (count ?? 0), 0)
  const phases = Object.entries(timings ?? {}).map(([phase, milliseconds]) => `${phase} ${number(milliseconds / 1000)} s`)
  const parts = [
    `${source} source, ${target} target and ${diagnosis} diagnosis passes`,
    ...(macs ? [`${amount(macs)} multiply-accumulates`] : []),
    ...phases,
  ]
  return paragraph(page, parts.join(', '), 0)
    .map((line) => page.paint('dim', line))
    .join('\n')
}
