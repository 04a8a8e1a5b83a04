/** Pipelines: the stages' graphs one after another in one graph. Features that link stages share a value. */
import type { ModelDescription, Model as ModelMessage } from '../../../proto/coreml/reader.js'
import { at, ParityError } from '../../graph/errors.js'
import type { Body, Graph, Node } from '../../graph/graph.js'
import type { InputFeature, ModelFunction, OutputFeature, StateFeature } from '../../graph/model.js'
import { takeName } from '../../graph/names.js'
import { type Functions, MAIN } from './assemble.js'
import { readInput, readOutput } from './features.js'

type Rename = (value: string) => string

const inBody =
  (graph: Graph, rename: Rename): Rename =>
  (value) =>
    graph.values.has(value) ? value : rename(value)

/** Bodies keep their own names; what they read of the graphs around them is renamed. */
function renameBody(body: Body, rename: Rename): Body {
  const inner = inBody(body.graph, rename)
  const { outputs, nodes } = body.graph
  return { ...body, graph: { ...body.graph, outputs: outputs.map(inner), nodes: nodes.map((node) => renameNode(node, inner)) } }
}

function renameNode(node: Node, rename: Rename): Node {
  return {
    ...node,
    inputs: node.inputs.map(({ parameter, value }) => ({ parameter, value: value === null ? null : rename(value) })),
    outputs: node.outputs.map((value) => (value === null ? null : rename(value))),
    bodies: node.bodies.map((body) => renameBody(body, rename)),
  }
}

/** A feature that stages can read. */
interface Link {
  value: string
  /** Whether layers see it as rank 5; null for an input of the pipeline that no stage has read yet. */
  rank5: boolean | null
}

/** What the stages so far have made. */
interface Joined {
  graph: Graph
  /** By feature name: the pipeline's inputs, then the stages' outputs. */
  features: Map<string, Link>
  outputs: Map<string, OutputFeature>
  nodeNames: Set<string>
}

/** Whether a stage is no network: it takes an array whichever way layers see it. */
const takesAnyRank = ({ nodes }: Graph): boolean => nodes[0]?.dialect.name === 'coreml'

const isRank5 = ({ nodes }: Graph): boolean => nodes[0]?.dialect.arrayMapping === 'rank5'

function unsupported(what: string): ParityError {
  return new ParityError('UNSUPPORTED_PIPELINE', { what, remedy: 'Give the stages of the pipeline one by one' })
}

/** The value that a stage's input shares with what made it; no conversion stands between stages. */
function linkInput(joined: Joined, stage: ModelFunction, input: InputFeature): string {
  const link = joined.features.get(input.name)
  if (!link)
    throw new ParityError('MODEL_BROKEN', { what: `No stage before it makes its input ${input.name}`, remedy: 'Convert the model again' })
  const { graph } = joined
  const own = stage.graph.values.get(input.value ?? input.name)!
  if (link.rank5 === null) {
    link.rank5 = isRank5(stage.graph)
    graph.values.set(link.value, { ...own, name: link.value })
    return link.value
  }
  if (input.kind === 'image' && !graph.inputs.includes(link.value)) throw unsupported(`The image ${input.name} comes from another stage`)
  if (!takesAnyRank(stage.graph) && link.rank5 !== isRank5(stage.graph))
    throw unsupported(`The shape of ${input.name} is mapped in another way than by the stage before`)
  const { dtype } = graph.values.get(link.value)!
  if (dtype !== own.dtype) throw unsupported(`${input.name} is ${dtype} where it is made and ${own.dtype} where it is read`)
  return link.value
}

/** Appends a stage; returns its states under their names in the joined graph. */
function append(joined: Joined, stage: ModelFunction, index: number): StateFeature[] {
  const { graph, nodeNames } = joined
  const names = new Map<string, string>()
  for (const input of stage.inputs) names.set(input.value ?? input.name, linkInput(joined, stage, input))
  const taken = { has: (name: string) => graph.values.has(name), add: () => undefined }
  for (const [name, value] of stage.graph.values) {
    if (names.has(name)) continue
    const unique = takeName(taken, graph.values.has(name) ? `${index}/${name}` : name, 1)
    names.set(name, unique)
    graph.values.set(unique, { ...value, name: unique })
  }
  const rename: Rename = (value) => names.get(value) ?? value
  for (const node of stage.graph.nodes) {
    const name = takeName(nodeNames, nodeNames.has(node.name) ? `${index}/${node.name}` : node.name, 1)
    graph.nodes.push({ ...renameNode(node, rename), name, where: `stage ${index}, ${node.where}` })
  }
  for (const output of stage.outputs) {
    const value = rename(output.value ?? output.name)
    joined.features.set(output.name, { value, rank5: isRank5(stage.graph) })
    joined.outputs.set(output.name, { ...output, value })
  }
  const states = stage.states.map((state) => ({ ...state, name: rename(state.name) }))
  graph.inputs.push(...states.map(({ name }) => name))
  return states
}

function outputOf(joined: Joined, declared: OutputFeature): OutputFeature {
  const made = joined.outputs.get(declared.name)
  const value = made?.value ?? joined.features.get(declared.name)?.value
  if (value === undefined) throw new ParityError('MODEL_BROKEN', { what: `No stage makes the pipeline's output ${declared.name}` })
  const { value: _, ...output } = made ?? declared
  return value === declared.name ? output : { ...output, value }
}

/** Joins the stages of a pipeline; `read` reads one of them. */
export function pipelineFunction(
  stages: readonly ModelMessage[],
  description: ModelDescription,
  read: (stage: ModelMessage) => Functions,
): ModelFunction {
  const declared = description.input.map(readInput)
  const graph: Graph = { name: MAIN, inputs: [], outputs: [], values: new Map(), nodes: [] }
  const joined: Joined = { graph, features: new Map(), outputs: new Map(), nodeNames: new Set() }
  for (const { name, dtype, shape } of declared) {
    graph.inputs.push(name)
    graph.values.set(name, { name, dtype, shape })
    joined.features.set(name, { value: name, rank5: null })
  }
  const inputs = new Map<string, InputFeature>()
  const states: StateFeature[] = []
  for (const [index, message] of stages.entries()) {
    at(`pipeline stage ${index}`, () => {
      const { functions, main } = read(message)
      const stage = functions.find(({ name }) => name === main)!
      states.push(...append(joined, stage, index))
      for (const input of stage.inputs) if (!inputs.has(input.name)) inputs.set(input.name, input)
    })
  }
  const outputs = description.output.map((feature) => outputOf(joined, readOutput(feature)))
  graph.outputs = [...new Set(outputs.map((output) => output.value ?? output.name))]
  return { name: MAIN, graph, inputs: declared.map((input) => inputs.get(input.name) ?? input), outputs, states }
}
