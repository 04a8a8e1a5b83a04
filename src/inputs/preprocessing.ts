/**
 * Which preprocessing stands between the pixels of an input and the numbers of its array, and who says so: the user, the file that takes
 * the array, or an image input. A neural network has it in its description; an ML Program has it as the first ops on its input: mul by a
 * constant, add of a constant. Networks that take arrays may begin with such ops, too: then pixels may come as they are.
 */
import { sizeOf } from '../../kernels/tensor.js'
import { ParityError } from '../graph/errors.js'
import type { Graph, Node } from '../graph/graph.js'
import type { ImagePreprocessing, InputFeature, Model } from '../graph/model.js'
import type { FedModel, PixelRule } from './convert.js'
import { channelsOf } from './pixels.js'
import type { PictureLayout } from './shapes.js'
import type { Slot } from './slots.js'

/** The preprocessing of arrays that stand for pictures: value = pixel * scale + bias. */
export interface PreprocessingOptions {
  /** @default 1 where a bias is given */
  scale?: number | undefined
  /** One number, or one for each channel in the order of `order`. @default 0 where a scale is given */
  bias?: number[] | undefined
  /** @default that of the image input, else RGB */
  order?: 'RGB' | 'BGR' | undefined
  /** Matters only where a shape could be read both ways. @default what the shape says, else what the format has */
  layout?: PictureLayout | undefined
}

export type Side = 'source' | 'target'

/** `default`: nobody says it. */
export type Origin = 'given' | 'metadata' | 'image' | 'default'

/** The rule of one side of a slot, and where each part of it comes from. */
export interface Entry {
  rule: PixelRule
  origins: { scale: Origin; bias: Origin; order: Origin }
  /** Bytes are pixels already: the order is all that the rule says of them. */
  bytes: boolean
  /** The image input that stood in for what nobody else says. */
  image: { input: InputFeature; side: Side } | null
}

export interface EntryOptions {
  source: FedModel
  target: FedModel | null
  preprocessing?: PreprocessingOptions | undefined
}

/** @throws ParityError USAGE_PREPROCESSING for flags that are no preprocessing */
export function checkOptions(options: PreprocessingOptions | undefined): void {
  const { scale = 1, bias = [0] } = options ?? {}
  if (Number.isFinite(scale) && scale !== 0 && (bias.length === 1 || bias.length === 3) && bias.every(Number.isFinite)) return
  throw new ParityError('USAGE_PREPROCESSING', {
    what: `a preprocessing of scale ${scale} and bias ${bias.join(', ')} is none`,
    remedy: 'Give a scale other than 0, and one bias or three',
  })
}

/** What is given goes before what the file of the array declares, and that before an image input. Null where nobody says anything. */
export function entryOf(slot: Slot, side: Side, { source, target, preprocessing = {} }: EntryOptions): Entry | null {
  // a picture on both sides: each has its own
  const bothPictures = slot.source?.image && slot.target?.image
  const imageSide = bothPictures ? side : slot.target?.image ? 'target' : 'source'
  const input = slot[imageSide]
  const image = input?.image
  const { layout = null } = preprocessing
  const given = bothPictures ? {} : preprocessing
  const bytes = slot[side]?.dtype === 'uint8' && !slot[side]?.image
  const isGiven = given.scale !== undefined || given.bias !== undefined
  const declared = bothPictures || isGiven ? undefined : (slot.source?.normalization ?? slot.target?.normalization)
  if (declared) {
    const { scale, bias, order = 'RGB' } = declared
    return {
      rule: { preprocessing: { scale, bias }, order: given.order ?? order, layout },
      origins: { scale: 'metadata', bias: 'metadata', order: given.order ? 'given' : declared.order ? 'metadata' : 'default' },
      bytes,
      image: null,
    }
  }
  if (!image && !isGiven && !bytes) return null
  const order = given.order ?? (image?.color === 'BGR' ? 'BGR' : 'RGB')
  const orderOrigin = given.order ? 'given' : image ? 'image' : 'default'
  const asked = input && image ? { input, side: imageSide } : null
  if (isGiven || !asked) {
    const originOf = (value: unknown): Origin => (value === undefined ? 'default' : 'given')
    return {
      rule: { preprocessing: complete(given, image ? channelsOf(image.color) : 3), order, layout },
      origins: { scale: originOf(given.scale), bias: originOf(given.bias), order: orderOrigin },
      bytes,
      image: asked,
    }
  }
  const model = (imageSide === 'source' ? source : target)!
  const other = imageSide === 'target' && slot.source ? { model: source, input: slot.source } : undefined
  return {
    rule: { preprocessing: preprocessingOf(model, asked.input, other), order, layout },
    origins: { scale: 'image', bias: 'image', order: orderOrigin },
    bytes,
    image: asked,
  }
}

function complete({ scale = 1, bias = [0] }: PreprocessingOptions, channels: number): ImagePreprocessing {
  if (bias.length > channels) {
    throw new ParityError('USAGE_PREPROCESSING', { what: `${bias.length} biases are given for a gray picture`, remedy: 'Give one bias' })
  }
  return { scale, bias }
}

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
const STEPS: Record<string, Meaning> = {
  add,
  addv2: add,
  sub: subtract,
  mul: multiply,
  div: divide,
  real_div: divide,
  realdiv: divide,
}
const PASSED = new Set(['cast', 'identity', 'transpose'])

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

/** What leaves pixels as they are, or moves them: a scaling may come behind it. */
const MOVED = new Set([
  'dequantize',
  'expand_dims',
  'expanddims',
  'pad',
  'padv2',
  'quantize',
  'reshape',
  'resize_bilinear',
  'reverse_v2',
  'squeeze',
  'strided_slice',
  'upsample_bilinear',
])
/** Normalizations, over all dialects. */
const NORMALIZING = new Set([
  'batch_norm',
  'batchnorm',
  'batchnormalization',
  'instance_norm',
  'instancenormalization',
  'l2_norm',
  'l2_normalization',
  'l2normalize',
  'layer_norm',
  'mvn',
  'scale',
])
const AVERAGES = new Set(['mean', 'reduce_mean', 'reducemean'])

/** Whether a network begins with arithmetic with constants, channel by channel too, or with a normalization. */
export function scalesItself({ graph }: Pick<Model, 'graph'>, input: InputFeature): boolean {
  let name: string | null | undefined = input.value ?? input.name
  while (name) {
    const readers = graph.nodes.filter(({ inputs }) => inputs.some(({ value }) => value === name))
    const types = readers.map(({ type }) => type.toLowerCase())
    if (types.some((type) => NORMALIZING.has(type)) || (types.length > 1 && types.some((type) => AVERAGES.has(type)))) return true
    const [reader] = readers
    if (!reader || readers.length > 1) return false
    if (Object.hasOwn(STEPS, types[0]!)) return reader.inputs.some(({ value }) => value !== null && value !== name && isFixed(graph, value))
    if (!PASSED.has(types[0]!) && !MOVED.has(types[0]!)) return false
    name = reader.outputs[0]
  }
  return false
}

/** A constant, or what unpacks one. */
function isFixed(graph: Graph, name: string): boolean {
  if (graph.values.get(name)?.constant) return true
  const maker = graph.nodes.find(({ outputs }) => outputs.includes(name))
  return (
    maker !== undefined &&
    maker.inputs.length > 0 &&
    maker.inputs.every(({ value }) => value !== null && !!graph.values.get(value)?.constant)
  )
}
