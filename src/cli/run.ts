/** `parity run MODEL`. */
import type { ArgumentsCamelCase, Argv } from 'yargs'
import { visible } from '../../reports/format.js'
import { runModel } from '../index.js'
import {
  defined,
  preprocessingOf,
  preprocessingOptions,
  repeatable,
  sampleOptions,
  samplesOf,
  sessionOf,
  sessionOptions,
} from './options.js'
import { createProgress } from './progress.js'
import { summaryOf } from './summary.js'
import { destinationAt } from './write.js'

const builder = (yargs: Argv) =>
  yargs
    .positional('model', { type: 'string', demandOption: true, describe: 'Any readable model' })
    .options({
      output: {
        type: 'string',
        requiresArg: true,
        demandOption: true,
        describe:
          'An .npz file (members NAME, or I/NAME for several samples), or a folder (no ending, or / at its end) for one .npz a sample',
      },
      fetch: repeatable("'all', or names of values, separated by ',' or given repeatedly; default: the outputs"),
      ...sampleOptions,
      ...preprocessingOptions,
      ...sessionOptions,
      quiet: { type: 'boolean', default: false, describe: 'On the terminal nothing of what was written' },
    } as const)
    .option('function', { type: 'string', requiresArg: true, describe: 'Function of an ML Program, signature of a TFLite file' })

type Arguments = ArgumentsCamelCase<ReturnType<typeof builder> extends Argv<infer T> ? T : never>

export const runCommand = {
  command: 'run <model>',
  describe: 'Run a model on samples and write what it computes',
  builder,
  async handler(argv: Arguments): Promise<void> {
    const progress = createProgress({ stream: process.stderr, now: () => performance.now() })
    const samples = runModel({
      model: argv.model,
      fetch: fetchOf(argv.fetch ?? []),
      onProgress: progress.show,
      onNote: (note) => process.stderr.write(`note: ${visible(note)}\n`),
      ...samplesOf(argv),
      ...sessionOf(argv),
      ...defined({ preprocessing: preprocessingOf(argv), function: argv.function }),
    })
    const destination = destinationAt(argv.output)
    const summary = summaryOf(argv.quiet ? () => {} : (line) => process.stdout.write(`${line}\n`), destination.placeOf)
    try {
      for await (const sample of samples) {
        destination.add(sample)
        summary.add(sample)
      }
      destination.finish()
    } catch (error) {
      destination.discard()
      throw error
    } finally {
      progress.end()
    }
    summary.finish()
  },
}

function fetchOf(names: readonly string[]): 'outputs' | 'all' | string[] {
  if (names.length === 0) return 'outputs'
  return names.length === 1 && names[0] === 'all' ? 'all' : names.flatMap((name) => name.split(','))
}
