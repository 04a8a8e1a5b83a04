/** A `Session` on the Core ML engine. */
import { reference } from '../../../kernels/index.js'
import { allocate, type DType, sizeOf, type Tensor } from '../../../kernels/tensor.js'
import { ParityError } from '../../graph/errors.js'
import { type Graph, isStoredAsHalf, type Value } from '../../graph/graph.js'
import type { Model, ModelFunction } from '../../graph/model.js'
import { VERSION } from '../../record/version.js'
import { feedsByInput, missingInput } from '../feeds.js'
import { bytesOfShape, checkMemory, memoryLimitOf } from '../limits.js'
import {
  type Coarseness,
  type ObserveOptions,
  type Override,
  type Precision,
  type RunOptions,
  type Session,
  type SessionOptions,
  type State,
  type Tap,
  UNIT_ROUNDOFF,
} from '../session.js'
import { outputOfValue, valueOfFeed } from './border.js'
import { loadCustomLayers } from './custom.js'
import { type Engine, execute } from './engine.js'
import { hold, policyOf } from './policy.js'
import { generator } from './random.js'

/** @throws ParityError USAGE_FUNCTION for a function that the model lacks, INPUT_… for a custom layer's module that cannot be loaded. */
export async function createCoremlSession(model: Model, options: SessionOptions = {}): Promise<Session> {
  const entry = functionOf(model, options.function)
  const policy = policyOf(options, entry.graph.nodes[0]?.dialect.name ?? 'mil')
  const states = new Map<string, Tensor>()
  const memoryLimit = memoryLimitOf(options)
  const stateBytes = entry.states.reduce((sum, { dtype, shape }) => sum + bytesOfShape(dtype, shape), 0)
  checkMemory(stateBytes, memoryLimit, `states of ${model.path}`)
  const reset = () => {
    for (const { name, dtype, shape } of entry.states) {
      states.set(name, { dtype, shape: [...shape], data: allocate(dtype, sizeOf(shape)) } as Tensor)
    }
  }
  reset()
  const engine: Engine = {
    policy,
    kernels: reference,
    states: {
      read(name) {
        const value = states.get(name)
        if (value) return value
        throw new ParityError('MODEL_STATE', { what: `the model declares no state '${name}'` })
      },
      write: (name, value) => void states.set(name, value),
    },
    custom: await loadCustomLayers(options.customLayers ?? {}),
    random: generator(),
    memoryLimit,
    limits: { workLimit: options.workLimit, onProgress: options.onProgress },
    constants: new Map(),
    folded: new Map(),
    passes: 0,
    macs: 0,
  }
  const values = new Map(withBodies(entry.graph).flatMap((graph) => [...graph.values]))
  const state: State = {
    names: () => [...states.keys()],
    read: (name) => engine.states.read(name),
    reset,
  }
  return {
    runtime: runtimeOf(policy.precision, options),
    precision: policy.precision,
    capabilities: { replaces: true, noise: true, edits: true },
    state,
    work: () => ({ passes: engine.passes, macs: engine.macs }),
    async run(feeds, runOptions = {}) {
      return runEntry(engine, entry, feeds, runOptions)
    },
    async observe(feeds, see, { feed, noise }: ObserveOptions = {}) {
      // what a body makes has the name of its op before it, and is no value of the main graph
      const tap: Tap = (name, value) => (entry.graph.values.has(name) ? see(name, value) : undefined)
      return runEntry(engine, entry, feeds, { feed, noise, tap }, see)
    },
    async replay(value, given, { noise, overrides = [] } = {}) {
      reset()
      const { passes } = engine
      const states = entry.states.map(({ name }) => [name, engine.states.read(name)] as const)
      const fetched = execute(engine, entry.graph, {
        fetch: new Set([value]),
        given: new Map([...states, ...given]),
        overrides,
        tap: undefined,
        noise,
        everything: false,
      })
      engine.passes = passes
      const made = fetched.get(value)
      if (made === undefined) throw noValue(value, 'replay')
      return made
    },
    rounding: (name) => coarsenessOf(values.get(name), policy.held),
    async close() {
      engine.constants.clear()
      engine.folded.clear()
      states.clear()
    },
  }
}

/** Half a step of float16's subnormal numbers, twice: converters keep a constant that would vanish as the least number above zero. */
const LEAST_HALF = 2 ** -24

/** A constant is as coarse as it is stored, a value as it is held; whole numbers and text are not coarse at all. */
function coarsenessOf(value: Value | undefined, held: (dtype: DType) => DType): Coarseness {
  if (value?.constant && isStoredAsHalf(value.constant)) return { relative: UNIT_ROUNDOFF.float16, least: LEAST_HALF }
  const dtype = held(value?.dtype ?? 'float32')
  return dtype === 'float16' || dtype === 'float32' ? { relative: UNIT_ROUNDOFF[dtype] } : {}
}

function runtimeOf(precision: Precision, { computeUnit, flushSubnormals }: SessionOptions): string {
  const unit = computeUnit ? ` as assumed of ${computeUnit}` : ''
  return `coreml-parity ${VERSION} ${precision}${unit}${flushSubnormals ? ', subnormals flushed' : ''}`
}

function functionOf(model: Model, name: string | undefined): ModelFunction {
  const found = model.functions.get(name ?? model.defaultFunction)
  if (found) return found
  throw new ParityError('USAGE_FUNCTION', {
    what: `the model has no function '${name}'`,
    where: model.path,
    remedy: `It has ${[...model.functions.keys()].join(', ')}`,
  })
}

/** `seeInputs` gets the graph's inputs before anything runs, and may give others in their place. */
function runEntry(
  engine: Engine,
  entry: ModelFunction,
  feeds: Record<string, Tensor>,
  options: RunOptions,
  seeInputs?: Tap,
): Map<string, Tensor> {
  const { graph } = entry
  const fetchOption = options.fetch ?? 'outputs'
  const given = new Map<string, Tensor>()
  for (const [name, value] of Object.entries(options.feed ?? {})) {
    if (!graph.values.has(name)) throw noValue(name, 'feed')
    given.set(name, hold(value, engine.policy, false))
  }
  for (const override of options.overrides ?? []) refuseUnknown(graph, override)
  feedInputs(engine, entry, feeds, given)
  for (const name of seeInputs ? graph.inputs : []) {
    const value = given.get(name)
    const replaced = value && seeInputs?.(name, value)
    if (replaced) given.set(name, hold(replaced, engine.policy, false))
  }
  for (const { name } of entry.states) {
    const fed = given.get(name)
    if (fed) engine.states.write(name, fed)
    else given.set(name, engine.states.read(name))
  }
  const made = new Set(fetchOption === 'all' ? graph.nodes.flatMap((node) => node.outputs).filter((name) => name !== null) : [])
  const shown = fetchOption === 'outputs' ? entry.outputs.map(({ name }) => name) : fetchOption === 'all' ? shownAlone(entry) : fetchOption
  const fetched = execute(engine, graph, {
    fetch: new Set([...made, ...shown.map((name) => valueNamed(entry, name))]),
    given,
    overrides: options.overrides ?? [],
    tap: options.tap,
    noise: options.noise,
    everything: options.tap !== undefined,
  })
  const outputs = new Map(entry.outputs.map((feature) => [feature.name, feature]))
  const result = new Map([...fetched].filter(([name]) => made.has(name)))
  for (const name of shown) {
    const feature = outputs.get(name)
    const value = feature
      ? outputOfValue(feature, entry.outputs, (inner) => fetched.get(inner), graph)
      : fetched.get(valueNamed(entry, name))
    if (value === undefined) throw noValue(name, 'fetch')
    result.set(name, value)
  }
  return result
}

/** Outputs that no value of the graph is called by: a classifier's label, what is shown under another name, inputs and constants. */
const shownAlone = ({ graph, outputs }: ModelFunction): string[] => {
  const made = new Set(graph.nodes.flatMap((node) => node.outputs))
  return outputs.map(({ name }) => name).filter((name) => !made.has(name))
}

const noValue = (name: string, purpose: string): ParityError =>
  new ParityError('USAGE_VALUE', {
    what: `the model has no value '${name}' to ${purpose}`,
    remedy: '`parity inspect MODEL` lists its values',
  })

const withBodies = (graph: Graph): Graph[] => [
  graph,
  ...graph.nodes.flatMap(({ bodies }) => bodies.flatMap((body) => withBodies(body.graph))),
]

function refuseUnknown(graph: Graph, override: Override): void {
  const graphs = withBodies(graph)
  if (override.kind === 'constant') {
    if (!graphs.some(({ values }) => values.has(override.value))) throw noValue(override.value, 'override')
  } else if (!graphs.some(({ nodes }) => nodes.some(({ name }) => name === override.node))) {
    throw new ParityError('USAGE_NODE', {
      what: `the model has no op '${override.node}' to override`,
      remedy: '`parity inspect MODEL` lists its ops',
    })
  }
}

function valueNamed(entry: ModelFunction, name: string): string {
  return entry.outputs.find((feature) => feature.name === name)?.value ?? name
}

function feedInputs(engine: Engine, entry: ModelFunction, feeds: Record<string, Tensor>, given: Map<string, Tensor>): void {
  const byInput = feedsByInput(feeds, entry.inputs)
  let bytes = 0
  for (const feature of entry.inputs) {
    const value = feature.value ?? feature.name
    if (given.has(value)) continue
    const own = byInput.get(feature)
    // pixels become float32, and so does what is absent
    bytes += bytesOfShape('float32', own?.shape ?? feature.shape.map((size) => size ?? 0))
    checkMemory(bytes, engine.memoryLimit, `input '${feature.name}'`)
    const feed = own ?? defaultOf(feature)
    if (feed === undefined) throw missingInput(feature, feeds, entry.inputs)
    given.set(value, hold(valueOfFeed(feature, feed, entry.graph, engine.policy.held), engine.policy, false))
  }
}

function defaultOf(feature: ModelFunction['inputs'][number]): Tensor | undefined {
  if (!feature.optional || feature.shape.some((dimension) => dimension === null)) return undefined
  const shape = feature.shape as number[]
  const data = allocate(feature.dtype, sizeOf(shape))
  if (feature.default !== undefined && !(data instanceof BigInt64Array) && !Array.isArray(data))
    (data as Float32Array).fill(feature.default)
  return { dtype: feature.dtype, shape: [...shape], data } as Tensor
}
