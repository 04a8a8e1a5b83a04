/**
 * Number of elements of each layer's weights, from its other parameters: weights of less than a byte are padded at their end, so their
 * bytes alone do not say. Weights that are not in the table (a custom layer's, PReLU's slopes) are taken to fill their bytes.
 */
import type { Attribute } from '../../graph/graph.js'
import type { WeightLayout } from './weights.js'

type Parameters = { [key: string]: Attribute }
type Count = (p: Parameters) => number

const number = (p: Parameters, key: string): number => p[key] as number
const product = (p: Parameters, key: string): number => (p[key] as number[]).reduce((size, dimension) => size * dimension, 1)
const one =
  (key: string): Count =>
  (p) =>
    number(p, key)
const two =
  (first: string, second: string): Count =>
  (p) =>
    number(p, first) * number(p, second)
const shape =
  (key: string): Count =>
  (p) =>
    product(p, key)

const perChannel = (key: string, fields: string[]): { [field: string]: Count } =>
  Object.fromEntries(fields.map((field) => [field, one(key)]))

const GROUPED: Count = (p) => Math.max(1, number(p, 'nGroups'))

const convolutionCount: Count = (p) => {
  const kernels = p['isDeconvolution'] ? number(p, 'outputChannels') / GROUPED(p) : number(p, 'outputChannels')
  return kernels * number(p, 'kernelChannels') * product(p, 'kernelSize')
}

const kernel3d = (p: Parameters): number => number(p, 'kernelDepth') * number(p, 'kernelHeight') * number(p, 'kernelWidth')

const convolution3dCount: Count = (p) => ((number(p, 'outputChannels') * number(p, 'inputChannels')) / GROUPED(p)) * kernel3d(p)

/** Matrices [output, input] and [output, output] and vectors [output] of recurrent layers, by the end of their names. */
const RECURRENT: [RegExp, Count][] = [
  [/weight(Matrix)$/i, two('inputVectorSize', 'outputVectorSize')],
  [/recursionMatrix$/i, two('outputVectorSize', 'outputVectorSize')],
  [/vector$/i, one('outputVectorSize')],
]

const COUNTS: { [layer: string]: { [field: string]: Count } } = {
  convolution: { weights: convolutionCount, bias: one('outputChannels') },
  convolution3d: { weights: convolution3dCount, bias: one('outputChannels') },
  innerProduct: { weights: two('inputChannels', 'outputChannels'), bias: one('outputChannels') },
  batchedMatmul: { weights: two('weightMatrixFirstDimension', 'weightMatrixSecondDimension'), bias: one('weightMatrixSecondDimension') },
  embedding: { weights: two('inputDim', 'outputChannels'), bias: one('outputChannels') },
  embeddingND: { weights: two('vocabSize', 'embeddingSize'), bias: one('embeddingSize') },
  batchnorm: perChannel('channels', ['gamma', 'beta', 'mean', 'variance']),
  layerNormalization: { gamma: shape('normalizedShape'), beta: shape('normalizedShape') },
  scale: { scale: shape('shapeScale'), bias: shape('shapeBias') },
  bias: { bias: shape('shape') },
  loadConstant: { data: shape('shape') },
  loadConstantND: { data: shape('shape') },
}

const RECURRENT_LAYERS = new Set(['simpleRecurrent', 'gru', 'uniDirectionalLSTM', 'biDirectionalLSTM'])

/** Elements that share a scale where the output channels are the second axis. */
function channelStepOf(layer: string, field: string, p: Parameters): number | undefined {
  if (field !== 'weights' || p['isDeconvolution'] !== true) return undefined
  return layer === 'convolution' ? product(p, 'kernelSize') : kernel3d(p)
}

/** Layout of the weight at `path` of a layer with the parameters `p`; undefined where nothing says it. */
export function weightLayout(layer: string, path: string, p: Parameters): WeightLayout | undefined {
  const field = path.slice(path.lastIndexOf('.') + 1)
  const count = RECURRENT_LAYERS.has(layer) ? RECURRENT.find(([name]) => name.test(field))?.[1] : COUNTS[layer]?.[path]
  if (!count) return undefined
  const channelStep = channelStepOf(layer, field, p)
  return { count: count(p), ...(channelStep && { channelStep }) }
}
