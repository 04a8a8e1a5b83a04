/** Which runtime runs which format. */
import { ParityError } from '../graph/errors.js'
import type { Graph, Node } from '../graph/graph.js'
import type { Format, Model } from '../graph/model.js'
import { createCoremlSession } from './coreml/session.js'
import { findOp } from './coreml/table.js'
import type { RunnerName, Session, SessionOptions } from './session.js'

type Factory = (model: Model, options: SessionOptions) => Promise<Session>

const COREML: readonly Format[] = ['mlmodel', 'mlpackage']

/** Runners are loaded when first used: a runtime that nobody asked for costs nothing. */
const RUNNERS: { readonly [name in RunnerName]?: { formats: readonly Format[]; load(): Promise<Factory> } } = {
  coreml: { formats: COREML, load: async () => createCoremlSession },
  tfjs: { formats: ['tflite'], load: async () => (await import('./tfjs/index.js')).createTfjsSession },
}

export const isCoreml = (model: Model): boolean => COREML.includes(model.format)

/** @throws ParityError UNSUPPORTED_RUNNER where no runner, or not the one asked for, takes the model's format; USAGE_PRECISION. */
export async function createSession(model: Model, options: SessionOptions = {}): Promise<Session> {
  const takers = Object.entries(RUNNERS).filter(([, runner]) => runner.formats.includes(model.format))
  const chosen = options.runner === undefined ? takers[0] : takers.find(([name]) => name === options.runner)
  if (chosen === undefined) {
    throw new ParityError('UNSUPPORTED_RUNNER', {
      what: options.runner ? `runner '${options.runner}' does not take ${model.format} models` : `no runner takes ${model.format} models`,
      where: model.path,
      remedy: takers.length ? `Runners that do: ${takers.map(([name]) => name).join(', ')}` : 'docs/guide.md lists the formats that run',
    })
  }
  const [name, { load }] = chosen
  if (name !== 'coreml' && options.precision !== undefined && options.precision !== 'authored') {
    throw new ParityError('USAGE_PRECISION', {
      what: `runner '${name}' has one precision, not '${options.precision}'`,
      where: model.path,
      remedy: 'Precisions other than authored are for Core ML models',
    })
  }
  if (name !== 'coreml' && (options.computeUnit !== undefined || options.flushSubnormals)) {
    throw new ParityError('USAGE_PRECISION', {
      what: `runner '${name}' plays no compute unit and flushes no subnormals`,
      where: model.path,
      remedy: 'Compute units and flush-to-zero are for Core ML models',
    })
  }
  return (await load())(model, { ...options, customLayers: { ...model.customLayers, ...options.customLayers } })
}

/** Op types of a model, bodies included, that its runner has not. */
export async function unsupportedOps(model: Model): Promise<string[]> {
  const supports = isCoreml(model) ? (node: Node) => findOp(node) !== undefined : (await import('./tfjs/index.js')).supportsOp
  const missing = new Set<string>()
  const visit = (graph: Graph): void => {
    for (const node of graph.nodes) {
      if (!supports(node)) missing.add(node.type)
      for (const body of node.bodies) visit(body.graph)
    }
  }
  visit(model.graph)
  return [...missing].sort()
}
