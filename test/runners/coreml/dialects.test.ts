/** Layers and ops that mean the same give the same numbers, bit for bit. */
import { describe, expect, it } from 'vitest'
import { sizeOf, type Tensor, tensor, withShape } from '../../../kernels/tensor.js'
import type { Attribute } from '../../../src/graph/graph.js'
import { ints, reals, wholes } from '../../support/tensors.js'
import { callOp } from './golden.js'

type Attributes = { [name: string]: Attribute }
type Operands = { [name: string]: Tensor | Tensor[] }

interface Call {
  type: string
  operands: Operands
  attributes?: Attributes
  outputs?: number
}

const x = reals([2, 3, 4, 6], 1)
const y = reals([2, 3, 4, 6], 2)
const flat = (value: Tensor): Tensor => withShape(value, [sizeOf(value.shape)])

/** The same shape and numbers; a layer's truths and indices are floats. */
function expectSame(layer: Call, op: Call): void {
  const run = ({ type, operands, attributes = {}, outputs = 1 }: Call, dialect: 'mil' | 'neuralnetwork') =>
    callOp(type, operands, { attributes, dialect, outputs, version: dialect === 'mil' ? 'CoreML8' : '5' })
  const [found, wanted] = [run(layer, 'neuralnetwork'), run(op, 'mil')]
  expect(found.map(({ shape, data }) => ({ shape, data: Array.from(data as Float32Array, Number) }))).toEqual(
    wanted.map(({ shape, data }) => ({ shape, data: Array.from(data as Float32Array, Number) })),
  )
}

const SAME_NAME = [
  'acos',
  'asin',
  'atan',
  'atanh',
  'ceil',
  'cos',
  'cosh',
  'erf',
  'exp2',
  'floor',
  'round',
  'sign',
  'sin',
  'sinh',
  'tan',
  'tanh',
]

describe('functions of one operand', () => {
  it.each(SAME_NAME)('%s', (type) => expectSame({ type, operands: { input: x } }, { type, operands: { x } }))
  it.each<[string, Attributes, string, Attributes]>([
    ['ABS', {}, 'abs', {}],
    ['EXP', {}, 'exp', {}],
    ['SQRT', {}, 'sqrt', {}],
    ['THRESHOLD', { alpha: 0.5 }, 'threshold', { alpha: 0.5 }],
    ['INVERSE', { epsilon: 0.25 }, 'inverse', { epsilon: 0.25 }],
    ['RSQRT', { epsilon: 2.5 }, 'rsqrt', { epsilon: 2.5 }],
    ['LOG', { epsilon: 2.5 }, 'log', { epsilon: 2.5 }],
  ])('unary %s', (mode, attributes, type, own) =>
    expectSame(
      { type: 'unary', operands: { input: x }, attributes: { type: mode, ...attributes } },
      { type, operands: { x }, attributes: own },
    ),
  )
  it.each<[string, Attributes, string]>([
    ['linear', { alpha: 2, beta: -1 }, 'linear_activation'],
    ['ReLU', {}, 'relu'],
    ['leakyReLU', { alpha: 0.25 }, 'leaky_relu'],
    ['thresholdedReLU', { alpha: 0.5 }, 'thresholded_relu'],
    ['tanh', {}, 'tanh'],
    ['scaledTanh', { alpha: 1.5, beta: 0.75 }, 'scaled_tanh'],
    ['sigmoid', {}, 'sigmoid'],
    ['sigmoidHard', { alpha: 0.25, beta: 0.5 }, 'sigmoid_hard'],
    ['ELU', { alpha: 1.5 }, 'elu'],
    ['softsign', {}, 'softsign'],
    ['softplus', {}, 'softplus'],
  ])('activation %s', (kind, attributes, type) =>
    expectSame({ type: 'activation', operands: { input: x }, attributes: { [kind]: attributes } }, { type, operands: { x }, attributes }),
  )
  it.each(['EXACT', 'TANH_APPROXIMATION', 'SIGMOID_APPROXIMATION'])('gelu %s', (mode) =>
    expectSame({ type: 'gelu', operands: { input: x }, attributes: { mode } }, { type: 'gelu', operands: { x }, attributes: { mode } }),
  )
  it('functions with constants of each channel', () => {
    const [alpha, beta] = [reals([3], 3), tensor('float32', [3], Float32Array.of(0.5, 1, 2))]
    expectSame(
      { type: 'activation', operands: { input: x, 'PReLU.alpha': alpha }, attributes: { PReLU: {} } },
      { type: 'prelu', operands: { x, alpha } },
    )
    expectSame(
      {
        type: 'activation',
        operands: { input: x, 'parametricSoftplus.alpha': alpha, 'parametricSoftplus.beta': beta },
        attributes: { parametricSoftplus: {} },
      },
      { type: 'softplus_parametric', operands: { x, alpha, beta } },
    )
  })
  it.each<[string, Attributes, string, Attributes]>([
    ['clip', { minVal: -1, maxVal: 0.5 }, 'clip', { alpha: -1, beta: 0.5 }],
    ['clampedReLU', { alpha: 0.25, beta: 1 }, 'clamped_relu', { alpha: 0.25, beta: 1 }],
    ['softmax', {}, 'softmax', { axis: 1 }],
    ['softmaxND', { axis: -1 }, 'softmax', {}],
    ['cumSum', { axis: 2, excludeFinalSum: true, reverse: true }, 'cumsum', { axis: 2, exclusive: true, reverse: true }],
    ['argMax', { axis: 1, removeDim: true }, 'reduce_argmax', { axis: 1 }],
    ['argMin', { axis: -1, removeDim: false }, 'reduce_argmin', { keep_dims: true }],
    ['argSort', { axis: 1, descending: true }, 'argsort', { axis: 1 }],
    ['l2normalize', { epsilon: 1e-3 }, 'l2_norm', { epsilon: 1e-3 }],
    ['lrn', { alpha: 2, beta: 0.5, localSize: 3, k: 1.5 }, 'local_response_norm', { size: 3, alpha: 2, beta: 0.5, k: 1.5 }],
    ['mvn', { normalizeVariance: true, acrossChannels: false, epsilon: 1e-3 }, 'instance_norm', { epsilon: 1e-3 }],
  ])('%s', (layer, attributes, type, own) =>
    expectSame({ type: layer, operands: { input: x }, attributes }, { type, operands: { x }, attributes: own }),
  )
})

describe('functions of several operands', () => {
  const column = reals([3, 1, 6], 4)
  it.each<[string, string]>([
    ['addBroadcastable', 'add'],
    ['subtractBroadcastable', 'sub'],
    ['multiplyBroadcastable', 'mul'],
    ['divideBroadcastable', 'real_div'],
    ['floorDivBroadcastable', 'floor_div'],
    ['modBroadcastable', 'mod'],
    ['powBroadcastable', 'pow'],
    ['maxBroadcastable', 'maximum'],
    ['minBroadcastable', 'minimum'],
    ['add', 'add'],
    ['multiply', 'mul'],
    ['max', 'maximum'],
    ['min', 'minimum'],
    ['equal', 'equal'],
    ['notEqual', 'not_equal'],
    ['lessThan', 'less'],
    ['lessEqual', 'less_equal'],
    ['greaterThan', 'greater'],
    ['greaterEqual', 'greater_equal'],
  ])('%s', (layer, type) => {
    for (const other of [y, column, x]) expectSame({ type: layer, operands: { input: [x, other] } }, { type, operands: { x, y: other } })
  })
  it('select, non_zero, matmul, topk', () => {
    const cond = wholes(x.shape, 5)
    expectSame(
      { type: 'whereBroadcastable', operands: { input: [cond, x, column] } },
      { type: 'select', operands: { cond, a: x, b: column } },
    )
    expectSame({ type: 'whereNonZero', operands: { input: cond } }, { type: 'non_zero', operands: { x: cond } })
    expectSame(
      { type: 'batchedMatmul', operands: { input: [x, y] }, attributes: { transposeB: true } },
      { type: 'matmul', operands: { x, y }, attributes: { transpose_y: true } },
    )
    expectSame(
      { type: 'topK', operands: { input: x }, attributes: { axis: 2, K: 3, useBottomK: true }, outputs: 2 },
      { type: 'topk', operands: { x }, attributes: { axis: 2, k: 3, ascending: true }, outputs: 2 },
    )
  })
})

describe('reductions', () => {
  it.each<[string, string, string?]>([
    ['reduceSum', 'reduce_sum', 'SUM'],
    ['reduceMean', 'reduce_mean', 'AVG'],
    ['reduceProd', 'reduce_prod', 'PROD'],
    ['reduceMax', 'reduce_max', 'MAX'],
    ['reduceMin', 'reduce_min', 'MIN'],
    ['reduceL1', 'reduce_l1_norm', 'L1'],
    ['reduceL2', 'reduce_l2_norm', 'L2'],
    ['reduceSumSquare', 'reduce_sum_square', 'SUMSQUARE'],
    ['reduceLogSumExp', 'reduce_log_sum_exp'],
  ])('%s', (layer, type, mode) => {
    const fields = { axes: [3, 1], keepDims: false, reduceAll: false }
    expectSame({ type: layer, operands: { input: x }, attributes: fields }, { type, operands: { x }, attributes: { axes: [1, 3] } })
    if (mode === undefined) return
    const attributes = { axes: [2, 3], keep_dims: true }
    expectSame({ type: 'reduce', operands: { input: x }, attributes: { mode, axis: 'HW' } }, { type, operands: { x }, attributes })
  })
})

describe('weighted layers', () => {
  it('convolution and its transpose', () => {
    const [weight, bias] = [reals([4, 3, 3, 2], 6), reals([4], 7)]
    const window = { kernelSize: [3, 2], stride: [2, 1], dilationFactor: [1, 2], hasBias: true }
    const edges = [1, 0, 2, 1]
    const borderAmounts = [0, 2].map((i) => ({ startEdgeSize: edges[i]!, endEdgeSize: edges[i + 1]! }))
    const own = { strides: [2, 1], dilations: [1, 2], pad_type: 'custom', pad: edges }
    expectSame(
      {
        type: 'convolution',
        operands: { input: x, weights: flat(weight), bias },
        attributes: { ...window, outputChannels: 4, kernelChannels: 3, nGroups: 1, valid: { paddingAmounts: { borderAmounts } } },
      },
      { type: 'conv', operands: { x, weight, bias }, attributes: own },
    )
    const back = { weight: reals([3, 4, 3, 2], 8), bias }
    const volume = ['Depth', 'Height', 'Width'] as const
    const fields = (name: string, values: readonly number[]) => Object.fromEntries(volume.map((axis, i) => [`${name}${axis}`, values[i]!]))
    const sides = Object.fromEntries(
      ['Front', 'Back', 'Top', 'Bottom', 'Left', 'Right'].map((side, i) => [`customPadding${side}`, [0, 0, ...edges][i]!]),
    )
    const deep = (value: Tensor) => callOp('expand_dims', { x: value }, { attributes: { axes: [2] } })[0]!
    expectSame(
      {
        type: 'convolution3d',
        operands: { input: deep(x), weights: flat(back.weight), bias },
        attributes: {
          ...{ inputChannels: 3, outputChannels: 4, nGroups: 1, hasBias: true, isDeconvolution: true, paddingType: 'CUSTOM' },
          ...{ ...fields('kernel', [1, 3, 2]), ...fields('stride', [1, 2, 1]), ...fields('dilation', [1, 1, 2]), ...sides },
        },
      },
      {
        type: 'conv_transpose',
        operands: { x: deep(x), weight: deep(back.weight), bias },
        attributes: { ...own, strides: [1, 2, 1], dilations: [1, 1, 2], pad: [0, 0, ...edges] },
      },
    )
  })
  it('pooling', () => {
    for (const [type, op] of [
      ['MAX', 'max_pool'],
      ['AVERAGE', 'avg_pool'],
      ['L2', 'l2_pool'],
    ] as const) {
      expectSame(
        {
          type: 'pooling',
          operands: { input: x },
          attributes: { type, kernelSize: [3, 2], stride: [2, 1], same: { asymmetryMode: 'BOTTOM_RIGHT_HEAVY' } },
        },
        { type: op, operands: { x }, attributes: { kernel_sizes: [3, 2], strides: [2, 1], pad_type: 'same' } },
      )
    }
  })
  it('inner product, batch and layer normalization', () => {
    const [rows, weight, bias] = [reals([5, 4], 9), reals([3, 4], 10), reals([3], 11)]
    expectSame(
      {
        type: 'innerProduct',
        operands: { input: rows, weights: flat(weight), bias },
        attributes: { inputChannels: 4, outputChannels: 3, hasBias: true },
      },
      { type: 'linear', operands: { x: rows, weight, bias } },
    )
    const [gamma, beta, mean, variance] = [
      reals([3], 12),
      reals([3], 13),
      reals([3], 14),
      tensor('float32', [3], Float32Array.of(0.5, 1, 3)),
    ]
    const constants = { gamma, beta, mean, variance }
    expectSame(
      { type: 'batchnorm', operands: { input: x, ...constants }, attributes: { channels: 3, epsilon: 1e-3 } },
      { type: 'batch_norm', operands: { x, ...constants }, attributes: { epsilon: 1e-3 } },
    )
    const affine = { gamma: reals([4, 6], 15), beta: reals([4, 6], 16) }
    expectSame(
      { type: 'layerNormalization', operands: { input: x, ...affine }, attributes: { normalizedShape: [4, 6], eps: 1e-3 } },
      { type: 'layer_norm', operands: { x, ...affine }, attributes: { axes: [2, 3], epsilon: 1e-3 } },
    )
  })
})

describe('layers that move elements', () => {
  it.each<[string, Attributes, string, Attributes]>([
    ['transpose', { axes: [3, 0, 2, 1] }, 'transpose', { perm: [3, 0, 2, 1] }],
    ['reshapeStatic', { targetShape: [6, -1] }, 'reshape', { shape: [6, -1] }],
    ['expandDims', { axes: [1, -1] }, 'expand_dims', { axes: [1, -1] }],
    ['flattenTo2D', { axis: 2 }, 'flatten2d', { axis: 2 }],
    ['reverse', { reverseDim: [false, true, false, true] }, 'reverse', { axes: [1, 3] }],
    ['tile', { reps: [1, 2, 1, 3] }, 'tile', { reps: [1, 2, 1, 3] }],
    ['slidingWindows', { axis: 3, windowSize: 3, step: 2 }, 'sliding_windows', { axis: 3, size: 3, stride: 2 }],
    ['matrixBandPart', { numLower: 1, numUpper: -1 }, 'band_part', { lower: 1, upper: -1 }],
    [
      'constantPad',
      { value: 2, padAmounts: [0, 0, 1, 0, 0, 2, 3, 1], padToGivenOutputSizeMode: false },
      'pad',
      { pad: [0, 0, 1, 0, 0, 2, 3, 1], constant_val: 2 },
    ],
    ['reorganizeData', { mode: 'SPACE_TO_DEPTH', blockSize: 2 }, 'space_to_depth', { block_size: 2 }],
    ['getShape', {}, 'shape', {}],
    [
      'upsample',
      { scalingFactor: [2, 3], fractionalScalingFactor: [], mode: 'NN', linearUpsampleMode: 'DEFAULT' },
      'upsample_nearest_neighbor',
      { scale_factor_height: 2, scale_factor_width: 3 },
    ],
    [
      'upsample',
      { scalingFactor: [2, 3], fractionalScalingFactor: [], mode: 'BILINEAR', linearUpsampleMode: 'ALIGN_CORNERS_TRUE' },
      'upsample_bilinear',
      { scale_factor_height: 2, scale_factor_width: 3 },
    ],
    [
      'resizeBilinear',
      { targetSize: [5, 3], mode: { samplingMethod: 'UPSAMPLE_MODE' } },
      'resize_bilinear',
      { target_size_height: 5, target_size_width: 3, sampling_mode: 'DEFAULT' },
    ],
  ])('%s %j', (layer, attributes, type, own) =>
    expectSame({ type: layer, operands: { input: x }, attributes }, { type, operands: { x }, attributes: own }),
  )
  it('slices, joins, gathers and scatters', () => {
    const masks = {
      beginMasks: [false, true, false, false],
      endMasks: [true, false, false, false],
      squeezeMasks: [false, false, true, false],
    }
    expectSame(
      {
        type: 'sliceStatic',
        operands: { input: x },
        attributes: { beginIds: [1, 2, 1, -2], endIds: [0, 2, 2, 0], strides: [1, 1, 1, -2], ...masks },
      },
      {
        type: 'slice_by_index',
        operands: { x },
        attributes: {
          begin: [1, 2, 1, -2],
          end: [0, 2, 2, 0],
          stride: [1, 1, 1, -2],
          begin_mask: masks.beginMasks,
          end_mask: masks.endMasks,
          squeeze_mask: masks.squeezeMasks,
        },
      },
    )
    expectSame(
      { type: 'concatND', operands: { input: [x, y] }, attributes: { axis: 2, interleave: true } },
      { type: 'concat', operands: { values: [x, y] }, attributes: { axis: 2, interleave: true } },
    )
    expectSame(
      { type: 'stack', operands: { input: [x, y] }, attributes: { axis: 1 } },
      { type: 'stack', operands: { values: [x, y] }, attributes: { axis: 1 } },
    )
    const [asFloats, indices] = [tensor('float32', [3], Float32Array.of(2, 0, 2)), ints([3], [2, 0, 2])]
    expectSame(
      { type: 'gather', operands: { input: [x, asFloats] }, attributes: { axis: 1 } },
      { type: 'gather', operands: { x, indices }, attributes: { axis: 1 } },
    )
    expectSame(
      { type: 'scatter', operands: { input: [x, asFloats, y] }, attributes: { axis: 1, mode: 'SCATTER_MAX' } },
      { type: 'scatter', operands: { data: x, indices, updates: y }, attributes: { axis: 1, mode: 'max' } },
    )
  })
})
