/**
 * Runs a graph node by node. A value lives until its last reader has run, unless it is fetched; nodes that nothing wanted depends on
 * are left out, but for those that change a variable. The bodies of control flow run through the same code in scopes of their own.
 */
import type { Tensor } from '../../../kernels/tensor.js'
import { allocate, sizeOf } from '../../../kernels/tensor.js'
import { ParityError } from '../../graph/errors.js'
import type { Attribute, Graph, Node, Quantization, Value } from '../../graph/graph.js'
import { dyingAfter, neededNodes } from '../../graph/liveness.js'
import { BYTES_PER_ELEMENT, checkMemory, type LimitOptions, Meter } from '../limits.js'
import type { Tap } from '../session.js'
import type { Device } from './backend.js'
import { bounded, withReserve } from './geometry/bounds.js'
import { type Invocation, invoke } from './invoke.js'
import type { Op, Operand, Output, Resources } from './op.js'
import { displayName, isInside, keyOf, MAIN, scopeOf } from './scope.js'
import { termsOf } from './work.js'

export type OpTable = ReadonlyMap<string, Op>

/** What a run is made with. Names of values and nodes are keys, as src/runners/tfjs/scope.ts has them. */
export interface RunSetup {
  table: OpTable
  device: Device
  /** Elements of constants that no override replaces. */
  constant: (value: Value) => Tensor
  variables: Map<Value, Tensor>
  resources: Resources
  /** Values to return. */
  wanted: ReadonlySet<string>
  /** Values given in place of being computed. */
  given: ReadonlyMap<string, Tensor>
  constants: ReadonlyMap<string, Tensor>
  attributes: ReadonlyMap<string, { readonly [attribute: string]: Attribute }>
  tap: Tap | undefined
  /** Bytes that the values of a run may take at once. */
  memoryLimit: number
  limits: Pick<LimitOptions, 'workLimit' | 'onProgress'>
}

/** Units of work that calling an operator costs: about ten microseconds. */
const LEAST_WORK = 10_000

/** What of a graph has to run in a scope. */
interface Plan {
  nodes: Node[]
  /** For each node the values that are not read after it. */
  dying: readonly (readonly string[])[]
  given: ReadonlyMap<string, Tensor>
  wanted: ReadonlySet<string>
}

export class Run {
  readonly results = new Map<string, Tensor>()
  /** By graph and scope: the branches of a conditional share a scope. */
  private readonly plans = new Map<Graph, Map<string, Plan>>()

  private readonly meter: Meter
  /** Of the values that live, in the main graph and in the bodies that run. */
  private liveBytes = 0

  constructor(private readonly setup: RunSetup) {
    this.meter = new Meter(setup.limits)
  }

  /** Runs the main graph; what was wanted of it and of its bodies is in `results`. */
  main(graph: Graph, inputs: ReadonlyMap<string, Tensor>): void {
    this.graph(graph, inputs, MAIN)
  }

  private graph(graph: Graph, inputs: ReadonlyMap<string, Tensor>, scope: string): Tensor[] {
    const plan = this.plan(graph, inputs, scope)
    const { tap, memoryLimit } = this.setup
    const before = this.liveBytes
    const values = new Map([...inputs, ...plan.given])
    const sizes = new Map<string, number>()
    const lookUp = (name: string): Tensor => values.get(name) ?? this.stored(graph, name, scope)
    // what one iteration hands to the next lives beside the values of the graph around it
    for (const [name, value] of inputs) {
      sizes.set(name, byteLength(value))
      this.liveBytes += byteLength(value)
    }
    plan.nodes.forEach((node, at) => {
      const outputs = this.node(graph, node, lookUp, scope)
      node.outputs.forEach((name, index) => {
        const made = outputs[index]
        if (name === null || !made || values.has(name)) return
        const kept = (isTensor(graph, name) && tap?.(displayName(keyOf(scope, name)), made)) || made
        values.set(name, kept)
        sizes.set(name, byteLength(kept))
        this.liveBytes += byteLength(kept)
      })
      checkMemory(this.liveBytes, memoryLimit, placeOf(node, displayName(keyOf(scope, node.name))))
      for (const name of plan.dying[at]!) if (values.delete(name)) this.liveBytes -= sizes.get(name) ?? 0
    })
    for (const name of plan.wanted) {
      const { dtype, constant, variable } = graph.values.get(name)!
      if (dtype && (values.has(name) || constant || variable)) this.results.set(keyOf(scope, name), lookUp(name))
    }
    this.liveBytes = before
    return scope === MAIN ? [] : graph.outputs.map(lookUp)
  }

  private plan(graph: Graph, inputs: ReadonlyMap<string, Tensor>, scope: string): Plan {
    const ofGraph = this.plans.get(graph) ?? new Map<string, Plan>()
    const known = ofGraph.get(scope)
    if (known) return known
    const { given, wanted } = this.setup
    const names = [...graph.values.keys()]
    const givenHere = new Map(names.flatMap((name) => (given.has(keyOf(scope, name)) ? [[name, given.get(keyOf(scope, name))!]] : [])))
    const wantedHere = new Set(names.filter((name) => wanted.has(keyOf(scope, name))))
    const kept = new Set([...wantedHere, ...(scope === MAIN ? [] : graph.outputs)])
    const nodes = neededNodes(graph, {
      wanted: kept,
      isGiven: (name) => givenHere.has(name) || inputs.has(name),
      always: (node) => hasEffects(node) || (node.bodies.length > 0 && [...wanted].some((key) => isInside(key, scope, node))),
    })
    const plan = { nodes, dying: dyingAfter(nodes, kept), given: givenHere, wanted: wantedHere }
    this.plans.set(graph, ofGraph.set(scope, plan))
    return plan
  }

  private node(graph: Graph, node: Node, lookUp: (name: string) => Tensor, scope: string): Tensor[] {
    const { table, attributes, device, resources, variables } = this.setup
    const key = keyOf(scope, node.name)
    const where = placeOf(node, displayName(key))
    try {
      const row = table.get(node.type)
      if (!row) throw new ParityError('UNSUPPORTED_OP', unknownOp(table, node))
      const own = { ...node.attributes, ...attributes.get(key) }
      const call = (role: string, inputs: Tensor[]): Tensor[] => this.body(node, role, inputs, scope)
      const operands = node.inputs.map(({ value }) => (value === null ? null : operandOf(graph, value, lookUp(value))))
      const terms = termsOf(row, operands)
      const invocation: Invocation = {
        operands,
        attributes: own,
        outputs: node.outputs.map((name) => outputOf(graph, name)),
        intermediates: intermediatesOf(graph, own),
        device,
        resources,
        call,
        assign(index, elements) {
          const value = graph.values.get(node.inputs[index]?.value ?? '')
          if (value?.variable) variables.set(value, elements)
        },
      }
      const outputs = withReserve(
        (elements) => this.reserve(elements, terms, where),
        () => invoke(row, invocation),
      )
      const elements = outputs.reduce((sum, { shape }) => sum + sizeOf(shape), 0)
      this.meter.add(Math.max(LEAST_WORK, terms * elements), () => where)
      for (const output of outputs) checkSize(output)
      if (outputs.length < node.outputs.length) throw tooFew(node, outputs.length)
      return outputs
    } catch (error) {
      throw located(error, where)
    }
  }

  private reserve(elements: number, terms: number, where: string): void {
    checkMemory(this.liveBytes + BYTES_PER_ELEMENT * elements, this.setup.memoryLimit, where)
    this.meter.check(terms * elements, () => where)
  }

  private body(node: Node, role: string, inputs: Tensor[], scope: string): Tensor[] {
    const body = node.bodies.find((candidate) => candidate.role === role)
    if (!body) throw new ParityError('MODEL_BROKEN', { what: `${node.type} lacks its body ${role}`, remedy: 'Convert the model again' })
    const named = body.graph.inputs.flatMap((name, i) => (inputs[i] ? [[name, inputs[i]] as const] : []))
    return this.meter.body(body.graph, () => {
      this.meter.add(LEAST_WORK, () => placeOf(node, displayName(keyOf(scope, node.name))))
      return this.graph(body.graph, new Map(named), scopeOf(scope, node, role))
    })
  }

  /** Values that no node makes: constants, overridden or not, and variables. */
  private stored(graph: Graph, name: string, scope: string): Tensor {
    const value = graph.values.get(name)
    if (value?.constant) return this.setup.constants.get(keyOf(scope, name)) ?? this.setup.constant(value)
    if (value?.variable && value.dtype) return this.setup.variables.get(value) ?? initialElements(value)
    if (scope === MAIN && graph.inputs.includes(name)) {
      throw new ParityError('INPUT_MISSING', { what: `Input ${name} was not given`, remedy: `The inputs are ${graph.inputs.join(', ')}` })
    }
    throw new ParityError('MODEL_VALUE', {
      what: `Nothing makes ${name}, and the file has no elements for it`,
      remedy: 'Convert the model again',
    })
  }
}

const operandOf = (graph: Graph, name: string, elements: Tensor): Operand => ({
  ...elements,
  quantization: graph.values.get(name)?.quantization,
})

function outputOf(graph: Graph, name: string | null): Output | null {
  const value = name === null ? undefined : graph.values.get(name)
  return value?.dtype ? { dtype: value.dtype, quantization: value.quantization } : null
}

function intermediatesOf(graph: Graph, { intermediates }: { readonly [name: string]: Attribute }): (Quantization | undefined)[] {
  if (!Array.isArray(intermediates)) return []
  return intermediates.map((name) => (typeof name === 'string' ? graph.values.get(name)?.quantization : undefined))
}

/** Whether a value is a tensor that others can see, and no handle of a resource. */
const isTensor = (graph: Graph, name: string): boolean => Boolean(graph.values.get(name)?.dtype)

/** A variable begins as zeros: int8 with what stands for 0. */
export function initialElements({ dtype, shape, quantization }: Value): Tensor {
  const elements = allocate(dtype!, sizeOf(bounded(shape as number[]))) as Int8Array
  if (dtype === 'int8' && quantization) elements.fill(quantization.zeroPoint[0]!)
  return { dtype, shape: [...shape!], data: elements } as Tensor
}

/** A node without outputs is there for what it changes; so is one with such a node in a body. */
function hasEffects(node: Node): boolean {
  return node.outputs.length === 0 || node.bodies.some(({ graph }) => graph.nodes.some(hasEffects))
}

function byteLength({ data }: Tensor): number {
  return Array.isArray(data) ? data.reduce((sum, text) => sum + 2 * text.length, 0) : data.byteLength
}

function checkSize({ dtype, shape, data }: Tensor): void {
  if (data.length === sizeOf(shape) * (dtype === 'complex64' ? 2 : 1)) return
  throw new ParityError('MODEL_SHAPE', {
    what: `${data.length} elements came out for shape [${shape}]`,
    remedy: 'Check the shapes of the inputs, or convert the model again',
  })
}

function tooFew({ type, outputs }: Node, made: number): ParityError {
  return new ParityError('MODEL_OPERATOR', {
    what: `It declares ${outputs.length} outputs, and ${type} makes ${made}`,
    remedy: 'Convert the model again',
  })
}

const placeOf = (node: Node, name: string): string => `op ${name} (${node.type}), ${node.where}`

/** Every failure names its node; one that no check foresaw is put down to the operator's shapes and attributes. */
function located(error: unknown, where: string): ParityError {
  if (error instanceof ParityError) {
    // the innermost op of nested bodies says enough
    if (error.where.startsWith('op ')) return error
    return new ParityError(error.code, {
      what: error.what,
      where: [where, error.where].filter(Boolean).join(', '),
      remedy: error.remedy,
      cause: error,
    })
  }
  return new ParityError('MODEL_OPERATOR', {
    what: `The operator cannot be computed: ${error instanceof Error ? error.message : String(error)}`,
    where,
    remedy: 'Check the shapes of the inputs, or convert the model again',
    cause: error,
  })
}

/** The words for an op that the table lacks. */
export const unknownOp = (table: OpTable, { type, dialect }: Node) =>
  ({
    code: 'UNSUPPORTED_OP',
    what: `The tfjs runner does not compute the ${dialect.name} op ${type} (it knows ${table.size})`,
    remedy: 'Choose another runtime for the source, or convert the model without this op',
  }) as const
