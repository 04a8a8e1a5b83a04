/**
 * The RunRecord, version 2: everything that one comparison found, and the only thing that reporters read.
 * `reports/run-record.schema.json` is the same as JSON Schema. Within a version fields are added, never changed or removed.
 * Samples count from 0; `inputs.names` has their names.
 *
 * In memory numbers are JavaScript numbers, NaN and infinities included; `serialize` writes those three as strings, since JSON lacks them.
 */
import type { Cause } from './causes.js'
import type { Figures } from './metrics.js'

export const RECORD_VERSION = 2

export interface RunRecord {
  schema: typeof RECORD_VERSION
  tool: { name: string; version: string }
  /** ISO 8601, UTC. Absent in a reproducible record. */
  created?: string
  /** The command line as given, quoted for a POSIX shell. */
  command: string
  source: SourceModel
  target: TargetModel
  inputs: Inputs
  outputs: Output[]
  /** Aligned pairs of values, in the order of the source's execution. */
  layers: Layer[]
  unaligned: { source: UnalignedValue[]; target: UnalignedValue[] }
  /** The first pair beyond what rounding explains; null where there is none. */
  divergence: Divergence | null
  /** Most upstream first, one a fault. */
  findings: Finding[]
  attribution?: Attribution[]
  verdict: Verdict
  /** Why the verdict is what it is, one sentence each. */
  reasons: string[]
  /** Remarks about files and samples that change no verdict: a wrong extension, an ignored orientation. */
  notes?: string[]
  work: Work
  /** Milliseconds by phase. Absent in a reproducible record. */
  timings?: Record<string, number>
}

export type Verdict = 'pass' | 'fail'

interface ComparedModel {
  /** As given by the caller. */
  path: string
  format: string
  /** Of the file; of a folder over the sorted lines `relative path NUL sha256 of the file LF`. */
  sha256: string
  /** Nodes of the graph that ran. */
  ops: number
  /** Results of ops in the graph that ran: no constants, no inputs, nothing inside the bodies of loops and branches. */
  values: number
}

export interface SourceModel extends ComparedModel {
  /** What ran it: 'tfjs wasm 4.22.0'. */
  runtime: string
}

export interface TargetModel extends ComparedModel {
  /** How floats were held. */
  precision: 'authored' | 'fp32' | 'fp16' | 'fp16-accumulate'
  /** The profile that ran, where one was asked for. */
  computeUnit?: ComputeUnit
  /** Numbers below the least normal one were set to zero. */
  flushSubnormals?: boolean
  /** Build of the SIMD kernels that ran, where the target ran on them. */
  kernels?: 'portable' | 'fma'
}

export interface Inputs {
  /** Number of samples compared. */
  samples: number
  /** Of each sample: its file, or the file and the index within it. */
  names: string[]
  mapping: InputPair[]
  /** How a pixel becomes an element of the source's input: value = pixel * scale + bias. */
  preprocessing: Preprocessing
}

export interface InputPair {
  source: string
  target: string
  /** How the pair was found. */
  by: 'map' | 'name' | 'shape' | 'value' | 'order'
}

export interface Preprocessing {
  scale?: number
  /** In the order of the source's channels. */
  bias?: number[]
  order?: 'RGB' | 'BGR'
  layout?: 'NHWC' | 'NCHW'
  /** True where it was taken from the target's image input instead of being given. */
  inferred: boolean
}

/** |source - target| <= atol + rtol * |source|. */
export interface Tolerance {
  atol: number
  rtol: number
}

export interface Output {
  source: string
  target: string
  /** How the pair was found. */
  by: 'map' | 'name' | 'order' | 'value'
  /** As of a layer: null where the axes stand in the same order. */
  layout: number[] | null
  /** Of the source's value. */
  dtype: string
  metrics: Metrics
  /** The user's, where one decided; null where the rounding model did. */
  tolerance: Tolerance | null
  /** Largest |difference| that rounding explains at the element that comes nearest to it, or passes it by most. */
  floor: number
  /** What decided where no tolerance did. */
  rounding: RoundingSummary
  pass: boolean
  /** In the order of `inputs.names`. */
  samples: OutputSample[]
  /** Where a compute unit was asked for: the output against the source under the profile of each; assumptions, no device. */
  band?: BandEntry[]
}

/** One sample of an output. */
export interface OutputSample {
  maxAbs: number
  snr: number
  nonFinite: number
  /** Whether the largest element stands at the same place on both sides; absent where that means nothing. */
  sameTop?: boolean
  pass: boolean
}

export type ComputeUnit = 'cpu' | 'gpu' | 'ane'

/** An output's largest differences under the profile of one compute unit. */
export interface BandEntry {
  unit: ComputeUnit
  maxAbs: number
  maxRel: number
}

export interface OpReference {
  name: string
  /** The format's own op or layer type; `input`, `scaler` or `classLabels` for a part of the model's description. */
  type: string
}

/** `ok`: rounding explains it. `precision`, `semantic`: it does not, by what. `unchecked`: the segment could not be run by itself. */
export type LayerStatus = 'ok' | 'precision' | 'semantic' | 'unchecked'

/** A source value and the target value that holds the same thing. */
export interface Layer {
  source: string
  target: string
  sourceOp: OpReference
  targetOp: OpReference
  /** How the pair was found. */
  by: 'name' | 'value' | 'structure'
  /** Axis i of the target's value is axis layout[i] of the source's, dimensions of one aside; null where the axes stand in the same order. */
  layout: number[] | null
  /** Each side ran from its own inputs. */
  cumulative: Metrics
  /** The target's segment ran from the source's values; null where status is `unchecked`. */
  isolated: Isolated | null
  status: LayerStatus
}

export interface Isolated {
  /** The segment in float32 against the source. */
  semantic: Metrics
  /** The segment as authored against the segment in float32. */
  precision: Metrics
  /** Largest |difference| that rounding in float32 explains here: what `semantic` is judged against. */
  floor: number
  /** The same for the target's own precision and `precision`; absent where the target computes in float32 alone. */
  precisionFloor?: number
  /** How the elements stand to what rounding explains, each judged by its own surroundings. */
  rounding: { semantic: RoundingSummary; precision?: RoundingSummary }
}

/** A value's differences in units of the local rounding: the root mean square of what rounding does to an element. */
export interface RoundingSummary {
  /** What decides: each element by itself, `largest` against 16; or the energy of channels, `typical` against 8 (float16). */
  by: 'element' | 'energy'
  /** Elements that were judged. */
  count: number
  /** Elements beyond what rounding can do to one. */
  beyond: number
  /** The largest difference, in units of its local rounding. */
  largest: number
  /** Root mean square of the differences, in the same units; of the worst channel where energy decides. */
  typical: number
}

/** Differences between a source's and a target's value over all samples; d = target - source, s = source. */
export type Metrics = Figures & {
  /** The element that differs most; null where nothing was compared. */
  worst: WorstElement | null
}

export interface WorstElement {
  sample: number
  /** Index along each axis of the source's value. */
  index: number[]
  source: number
  target: number
}

export interface UnalignedValue {
  value: string
  reason: string
}

export interface Divergence {
  /** Index into `layers`. */
  layer: number
  sample: number
}

export type Severity = 'error' | 'warning' | 'note'
export type Side = 'target' | 'source' | 'inputs'

/** One fault and the proof of it. */
export interface Finding {
  cause: Cause
  severity: Severity
  side: Side
  op: OpReference
  /** The value where it first shows. */
  value: string
  /** At most three more ops or values that share it. */
  also: string[]
  /** What is wrong, with the numbers that show it. */
  detail: string
  evidence: Evidence
  /** 0 to 1. */
  confidence: number
  remedy: string
  /** Samples on which it shows. */
  samples: number[]
  /** The source's op and the ops of the target's segment that do its work, in the order in which they run. */
  compared?: { source: ComparedOp[]; target: ComparedOp[] }
}

/** An op as a person compares it: attributes and small constants in short, operands by name. */
export interface ComparedOp {
  op: OpReference
  attributes: { [name: string]: string }
  operands: { [parameter: string]: string }
}

/** Largest |difference| of the segment before and after the suspect was rewritten, and what rounding explains. */
export interface Evidence {
  error: number
  /** null where nothing was rewritten. */
  afterFix: number | null
  floor: number
}

/** Which layers an output's error comes from; shares add up to 1 at most. */
export interface Attribution {
  output: string
  semantic: Share[]
  precision: Share[]
}

export interface Share {
  /** Index into `layers`. */
  layer: number
  share: number
}

export interface Work {
  forwardPasses: { source: number; target: number; diagnosis: number }
  /** Multiply-accumulates in all passes; null where the runtime does not say. */
  macs: { source: number | null; target: number | null; diagnosis: number | null }
  /** What looking for partners among values that differ cost; `abandoned`: source values that were given up. */
  search: { places: number; trials: number; abandoned: string[] }
}
