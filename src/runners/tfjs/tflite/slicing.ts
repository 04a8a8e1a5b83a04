/** Ops that take a part of a tensor, put one into it, or surround it. */
import { boolean, integer, integers, text } from '../../parameters.js'
import { MOVABLE } from '../dtypes.js'
import { amountsOf } from '../geometry/slicing.js'
import { batchToSpace, dilated, mirrored, padded, sliced, spaceToBatch, stridedSliced, updated } from '../maths/slicing.js'
import { type Op, type Operand, type Output, op, operand, optionalOperand } from '../op.js'

const NONE = { default: 0 }

/** What stands for 0: the zero point of a quantized result. */
function zeroOf({ dtype }: Operand, { quantization }: Output): unknown {
  if (dtype === 'int64' || dtype === 'uint64') return 0n
  if (dtype === 'string') return ''
  return quantization?.zeroPoint[0] ?? 0
}

export const SLICING: readonly Op[] = [
  op({
    type: 'SLICE',
    specification: 'SliceOptions; reference_ops::Slice',
    operands: { input: operand(MOVABLE), begin: integers(), size: integers() },
    rounding: 'exact',
    run: ({ input, begin, size }) => sliced(input, begin, size),
  }),
  op({
    type: 'STRIDED_SLICE',
    specification: 'StridedSliceOptions; reference_ops::StridedSlice',
    operands: { input: operand(MOVABLE), begin: integers(), end: integers(), strides: integers() },
    attributes: {
      begin_mask: integer(NONE),
      end_mask: integer(NONE),
      ellipsis_mask: integer(NONE),
      new_axis_mask: integer(NONE),
      shrink_axis_mask: integer(NONE),
      offset: boolean({ default: false }),
    },
    rounding: 'exact',
    run: ({ input, begin: begins, end: ends, strides, ...masks }) =>
      stridedSliced(input, {
        begins,
        ends,
        strides,
        beginMask: masks.begin_mask,
        endMask: masks.end_mask,
        ellipsisMask: masks.ellipsis_mask,
        newAxisMask: masks.new_axis_mask,
        shrinkAxisMask: masks.shrink_axis_mask,
        isOffset: masks.offset,
      }),
  }),
  op({
    type: 'DYNAMIC_UPDATE_SLICE',
    specification: 'DynamicUpdateSliceOptions; kernels/dynamic_update_slice.cc',
    operands: { operand: operand(MOVABLE), update: operand(MOVABLE), start_indices: integers() },
    rounding: 'exact',
    run: ({ operand: whole, update, start_indices }) => updated(whole, update, start_indices),
  }),
  op({
    type: 'PAD',
    specification: 'PadOptions; reference_ops::Pad',
    operands: { input: operand(MOVABLE), paddings: integers() },
    rounding: 'exact',
    run: ({ input, paddings }, { output }) => padded(input, amountsOf(paddings, input.shape.length), zeroOf(input, output())),
  }),
  op({
    type: 'PADV2',
    specification: 'PadV2Options; reference_ops::Pad',
    operands: { input: operand(MOVABLE), paddings: integers(), constant_values: optionalOperand(MOVABLE) },
    rounding: 'exact',
    run: ({ input, paddings, constant_values: fill }, { output }) =>
      padded(input, amountsOf(paddings, input.shape.length), fill ? fill.data[0] : zeroOf(input, output())),
  }),
  op({
    type: 'MIRROR_PAD',
    specification: 'MirrorPadOptions; kernels/mirror_pad.cc',
    operands: { input: operand(MOVABLE), paddings: integers() },
    attributes: { mode: text(['REFLECT', 'SYMMETRIC'] as const, { default: 'REFLECT' }) },
    rounding: 'exact',
    run: ({ input, paddings, mode }) => mirrored(input, amountsOf(paddings, input.shape.length), mode),
  }),
  op({
    type: 'SPACE_TO_BATCH_ND',
    specification: 'SpaceToBatchNDOptions; reference_ops::SpaceToBatchND',
    operands: { input: operand(MOVABLE), block_shape: integers(), paddings: integers() },
    rounding: 'exact',
    run: ({ input, block_shape: blocks, paddings }, { output }) =>
      spaceToBatch(input, blocks, amountsOf(paddings, blocks.length), zeroOf(input, output())),
  }),
  op({
    type: 'BATCH_TO_SPACE_ND',
    specification: 'BatchToSpaceNDOptions; reference_ops::BatchToSpaceND',
    operands: { input: operand(MOVABLE), block_shape: integers(), crops: integers() },
    rounding: 'exact',
    run: ({ input, block_shape: blocks, crops }) => batchToSpace(input, blocks, amountsOf(crops, blocks.length)),
  }),
  op({
    type: 'DILATE',
    specification: 'DilateOptions; kernels/dilate.cc',
    operands: { input: operand(MOVABLE), dilations: integers(), padding_value: operand(MOVABLE) },
    rounding: 'exact',
    run: ({ input, dilations, padding_value: fill }) => dilated(input, dilations, fill.data[0]),
  }),
]
