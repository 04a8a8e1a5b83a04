/** Cases of operators whose results can be written down. Padding, coordinates, masks and ties are the published ones of TFLite. */
import type { Tensor } from '../../../kernels/tensor.js'
import type { Plain, TensorSketch } from '../../formats/tflite/write.js'
import type { Operand } from './run.js'
import { bool, float32, int32 } from './run.js'

const { NaN: nan, Infinity: inf } = { NaN: Number.NaN, Infinity: Number.POSITIVE_INFINITY }

export interface Case {
  name: string
  type: string
  operands: Operand[]
  options?: [string, Plain]
  outputs?: TensorSketch[]
  want: [shape: number[], elements: (number | bigint | string)[]][]
}

const int64 = (shape: number[], data: bigint[]): Tensor<'int64'> => ({ dtype: 'int64', shape, data: BigInt64Array.from(data) })
const strings = (shape: number[], data: string[]): Tensor<'string'> => ({ dtype: 'string', shape, data })
const ramp = (shape: number[]): Tensor<'float32'> =>
  float32(
    shape,
    Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => i),
  )
const INT32 = [{ type: 'INT32' }]
const INT64 = [{ type: 'INT64' }]
const BOOL = [{ type: 'BOOL' }]

const unary = (type: string, x: number[], y: number[], options?: [string, Plain]): Case => ({
  name: type,
  type,
  operands: [float32([x.length], x)],
  ...(options && { options }),
  want: [[[x.length], y]],
})

const UNARY: Case[] = [
  unary('ABS', [-1.5, 0, 2], [1.5, 0, 2]),
  unary('CEIL', [-1.5, 0.2], [-1, 1]),
  unary('ELU', [-1, 2], [Math.fround(Math.expm1(-1)), 2]),
  unary('FLOOR', [-1.5, 0.2], [-2, 0]),
  unary('HARD_SWISH', [-4, 0, 3, 6], [-0, 0, 3, 6]),
  unary('LEAKY_RELU', [-2, 2], [-0.5, 2], ['LeakyReluOptions', { alpha: 0.25 }]),
  unary('LOGISTIC', [0, 200, -200], [0.5, 1, 0]),
  unary('NEG', [1, -2], [-1, 2]),
  unary('RELU', [-1, 2, nan], [0, 2, nan]),
  unary('RELU6', [-1, 2, 9, nan], [0, 2, 6, 0]),
  unary('RELU_N1_TO_1', [-3, 0.5, 9], [-1, 0.5, 1]),
  unary('RELU_0_TO_1', [-3, 0.5, 9], [0, 0.5, 1]),
  unary('ROUND', [0.5, 1.5, 2.5, -0.5], [0, 2, 2, -0]),
  unary('RSQRT', [4, 0.25], [0.5, 2]),
  unary('SIGN', [-3, 0, 5, nan], [-1, 0, 1, 0]),
  unary('SQUARE', [3], [9]),
  unary('TANH', [0, 100], [0, 1]),
]

const BINARY: Case[] = [
  {
    name: 'sums broadcast',
    type: 'ADD',
    operands: [float32([2, 1], [1, 2]), float32([3], [10, 20, 30])],
    want: [
      [
        [2, 3],
        [11, 21, 31, 12, 22, 32],
      ],
    ],
  },
  {
    name: 'a fused activation clamps',
    type: 'ADD',
    operands: [float32([3], [-5, 1, 9]), float32([], [0])],
    options: ['AddOptions', { fused_activation_function: 'RELU6' }],
    want: [[[3], [0, 1, 6]]],
  },
  {
    name: 'without an activation a sum overflows to the largest number',
    type: 'ADD',
    operands: [float32([1], [3e38]), float32([1], [3e38])],
    options: ['AddOptions', {}],
    want: [[[1], [3.4028234663852886e38]]],
  },
  { name: 'int32 wraps', type: 'MUL', operands: [int32([1], [65537]), int32([1], [65537])], outputs: INT32, want: [[[1], [131073]]] },
  {
    name: 'int64 is exact',
    type: 'MUL',
    operands: [int64([1], [3037000499n]), int64([1], [3037000499n])],
    outputs: INT64,
    want: [[[1], [9223372030926249001n]]],
  },
  { name: 'division cuts off', type: 'DIV', operands: [int32([2], [-7, 7]), int32([], [2])], outputs: INT32, want: [[[2], [-3, 3]]] },
  {
    name: 'floor division goes down',
    type: 'FLOOR_DIV',
    operands: [int32([2], [-7, 7]), int32([], [2])],
    outputs: INT32,
    want: [[[2], [-4, 3]]],
  },
  {
    name: 'a floor remainder has the divisor’s sign',
    type: 'FLOOR_MOD',
    operands: [float32([3], [-7, 7, 7.5]), float32([3], [3, -3, 2])],
    want: [[[3], [2, -2, 1.5]]],
  },
  {
    name: 'the larger, NaN only in the second place',
    type: 'MAXIMUM',
    operands: [float32([3], [nan, 1, 2]), float32([3], [1, nan, 3])],
    want: [[[3], [1, nan, 3]]],
  },
  {
    name: 'integer powers',
    type: 'POW',
    operands: [int32([3], [2, -3, 5]), int32([3], [10, 3, 0])],
    outputs: INT32,
    want: [[[3], [1024, -27, 1]]],
  },
  {
    name: 'shifts keep the sign',
    type: 'RIGHT_SHIFT',
    operands: [int32([3], [-8, 8, -1]), int32([3], [1, 99, 40])],
    outputs: INT32,
    want: [[[3], [-4, 0, -1]]],
  },
  { name: 'exclusive or', type: 'BITWISE_XOR', operands: [int32([2], [6, -1]), int32([], [3])], outputs: INT32, want: [[[2], [5, -4]]] },
  { name: 'squared differences', type: 'SQUARED_DIFFERENCE', operands: [float32([2], [1, 5]), float32([], [3])], want: [[[2], [4, 4]]] },
  {
    name: 'comparison of strings',
    type: 'EQUAL',
    operands: [strings([2], ['a', 'b']), strings([1], ['b'])],
    outputs: BOOL,
    want: [[[2], [0, 1]]],
  },
  { name: 'comparison with NaN', type: 'LESS', operands: [float32([2], [nan, 1]), float32([], [2])], outputs: BOOL, want: [[[2], [0, 1]]] },
  { name: 'logical or', type: 'LOGICAL_OR', operands: [bool([2], [0, 1]), bool([], [0])], outputs: BOOL, want: [[[2], [0, 1]]] },
  {
    name: 'slopes broadcast',
    type: 'PRELU',
    operands: [float32([2, 2], [-1, -1, 1, -4]), float32([2], [0.5, 2])],
    want: [
      [
        [2, 2],
        [-0.5, -2, 1, -8],
      ],
    ],
  },
  {
    name: 'rows are selected',
    type: 'SELECT',
    operands: [bool([2], [1, 0]), ramp([2, 2]), float32([2, 2], [9, 9, 9, 9])],
    want: [
      [
        [2, 2],
        [0, 1, 9, 9],
      ],
    ],
  },
  {
    name: 'selection broadcasts',
    type: 'SELECT_V2',
    operands: [bool([2, 1], [1, 0]), float32([1], [5]), float32([2], [7, 8])],
    want: [
      [
        [2, 2],
        [5, 5, 7, 8],
      ],
    ],
  },
]

const LAYOUT: Case[] = [
  {
    name: 'one size is left open',
    type: 'RESHAPE',
    operands: [ramp([2, 3]), int32([2], [3, -1])],
    want: [
      [
        [3, 2],
        [0, 1, 2, 3, 4, 5],
      ],
    ],
  },
  {
    name: 'negative dimensions are squeezed',
    type: 'SQUEEZE',
    operands: [ramp([1, 2, 1])],
    options: ['SqueezeOptions', { squeeze_dims: [-1] }],
    want: [
      [
        [1, 2],
        [0, 1],
      ],
    ],
  },
  {
    name: 'dimensions change places',
    type: 'TRANSPOSE',
    operands: [ramp([2, 3]), int32([2], [1, 0])],
    want: [
      [
        [3, 2],
        [0, 3, 1, 4, 2, 5],
      ],
    ],
  },
  {
    name: 'depth to space, block by block',
    type: 'DEPTH_TO_SPACE',
    operands: [ramp([1, 1, 1, 8])],
    options: ['DepthToSpaceOptions', { block_size: 2 }],
    want: [
      [
        [1, 2, 2, 2],
        [0, 1, 2, 3, 4, 5, 6, 7],
      ],
    ],
  },
  {
    name: 'space to depth',
    type: 'SPACE_TO_DEPTH',
    operands: [ramp([1, 2, 2, 1])],
    options: ['SpaceToDepthOptions', { block_size: 2 }],
    want: [
      [
        [1, 1, 1, 4],
        [0, 1, 2, 3],
      ],
    ],
  },
  {
    name: 'space to batch pads first',
    type: 'SPACE_TO_BATCH_ND',
    operands: [float32([1, 2, 1, 1], [1, 2]), int32([2], [2, 1]), int32([2, 2], [1, 1, 0, 0])],
    want: [
      [
        [2, 2, 1, 1],
        [0, 2, 1, 0],
      ],
    ],
  },
  {
    name: 'batch to space crops',
    type: 'BATCH_TO_SPACE_ND',
    operands: [float32([2, 2, 1, 1], [0, 2, 1, 0]), int32([2], [2, 1]), int32([2, 2], [1, 1, 0, 0])],
    want: [
      [
        [1, 2, 1, 1],
        [1, 2],
      ],
    ],
  },
  {
    name: 'reversed',
    type: 'REVERSE_V2',
    operands: [ramp([2, 3]), int32([1], [-1])],
    want: [
      [
        [2, 3],
        [2, 1, 0, 5, 4, 3],
      ],
    ],
  },
  {
    name: 'sequences reversed as far as they go',
    type: 'REVERSE_SEQUENCE',
    operands: [ramp([2, 3]), int32([2], [2, 3])],
    options: ['ReverseSequenceOptions', { seq_dim: 1, batch_dim: 0 }],
    want: [
      [
        [2, 3],
        [1, 0, 2, 5, 4, 3],
      ],
    ],
  },
  {
    name: 'broadcast',
    type: 'BROADCAST_TO',
    operands: [float32([2, 1], [1, 2]), int32([2], [2, 2])],
    want: [
      [
        [2, 2],
        [1, 1, 2, 2],
      ],
    ],
  },
  {
    name: 'tiled',
    type: 'TILE',
    operands: [strings([2], ['a', 'b']), int32([1], [2])],
    outputs: [{ type: 'STRING' }],
    want: [[[4], ['a', 'b', 'a', 'b']]],
  },
  { name: 'a shape', type: 'SHAPE', operands: [ramp([2, 3])], outputs: INT64, want: [[[2], [2n, 3n]]] },
  {
    name: 'a range ends before its limit',
    type: 'RANGE',
    operands: [int32([], [5]), int32([], [-1]), int32([], [-2])],
    outputs: INT32,
    want: [[[3], [5, 3, 1]]],
  },
  {
    name: 'ones along a new axis, none for an index outside',
    type: 'ONE_HOT',
    operands: [int32([2], [1, 7]), int32([], [3]), float32([], [5]), float32([], [-1])],
    options: ['OneHotOptions', { axis: 0 }],
    want: [
      [
        [3, 2],
        [-1, -1, 5, -1, -1, -1],
      ],
    ],
  },
  {
    name: 'a diagonal',
    type: 'MATRIX_DIAG',
    operands: [float32([2], [1, 2])],
    want: [
      [
        [2, 2],
        [1, 0, 0, 2],
      ],
    ],
  },
  {
    name: 'another diagonal',
    type: 'MATRIX_SET_DIAG',
    operands: [ramp([2, 3]), float32([2], [8, 9])],
    want: [
      [
        [2, 3],
        [8, 1, 2, 3, 9, 5],
      ],
    ],
  },
  {
    name: 'the bits of floats',
    type: 'BITCAST',
    operands: [float32([2], [1, -2])],
    outputs: INT32,
    want: [[[2], [0x3f800000, -0x40000000]]],
  },
  {
    name: 'joined',
    type: 'CONCATENATION',
    operands: [ramp([2, 1]), ramp([2, 2])],
    options: ['ConcatenationOptions', { axis: -1 }],
    want: [
      [
        [2, 3],
        [0, 0, 1, 1, 2, 3],
      ],
    ],
  },
  {
    name: 'stacked',
    type: 'PACK',
    operands: [ramp([2]), ramp([2])],
    options: ['PackOptions', { axis: 1, values_count: 2 }],
    want: [
      [
        [2, 2],
        [0, 0, 1, 1],
      ],
    ],
  },
  {
    name: 'taken apart',
    type: 'UNPACK',
    operands: [ramp([2, 2])],
    options: ['UnpackOptions', { axis: 1, num: 2 }],
    outputs: [{}, {}],
    want: [
      [[2], [0, 2]],
      [[2], [1, 3]],
    ],
  },
  {
    name: 'split evenly',
    type: 'SPLIT',
    operands: [int32([], [1]), ramp([1, 4])],
    options: ['SplitOptions', { num_splits: 2 }],
    outputs: [{}, {}],
    want: [
      [
        [1, 2],
        [0, 1],
      ],
      [
        [1, 2],
        [2, 3],
      ],
    ],
  },
  {
    name: 'split by sizes',
    type: 'SPLIT_V',
    operands: [ramp([4]), int32([2], [-1, 1]), int32([], [0])],
    outputs: [{}, {}],
    want: [
      [[3], [0, 1, 2]],
      [[1], [3]],
    ],
  },
  {
    name: 'a slice to the end',
    type: 'SLICE',
    operands: [ramp([2, 3]), int32([2], [0, 1]), int32([2], [1, -1])],
    want: [
      [
        [1, 2],
        [1, 2],
      ],
    ],
  },
  {
    name: 'strides may be negative, ends beyond the edge',
    type: 'STRIDED_SLICE',
    operands: [ramp([2, 3]), int32([2], [-1, 5]), int32([2], [-9, -9]), int32([2], [-1, -2])],
    options: ['StridedSliceOptions', {}],
    want: [
      [
        [2, 2],
        [5, 3, 2, 0],
      ],
    ],
  },
  {
    name: 'masks drop, add and skip dimensions',
    type: 'STRIDED_SLICE',
    operands: [ramp([2, 3, 2]), int32([3], [1, 0, 1]), int32([3], [0, 0, 0]), int32([3], [1, 1, 1])],
    options: ['StridedSliceOptions', { shrink_axis_mask: 1, ellipsis_mask: 2, end_mask: 4 }],
    want: [
      [
        [3, 1],
        [7, 9, 11],
      ],
    ],
  },
  {
    name: 'a new dimension',
    type: 'STRIDED_SLICE',
    operands: [ramp([2]), int32([2], [0, 1]), int32([2], [0, 2]), int32([2], [1, 1])],
    options: ['StridedSliceOptions', { new_axis_mask: 1 }],
    want: [[[1, 1], [1]]],
  },
  {
    name: 'an update is moved inside',
    type: 'DYNAMIC_UPDATE_SLICE',
    operands: [ramp([4]), float32([2], [8, 9]), int32([1], [9])],
    want: [[[4], [0, 1, 8, 9]]],
  },
  {
    name: 'padded with a value',
    type: 'PADV2',
    operands: [float32([2], [1, 2]), int32([1, 2], [1, 2]), float32([], [7])],
    want: [[[5], [7, 1, 2, 7, 7]]],
  },
  {
    name: 'reflected without the edge',
    type: 'MIRROR_PAD',
    operands: [ramp([3]), int32([1, 2], [2, 1])],
    options: ['MirrorPadOptions', { mode: 'REFLECT' }],
    want: [[[6], [2, 1, 0, 1, 2, 1]]],
  },
  {
    name: 'reflected with the edge',
    type: 'MIRROR_PAD',
    operands: [ramp([3]), int32([1, 2], [2, 1])],
    options: ['MirrorPadOptions', { mode: 'SYMMETRIC' }],
    want: [[[6], [1, 0, 0, 1, 2, 2]]],
  },
  {
    name: 'spread out',
    type: 'DILATE',
    operands: [float32([2, 1], [1, 2]), int32([2], [2, 3]), float32([], [-1])],
    want: [
      [
        [3, 1],
        [1, -1, 2],
      ],
    ],
  },
]

const REDUCTION: Case[] = [
  {
    name: 'the mean of two axes',
    type: 'MEAN',
    operands: [ramp([2, 2, 2]), int32([2], [0, -1])],
    options: ['ReducerOptions', { keep_dims: 1 }],
    want: [
      [
        [1, 2, 1],
        [2.5, 4.5],
      ],
    ],
  },
  {
    name: 'the mean of integers cuts off',
    type: 'MEAN',
    operands: [int32([2], [-3, -4]), int32([1], [0])],
    options: ['ReducerOptions', {}],
    outputs: INT32,
    want: [[[], [-3]]],
  },
  {
    name: 'a sum of nothing',
    type: 'SUM',
    operands: [float32([0, 2], []), int32([1], [0])],
    options: ['ReducerOptions', {}],
    want: [[[2], [0, 0]]],
  },
  {
    name: 'an extremum over nothing',
    type: 'REDUCE_MAX',
    operands: [float32([2, 0], []), int32([1], [1])],
    options: ['ReducerOptions', {}],
    want: [[[2], [-3.4028234663852886e38, -3.4028234663852886e38]]],
  },
  {
    name: 'a product of int64',
    type: 'REDUCE_PROD',
    operands: [int64([2], [3n, -(2n ** 40n)]), int32([1], [0])],
    options: ['ReducerOptions', {}],
    outputs: INT64,
    want: [[[], [-3298534883328n]]],
  },
  {
    name: 'any',
    type: 'REDUCE_ANY',
    operands: [bool([2, 2], [0, 0, 0, 1]), int32([1], [1])],
    options: ['ReducerOptions', {}],
    outputs: BOOL,
    want: [[[2], [0, 1]]],
  },
  {
    name: 'the first of equals',
    type: 'ARG_MAX',
    operands: [float32([1, 3], [2, 5, 5]), int32([], [1])],
    options: ['ArgMaxOptions', { output_type: 'INT64' }],
    outputs: INT64,
    want: [[[1], [1n]]],
  },
  {
    name: 'running sums backwards, without the element itself',
    type: 'CUMSUM',
    operands: [int32([3], [1, 2, 3]), int32([], [0])],
    options: ['CumsumOptions', { exclusive: 1, reverse: 1 }],
    outputs: INT32,
    want: [[[3], [5, 3, 0]]],
  },
  {
    name: 'windows',
    type: 'REDUCE_WINDOW',
    operands: [ramp([5]), float32([], [10]), int64([1], [2n]), int64([1], [1n]), int64([1], [2n])],
    options: ['ReduceWindowOptions', { reduce_function: 'ADD' }],
    want: [[[3], [12, 14, 16]]],
  },
]

const INDEXING: Case[] = [
  {
    name: 'elements of an axis',
    type: 'GATHER',
    operands: [ramp([2, 3]), int32([2], [2, 0])],
    options: ['GatherOptions', { axis: 1 }],
    want: [
      [
        [2, 2],
        [2, 0, 5, 3],
      ],
    ],
  },
  {
    name: 'elements batch by batch',
    type: 'GATHER',
    operands: [ramp([2, 3]), int32([2, 1], [2, 0])],
    options: ['GatherOptions', { axis: 1, batch_dims: 1 }],
    want: [
      [
        [2, 1],
        [2, 3],
      ],
    ],
  },
  {
    name: 'rows by tuples',
    type: 'GATHER_ND',
    operands: [ramp([2, 2, 2]), int32([2, 2], [1, 0, 0, 1])],
    want: [
      [
        [2, 2],
        [4, 5, 2, 3],
      ],
    ],
  },
  {
    name: 'updates of one place add up',
    type: 'SCATTER_ND',
    operands: [int32([2, 1], [1, 1]), float32([2], [3, 4]), int32([1], [3])],
    want: [[[3], [0, 7, 0]]],
  },
  {
    name: 'sparse to dense',
    type: 'SPARSE_TO_DENSE',
    operands: [int32([2, 2], [0, 1, 1, 0]), int32([2], [2, 2]), float32([2], [3, 4]), float32([], [-1])],
    want: [
      [
        [2, 2],
        [-1, 3, 4, -1],
      ],
    ],
  },
  {
    name: 'rows of a table',
    type: 'EMBEDDING_LOOKUP',
    operands: [int32([2], [1, 0]), ramp([2, 2])],
    want: [
      [
        [2, 2],
        [2, 3, 0, 1],
      ],
    ],
  },
  { name: 'segments', type: 'SEGMENT_SUM', operands: [ramp([4]), int32([4], [0, 0, 2, 2])], want: [[[3], [1, 0, 5]]] },
  {
    name: 'unsorted segments',
    type: 'UNSORTED_SEGMENT_MAX',
    operands: [ramp([3]), int32([3], [1, -1, 1]), int32([], [2])],
    want: [[[2], [-3.4028234663852886e38, 2]]],
  },
  {
    name: 'where it holds',
    type: 'WHERE',
    operands: [bool([2, 2], [0, 1, 1, 0])],
    outputs: INT64,
    want: [
      [
        [2, 2],
        [0n, 1n, 1n, 0n],
      ],
    ],
  },
  {
    name: 'the largest, the first of equals first',
    type: 'TOPK_V2',
    operands: [float32([4], [1, 3, 3, 2]), int32([], [3])],
    outputs: [{}, { type: 'INT32' }],
    want: [
      [[3], [3, 3, 2]],
      [[3], [1, 2, 3]],
    ],
  },
  {
    name: 'the different ones',
    type: 'UNIQUE',
    operands: [int32([4], [5, 3, 5, 1])],
    options: ['UniqueOptions', {}],
    outputs: [{ type: 'INT32' }, { type: 'INT32' }],
    want: [
      [[3], [5, 3, 1]],
      [[4], [0, 1, 0, 2]],
    ],
  },
  {
    name: 'buckets',
    type: 'BUCKETIZE',
    operands: [float32([3], [-1, 1, 5])],
    options: ['BucketizeOptions', { boundaries: [0, 1, 2] }],
    outputs: INT32,
    want: [[[3], [0, 2, 3]]],
  },
]

const SPATIAL: Case[] = [
  {
    name: 'padding is no part of a mean',
    type: 'AVERAGE_POOL_2D',
    operands: [float32([1, 3, 1, 1], [1, 2, 6])],
    options: ['Pool2DOptions', { padding: 'SAME', stride_h: 2, stride_w: 1, filter_height: 3, filter_width: 1 }],
    want: [
      [
        [1, 2, 1, 1],
        [1.5, 4],
      ],
    ],
  },
  {
    name: 'SAME puts the odd element behind',
    type: 'MAX_POOL_2D',
    operands: [ramp([1, 4, 1, 1])],
    options: ['Pool2DOptions', { padding: 'SAME', stride_h: 3, stride_w: 1, filter_height: 2, filter_width: 1 }],
    want: [
      [
        [1, 2, 1, 1],
        [1, 3],
      ],
    ],
  },
  {
    name: 'nearest neighbours at the half',
    type: 'RESIZE_NEAREST_NEIGHBOR',
    operands: [ramp([1, 1, 4, 1]), int32([2], [1, 2])],
    options: ['ResizeNearestNeighborOptions', { half_pixel_centers: 1 }],
    want: [
      [
        [1, 1, 2, 1],
        [1, 3],
      ],
    ],
  },
  {
    name: 'nearest neighbours with the corners aligned',
    type: 'RESIZE_NEAREST_NEIGHBOR',
    operands: [ramp([1, 1, 3, 1]), int32([2], [1, 4])],
    options: ['ResizeNearestNeighborOptions', { align_corners: 1 }],
    want: [
      [
        [1, 1, 4, 1],
        [0, 1, 1, 2],
      ],
    ],
  },
  {
    name: 'bilinear from the corner',
    type: 'RESIZE_BILINEAR',
    operands: [float32([1, 1, 2, 1], [0, 4]), int32([2], [1, 4])],
    options: ['ResizeBilinearOptions', {}],
    want: [
      [
        [1, 1, 4, 1],
        [0, 2, 4, 4],
      ],
    ],
  },
  {
    name: 'bilinear from the half',
    type: 'RESIZE_BILINEAR',
    operands: [float32([1, 1, 2, 1], [0, 4]), int32([2], [1, 4])],
    options: ['ResizeBilinearOptions', { half_pixel_centers: 1 }],
    want: [
      [
        [1, 1, 4, 1],
        [0, 1, 3, 4],
      ],
    ],
  },
  {
    name: 'softmax with beta',
    type: 'SOFTMAX',
    operands: [float32([1, 2], [0, Math.log(3)])],
    options: ['SoftmaxOptions', { beta: 1 }],
    want: [
      [
        [1, 2],
        [0.25, 0.75],
      ],
    ],
  },
  {
    name: 'softmax of infinities',
    type: 'SOFTMAX',
    operands: [float32([1, 2], [0, inf])],
    options: ['SoftmaxOptions', { beta: 1 }],
    want: [
      [
        [1, 2],
        [nan, nan],
      ],
    ],
  },
  {
    name: 'unit length',
    type: 'L2_NORMALIZATION',
    operands: [float32([1, 2], [3, 4])],
    options: ['L2NormOptions', {}],
    want: [
      [
        [1, 2],
        [0.6, 0.8],
      ],
    ],
  },
  {
    name: 'a window of neighbours to either side',
    type: 'LOCAL_RESPONSE_NORMALIZATION',
    operands: [float32([1, 1, 1, 3], [1, 1, 1])],
    options: ['LocalResponseNormalizationOptions', { radius: 1, bias: 1, alpha: 1, beta: 1 }],
    want: [
      [
        [1, 1, 1, 3],
        [1 / 3, 1 / 4, 1 / 3],
      ],
    ],
  },
  {
    name: 'a transform of a pulse',
    type: 'RFFT2D',
    operands: [float32([2, 4], [1, 0, 0, 0, 0, 0, 0, 0]), int32([2], [2, 4])],
    outputs: [{ type: 'COMPLEX64' }],
    want: [
      [
        [2, 3],
        [1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0],
      ],
    ],
  },
  {
    name: 'a number cast to bytes',
    type: 'CAST',
    operands: [float32([4], [-1.9, 300, 1.9, 0])],
    options: ['CastOptions', {}],
    outputs: [{ type: 'UINT8' }],
    want: [[[4], [0, 255, 1, 0]]],
  },
  {
    name: 'a wide integer keeps its low bits',
    type: 'CAST',
    operands: [int64([1], [2n ** 32n + 5n])],
    options: ['CastOptions', {}],
    outputs: INT32,
    want: [[[1], [5]]],
  },
  {
    name: 'boxes that overlap are left out',
    type: 'NON_MAX_SUPPRESSION_V4',
    operands: [
      float32([3, 4], [0, 0, 1, 1, 0, 0, 1, 0.9, 2, 2, 3, 3]),
      float32([3], [0.5, 0.9, 0.1]),
      int32([], [3]),
      float32([], [0.5]),
      float32([], [0]),
    ],
    outputs: [{ type: 'INT32' }, { type: 'INT32' }],
    want: [
      [[3], [1, 2, 0]],
      [[], [2]],
    ],
  },
]

/** By what they are about. */
export const CASES: readonly (readonly [family: string, cases: readonly Case[]])[] = [
  ['elementwise', UNARY],
  ['two operands', BINARY],
  ['layout', LAYOUT],
  ['reduction', REDUCTION],
  ['indexing', INDEXING],
  ['spatial', SPATIAL],
]
