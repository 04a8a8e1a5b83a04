/** MIL `batch_norm`, `instance_norm`, `layer_norm`, `l2_norm` and `local_response_norm`. */
import { sizeOf } from '../../../../kernels/tensor.js'
import { integer, integers, number, optionalTensor, tensor } from '../../parameters.js'
import { type Op, op } from '../op.js'
import { l2Normalize, localResponse, normalizeAxes, normalizeBatch, normalizeInstances, type Single } from '../semantics/normalization.js'
import { axesOf, expectShape } from '../semantics/shapes.js'

const single = ['float32', 'float16'] as const
const vector = tensor<Single>({ types: single, rank: 1 })
const optionalVector = optionalTensor<Single>({ types: single, rank: 1 })

const batchNorm = op({
  type: 'batch_norm',
  specification: 'iOS15 normalization',
  parameters: {
    x: tensor<Single>({ types: single, rank: [3, 5] }),
    mean: vector,
    variance: vector,
    gamma: optionalVector,
    beta: optionalVector,
    epsilon: number({ default: 1e-5 }),
  },
  rounding: 'accumulating',
  run: ({ x, mean, variance, gamma, beta, epsilon }, context) =>
    normalizeBatch(x, 1, { mean, variance, scale: gamma, shift: beta }, epsilon, context),
})

const instanceNorm = op({
  type: 'instance_norm',
  specification: 'iOS15 normalization',
  parameters: {
    x: tensor<Single>({ types: single, rank: [3, 5] }),
    gamma: optionalVector,
    beta: optionalVector,
    epsilon: number({ default: 1e-5 }),
  },
  rounding: 'accumulating',
  terms: ({ x }) => sizeOf(x.shape.slice(2)),
  run: ({ x, gamma, beta, epsilon }, context) => normalizeInstances(x, 1, { scale: gamma, shift: beta }, epsilon, context),
})

const layerNorm = op({
  type: 'layer_norm',
  specification: 'iOS15 normalization',
  parameters: {
    x: tensor<Single>({ types: single }),
    axes: integers({ default: undefined }),
    gamma: optionalTensor<Single>({ types: single }),
    beta: optionalTensor<Single>({ types: single }),
    epsilon: number({ default: 1e-5 }),
  },
  rounding: 'accumulating',
  terms: ({ x, axes }) => sizeOf(axes ? axes.map((axis) => x.shape.at(axis) ?? 1) : x.shape),
  run({ x, axes, gamma, beta, epsilon }, context) {
    const normalized = axesOf(axes ?? x.shape.map((_, axis) => axis), x.shape.length, context).sort((a, b) => a - b)
    const shape = normalized.map((axis) => x.shape[axis]!)
    if (gamma) expectShape(gamma.shape, shape, context, 'gamma')
    if (beta) expectShape(beta.shape, shape, context, 'beta')
    return normalizeAxes(x, normalized, { scale: gamma, shift: beta }, epsilon, context)
  },
})

const l2Norm = op({
  type: 'l2_norm',
  specification: 'iOS15 normalization',
  parameters: { x: tensor<Single>({ types: single, rank: [3, 5] }), epsilon: number({ default: 1e-6 }) },
  rounding: 'accumulating',
  terms: ({ x }) => sizeOf(x.shape.slice(-3)),
  run: ({ x, epsilon }, context) => l2Normalize(x, epsilon, context),
})

const localResponseNorm = op({
  type: 'local_response_norm',
  specification: 'iOS15 normalization',
  parameters: {
    x: tensor<Single>({ types: single, rank: [3, 5] }),
    size: integer(),
    alpha: number({ default: 1e-4 }),
    beta: number({ default: 0.75 }),
    k: number({ default: 1 }),
  },
  rounding: 'accumulating',
  terms: ({ size }) => size,
  run: ({ x, ...parameters }, context) => localResponse(x, parameters, context),
})

export const normalizationOps: readonly Op[] = [batchNorm, instanceNorm, layerNorm, l2Norm, localResponseNorm]
