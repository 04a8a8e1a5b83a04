/** Options that several commands share, and how their text is read. */
import { isAbsolute, relative } from 'node:path'
import type { InferredOptionTypes, Options } from 'yargs'
import { ParityError } from '../graph/errors.js'
import { namesLike } from '../graph/likeness.js'
import { CONVERSION_CAUSES, GENERAL_CAUSES } from '../record/causes.js'

const usage = (what: string, remedy: string): ParityError => new ParityError('USAGE_OPTION', { what, remedy })

/** A flag with a value each time it is given. */
export const repeatable = (describe: string) => ({ type: 'string', array: true, nargs: 1, requiresArg: true, describe }) as const

/** A flag with one or more values. */
const severalValues = (describe: string) => ({ type: 'string', array: true, requiresArg: true, describe }) as const

const oneValue = (describe: string) => ({ type: 'string', requiresArg: true, describe }) as const

export const sampleOptions = {
  inputs: { ...severalValues('Samples: files or folders (.png .jpg .npy .npz .json, raw .bin)'), group: 'Samples:' },
  random: { ...oneValue('Number of random samples, in place of files'), group: 'Samples:' },
  seed: { ...oneValue('Seed of the random samples, 0 unless given'), group: 'Samples:' },
} as const

const PREPROCESSING = 'Preprocessing of the source (value = pixel * scale + bias):'

export const preprocessingOptions = {
  scale: { ...oneValue('Factor of each pixel, 0 to 255'), group: PREPROCESSING },
  bias: { ...oneValue("One number, or one a channel in the source's channel order: 1,2,3"), group: PREPROCESSING },
  order: { choices: ['RGB', 'BGR'], requiresArg: true, describe: "The source's channel order", group: PREPROCESSING },
  layout: { choices: ['NHWC', 'NCHW'], requiresArg: true, describe: "Layout of the source's image input", group: PREPROCESSING },
} as const

const JUDGING = 'Judging:'

export const judgingOptions = {
  tolerance: {
    ...repeatable("[NAME:]atol=X,rtol=Y, in place of what rounding explains; NAME: an output, or a pattern ('*') of layers or op types"),
    group: JUDGING,
  },
  'min-snr': { ...oneValue('Least signal that an output must keep over its error, dB; 20 unless given'), group: JUDGING },
  'fail-on': {
    ...repeatable("A cause whose findings fail the check, whatever their severity, or 'warning' for all warnings"),
    group: JUDGING,
  },
  'max-warnings': { ...oneValue('More warnings than this fail the check'), group: JUDGING },
} as const

const RUNNING = 'Running:'

export const sessionOptions = {
  backend: { choices: ['wasm', 'cpu', 'node'], requiresArg: true, describe: 'Backend of tfjs', group: RUNNING },
  precision: {
    choices: ['authored', 'fp32', 'fp16', 'fp16-accumulate'],
    requiresArg: true,
    describe: "Core ML: arithmetic; 'authored' is the file's own",
    group: RUNNING,
  },
  'compute-unit': {
    choices: ['cpu', 'gpu', 'ane'],
    requiresArg: true,
    describe: 'Core ML: assumptions about a unit, see docs/precision.md; check gives the band over all three',
    group: RUNNING,
  },
  'flush-to-zero': { type: 'boolean', describe: 'Core ML: numbers below the least normal one become zero', group: RUNNING },
  'custom-layer': { ...repeatable('CLASS=MODULE.js: a module that computes a custom layer, see docs/custom-layers.md'), group: RUNNING },
  'memory-limit': { ...oneValue("Most MB that a run's live values may take; half of the memory unless given"), group: RUNNING },
  'work-limit': {
    ...oneValue('Most billions of products and elements that a run may compute; 1000 unless given, of which loops may take 10'),
    group: RUNNING,
  },
} as const

type Values<T extends Record<string, Options>> = Partial<InferredOptionTypes<T>>

/** A finite number. @throws ParityError USAGE_OPTION */
function numberOption(flag: string, text: string): number {
  const value = Number(text)
  if (text.trim() !== '' && Number.isFinite(value)) return value
  throw usage(`--${flag} is '${text}', expected a number`, `For example --${flag} 1`)
}

/** A whole number of at least `least`. */
function countOption(flag: string, text: string, least: number): number {
  const value = numberOption(flag, text)
  if (Number.isSafeInteger(value) && value >= least) return value
  throw usage(`--${flag} is '${text}', expected a whole number from ${least}`, `For example --${flag} ${least}`)
}

/** `[NAME:]atol=X,rtol=Y`, either of the two; the name, of an output or a pattern of layers, ends at the last ':' before them. */
export function toleranceOption(text: string): { name?: string; atol: number; rtol: number } {
  const match = /^(?:(.*):)?((?:atol|rtol)=[^:]*)$/s.exec(text)
  const parts = match?.[2]?.split(',').map((part) => part.split('=')) ?? []
  const bounds = new Map(parts.map(([key, value = '']) => [key, value.trim() === '' ? Number.NaN : Number(value)]))
  const isKnown = parts.length > 0 && bounds.size === parts.length && parts.every((part) => part.length === 2 && /^[ar]tol$/.test(part[0]!))
  if (!isKnown || [...bounds.values()].some((bound) => !(bound >= 0 && bound < Infinity))) {
    throw usage(`--tolerance '${text}' is not understood`, 'Write --tolerance atol=1e-3,rtol=1e-2, or --tolerance NAME:atol=1e-3')
  }
  return { ...(match![1] !== undefined && { name: match![1] }), atol: bounds.get('atol') ?? 0, rtol: bounds.get('rtol') ?? 0 }
}

const CAUSES: readonly string[] = [...CONVERSION_CAUSES, ...GENERAL_CAUSES]

/** `warning`, or the cause of a finding. @throws ParityError USAGE_OPTION with the causes of like names */
export function failOnOption(text: string): string {
  if (text === 'warning' || CAUSES.includes(text)) return text
  const near = namesLike(text, CAUSES)
  throw usage(
    `--fail-on is '${text}', expected 'warning' or a cause`,
    near.length
      ? `Causes of like names: ${near.join(', ')}`
      : "A finding's cause stands first in the report, for example --fail-on range-risk",
  )
}

/** What the judge is told besides the rounding model. */
export function judgingOf(argv: Values<typeof judgingOptions>) {
  const { tolerance, 'fail-on': failOn, 'max-warnings': maxWarnings, 'min-snr': minSnr } = argv
  return {
    tolerances: (tolerance ?? []).map(toleranceOption),
    ...defined({
      failOn: failOn?.map(failOnOption),
      maxWarnings: maxWarnings === undefined ? undefined : countOption('max-warnings', maxWarnings, 0),
      minSnr: minSnr === undefined ? undefined : numberOption('min-snr', minSnr),
    }),
  }
}

/** @throws ParityError USAGE_OPTION where both are asked for. */
export function refuseQuietAndVerbose({ quiet, verbose }: { quiet: boolean; verbose: boolean }): void {
  if (quiet && verbose) throw usage('--quiet and --verbose are given together', 'Give one of the two')
}

/** `CLASS=MODULE.js` entries as a map. */
function customLayersOption(entries: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    entries.map((entry) => {
      const at = entry.indexOf('=')
      if (at <= 0 || at === entry.length - 1)
        throw usage(`--custom-layer '${entry}' is not understood`, 'Write --custom-layer CLASS=MODULE.js')
      return [entry.slice(0, at), entry.slice(at + 1)]
    }),
  )
}

/** `--inputs PATH…`, `--random N --seed S`. */
export function samplesOf({ inputs, random, seed }: Values<typeof sampleOptions>) {
  if (random === undefined && seed !== undefined) throw usage('--seed is given without --random', 'Give --random N, or leave --seed out')
  return defined({
    inputs,
    random: random === undefined ? undefined : { count: countOption('random', random, 1), seed: countOption('seed', seed ?? '0', 0) },
  })
}

/** An absolute path, also one behind `--flag=`, as seen from the working folder: where a checkout lies is no part of a result. */
export function fromHere(argument: string): string {
  const [, flag = '', path = ''] = /^(--[\w-]+=)?(.*)$/s.exec(argument) ?? []
  return isAbsolute(path) ? `${flag}${relative('', path) || '.'}` : argument
}

/** Undefined where no flag of it is given. */
export function preprocessingOf({ scale, bias, order, layout }: Values<typeof preprocessingOptions>) {
  const given = defined({
    scale: scale === undefined ? undefined : numberOption('scale', scale),
    bias: bias?.split(',').map((part) => numberOption('bias', part)),
    order,
    layout,
  })
  return Object.keys(given).length > 0 ? given : undefined
}

export function sessionOf(argv: Values<typeof sessionOptions>) {
  const {
    'memory-limit': memoryLimit,
    'work-limit': workLimit,
    'compute-unit': computeUnit,
    'flush-to-zero': flushSubnormals,
    'custom-layer': customLayers,
  } = argv
  return {
    customLayers: customLayersOption(customLayers ?? []),
    ...defined({
      backend: argv.backend,
      precision: argv.precision,
      computeUnit,
      flushSubnormals,
      memoryLimit: memoryLimit === undefined ? undefined : countOption('memory-limit', memoryLimit, 1),
      workLimit: workLimit === undefined ? undefined : countOption('work-limit', workLimit, 1),
    }),
  }
}

/** Members without an undefined value, as options with exact optional properties want them. */
export function defined<T extends object>(options: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>
  }
}

/** Flags that may be given more than once. */
const REPEATABLE = new Set(['inputs', 'target-inputs', 'report', 'tolerance', 'fail-on', 'map', 'custom-layer', 'fetch'])

/** @throws ParityError USAGE_OPTION for a flag that was given twice and takes one value. */
export function refuseRepeated(argv: Record<string, unknown>): void {
  const twice = Object.keys(argv).find((key) => /^[a-z-]+$/.test(key) && Array.isArray(argv[key]) && !REPEATABLE.has(key))
  if (twice !== undefined) throw usage(`--${twice} is given more than once`, 'Give it once')
}

/** A number that begins with '-' is the value of the flag before it, not a flag. */
export const joinNegative = (argv: readonly string[]): string[] => {
  const joined: string[] = []
  for (const argument of argv) {
    if (/^--(bias|scale|min-snr)$/.test(joined.at(-1) ?? '') && /^-[\d.]/.test(argument)) joined.push(`${joined.pop()}=${argument}`)
    else joined.push(argument)
  }
  return joined
}
