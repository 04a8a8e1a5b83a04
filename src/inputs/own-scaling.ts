/** Whether a network scales its pixels itself, in its first ops: then they may come as they are. */
import type { Graph } from '../graph/graph.js'
import type { InputFeature, Model } from '../graph/model.js'
import { PASSED, STEPS } from './infer.js'

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
