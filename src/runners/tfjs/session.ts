/** A session of TensorFlow.js over a graph. Variables start from zero, and resources empty, in every run. */
import type { Tensor } from '../../../kernels/tensor.js'
import { ParityError } from '../../graph/errors.js'
import type { Attribute, Graph, Value } from '../../graph/graph.js'
import type { ModelFunction } from '../../graph/model.js'
import type { Override, RunOptions, Session, State } from '../session.js'
import type { Device } from './backend.js'
import type { OpTable } from './executor.js'
import { initialElements, Run } from './executor.js'
import { resolveFeeds } from './feeds.js'
import { resolveNode, resolveValue } from './scope.js'

const BYTES_PER_MB = 1e6

export class TfjsSession implements Session {
  readonly runtime: string
  readonly state: State
  private readonly constants = new Map<Value, Tensor>()
  private variables = new Map<Value, Tensor>()

  constructor(
    private readonly main: ModelFunction,
    private readonly table: OpTable,
    private readonly device: Device,
    private readonly memoryLimit: number | undefined,
  ) {
    this.runtime = `tfjs ${device.backend} ${device.version}`
    this.state = {
      names: () => main.states.map(({ name }) => name),
      read: (name) => this.readState(name),
      reset: () => this.variables.clear(),
    }
  }

  async run(
    feeds: Record<string, Tensor>,
    { fetch = 'outputs', feed = {}, overrides = [], tap }: RunOptions = {},
  ): Promise<Map<string, Tensor>> {
    const { graph } = this.main
    const keys = this.keysOf(fetch)
    const given = new Map(Object.entries(feed).map(([name, value]) => [keyOfValue(graph, name), value]))
    const inputs = resolveFeeds(feeds, this.main.inputs)
    await this.device.activate()
    this.variables = new Map()
    const run = new Run({
      table: this.table,
      device: this.device,
      constant: (value) => this.constant(value),
      variables: this.variables,
      resources: new Map(),
      wanted: new Set(keys.values()),
      given,
      constants: constantsOf(graph, overrides),
      attributes: attributesOf(graph, overrides),
      tap,
      memoryLimit: (this.memoryLimit ?? Infinity) * BYTES_PER_MB,
    })
    run.main(graph, inputs)
    return new Map([...keys].flatMap(([name, key]) => (run.results.has(key) ? [[name, copyOf(run.results.get(key)!)]] : [])))
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
