/** NeuralNetwork.proto `batchnorm`, `mvn`, `l2normalize`, `lrn` and `layerNormalization`; channels are axis -3. */
import { sizeOf } from '../../../../kernels/tensor.js'
import { boolean, integer, integers, number, optionalTensor, tensor } from '../../parameters.js'
import { type Op, op } from '../op.js'
import { l2Normalize, localResponse, normalizeAxes, normalizeBatch, normalizeInstances, type Single } from '../semantics/normalization.js'

const single = ['float32', 'float16'] as const
const image = tensor<Single>({ types: single, rank: [3, 5] })
const weights = optionalTensor<Single>({ types: single })
/** Scalars that a file leaves out are 0 there. */
const zero = number({ default: 0 })

const batchnorm = op({
  type: 'batchnorm',
  specification: 'NeuralNetwork.proto BatchnormLayerParams',
  parameters: {
    input: image,
    channels: integer({ default: 0 }),
    computeMeanVar: boolean({ default: false }),
    instanceNormalization: boolean({ default: false }),
    epsilon: zero,
    gamma: weights,
    beta: weights,
    mean: weights,
    variance: weights,
  },
  rounding: 'accumulating',
  terms: ({ input, computeMeanVar, instanceNormalization }) =>
    computeMeanVar ? sizeOf(instanceNormalization ? input.shape.slice(-2) : input.shape.toSpliced(-3, 1)) : 1,
  run({ input, computeMeanVar, instanceNormalization, epsilon: given, gamma, beta, mean, variance }, context) {
    const epsilon = given || 1e-5
    const affine = { scale: gamma, shift: beta }
    const channel = input.shape.length - 3
    if (computeMeanVar && instanceNormalization) return normalizeInstances(input, channel, affine, epsilon, context)
    if (!computeMeanVar) {
      if (!mean || !variance) return context.fail('has no mean or no variance')
      return normalizeBatch(input, channel, { mean, variance, ...affine }, epsilon, context)
    }
    const axes = input.shape.map((_, axis) => axis).filter((axis) => axis !== channel)
    const normalized = normalizeAxes(input, axes, {}, epsilon, context)
    const count = input.shape[channel]!
    const constant = (value: number): Single => ({ dtype: 'float32', shape: [count], data: new Float32Array(count).fill(value) })
    return normalizeBatch(normalized, channel, { mean: constant(0), variance: constant(1), ...affine }, 0, context)
  },
})

const mvn = op({
  type: 'mvn',
  specification: 'NeuralNetwork.proto MeanVarianceNormalizeLayerParams',
  parameters: {
    input: image,
    acrossChannels: boolean({ default: false }),
    normalizeVariance: boolean({ default: false }),
    epsilon: zero,
  },
  rounding: 'accumulating',
  terms: ({ input, acrossChannels }) => sizeOf(input.shape.slice(acrossChannels ? -3 : -2)),
  run({ input, acrossChannels, normalizeVariance, epsilon }, context) {
    const length = sizeOf(input.shape.slice(acrossChannels ? -3 : -2))
    const parameters = { length, epsilon: epsilon || 1e-6, divide: normalizeVariance, affineBy: 'row' as const }
    return { ...input, data: context.kernels.normalizeRows(input.data, parameters, context.arithmetic) }
  },
})

const l2normalize = op({
  type: 'l2normalize',
  specification: 'NeuralNetwork.proto L2NormalizeLayerParams',
  parameters: { input: image, epsilon: zero },
  rounding: 'accumulating',
  terms: ({ input }) => sizeOf(input.shape.slice(-3)),
  run: ({ input, epsilon }, context) => l2Normalize(input, epsilon || 1e-6, context),
})

const lrn = op({
  type: 'lrn',
  specification: 'NeuralNetwork.proto LRNLayerParams',
  parameters: { input: image, alpha: zero, beta: zero, localSize: integer({ default: 0 }), k: zero },
  rounding: 'accumulating',
  terms: ({ localSize }) => localSize,
  run: ({ input, alpha, beta, localSize, k }, context) => localResponse(input, { size: localSize, alpha, beta, k: k || 1 }, context),
})

const layerNormalization = op({
  type: 'layerNormalization',
  specification: 'NeuralNetwork.proto LayerNormalizationLayerParams',
  parameters: { input: tensor<Single>({ types: single }), normalizedShape: integers(), eps: zero, gamma: weights, beta: weights },
  rounding: 'accumulating',
  terms: ({ normalizedShape }) => sizeOf(normalizedShape),
  run({ input, normalizedShape, eps, gamma, beta }, context) {
    const rank = input.shape.length
    const tail = input.shape.slice(rank - normalizedShape.length)
    if (normalizedShape.length > rank || tail.some((size, i) => size !== normalizedShape[i])) {
      context.fail(`has normalizedShape [${normalizedShape}] for an input of shape [${input.shape}]`)
    }
    const axes = tail.map((_, i) => rank - tail.length + i)
    return normalizeAxes(input, axes, { scale: gamma, shift: beta }, eps, context)
  },
})

export const normalizationLayers: readonly Op[] = [batchnorm, mvn, l2normalize, lrn, layerNormalization]
