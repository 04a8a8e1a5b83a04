/** Bodies of loops as models of their own, so that what compares models also compares bodies. */
import type { Tensor } from '../../kernels/tensor.js'
import type { Body, Graph, Node, Value } from './graph.js'
import { capturesOf } from './liveness.js'
import type { InputFeature, Model, OutputFeature } from './model.js'

/** A value that a loop carries from one turn to the next. */
export interface Carried {
  /** In the body, at the start of a turn. */
  input: string
  /** In the body, at its end; null where the body does not make it. */
  end: string | null
  /** Around the loop, before it and after it; null where there is none. */
  before: string | null
  after: string | null
}

export interface Loop {
  node: Node
  body: Body
  carried: Carried[]
  /** Values around the loop that its body reads. */
  captured: string[]
}

/** undefined for a node that is no loop. */
export function loopOf(node: Node): Loop | undefined {
  const found = node.dialect.name === 'neuralnetwork' ? byVariables(node) : byPosition(node)
  return found && { node, ...found, captured: [...capturesOf(found.body.graph)] }
}

/** TFLite WHILE and MIL while_loop: body inputs, body outputs, operands and results stand in one order. */
function byPosition(node: Node): Pick<Loop, 'body' | 'carried'> | undefined {
  const body =
    node.type === 'while_loop' ? node.bodies[1] : node.type === 'WHILE' ? node.bodies.find(({ role }) => role === 'body') : undefined
  const operands = node.inputs.map(({ value }) => value)
  return (
    body && {
      body,
      carried: body.graph.inputs.map((input, i) => ({
        input,
        end: body.graph.outputs[i] ?? null,
        before: operands[i] ?? null,
        after: node.outputs[i] ?? null,
      })),
    }
  )
}

/** neuralnetwork's loop: by the names of its variables. */
function byVariables(node: Node): Pick<Loop, 'body' | 'carried'> | undefined {
  const body = node.type === 'loop' ? node.bodies.find(({ role }) => role === 'body') : undefined
  if (body === undefined) return undefined
  const names = (node.attributes['variables'] ?? []) as string[]
  const operands = node.inputs.filter(({ parameter }) => parameter === 'variables').map(({ value }) => value)
  const carried = body.graph.inputs.map((input): Carried => {
    const place = names.indexOf(input)
    const end = (body.variables ?? names).indexOf(input)
    return { input, end: body.graph.outputs[end] ?? null, before: operands[place] ?? null, after: node.outputs[place] ?? null }
  })
  return { body, carried }
}

/**
 * The body of a loop as a model. `given`: what its inputs, and the values around it that it reads, are to hold; they become its inputs, of
 * these shapes. Constants around it become constants of its own.
 */
export function bodyModel(model: Model, around: Graph, { node, body, captured }: Loop, given: ReadonlyMap<string, Tensor>): Model {
  const stored = captured.flatMap((name): [string, Value][] => {
    const value = around.values.get(name)
    return value?.constant ? [[name, value]] : []
  })
  const inputs = [...body.graph.inputs, ...captured].filter((name) => given.has(name))
  const outer = captured.flatMap((name): [string, Value][] => (around.values.has(name) ? [[name, around.values.get(name)!]] : []))
  const graph: Graph = { ...body.graph, inputs, values: new Map([...outer, ...body.graph.values, ...stored]) }
  const features = inputs.map((name): InputFeature => {
    const { dtype, shape } = given.get(name)!
    return { name, dtype, shape: [...shape], kind: 'multiarray' }
  })
  const outputs = [...new Set(graph.outputs)].map((name): OutputFeature => {
    const { dtype = null, shape = null } = graph.values.get(name) ?? {}
    return { name, dtype, shape, kind: 'multiarray' }
  })
  const main = { name: node.name, graph: { ...graph, outputs: outputs.map(({ name }) => name) }, inputs: features, outputs, states: [] }
  return { ...model, ...main, functions: new Map([[main.name, main]]), defaultFunction: main.name, notes: [], close() {} }
}
