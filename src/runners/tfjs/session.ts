/** A session of TensorFlow.js over a graph. Variables start from zero, and resources empty, in every run. */
import type { Tensor } from '../../../kernels/tensor.js'
import { ParityError } from '../../graph/errors.js'
import { type Attribute, type Graph, isStoredAsHalf, type Value } from '../../graph/graph.js'
import type { ModelFunction } from '../../graph/model.js'
import { dequantize, isCode, quantize } from '../../graph/quantization.js'
import { type LimitOptions, memoryLimitOf } from '../limits.js'
import {
  type Coarseness,
  type ObserveOptions,
  type Override,
  type RunOptions,
  type Session,
  type State,
  type Tap,
  UNIT_ROUNDOFF,
} from '../session.js'
import type { Device } from './backend.js'
import type { OpTable } from './executor.js'
import { initialElements, Run } from './executor.js'
import { resolveFeeds } from './feeds.js'
import { resolveNode, resolveValue } from './scope.js'

export class TfjsSession implements Session {
  readonly runtime: string
  readonly precision = 'authored'
  readonly capabilities = { replaces: true, noise: false, edits: true }
  readonly state: State
  private passes = 0
  private readonly constants = new Map<Value, Tensor>()
  private variables = new Map<Value, Tensor>()

  constructor(
    private readonly main: ModelFunction,
    private readonly table: OpTable,
    private readonly device: Device,
    private readonly limits: LimitOptions,
  ) {
    this.runtime = `tfjs ${device.backend} ${device.version}`
    this.state = {
      names: () => main.states.map(({ name }) => name),
      read: (name) => this.readState(name),
      reset: () => this.variables.clear(),
    }
  }

  async run(feeds: Record<string, Tensor>, { fetch = 'outputs', feed = {}, overrides = [], tap, noise }: RunOptions = {}) {
    if (noise)
      throw new ParityError('UNSUPPORTED_NOISE', {
        what: 'The tfjs runner plays no rounding noise',
        remedy: 'Noise is for Core ML models',
      })
    const keys = this.keysOf(fetch)
    const run = await this.execute(new Set(keys.values()), resolveFeeds(feeds, this.main.inputs), feed, overrides, tap)
    return fetched(run, keys)
  }

  /** `see` gets outputs that are constants of the graph as well, last of all. */
  async observe(feeds: Record<string, Tensor>, see: Tap, { feed = {}, noise }: ObserveOptions = {}): Promise<Map<string, Tensor>> {
    if (noise) return this.run(feeds, { noise })
    const { graph } = this.main
    const seeReal = (name: string, raw: Tensor): Tensor | undefined => {
      const value = graph.values.get(name)
      const replaced = see(name, inRealUnits(value, raw))
      return replaced && asStored(value, replaced, raw)
    }
    const inputs = new Map([...resolveFeeds(feeds, this.main.inputs)].map(([name, raw]) => [name, seeReal(name, raw) ?? raw]))
    const outputs = this.keysOf('outputs')
    const made = this.keysOf('all')
    const run = await this.execute(new Set([...made.values(), ...outputs.values()]), inputs, feed, [], (name, raw) =>
      made.has(name) ? seeReal(name, raw) : undefined,
    )
    for (const key of outputs.values()) {
      const constant = graph.values.get(key)?.constant && run.results.get(key)
      if (constant) see(key, inRealUnits(graph.values.get(key), constant))
    }
    return fetched(run, outputs)
  }

  /** One forward pass, unless nothing but inputs and constants is wanted. */
  private async execute(
    wanted: ReadonlySet<string>,
    inputs: ReadonlyMap<string, Tensor>,
    feed: Record<string, Tensor>,
    overrides: readonly Override[],
    tap: Tap | undefined,
  ): Promise<Run> {
    const { graph } = this.main
    await this.device.activate()
    this.variables = new Map()
    const run = new Run({
      table: this.table,
      device: this.device,
      constant: (value) => this.constant(value),
      variables: this.variables,
      resources: new Map(),
      wanted,
      given: new Map(Object.entries(feed).map(([name, value]) => [keyOfValue(graph, name), value])),
      constants: constantsOf(graph, overrides),
      attributes: attributesOf(graph, overrides),
      tap,
      memoryLimit: memoryLimitOf(this.limits),
      limits: this.limits,
    })
    run.main(graph, inputs)
    if ([...wanted].some((key) => !graph.inputs.includes(key))) this.passes++
    return run
  }

  rounding(name: string): Coarseness {
    return roundingOf(this.main.graph, this.table, this.main.graph.values.get(name))
  }

  work() {
    return { passes: this.passes, macs: null }
  }

  async close(): Promise<void> {
    this.device.close()
    this.constants.clear()
  }

  /** Keys of the values to fetch, by the names under which they are returned. */
  private keysOf(fetch: string[] | 'outputs' | 'all'): Map<string, string> {
    const { graph, outputs } = this.main
    if (fetch === 'outputs') return new Map(outputs.map(({ name, value }) => [name, value ?? name]))
    if (fetch === 'all') {
      const made = graph.nodes.flatMap((node) => node.outputs).filter((name) => name !== null && graph.values.get(name)?.dtype)
      return new Map(made.map((name) => [name!, name!]))
    }
    const aliases = new Map(outputs.flatMap(({ name, value, aliases: known = [] }) => known.map((alias) => [alias, value ?? name])))
    return new Map(fetch.map((name) => [name, resolveValue(graph, name) ?? aliases.get(name) ?? keyOfValue(graph, name)]))
  }

  private constant(value: Value): Tensor {
    let elements = this.constants.get(value)
    if (!elements) {
      elements = value.constant!.read()
      this.constants.set(value, elements)
      this.device.keep(elements)
    }
    return elements
  }

  private readState(name: string): Tensor {
    const state = this.main.states.find((candidate) => candidate.name === name)
    if (!state)
      throw new ParityError('USAGE_STATE', {
        what: `The model has no state ${name}`,
        remedy: `Its states are ${this.state.names().join(', ') || 'none'}`,
      })
    const value = this.main.graph.values.get(name)!
    return copyOf(this.variables.get(value) ?? initialElements(value))
  }
}

const fetched = (run: Run, keys: ReadonlyMap<string, string>): Map<string, Tensor> =>
  new Map([...keys].flatMap(([name, key]) => (run.results.has(key) ? [[name, copyOf(run.results.get(key)!)]] : [])))

const inRealUnits = (value: Value | undefined, raw: Tensor): Tensor =>
  value?.quantization && isCode(raw.dtype) ? dequantize(raw, value.quantization) : raw

const asStored = (value: Value | undefined, real: Tensor, { dtype }: Tensor): Tensor =>
  value?.quantization && isCode(dtype) && real.dtype === 'float32' ? quantize(real, value.quantization, dtype) : real

/** Half a step of the largest element of a tensor that a kernel quantizes to eight bits as it reads it. */
const DYNAMIC_PEAK = 1 / 254

/** Half a step of a quantized value or weight; what a kernel that quantizes on the fly does to its float operand. */
function roundingOf(graph: Graph, table: OpTable, value: Value | undefined): Coarseness {
  if (value === undefined) return {}
  if (value.quantization)
    return { absolute: { amounts: Float64Array.from(value.quantization.scale, (scale) => scale / 2), axis: value.quantization.axis } }
  if (value.constant && isStoredAsHalf(value.constant)) return { relative: UNIT_ROUNDOFF.float16 }
  if (value.dtype !== 'float32' && value.dtype !== 'float16') return {}
  const own = { relative: UNIT_ROUNDOFF[value.dtype] }
  return value.constant === undefined && isReadByHybrid(graph, table, value.name) ? { ...own, peak: DYNAMIC_PEAK } : own
}

/** Whether an op multiplies a float value with integer weights. */
const isReadByHybrid = (graph: Graph, table: OpTable, name: string): boolean =>
  graph.nodes.some(
    ({ type, inputs }) =>
      table.get(type)?.hybrid &&
      inputs.some(({ value }) => value === name) &&
      inputs.some(({ value }) => value !== null && /^u?int[48]$/.test(graph.values.get(value)?.constant?.dtype ?? '')),
  )

function keyOfValue(graph: Graph, name: string): string {
  const key = resolveValue(graph, name)
  if (key === null)
    throw new ParityError('USAGE_VALUE', { what: `The graph has no value ${name}`, remedy: 'See the values with parity inspect' })
  return key
}

function constantsOf(graph: Graph, overrides: readonly Override[]): Map<string, Tensor> {
  return new Map(
    overrides.flatMap((override) => (override.kind === 'constant' ? [[keyOfValue(graph, override.value), override.tensor]] : [])),
  )
}

function attributesOf(graph: Graph, overrides: readonly Override[]): Map<string, { [attribute: string]: Attribute }> {
  const byNode = new Map<string, { [attribute: string]: Attribute }>()
  for (const override of overrides) {
    if (override.kind !== 'attribute') continue
    const key = resolveNode(graph, override.node)
    if (key === null)
      throw new ParityError('USAGE_NODE', { what: `The graph has no node ${override.node}`, remedy: 'See the nodes with parity inspect' })
    byNode.set(key, { ...byNode.get(key), [override.attribute]: override.value })
  }
  return byNode
}

/** Values share arrays among each other and with the file; what a caller gets is its own. */
function copyOf(value: Tensor): Tensor {
  return { dtype: value.dtype, shape: [...value.shape], data: value.data.slice() } as Tensor
}
