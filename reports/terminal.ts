/** The report that a person reads first: verdict, outputs, where the models part, and what to do about it. Fits 100 columns. */
import Table from 'cli-table3'
import type { Finding, Layer, RunRecord, Tolerance, UnalignedValue } from '../src/record/record.js'
import { amount, counted, decibels, number, percent, shorten, visible, wrap } from './format.js'

export interface TerminalOptions {
  /** ANSI colours. @default false */
  color?: boolean
}

/** Colours for a terminal that has not refused them (https://no-color.org). */
export function terminalOptions(stream: { isTTY?: boolean }, environment: Record<string, string | undefined>): TerminalOptions {
  return { color: Boolean(stream.isTTY) && !environment['NO_COLOR'] && environment['TERM'] !== 'dumb' }
}

const WIDTH = 100
const NAME = 21
const WORST_LAYERS = 5
const AROUND = 2
const REASONS = 4

const STYLES = { bold: [1, 22], dim: [2, 22], red: [31, 39], green: [32, 39], yellow: [33, 39], cyan: [36, 39] } as const
type Style = keyof typeof STYLES
type Paint = (style: Style, text: string) => string

const painter =
  (color: boolean): Paint =>
  (style, text) =>
    color ? `\u001b[${STYLES[style][0]}m${text}\u001b[${STYLES[style][1]}m` : text

const STATUS: Record<Layer['status'], { word: string; style: Style }> = {
  ok: { word: 'ok', style: 'green' },
  precision: { word: 'precision', style: 'yellow' },
  semantic: { word: 'differs', style: 'red' },
  unchecked: { word: 'unchecked', style: 'dim' },
}

const SEVERITY: Record<Finding['severity'], Style> = { error: 'red', warning: 'yellow', note: 'cyan' }

const LEGEND = [
  'whole run: error with each model on its own inputs; alone: error of this step, fed with the',
  "source's values; rounding: what floating-point arithmetic by itself may cause here.",
]

const BAND_LEGEND = 'A band of assumptions about compute units, not a device: what one does there is known from a run on it alone.'

/** Rows under a heading, columns apart by two spaces. */
function table(paint: Paint, head: string[], rows: string[][], right: number[] = []): string {
  const none = Object.fromEntries(
    [
      'top',
      'top-mid',
      'top-left',
      'top-right',
      'bottom',
      'bottom-mid',
      'bottom-left',
      'bottom-right',
      'left',
      'left-mid',
      'mid',
      'mid-mid',
      'right',
      'right-mid',
    ].map((place) => [place, '']),
  )
  const out = new Table({
    head: head.map((title) => paint('dim', title)),
    colAligns: head.map((_, column) => (right.includes(column) ? 'right' : 'left')),
    chars: { ...none, middle: '  ' },
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
  })
  out.push(...rows)
  return out
    .toString()
    .split('\n')
    .map((line) => `  ${line}`.trimEnd())
    .join('\n')
}

const name = (text: string, width = NAME): string => shorten(visible(text), width)

interface Alone {
  error: number
  floor: number
}

/** How often an error holds its floor; NaN is worse than any number. */
const closeness = ({ error, floor }: Alone): number => (Number.isNaN(error) ? Number.POSITIVE_INFINITY : error === 0 ? 0 : error / floor)

/** Error of a segment by itself, and what rounding explains of it: the part, semantic or precision, that is nearer to its floor. */
function alone({ isolated }: Layer): Alone | undefined {
  if (!isolated) return undefined
  const { semantic, precision, floor, precisionFloor = floor } = isolated
  const parts = [
    { error: semantic.maxAbs, floor },
    { error: precision.maxAbs, floor: precisionFloor },
  ]
  return closeness(parts[1]!) > closeness(parts[0]!) ? parts[1] : parts[0]
}

/** How far a layer exceeds rounding; an unchecked layer is left out. */
function excess(layer: Layer): number {
  const part = alone(layer)
  return part ? closeness(part) : Number.NEGATIVE_INFINITY
}

const profile = ({ computeUnit, flushSubnormals }: RunRecord['target']): string =>
  `${computeUnit ? ` as assumed of ${computeUnit}` : ''}${flushSubnormals ? ', subnormals flushed to zero' : ''}`

function header(record: RunRecord, paint: Paint): string {
  const { source, target, inputs } = record
  const mapping = inputs.mapping.map(({ source, target, by }) => `${name(source, 36)} → ${name(target, 36)} (by ${by})`)
  const { scale, bias, order, layout, inferred } = inputs.preprocessing
  const steps = [
    scale !== undefined && `pixel × ${number(scale)}`,
    bias?.some((value) => value !== 0) && `+ [${bias.map(number).join(', ')}]`,
    order,
    layout,
  ].filter(Boolean)
  const facts: [string, string[]][] = [
    ['source', [visible(source.path), `${source.format}, ${counted(source.ops, 'op')}, run by ${source.runtime}`]],
    [
      'target',
      [
        visible(target.path),
        `${target.format}, ${counted(target.ops, 'op')}, ${target.precision} precision${profile(target)}${target.kernels ? `, ${target.kernels} kernels` : ''}`,
      ],
    ],
    [
      'inputs',
      [
        counted(inputs.samples, 'sample'),
        ...mapping,
        ...(steps.length ? [`${steps.join(' ')}${inferred ? " (taken from the target's image input)" : ''}`] : []),
      ],
    ],
    ['notes', (record.notes ?? []).map(visible)],
  ]
  const lines = facts.flatMap(([label, texts]) =>
    texts.flatMap((text) => wrap(text, WIDTH - 10)).map((line, i) => `  ${paint('dim', (i ? '' : label).padEnd(6))}  ${line}`),
  )
  return [paint('bold', `${record.tool.name} ${record.tool.version}`), ...lines].join('\n')
}

function verdict({ verdict, reasons }: RunRecord, paint: Paint): string {
  const word = verdict === 'pass' ? paint('green', paint('bold', 'PASS')) : paint('red', paint('bold', 'FAIL'))
  const lines = reasons.flatMap((reason) => wrap(visible(reason), WIDTH - 6))
  return `${word}  ${lines.join(`\n      `)}`.trimEnd()
}

/** atol + rtol |s|, where s is the source's element. */
const allowance = ({ atol, rtol }: Tolerance): string =>
  [...(atol || !rtol ? [number(atol)] : []), ...(rtol ? [`${number(rtol)}|s|`] : [])].join(' + ')

function outputs({ outputs }: RunRecord, paint: Paint): string {
  if (!outputs.length) return ''
  const withArgmax = outputs.some(({ metrics }) => metrics.argmax !== undefined)
  const rows = outputs.map(({ source, target, metrics, tolerance, floor, pass }) => [
    `${name(source, 28)}\n${paint('dim', `→ ${name(target, 26)}`)}`,
    number(metrics.maxAbs),
    allowance(tolerance),
    number(floor),
    decibels(metrics.snr),
    ...(withArgmax ? [metrics.argmax === undefined ? '' : percent(metrics.argmax)] : []),
    pass ? paint('green', 'pass') : paint('red', 'fail'),
  ])
  const head = ['source → target', 'max error', 'allowed', 'rounding', 'SNR', ...(withArgmax ? ['same top'] : []), '']
  const worst = outputs.flatMap(({ source, metrics: { worst }, pass }) =>
    worst && !pass
      ? [
          `  ${name(source, 28)}: worst in sample ${worst.sample} at [${worst.index.join(', ')}]: source ${number(worst.source)}, target ${number(worst.target)}`,
        ]
      : [],
  )
  return [paint('bold', 'Outputs'), table(paint, head, rows, [1, 2, 3, 4, 5]), ...worst].join('\n')
}

/** Each output's largest error under the profile of every compute unit. */
function band({ outputs }: RunRecord, paint: Paint): string {
  const rows = outputs.flatMap(({ source, target, band }) => {
    if (!band?.length) return []
    const errors = band.map(({ maxAbs }) => maxAbs)
    const [least, most] = errors.some(Number.isNaN) ? [Number.NaN, Number.NaN] : [Math.min(...errors), Math.max(...errors)]
    return [
      [
        `${name(source, 24)}\n${paint('dim', `→ ${name(target, 22)}`)}`,
        least < most ? `${number(least)} to ${number(most)}` : number(most),
        band.map(({ unit, maxAbs }) => `${unit} ${number(maxAbs)}`).join(', '),
      ],
    ]
  })
  if (!rows.length) return ''
  return [
    paint('bold', 'Band over the compute units, max error'),
    table(paint, ['source → target', 'from … to', 'under the profile of'], rows),
    ...wrap(BAND_LEGEND, WIDTH - 2).map((line) => paint('dim', `  ${line}`)),
  ].join('\n')
}

function layerTable(layers: Layer[], indices: number[], marked: number | undefined, paint: Paint): string {
  const rows = indices.map((index) => {
    const layer = layers[index]!
    const { word, style } = STATUS[layer.status]
    const part = alone(layer)
    const named = (value: string, type: string) => `${name(value)}\n${paint('dim', name(type))}`
    return [
      index === marked ? paint('bold', `→ ${index}`) : String(index),
      named(layer.source, layer.sourceOp.type),
      named(layer.target, layer.targetOp.type),
      number(layer.cumulative.maxAbs),
      part ? number(part.error) : '',
      part ? number(part.floor) : '',
      paint(style, word),
    ]
  })
  return table(paint, ['#', 'source', 'target', 'whole run', 'alone', 'rounding', ''], rows, [0, 3, 4, 5])
}

function firstDivergence({ layers, divergence }: RunRecord, paint: Paint): string {
  if (!divergence) return ''
  const first = Math.max(0, divergence.layer - AROUND)
  const indices = layers.slice(first, divergence.layer + AROUND + 1).map((_, i) => first + i)
  return [
    `${paint('bold', 'First divergence')} (sample ${divergence.sample}), with the layers around it`,
    layerTable(layers, indices, divergence.layer, paint),
  ].join('\n')
}

/** The layers beyond rounding; where there are none, those nearest to its limit. */
function worstLayers({ layers }: RunRecord, paint: Paint): string {
  const allOk = layers.every(({ status }) => status === 'ok' || status === 'unchecked')
  const indices = layers
    .map((layer, index) => ({ layer, index, excess: excess(layer) }))
    .filter(({ layer, excess }) => excess > 0 && (allOk || layer.status !== 'ok'))
    .sort((a, b) => b.excess - a.excess || a.index - b.index)
    .slice(0, WORST_LAYERS)
    .map(({ index }) => index)
  const ok = layers.filter(({ status }) => status === 'ok').length
  const unchecked = layers.filter(({ status }) => status === 'unchecked').length
  const title = `${paint('bold', 'Layers:')} ${ok} of ${counted(layers.length, 'aligned layer')} within rounding${unchecked ? `, ${unchecked} not checked` : ''}`
  if (!indices.length) return title
  return [`${title}; ${allOk ? 'nearest to its limit' : 'furthest beyond it'}:`, layerTable(layers, indices, undefined, paint)].join('\n')
}

/** Reasons, the names in them left out, with the values that share them; most frequent first. */
function byReason(values: UnalignedValue[]): [string, string[]][] {
  const groups = new Map<string, string[]>()
  for (const { value, reason } of values) {
    const general = reason.replace(/'[^']*'/g, '…')
    groups.set(general, [...(groups.get(general) ?? []), value])
  }
  return [...groups].sort(([, a], [, b]) => b.length - a.length)
}

function unaligned(record: RunRecord, paint: Paint): string {
  const lines = (['source', 'target'] as const).flatMap((side) => {
    const groups = byReason(record.unaligned[side])
    const shown = groups
      .slice(0, REASONS)
      .map(([reason, values]) => `${values.length} × ${visible(reason)} (${name(values[0]!)}${values.length > 1 ? ', …' : ''})`)
    if (groups.length > REASONS) shown.push(`${groups.length - REASONS} more reasons in the JSON report`)
    return shown.flatMap((text, i) => wrap(text, WIDTH - 10).map((line, j) => `  ${paint('dim', (i + j ? '' : side).padEnd(6))}  ${line}`))
  })
  if (!lines.length) return ''
  const { source, target } = record.unaligned
  return [
    `${paint('bold', 'Without a partner:')} ${counted(source.length, 'source value')}, ${counted(target.length, 'target value')}`,
    ...lines,
  ].join('\n')
}

function finding(
  { cause, severity, side, op, value, also, detail, evidence, confidence, remedy }: Finding,
  index: number,
  paint: Paint,
): string {
  const place = `${name(op.name, 40)} (${name(op.type)})${value === op.name ? '' : `, value ${name(value, 30)}`}`
  const { error, afterFix, floor } = evidence
  const mended = `error ${number(error)}, and ${number(afterFix ?? 0)} once this is put right (rounding explains ${number(floor)}); confidence ${percent(confidence)}`
  const proof = afterFix !== null ? mended : error === 0 ? '' : `error ${number(error)}, rounding explains ${number(floor)}`
  const body: [string, string][] = [
    ['', detail],
    ['proof', proof],
    ['also', also.map((other) => name(other, 40)).join(', ')],
    ['do', remedy],
  ]
  return [
    `  ${index + 1}. ${paint(SEVERITY[severity], severity)} ${paint('bold', cause)} in the ${side}`,
    ...wrap(`at ${place}`, WIDTH - 5).map((line) => `     ${line}`),
    ...body.flatMap(([label, text]) =>
      wrap(visible(text), WIDTH - 12).map(
        (line, i) => `     ${paint('dim', (i ? '' : label).padEnd(label ? 5 : 0))}${label ? '  ' : ''}${line}`,
      ),
    ),
  ].join('\n')
}

const findings = ({ findings }: RunRecord, paint: Paint): string =>
  findings.length ? [paint('bold', 'Findings, most upstream first'), ...findings.map((one, i) => finding(one, i, paint))].join('\n') : ''

function work({ work: { forwardPasses, macs }, timings }: RunRecord, paint: Paint): string {
  const passes = `${forwardPasses.source} source, ${forwardPasses.target} target and ${forwardPasses.diagnosis} diagnosis passes`
  const known = Object.values(macs).filter((count) => count !== null)
  const sum = known.reduce((total, count) => total + count, 0)
  const milliseconds = timings && Object.values(timings).reduce((total, time) => total + time, 0)
  return paint(
    'dim',
    [
      passes,
      ...(sum ? [`${amount(sum)} multiply-accumulates`] : []),
      ...(milliseconds ? [`${(milliseconds / 1000).toFixed(1)} s`] : []),
    ].join(', '),
  )
}

export function terminal(record: RunRecord, { color = false }: TerminalOptions = {}): string {
  const paint = painter(color)
  const layers = [worstLayers, firstDivergence].map((section) => section(record, paint)).filter(Boolean)
  const legend = record.layers.length ? LEGEND.map((line) => paint('dim', `  ${line}`)).join('\n') : ''
  const sections = [
    header(record, paint),
    verdict(record, paint),
    outputs(record, paint),
    band(record, paint),
    findings(record, paint),
    ...layers,
    legend,
  ]
  return `${[...sections, unaligned(record, paint), work(record, paint)].filter(Boolean).join('\n\n')}\n`
}
