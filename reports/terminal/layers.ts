/** The layers: how many are within rounding, where the models part first, and tables of those that stand out. */
import type { Layer, LayerStatus, Metrics } from '../../src/record/record.js'
import { counted, number, sample, visible, wrap } from '../format.js'
import { type Page, paragraph, ROOMY, type Section, type Style } from './page.js'
import { type Cell, type Column, table } from './table.js'

const NEAREST = 5

const STATUS: Record<LayerStatus, { word: string; style: Style }> = {
  ok: { word: 'ok', style: 'green' },
  precision: { word: 'precision', style: 'yellow' },
  semantic: { word: 'differs', style: 'red' },
  unchecked: { word: 'unchecked', style: 'dim' },
}

const LEGENDS = {
  roomy:
    "whole run: largest error with each model on its own inputs; semantic: of this step alone, fed with the source's values, in float32; " +
    'precision: what the step adds as authored; × rounding: the same in units of what rounding does to one element there.',
  narrow:
    "semantic: largest error of this step alone, fed with the source's values, in float32; precision: what the step adds as authored; " +
    'both in units of what rounding does to one element there.',
}

const opsOf = ({ sourceOp, targetOp }: Layer): string =>
  sourceOp.type === targetOp.type ? sourceOp.type : `${sourceOp.type} → ${targetOp.type}`

/** A layer in a sentence: its place as in the tables, its name, its ops. */
const placeOf = ({ names, record }: Page, index: number): string => {
  const layer = record.layers[index]!
  return `#${index} ${names.pair(layer.source, layer.target)} (${opsOf(layer)})`
}

export const summary: Section = ({ record: { layers }, paint }) => {
  if (!layers.length) return ''
  const having = (wanted: LayerStatus): number => layers.filter(({ status }) => status === wanted).length
  const unchecked = having('unchecked')
  return `${paint('bold', 'Layers:')} ${having('ok')} of ${counted(layers.length, 'aligned layer')} within rounding${unchecked ? `, ${unchecked} not checked` : ''}`
}

/** `title: text`, wrapped. */
function sentence({ paint, width }: Page, title: string, text: string): string {
  const lines = wrap(visible(`${title}: ${text}`), width - 2)
  return lines.join('\n  ').replace(title, paint('bold', title))
}

export const firstDivergence: Section = (page) => {
  const { divergence, inputs } = page.record
  if (!divergence) return ''
  return sentence(page, 'First divergence', `${placeOf(page, divergence.layer)}, ${sample(inputs.names, divergence.sample)}`)
}

/** The first of a layer's measurements with elements that are not finite on one side alone. */
function nonFiniteOf({ cumulative, isolated }: Layer): { metrics: Metrics; when: string } | undefined {
  const measured = [
    { metrics: cumulative, when: 'in the whole run' },
    { metrics: isolated?.semantic, when: 'by itself, in float32' },
    { metrics: isolated?.precision, when: 'by itself, as authored' },
  ]
  return measured.find((one): one is { metrics: Metrics; when: string } => (one.metrics?.nonFinite ?? 0) > 0)
}

export const firstNonFinite: Section = (page) => {
  const index = page.record.layers.findIndex((layer) => nonFiniteOf(layer) !== undefined)
  if (index < 0) return ''
  const { metrics, when } = nonFiniteOf(page.record.layers[index]!)!
  const elements = `${metrics.nonFinite.toLocaleString('en-US')} of ${counted(metrics.count, 'element')}`
  return sentence(page, 'First non-finite', `${placeOf(page, index)}, ${elements} ${when}`)
}

function layerTable(page: Page, indices: readonly number[]): string {
  const layers = indices.map((index) => page.record.layers[index]!)
  const withPrecision = layers.some(({ isolated }) => isolated?.rounding.precision)
  const isRoomy = page.width >= ROOMY
  const parts = (['semantic', ...(withPrecision ? (['precision'] as const) : [])] as const).map((part) => ({
    columns: [...(isRoomy ? [{ title: part, right: true }] : []), { title: isRoomy ? '× rounding' : part, right: true }],
    cells: ({ isolated }: Layer): string[] => {
      const largest = isolated?.rounding[part]?.largest
      const shown = isolated && largest !== undefined ? [number(isolated[part].maxAbs), number(largest)] : ['', '']
      return isRoomy ? shown : shown.slice(1)
    },
  }))
  const columns: Column[] = [
    { title: '#', right: true },
    { title: 'layer', flexible: true },
    ...(isRoomy ? [{ title: 'whole run', right: true }] : []),
    ...parts.flatMap(({ columns }) => columns),
    { title: '' },
  ]
  const rows = layers.map((layer, i): Cell[] => {
    const { word, style } = STATUS[layer.status]
    const index = indices[i]!
    return [
      index === page.record.divergence?.layer ? { text: `→ ${index}`, style: 'bold' } : String(index),
      [{ text: page.names.pair(layer.source, layer.target) }, { text: opsOf(layer), style: 'dim' }],
      ...(isRoomy ? [number(layer.cumulative.maxAbs)] : []),
      ...parts.flatMap(({ cells }) => cells(layer)),
      { text: word, style },
    ]
  })
  return table(page, columns, rows)
}

/** The largest difference of the part that the status names, in units of rounding; NaN above all numbers, an unchecked layer below. */
function largestOf({ isolated, status }: Layer): number {
  const part = status === 'precision' ? 'precision' : 'semantic'
  const largest = isolated?.rounding[part]?.largest ?? Number.NEGATIVE_INFINITY
  return Number.isNaN(largest) ? Number.POSITIVE_INFINITY : largest
}

/** Layers that are not ok, and those of the others that come nearest to the limit of rounding. */
export const tables: Section = (page) => {
  const ranked = page.record.layers.map((layer, index) => ({ index, ok: layer.status === 'ok', largest: largestOf(layer) }))
  ranked.sort((a, b) => (a.largest === b.largest ? a.index - b.index : b.largest - a.largest))
  const sections: [string, number[]][] = [
    ['Layers that are not ok', ranked.filter(({ ok }) => !ok).map(({ index }) => index)],
    [
      'Layers that are ok, the largest',
      ranked
        .filter(({ ok }) => ok)
        .slice(0, NEAREST)
        .map(({ index }) => index),
    ],
  ]
  const shown = sections
    .filter(([, indices]) => indices.length)
    .map(([title, indices]) => `${page.paint('bold', title)}\n${layerTable(page, indices)}`)
  if (!shown.length) return ''
  return [
    ...shown,
    paragraph(page, LEGENDS[page.width >= ROOMY ? 'roomy' : 'narrow'], 2)
      .map((line) => page.paint('dim', line))
      .join('\n'),
  ].join('\n\n')
}
