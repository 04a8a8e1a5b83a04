/** `parity inspect MODEL`. */
import Table from 'cli-table3'
import type { CommandModule } from 'yargs'
import { type Inspection, inspect } from '../index.js'
import { defined } from './options.js'

interface Arguments {
  model: string
  json: boolean
  'export-weights'?: string | undefined
}

export const inspectCommand: CommandModule<object, Arguments> = {
  command: 'inspect <model>',
  describe: 'Show what a model holds, which ops run, and what is known to hurt in a conversion',
  builder: (yargs) =>
    yargs
      .positional('model', { type: 'string', demandOption: true, describe: 'Any readable model' })
      .option('json', { type: 'boolean', default: false, describe: 'Everything, as JSON' })
      .option('export-weights', { type: 'string', describe: 'Folder that each constant is written to as .npy' }),
  async handler(argv) {
    const found = await inspect(argv.model, defined({ exportWeights: argv['export-weights'] }))
    process.stdout.write(argv.json ? `${JSON.stringify(found, asJson, 1)}\n` : textOf(found))
  },
}

function asJson(_key: string, value: unknown): unknown {
  if (typeof value === 'bigint') return Number(value)
  return ArrayBuffer.isView(value) ? Array.from(value as unknown as ArrayLike<number>) : value
}

const shown = (shape: readonly (number | null)[] | null): string =>
  shape === null ? 'any shape' : `[${shape.map((d) => d ?? '?').join(', ')}]`

function section(title: string, head: string[], rows: (string | number)[][]): string {
  if (rows.length === 0) return ''
  const table = new Table({ head, style: { head: [], border: [], compact: true } })
  table.push(...rows)
  return `\n${title}\n${table.toString()}\n`
}

function textOf(found: Inspection): string {
  const bytes = found.weights.reduce((sum, weight) => sum + weight.bytes, 0)
  const features = (list: Inspection['inputs'] | Inspection['outputs']) =>
    list.map(({ name, kind, dtype, shape }) => [name, kind, dtype ?? '', shown(shape)])
  return [
    `${found.path}: ${found.format}, ${found.ops.length} ops, ${found.weights.length} constants (${(bytes / 1e6).toFixed(2)} MB), sha256 ${found.sha256.slice(0, 16)}…\n`,
    ...Object.entries(found.metadata).map(([key, value]) => `${key}: ${value}\n`),
    ...found.notes.map((note) => `note: ${note}\n`),
    section('Inputs', ['name', 'kind', 'dtype', 'shape'], features(found.inputs)),
    section('Outputs', ['name', 'kind', 'dtype', 'shape'], features(found.outputs)),
    section(
      'Op types',
      ['type', 'count', ''],
      Object.entries(found.opTypes).map(([type, count]) => [type, count, found.unsupported.includes(type) ? 'not supported' : '']),
    ),
    section('Ops', ['op', 'type', 'makes', 'dtype and shape'], opRows(found)),
    section(
      'Known to hurt in a conversion',
      ['what', 'where', 'detail'],
      found.risks.map(({ risk, where, detail }) => [risk, where, detail]),
    ),
  ].join('')
}

function opRows({ ops, values }: Inspection): string[][] {
  const known = new Map(values.map((value) => [value.name, value]))
  return ops.map(({ name, type, outputs }) => {
    const value = outputs[0] == null ? undefined : known.get(outputs[0])
    return [name, type, outputs.filter((output) => output !== null).join(', '), value ? `${value.dtype ?? '?'} ${shown(value.shape)}` : '']
  })
}
