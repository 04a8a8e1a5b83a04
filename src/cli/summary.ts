/** What `parity run` says of the values that it has written: a line each, in short where there are many. */
import { counted, namedSample, shorten, visible } from '../../reports/format.js'
import { spellArray } from '../graph/shapes.js'
import type { SampleValues, Tensor } from '../index.js'

/** Samples that are shown, and values of each. */
const SAMPLES = 8
const VALUES = 12
const NAME = 48

type PlaceOf = (sample: SampleValues, name: string) => { file: string; member: string }

export interface Summary {
  add(sample: SampleValues): void
  finish(): void
}

/** A classifier's answer: one word or one whole number, which says more than its shape. */
function labelOf({ dtype, data }: Tensor): string {
  const isLabel = data.length === 1 && (dtype === 'string' || dtype === 'int64')
  return isLabel ? ` '${shorten(visible(String(data[0])), NAME)}'` : ''
}

/** A value's columns: name, dtype and shape, and the member where that is called otherwise. */
function rowOf(name: string, value: Tensor, member: string): string[] {
  return [
    shorten(visible(name), NAME),
    `${spellArray(value.dtype, value.shape)}${labelOf(value)}`,
    ...(member === name ? [] : [`as ${shorten(visible(member), NAME)}`]),
  ]
}

function aligned(rows: readonly string[][]): string[] {
  const widths = [0, 1].map((column) => Math.max(...rows.map((row) => row[column]!.length)))
  return rows.map((row) => `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`.trimEnd())
}

/** `print` gets one line at a time, as samples are added. */
export function summaryOf(print: (line: string) => void, placeOf: PlaceOf): Summary {
  let samples = 0
  let values = 0
  return {
    add(sample) {
      samples++
      values += sample.values.size
      if (samples > SAMPLES || sample.values.size === 0) return
      const entries = [...sample.values]
      const places = entries.map(([name]) => placeOf(sample, name))
      print(`${namedSample(sample.index, sample.name)} → ${visible(places[0]!.file)}`)
      const rows = entries.slice(0, VALUES).map(([name, value], i) => rowOf(name, value, places[i]!.member))
      for (const line of aligned(rows)) print(line)
      if (entries.length > VALUES) print(`  and ${counted(entries.length - VALUES, 'more value')}`)
    },
    finish() {
      if (samples > SAMPLES) print(`and ${counted(samples - SAMPLES, 'more sample')}`)
      print(`${counted(values, 'value')} of ${counted(samples, 'sample')} written`)
    },
  }
}
