/**
 * What an image input's pixels go through before the network proper. A neural network has it in its description; an ML Program has it as
 * ops on its input: mul by a constant, add of a constant.
 */
import { sizeOf } from '../../kernels/tensor.js'
import type { Graph, Node } from '../graph/graph.js'
import type { ImagePreprocessing, InputFeature, Model } from '../graph/model.js'
import { channelsOf } from './preprocessing.js'

/** One op with a constant: v becomes v * scale + bias, for each channel or for all alike. */
interface Step {
  scale: number
  bias: number[]
}

type Meaning = (constant: number[], constantFirst: boolean) => Step | null

const add: Meaning = (constant) => ({ scale: 1, bias: constant })
const subtract: Meaning = (constant, constantFirst) =>
  constantFirst ? { scale: -1, bias: constant } : { scale: 1, bias: constant.map((value) => -value) }
const multiply: Meaning = (constant) => uniform(constant, (value) => value)
const divide: Meaning = (constant, constantFirst) => (constantFirst ? null : uniform(constant, (value) => 1 / value))

/** A factor for each channel is a layer's, not a description's: those know one scale alone. */
function uniform(constant: number[], scale: (value: number) => number): Step | null {
  return constant.every((value) => value === constant[0]) ? { scale: scale(constant[0]!), bias: [0] } : null
}

/** By op type in lower case, over all dialects. */
export const STEPS: Record<string, Meaning> = {
  add,
  addv2: add,
  sub: subtract,
  mul: multiply,
  div: divide,
  real_div: divide,
  realdiv: divide,
}
export const PASSED = new Set(['cast', 'identity', 'transpose'])

/**
 * The preprocessing that the first ops after an image input are, in the channel order of its colour layout; null where they are none, or
 * where the input has not the graph's [1, C, H, W].
 */
export function inferFromGraph(model: Pick<Model, 'graph'>, input: InputFeature): ImagePreprocessing | null {
  return combine(leadingSteps(model.graph, input))
}

/**
 * The preprocessing of an image input with regard to a source that takes arrays: as declared, else as inferred. Steps that the source
 * itself begins with belong to the network and are left out.
 */
export function preprocessingOf(
  model: Pick<Model, 'graph'>,
  input: InputFeature,
  source?: { model: Pick<Model, 'graph'>; input: InputFeature },
): ImagePreprocessing {
  if (input.image?.preprocessing) return input.image.preprocessing
  const steps = leadingSteps(model.graph, input)
  const own = source ? leadingSteps(source.model.graph, source.input) : []
  const shared = own.length > 0 && own.length <= steps.length && own.every((step, i) => isNear(step, steps[steps.length - own.length + i]!))
  return (
    combine(shared ? steps.slice(0, -own.length) : steps) ?? {
      scale: 1,
      bias: new Array<number>(channelsOf(input.image?.color ?? 'GRAY')).fill(0),
    }
  )
}

/** Relative difference that storing a constant in float16 may make. */
const HALF_STEP = 2 ** -10

function isNear(a: Step, b: Step): boolean {
  const near = (x: number, y: number): boolean => Math.abs(x - y) <= HALF_STEP * Math.max(Math.abs(x), Math.abs(y))
  const at = (step: Step, i: number): number => step.bias[i] ?? step.bias[0]!
  return near(a.scale, b.scale) && [0, 1, 2].every((i) => near(at(a, i), at(b, i)))
}

function combine(steps: readonly Step[]): ImagePreprocessing | null {
  if (steps.length === 0) return null
  return steps.reduce<Step>(
    (sum, { scale, bias }) => ({
      scale: sum.scale * scale,
      bias: Array.from(
        { length: Math.max(sum.bias.length, bias.length) },
        (_, i) => (sum.bias[i] ?? sum.bias[0]!) * scale + (bias[i] ?? bias[0]!),
      ),
    }),
    { scale: 1, bias: [0] },
  )
}

/** The run of affine ops at an input, as long as each value has one reader. */
function leadingSteps(graph: Graph, input: InputFeature): Step[] {
  const steps: Step[] = []
  let name = input.value ?? input.name
  for (let node = onlyReader(graph, name); node; node = onlyReader(graph, name)) {
    const type = node.type.toLowerCase()
    if (!PASSED.has(type)) {
      const step = stepOf(graph, node, name)
      if (!step) break
      steps.push(step)
    }
    const [output] = node.outputs
    if (!output) break
    name = output
  }
  return steps
}

function onlyReader(graph: Graph, name: string): Node | null {
  const readers = graph.nodes.filter(({ inputs, bodies }) => bodies.length > 0 || inputs.some(({ value }) => value === name))
  const [reader] = readers
  return readers.length === 1 && reader!.bodies.length === 0 && !graph.outputs.includes(name) ? reader! : null
}

function stepOf(graph: Graph, { type, inputs, attributes }: Node, name: string): Step | null {
  const meaning = STEPS[type.toLowerCase()]
  const operands = inputs.filter(({ value }) => value !== null)
  if (!meaning || operands.length !== 2 || isActivated(attributes['fused_activation_function'])) return null
  const constantFirst = operands[1]!.value === name
  const constant = graph.values.get(operands[constantFirst ? 0 : 1]!.value!)?.constant
  // one number, or one for each of at most three channels
  if (
    !constant ||
    sizeOf(constant.shape) > 3 ||
    constant.dtype === 'string' ||
    constant.shape.filter((dimension) => dimension > 1).length > 1
  )
    return null
  const values = Array.from(constant.read().data as ArrayLike<number | bigint>, Number)
  return values.length === 0 || values.some((value) => !Number.isFinite(value)) ? null : meaning(values, constantFirst)
}

const isActivated = (activation: unknown): boolean => activation !== undefined && activation !== 'NONE'
