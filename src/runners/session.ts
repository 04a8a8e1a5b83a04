/** The one interface of every runtime. Everything above the runners is written once, against it. */
import type { Tensor } from '../../kernels/tensor.js'
import type { Attribute } from '../graph/graph.js'

export type Precision = 'authored' | 'fp32' | 'fp16' | 'fp16-accumulate'
export type RunnerName = 'coreml' | 'tfjs' | 'litert' | 'onnxruntime'
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
  threads?: number | undefined
  /** MB. */
  memoryLimit?: number | undefined
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

export interface RunOptions {
  /** Values to return: names, all that nodes of the main graph make, or the model's outputs. @default 'outputs' */
  fetch?: string[] | 'outputs' | 'all' | undefined
  /** Values given in place of being computed, in the graph's own dtype and layout (no image conversion). */
  feed?: Record<string, Tensor> | undefined
  overrides?: Override[] | undefined
  tap?: Tap | undefined
}

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
  readonly state: State
  close(): Promise<void>
}
