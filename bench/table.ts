/** What the benchmarks print: the machine, then rows of equal columns. */
import { cpus, totalmem } from 'node:os'

export function machine(): string {
  const [first] = cpus()
  const memory = Math.round(totalmem() / 2 ** 30)
  return `${first?.model.trim() ?? 'unknown processor'}, ${cpus().length} threads, ${memory} GiB, ${process.platform} ${process.arch}, Node ${process.versions.node}`
}

/** The first column to the left, numbers to the right. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [head, ...rows]
  const widths = head.map((_, column) => Math.max(...all.map((row) => row[column]!.length)))
  const line = (row: readonly string[]): string =>
    row
      .map((text, column) => (column === 0 ? text.padEnd(widths[0]!) : text.padStart(widths[column]!)))
      .join('  ')
      .trimEnd()
  return all.map(line).join('\n')
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)]!
}
