/**
 * Subgraphs of a TFLite file as graphs.
 *
 * `values` holds every tensor of the subgraph, in the order of the tensors' indices. A tensor without a name, or with a name that an
 * earlier tensor has, gets `#index` behind it. Operators have no names in the file: a node is named as its first output, or `TYPE#index`.
 * The subgraphs that a control flow operator names are its bodies; their inputs match the operator's by position.
 */
import { sizeOf } from '../../../kernels/tensor.js'
import { ENUMS } from '../../../proto/tflite/generated/schema.js'
import { at, ParityError } from '../../graph/errors.js'
import type { Attribute, Body, Dialect, Dimension, Graph, Node, Value } from '../../graph/graph.js'
import type { StateFeature } from '../../graph/model.js'
import { spellShape } from '../../graph/shapes.js'
import type { Buffers } from './buffers.js'
import { bodiesOf, checkCalls, optionsOf } from './calls.js'
import type { Decoded, Table } from './flatbuffer.js'
import { mostInputs, parameterOf } from './operands.js'
import { constantOf, dtypeOf, quantizationOf, shapeOf } from './tensors.js'

const OPERATORS: { readonly [code: number]: string } = ENUMS.BuiltinOperator.names

/** Nodes of a graph with all of its bodies, each counted where it is used: more than this is no program that somebody runs. */
const MAX_EXPANDED_NODES = 1e7

export interface Subgraph {
  graph: Graph
  /** Tensors that keep their elements from one invocation to the next. */
  states: StateFeature[]
  /** Names of the values, by tensor index. */
  names: string[]
}

/** Reads subgraphs on demand; one that several operators use is read once. */
export class Subgraphs {
  private readonly read: (Subgraph | undefined)[] = []
  private readonly expanded = new Map<Graph, number>()

  constructor(
    private readonly model: Table<'Model'>,
    private readonly buffers: Buffers,
  ) {}

  /** @throws ParityError MODEL_… where an index leads nowhere or a subgraph contains itself, UNSUPPORTED_NESTING where they are too deep */
  get(index: number): Subgraph {
    if (!this.read[index]) checkCalls(this.model, index)
    return this.subgraph(index)
  }

  private subgraph(index: number): Subgraph {
    const source = this.model.subgraphs[index]
    if (!source) throw missing(`subgraph ${index} of ${this.model.subgraphs.length}`)
    return (this.read[index] ??= at(`subgraph ${index}`, () => this.build(source, index)))
  }

  private build(source: Table<'SubGraph'>, subgraphIndex: number): Subgraph {
    const names = namesOf(source.tensors)
    const nameOf = (index: number): string => {
      const name = names[index]
      if (name === undefined) throw missing(`tensor ${index} of ${names.length}`)
      return name
    }
    const inputs = source.inputs.map(nameOf)
    const defined = new Set(inputs)
    const dialect: Dialect = { name: 'tflite', version: String(this.model.version) }
    const nodes = source.operators.map((operator, index) =>
      at(`operator ${index}`, () => {
        const node = this.node(operator, index, dialect, nameOf)
        node.where = `subgraph ${subgraphIndex}, operator ${index}`
        for (const output of node.outputs) {
          if (output === null) continue
          if (defined.has(output))
            throw new ParityError('MODEL_BROKEN', { what: `${output} is made twice`, remedy: 'Convert the model again' })
          defined.add(output)
        }
        return node
      }),
    )
    const values = new Map<string, Value>()
    const states: StateFeature[] = []
    source.tensors.forEach((tensor, index) => {
      const value = at(`tensor ${index} ${names[index]}`, () => this.value(tensor, names[index]!, defined.has(names[index]!)))
      values.set(value.name, value)
      if (tensor.is_variable && value.dtype)
        states.push({ name: value.name, dtype: value.dtype, shape: tensor.shape.map((size) => Math.max(size, 0)) })
    })
    checkOrder(nodes, inputs, values)
    const graph: Graph = { name: source.name || `subgraph ${subgraphIndex}`, inputs, outputs: source.outputs.map(nameOf), values, nodes }
    this.limit(graph)
    return { graph, states, names }
  }

  private node(operator: Table<'Operator'>, index: number, dialect: Dialect, nameOf: (index: number) => string): Node {
    const code = this.model.operator_codes[operator.opcode_index]
    if (!code) throw missing(`operator code ${operator.opcode_index} of ${this.model.operator_codes.length}`)
    const type = typeOf(code)
    const most = mostInputs(type)
    if (operator.inputs.length > most) {
      throw new ParityError('MODEL_BROKEN', {
        what: `${type} has ${operator.inputs.length} inputs, and takes at most ${most}`,
        remedy: 'Convert the model again',
      })
    }
    const inputs = operator.inputs.map((tensor, i) => ({ parameter: parameterOf(type, i), value: tensor === -1 ? null : nameOf(tensor) }))
    const outputs = operator.outputs.map((tensor) => (tensor === -1 ? null : nameOf(tensor)))
    const options = optionsOf(operator)
    const attributes: { [key: string]: Attribute } = {}
    for (const [key, value] of Object.entries(options)) attributes[key] = attributeOf(value)
    if (isCustom(code)) attributes['custom_options'] = this.buffers.customOptions(operator)
    if (operator.intermediates.length)
      attributes['intermediates'] = operator.intermediates.map((tensor) => (tensor === -1 ? '' : nameOf(tensor)))
    const bodies = bodiesOf(options).map((body): Body => ({ role: body.role, graph: this.subgraph(body.index).graph }))
    return { name: outputs[0] ?? `${type}#${index}`, type, dialect, inputs, outputs, attributes, bodies, where: '' }
  }

  private value(source: Table<'Tensor'>, name: string, computed: boolean): Value {
    const quantization = quantizationOf(source)
    const value: Value = { name, dtype: dtypeOf(source.type), shape: shapeOf(source), ...(quantization && { quantization }) }
    if (computed) return value
    if (source.is_variable) return { ...value, shape: [...source.shape], variable: true }
    const bytes = this.buffers.of(source)
    const constant = bytes.byteLength > 0 || (source.shape.length > 0 && sizeOf(source.shape) === 0)
    return constant ? { ...value, shape: [...source.shape], constant: constantOf(source, bytes) } : value
  }

  private limit(graph: Graph): void {
    let count = graph.nodes.length
    for (const node of graph.nodes) for (const body of node.bodies) count += this.expanded.get(body.graph) ?? 0
    if (count > MAX_EXPANDED_NODES)
      throw new ParityError('MODEL_RECURSION', { what: `Bodies within bodies hold ${count} operators`, remedy: 'Convert the model again' })
    this.expanded.set(graph, count)
  }
}

/** Codes below 127 stand in the older field, and the newer one may be left at 0. */
const codeOf = ({ builtin_code, deprecated_builtin_code }: Table<'OperatorCode'>): string =>
  builtin_code === OPERATORS[0] ? (OPERATORS[deprecated_builtin_code] ?? `UNKNOWN_${deprecated_builtin_code}`) : builtin_code

const isCustom = (code: Table<'OperatorCode'>): boolean => codeOf(code) === 'CUSTOM'

/** The operator's name: a custom one by its own. */
const typeOf = (code: Table<'OperatorCode'>): string => (isCustom(code) && code.custom_code) || codeOf(code)

function namesOf(tensors: Table<'Tensor'>[]): string[] {
  const given = new Set(tensors.map((tensor) => tensor.name))
  const taken = new Set<string>()
  return tensors.map(({ name }, index) => {
    let unique = name
    while (unique === '' || taken.has(unique) || (unique !== name && given.has(unique))) unique = `${unique}#${index}`
    taken.add(unique)
    return unique
  })
}

function attributeOf(value: Decoded): Attribute {
  if (value === null) return ''
  if (Array.isArray(value)) return value.map(attributeOf)
  if (typeof value === 'object' && !(value instanceof Uint8Array)) {
    return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, attributeOf(part as Decoded)]))
  }
  return value
}

/** An operator may read what stands before it: inputs, constants, variables, and outputs of earlier operators. */
function checkOrder(nodes: readonly Node[], inputs: readonly string[], values: ReadonlyMap<string, Value>): void {
  const later = new Set(nodes.flatMap((node) => node.outputs))
  for (const input of inputs) later.delete(input)
  for (const node of nodes) {
    const early = node.inputs.find(({ value }) => value !== null && later.has(value))
    if (early) {
      const shape: readonly Dimension[] = values.get(early.value!)?.shape ?? []
      throw new ParityError('MODEL_BROKEN', {
        what: `${node.type} reads ${early.value} ${spellShape(shape)} before it is made`,
        where: node.where,
        remedy: 'Convert the model again',
      })
    }
    for (const output of node.outputs) later.delete(output)
  }
}

function missing(what: string): ParityError {
  return new ParityError('MODEL_BROKEN', { what: `The file names ${what}`, remedy: 'Get the file again, or convert the model again' })
}
