/** The runner on TensorFlow.js: graphs of the dialects below, op by op. */
import { ParityError } from '../../graph/errors.js'
import type { Dialect, Node } from '../../graph/graph.js'
import type { Model, ModelFunction } from '../../graph/model.js'
import type { Session, SessionOptions } from '../session.js'
import { loadDevice } from './backend.js'
import { type OpTable, unknownOp } from './executor.js'
import { TfjsSession } from './session.js'
import { TFLITE_OPS } from './tflite/table.js'

const TABLES: { readonly [name in Dialect['name']]?: OpTable } = { tflite: TFLITE_OPS }

/** Why the runner does not compute a node's op for any dtype; undefined where it does for some. */
export function refuseOp(node: Node): ReturnType<typeof unknownOp> | undefined {
  const table = TABLES[node.dialect.name]
  return table === undefined || table.has(node.type) ? undefined : unknownOp(table, node)
}

/**
 * A session of `model` on TensorFlow.js.
 * @throws ParityError UNSUPPORTED_MODEL for a dialect without ops here, UNSUPPORTED_BACKEND where the backend's package is missing,
 *   USAGE_FUNCTION for an unknown function, USAGE_PRECISION for a precision other than 'authored'
 */
export async function createTfjsSession(model: Model, options: SessionOptions): Promise<Session> {
  const { precision = 'authored', backend = 'wasm', memoryLimit, workLimit, onProgress } = options
  if (precision !== 'authored') {
    throw new ParityError('USAGE_PRECISION', {
      what: `The tfjs runner computes in the model's own precision, not in ${precision}`,
      remedy: 'Leave the precision out',
    })
  }
  const main = functionOf(model, options.function)
  const dialect = main.graph.nodes[0]?.dialect.name ?? model.graph.nodes[0]?.dialect.name ?? 'tflite'
  const table = TABLES[dialect]
  if (!table)
    throw new ParityError('UNSUPPORTED_MODEL', {
      what: `The tfjs runner has no ops of ${dialect}`,
      where: model.path,
      remedy: 'Choose another runner',
    })
  return new TfjsSession(main, table, await loadDevice(backend), { memoryLimit, workLimit, onProgress })
}

function functionOf(model: Model, name = model.defaultFunction): ModelFunction {
  const chosen = model.functions.get(name)
  if (chosen) return chosen
  throw new ParityError('USAGE_FUNCTION', {
    what: `The model has no function ${name}`,
    where: model.path,
    remedy: `It has ${[...model.functions.keys()].join(', ')}`,
  })
}
