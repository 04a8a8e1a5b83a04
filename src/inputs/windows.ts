/**
 * How long an input must be for the windows of a graph, where its file leaves the size open: from the outputs back, one element of a result
 * takes (size - 1) * dilation + 1 elements before padding, and each further one `stride` more. One number stands for all dimensions.
 * Ops without a window hand the need on. What a reshape, a slice or a matrix needs is not known here.
 */
import type { Graph, Node } from '../graph/graph.js'
import { readsOf } from '../graph/liveness.js'

/** A window along one dimension. */
interface Window {
  size: number
  stride: number
  dilation: number
  /** Elements that padding adds, both ends together; null: as many as it takes. */
  padding: number | null
}

type WindowsOf = (node: Node, graph: Graph) => Window[]

const operand = (node: Node, parameter: string): string => node.inputs.find((one) => one.parameter === parameter)?.value ?? ''

/** Numbers that a node has as attribute, or as a constant operand. */
function numbersOf(node: Node, graph: Graph, name: string): number[] {
  const attribute = node.attributes[name]
  if (typeof attribute === 'number' || typeof attribute === 'bigint') return [Number(attribute)]
  if (Array.isArray(attribute)) return attribute.map(Number)
  const constant = graph.values.get(operand(node, name))?.constant
  return constant && constant.dtype !== 'string' ? Array.from(constant.read().data as ArrayLike<number>, Number) : []
}

function textOf(node: Node, graph: Graph, name: string): string {
  const attribute = node.attributes[name]
  if (typeof attribute === 'string') return attribute
  const constant = graph.values.get(operand(node, name))?.constant
  return constant?.dtype === 'string' ? String(constant.read().data[0]) : ''
}

const shapeOf = (node: Node, graph: Graph, parameter: string): number[] =>
  (graph.values.get(operand(node, parameter))?.shape ?? []).map((size) => size ?? 1)

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
