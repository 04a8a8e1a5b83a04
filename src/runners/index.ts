/** Which runtime runs which format. */
import { ParityError } from '../graph/errors.js'
import type { Format, Model } from '../graph/model.js'
import { customClassOf, spellCustom } from './coreml/custom.js'
import { refuseInvalid } from './coreml/invalid.js'
import { createCoremlSession } from './coreml/session.js'
import { findOp, unknownOp } from './coreml/table.js'
import type { RunnerName, Session, SessionOptions } from './session.js'
import { type Refusal, refuseCompiled, throwUnsupported, type Unsupported, unsupportedIn } from './unsupported.js'

type Factory = (model: Model, options: SessionOptions) => Promise<Session>

const COREML: readonly Format[] = ['mlmodel', 'mlpackage']

/** Runners are loaded when first used: a runtime that nobody asked for costs nothing. */
const RUNNERS: { readonly [name in RunnerName]?: { formats: readonly Format[]; load(): Promise<Factory> } } = {
  coreml: { formats: COREML, load: async () => createCoremlSession },
  tfjs: { formats: ['tflite'], load: async () => (await import('./tfjs/index.js')).createTfjsSession },
}

export { customClassOf } from './coreml/custom.js'

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

type Modules = SessionOptions['customLayers']

const refuseCoreml =
  (modules: Modules): Refusal =>
  (node, graphs) => {
    const op = findOp(node)
    if (op === undefined) return unknownOp(node)
    const className = customClassOf(node)
    if (className !== undefined && !Object.hasOwn(modules ?? {}, className)) return spellCustom(className)
    return refuseInvalid(op, node, graphs)
  }

async function refusalOf(model: Model, modules: Modules): Promise<Refusal> {
  if (isCoreml(model)) return refuseCoreml({ ...model.customLayers, ...modules })
  const { refuseOp } = await import('./tfjs/index.js')
  return (node) => refuseCompiled(node) ?? refuseOp(node)
}

/** What of a model's function (the default one unless told) cannot be run, before anything is. */
export async function unsupported(model: Model, options: Pick<SessionOptions, 'customLayers' | 'function'> = {}): Promise<Unsupported[]> {
  const { graph } = model.functions.get(options.function ?? model.defaultFunction) ?? model
  return unsupportedIn(graph, await refusalOf(model, options.customLayers))
}

/** @throws ParityError UNSUPPORTED_… that lists all that the models' runners lack */
export async function refuseUnsupported(
  models: readonly Model[],
  options: Pick<SessionOptions, 'customLayers' | 'function'> = {},
): Promise<void> {
  throwUnsupported(await Promise.all(models.map(async (model) => ({ path: model.path, unsupported: await unsupported(model, options) }))))
}
