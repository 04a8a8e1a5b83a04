/** What the ops that move elements say of models that break their specification: one clear error each, before anything is computed. */
import { describe, expect, test } from 'vitest'
import { ParityError } from '../../../src/graph/errors.js'
import type { Attribute } from '../../../src/graph/graph.js'
import { type GoldenCase, runGolden } from './golden.js'

type Operand = [parameter: string, shape: number[], dtype?: 'float32' | 'int32' | 'float16', data?: number[]]
type Refusal = [op: string, operands: Operand[], attributes: { [key: string]: Attribute }, message: RegExp]

const size = (shape: number[]): number => shape.reduce((product, dimension) => product * dimension, 1)

function refused(dialect: GoldenCase['dialect'], [op, operands, attributes]: Refusal, version = 'CoreML8'): ParityError {
  const inputs = operands.map(([parameter, shape, dtype = 'float32', data]) => ({
    parameter,
    shape,
    dtype,
    data: data ?? new Array<number>(size(shape)).fill(0),
  }))
  try {
    runGolden({ name: op, op, dialect, version, inputs, attributes, expected: [{ dtype: 'float32', shape: [], data: [] }] })
  } catch (error) {
    if (error instanceof ParityError) return error
    throw error
  }
  throw new Error(`${op} took what it should refuse`)
}

const x: Operand = ['x', [2, 3, 4]]
const indices = (data: number[], shape = [data.length]): Operand => ['indices', shape, 'int32', data]

const MIL: Refusal[] = [
  ['reshape', [x], { shape: [5, -1] }, /shape \[2,3,4\] does not fit the target shape \[5,-1\]/],
  ['reshape', [x], { shape: [-1, -1, 24] }, /does not fit/],
  ['expand_dims', [x], { axes: [4] }, /axes is 4, expected -4 to 3/],
  ['expand_dims', [x], { axes: [0, 0] }, /expected distinct axes/],
  ['squeeze', [x], { axes: [3] }, /axes is 3, expected -3 to 2/],
  ['transpose', [x], { perm: [0, 1] }, /has 2 entries for rank 3/],
  ['transpose', [x], { perm: [0, 1, 1] }, /expected distinct axes/],
  ['reverse', [x], { axes: [-4] }, /axes is -4/],
  ['reverse_sequence', [x], { lengths: [1, 4], seq_axis: 1 }, /a length is 4, expected 0 to 3/],
  ['reverse_sequence', [x], { lengths: [1], seq_axis: 1 }, /has 1 lengths for 2 sequences/],
  ['reverse_sequence', [x], { lengths: [1, 1] }, /both 0/],
  ['slice_by_index', [x], { begin: [0, 0], end: [1, 1, 1] }, /begin has 2 entries for an operand of shape \[2,3,4\]/],
  ['slice_by_index', [x], { begin: [0, 0, 0], end: [1, 1, 1], stride: [1, 0, 1] }, /stride of dimension 1 is 0/],
  ['slice_by_index', [x], { begin: [2, 0, 0], end: [1, 1, 1], squeeze_mask: [true, false, false] }, /squeezed dimension 0 is 2/],
  ['slice_by_size', [x], { begin: [0, 2, 0], size: [1, 2, 4] }, /reach outside of the operand, whose shape is \[2,3,4\]/],
  ['slice_update', [x, ['update', [2, 2]]], { begin: [0, 0, 0], end: [2, 1, 2] }, /update has shape \[2,2\], expected \[2,1,2\]/],
  ['slice_update', [x, ['update', [2, 1, 2], 'int32']], { begin: [0, 0, 0], end: [2, 1, 2] }, /update has dtype int32, expected float32/],
  [
    'concat',
    [
      ['values', [2, 3]],
      ['values', [3, 3]],
    ],
    { axis: 1 },
    /operand 1 has shape \[3,3\], expected \[2,3\]/,
  ],
  [
    'concat',
    [
      ['values', [2, 3]],
      ['values', [2, 4]],
    ],
    { axis: 1, interleave: true },
    /operand 1 has shape \[2,4\], expected \[2,3\]/,
  ],
  [
    'concat',
    [
      ['values', [2]],
      ['values', [2], 'int32'],
    ],
    { axis: 0 },
    /operand 1 has dtype int32, expected float32/,
  ],
  [
    'stack',
    [
      ['values', [2, 3]],
      ['values', [2]],
    ],
    { axis: 0 },
    /operand 1 has shape \[2\], expected \[2,3\]/,
  ],
  ['split', [x], { axis: 2, num_splits: 3 }, /cannot split 4 elements into 3 equal parts/],
  ['split', [x], { axis: 2, num_splits: 2 }, /splits into 2 parts, but has 1 outputs/],
  ['split', [x], { axis: 2, split_sizes: [1, 2] }, /split sizes \[1,2\] do not add up to dimension 2/],
  ['split', [x], { axis: 2 }, /neither num_splits nor split_sizes/],
  ['tile', [x], { reps: [1, 2] }, /has 2 repetitions for an operand of shape \[2,3,4\]/],
  ['tile', [x], { reps: [1, 1, 2 ** 30] }, /more than 536870912 elements/],
  ['tile', [x], { reps: [1, 1, -1] }, /would have shape/],
  ['pad', [x], { pad: [1] }, /has 1 padding amounts/],
  ['pad', [x], { pad: [0, -1] }, /padding of dimension 2 is -1, expected 0 or more in mode constant/],
  ['pad', [x], { pad: [0, 4], mode: 'reflect' }, /padding of dimension 2 is 4, expected 0 to 3 in mode reflect/],
  ['pad', [x], { pad: [0, 1], mode: 'wrap' }, /'wrap', expected 'constant'/],
  ['crop', [x], { crop_height: [2, 2], crop_width: [0, 0] }, /cannot crop \[2,2,0,0\]/],
  ['crop', [x], { crop_height: [1], crop_width: [0, 0] }, /has 3 crop amounts, expected 4/],
  ['sliding_windows', [x], { axis: 1, size: 4 }, /cannot take windows of 4, 1 apart, from dimension 1/],
  ['depth_to_space', [['x', [1, 6, 2, 2]]], { block_size: 2 }, /blocks of 2 x 2 do not divide 6 channels/],
  ['space_to_depth', [['x', [1, 6, 2, 3]]], { block_size: 2 }, /blocks of 2 x 2 do not divide 2 x 3/],
  ['pixel_shuffle', [x], { upscale_factor: 2 }, /has shape \[2,3,4\], expected tensor<logical, rank 4>/],
  [
    'space_to_batch',
    [['x', [1, 1, 2, 3]]],
    { block_shape: [1, 1], paddings: [0, 2 ** 31 - 1, 0, 0] },
    /would make a tensor of shape \[1,1,2147483649,3\]/,
  ],
  ['space_to_batch', [['x', [1, 1, 2, 3]]], { block_shape: [2, 2], paddings: [0, 0, 0, 0] }, /do not divide the padded sizes \[2,3\]/],
  ['batch_to_space', [['x', [3, 1, 2, 3]]], { block_shape: [2, 2], crops: [0, 0, 0, 0] }, /do not divide a batch of 3/],
  ['batch_to_space', [['x', [4, 1, 2, 3]]], { block_shape: [2, 2], crops: [3, 2, 0, 0] }, /crops \[3,2,0,0\] exceed 4 x 6/],
  ['band_part', [['x', [3]]], {}, /expected matrices/],
  ['fill', [], { shape: [2 ** 20, 2 ** 20] }, /more than 536870912 elements/],
  ['fill', [], { shape: [-2] }, /would have shape \[-2\]/],
  [
    'range_1d',
    [
      ['start', []],
      ['end', []],
      ['step', []],
    ],
    {},
    /cannot count from 0 to 0 in steps of 0/,
  ],
  ['one_hot', [indices([1])], { one_hot_vector_size: -1 }, /would have shape \[1,-1\]/],
  ['one_hot', [indices([1])], { one_hot_vector_size: 2, axis: 2 }, /axis is 2, expected -2 to 1/],
  ['gather', [x, indices([-1])], { axis: 1, validate_indices: true }, /an index is -1, expected 0 to 2/],
  ['gather', [x, indices([1])], { axis: 0, batch_dims: 1 }, /has 1 batch dimensions, expected at most the axis \(0\)/],
  ['gather_along_axis', [x, indices([1])], {}, /the tensor of indices has shape \[1\], expected \[1,3,4\]/],
  ['gather_nd', [x, indices([0, 0, 0, 0])], {}, /indices of shape \[4\] with 0 batch dimensions do not address/],
  ['scatter', [['data', [3]], indices([0]), ['updates', [2]]], {}, /the tensor of updates has shape \[2\], expected \[1\]/],
  ['scatter', [['data', [3]], indices([3]), ['updates', [1]]], { validate_indices: true }, /an index is 3, expected 0 to 2/],
  ['scatter', [['data', [3]], indices([0]), ['updates', [1], 'int32']], {}, /updates have dtype int32, expected float32/],
  ['scatter', [['data', [3]], indices([0]), ['updates', [1]]], { mode: 'mean' }, /'mean', expected 'update'/],
  ['scatter_along_axis', [['data', [3]], indices([0]), ['updates', [2]]], {}, /the tensor of updates has shape \[2\], expected \[1\]/],
  ['scatter_nd', [['data', [3]], indices([0], [1, 1]), ['updates', [2]]], {}, /the tensor of updates has shape \[2\], expected \[1\]/],
  [
    'resize',
    [x],
    { shape: [1, 1, 1, 1], resized_dims: 2 },
    /resizes 2 dimensions to the end of \[1,1,1,1\], for an operand of shape \[2,3,4\]/,
  ],
  ['resize', [['x', [1, 0]]], { shape: [4], resized_dims: 1 }, /cannot resize an operand of shape \[1,0\] to \[1,4\]/],
  ['upsample_bilinear', [x], { scale_factor_height: 0 }, /scale factor of 0/],
  ['upsample_bilinear', [x], { half_pixel_centers: true }, /both align_corners and half_pixel_centers/],
  [
    'crop_resize',
    [
      ['x', [1, 1, 2, 2]],
      ['boxes', [2, 4]],
    ],
    {},
    /box 1 is of image 1, expected 0 to 0/,
  ],
  [
    'crop_resize',
    [
      ['x', [1, 1, 2, 2]],
      ['boxes', [2, 3]],
    ],
    {},
    /boxes has shape \[2,3\], expected \[2,4\]/,
  ],
  [
    'non_maximum_suppression',
    [
      ['boxes', [1, 4, 2]],
      ['scores', [1, 1, 3]],
    ],
    { iou_threshold: 0, max_boxes: 1 },
    /expected one row a box/,
  ],
]

const LAYERS: Refusal[] = [
  ['loadConstantND', [['data', [3]]], { shape: [2, 2] }, /shape \[3\] does not fit the target shape \[2,2\]/],
  ['reshape', [['input', [1, 1, 2, 2, 2]]], { targetShape: [8], mode: 'CHANNEL_FIRST' }, /expected 3 or 4 dimensions/],
  ['reshapeStatic', [['input', [4]]], { targetShape: [0, 4] }, /has a 0 but not the rank of the operand/],
  [
    'reshapeDynamic',
    [
      ['input', [4]],
      ['input', [1], 'float32', [Number.NaN]],
    ],
    {},
    /an operand holds NaN, expected integers/,
  ],
  ['rankPreservingReshape', [['input', [4]]], { targetShape: [2, 2] }, /has targetShape \[2,2\] for an operand of shape \[4\]/],
  ['flatten', [['input', [4, 4]]], { mode: 'CHANNEL_FIRST' }, /expected rank 3 or more/],
  ['split', [['input', [3, 1, 1]]], { nOutputs: 2 }, /cannot split 3 channels into 2 equal parts/],
  ['splitND', [['input', [3]]], { axis: 0, numSplits: 2 ** 31 - 1, splitSizes: [] }, /splits into 2147483647 parts, but has 1 outputs/],
  ['splitND', [['input', [3]]], { axis: 0, numSplits: 0, splitSizes: [] }, /has numSplits 0 and no splitSizes/],
  ['slice', [['input', [3, 4]]], { startIndex: 0, endIndex: 1, stride: 0, axis: 'WIDTH_AXIS' }, /has stride 0, expected a positive one/],
  ['concat', [['input', [3, 4]]], { sequenceConcat: false }, /expected rank 3 or more/],
  ['constantPad', [['input', [3]]], { value: 0, padAmounts: [1], padToGivenOutputSizeMode: false }, /has 1 padding amounts/],
  ['padding', [['input', [3, 3]]], { paddingAmounts: { borderAmounts: [{ startEdgeSize: 1, endEdgeSize: 1 }] } }, /has 1 border amounts/],
  [
    'crop',
    [
      ['input', [1, 3, 3]],
      ['input', [1, 3, 3]],
    ],
    { offset: [1, 0] },
    /cannot crop/,
  ],
  ['reverse', [['input', [3, 3]]], { reverseDim: [true] }, /has 1 entries in reverseDim/],
  ['broadcastToStatic', [['input', [3]]], { targetShape: [2, 4] }, /does not broadcast to \[2,4\]/],
  ['fillDynamic', [['input', [2], 'float32', [1e9, 1e9]]], { value: 1 }, /more than 536870912 elements/],
  ['rangeDynamic', [['input', [2]]], { startValue: 0, stepSizeValue: 1 }, /the end has shape \[2\], expected one element/],
  [
    'gather',
    [
      ['input', [3]],
      ['input', [1], 'float32', [-4]],
    ],
    { axis: 0 },
    /an index is -4, expected -3 to 2/,
  ],
  [
    'gatherAlongAxis',
    [
      ['input', [3]],
      ['input', [1], 'float32', [Number.NaN]],
    ],
    { axis: 0 },
    /an index is NaN/,
  ],
  [
    'sliceBySize',
    [
      ['input', [3]],
      ['input', [1], 'float32', [Number.NaN]],
    ],
    { size: 1, axis: 0 },
    /begin \[NaN\] and size \[1\] reach outside/,
  ],
  [
    'upsample',
    [['input', [1, 2, 2]]],
    { scalingFactor: [2], fractionalScalingFactor: [], mode: 'NN', linearUpsampleMode: 'DEFAULT' },
    /scalingFactor \[2\]/,
  ],
  ['resizeBilinear', [['input', [2, 2]]], { targetSize: [2, 2] }, /expected rank 3 or more/],
  [
    'NonMaximumSuppression',
    [
      ['input', [2, 4]],
      ['input', [2, 1]],
    ],
    { iouThreshold: 0, scoreThreshold: 0, maxBoxes: 1, perClassSuppression: false },
    /expected \[B, N, 4\]/,
  ],
]

describe('ML Programs', () => {
  test.each(MIL)('%s %j %j', (...refusal) => {
    const error = refused('mil', refusal)
    expect(error.what).toMatch(refusal[3])
    expect(error.message).toContain(refusal[0])
  })

  test('indices before iOS17 may be negative, not beyond', () => {
    expect(refused('mil', ['gather', [x, indices([2])], {}, /./], 'CoreML5').what).toMatch(/an index is 2, expected -2 to 1/)
    expect(refused('mil', ['reshape', [x], { shape: [1, 0] }, /./], 'CoreML6').what).toMatch(/has a 0 but not the rank/)
  })

  test('affine without aligned corners is not supported by the format either', () => {
    const attributes = {
      output_height: 1,
      output_width: 1,
      sampling_mode: 'bilinear',
      padding_mode: 'constant',
      padding_value: 0,
      coordinates_mode: 'normalized_minus_one_to_one',
      align_corners: false,
    }
    const error = refused('mil', [
      'affine',
      [
        ['x', [1, 1, 2, 2]],
        ['transform_matrix', [1, 6]],
      ],
      attributes,
      /./,
    ])
    expect(error.code).toBe('UNSUPPORTED_OP_VARIANT')
  })
})

describe('neuralnetwork', () => {
  test.each(LAYERS)('%s %j %j', (...refusal) => {
    expect(refused('neuralnetwork', refusal, '5').what).toMatch(refusal[3])
  })
})
