/** What an op of the Core ML engine is: a row with its parameters, and one function. */
import type { Arithmetic } from '../../../kernels/arithmetic.js'
import type { Kernels } from '../../../kernels/index.js'
import type { DType, Tensor } from '../../../kernels/tensor.js'
import type { Body, Dimension, Node } from '../../graph/graph.js'
import type { Parameters, ValuesOf } from '../parameters.js'
import type { Rounding } from '../rounding.js'

export type { Rounding } from '../rounding.js'

/** iOS13 to iOS18 name the opsets as coremltools does; neuralnetwork layers have no opset. */
export const OPSETS = ['iOS15', 'iOS16', 'iOS17', 'iOS18'] as const
export type Opset = (typeof OPSETS)[number]

/** A named buffer of a session; MIL states and their values. */
export interface StateStore {
  read(name: string): Tensor
  write(name: string, value: Tensor): void
}

/** What an op's function may use besides its parameters. */
export interface Context {
  readonly node: Node
  readonly kernels: Kernels
  readonly arithmetic: Arithmetic
  /** What the file declares for an output; null where it is silent. */
  declared(output: number): { dtype: DType | null; shape: Dimension[] | null }
  /** Throws UNSUPPORTED_MEMORY_LIMIT or UNSUPPORTED_WORK_LIMIT where a result of so many elements would pass a limit of the run. */
  reserve(elements: number): void
  /** Runs a body with tensors for its inputs and returns its outputs, both in the body graph's order. */
  runBody(body: Body, inputs: readonly Tensor[]): Tensor[]
  /** Uniform in [0, 1), from the session's seed, or from the op's own where it gives one. */
  random(seed?: number): () => number
  readonly states: StateStore
  /**
   * There only while rounding is played: a random amount, evenly distributed between -units and +units times 2^-24. Ops add it to what they
   * compute in float32 before they go on with it and what no operand holds: a coordinate, the number that a decision falls on.
   */
  readonly wobble?: ((units: number) => number) | undefined
  /** The user's implementation of a custom layer, or undefined. */
  custom(className: string): CustomLayer | undefined
  /** Throws MODEL_OP_INVALID with the op's name, type and place. @param remedy unless the model itself is to blame */
  fail(what: string, remedy?: string): never
  /** Throws UNSUPPORTED_OP_VARIANT with the op's name, type and place. */
  unsupported(what: string): never
}

/** What the module behind `--custom-layer CLASS=MODULE.js` exports as default. */
export interface CustomLayer {
  evaluate(call: { inputs: Tensor[]; weights: Uint8Array[]; parameters: Record<string, unknown> }): Tensor[]
}

export interface OpSpec<P extends Parameters> {
  type: string
  /** MIL: the first opset with these semantics; a later row of the same type takes over from its own opset on. @default 'iOS15' */
  since?: Opset
  /** The section of the specification that it follows: for ML Programs the opset and family that define it, for layers the message. */
  specification: string
  parameters: P
  /** The most results that it makes; Infinity where its operands, attributes or bodies say how many. @default 1 */
  results?: number
  /** Where `roundingOf` tells cases apart, the loosest. */
  rounding: Rounding
  /** The class of this call: a maximum rounds nothing, a mean does. @default always `rounding` */
  roundingOf?(values: ValuesOf<P>): Rounding
  /**
   * Magnitudes of the largest numbers that float32 implementations round on the way to the first result, where they can exceed the element
   * that comes out: 1 for e^x - 1 and log(1 + e^x). Rounding moves each element by a unit of its magnitude, over and above what the class says.
   * One magnitude for all elements, or one for each.
   */
  intermediates?(values: ValuesOf<P>, results: readonly Tensor[], context: Context): number | Float32Array
  /** The result depends on more than the operands: random numbers, states, names. @default false */
  impure?: boolean
  /** Of a call whose class is accumulating: products or addends of one output element. */
  terms?(values: ValuesOf<P>): number
  /**
   * The op's semantics. Tensors must not be changed in place; a result may share its operand's data under another shape, but not under
   * another dtype. float16 results need no rounding here: the engine rounds what an op returns by the policy of the run.
   */
  run(values: ValuesOf<P>, context: Context): Tensor | Tensor[]
}

/** A row of the op table. */
export interface Op {
  readonly type: string
  readonly since: Opset
  readonly specification: string
  readonly parameters: Parameters
  readonly results: number
  readonly rounding: Rounding
  readonly impure: boolean
  roundingOf(values: Readonly<Record<string, unknown>>): Rounding
  /** 0 where the class says it all. */
  intermediates(values: Readonly<Record<string, unknown>>, results: readonly Tensor[], context: Context): number | Float32Array
  terms(values: Readonly<Record<string, unknown>>): number
  run(values: Readonly<Record<string, unknown>>, context: Context): Tensor[]
}

/** Declares a row; the types of `run`'s first argument follow from the parameters. */
export function op<const P extends Parameters>(spec: OpSpec<P>): Op {
  return {
    type: spec.type,
    since: spec.since ?? 'iOS15',
    specification: spec.specification,
    parameters: spec.parameters,
    results: spec.results ?? 1,
    rounding: spec.rounding,
    impure: spec.impure ?? false,
    roundingOf: (values) => spec.roundingOf?.(values as ValuesOf<P>) ?? spec.rounding,
    intermediates: (values, results, context) => spec.intermediates?.(values as ValuesOf<P>, results, context) ?? 0,
    terms: (values) => spec.terms?.(values as ValuesOf<P>) ?? 1,
    run(values, context) {
      const result = spec.run(values as ValuesOf<P>, context)
      return Array.isArray(result) ? result : [result]
    },
  }
}
