/** Ops that give a tensor another shape, order or size without looking at its elements. */
import { sizeOf, tensor } from '../../../../kernels/tensor.js'
import { integer, integers, number } from '../../parameters.js'
import { ANY, INDICES, MOVABLE } from '../dtypes.js'
import { integerTensor } from '../geometry/axes.js'
import { commonShape } from '../geometry/broadcast.js'
import {
  bitcast,
  broadcast,
  depthToSpace,
  diagonal,
  diagonalSet,
  expanded,
  filled,
  oneHot,
  range,
  reshaped,
  reversed,
  sequencesReversed,
  spaceToDepth,
  squeezed,
  tiled,
  transposed,
} from '../maths/layout.js'
import { numbersOf, type Op, type Operand, op, operand, optionalOperand } from '../op.js'

const BLOCK = { block_size: integer({ default: 0 }) }
const STEPS = ['float32', 'int32', 'int64'] as const

/** The sizes of a reshaping: the operand's, where it is a list, else the attribute's. A lone 0 stands for a scalar. */
function sizesOf(input: Operand, shape: Operand | undefined, attribute: readonly number[]): readonly number[] {
  const wanted = shape?.shape.length === 1 ? numbersOf(shape) : attribute
  const isScalar = wanted.length === 1 && wanted[0] === 0 && sizeOf(input.shape) === 1
  return isScalar ? [] : wanted
}

export const LAYOUT: readonly Op[] = [
  op({
    type: 'RESHAPE',
    specification: 'ReshapeOptions; kernels/reshape.cc',
    operands: { input: operand(ANY), shape: optionalOperand(INDICES) },
    attributes: { new_shape: integers({ default: [] }) },
    rounding: 'exact',
    run: ({ input, shape, new_shape }) => reshaped(input, sizesOf(input, shape, new_shape)),
  }),
  op({
    type: 'SQUEEZE',
    specification: 'SqueezeOptions; kernels/squeeze.cc',
    operands: { input: operand(ANY) },
    attributes: { squeeze_dims: integers({ default: [] }) },
    rounding: 'exact',
    run: ({ input, squeeze_dims }) => squeezed(input, squeeze_dims),
  }),
  op({
    type: 'EXPAND_DIMS',
    specification: 'ExpandDimsOptions; kernels/expand_dims.cc',
    operands: { input: operand(ANY), axis: integer() },
    rounding: 'exact',
    run: ({ input, axis }) => expanded(input, axis),
  }),
  op({
    type: 'SHAPE',
    specification: 'ShapeOptions; kernels/shape.cc',
    operands: { input: operand(ANY) },
    rounding: 'exact',
    run: ({ input }, { output }) => integerTensor(output().dtype, input.shape),
  }),
  op({
    type: 'RANK',
    specification: 'RankOptions; kernels/rank.cc',
    operands: { input: operand(ANY) },
    rounding: 'exact',
    run: ({ input }) => tensor('int32', [], Int32Array.of(input.shape.length)),
  }),
  op({
    type: 'TRANSPOSE',
    specification: 'TransposeOptions; reference_ops::Transpose',
    operands: { input: operand(MOVABLE), perm: integers() },
    rounding: 'exact',
    run: ({ input, perm }) => transposed(input, perm),
  }),
  op({
    type: 'DEPTH_TO_SPACE',
    specification: 'DepthToSpaceOptions; reference_ops::DepthToSpace',
    operands: { input: operand(MOVABLE, 4) },
    attributes: BLOCK,
    rounding: 'exact',
    run: ({ input, block_size }) => depthToSpace(input, block_size),
  }),
  op({
    type: 'SPACE_TO_DEPTH',
    specification: 'SpaceToDepthOptions; reference_ops::SpaceToDepth',
    operands: { input: operand(MOVABLE, 4) },
    attributes: BLOCK,
    rounding: 'exact',
    run: ({ input, block_size }) => spaceToDepth(input, block_size),
  }),
  op({
    type: 'REVERSE_V2',
    specification: 'ReverseV2Options; reference_ops::Reverse',
    operands: { input: operand(MOVABLE), axis: integers() },
    rounding: 'exact',
    run: ({ input, axis }) => reversed(input, axis),
  }),
  op({
    type: 'REVERSE_SEQUENCE',
    specification: 'ReverseSequenceOptions; reference_ops::ReverseSequence',
    operands: { input: operand(MOVABLE), seq_lengths: integers() },
    attributes: { seq_dim: integer({ default: 0 }), batch_dim: integer({ default: 0 }) },
    rounding: 'exact',
    run: ({ input, seq_lengths, seq_dim: sequence, batch_dim: batch }) => sequencesReversed(input, seq_lengths, { sequence, batch }),
  }),
  op({
    type: 'BROADCAST_TO',
    specification: 'BroadcastToOptions; reference_ops::BroadcastTo',
    operands: { input: operand(MOVABLE), shape: integers() },
    rounding: 'exact',
    run: ({ input, shape }) => broadcast(input, shape),
  }),
  op({
    type: 'BROADCAST_ARGS',
    specification: 'no options; reference_ops::BroadcastArgs',
    operands: { shape1: integers(), shape2: integers() },
    rounding: 'exact',
    run: ({ shape1, shape2 }, { output }) => integerTensor(output().dtype, commonShape(shape1, shape2)),
  }),
  op({
    type: 'TILE',
    specification: 'TileOptions; kernels/tile.cc',
    operands: { input: operand(MOVABLE), multiples: integers() },
    rounding: 'exact',
    run: ({ input, multiples }) => tiled(input, multiples),
  }),
  op({
    type: 'FILL',
    specification: 'FillOptions; reference_ops::Fill',
    operands: { dims: integers(), value: operand(MOVABLE) },
    rounding: 'exact',
    run: ({ dims, value }) => filled(value, dims),
  }),
  op({
    type: 'ZEROS_LIKE',
    specification: 'ZerosLikeOptions; kernels/zeros_like.cc',
    operands: { input: operand(MOVABLE) },
    rounding: 'exact',
    run: ({ input }) => tensor(input.dtype, input.shape),
  }),
  op({
    type: 'RANGE',
    specification: 'RangeOptions; kernels/range.cc',
    operands: { start: operand(STEPS), limit: number(), delta: number() },
    rounding: 'rounded',
    run: ({ start, limit, delta }) => range(start.dtype, Number(start.data[0]), limit, delta),
  }),
  op({
    type: 'ONE_HOT',
    specification: 'OneHotOptions; kernels/one_hot.cc',
    operands: { indices: operand(INDICES), depth: integer(), on_value: operand(MOVABLE), off_value: operand(MOVABLE) },
    attributes: { axis: integer({ default: 0 }) },
    rounding: 'exact',
    run: ({ indices, depth, on_value, off_value, axis }) => oneHot(indices, depth, on_value, off_value, axis),
  }),
  op({
    type: 'MATRIX_DIAG',
    specification: 'MatrixDiagOptions; kernels/matrix_diag.cc',
    operands: { input: operand(MOVABLE) },
    rounding: 'exact',
    run: ({ input }) => diagonal(input),
  }),
  op({
    type: 'MATRIX_SET_DIAG',
    specification: 'MatrixSetDiagOptions; kernels/matrix_set_diag.cc',
    operands: { input: operand(MOVABLE), diagonal: operand(MOVABLE) },
    rounding: 'exact',
    run: ({ input, diagonal: elements }) => diagonalSet(input, elements),
  }),
  op({
    type: 'BITCAST',
    specification: 'BitcastOptions; kernels/bitcast.cc',
    operands: { input: operand(ANY) },
    rounding: 'exact',
    run: ({ input }, { output }) => bitcast(input, output().dtype),
  }),
]
