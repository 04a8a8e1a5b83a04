/** What an op of this runner is: a row with its operands and attributes, and one function. */
import type { DType, Tensor } from '../../../kernels/tensor.js'
import type { Quantization } from '../../graph/graph.js'
import { optionalTensor, type Parameter, type Parameters, type TensorOptions, tensor, tensors, type ValuesOf } from '../parameters.js'
import type { Rounding } from '../rounding.js'
import type { Device } from './backend.js'
import { unsupported } from './refusals.js'

/** A tensor that an op reads, with the affine quantization that its file gives it. */
export type Operand<D extends DType = DType> = Tensor<D> & { readonly quantization?: Quantization | undefined }

/** What the file declares for a result. */
export interface Output {
  readonly dtype: DType
  readonly quantization?: Quantization | undefined
}

/** What resource handles stand for as long as a run: variables, tables, what has been initialized. */
export type Resources = Map<string, unknown>

/** What an op's function may use besides its operands and attributes. */
export interface Context {
  readonly device: Device
  readonly resources: Resources
  /** @throws ParityError UNSUPPORTED_DTYPE where the graph has no such result, or one that is no tensor */
  output(index?: number): Output
  /** Quantization of a tensor that the op lists as intermediate: it has no elements of its own. */
  intermediate(index: number): Quantization | undefined
  /** Runs a body of the node on inputs by position. */
  call(role: string, inputs: Tensor[]): Tensor[]
  /** Gives the variable that stands as operand `name` other elements. */
  assign(name: string, elements: Tensor): void
}

export interface OpSpec<O extends Parameters, A extends Parameters> {
  type: string
  /** What the row follows: the options of the format's schema, and the reference kernels. */
  specification: string
  /** By position, in this order; a variadic one comes last. */
  operands: O
  /** @default none */
  attributes?: A
  /** Of float results; where dtypes differ, the loosest. */
  rounding: Rounding
  /** Where its weights are integers, a float operand is quantized to eight bits as it is read. @default false */
  hybrid?: boolean
  /** Tensors must not be changed in place; a result may share its operand's data. */
  run(values: ValuesOf<O> & ValuesOf<A>, context: Context): Tensor | Tensor[]
}

/** A row of an op table. */
export interface Op {
  readonly type: string
  readonly specification: string
  readonly operands: Parameters
  readonly attributes: Parameters
  readonly rounding: Rounding
  readonly hybrid: boolean
  run(values: Readonly<Record<string, unknown>>, context: Context): Tensor | Tensor[]
}

/** Declares a row; the types of `run`'s first argument follow from operands and attributes. */
export function op<const O extends Parameters, const A extends Parameters = Record<never, never>>(spec: OpSpec<O, A>): Op {
  return {
    type: spec.type,
    specification: spec.specification,
    operands: spec.operands,
    attributes: spec.attributes ?? {},
    rounding: spec.rounding,
    hybrid: spec.hybrid ?? false,
    run: (values, context) => spec.run(values as ValuesOf<O> & ValuesOf<A>, context),
  }
}

type Rank = TensorOptions['rank']
const optionsOf = (types: readonly DType[], rank: Rank): TensorOptions => ({ types, ...(rank !== undefined && { rank }) })

/** An operand of one of `types`, and of a rank or between two. */
export const operand = <const D extends DType>(types: readonly D[], rank?: Rank): Parameter<Operand<D>> =>
  tensor(optionsOf(types, rank)) as Parameter<Operand<D>>

/** An operand that a node may leave out. */
export const optionalOperand = <const D extends DType>(types: readonly D[], rank?: Rank): Parameter<Operand<D> | undefined> =>
  optionalTensor(optionsOf(types, rank)) as Parameter<Operand<D> | undefined>

/** All operands that are left, in order. */
export const operands = <const D extends DType>(types: readonly D[], least = 1): Parameter<Operand<D>[]> =>
  tensors({ types, least }) as Parameter<Operand<D>[]>

/**
 * The operand, where it has one of `types`: what a function for some of a row's dtypes computes with.
 * @throws ParityError UNSUPPORTED_DTYPE
 */
export function only<const D extends DType>(value: Operand, ...types: readonly D[]): Operand<D> {
  if (!(types as readonly DType[]).includes(value.dtype)) throw unsupported()
  return value as Operand<D>
}

/**
 * Elements of an operand of integers or floats, as numbers.
 * @throws ParityError UNSUPPORTED_DTYPE for strings and complex numbers
 */
export function numbersOf({ dtype, data }: Operand): number[] {
  if (dtype === 'string' || dtype === 'complex64') throw unsupported()
  return Array.from(data as ArrayLike<number | bigint>, Number)
}

/** @throws Error where two rows name the same op */
export function tableOf(rows: readonly Op[]): ReadonlyMap<string, Op> {
  const table = new Map<string, Op>()
  for (const row of rows) {
    if (table.has(row.type)) throw new Error(`${row.type} has two rows`)
    table.set(row.type, row)
  }
  return table
}
