/** The one interface of every runtime. Everything above the runners is written once, against it. */
import type { Tensor } from '../../kernels/tensor.js'
import type { Attribute } from '../graph/graph.js'

export type Precision = 'authored' | 'fp32' | 'fp16' | 'fp16-accumulate'
export type RunnerName = 'coreml' | 'tfjs'
export type Backend = 'wasm' | 'cpu' | 'node'
export type ComputeUnit = 'cpu' | 'gpu' | 'ane'
export const COMPUTE_UNITS: readonly ComputeUnit[] = ['cpu', 'gpu', 'ane']

export interface SessionOptions {
  runner?: RunnerName | undefined
  /** Core ML only. @default the compute unit's own: 'authored', but 'fp16' for a neural network on 'gpu' or 'ane' */
  precision?: Precision | undefined
  /** Core ML only: assumptions about a device, see docs/precision.md. @default 'cpu' */
  computeUnit?: ComputeUnit | undefined
  /** Core ML only: floats below the least normal number of their dtype become zero. @default false */
  flushSubnormals?: boolean | undefined
  /** tfjs only. @default 'wasm' */
  backend?: Backend | undefined
  /** A function of an ML Program, a signature of a TFLite file or SavedModel. */
  function?: string | undefined
  /** MB that the live values of a run may take. @default half of the memory that the process may use */
  memoryLimit?: number | undefined
  /** Billions of products and elements that a run may compute. @default 1000, of which loops may take 10 */
  workLimit?: number | undefined
  /** Told every second or so how far a long run is. */
  onProgress?: ((message: string) => void) | undefined
  /** Modules for custom layers and ops, by class name. */
  customLayers?: Record<string, string> | undefined
}

/** One change to a model for one run. */
export type Override =
  | { kind: 'attribute'; node: string; attribute: string; value: Attribute }
  | { kind: 'constant'; value: string; tensor: Tensor }

/**
 * Sees a value as soon as it is made; what it returns takes the value's place for everything downstream.
 * The tensor must not be changed in place.
 */
export type Tap = (name: string, tensor: Tensor) => Tensor | undefined

/** Largest relative error of rounding to float32 and to float16. */
export const UNIT_ROUNDOFF = { float32: 2 ** -24, float16: 2 ** -11 } as const

/**
 * How far an element may lie from what exact arithmetic would make of it, in real units. The parts that are given add up.
 * `absolute` holds one amount for the whole tensor, or one for each index of `axis`.
 */
export interface Coarseness {
  /** Part of the element's own magnitude: a unit roundoff. */
  relative?: number
  /** An amount that the relative part does not fall below, where the element itself does not: half a step among subnormal numbers. */
  least?: number
  /** Part of the tensor's largest magnitude: steps that are chosen anew for each tensor. */
  peak?: number
  absolute?: { amounts: Float64Array; axis: number }
}

/** Rounding errors played at random: each op's by its own arithmetic in float32, and those of the values that are coarser than that. */
export interface Noise {
  /** Another seed, another draw; the same seed, the same draw. */
  seed: number
  /** By value name, constants and inputs among them. */
  coarse: ReadonlyMap<string, Coarseness>
}

/** What a runtime can do besides running a model and showing its values. */
export interface Capabilities {
  /** Takes other values in the place of those it makes, for all that follows. */
  replaces: boolean
  /** Plays rounding noise, and `replay`s a part of a model. */
  noise: boolean
  /** Applies changes to the model for one run. */
  edits: boolean
}

export interface RunOptions {
  /** Values to return: names, the model's outputs, or all that nodes of the main graph make with the outputs that none of them is called by. @default 'outputs' */
  fetch?: string[] | 'outputs' | 'all' | undefined
  /** Values given in place of being computed, in the graph's own dtype and layout (no image conversion). */
  feed?: Record<string, Tensor> | undefined
  overrides?: Override[] | undefined
  tap?: Tap | undefined
  /** Where the session plays noise. */
  noise?: Noise | undefined
}

export type ObserveOptions = Pick<RunOptions, 'feed' | 'noise'>

export interface State {
  names(): string[]
  read(name: string): Tensor
  reset(): void
}

export interface Session {
  /**
   * Feeds by input name, converted to the input's dtype the way the framework does.
   * @throws ParityError INPUT_… for a missing, unknown or misshapen feed, UNSUPPORTED_… for an op that the runner lacks.
   */
  run(feeds: Record<string, Tensor>, options?: RunOptions): Promise<Map<string, Tensor>>
  /** What a result depends on besides the model: 'tfjs wasm 4.22.0', 'coreml-parity 0.1.0 authored'. */
  readonly runtime: string
  /** How it holds floats. */
  readonly precision: Precision
  readonly state: State
  readonly capabilities: Capabilities
  /**
   * One run in which `see` gets every value of the main graph as it is made, the graph's inputs first, in real units: quantized tensors
   * are dequantized. Returns the outputs as `run` does.
   */
  observe(feeds: Record<string, Tensor>, see: Tap, options?: ObserveOptions): Promise<Map<string, Tensor>>
  /**
   * A value made again from others: nothing else runs than what lies between them. `given` holds values of the main graph as the graph has
   * them, enough for all that the value depends on. Counted in `work` by its multiply-accumulates alone.
   */
  replay?(value: string, given: ReadonlyMap<string, Tensor>, options?: Pick<RunOptions, 'noise' | 'overrides'>): Promise<Tensor>
  /** How coarse a value, or a constant, of the graph is in this session. */
  rounding(value: string): Coarseness
  /** Forward passes so far, and their multiply-accumulates; null where the runtime does not count them. */
  work(): { passes: number; macs: number | null }
  close(): Promise<void>
}
