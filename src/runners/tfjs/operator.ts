/** What an op's kernel sees of the node that it computes, and the rows of an op table. */
import type { DType, Tensor } from '../../../kernels/tensor.js'
import { ParityError } from '../../graph/errors.js'
import type { Attribute, Graph, Node, Quantization, Value } from '../../graph/graph.js'
import type { Device } from './backend.js'

/** Computes a node: its results in the order of its outputs. Tensors that it is given are never changed in place. */
export type Kernel = (op: Operator) => Tensor | Tensor[]

/** One op: a kernel for each dtype of one of its operands, or one that looks at dtypes itself. */
export interface OpRow {
  type: string
  /** Index of the operand whose dtype chooses the kernel. */
  operand: number
  kernels: { readonly [D in DType]?: Kernel }
  /** The kernel for every other dtype. */
  otherwise?: Kernel
}

/** What resource handles stand for as long as a run: variables, tables, what has been initialised. */
export type Resources = Map<string, unknown>

export interface OperatorParts {
  node: Node
  graph: Graph
  /** By position; null where an optional operand is left out. */
  operands: readonly (Tensor | null)[]
  attributes: { readonly [key: string]: Attribute }
  device: Device
  resources: Resources
  variables: Map<Value, Tensor>
  /** Runs a body of the node on positional inputs. */
  call: (role: string, inputs: Tensor[]) => Tensor[]
}

/** One node in execution. */
export class Operator {
  readonly device: Device
  readonly resources: Resources
  readonly call: OperatorParts['call']
  private readonly node: Node
  private readonly graph: Graph
  private readonly operands: OperatorParts['operands']

  constructor(private readonly parts: OperatorParts) {
    this.device = parts.device
    this.resources = parts.resources
    this.call = parts.call
    this.node = parts.node
    this.graph = parts.graph
    this.operands = parts.operands
  }

  get type(): string {
    return this.node.type
  }

  has(index: number): boolean {
    return Boolean(this.operands[index])
  }

  /** @throws ParityError MODEL_OPERAND where the operand is left out */
  input(index: number): Tensor {
    const operand = this.operands[index]
    if (!operand) throw new ParityError('MODEL_OPERAND', { what: `${this.type} lacks operand ${index}`, remedy: 'Convert the model again' })
    return operand
  }

  /** @throws ParityError UNSUPPORTED_DTYPE where the operand has another dtype */
  inputOf<D extends DType>(index: number, ...dtypes: D[]): Tensor<D> {
    const operand = this.input(index)
    if (!(dtypes as DType[]).includes(operand.dtype)) throw this.unsupported()
    return operand as Tensor<D>
  }

  /** Gives the variable that stands as operand `index` other elements. */
  assign(index: number, elements: Tensor): void {
    const value = this.graph.values.get(this.node.inputs[index]?.value ?? '')
    if (value?.variable) this.parts.variables.set(value, elements)
  }

  /** Every operand that is there. */
  inputs(): Tensor[] {
    return this.operands.filter((operand) => operand !== null)
  }

  /** Elements of an integer operand: axes, sizes, paddings. */
  integers(index: number): number[] {
    const { dtype, data } = this.input(index)
    if (dtype === 'string' || dtype === 'complex64') throw this.unsupported()
    return Array.from(data as ArrayLike<number | bigint>, Number)
  }

  /** The one element of an operand. */
  scalar(index: number): number {
    const value = this.integers(index)[0]
    if (value === undefined) throw this.misshapen(`operand ${index} is empty`)
    return value
  }

  /** @throws ParityError UNSUPPORTED_DTYPE where the graph does not say, or has no such dtype */
  outputDType(index = 0): DType {
    const name = this.node.outputs[index]
    const dtype = name === null || name === undefined ? null : this.graph.values.get(name)?.dtype
    if (!dtype) throw this.unsupported()
    return dtype
  }

  /** Shape of an output as the file has it, open dimensions as null; null for an unknown rank. */
  outputShape(index = 0): readonly (number | null)[] | null {
    return this.graph.values.get(this.node.outputs[index] ?? '')?.shape ?? null
  }

  /** Affine quantisation of an operand. */
  quantization(index: number): Quantization | undefined {
    const name = this.node.inputs[index]?.value
    return name ? this.graph.values.get(name)?.quantization : undefined
  }

  outputQuantization(index = 0): Quantization | undefined {
    return this.graph.values.get(this.node.outputs[index] ?? '')?.quantization
  }

  /** Affine quantisation of a tensor that the op lists as intermediate: it has no elements of its own. */
  intermediateQuantization(index: number): Quantization | undefined {
    const names = this.parts.attributes['intermediates']
    const name = Array.isArray(names) ? names[index] : undefined
    return typeof name === 'string' ? this.graph.values.get(name)?.quantization : undefined
  }

  number(attribute: string, absent = 0): number {
    const value = this.parts.attributes[attribute]
    return typeof value === 'number' || typeof value === 'bigint' ? Number(value) : absent
  }

  boolean(attribute: string, absent = false): boolean {
    return Boolean(this.parts.attributes[attribute] ?? absent)
  }

  text(attribute: string, absent = ''): string {
    const value = this.parts.attributes[attribute]
    return typeof value === 'string' ? value : absent
  }

  numbers(attribute: string): number[] {
    const value = this.parts.attributes[attribute]
    return Array.isArray(value) ? value.map(Number) : []
  }

  unsupported(detail?: string): ParityError {
    const dtypes = this.operands.map((operand) => operand?.dtype ?? 'none').join(', ')
    const results = this.node.outputs.map((name) => this.graph.values.get(name ?? '')?.dtype ?? 'none').join(', ')
    return new ParityError('UNSUPPORTED_DTYPE', {
      what: `${this.type} of (${dtypes}) to (${results}) ${detail ?? 'is not computed'}`,
      remedy: 'Convert the model with float32 values, or choose another runtime for the source',
    })
  }

  misshapen(what: string, remedy = 'Check the shapes of the inputs, or convert the model again'): ParityError {
    const shapes = this.operands.map((operand) => (operand ? `[${operand.shape}]` : 'none')).join(', ')
    return new ParityError('MODEL_SHAPE', {
      what: `${this.type} of ${shapes}: ${what}`,
      remedy,
    })
  }
}

export type Kernels = readonly (readonly [readonly DType[], Kernel])[]

/** A row whose kernel the dtype of operand `operand` chooses. */
export function row(type: string, operand: number, ...kernels: Kernels): OpRow {
  return { type, operand, kernels: Object.fromEntries(kernels.flatMap(([dtypes, kernel]) => dtypes.map((dtype) => [dtype, kernel]))) }
}

/** A row with one kernel, which looks at dtypes itself. */
export const anyRow = (type: string, kernel: Kernel): OpRow => ({ type, operand: 0, kernels: {}, otherwise: kernel })

/** @throws Error where two rows name the same op */
export function tableOf(rows: readonly OpRow[]): ReadonlyMap<string, OpRow> {
  const table = new Map<string, OpRow>()
  for (const entry of rows) {
    if (table.has(entry.type)) throw new Error(`${entry.type} has two rows`)
    table.set(entry.type, entry)
  }
  return table
}

/** @throws ParityError UNSUPPORTED_DTYPE where the op is not computed for the operand's dtype */
export function kernelOf({ operand, kernels, otherwise }: OpRow, op: Operator): Kernel {
  const kernel = (op.has(operand) && kernels[op.input(operand).dtype]) || otherwise
  if (!kernel) throw op.unsupported()
  return kernel
}
