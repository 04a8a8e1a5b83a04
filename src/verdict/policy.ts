/** What a user allows: the only thing besides measurements that a verdict depends on. */
import { namesOf, type OutputPair } from '../align/outputs.js'
import type { Tolerance } from '../record/record.js'

export interface Policy {
  /** dB of signal over error that an output must keep, over its samples together. */
  minSnr: number
  /** Causes that fail whatever their severity; 'warning' for every warning. */
  failOn: readonly string[]
  /** Warnings beyond this number fail. */
  maxWarnings: number
  tolerances: readonly NamedTolerance[]
}

/** `name`: an output, or a glob over names of values and types of ops; without one, for all outputs that have no tolerance of their own. */
export type NamedTolerance = Tolerance & { name?: string | undefined }

/** The SNR from which on Apple's guide to typed execution calls two results alike. */
export const MIN_SNR = 20

export const DEFAULT_POLICY: Policy = { minSnr: MIN_SNR, failOn: [], maxWarnings: Number.POSITIVE_INFINITY, tolerances: [] }

const globOf = (pattern: string): RegExp =>
  new RegExp(
    `^${pattern
      .replace(/[.+^${}()|[\]\\]/g, '\\$&')
      .replace(/\*/g, '.*')
      .replace(/\?/g, '.')}$`,
    's',
  )

const isGlob = (name: string): boolean => /[*?]/.test(name)

/** The tolerance for something that goes by `names`: one that says a name in full before one that matches it. */
export function toleranceFor(tolerances: readonly NamedTolerance[], names: readonly string[]): Tolerance | undefined {
  const exact = tolerances.find(({ name }) => name !== undefined && names.includes(name))
  const found = exact ?? tolerances.find(({ name }) => name !== undefined && isGlob(name) && names.some((one) => globOf(name).test(one)))
  return found && { atol: found.atol, rtol: found.rtol }
}

/** What a tolerance may call a pair of outputs. */
export const tolerableNames = ({ source, target }: OutputPair): string[] => [...namesOf(source), target.name]

/** The tolerance for an output: its own, else the one for all outputs. */
export function outputTolerance(tolerances: readonly NamedTolerance[], pair: OutputPair): Tolerance | undefined {
  const general = tolerances.find(({ name }) => name === undefined)
  return toleranceFor(tolerances, tolerableNames(pair)) ?? (general && { atol: general.atol, rtol: general.rtol })
}
