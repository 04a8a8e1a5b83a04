/** Values without a partner, by reason. */
import type { UnalignedValue } from '../../src/record/record.js'
import { counted } from '../format.js'
import { labelled, type Section } from './page.js'

const REASONS = 4

/** Reasons, the names in them left out, with the values that share them; most frequent first. */
function byReason(values: readonly UnalignedValue[]): [string, string[]][] {
  const groups = new Map<string, string[]>()
  for (const { value, reason } of values) {
    const general = reason.replace(/'[^']*'/g, '…')
    groups.set(general, [...(groups.get(general) ?? []), value])
  }
  return [...groups].sort(([, a], [, b]) => b.length - a.length)
}

export const unaligned: Section = (page) => {
  const { record, names, paint } = page
  const { source, target } = record.unaligned
  const lines = (['source', 'target'] as const).flatMap((side) => {
    const groups = byReason(record.unaligned[side])
    const shown = groups
      .slice(0, REASONS)
      .map(([reason, values]) => `${values.length} × ${reason} (${names[side](values[0]!)}${values.length > 1 ? ', …' : ''})`)
    if (groups.length > REASONS) shown.push(`${groups.length - REASONS} more reasons in the JSON report`)
    return labelled(page, side, shown)
  })
  if (!lines.length) return ''
  return [
    `${paint('bold', 'Without a partner:')} ${counted(source.length, 'source value')}, ${counted(target.length, 'target value')}`,
    ...lines,
  ].join('\n')
}
