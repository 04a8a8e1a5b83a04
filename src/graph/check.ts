/** The invariants of a graph, which readers establish and everything above relies on. */
import { ParityError } from './errors.js'
import type { Graph, Node } from './graph.js'

/** Values that can be read at some place: those of one graph made so far, and those of the graphs around it. */
interface Scope {
  graph: Graph
  made: Set<string>
  parent?: Scope
}

function broken(what: string, where: string): ParityError {
  return new ParityError('MODEL_BROKEN', { what, where, remedy: 'Convert the model again; the file contradicts itself' })
}

function isReadable(scope: Scope | undefined, name: string): boolean {
  for (; scope; scope = scope.parent) {
    const value = scope.graph.values.get(name)
    if (value) return scope.made.has(name) || value.constant !== undefined || value.variable === true
  }
  return false
}

function isKnown(scope: Scope | undefined, name: string): boolean {
  for (; scope; scope = scope.parent) if (scope.graph.values.has(name)) return true
  return false
}

function checkRead(scope: Scope, name: string, where: string, reader: string): void {
  if (isReadable(scope, name)) return
  throw broken(`${reader} reads ${name}, which ${isKnown(scope, name) ? 'is made only later or never' : 'is no value of the model'}`, where)
}

function checkMade(scope: Scope, name: string, where: string): void {
  const value = scope.graph.values.get(name)
  if (!value) throw broken(`${name} is made but is no value of the graph`, where)
  if (value.constant) throw broken(`${name} is made although it is a constant`, where)
  if (scope.made.has(name)) throw broken(`${name} is made twice`, where)
  scope.made.add(name)
}

function checkNode(scope: Scope, node: Node): void {
  const where = `${node.where}, ${node.type} ${node.name}`
  for (const { parameter, value } of node.inputs) if (value !== null) checkRead(scope, value, where, `Parameter ${parameter}`)
  for (const { graph } of node.bodies) checkScope({ graph, made: new Set(), parent: scope })
  for (const output of node.outputs) if (output !== null) checkMade(scope, output, where)
}

function checkScope(scope: Scope): void {
  const { graph, made } = scope
  for (const input of graph.inputs) if (!made.has(input)) checkMade(scope, input, graph.name)
  const names = new Set<string>()
  for (const node of graph.nodes) {
    if (names.has(node.name)) throw broken(`Two nodes are called ${node.name}`, node.where)
    names.add(node.name)
    checkNode(scope, node)
  }
  for (const output of graph.outputs) checkRead(scope, output, graph.name, 'The end of the graph')
}

/**
 * Checks that every value that is read has been made before, by one producer, and that names of nodes are unique; in bodies too.
 * @param given values that come from elsewhere: a model's states
 * @throws ParityError MODEL_BROKEN with the node and its place in the file
 */
export function checkGraph(graph: Graph, given: Iterable<string> = []): void {
  checkScope({ graph, made: new Set(given) })
}
