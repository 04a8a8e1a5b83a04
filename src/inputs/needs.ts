/**
 * What a graph asks of the data of its inputs. Those that are read as indices must be whole and in the range of the tables that they point
 * into, whatever their dtype. Those whose size the file leaves open must be as long as the windows behind them take, from the outputs back:
 * one element of a result takes (size - 1) * dilation + 1 elements before padding, and each further one `stride` more; one number stands for
 * all dimensions, and ops without a window hand the need on. What a reshape, a slice or a matrix needs is not known here.
 */
import type { Tensor } from '../../kernels/tensor.js'
import { ParityError } from '../graph/errors.js'
import type { Constant, Graph, Node, Value } from '../graph/graph.js'
import { readsOf } from '../graph/liveness.js'
import type { InputFeature } from '../graph/model.js'
import { relationsOf } from '../graph/relations.js'
import type { FedModel } from './convert.js'
import type { Slot } from './slots.js'

/** The operand that holds indices, and the number of entries of what it points into; undefined where the file leaves that open. */
interface Reading {
  indices: string
  entries(node: Node, graph: Graph): number | undefined
  /** The least index that the op takes of so many entries; null where it takes any, one outside standing for nothing. */
  least(entries: number, node: Node, graph: Graph): number | null
}

const operand = (node: Node, parameter: string): string | undefined =>
  node.inputs.find((one) => one.parameter === parameter)?.value ?? undefined

const operandValue = (node: Node, graph: Graph, parameter: string): Value | undefined => graph.values.get(operand(node, parameter) ?? '')

/** A number that a node has as attribute, or as a constant operand. */
function scalarOf(node: Node, graph: Graph, name: string): number | undefined {
  const attribute = node.attributes[name]
  if (typeof attribute === 'number' || typeof attribute === 'bigint' || typeof attribute === 'boolean') return Number(attribute)
  const constant: Constant | undefined = operandValue(node, graph, name)?.constant
  return constant ? Number(constant.read().data[0]) : undefined
}

/** The size of an operand along the axis that the node names. */
const along =
  (parameter: string, fallback: number) =>
  (node: Node, graph: Graph): number | undefined => {
    const shape = operandValue(node, graph, parameter)?.shape
    return shape?.at(scalarOf(node, graph, 'axis') ?? fallback) ?? undefined
  }

const attribute =
  (name: string) =>
  (node: Node, graph: Graph): number | undefined =>
    scalarOf(node, graph, name)

const fromZero = (): number => 0
const any = (): null => null

/** MIL iOS17 scatter_gather: only where indices are validated is one outside an error; before, negative ones count from the end. */
function leastOfGather(entries: number, node: Node, graph: Graph): number | null {
  if (opsetIndex(node.dialect.version) < opsetIndex('CoreML7')) return -entries
  return scalarOf(node, graph, 'validate_indices') ? 0 : null
}

const opsetIndex = (version: string): number => Number(/\d+$/.exec(version)?.[0] ?? Infinity)

/** By dialect and op type. Ops that are not here read no indices. */
const READINGS: { readonly [dialect: string]: { readonly [type: string]: Reading } } = {
  tflite: {
    GATHER: { indices: 'indices', entries: along('params', 0), least: fromZero },
    EMBEDDING_LOOKUP: { indices: 'ids', entries: along('value', 0), least: fromZero },
    ONE_HOT: { indices: 'indices', entries: attribute('depth'), least: any },
  },
  mil: {
    gather: { indices: 'indices', entries: along('x', 0), least: leastOfGather },
    gather_along_axis: { indices: 'indices', entries: along('x', 0), least: leastOfGather },
    one_hot: { indices: 'indices', entries: attribute('one_hot_vector_size'), least: any },
  },
  neuralnetwork: {
    embedding: { indices: 'input', entries: attribute('inputDim'), least: fromZero },
    embeddingND: { indices: 'input', entries: attribute('vocabSize'), least: fromZero },
    oneHot: { indices: 'input', entries: attribute('oneHotVectorSize'), least: any },
  },
}

/** Ops that hand indices on as they are, and those that turn codes into them. */
const PASSING = /^(cast|identity|reshape\w*|expand_?dims|squeeze|transpose|permute|flatten\w*|rankPreservingReshape|copy)$/i
const DECODING = /^(quantize|dequantize)$/i

/** Nodes that read the elements of an input as indices, and the number of entries that they point into. */
function readersOf(graph: Graph, input: string, passes: (type: string) => boolean): { node: Node; reading: Reading; entries: number }[] {
  const carriers = new Set([input])
  return graph.nodes.flatMap((node) => {
    const reading = READINGS[node.dialect.name]?.[node.type]
    const indices = reading && operand(node, reading.indices)
    const entries = reading && indices !== undefined && carriers.has(indices) ? reading.entries(node, graph) : undefined
    if (passes(node.type) && node.inputs.some(({ value }) => value !== null && carriers.has(value)))
      for (const output of node.outputs) if (output !== null) carriers.add(output)
    return reading && entries !== undefined && entries > 0 ? [{ node, reading, entries }] : []
  })
}

/** Entries of the smallest table that each input of the graph points into, by input name; inputs that are no indices are not there. */
export function indexRanges(graph: Graph): Map<string, number> {
  const passes = (type: string): boolean => PASSING.test(type) || DECODING.test(type)
  return new Map(
    graph.inputs.flatMap((input) => {
      const entries = readersOf(graph, input, passes).map((reader) => reader.entries)
      return entries.length > 0 ? [[input, Math.min(...entries)] as const] : []
    }),
  )
}

/** The indices that an op takes of an input's elements. */
export interface IndexLimit {
  least: number
  most: number
  op: string
}

/** By input name, of ops that an output depends on and that refuse what lies outside. */
export function indexLimits(graph: Graph): Map<string, IndexLimit[]> {
  const { reachesOutput } = relationsOf(graph)
  const isLive = ({ outputs }: Node): boolean => outputs.some((name) => name !== null && reachesOutput.has(name))
  return new Map(
    graph.inputs.flatMap((input) => {
      const limits = readersOf(graph, input, (type) => PASSING.test(type)).flatMap(({ node, reading, entries }): IndexLimit[] => {
        const least = isLive(node) ? reading.least(entries, node, graph) : null
        return least === null ? [] : [{ least, most: entries - 1, op: node.name }]
      })
      return limits.length > 0 ? [[input, limits] as const] : []
    }),
  )
}

/** @throws ParityError INPUT_INDEX for an element that is no index of what the input points into */
export function refuseIndex(input: string, { data }: Tensor, limits: readonly IndexLimit[], where: string): void {
  for (const { least, most, op } of limits) {
    for (let i = 0; i < data.length; i++) {
      const index = Math.trunc(Number(data[i]))
      if (index >= least && index <= most) continue
      throw new ParityError('INPUT_INDEX', {
        what: `the input '${input}' is given index ${data[i]} (element ${i}), and op '${op}' takes ${least} to ${most}`,
        where,
        remedy: 'Give indices within the range: check that the sample was made with the vocabulary of this model',
      })
    }
  }
}

/** A window along one dimension. */
interface Window {
  size: number
  stride: number
  dilation: number
  /** Elements that padding adds, both ends together; null: as many as it takes. */
  padding: number | null
}

type WindowsOf = (node: Node, graph: Graph) => Window[]

/** Numbers that a node has as attribute, or as a constant operand. */
function numbersOf(node: Node, graph: Graph, name: string): number[] {
  const attribute = node.attributes[name]
  if (typeof attribute === 'number' || typeof attribute === 'bigint') return [Number(attribute)]
  if (Array.isArray(attribute)) return attribute.map(Number)
  const constant = operandValue(node, graph, name)?.constant
  return constant && constant.dtype !== 'string' ? Array.from(constant.read().data as ArrayLike<number>, Number) : []
}

function textOf(node: Node, graph: Graph, name: string): string {
  const attribute = node.attributes[name]
  if (typeof attribute === 'string') return attribute
  const constant = operandValue(node, graph, name)?.constant
  return constant?.dtype === 'string' ? String(constant.read().data[0]) : ''
}

const shapeOf = (node: Node, graph: Graph, parameter: string): number[] =>
  (operandValue(node, graph, parameter)?.shape ?? []).map((size) => size ?? 1)

/** TFLite: sizes of the filter's spatial axes, or attributes. */
const tflite =
  (axes: readonly string[], sizesOf: (node: Node, graph: Graph) => number[]): WindowsOf =>
  (node, graph) =>
    sizesOf(node, graph).map((size, i) => ({
      size,
      stride: numbersOf(node, graph, `stride_${axes[i]}`)[0] ?? 1,
      dilation: numbersOf(node, graph, `dilation_${axes[i]}_factor`)[0] ?? 1,
      padding: textOf(node, graph, 'padding') === 'VALID' ? 0 : null,
    }))

const filter = (node: Node, graph: Graph): number[] => shapeOf(node, graph, 'filter').slice(1, -1)
const volume = (node: Node, graph: Graph): number[] => shapeOf(node, graph, 'filter').slice(0, 3)
const pool = (node: Node, graph: Graph): number[] => ['filter_height', 'filter_width'].flatMap((name) => numbersOf(node, graph, name))

/** MIL: `pad` counts where pad_type is 'custom', two numbers a dimension. */
const mil =
  (sizesOf: (node: Node, graph: Graph) => number[]): WindowsOf =>
  (node, graph) => {
    const [strides, dilations, pad] = ['strides', 'dilations', 'pad'].map((name) => numbersOf(node, graph, name))
    const type = textOf(node, graph, 'pad_type')
    return sizesOf(node, graph).map((size, i) => ({
      size,
      stride: strides![i] ?? 1,
      dilation: dilations![i] ?? 1,
      padding: type.startsWith('same') ? null : type === 'custom' ? (pad![2 * i] ?? 0) + (pad![2 * i + 1] ?? 0) : 0,
    }))
  }

const weight = (node: Node, graph: Graph): number[] => shapeOf(node, graph, 'weight').slice(2)
const kernel = (node: Node, graph: Graph): number[] => numbersOf(node, graph, 'kernel_sizes')

const CONVOLUTION = tflite(['h', 'w'], filter)
const POOLING = tflite(['h', 'w'], pool)

const WINDOWS: { readonly [dialect: string]: { readonly [type: string]: WindowsOf } } = {
  tflite: {
    CONV_2D: CONVOLUTION,
    DEPTHWISE_CONV_2D: CONVOLUTION,
    CONV_3D: tflite(['d', 'h', 'w'], volume),
    MAX_POOL_2D: POOLING,
    AVERAGE_POOL_2D: POOLING,
    L2_POOL_2D: POOLING,
  },
  mil: { conv: mil(weight), max_pool: mil(kernel), avg_pool: mil(kernel), l2_pool: mil(kernel) },
}

/** Elements that a window takes for so many results. */
function before({ size, stride, dilation, padding }: Window, results: number): number {
  const whole = (results - 1) * stride + 1
  return padding === null ? whole : Math.max(1, whole + (size - 1) * dilation - padding)
}

/** The least size of each input's open dimensions, by input name; 1 where no window asks for more. */
export function leastSizes(graph: Graph): Map<string, number> {
  const needs = new Map<string, number>()
  for (const node of [...graph.nodes].reverse()) {
    const results = Math.max(1, ...node.outputs.map((name) => (name === null ? 1 : (needs.get(name) ?? 1))))
    const windows = WINDOWS[node.dialect.name]?.[node.type]?.(node, graph) ?? []
    const need = Math.max(windows.length > 0 ? 1 : results, ...windows.map((window) => before(window, results)))
    for (const name of readsOf(node)) needs.set(name, Math.max(needs.get(name) ?? 1, need))
  }
  return new Map(graph.inputs.map((name) => [name, needs.get(name) ?? 1]))
}

/** Looks whether what a model reads as indices are some. The function throws ParityError INPUT_INDEX. */
export function limitsOf({ graph, inputs }: FedModel): (feeds: Readonly<Record<string, Tensor>>, sample: string) => void {
  const limits = indexLimits(graph)
  return (feeds, sample) => {
    for (const { name, value = name } of inputs) {
      const feed = feeds[name]
      if (feed) refuseIndex(name, feed, limits.get(value) ?? [], sample)
    }
  }
}

/** What the graphs on both sides of a slot say of data that is made up for it. */
export interface Needs {
  /** Entries of the smallest table that the inputs point into; undefined where they are no indices. */
  entriesOf(slot: Slot): number | undefined
  /** The least size that the windows behind the inputs take. */
  leastOf(slot: Slot): number
}

/** What random data must be like: for indices the smallest table that either model reads by them, for open sizes the larger need. */
export function needsOf(models: readonly [source: FedModel, target?: FedModel]): Needs {
  const facts = models.map((model) => model && { entries: indexRanges(model.graph), least: leastSizes(model.graph) })
  const valueNameOf = (input: InputFeature | undefined): string => input?.value ?? input?.name ?? ''
  const known = (slot: Slot, fact: 'entries' | 'least'): number[] =>
    [slot.source, slot.target].flatMap((input, side) => facts[side]?.[fact].get(valueNameOf(input)) ?? [])
  return {
    entriesOf(slot) {
      const entries = known(slot, 'entries')
      return entries.length > 0 ? Math.min(...entries) : undefined
    },
    leastOf: (slot) => Math.max(1, ...known(slot, 'least')),
  }
}
