/** Rows under a heading, columns apart by two spaces, no wider than the page. */
import Table from 'cli-table3'
import { shorten, visible } from '../format.js'
import type { Page, Style } from './page.js'

export interface Column {
  title: string
  right?: boolean
  /** Gives way first where the page is too narrow: names. */
  flexible?: boolean
}

/** Lines of a cell, and how the text of each is painted. */
export interface Line {
  text: string
  style?: Style
}
export type Cell = string | Line | Line[]

const INDENT = 2
const GAP = 2
const LEAST = 8

const linesOf = (cell: Cell): Line[] =>
  (typeof cell === 'string' ? [{ text: cell }] : Array.isArray(cell) ? cell : [cell]).map((line) => ({ ...line, text: visible(line.text) }))

const NO_BORDER = Object.fromEntries(
  ['top', 'bottom', 'left', 'right']
    .flatMap((side) => ['', '-mid', '-left', '-right'].map((part) => side + part))
    .concat('mid', 'mid-mid')
    .map((place) => [place, '']),
)

/** Widths that fit: flexible columns shrink first, the widest of them most, then the others. */
function fitted(columns: readonly Column[], natural: readonly number[], room: number): number[] {
  const widths = [...natural]
  const widest = (indices: number[]): number | undefined =>
    indices.filter((i) => widths[i]! > LEAST).sort((a, b) => widths[b]! - widths[a]! || a - b)[0]
  const all = columns.map((_, i) => i)
  while (widths.reduce((sum, width) => sum + width, 0) > room) {
    const next = widest(all.filter((i) => columns[i]!.flexible)) ?? widest(all)
    if (next === undefined) break
    widths[next]!--
  }
  return widths
}

export function table({ paint, width }: Pick<Page, 'paint' | 'width'>, columns: readonly Column[], rows: readonly Cell[][]): string {
  const cells = rows.map((row) => row.map(linesOf))
  const natural = columns.map(({ title }, i) =>
    Math.max(...[title, ...cells.flatMap((row) => row[i]!.map(({ text }) => text))].map((text) => text.length)),
  )
  const widths = fitted(columns, natural, width - INDENT - GAP * (columns.length - 1))
  const out = new Table({
    head: columns.map(({ title }, i) => paint('dim', shorten(title, widths[i]!))),
    colAligns: columns.map(({ right }) => (right ? 'right' : 'left')),
    chars: { ...NO_BORDER, middle: ' '.repeat(GAP) },
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
  })
  for (const row of cells) {
    out.push(
      row.map((lines, i) =>
        lines
          .map(({ text, style }) => {
            const short = shorten(text, widths[i]!)
            return style ? paint(style, short) : short
          })
          .join('\n'),
      ),
    )
  }
  return out
    .toString()
    .split('\n')
    .map((line) => `${' '.repeat(INDENT)}${line}`.trimEnd())
    .join('\n')
}
