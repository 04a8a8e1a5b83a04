/** `parity inspect MODEL`. */
import type { CommandModule } from 'yargs'
import { visibleJson } from '../../reports/format.js'
import { terminalOptions } from '../../reports/index.js'
import { inspect } from '../index.js'
import { inspectionText } from './inspection.js'
import { defined } from './options.js'

/** Columns of what is no terminal. */
const WIDEST = 200

interface Arguments {
  model: string
  json: boolean
  op?: string | undefined
  'export-weights'?: string | undefined
}

export const inspectCommand: CommandModule<object, Arguments> = {
  command: 'inspect <model>',
  describe: 'Show what a model holds, which ops run, and what is known to hurt in a conversion',
  builder: (yargs) =>
    yargs
      .positional('model', { type: 'string', demandOption: true, describe: 'Any readable model' })
      .option('op', {
        type: 'string',
        requiresArg: true,
        describe: 'Attributes and operands of the op of this name, or of all ops of this type',
      })
      .option('json', { type: 'boolean', default: false, describe: 'Everything, as JSON' })
      .option('export-weights', { type: 'string', describe: 'Folder that each constant is written to as .npy' }),
  async handler(argv) {
    const found = await inspect(argv.model, defined({ exportWeights: argv['export-weights'], op: argv.op }))
    const { color, width } = terminalOptions(process.stdout, process.env)
    // behind a pipe a name is searched for, or taken for --op: whole names before narrow tables
    const page = { color, width: process.stdout.isTTY ? width : WIDEST }
    const text = argv.json ? `${visibleJson(JSON.stringify(found, asJson, 1))}\n` : inspectionText(found, page, argv.op)
    process.stdout.write(text)
  },
}

function asJson(_key: string, value: unknown): unknown {
  if (typeof value === 'bigint') return Number(value)
  return ArrayBuffer.isView(value) ? Array.from(value as unknown as ArrayLike<number>) : value
}
