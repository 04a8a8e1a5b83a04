/** Between a caller's tensors and the graph's values: dtypes, shapes, images, classifiers. */
import { roundToHalfInPlace } from '../../../kernels/float16.js'
import { allocate, type DType, isFloat, sizeOf, type Tensor } from '../../../kernels/tensor.js'
import { ParityError } from '../../graph/errors.js'
import type { Dimension, Graph } from '../../graph/graph.js'
import type { ImageFeature, InputFeature, OutputFeature } from '../../graph/model.js'
import { spellFlexible, spellShape } from '../../graph/shapes.js'
import { imageToTensor, tensorToImage } from '../../inputs/pixels.js'
import { acceptsFlexibly } from '../../inputs/shapes.js'

function fits(shape: readonly number[], declared: readonly Dimension[]): boolean {
  return shape.length === declared.length && shape.every((dimension, axis) => declared[axis] === null || declared[axis] === dimension)
}

/** Whether a shape is one that a feature takes: its own, or one of its flexible ones. */
export function acceptsShape(feature: Pick<InputFeature, 'shape' | 'flexibility'>, shape: readonly number[]): boolean {
  return fits(shape, feature.shape) || acceptsFlexibly(feature.flexibility, shape)
}

/** The elements as another dtype: floats round to float16, fractions are cut off for integers, integers wrap as a C cast does. */
export function convertTensor(value: Tensor, dtype: DType): Tensor {
  if (value.dtype === dtype) return value
  const { data, shape } = value
  if (dtype === 'string' || Array.isArray(data)) throw new Error(`cannot turn ${value.dtype} into ${dtype}`)
  const out = allocate(dtype, sizeOf(shape))
  if (out instanceof BigInt64Array || out instanceof BigUint64Array) {
    for (let i = 0; i < out.length; i++) out[i] = BigInt(Math.trunc(Number(data[i])) || 0)
  } else {
    const numbers = out as Float32Array
    for (let i = 0; i < numbers.length; i++) numbers[i] = dtype === 'bool' ? Number(Number(data[i]) !== 0) : Number(data[i])
    if (dtype === 'float16') roundToHalfInPlace(numbers)
  }
  return { dtype, shape, data: out } as Tensor
}

/**
 * The graph's value for an input. Images: uint8 [H, W, 3] in RGB (or [H, W]) become [1, C, H, W] in the model's channel order with the
 * declared preprocessing applied. Arrays: converted to the value's dtype; under the rank-5 mapping [C] and [C, H, W] get leading
 * dimensions of sequence and batch, or come with them.
 * `held`: the dtype in which the run holds values of a dtype.
 * @throws ParityError INPUT_SHAPE, INPUT_DTYPE
 */
export function valueOfFeed(feature: InputFeature, feed: Tensor, graph: Graph, held: (dtype: DType) => DType): Tensor {
  const value = graph.values.get(feature.value ?? feature.name)
  const wanted = held(value?.dtype ?? feature.dtype)
  if ((feed.dtype === 'string') !== (wanted === 'string') || feed.dtype === 'complex64') {
    throw new ParityError('INPUT_DTYPE', {
      what: `input '${feature.name}' is ${feed.dtype}, the model takes ${feature.dtype}`,
      remedy: 'Give an array of that type',
    })
  }
  if (feed.data.length !== sizeOf(feed.shape)) {
    throw new ParityError('INPUT_SHAPE', {
      what: `input '${feature.name}' has ${feed.data.length} elements for the shape ${spellShape(feed.shape)}`,
      remedy: 'Give as many elements as the shape says',
    })
  }
  const placed = feature.image ? valueOfImage(feature, feature.image, feed, value?.shape?.length) : valueOfArray(feature, feed, graph)
  return convertTensor(placed, wanted)
}

function wrongShape(feature: InputFeature, feed: Tensor, accepted: string): ParityError {
  return new ParityError('INPUT_SHAPE', {
    what: `input '${feature.name}' has shape ${spellShape(feed.shape)}, the model takes ${accepted}`,
    remedy: 'Bring the sample to that shape',
  })
}

function valueOfImage(feature: InputFeature, image: ImageFeature, feed: Tensor, rank = 4): Tensor {
  const { height, width, flexibility } = image
  const size = { shape: [height, width], ...(flexibility && { flexibility }) }
  const gray = image.color.startsWith('GRAY')
  const ranks = gray ? feed.shape.length === 2 : feed.shape.length === 3 && feed.shape[2] === 3
  if (!ranks || !acceptsShape(size, feed.shape.slice(0, 2))) {
    throw wrongShape(
      feature,
      feed,
      `an image of ${spellFlexible(size.shape, flexibility)} (height, width)${gray ? '' : ' with 3 channels'}`,
    )
  }
  const value = imageToTensor(feed, image)
  const lead = new Array<number>(Math.max(0, rank - value.shape.length)).fill(1)
  return { ...value, shape: [...lead, ...value.shape.slice(Math.max(0, value.shape.length - rank))] }
}

function valueOfArray(feature: InputFeature, feed: Tensor, graph: Graph): Tensor {
  const rank5 = graph.nodes[0]?.dialect.arrayMapping === 'rank5'
  const shape = rank5 ? rank5Shape(feature, feed.shape) : plainShape(feature, feed.shape)
  if (shape) return { ...feed, shape }
  const sequences = rank5 && feature.shape.length < 5 ? `, or ${acceptedSequences(feature)}` : ''
  throw wrongShape(feature, feed, `${spellFlexible(feature.shape, feature.flexibility)}${sequences}`)
}

/** One element fits every shape of one element up to rank 1; else the shape must be accepted as it is. */
function plainShape(feature: InputFeature, shape: readonly number[]): number[] | undefined {
  if (acceptsShape(feature, shape)) return [...shape]
  const single =
    feature.shape.length <= 1 && feature.shape.every((dimension) => dimension === 1) && shape.length <= 1 && sizeOf(shape) === 1
  return single ? feature.shape.map(() => 1) : undefined
}

/**
 * NeuralNetwork.proto NeuralNetworkMultiArrayShapeMapping RANK5_ARRAY_MAPPING: [C] is [1, 1, C, 1, 1] and [C, H, W] is [1, 1, C, H, W];
 * in front of either a caller may put a sequence and a batch.
 */
function rank5Shape(feature: InputFeature, shape: readonly number[]): number[] | undefined {
  const declared = feature.shape.length
  const plain = plainShape(feature, shape)
  if (plain) {
    if (plain.length === 1) return [1, 1, plain[0]!, 1, 1]
    return [...new Array<number>(Math.max(0, 5 - plain.length)).fill(1), ...plain]
  }
  const own = shape.slice(2)
  if (declared === 1 && shape.length === 3 && acceptsShape(feature, own)) return [...shape, 1, 1]
  if (shape.length !== 5) return undefined
  if (declared === 3 && acceptsShape(feature, own)) return [...shape]
  return declared === 1 && shape[3] === 1 && shape[4] === 1 && acceptsShape(feature, own.slice(0, 1)) ? [...shape] : undefined
}

const acceptedSequences = ({ shape, flexibility }: InputFeature): string =>
  spellFlexible(shape, flexibility).replace(/(^|one of |, )\[/g, '$1[sequence, batch, ')

/** The caller's tensor for an output. `fetched` gives the graph's values. @throws ParityError MODEL_OUTPUT where the value cannot be shown as declared. */
export function outputOfValue(
  feature: OutputFeature,
  features: readonly OutputFeature[],
  fetched: (value: string) => Tensor | undefined,
  graph: Graph,
): Tensor {
  const name = feature.value ?? feature.name
  const value = fetched(name)
  if (value === undefined) {
    throw new ParityError('MODEL_OUTPUT', { what: `no op of the model makes the output '${feature.name}'`, where: `value '${name}'` })
  }
  if (feature.kind === 'image' && feature.image) return tensorToImage(value as Tensor<'float32'>, feature.image)
  if (feature.kind === 'label') return labelOf(feature, features, value)
  if (feature.kind === 'probabilities') return { ...value, shape: [sizeOf(value.shape)] }
  const shape = graph.nodes[0]?.dialect.arrayMapping === 'rank5' ? rank5OutputShape(value.shape, feature) : value.shape
  const shaped = { ...value, shape: [...shape] }
  if (feature.dtype === null || isFloat(feature.dtype) === isFloat(value.dtype) || value.dtype === 'string') return shaped
  return convertTensor(shaped, feature.dtype)
}

function rank5OutputShape(shape: readonly number[], feature: OutputFeature): readonly number[] {
  const declared = feature.shape
  if (declared?.every((dimension) => dimension !== null) && sizeOf(declared as number[]) === sizeOf(shape)) return declared as number[]
  if (shape.length !== 5 || shape[0] !== 1 || shape[1] !== 1) return shape
  return shape[3] === 1 && shape[4] === 1 ? [shape[2]!] : shape.slice(2)
}

function labelOf(feature: OutputFeature, features: readonly OutputFeature[], value: Tensor): Tensor {
  if (value.dtype === 'string' || value.dtype === 'int64') return value
  const labels = feature.labels ?? features.find(({ kind }) => kind === 'probabilities')?.labels
  if (!labels || labels.length !== sizeOf(value.shape)) {
    throw new ParityError('MODEL_OUTPUT', {
      what: `the classifier has ${labels?.length ?? 0} labels for ${sizeOf(value.shape)} probabilities`,
      where: `output '${feature.name}'`,
    })
  }
  const data = value.data as Float32Array
  let best = 0
  for (let i = 1; i < data.length; i++) if (data[i]! > data[best]!) best = i
  const label = labels[best]!
  return typeof label === 'string'
    ? { dtype: 'string', shape: [1], data: [label] }
    : { dtype: 'int64', shape: [1], data: BigInt64Array.of(label) }
}
