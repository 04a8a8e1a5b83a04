#!/usr/bin/env node
// Writes docs/operators.md from the op tables of the build, the published lists (golden/published.json) and the evidence
// (golden/evidence.json).
//   node scripts/generate-operators.mjs [--check]     --check writes nothing and fails where the file in place differs
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { messageType } from '../dist/proto/coreml/reader.js'
import { ENUMS } from '../dist/proto/tflite/generated/schema.js'
import { resultUnits } from '../dist/src/runners/coreml/noise.js'
import { message } from '../dist/src/runners/parameters.js'
import { MOVABLE } from '../dist/src/runners/tfjs/dtypes.js'

const ROOT = new URL('../', import.meta.url)
const PAGE = new URL('docs/operators.md', ROOT)
const json = (path) => JSON.parse(readFileSync(new URL(path, ROOT), 'utf8'))
const published = json('golden/published.json')
const { recorded, printed, sets } = json('golden/evidence.json')

/** Published ops that no row of the table runs, and why; `done` where a model with them runs all the same. */
const WITHOUT_ROW = {
  const: { done: true, reason: 'read as a constant when the model is opened' },
}
/** Ops of ML Programs that coremltools writes and has no definition of: the family they belong to. */
const BEYOND_THE_LIST = { write_state: 'states' }

/** How a parameter describes itself that stands for a layer's whole message. */
const WHOLE_MESSAGE = message().description

const opsetsOf = new Map(published.ops.map(({ type, opsets }) => [type, opsets]))

/** The rows of the tables in a folder by type, and the family that each is written down in. */
async function tableOf(path) {
  const folder = `dist/src/runners/${path}/`
  const files = readdirSync(new URL(folder, ROOT)).filter((name) => name.endsWith('.js') && name !== 'index.js')
  const types = new Map()
  for (const file of files.sort()) {
    const lists = Object.values(await import(new URL(folder + file, ROOT))).filter(Array.isArray)
    for (const row of lists.flat().filter(isRow)) {
      const entry = types.get(row.type) ?? { family: file.slice(0, -3), rows: [] }
      entry.rows.push(row)
      types.set(row.type, entry)
    }
  }
  for (const { rows } of types.values()) rows.sort((a, b) => (a.since ?? '').localeCompare(b.since ?? ''))
  return types
}

/** A file may export lists of other things: dtypes, words. */
const isRow = (entry) => typeof entry === 'object' && 'specification' in entry

const cell = (text) => text.replaceAll('|', '\\|')
const code = (text) => `\`${text}\``
const table = (head, rows) => [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n')
const parameterText = ([name, description]) => code(`${name}: ${cell(description)}`)

/** Fields of a layer's own message, for rows that read it whole, besides those with a parameter of their own. */
function fieldsOf({ type, parameters }) {
  const fields = messageType('CoreML.NeuralNetworkLayer').fields[type].resolve().resolvedType.fieldsArray
  return fields.filter(({ name }) => !(name in parameters)).map((field) => [field.name, `${field.type}${field.repeated ? '[]' : ''}`])
}

/** Names and descriptions. */
const described = (row) =>
  Object.entries(row.parameters).flatMap(([name, { description }]) =>
    description === WHOLE_MESSAGE ? fieldsOf(row) : [[name, description]],
  )

/** A row's parameters; of a later row of the same op, what it changes. */
function parametersOf(row, before) {
  const entries = described(row)
  if (before === undefined) return entries.map(parameterText).join('<br>') || 'none'
  const changed = entries.filter(([name, description]) => before.parameters[name]?.description !== description)
  const dropped = Object.keys(before.parameters).filter((name) => !(name in row.parameters))
  const parts = [...changed.map(parameterText), ...(dropped.length ? [`without ${dropped.map(code).join(', ')}`] : [])]
  return parts.length ? `as ${before.since}, but ${parts.join('<br>')}` : `as ${before.since}; other values are allowed or refused`
}

const linkText = (address) => address.replace(/^https:\/\/github\.com\/[^/]+\//, '').replace(/\/(issues|pull)\//, ' ')

function evidenceOf(dialect, type) {
  const cases = recorded[dialect]?.[type]
  const links = printed[dialect]?.[type] ?? []
  const kinds = [
    cases && `A ${cases.hold === cases.cases ? cases.cases : `${cases.hold} of ${cases.cases}`}`,
    links.length > 0 && `B ${links.map((address) => `[${linkText(address)}](${address})`).join(', ')}`,
  ].filter(Boolean)
  return kinds.join('; ') || 'C'
}

const HEAD_ROW = ['op', 'since', 'rounding', 'parameters', 'follows', 'evidence']

/** The opsets in which an op was defined anew, from a row's own to the next row's; where there is no row between, the row serves them all. */
function sinceOf(row, next, opsets) {
  const served = opsets.filter((opset) => opset > row.since && (next === undefined || opset < next.since))
  return [row.since, ...served].join(', ')
}

function opRows(dialect, type, rows) {
  const opsets = opsetsOf.get(type) ?? []
  return rows.map((row, index) => [
    index === 0 ? code(type) : '',
    dialect === 'mil' ? sinceOf(row, rows[index + 1], opsets) : '',
    row.rounding,
    parametersOf(row, rows[index - 1]),
    row.specification,
    index === 0 ? evidenceOf(dialect, type) : '',
  ])
}

/** Columns that say something for the dialect: layers have no opset. */
const forDialect = (dialect, row) => (dialect === 'mil' ? row : row.filter((_, column) => column !== 1))

function section(dialect, family, types, rowsOf) {
  const rows = types.flatMap((type) => {
    const own = rowsOf.get(type)?.rows
    if (own) return opRows(dialect, type, own)
    const { done, reason } = WITHOUT_ROW[type] ?? { done: false, reason: 'no row' }
    return [[code(type), '', '', `${done ? 'supported' : '**not supported**'}: ${reason}`, '', '']]
  })
  return `### ${heading(dialect, family)}\n\n${table(
    forDialect(dialect, HEAD_ROW),
    rows.map((row) => forDialect(dialect, row)),
  )}`
}

/** Types by family, both in order. */
function grouped(entries) {
  const families = new Map()
  for (const [type, family] of entries) families.set(family, [...(families.get(family) ?? []), type])
  return [...families].map(([family, types]) => [family, types.sort()]).sort(([a], [b]) => a.localeCompare(b))
}

const OPERATOR_HEAD = ['op', 'rounding', 'operands', 'attributes', 'follows', 'evidence']

/** Declared kinds, without the long list of what can be moved. */
const declared = (parameters) =>
  Object.entries(parameters)
    .map(([name, { description }]) => parameterText([name, description.replaceAll(MOVABLE.join('|'), 'any')]))
    .join('<br>') || 'none'

/** Operators of TFLite, whose rows have operands and attributes apart. */
function operatorSection(family, types) {
  const rows = types.map((type) => {
    const [row] = operators.get(type).rows
    return [code(type), row.rounding, declared(row.operands), declared(row.attributes), row.specification, evidenceOf('tflite', type)]
  })
  return `### ${heading('tflite', family)}\n\n${table(OPERATOR_HEAD, rows)}`
}

const isDone = (type, rowsOf) => rowsOf.has(type) || WITHOUT_ROW[type]?.done === true

function summary(dialect, families, rowsOf) {
  const count = (types) => {
    const cases = types.map((type) => recorded[dialect][type] ?? { cases: 0, hold: 0 })
    const sum = (key) => cases.reduce((total, one) => total + one[key], 0)
    const withCases = cases.filter((one) => one.cases > 0).length
    const done = types.filter((type) => isDone(type, rowsOf)).length
    return [dialect === 'tflite' ? String(done) : `${done} of ${types.length}`, String(withCases), `${sum('hold')} of ${sum('cases')}`]
  }
  const rows = families.map(([family, types]) => [`[${family}](#${anchor(dialect, family)})`, ...count(types)])
  return table(
    ['family', dialect === 'tflite' ? 'operators' : 'ops done of published', 'with recorded cases', 'uses in recorded cases that hold'],
    [...rows, ['**all**', ...count(families.flatMap(([, types]) => types))]],
  )
}

const HEADINGS = { mil: '', neuralnetwork: ' layers', tflite: ' operators' }
const heading = (dialect, family) => `${family}${HEADINGS[dialect]}`
const anchor = (dialect, family) => heading(dialect, family).replaceAll(' ', '-')

const mil = await tableOf('coreml/mil')
const layers = await tableOf('coreml/nn')
const models = await tableOf('coreml/models')
const operators = await tableOf('tfjs/tflite')
const milFamilies = grouped([...published.ops.map(({ type, family }) => [type, family]), ...Object.entries(BEYOND_THE_LIST)])
const layerFamilies = grouped(published.layers.map((type) => [type, layers.get(type)?.family ?? 'without a family']))
const listed = new Set([...milFamilies, ...layerFamilies].flatMap(([, types]) => types))
const stray = [...mil.keys(), ...layers.keys()].filter((type) => !listed.has(type))
if (stray.length > 0) throw new Error(`rows of no published op: ${stray.join(', ')}`)

const units = resultUnits
const { 'tflite-ops': tfliteSet, ...coremlSets } = sets
const sumOf = (key) => Object.values(coremlSets).reduce((total, set) => total + set[key], 0)
const [perfect, cases] = [sumOf('hold'), sumOf('cases')]

const PLACEHOLDERS = new Set(['CUSTOM', 'DELEGATE', 'PLACEHOLDER_FOR_GREATER_OP_CODES'])
const schemaOperators = Object.values(ENUMS.BuiltinOperator.names).filter((type) => !PLACEHOLDERS.has(type))
const operatorFamilies = grouped([...operators].map(([type, { family }]) => [type, family]))
const missingOperators = schemaOperators.filter((type) => !operators.has(type)).sort()

const text = `# Operators

Generated by \`npm run generate\` from the engine's op tables; not to be edited.

What the Core ML engine runs: every op of ML Programs by opset, and every layer of neural networks, against the lists that ${published.source} publishes, and the [model types](#model-types) that are one op. A model with anything else stops with \`UNSUPPORTED_OP\` before it runs; a combination of parameters that is not there stops with \`UNSUPPORTED_OP_VARIANT\` and says which. \`parity inspect MODEL\` names both.

- **since**: the first opset with these parameters and semantics; a later row takes over from its own opset on. iOS15 is \`CoreML5\` in a file, iOS16 \`CoreML6\`, iOS17 \`CoreML7\`, iOS18 \`CoreML8\`. Layers have no opset.
- **follows**: the section of the specification: for ML Programs the opset and the family in which coremltools defines the op, for layers and model types the message.
- **parameters**: each with what it takes; required unless a default stands there or it is optional. An op that does not run says so here, with the reason.
- **rounding**: how far two right implementations may differ, in units of the dtype's roundoff (2⁻²⁴ for float32, 2⁻¹¹ for float16). Where the parameters of a call decide, the loosest stands here; rows whose terms can cancel add how large those are. The [rounding model](precision.md#what-counts-as-the-same) of a comparison starts from it.

${table(
  ['rounding', 'units', 'what it is'],
  [
    ['exact', units('exact', 1), 'moves, selects or counts elements; integers'],
    ['rounded', units('rounded', 1), 'one rounding an element'],
    ['transcendental', units('transcendental', 1), 'a function that libraries compute to a few units'],
    ['accumulating', `${units('accumulating', 0)} + √n / 4`, 'a sum of n terms in any order'],
  ],
)}

- **evidence**: what says that a row is right. **A**: cases recorded from coremltools' own tests in which the op occurs, with the number of them; all hold where one number stands (${perfect} of ${cases} cases do, each within the tolerance of its test). **B**: a number that somebody printed of a device in public, which a test (test/runners/coreml/devices.test.ts in the repository) holds the engine or a [profile](precision.md#compute-units) to. **C**: the specification only, checked by golden cases of this project.

## ML Program ops

${summary('mil', milFamilies, mil)}

A recorded case counts for each op in it.

${milFamilies.map(([family, types]) => section('mil', family, types, mil)).join('\n\n')}

## Neural network layers

${summary('neuralnetwork', layerFamilies, layers)}

Weights and fields have the names of \`NeuralNetwork.proto\`; \`input\` stands for the layer's blobs in order. A default is what the field holds where a file leaves it out; where the specification takes 0 as another number (an epsilon of \`batchnorm\` as 1e-5, a scale of \`unary\` as 1), so does the engine.

${layerFamilies.map(([family, types]) => section('neuralnetwork', family, types, layers)).join('\n\n')}

## Model types

Models that are no network and run as one op, alone or as a stage of a pipeline; a model of any other type stops with \`UNSUPPORTED_MODEL_TYPE\`. Parameters have the names of the type's own file (\`NonMaximumSuppression.proto\`), \`minBoxes\` and \`maxBoxes\` are the sizes that its outputs are described with; \`iouThreshold\` and \`confidenceThreshold\` may be inputs too.

${table(
  forDialect('coreml', HEAD_ROW),
  [...models]
    .sort(([a], [b]) => a.localeCompare(b))
    .flatMap(([type, { rows }]) => opRows('coreml', type, rows))
    .map((row) => forDialect('coreml', row)),
)}

## TFLite operators

What the tfjs runner computes of a TFLite file: ${operators.size} of the schema's ${schemaOperators.length} operators. A model with another one stops with \`UNSUPPORTED_OP\`, an operand of another dtype than declared with \`UNSUPPORTED_DTYPE\`, one of another rank with \`MODEL_SHAPE\`, an attribute that the schema lacks with \`MODEL_ATTRIBUTE\`.

- **operands**: by position, each with its dtypes and rank; \`any\` is every dtype but complex64. \`integers\` and \`number\` are read from a tensor.
- **attributes**: fields of the options' table that the runner reads, with what stands for one where the file has no options.
- **rounding**: of float results, as above. Integers are computed as TFLite's reference kernels do, bit by bit.
- **follows**: the options' table of the schema, and the reference kernel, or the file of its kernel where it has none.
- **evidence**: **A**: cases recorded from TensorFlow Lite's interpreter with its reference kernels in which the operator occurs (${tfliteSet.hold} of ${tfliteSet.cases} hold). **C**: the specification only, checked by cases of this project, which every operator has.

${summary('tflite', operatorFamilies, operators)}

${operatorFamilies.map(([family, types]) => operatorSection(family, types)).join('\n\n')}

Not computed: ${missingOperators.map(code).join(', ')}.
`

if (process.argv.includes('--check')) {
  if (readFileSync(PAGE, 'utf8') !== text) {
    process.stderr.write('docs/operators.md is out of date: run `npm run generate`\n')
    process.exit(1)
  }
} else writeFileSync(PAGE, text)
