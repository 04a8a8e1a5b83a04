/** What every section of the terminal report is made with: the record, the width, colours, short names. */
import type { RunRecord } from '../../src/record/record.js'
import { visible, wrap } from '../format.js'
import { type Names, namesOf } from '../names.js'

export interface TerminalOptions {
  /** ANSI colours. @default false */
  color?: boolean
  /** Columns, held to 60 to 200. @default 100 */
  width?: number
  /** Tables of layers, values without a partner, work and timings too. @default false */
  verbose?: boolean
  /** Nothing on success; verdict, reasons and findings on failure. @default false */
  quiet?: boolean
}

const STYLES = { bold: [1, 22], dim: [2, 22], red: [31, 39], green: [32, 39], yellow: [33, 39], cyan: [36, 39] } as const
export type Style = keyof typeof STYLES

export interface Page {
  record: RunRecord
  width: number
  verbose: boolean
  quiet: boolean
  names: Names
  paint(style: Style, text: string): string
}

/** A part of the report; '' where there is nothing to say. */
export type Section = (page: Page) => string

const LEAST_WIDTH = 60
const MOST_WIDTH = 200
const USUAL_WIDTH = 100

/** Width from which tables show columns that can be missed. */
export const ROOMY = 80

/** Columns that a page may have. */
export const heldWidth = (width: number): number => Math.min(MOST_WIDTH, Math.max(LEAST_WIDTH, width))

export function pageOf(record: RunRecord, { color = false, width = USUAL_WIDTH, verbose = false, quiet = false }: TerminalOptions): Page {
  return {
    record,
    width: heldWidth(width),
    verbose,
    quiet,
    names: namesOf(record),
    paint: painter(color),
  }
}

/** Paints text where colours are wanted. */
export const painter =
  (color: boolean): Page['paint'] =>
  (style, text) =>
    color && text ? `\u001b[${STYLES[style][0]}m${text}\u001b[${STYLES[style][1]}m` : text

/** Texts behind a label, wrapped to the page, the further lines below the first. */
export function labelled(
  { paint, width }: Pick<Page, 'paint' | 'width'>,
  label: string,
  texts: readonly string[],
  { indent = 2, column = 6 } = {},
): string[] {
  const before = indent + column + 2
  return texts
    .flatMap((text) => wrap(visible(text), width - before))
    .map((line, i) => `${' '.repeat(indent)}${paint('dim', (i ? '' : label).padEnd(column))}  ${line}`)
}

/** A paragraph, every line indented. */
export const paragraph = ({ width }: Pick<Page, 'width'>, text: string, indent: number): string[] =>
  wrap(visible(text), width - indent).map((line) => `${' '.repeat(indent)}${line}`)

/** Colours for a terminal that has not refused them (https://no-color.org), and its width. */
export function terminalOptions(
  stream: { isTTY?: boolean; columns?: number },
  environment: Record<string, string | undefined>,
): { color: boolean; width: number } {
  const isTerminal = Boolean(stream.isTTY)
  return {
    color: isTerminal && !environment['NO_COLOR'] && environment['TERM'] !== 'dumb',
    width: (isTerminal && stream.columns) || USUAL_WIDTH,
  }
}
