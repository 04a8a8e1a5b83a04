/** What element-wise ops, reductions, sorting and quantization refuse, and in which words. */
import { describe, expect, it } from 'vitest'
import type { DType } from '../../../kernels/tensor.js'
import type { Attribute } from '../../../src/graph/graph.js'
import { type GoldenCase, runGolden } from './golden.js'

type Operand = readonly [parameter: string, shape: number[], dtype?: DType, data?: number[]]

function run(
  dialect: GoldenCase['dialect'],
  op: string,
  operands: readonly Operand[],
  attributes: { [key: string]: Attribute },
  version: string,
) {
  const inputs = operands.map(([parameter, shape, dtype = 'float32', data]) => {
    const size = shape.reduce((a, b) => a * b, 1)
    return { parameter, shape, dtype, data: data ?? new Array<number>(size).fill(1) }
  })
  return runGolden({ name: 'op', op, dialect, version, inputs, attributes, expected: [{ dtype: 'float32', shape: [], data: [] }] })
}

const MIL: [string, Operand[], { [key: string]: Attribute }, string, string?][] = [
  [
    'add',
    [
      ['x', [2]],
      ['y', [3]],
    ],
    {},
    'operands have shapes [2] and [3], which do not broadcast',
  ],
  [
    'select',
    [
      ['cond', [2], 'bool'],
      ['a', [3]],
      ['b', [1]],
    ],
    {},
    'operands have shapes [2] and [3] and [1], which do not broadcast',
  ],
  ['exp', [['x', [2], 'int32']], {}, "parameter 'x' has dtype int32, expected tensor<float16|float32|float64>"],
  ['clip', [['x', [2]]], { alpha: 2, beta: 2 }, 'alpha is 2 and beta 2, expected alpha below beta', 'CoreML7'],
  ['cast', [['x', [2]]], { dtype: 'int8' }, "parameter 'dtype' is 'int8', expected 'fp16', 'fp32', 'int32', 'bool'"],
  ['gelu', [['x', [2]]], { mode: 'FAST' }, "parameter 'mode' is 'FAST', expected 'EXACT', 'TANH_APPROXIMATION', 'SIGMOID_APPROXIMATION'"],
  [
    'prelu',
    [
      ['x', [1, 3, 2]],
      ['alpha', [2]],
    ],
    {},
    'alpha has 2 elements for x of shape [1,3,2], expected 3 or 1',
  ],
  ['softmax', [['x', [2, 3]]], { axis: 2 }, 'axis is 2, expected -2 to 1'],
  ['reduce_sum', [['x', [2, 3]]], { axes: [0, -2] }, 'axes are [0,-2], expected distinct axes of rank 2'],
  ['reduce_max', [['x', [2, 0]]], { axes: [1] }, 'reduces x of shape [2,0] over no elements'],
  ['reduce_argmax', [['x', [2, 0]]], {}, 'reduces x of shape [2,0] over no elements'],
  ['topk', [['x', [2, 3]]], { k: 4 }, 'k is 4, expected 0 to 3 for axis -1 of shape [2,3]'],
  [
    'topk',
    [['x', [3]]],
    { return_indices: false, output_indices_dtype: 'uint16' },
    'output_indices_dtype is given, but return_indices is false',
    'CoreML7',
  ],
  [
    'quantize',
    [
      ['input', [3]],
      ['scale', [3]],
    ],
    { output_dtype: 'int8' },
    'scale is a vector, but axis is missing',
    'CoreML7',
  ],
  [
    'quantize',
    [
      ['input', [3]],
      ['scale', [2]],
    ],
    { output_dtype: 'int8', axis: 0 },
    'scale has 2 elements, expected 3 for axis 0 of shape [3]',
    'CoreML7',
  ],
  [
    'quantize',
    [
      ['input', [3]],
      ['scale', []],
      ['zero_point', [], 'uint8'],
    ],
    { output_dtype: 'int8' },
    'zero_point has dtype uint8, expected output_dtype int8',
    'CoreML7',
  ],
  [
    'constexpr_lut_to_dense',
    [
      ['indices', [1], 'uint8'],
      ['lut', [3]],
    ],
    { shape: [2] },
    'lut has 3 entries, expected one of 2, 4, 16, 64, 256',
    'CoreML6',
  ],
  [
    'constexpr_lut_to_dense',
    [
      ['indices', [1], 'uint8'],
      ['lut', [4]],
    ],
    { shape: [5] },
    'indices has 1 bytes, expected 2 for shape [5] of 2 bits an element',
    'CoreML6',
  ],
  [
    'constexpr_sparse_to_dense',
    [
      ['nonzero_data', [2]],
      ['mask', [1], 'uint8', [1]],
    ],
    { shape: [3] },
    'nonzero_data has 2 elements, but the mask has 1 ones',
    'CoreML6',
  ],
  [
    'constexpr_lut_to_dense',
    [
      ['indices', [4], 'uint2'],
      ['lut', [4, 1]],
    ],
    {},
    'lut has shape [4,1], expected rank 3 for indices of shape [4]',
    'CoreML8',
  ],
  [
    'constexpr_lut_to_dense',
    [
      ['indices', [4], 'uint2'],
      ['lut', [3, 4, 1]],
    ],
    {},
    'lut without its last two dimensions has shape [3], expected dimensions that divide those of [4]',
    'CoreML8',
  ],
  [
    'constexpr_lut_to_dense',
    [
      ['indices', [4], 'uint2'],
      ['lut', [1, 8, 1]],
    ],
    {},
    'lut has 8 entries, expected 4 for indices of dtype uint2',
    'CoreML8',
  ],
  [
    'constexpr_lut_to_dense',
    [
      ['indices', [4], 'uint2'],
      ['lut', [1, 4, 2]],
    ],
    {},
    'lut holds vectors of 2, but vector_axis is missing',
    'CoreML8',
  ],
  [
    'constexpr_blockwise_shift_scale',
    [
      ['data', [4], 'int4'],
      ['scale', [3]],
    ],
    {},
    'scale has shape [3], expected dimensions that divide those of [4]',
    'CoreML8',
  ],
  [
    'constexpr_blockwise_shift_scale',
    [
      ['data', [4], 'int4'],
      ['scale', [2]],
      ['offset', [1], 'int4'],
    ],
    {},
    'offset has shape [1], expected that of scale, [2]',
    'CoreML8',
  ],
]

const LAYERS: [string, Operand[], { [key: string]: Attribute }, string][] = [
  ['activation', [['input', [2]]], {}, 'names no function, expected one of linear'],
  ['activation', [['input', [1, 3, 2, 2]]], { PReLU: {} }, 'has no PReLU.alpha'],
  [
    'activation',
    [
      ['input', [3]],
      ['PReLU.alpha', [3]],
    ],
    { PReLU: {} },
    'takes an input of rank 3 or more, got shape [3]',
  ],
  ['reduce', [['input', [2, 2, 2]]], { mode: 'ARGMAX', epsilon: 0, axis: 'HW' }, 'reduces HW with ARGMAX, which takes one axis'],
  ['argMax', [['input', [0]]], { axis: 0, removeDim: false }, 'reduces an input of shape [0] over no elements'],
  [
    'whereBroadcastable',
    [
      ['input', [2]],
      ['input', [2]],
    ],
    {},
    "parameter 'input' has 2 operands, expected 3",
  ],
  [
    'cumSum',
    [
      ['input', [2]],
      ['input', [2]],
    ],
    { axis: 0 },
    'the second input has shape [2], expected one element',
  ],
  [
    'cumSum',
    [
      ['input', [2]],
      ['input', [1], 'float32', [Number.NaN]],
    ],
    { axis: 0 },
    'axis is NaN, expected -1 to 0',
  ],
  [
    'topK',
    [
      ['input', [2]],
      ['input', [1], 'float32', [Number.NaN]],
    ],
    { axis: 0, K: 1, useBottomK: false },
    'k is NaN, expected 0 to 2',
  ],
]

describe('an ML Program op refuses', () => {
  it.each(MIL)('%s %j %j', (op, operands, attributes, message, version = 'CoreML5') => {
    expect(() => run('mil', op, operands, attributes, version)).toThrow(
      expect.objectContaining({ code: 'MODEL_OP_INVALID', message: expect.stringContaining(message) }),
    )
  })
})

describe('a neuralnetwork layer refuses', () => {
  it.each(LAYERS)('%s %j %j', (op, operands, attributes, message) => {
    expect(() => run('neuralnetwork', op, operands, attributes, '5')).toThrow(
      expect.objectContaining({ code: 'MODEL_OP_INVALID', message: expect.stringContaining(message) }),
    )
  })
})
