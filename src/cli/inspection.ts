/** What `parity inspect` prints for a person: tables that fit the terminal, and sentences for what does not fit into one. */
import { number, visible, wrap } from '../../reports/format.js'
import { heldWidth, labelled, type Page, painter, paragraph } from '../../reports/terminal/page.js'
import { type Column, table } from '../../reports/terminal/table.js'
import { spellFlexible, spellShape } from '../graph/shapes.js'
import type { InputFeature, Inspection, OutputFeature } from '../index.js'

type Sheet = Pick<Page, 'paint' | 'width'>

/** Lines of one fact of the file's own, and labels that are spelt. */
const MOST_LINES = 4
const MOST_LABELS = 5

export function inspectionText(found: Inspection, { color, width }: { color: boolean; width: number }, op?: string): string {
  const sheet: Sheet = { paint: painter(color), width: heldWidth(width) }
  const sections = op === undefined ? [...SECTIONS] : [operations]
  return `${sections
    .map((section) => section(sheet, found))
    .filter(Boolean)
    .join('\n\n')}\n`
}

const shapeText = (shape: OutputFeature['shape']): string => (shape === null ? 'any shape' : spellShape(shape))

function capped({ width }: Sheet, text: string): string[] {
  const lines = wrap(text, width).map(visible)
  return lines.length > MOST_LINES ? [...lines.slice(0, MOST_LINES), `  … ${lines.length - MOST_LINES} more lines with --json`] : lines
}

function listing(
  sheet: Sheet,
  title: string,
  columns: readonly Column[],
  rows: readonly string[][],
  notes: readonly string[] = [],
): string {
  if (rows.length === 0) return ''
  return [sheet.paint('bold', title), table(sheet, columns, rows), ...notes.flatMap((note) => paragraph(sheet, note, 2))].join('\n')
}

function head(sheet: Sheet, { path, format, ops, weights, sha256, metadata, notes, functions }: Inspection): string {
  const megabytes = weights.reduce((sum, { bytes }) => sum + bytes, 0) / 1e6
  return [
    `${path}: ${format}, ${ops.length} ops, ${weights.length} constants (${megabytes.toFixed(2)} MB), sha256 ${sha256.slice(0, 16)}…`,
    ...(functions.length > 1 ? [`functions: ${functions.join(', ')}`] : []),
    ...Object.entries(metadata).map(([key, value]) => `${key}: ${value}`),
    ...notes.map((note) => `note: ${note}`),
  ]
    .flatMap((text) => capped(sheet, text))
    .join('\n')
}

const FEATURES: readonly Column[] = [{ title: 'name', flexible: true }, { title: 'kind' }, { title: 'dtype' }, { title: 'shape' }]

const featureRows = (features: readonly (InputFeature | OutputFeature)[]): string[][] =>
  features.map(({ name, kind, dtype, shape }) => [name, kind, dtype ?? '', shapeText(shape)])

const list = (values: readonly number[]): string => `[${values.map((value) => number(value)).join(', ')}]`

/** Colour, size and how pixels become numbers. */
function imageFacts({ image }: InputFeature | OutputFeature): string[] {
  if (!image) return []
  const { color, width, height, flexibility, preprocessing } = image
  const sizes = flexibility ? `, takes ${spellFlexible([height, width], flexibility)} (height, width)` : ''
  const scaler = preprocessing
    ? `, value = pixel × ${number(preprocessing.scale)} + ${list(preprocessing.bias)}${preprocessing.mean ? ', a mean image is subtracted first' : ''}`
    : ''
  return [`${color} picture of ${width} x ${height} (width x height)${sizes}${scaler}`]
}

function labelFacts({ labels }: OutputFeature): string[] {
  if (!labels) return []
  const first = Array.from(labels.slice(0, MOST_LABELS) as (string | bigint)[], (label) => `'${label}'`)
  return [`${labels.length} labels: ${first.join(', ')}${labels.length > MOST_LABELS ? ', …' : ''}`]
}

function inputFacts({
  shape,
  flexibility,
  normalization,
  quantization,
  optional,
  default: fallback,
  aliases = [],
}: InputFeature): string[] {
  const bias = normalization?.bias
  return [
    ...(flexibility ? [`takes ${spellFlexible(shape, flexibility)}`] : []),
    ...(normalization ? [`stands for pixels: value = pixel × ${number(normalization.scale)} + ${list(bias ?? [])}`] : []),
    ...(quantization ? [`codes of ${number(quantization.scale[0]!)} × (q - ${quantization.zeroPoint[0] ?? 0})`] : []),
    ...(optional ? [`may be left out${fallback === undefined ? '' : `: then ${number(fallback)}`}`] : []),
    ...(aliases.length ? [`also called ${aliases.join(', ')}`] : []),
  ]
}

const factsOf = (name: string, facts: readonly string[]): string[] => (facts.length ? [`${name}: ${facts.join('; ')}`] : [])

const inputs = (sheet: Sheet, found: Inspection): string =>
  listing(
    sheet,
    'Inputs',
    FEATURES,
    featureRows(found.inputs),
    found.inputs.flatMap((input) => factsOf(input.name, [...imageFacts(input), ...inputFacts(input)])),
  )

const outputs = (sheet: Sheet, found: Inspection): string =>
  listing(
    sheet,
    'Outputs',
    FEATURES,
    featureRows(found.outputs),
    found.outputs.flatMap((output) => factsOf(output.name, [...imageFacts(output), ...labelFacts(output)])),
  )

const types = (sheet: Sheet, { opTypes, unsupported }: Inspection): string =>
  listing(
    sheet,
    'Op types',
    [{ title: 'type', flexible: true }, { title: 'count', right: true }, { title: '' }],
    Object.entries(opTypes).map(([type, count]) => [type, String(count), unsupported.includes(type) ? 'not supported' : '']),
  )

const custom = (sheet: Sheet, found: Inspection): string =>
  listing(
    sheet,
    'Custom layers',
    [
      { title: 'class', flexible: true },
      { title: 'count', right: true },
      { title: 'first', flexible: true },
    ],
    found.custom.map(({ className, count, op }) => [className, String(count), op]),
    found.custom.some(({ type }) => found.unsupported.includes(type))
      ? ['Custom ops of an ML Program cannot be run: no module computes them (docs/custom-layers.md)']
      : ['They run where a module computes them: --custom-layer CLASS=MODULE.js (docs/custom-layers.md)'],
  )

function ops(sheet: Sheet, { ops, values }: Inspection): string {
  const known = new Map(values.map((value) => [value.name, value]))
  const rows = ops.map(({ name, type, outputs }) => {
    const value = outputs[0] == null ? undefined : known.get(outputs[0])
    const made = outputs.filter((output) => output !== null && output !== name).join(', ')
    return [name, type, made, value ? `${value.dtype ?? '?'} ${shapeText(value.shape)}` : '']
  })
  const makes = rows.some(([, , made]) => made !== '')
  const columns: Column[] = [
    { title: 'op', flexible: true },
    { title: 'type' },
    ...(makes ? [{ title: 'makes', flexible: true }] : []),
    { title: 'dtype and shape' },
  ]
  return listing(sheet, 'Ops', columns, makes ? rows : rows.map(([name, type, , value]) => [name!, type!, value!]), [
    '--op NAME shows attributes and operands',
  ])
}

const risks = (sheet: Sheet, found: Inspection): string =>
  found.risks.length === 0
    ? ''
    : [
        sheet.paint('bold', 'Known to hurt in a conversion'),
        ...found.risks.flatMap(({ risk, where, detail }) =>
          paragraph(sheet, `${risk}: ${detail.includes(where) ? detail : `at ${where}, ${detail}`}`, 2),
        ),
      ].join('\n')

/** Ops with what they read, hold and make. */
function operations(sheet: Sheet, { ops, values }: Inspection): string {
  const known = new Map(values.map((value) => [value.name, value]))
  const spelt = (name: string): string => {
    const value = known.get(name)
    return value ? `${name} ${value.dtype ?? '?'} ${shapeText(value.shape)}` : name
  }
  return ops
    .map(({ name, type, where, outputs, attributes, operands }) =>
      [
        ...paragraph(sheet, `${name} (${type}), ${where}`, 0),
        ...labelled(
          sheet,
          'reads',
          Object.entries(operands).map(([parameter, value]) => `${parameter}: ${value}`),
        ),
        ...labelled(
          sheet,
          'has',
          Object.entries(attributes).map(([attribute, value]) => `${attribute} = ${value}`),
        ),
        ...labelled(
          sheet,
          'makes',
          outputs.flatMap((output) => (output === null ? [] : [spelt(output)])),
        ),
      ].join('\n'),
    )
    .join('\n\n')
}

const SECTIONS = [head, inputs, outputs, types, custom, ops, risks]
