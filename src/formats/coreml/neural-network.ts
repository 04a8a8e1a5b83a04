/**
 * Neural networks of layers (NeuralNetwork.proto). A node has the layer's field name as its type, the layer's inputs as operands
 * `input`, and its weights as constants `<layer>/<field path>` under the field path as parameter.
 *
 * A name that is written more than once stands for several values, so that every value has one producer: the last keeps the name, as a
 * caller who fetches it means that one, those before it are called `name#1`, `name#2`, …. What the networks inside a `loop` or
 * `branch` write, and somebody reads later, are the node's outputs. Attribute `variables` gives their names in the file; operands
 * `variables` give their values before the layer (null: none yet), in the same order, and the outputs of each body the values at its end
 * of those that its `variables` name: it may not make all of them. A body's inputs are those variables that have a value when it starts,
 * under their names in the file; every other value around it is read directly. A branch that is absent leaves the variables as they are.
 * `loopBreak` and `loopContinue` have operands `variables` too: those of the loop around them, as they stand when the loop is left.
 */
import {
  integer,
  messageType,
  type NeuralNetwork,
  type NeuralNetworkLayer,
  type Tensor as TensorShape,
} from '../../../proto/coreml/reader.js'
import { at, ParityError } from '../../graph/errors.js'
import type { Body, Dialect, Dimension, Graph, Node, Operand, Value } from '../../graph/graph.js'
import { takeName } from '../../graph/names.js'
import { liveAfter, variablesOf } from './liveness.js'
import { layerParameters } from './parameters.js'
import { weightLayout } from './weight-layouts.js'
import { weightConstant } from './weights.js'

/** Names of a network in sight: the file's names and the values that they stand for now. */
interface Scope {
  graph: Graph
  current: Map<string, string>
  nodeNames: Set<string>
  parent?: Scope
  /** Variables of the innermost loop around. */
  loop?: string[]
}

interface NetworkOptions {
  name: string
  dialect: Dialect
  /** Values that callers feed; their names are the file's. */
  inputs: Value[]
  /** The file's names of the values that callers want. */
  outputs: string[]
}

function lookUp(scope: Scope | undefined, name: string): string | undefined {
  for (; scope; scope = scope.parent) {
    const value = scope.current.get(name)
    if (value !== undefined) return value
  }
  return undefined
}

function read(scope: Scope, name: string): string {
  const value = lookUp(scope, name)
  if (value === undefined) {
    throw new ParityError('MODEL_BROKEN', { what: `Nothing before this layer makes its input ${name}`, remedy: 'Convert the model again' })
  }
  return value
}

/** Names that a new value of a scope cannot have: those of every value in sight. */
const namesInSight = (scope: Scope) => ({
  has(name: string): boolean {
    for (let inner: Scope | undefined = scope; inner; inner = inner.parent) if (inner.graph.values.has(name)) return true
    return false
  },
  add: () => undefined,
})

/** Gives `name` a new value. */
function write(scope: Scope, name: string, shape: Dimension[] | null): string {
  const unique = takeName(namesInSight(scope), name, 1)
  scope.graph.values.set(unique, { name: unique, dtype: 'float32', shape })
  scope.current.set(name, unique)
  return unique
}

/** Dimensions as the layer states them, where it does. */
function shapeOf(tensor: TensorShape | undefined): Dimension[] | null {
  if (!tensor || tensor.rank === 0 || tensor.rank > 64) return null
  const sizes = tensor.dimValue.map(integer)
  return Array.from({ length: tensor.rank }, (_, axis) => (sizes.length === tensor.rank && sizes[axis]! > 0 ? sizes[axis]! : null))
}

function typeOf(layer: NeuralNetworkLayer): NonNullable<NeuralNetworkLayer['layer']> {
  if (!layer.layer)
    throw new ParityError('UNSUPPORTED_LAYER', { what: 'The layer is of a kind that is not known', remedy: 'Update this program' })
  return layer.layer
}

/** Adds a layer's weights to the graph; operands for them, by field path. */
function weightOperands(scope: Scope, node: string, type: string, parameters: ReturnType<typeof layerParameters>): Operand[] {
  return parameters.weights.flatMap(([path, weights]) => {
    const constant = at(path, () => weightConstant(weights, weightLayout(type, path, parameters.attributes)))
    if (!constant) return []
    const name = takeName(namesInSight(scope), `${node}/${path}`, 1)
    scope.graph.values.set(name, { name, dtype: constant.dtype, shape: constant.shape, constant })
    return [{ parameter: path, value: name }]
  })
}

const variableOperands = (scope: Scope, names: readonly string[]): Operand[] =>
  names.map((name) => ({ parameter: 'variables', value: lookUp(scope, name) ?? null }))

const ROLES: { [field: string]: string } = {
  conditionNetwork: 'condition',
  bodyNetwork: 'body',
  ifBranch: 'ifBranch',
  elseBranch: 'elseBranch',
}

interface BodyOptions {
  node: string
  role: string
  scope: Scope
  dialect: Dialect
  variables: string[]
  /** Variables that have a value when the body starts. */
  given: string[]
  loop: string[] | undefined
  where: string
}

function readBody(network: NeuralNetwork, { node, role, scope, dialect, variables, given, loop, where }: BodyOptions): Required<Body> {
  const graph: Graph = { name: `${node}/${role}`, inputs: given, outputs: [], values: new Map(), nodes: [] }
  const inner: Scope = { graph, current: new Map(), nodeNames: new Set(), parent: scope, ...(loop && { loop }) }
  for (const name of given) {
    graph.values.set(name, { name, dtype: 'float32', shape: null })
    inner.current.set(name, name)
  }
  readLayers(network.layers, inner, dialect, new Set(variables), `${where}, ${role}`)
  const made = variables.filter((name) => lookUp(inner, name) !== undefined)
  graph.outputs = made.map((name) => read(inner, name))
  return { role, graph, variables: made }
}

function readControl(
  layer: NeuralNetworkLayer,
  networks: [string, NeuralNetwork][],
  scope: Scope,
  options: { node: string; dialect: Dialect; after: ReadonlySet<string>; where: string },
): { variables: string[]; bodies: Body[] } {
  const variables = variablesOf(layer, options.after)
  const known = variables.filter((name) => lookUp(scope, name) !== undefined)
  const loop = layer.loop ? variables : scope.loop
  const bodies: Body[] = []
  const given = new Set(known)
  for (const [field, network] of networks) {
    const role = ROLES[field]!
    const body = readBody(network, { ...options, role, scope, variables, given: variables.filter((name) => given.has(name)), loop })
    bodies.push(body)
    // the body of a loop starts where its condition ended
    if (role === 'condition') for (const name of body.variables) given.add(name)
  }
  return { variables, bodies }
}

function readLayer(
  layer: NeuralNetworkLayer,
  index: number,
  scope: Scope,
  dialect: Dialect,
  after: ReadonlySet<string>,
  where: string,
): Node {
  const type = typeOf(layer)
  const name = takeName(scope.nodeNames, layer.name, index)
  const messageField = messageType('CoreML.NeuralNetworkLayer').fields[type]!
  const parameters = layerParameters(messageField.resolvedType as Parameters<typeof layerParameters>[0], layer[type] as object)
  const { attributes, networks } = parameters
  const inputs: Operand[] = layer.input.map((input) => ({ parameter: 'input', value: read(scope, input) }))
  inputs.push(...weightOperands(scope, name, type, parameters))
  if (type === 'loopBreak' || type === 'loopContinue') inputs.push(...variableOperands(scope, scope.loop ?? []))
  const control =
    networks.length > 0 ? readControl(layer, networks, scope, { node: name, dialect, after, where }) : { variables: [], bodies: [] }
  if (networks.length > 0) {
    inputs.push(...variableOperands(scope, control.variables))
    attributes['variables'] = control.variables
  }
  const outputs = layer.output.map((output, i) => write(scope, output, shapeOf(layer.outputTensor[i])))
  outputs.push(...control.variables.map((variable) => write(scope, variable, null)))
  return { name, type, dialect, inputs, outputs, attributes, bodies: control.bodies, where }
}

function readLayers(
  layers: readonly NeuralNetworkLayer[],
  scope: Scope,
  dialect: Dialect,
  wanted: ReadonlySet<string>,
  where: string,
): void {
  const live = layers.some(({ loop, branch }) => loop || branch) ? liveAfter(layers, wanted, scope.loop ?? []) : []
  layers.forEach((layer, index) => {
    const place = `${where ? `${where}, ` : ''}layer ${index}`
    const node = at(`${place}, ${layer.layer ?? 'unknown'} ${layer.name}`.trimEnd(), () =>
      readLayer(layer, index, scope, dialect, live[index] ?? wanted, place),
    )
    scope.graph.nodes.push(node)
  })
}

export interface ReadNetwork {
  graph: Graph
  /** The value that a name of the file stands for at the end; undefined where there is none. */
  finalValue(name: string): string | undefined
}

/** Exchanges the names of a graph's values, and of what its bodies read from around them. */
function rename(graph: Graph, names: ReadonlyMap<string, string>): void {
  const named = (name: string) => names.get(name) ?? name
  for (const node of graph.nodes) {
    node.inputs = node.inputs.map(({ parameter, value }) => ({ parameter, value: value === null ? null : named(value) }))
    node.outputs = node.outputs.map((output) => (output === null ? null : named(output)))
    for (const { graph: body } of node.bodies) {
      const seen = new Map([...names].filter(([name]) => !body.values.has(name)))
      if (seen.size > 0) rename(body, seen)
    }
  }
  graph.outputs = graph.outputs.map(named)
  const values = [...graph.values.values()].map((value) => ({ ...value, name: named(value.name) }))
  graph.values.clear()
  for (const value of values) graph.values.set(value.name, value)
}

/** Gives the file's names to the values that they stand for at the end; the graph's inputs keep theirs. */
function keepLastNames({ graph, current }: Scope): void {
  const names = new Map<string, string>()
  for (const [name, value] of current) {
    if (name === value || graph.inputs.includes(name)) continue
    names.set(value, name).set(name, value)
    current.set(name, name)
  }
  if (names.size > 0) rename(graph, names)
}

/**
 * Reads a network; `graph.outputs` are the values of `outputs` that exist.
 * @throws ParityError MODEL_BROKEN for values that nobody makes and weights that do not fit, UNSUPPORTED_… for unknown layers.
 */
export function readNetwork(network: NeuralNetwork, { name, dialect, inputs, outputs }: NetworkOptions): ReadNetwork {
  const graph: Graph = { name, inputs: [], outputs: [], values: new Map(), nodes: [] }
  const scope: Scope = { graph, current: new Map(), nodeNames: new Set() }
  for (const input of inputs) {
    graph.values.set(input.name, input)
    graph.inputs.push(input.name)
    scope.current.set(input.name, input.name)
  }
  readLayers(network.layers, scope, dialect, new Set(outputs), '')
  keepLastNames(scope)
  graph.outputs = [...new Set(outputs.map((output) => scope.current.get(output)).filter((value) => value !== undefined))]
  return { graph, finalValue: (output) => scope.current.get(output) }
}
