/** The ops that do one thing on either side, in two columns: ops in the order in which they run, attributes of one name next to each other. */
import type { ComparedOp, Finding } from '../../src/record/record.js'
import { visible, wrap } from '../format.js'
import type { Page } from './page.js'

interface Attribute {
  name: string
  value: string
  /** With the number of its op where the side has several. */
  text: string
}

/** One line of the listing; where a side has nothing to set beside the other's it is left out. */
interface Row {
  source?: string
  target?: string
  mark?: 'differs' | 'equal'
}

const ROWS = 10
const INDENT = 5
const DIFFERS = ' ≠ '

const key = (name: string): string => name.toLowerCase().replace(/[^a-z0-9]/g, '')

/** Whether two texts say the same number at the precision of float32, the same list of them, or the same word. */
function isSameValue(a: string, b: string): boolean {
  const [first, second] = [a, b].map((text) =>
    text
      .toLowerCase()
      .replace(/[[\]()\s]/g, '')
      .split(','),
  )
  if (first!.length !== second!.length) return false
  return first!.every((one, i) => {
    const other = second![i]!
    return one === other || (one !== '' && other !== '' && Math.fround(Number(one)) === Math.fround(Number(other)))
  })
}

const numbered = (ops: readonly ComparedOp[], index: number): string => (ops.length > 1 ? `${index + 1}. ` : '')

function opText(ops: readonly ComparedOp[], index: number, nameOf: (name: string) => string): string {
  const { op, operands } = ops[index]!
  const named = Object.entries(operands).map(([parameter, value]) => `${parameter} ${nameOf(value)}`)
  return `${numbered(ops, index)}${op.type} ${nameOf(op.name)}${named.length ? ` (${named.join(', ')})` : ''}`
}

const attributesOf = (ops: readonly ComparedOp[]): Attribute[] =>
  ops.flatMap(({ attributes }, index) =>
    Object.entries(attributes).map(([name, value]) => ({ name, value, text: `${numbered(ops, index)}${name} = ${value}` })),
  )

/** Two lists set side by side. */
const beside = (source: readonly string[], target: readonly string[]): Row[] =>
  Array.from({ length: Math.max(source.length, target.length) }, (_, i) => ({
    ...(i < source.length && { source: source[i]! }),
    ...(i < target.length && { target: target[i]! }),
  }))

/** Attributes of one name and different values first, then those that one side alone has, then the equal ones. */
function attributeRows(source: readonly Attribute[], target: readonly Attribute[]): Row[] {
  const left = [...target]
  const own: string[] = []
  const differing: Row[] = []
  const equal: Row[] = []
  for (const { name, value, text } of source) {
    const place = left.findIndex((other) => key(other.name) === key(name))
    if (place < 0) {
      own.push(text)
      continue
    }
    const [partner] = left.splice(place, 1)
    const isEqual = isSameValue(value, partner!.value)
    const row: Row = { source: text, target: partner!.text, mark: isEqual ? 'equal' : 'differs' }
    if (isEqual) equal.push(row)
    else differing.push(row)
  }
  return [
    ...differing,
    ...beside(
      own,
      left.map(({ text }) => text),
    ),
    ...equal,
  ]
}

/** A text in a column, its further lines set in. */
const cell = (text: string, column: number, indent: number): string[] =>
  wrap(visible(text), column - indent - 2).map((line, i) => `${' '.repeat(i ? indent + 2 : indent)}${line}`)

/** Lines of the listing, no wider than the page. */
export function compared(page: Page, { source, target }: NonNullable<Finding['compared']>): string[] {
  const { names, paint, verbose, width } = page
  const half = Math.floor((width - INDENT - DIFFERS.length) / 2)
  const ops = beside(
    source.map((_, i) => opText(source, i, names.source)),
    target.map((_, i) => opText(target, i, names.target)),
  )
  const attributes = attributeRows(attributesOf(source), attributesOf(target))
  const shown = verbose ? attributes : attributes.slice(0, ROWS)
  const rows = [...ops.map((row) => ({ row, indent: 0 })), ...shown.map((row) => ({ row, indent: 2 }))].map(({ row, indent }) => ({
    mark: row.mark,
    left: cell(row.source ?? '', half, indent),
    right: cell(row.target ?? '', half, indent),
  }))
  const column = Math.max('source'.length, ...rows.flatMap(({ left }) => left.map((line) => line.length)))
  const line = (left: string, middle: string, right: string): string =>
    `${' '.repeat(INDENT)}${left.padEnd(column)}${middle.padEnd(DIFFERS.length)}${right}`.trimEnd()
  return [
    paint('dim', line('source', '', 'target')),
    ...rows.flatMap(({ mark, left, right }) =>
      Array.from({ length: Math.max(left.length, right.length) }, (_, i) => {
        const text = line(left[i] ?? '', i === 0 && mark === 'differs' ? DIFFERS : '', right[i] ?? '')
        return mark === 'equal' ? paint('dim', text) : mark === 'differs' ? paint('yellow', text) : text
      }),
    ),
    ...(attributes.length > shown.length ? [`${' '.repeat(INDENT + 2)}${attributes.length - shown.length} more with --verbose`] : []),
  ]
}
