/** `parity check SOURCE TARGET`. */
import type { ArgumentsCamelCase, Argv } from 'yargs'
import { reportEndings, reporterFor, terminal, terminalOptions } from '../../reports/index.js'
import { ParityError } from '../graph/errors.js'
import { check } from '../index.js'
import {
  defined,
  fromHere,
  judgingOf,
  judgingOptions,
  preprocessingOf,
  preprocessingOptions,
  refuseQuietAndVerbose,
  repeatable,
  sampleOptions,
  samplesOf,
  sessionOf,
  sessionOptions,
} from './options.js'
import { createProgress } from './progress.js'
import { refuseUnwritable, writeWhole } from './write.js'

const COMPARING = 'Comparing:'
const REPORTING = 'Reporting:'

const builder = (yargs: Argv) =>
  yargs
    .positional('source', { type: 'string', demandOption: true, describe: 'The model that was converted' })
    .positional('target', { type: 'string', demandOption: true, describe: 'Its Core ML conversion: .mlmodel or .mlpackage' })
    .options({
      ...sampleOptions,
      'target-inputs': {
        type: 'string',
        array: true,
        requiresArg: true,
        group: 'Samples:',
        describe: "The target's own samples where they differ in kind, in the same order",
      },
      ...preprocessingOptions,
      map: { ...repeatable('SOURCE=TARGET: inputs or outputs that stand for each other'), group: COMPARING },
      labels: { type: 'string', requiresArg: true, group: COMPARING, describe: "File of the source's classes, one a line" },
      ...judgingOptions,
      ...sessionOptions,
      report: { ...repeatable(`Write a report; its ending chooses the kind: ${reportEndings().join(' ')}`), group: REPORTING },
      reproducible: {
        type: 'boolean',
        default: false,
        group: REPORTING,
        describe: 'Leave times out of the record, and write paths as seen from here',
      },
      verbose: {
        type: 'boolean',
        default: false,
        group: REPORTING,
        describe: 'On the terminal also the layers that stand out, values without a partner, and times',
      },
      quiet: {
        type: 'boolean',
        default: false,
        group: REPORTING,
        describe: 'On the terminal nothing where parity holds; where it does not, the reasons and findings',
      },
    } as const)

type Arguments = ArgumentsCamelCase<ReturnType<typeof builder> extends Argv<infer T> ? T : never>

export const checkCommand = {
  command: 'check <source> <target>',
  describe: 'Compare a source model with its Core ML conversion, layer by layer',
  builder,
  async handler(argv: Arguments): Promise<void> {
    const reports = (argv.report ?? []).map((path) => ({ path, render: reporterOf(path) }))
    for (const { path } of reports) refuseUnwritable(path)
    refuseQuietAndVerbose(argv)
    const progress = argv.quiet ? undefined : createProgress({ stream: process.stderr, now: () => performance.now() })
    const spelt = argv.reproducible ? fromHere : (path: string) => path
    const record = await check({
      source: spelt(argv.source),
      target: spelt(argv.target),
      map: argv.map ?? [],
      ...judgingOf(argv),
      reproducible: argv.reproducible,
      command: `parity ${process.argv.slice(2).map(spelt).map(quoted).join(' ')}`,
      ...samplesOf({ ...argv, inputs: argv.inputs?.map(spelt) }),
      ...sessionOf(argv),
      ...defined({
        targetInputs: argv['target-inputs']?.map(spelt),
        labels: argv.labels,
        preprocessing: preprocessingOf(argv),
        onProgress: progress?.show,
      }),
    }).finally(() => progress?.end())
    for (const { path, render } of reports) writeWhole(path, render(record))
    const { quiet, verbose } = argv
    process.stdout.write(terminal(record, { ...terminalOptions(process.stdout, process.env), quiet, verbose }))
    process.exitCode = record.verdict === 'pass' ? 0 : 1
  },
}

function reporterOf(path: string) {
  const reporter = reporterFor(path)
  if (reporter) return reporter
  throw new ParityError('USAGE_REPORT', {
    what: `no reporter writes '${path}'`,
    remedy: `Endings that have one: ${reportEndings().join(' ')}`,
  })
}

const quoted = (argument: string): string => (/^[\w@%+=:,./-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", "'\\''")}'`)
