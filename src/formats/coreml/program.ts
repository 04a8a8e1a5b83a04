/**
 * ML Programs. Of a function the block of its own opset is read. `const` operations become constant values; inline values become
 * constants named `<node>/<parameter>`, and so do the parameters that iOS16's `constexpr_` operations keep among their attributes.
 * `classify`, which ends a classifier, is no node: its probabilities and labels stand in the model's outputs.
 */
import type { MIL_Argument, MIL_Block, MIL_Function, MIL_NamedValueType, MIL_Operation, MIL_Value } from '../../../proto/coreml/reader.js'
import { at, ParityError } from '../../graph/errors.js'
import type { Attribute, Constant, Dialect, Graph, Node, Operand, Value } from '../../graph/graph.js'
import { takeName } from '../../graph/names.js'
import type { BlobStore } from './blobs.js'
import { describe } from './mil-types.js'
import { attributeOf, constantOf } from './mil-values.js'

/** What a program's `classify` says about its outputs. */
export interface Classification {
  /** Graph value of the probabilities. */
  probabilities: string
  labels: string[] | bigint[]
  /** Output names of the label and of the dictionary. */
  label: string
  dictionary: string
}

export interface ProgramFunction {
  graph: Graph
  /** Names of inputs that are states. */
  states: string[]
  classification?: Classification
}

interface Context {
  dialect: Dialect
  blobs: BlobStore
  /** Node names of the graph that is being read. */
  nodeNames: Set<string>
  graph: Graph
}

function nameAttribute(operation: MIL_Operation, blobs: BlobStore): string {
  const value = operation.attributes['name']
  const name = value ? attributeOf(value, blobs) : ''
  return typeof name === 'string' ? name : ''
}

function addConstant(context: Context, name: string, constant: Constant): string {
  const unique = takeName(valueNames(context.graph), name, 1)
  context.graph.values.set(unique, { name: unique, dtype: constant.dtype, shape: constant.shape, constant })
  return unique
}

const valueNames = ({ values }: Graph) => ({ has: (name: string) => values.has(name), add: () => undefined })

function operandsOf(context: Context, node: string, parameter: string, argument: MIL_Argument): Operand[] {
  return argument.arguments.map((binding, i) => {
    if (binding.binding === 'name') return { parameter, value: binding.name }
    if (!binding.value) throw new ParityError('MODEL_BROKEN', { what: `Parameter ${parameter} is bound to nothing` })
    const name = argument.arguments.length === 1 ? `${node}/${parameter}` : `${node}/${parameter}.${i}`
    return { parameter, value: constantOperand(context, name, parameter, binding.value) }
  })
}

function constantOperand(context: Context, name: string, parameter: string, value: MIL_Value): string {
  return at(`parameter ${parameter}`, () => addConstant(context, name, constantOf(value, context.blobs)))
}

/** Attributes that are parameters: all of a `constexpr_` operation's, and whatever lies in a weight file. */
const isParameter = (operation: MIL_Operation, name: string): boolean =>
  name !== 'name' && (operation.type.startsWith('constexpr_') || operation.attributes[name]!.value === 'blobFileValue')

function readNode(context: Context, operation: MIL_Operation, index: number, where: string): Node {
  const { blobs, graph, dialect } = context
  const name = takeName(context.nodeNames, nameAttribute(operation, blobs) || (operation.outputs[0]?.name ?? operation.type), index)
  const inputs = Object.entries(operation.inputs).flatMap(([parameter, argument]) => operandsOf(context, name, parameter, argument))
  const attributes: [string, Attribute][] = []
  for (const [key, value] of Object.entries(operation.attributes)) {
    if (isParameter(operation, key)) inputs.push({ parameter: key, value: constantOperand(context, `${name}/${key}`, key, value) })
    else attributes.push([key, at(`attribute ${key}`, () => attributeOf(value, blobs))])
  }
  const bodies = operation.blocks.map((block, i) => {
    const role = String(i)
    return { role, graph: readBlock(block, { name: `${name}/${role}`, dialect, blobs, where: `${where}, block ${i}` }) }
  })
  const outputs = operation.outputs.map(({ name, type }) => {
    defineValue(graph, name, () => describe(name, type))
    return name
  })
  return { name, type: operation.type, dialect, inputs, outputs, attributes: Object.fromEntries(attributes), bodies, where }
}

function defineValue(graph: Graph, name: string, describe: () => Value): void {
  if (graph.values.has(name))
    throw new ParityError('MODEL_BROKEN', { what: `Value ${name} is made twice`, remedy: 'Convert the model again' })
  graph.values.set(name, describe())
}

function readConst(context: Context, operation: MIL_Operation): void {
  const value = operation.attributes['val'] ?? operation.inputs['val']?.arguments[0]?.value
  const name = operation.outputs[0]?.name
  if (!value || name === undefined) throw new ParityError('MODEL_BROKEN', { what: 'A const operation has no value or no output' })
  const constant = constantOf(value, context.blobs)
  defineValue(context.graph, name, () => ({ name, dtype: constant.dtype, shape: constant.shape, constant }))
}

interface BlockOptions {
  name: string
  dialect: Dialect
  blobs: BlobStore
  where: string
  /** Of the function, which stand in front of the block's own. */
  inputs?: MIL_NamedValueType[]
  skip?: MIL_Operation | undefined
}

function readBlock(block: MIL_Block, { name, dialect, blobs, where, inputs = [], skip }: BlockOptions): Graph {
  const graph: Graph = { name, inputs: [], outputs: [...block.outputs], values: new Map(), nodes: [] }
  const context: Context = { dialect, blobs, nodeNames: new Set(), graph }
  for (const input of [...inputs, ...block.inputs]) {
    defineValue(graph, input.name, () => describe(input.name, input.type))
    graph.inputs.push(input.name)
  }
  readOperations(context, block, where, skip)
  return graph
}

function readOperations(context: Context, block: MIL_Block, where: string, skip?: MIL_Operation): void {
  block.operations.forEach((operation, index) => {
    if (operation === skip) return
    const place = `${where}, operation ${index}`
    at(`${place}, ${operation.type} ${operation.outputs[0]?.name ?? ''}`.trimEnd(), () => {
      if (operation.type === 'const') readConst(context, operation)
      else context.graph.nodes.push(readNode(context, operation, index, place))
    })
  })
}

/** The `classify` whose results are outputs of the block. */
function findClassify(block: MIL_Block): MIL_Operation | undefined {
  return block.operations.find(({ type, outputs }) => type === 'classify' && outputs.every(({ name }) => block.outputs.includes(name)))
}

function readClassification(graph: Graph, operation: MIL_Operation, blobs: BlobStore): Classification {
  const probabilities = operation.inputs['probabilities']?.arguments[0]?.name
  const classes = operation.inputs['classes']?.arguments[0]
  const [label, dictionary] = operation.outputs
  const constant = classes?.value ? constantOf(classes.value, blobs) : graph.values.get(classes?.name ?? '')?.constant
  if (!probabilities || !constant || !label)
    throw new ParityError('MODEL_BROKEN', { what: 'classify has no probabilities or no constant classes' })
  const { data } = constant.read()
  const labels = constant.dtype === 'string' ? (data as string[]) : Array.from(data as ArrayLike<number | bigint>, BigInt)
  return { probabilities, labels, label: label.name, dictionary: dictionary?.name ?? '' }
}

/**
 * Reads one function.
 * @throws ParityError MODEL_… where the program is broken or a weight file is missing.
 */
export function readFunction(name: string, fn: MIL_Function, blobs: BlobStore): ProgramFunction {
  const block = Object.hasOwn(fn.block_specializations, fn.opset) ? fn.block_specializations[fn.opset] : undefined
  const where = `function ${name}, block ${fn.opset}`
  if (!block) {
    const known = Object.keys(fn.block_specializations).join(', ') || 'none'
    throw new ParityError('MODEL_BROKEN', {
      what: `There is no block for opset ${fn.opset}; there is ${known}`,
      where,
      remedy: 'Convert the model again',
    })
  }
  const dialect: Dialect = { name: 'mil', version: fn.opset }
  const classify = findClassify(block)
  const graph = readBlock(block, { name, dialect, blobs, where, inputs: fn.inputs, skip: classify })
  const states = fn.inputs.filter(({ type }) => type?.type === 'stateType').map((input) => input.name)
  if (!classify) return { graph, states }
  const classification = at(`${where}, classify`, () => readClassification(graph, classify, blobs))
  graph.outputs = [...new Set(graph.outputs.map((output) => (graph.values.has(output) ? output : classification.probabilities)))]
  return { graph, states, classification }
}
