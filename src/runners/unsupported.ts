/** What of a model cannot be run, all at once and before anything runs: ops that its runner lacks, and ops that are not as they should be. */
import { compilerOf, spellCompiled, uncompiled } from '../graph/compiled.js'
import { ParityError } from '../graph/errors.js'
import type { Graph, Node } from '../graph/graph.js'
import { relationsOf } from '../graph/relations.js'

/** Nodes that a runner cannot run for one reason. */
export interface Unsupported {
  what: string
  code: 'UNSUPPORTED_OP' | 'UNSUPPORTED_CUSTOM_LAYER' | 'MODEL_OP_INVALID'
  type: string
  count: number
  /** Place of the first. */
  where: string
  remedy: string
}

/** Why a node cannot be run; undefined where it can. `graphs`: the one that it stands in, and those around it from the inside out. */
export type Refusal = (node: Node, graphs: readonly Graph[]) => Pick<Unsupported, 'what' | 'code' | 'remedy'> | undefined

const hasEffects = (node: Node): boolean => node.outputs.length === 0 || node.bodies.some(({ graph }) => graph.nodes.some(hasEffects))

/** Nodes that an output depends on or that change a variable, those of their bodies among them. */
function liveNodes(graph: Graph, outer: readonly Graph[] = []): { node: Node; graphs: readonly Graph[] }[] {
  const { reachesOutput } = relationsOf(graph)
  const graphs = [graph, ...outer]
  const live = graph.nodes.filter((node) => hasEffects(node) || node.outputs.some((name) => name !== null && reachesOutput.has(name)))
  return live.flatMap((node) => [{ node, graphs }, ...node.bodies.flatMap((body) => liveNodes(body.graph, graphs))])
}

/** What of the nodes that have to run cannot, in order of execution. */
export function unsupportedIn(graph: Graph, refuse: Refusal): Unsupported[] {
  const found = new Map<string, Unsupported>()
  for (const { node, graphs } of liveNodes(graph)) {
    const refusal = refuse(node, graphs)
    if (refusal === undefined) continue
    const key = `${node.type} ${refusal.what}`
    const known = found.get(key)
    if (known) known.count++
    else found.set(key, { ...refusal, type: node.type, count: 1, where: `op '${node.name}' of type ${node.type}, ${node.where}` })
  }
  return [...found.values()]
}

/** The words for an op that a compiler left in the place of a network; undefined for every other. */
export function refuseCompiled({ type }: Node): ReturnType<Refusal> {
  const compiler = compilerOf(type)
  if (compiler === undefined) return undefined
  return { code: 'UNSUPPORTED_OP', what: `op type '${type}' is ${spellCompiled(compiler)}`, remedy: uncompiled(compiler) }
}

/** Reasons that are spelt one by one. */
const SPELT = 8

/** What several models lack, as one error. `path`: of the model. @throws ParityError with the code of the first */
export function throwUnsupported(missing: readonly { path: string; unsupported: readonly Unsupported[] }[]): void {
  const all = missing.flatMap(({ path, unsupported }) => unsupported.map((one) => ({ ...one, path })))
  const [first, ...rest] = all
  if (first === undefined) return
  const times = ({ count }: Unsupported): string => (count > 1 ? ` (${count} times)` : '')
  if (rest.length === 0) {
    throw new ParityError(first.code, {
      what: `${first.what}${times(first)}`,
      where: `${first.path}, ${first.where}`,
      remedy: first.remedy,
    })
  }
  const several = missing.filter(({ unsupported }) => unsupported.length > 0).length > 1
  const spelt = all.slice(0, SPELT).map((one) => `${several ? `${one.path}: ` : ''}${one.what}${times(one)}, first ${one.where}`)
  throw new ParityError(first.code, {
    what: `${all.length} things cannot be run: ${[...spelt, ...(all.length > SPELT ? [`${all.length - SPELT} more`] : [])].join('; ')}`,
    where: first.path,
    remedy: [...new Set(all.slice(0, SPELT).map(({ remedy }) => remedy))].join('. '),
  })
}
