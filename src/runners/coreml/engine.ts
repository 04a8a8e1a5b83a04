/**
 * Runs graphs of the Core ML dialects: node by node in the file's order, each by its row of the op table, every result brought to the
 * dtype that the policy holds it in, values freed after their last reader. Formats and models are unknown here.
 */
import type { Kernels } from '../../../kernels/index.js'
import { sizeOf, type Tensor } from '../../../kernels/tensor.js'
import { ParityError } from '../../graph/errors.js'
import type { Attribute, Body, Constant, Graph, Node } from '../../graph/graph.js'
import { dyingAfter, neededNodes } from '../../graph/liveness.js'
import { BYTES_PER_ELEMENT, checkMemory, type LimitOptions, Meter } from '../limits.js'
import { isTensorAttribute } from '../parameters.js'
import { type Noise, type Override, type Tap, UNIT_ROUNDOFF } from '../session.js'
import { moved, movedAsCoarse, movedByIntermediates, operandUnits, PLACED_AMPLITUDE, resultUnits, wobbleOf } from './noise.js'
import type { Context, CustomLayer, Op, StateStore } from './op.js'
import { arithmeticFor, hold, type Policy } from './policy.js'
import { invalid, placeOf } from './refusals.js'
import { checkOutputs, requireOp } from './table.js'

/** What stays the same over the runs of a session. */
export interface Engine {
  policy: Policy
  kernels: Kernels
  states: StateStore
  custom: ReadonlyMap<string, CustomLayer>
  random(seed?: number): () => number
  /** Bytes; live values beyond it end the run. */
  memoryLimit: number
  /** What a run may compute, and who hears of it. */
  limits: Pick<LimitOptions, 'workLimit' | 'onProgress'>
  /** Constants as the policy holds them, and the results of nodes that read nothing else. */
  constants: Map<Constant, Tensor>
  folded: Map<Node, Tensor[]>
  /** Runs so far in which an op ran and nothing that the graph makes was given, and the products (or addends) that they summed. */
  passes: number
  macs: number
}

export interface EngineRun {
  /** Names to return; inside a body `node/value`. */
  fetch: ReadonlySet<string>
  /** Values given in place of being computed. */
  given: ReadonlyMap<string, Tensor>
  overrides: readonly Override[]
  tap: Tap | undefined
  noise: Noise | undefined
  /** Runs every node, not only those that `fetch` needs. */
  everything: boolean
}

/** Values by name; a body has a scope of its own that sees the outer one. */
class Scope {
  private readonly values = new Map<string, Tensor>()
  constructor(private readonly outer?: Scope) {}
  get(name: string): Tensor | undefined {
    return this.values.get(name) ?? this.outer?.get(name)
  }
  set(name: string, value: Tensor): void {
    this.values.set(name, value)
  }
  delete(name: string): Tensor | undefined {
    const value = this.values.get(name)
    this.values.delete(name)
    return value
  }
}

/** Runs `graph` and returns the fetched values that came to be. @throws ParityError of ops, or UNSUPPORTED_OP before anything runs. */
export function execute(engine: Engine, graph: Graph, run: EngineRun): Map<string, Tensor> {
  const fetched = new Map<string, Tensor>()
  const execution = new Execution(engine, run, fetched)
  const scope = new Scope()
  for (const [name, value] of run.given) {
    execution.give(scope, name, value)
    if (run.fetch.has(name)) fetched.set(name, value)
  }
  const nodes = run.everything ? graph.nodes : nodesFor(graph, run)
  for (const node of nodes) requireOp(node)
  if (isWhole(graph, run) && nodes.length > 0) engine.passes++
  execution.runGraph(graph, scope, '', nodes)
  for (const name of run.fetch) {
    if (fetched.has(name)) continue
    const constant = graph.values.get(name)?.constant
    if (constant) fetched.set(name, execution.constant(name, constant))
  }
  return fetched
}

/** What must run for the values to fetch; a name `node/value` stands for a value inside a body of that node. */
const nodesFor = (graph: Graph, { fetch, given }: EngineRun): Node[] =>
  neededNodes(graph, {
    wanted: fetch,
    isGiven: (name) => given.has(name),
    always: (node) => hasEffect(node) || (node.bodies.length > 0 && [...fetch].some((name) => name.startsWith(`${node.name}/`))),
  })

/** Whether a node writes a state, itself or in a body: an ML Program's op without results has no other purpose. */
const hasEffect = ({ dialect, outputs, bodies }: Node): boolean =>
  dialect.name === 'mil' && ((outputs.length === 0 && bodies.length === 0) || bodies.some(({ graph }) => graph.nodes.some(hasEffect)))

/** Of graphs that run whole, again and again. */
const dyingOfGraphs = new WeakMap<Graph, string[][]>()

function dyingOf(graph: Graph, nodes: readonly Node[]): string[][] {
  const known = nodes === graph.nodes ? dyingOfGraphs.get(graph) : undefined
  if (known) return known
  const dying = dyingAfter(nodes, new Set(graph.outputs))
  if (nodes === graph.nodes) dyingOfGraphs.set(graph, dying)
  return dying
}

/** Whether nothing that the graph makes is given: what runs in part counts by its products alone. */
const isWhole = ({ nodes }: Graph, { given }: EngineRun): boolean =>
  !nodes.some(({ outputs }) => outputs.some((name) => name !== null && given.has(name)))

class Execution {
  private readonly attributes = new Map<string, Map<string, Attribute>>()
  private readonly constantOverrides = new Map<string, Tensor>()
  private readonly pure: boolean
  private liveBytes = 0
  private readonly meter: Meter
  private counter: number
  /** Graphs around the body that runs, whose constants it sees. */
  private readonly outerGraphs: Graph[] = []

  constructor(
    private readonly engine: Engine,
    private readonly run: EngineRun,
    private readonly fetched: Map<string, Tensor>,
  ) {
    for (const override of run.overrides) {
      if (override.kind === 'constant') this.constantOverrides.set(override.value, override.tensor)
      else {
        const ofNode = this.attributes.get(override.node) ?? new Map<string, Attribute>()
        this.attributes.set(override.node, ofNode.set(override.attribute, override.value))
      }
    }
    this.pure = run.overrides.length === 0 && run.noise === undefined
    this.counter = run.noise?.seed ?? 0
    this.meter = new Meter(engine.limits)
  }

  /** `nodes`: those of the graph that must run. */
  runGraph(graph: Graph, scope: Scope, prefix: string, nodes: readonly Node[] = graph.nodes): void {
    const dying = dyingOf(graph, nodes)
    nodes.forEach((node, index) => {
      if (prefix === '' && node.outputs.length > 0 && node.outputs.every((name) => name === null || this.run.given.has(name))) return
      this.runNode(graph, node, scope, prefix)
      for (const name of dying[index]!) {
        const dead = scope.delete(name)
        if (dead) this.liveBytes -= bytesOf(dead)
      }
    })
  }

  constant(name: string, constant: Constant): Tensor {
    const override = this.constantOverrides.get(name)
    if (override) return hold(override, this.engine.policy, false)
    const known = this.engine.constants.get(constant)
    if (known) return known
    const value = hold(constant.read(), this.engine.policy, false)
    this.engine.constants.set(constant, value)
    return value
  }

  /** Puts a value that comes from outside into the main graph's scope. */
  give(scope: Scope, name: string, value: Tensor): void {
    const placed = this.placed(name, value)
    scope.set(name, placed)
    this.liveBytes += bytesOf(placed)
  }

  /** A value that comes from outside, as the policy holds it and with the rounding that it has behind it. */
  placed(name: string, value: Tensor): Tensor {
    const held = hold(value, this.engine.policy, false)
    if (this.run.noise === undefined) return held
    return this.coarsened(name, moved(held, PLACED_AMPLITUDE, ++this.counter))
  }

  /** A value moved by as much as it is known to be coarse. */
  private coarsened(name: string, value: Tensor): Tensor {
    const coarseness = this.run.noise?.coarse.get(name)
    return coarseness ? movedAsCoarse(value, coarseness, ++this.counter) : value
  }

  private runNode(graph: Graph, node: Node, scope: Scope, prefix: string): void {
    const op = requireOp(node)
    const operands = new Map<string, Tensor[]>()
    const coarse = new Map<Tensor, string>()
    let constantOperands = node.inputs.length > 0 && node.bodies.length === 0
    for (const { parameter, value: name } of node.inputs) {
      if (name === null) continue
      let operand = scope.get(name)
      if (operand === undefined) {
        const constant = this.constantOf(graph, name)
        if (constant === undefined) throw invalid(node, `operand '${name}' of parameter '${parameter}' has no value`)
        operand = this.constant(name, constant)
        if (this.run.noise?.coarse.has(name)) coarse.set(operand, name)
      } else constantOperands = false
      const key = parameter in op.parameters ? parameter : parameter.replace(/\.\d+$/, '')
      const ofParameter = operands.get(key)
      if (ofParameter) ofParameter.push(operand)
      else operands.set(key, [operand])
    }
    const folds = constantOperands && this.pure && !op.impure
    let results = folds ? this.engine.folded.get(node) : undefined
    if (results === undefined) {
      results = this.evaluate(op, node, graph, operands, coarse, scope, prefix)
      if (folds) this.engine.folded.set(node, results)
    }
    checkOutputs(node, results.length)
    node.outputs.forEach((name, index) => {
      if (name === null) return
      let value = results[index]!
      const isGiven = prefix === '' && this.run.given.has(name)
      if (isGiven) value = scope.get(name)!
      const replaced = this.run.tap?.(prefix + name, value)
      if (replaced !== undefined) value = this.placed(name, replaced)
      else if (!isGiven) value = this.coarsened(name, value)
      scope.set(name, value)
      this.liveBytes += bytesOf(value)
      if (this.run.fetch.has(prefix + name)) this.fetched.set(prefix + name, value)
    })
    checkMemory(this.liveBytes, this.engine.memoryLimit, placeOf(node))
  }

  private constantOf(graph: Graph, name: string): Constant | undefined {
    const own = graph.values.get(name)?.constant
    if (own) return own
    for (let i = this.outerGraphs.length - 1; i >= 0; i--) {
      const outer = this.outerGraphs[i]!.values.get(name)?.constant
      if (outer) return outer
    }
    return undefined
  }

  /** `coarse`: operands that are constants known to be coarser than float32, with their names. */
  private evaluate(
    op: Op,
    node: Node,
    graph: Graph,
    operands: ReadonlyMap<string, Tensor[]>,
    coarse: ReadonlyMap<Tensor, string>,
    scope: Scope,
    prefix: string,
  ): Tensor[] {
    const all = [...operands.values()].flat()
    const { noise } = this.run
    let values = this.readParameters(op, node, operands)
    const rounding = op.roundingOf(values)
    const terms = rounding === 'accumulating' ? op.terms(values) : 1
    const context = this.contextFor(node, graph, scope, prefix, all, terms)
    if (noise) {
      const amplitude = operandUnits(rounding, terms) * UNIT_ROUNDOFF.float32
      const noisy = new Map(
        [...operands].map(([name, list]) => {
          if (!op.parameters[name]?.moves) return [name, list]
          return [
            name,
            list.map((value) => {
              const constant = coarse.get(value)
              const known = constant === undefined ? value : this.coarsened(constant, value)
              return moved(known, amplitude, ++this.counter)
            }),
          ]
        }),
      )
      values = this.readParameters(op, node, noisy)
    }
    const results = runOp(op, values, context)
    const elements = results.reduce((sum, { shape }) => sum + sizeOf(shape), 0)
    this.meter.add(Math.max(LEAST_WORK, terms * elements), () => placeOf(node))
    if (rounding === 'accumulating' && results[0]) this.engine.macs += terms * sizeOf(results[0].shape)
    const intermediates = noise ? op.intermediates(values, results, context) : 0
    return results.map((result, index) => {
      const shared = all.some((operand) => operand.data === result.data)
      const held = hold(result, this.engine.policy, !shared)
      if (!noise || shared) return held
      const relative = moved(held, resultUnits(rounding, terms) * UNIT_ROUNDOFF.float32, ++this.counter)
      return index === 0 ? movedByIntermediates(relative, intermediates, ++this.counter) : relative
    })
  }

  private readParameters(op: Op, node: Node, operands: ReadonlyMap<string, Tensor[]>): Record<string, unknown> {
    const overridden = this.attributes.get(node.name)
    const attributes = overridden ? { ...node.attributes, ...Object.fromEntries(overridden) } : node.attributes
    for (const name of operands.keys()) {
      if (!(name in op.parameters)) throw invalid(node, `has a parameter '${name}' that ${op.type} of this opset does not take`)
    }
    const values: Record<string, unknown> = {}
    for (const [name, parameter] of Object.entries(op.parameters)) {
      const replaced = overridden?.has(name)
      values[name] = parameter.read(
        { operands: replaced ? [] : (operands.get(name) ?? []), attribute: this.heldAttribute(attributes[name]), attributes },
        (what) => {
          throw invalid(node, `parameter '${name}' ${what}`)
        },
      )
    }
    return values
  }

  /** A tensor among a node's attributes is a constant like others: in the dtype of the run's policy. */
  private heldAttribute(attribute: Attribute | undefined): Attribute | undefined {
    return isTensorAttribute(attribute) ? hold(attribute, this.engine.policy, false) : attribute
  }

  /** `terms`: products or addends of one element of the result. */
  private contextFor(node: Node, graph: Graph, scope: Scope, prefix: string, operands: readonly Tensor[], terms: number): Context {
    const { engine } = this
    return {
      node,
      kernels: engine.kernels,
      arithmetic: arithmeticFor(engine.policy, operands),
      declared: (output) => {
        const name = node.outputs[output]
        const value = name == null ? undefined : graph.values.get(name)
        return { dtype: value?.dtype ?? null, shape: value?.shape ?? null }
      },
      reserve: (elements) => {
        checkMemory(this.liveBytes + BYTES_PER_ELEMENT * elements, engine.memoryLimit, placeOf(node))
        this.meter.check(terms * elements, () => placeOf(node))
      },
      runBody: (body, inputs) => this.runBody(body, inputs, node, graph, scope, prefix, operands),
      wobble: this.run.noise && wobbleOf(++this.counter),
      random: engine.random,
      states: engine.states,
      custom: (className) => engine.custom.get(className),
      fail: (what, remedy) => {
        throw invalid(node, what, remedy)
      },
      unsupported: (what) => {
        throw new ParityError('UNSUPPORTED_OP_VARIANT', { what: `op type ${node.type} ${what}`, where: placeOf(node) })
      },
    }
  }

  private runBody(
    body: Body,
    inputs: readonly Tensor[],
    node: Node,
    graph: Graph,
    scope: Scope,
    prefix: string,
    operands: readonly Tensor[],
  ): Tensor[] {
    const inner = new Scope(scope)
    const liveBytes = this.liveBytes
    body.graph.inputs.forEach((name, index) => {
      const value = inputs[index]
      if (value === undefined) throw invalid(node, `body '${body.role}' takes ${body.graph.inputs.length} values, got ${inputs.length}`)
      inner.set(name, value)
      // what one iteration hands to the next lives beside the values that were there before the loop
      if (!operands.includes(value)) this.liveBytes += bytesOf(value)
    })
    this.outerGraphs.push(graph)
    try {
      this.meter.body(body.graph, () => {
        this.meter.add(LEAST_WORK, () => placeOf(node))
        this.runGraph(body.graph, inner, `${prefix}${node.name}/`)
      })
      return body.graph.outputs.map((name) => {
        const value = inner.get(name) ?? this.bodyConstant(body.graph, name)
        if (value === undefined) throw invalid(node, `body '${body.role}' makes no value '${name}'`)
        return value
      })
    } finally {
      this.outerGraphs.pop()
      this.liveBytes = liveBytes
    }
  }

  private bodyConstant(graph: Graph, name: string): Tensor | undefined {
    const constant = this.constantOf(graph, name)
    return constant && this.constant(name, constant)
  }
}

/** Units of work that calling an op costs: about two microseconds. */
const LEAST_WORK = 2000

/** An array that an op could not make is the model's doing: it has asked for a size that no check foresaw. */
function runOp(op: Op, values: Readonly<Record<string, unknown>>, context: Context): Tensor[] {
  try {
    return op.run(values, context)
  } catch (error) {
    if (error instanceof RangeError && /array (length|buffer)/i.test(error.message))
      context.fail(`asks for an array that cannot be made: ${error.message}`)
    throw error
  }
}

const bytesOf = (value: Tensor): number => (Array.isArray(value.data) ? 8 * value.data.length : value.data.byteLength)
