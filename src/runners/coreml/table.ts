/** Finds the row that a node is run by: by dialect, type and, for ML Programs, the newest opset not above the node's own. */
import { ParityError } from '../../graph/errors.js'
import type { Node } from '../../graph/graph.js'
import { namesLike } from '../../graph/likeness.js'
import { milOps } from './mil/index.js'
import { modelOps } from './models/index.js'
import { layerOps } from './nn/index.js'
import { OPSETS, type Op } from './op.js'
import { invalid } from './refusals.js'

type Table = ReadonlyMap<string, readonly Op[]>

function tableOf(rows: readonly Op[]): Table {
  const table = new Map<string, Op[]>()
  for (const row of rows) {
    const sameType = table.get(row.type) ?? []
    if (sameType.some((other) => other.since === row.since)) throw new Error(`op ${row.type} of ${row.since} is registered twice`)
    sameType.push(row)
    sameType.sort((a, b) => OPSETS.indexOf(b.since) - OPSETS.indexOf(a.since))
    table.set(row.type, sameType)
  }
  return table
}

const TABLES: { readonly [dialect: string]: Table } = {
  mil: tableOf(milOps),
  neuralnetwork: tableOf(layerOps),
  coreml: tableOf(modelOps),
}

/** Index into OPSETS of the opset that a Core ML file calls 'CoreML5' (iOS15) and so on; later ones run as the newest known. */
export function opsetIndex(version: string): number {
  const number = /^CoreML(\d+)$/.exec(version)?.[1]
  return number === undefined ? OPSETS.length - 1 : Math.min(Number(number) - 5, OPSETS.length - 1)
}

/** The row for a node, or undefined where the engine has none. */
export function findOp(node: Node): Op | undefined {
  const rows = TABLES[node.dialect.name]?.get(node.type)
  if (node.dialect.name !== 'mil') return rows?.[0]
  const opset = opsetIndex(node.dialect.version)
  return rows?.find((row) => OPSETS.indexOf(row.since) <= opset)
}

/** Why the engine has no row for a node: its type, and ops of like names. */
export function unknownOp({ type, dialect }: Node): { code: 'UNSUPPORTED_OP'; what: string; remedy: string } {
  const known = [...(TABLES[dialect.name]?.keys() ?? [])]
  const near = namesLike(type, known)
  return {
    code: 'UNSUPPORTED_OP',
    what: `op type '${type}' of dialect ${dialect.name} ${dialect.version} is not known to the Core ML engine, which has ${known.length}`,
    remedy: near.length ? `Ops of like names: ${near.join(', ')}` : 'docs/operators.md lists the ops that run',
  }
}

/**
 * The row for a node.
 * @throws ParityError UNSUPPORTED_OP that names the op, its place, and ops of like names; MODEL_OP_INVALID for a node that declares more
 * outputs than its op makes.
 */
export function requireOp(node: Node): Op {
  const found = findOp(node)
  if (found) {
    checkOutputs(node, found.results)
    return found
  }
  const { code, ...words } = unknownOp(node)
  throw new ParityError(code, { ...words, where: `op '${node.name}', ${node.where}` })
}

/** @throws ParityError MODEL_OP_INVALID where `made` results do not do for the node's outputs. */
export function checkOutputs(node: Node, made: number): void {
  const { type, outputs } = node
  if (outputs.length > made) throw invalid(node, `it declares ${outputs.length} outputs, and op type ${type} makes ${made}`)
}
