/** What a check is asked for. */
import type { PreprocessingOptions } from '../inputs/feeds.js'
import type { Backend, ComputeUnit, Precision } from '../runners/session.js'
import type { NamedTolerance } from '../verdict/policy.js'
import type { MapEntry } from './map.js'

export interface CheckOptions {
  source: string
  target: string
  /** Samples of both sides: files or folders. */
  inputs?: string[]
  /** The target's own samples where they differ in kind, in the same order. */
  targetInputs?: string[]
  random?: { count: number; seed: number }
  /** Source input or output to target input or output. */
  map?: MapEntry[]
  /** Without `name`: for all outputs that have no tolerance of their own. A name may be a glob over names of values and types of ops. */
  tolerances?: NamedTolerance[]
  /** dB of signal over error that an output must keep. @default 20 */
  minSnr?: number
  /** Causes that fail whatever their severity; 'warning' for every warning. */
  failOn?: string[]
  /** @default any number */
  maxWarnings?: number
  /** File of the source's classes, one a line. */
  labels?: string
  preprocessing?: PreprocessingOptions
  backend?: Backend
  precision?: Precision
  /** Adds the band over all units to the outputs. */
  computeUnit?: ComputeUnit
  flushSubnormals?: boolean
  customLayers?: Record<string, string>
  /** MB that the live values of a run may take. @default half of the memory that the process may use */
  memoryLimit?: number
  /** Billions of products and elements that a run may compute. @default 1000, of which loops may take 10 */
  workLimit?: number
  /** Leaves times out of the record. */
  reproducible?: boolean
  /** How the record names the call. */
  command?: string
  /** `done` of `total` samples are compared; without them, how far one long run is. */
  onProgress?: (message: string, progress?: { done: number; total: number }) => void
}
