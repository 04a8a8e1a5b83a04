#!/usr/bin/env node
/** `parity`: parses, calls the public API, prints. Exit codes: 0 parity holds, 1 it does not, 2 call or input, 3 model, 70 a bug of ours. */
import yargs from 'yargs'
import { hideBin } from 'yargs/helpers'
import { visible } from '../../reports/format.js'
import { exitCodeOf, ParityError } from '../graph/errors.js'
import { VERSION } from '../record/version.js'
import { checkCommand } from './check.js'
import { inspectCommand } from './inspect.js'
import { joinNegative, refuseRepeated } from './options.js'
import { runCommand } from './run.js'
import { outliveReaders } from './streams.js'

const EXIT_CODES = `Exit codes
  0   parity holds
  1   it does not
  2   the call or an input is wrong
  3   a model cannot be run: it is broken, or holds something unsupported
  70  a bug of ours`

const argv = joinNegative(hideBin(process.argv))

async function main(): Promise<void> {
  await yargs(argv)
    .scriptName('parity')
    .version(VERSION)
    .command(checkCommand)
    .command(runCommand)
    .command(inspectCommand)
    .demandCommand(1, 'no command is given')
    .option('debug', { type: 'boolean', default: false, describe: 'Print the chain of causes of an error' })
    .middleware(refuseRepeated)
    .epilogue(EXIT_CODES)
    .strict()
    .wrap(Math.min(100, process.stdout.columns ?? 100))
    .parserConfiguration({ 'parse-numbers': false, 'parse-positional-numbers': false, 'camel-case-expansion': false })
    .exitProcess(false)
    .fail((message, error) => {
      throw error && error.name !== 'YError' ? error : usage(message ?? error?.message)
    })
    .parseAsync()
}

const usage = (message: string): ParityError =>
  new ParityError('USAGE_ARGUMENTS', {
    what: message.replace(/\s*\n\s*/g, ' '),
    remedy: /non-option arguments/.test(message)
      ? 'Models come first: parity check SOURCE TARGET --inputs PATH…'
      : '`parity --help` and `parity check --help` show how it is called',
  })

/** What a file calls its parts stands in messages: it must not steer the terminal. */
const print = (text: string): void => void process.stderr.write(`${text.split('\n').map(visible).join('\n')}\n`)

function report(error: unknown): void {
  if (error instanceof ParityError) {
    print(`parity: ${visible(error.what)}`)
    if (error.where) print(`  where:  ${visible(error.where)}`)
    if (error.remedy) print(`  remedy: ${visible(error.remedy)}`)
    print(`  code:   ${error.code}`)
  } else {
    print(`parity: internal error: ${error instanceof Error ? error.message : String(error)}`)
    print('  remedy: this is a bug of coreml-parity; run again with --debug and report what it prints')
  }
  if (!argv.includes('--debug')) return
  for (let cause: unknown = error; cause instanceof Error; cause = cause.cause) print(cause.stack ?? cause.message)
}

outliveReaders(process.stdout, process.stderr)
main().catch((error: unknown) => {
  report(error)
  process.exitCode = exitCodeOf(error)
})
