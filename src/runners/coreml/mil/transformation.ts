/**
 * MIL ops that rearrange tensors: coremltools ops/defs/iOS15, iOS16 and iOS17 tensor_transformation, the movers of iOS15 tensor_operation,
 * iOS15 crop, and iOS18 slice_update. What later opsets change is mostly the dtypes that are allowed; every row takes all of them.
 */
import * as blocks from '../../../../kernels/blocks.js'
import * as movement from '../../../../kernels/movement.js'
import { PAD_MODES } from '../../../../kernels/padding.js'
import { withShape } from '../../../../kernels/tensor.js'
import { boolean, booleans, integer, integers, number, tensor, tensors, text } from '../../parameters.js'
import { type Context, type Op, op } from '../op.js'
import { allocatable, axesOf, axisOf, expandDims, expectShape, flattenTo2d, integersOf, reshape, squeeze } from '../semantics/shapes.js'
import { resolveSlice, sliceByIndex, sliceBySize } from '../semantics/slicing.js'
import * as semantics from '../semantics/transformation.js'

const absent = { default: undefined }

const sliceParameters = {
  begin: integers(),
  end: integers(),
  stride: integers(absent),
  begin_mask: booleans(absent),
  end_mask: booleans(absent),
  squeeze_mask: booleans(absent),
}

interface SliceValues {
  begin: number[]
  end: number[]
  stride: number[] | undefined
  begin_mask: boolean[] | undefined
  end_mask: boolean[] | undefined
  squeeze_mask: boolean[] | undefined
}

const sliceOf = ({ begin, end, stride, begin_mask, end_mask, squeeze_mask }: SliceValues) => ({
  begin,
  end,
  stride,
  beginMask: begin_mask,
  endMask: end_mask,
  squeezeMask: squeeze_mask,
})

/** Blocks and amounts of space_to_batch and batch_to_space: two numbers, and two pairs. */
function checkBlocks(block: readonly number[], amounts: readonly number[], context: Context): asserts block is [number, number] {
  if (block.length !== 2 || block.some((size) => size < 1)) context.fail(`block_shape is [${block}], expected two positive integers`)
  if (amounts.length !== 4 || amounts.some((amount) => amount < 0))
    context.fail(`has amounts [${amounts}], expected two pairs of 0 or more`)
}

export const transformationOps: readonly Op[] = [
  op({
    type: 'identity',
    specification: 'iOS15 tensor_operation',
    parameters: { x: tensor({ types: 'any' }) },
    rounding: 'exact',
    run: ({ x }) => x,
  }),
  op({
    type: 'reshape',
    specification: 'iOS15 tensor_transformation',
    parameters: { x: tensor(), shape: integers() },
    rounding: 'exact',
    run: ({ x, shape }, context) => reshape(x, shape, 'same-rank', context),
  }),
  op({
    type: 'reshape',
    specification: 'iOS17 tensor_transformation',
    since: 'iOS17',
    parameters: { x: tensor(), shape: integers() },
    rounding: 'exact',
    run: ({ x, shape }, context) => reshape(x, shape, 'from-the-right', context),
  }),
  op({
    type: 'reshape_like',
    specification: 'iOS16 tensor_transformation',
    since: 'iOS16',
    parameters: { x: tensor(), ref_tensors: tensors(), begins: tensors(), ends: tensors(), end_masks: tensors() },
    rounding: 'exact',
    run({ x, ref_tensors, begins, ends, end_masks }, context) {
      const [first, last, open] = [begins, ends, end_masks].map((list) => list.flatMap((operand) => integersOf(operand, context)))
      if ([first!, last!, open!].some((list) => list.length !== ref_tensors.length)) {
        context.fail(
          `has ${ref_tensors.length} reference tensors, ${first!.length} begins, ${last!.length} ends and ${open!.length} end_masks`,
        )
      }
      const shape = ref_tensors.flatMap((reference, i) => reference.shape.slice(first![i], open![i] ? undefined : last![i]))
      return reshape(x, shape, 'same-rank', context)
    },
  }),
  op({
    type: 'expand_dims',
    specification: 'iOS15 tensor_transformation',
    parameters: { x: tensor(), axes: integers() },
    rounding: 'exact',
    run: ({ x, axes }, context) => expandDims(x, axes, context),
  }),
  op({
    type: 'squeeze',
    specification: 'iOS15 tensor_transformation',
    parameters: { x: tensor(), axes: integers(absent) },
    rounding: 'exact',
    run: ({ x, axes }, context) => squeeze(x, axes, context),
  }),
  op({
    type: 'flatten2d',
    specification: 'iOS15 tensor_operation',
    parameters: { x: tensor(), axis: integer({ default: 1 }) },
    rounding: 'exact',
    run: ({ x, axis }, context) => flattenTo2d(x, axis, context),
  }),
  op({
    type: 'transpose',
    specification: 'iOS15 tensor_transformation',
    parameters: { x: tensor(), perm: integers() },
    rounding: 'exact',
    run: ({ x, perm }, context) => semantics.transpose(x, perm, context),
  }),
  op({
    type: 'reverse',
    specification: 'iOS15 tensor_transformation',
    parameters: { x: tensor(), axes: integers(absent) },
    rounding: 'exact',
    run: ({ x, axes }, context) => movement.reverse(x, axes ? axesOf(axes, x.shape.length, context) : x.shape.map((_, axis) => axis)),
  }),
  op({
    type: 'reverse_sequence',
    specification: 'iOS15 tensor_transformation',
    parameters: { x: tensor(), lengths: integers(), seq_axis: integer({ default: 0 }), batch_axis: integer({ default: 0 }) },
    rounding: 'exact',
    run: ({ x, lengths, seq_axis, batch_axis }, context) => semantics.reverseSequence(x, lengths, seq_axis, batch_axis, context),
  }),
  op({
    type: 'slice_by_index',
    specification: 'iOS15 tensor_transformation',
    parameters: { x: tensor(), ...sliceParameters },
    rounding: 'exact',
    run: ({ x, ...slice }, context) => sliceByIndex(x, sliceOf(slice), context),
  }),
  op({
    type: 'slice_by_size',
    specification: 'iOS15 tensor_transformation',
    parameters: { x: tensor(), begin: integers(), size: integers() },
    rounding: 'exact',
    run: ({ x, begin, size }, context) => sliceBySize(x, begin, size, context),
  }),
  op({
    type: 'slice_update',
    specification: 'iOS18 tensor_transformation',
    since: 'iOS18',
    parameters: { x: tensor(), update: tensor(), ...sliceParameters },
    rounding: 'exact',
    run({ x, update, ...slice }, context) {
      const { begins, sizes, steps, shape } = resolveSlice(x.shape, sliceOf(slice), context)
      if (update.dtype !== x.dtype) context.fail(`update has dtype ${update.dtype}, expected ${x.dtype}`)
      expectShape(update.shape, shape, context, 'update')
      return movement.updateSlice(x, update, begins, sizes, steps)
    },
  }),
  op({
    type: 'concat',
    specification: 'iOS15 tensor_operation',
    parameters: { values: tensors(), axis: integer(), interleave: boolean({ default: false }) },
    rounding: 'exact',
    run: ({ values, axis, interleave }, context) => semantics.concat(values, axis, interleave, context),
  }),
  op({
    type: 'stack',
    specification: 'iOS15 tensor_operation',
    parameters: { values: tensors(), axis: integer() },
    rounding: 'exact',
    run: ({ values, axis }, context) => semantics.stack(values, axis, context),
  }),
  op({
    type: 'split',
    specification: 'iOS15 tensor_operation',
    parameters: { x: tensor(), num_splits: integer(absent), split_sizes: integers(absent), axis: integer() },
    results: Infinity,
    rounding: 'exact',
    run({ x, num_splits, split_sizes, axis }, context) {
      const at = axisOf(axis, x.shape.length, context)
      const size = x.shape[at]!
      if (split_sizes) return semantics.split(x, split_sizes, at, context)
      if (num_splits === undefined) return context.fail('has neither num_splits nor split_sizes')
      if (num_splits < 1 || size % num_splits !== 0) context.fail(`cannot split ${size} elements into ${num_splits} equal parts`)
      return semantics.split(x, semantics.evenSizes(size, num_splits, context), at, context)
    },
  }),
  op({
    type: 'tile',
    specification: 'iOS15 tensor_operation',
    parameters: { x: tensor(), reps: integers() },
    rounding: 'exact',
    run: ({ x, reps }, context) => semantics.tile(x, reps, context),
  }),
  op({
    type: 'pad',
    specification: 'iOS15 tensor_operation',
    parameters: {
      x: tensor(),
      pad: integers(),
      mode: text(PAD_MODES, { default: 'constant' }),
      constant_val: number({ default: 0 }),
    },
    rounding: 'exact',
    run: ({ x, pad, mode, constant_val }, context) => semantics.pad(x, pad, mode, constant_val, context),
  }),
  op({
    type: 'crop',
    specification: 'iOS15 image_resizing',
    parameters: { x: tensor(), crop_height: integers(), crop_width: integers() },
    rounding: 'exact',
    run: ({ x, crop_height, crop_width }, context) => semantics.crop(x, [...crop_height, ...crop_width], context),
  }),
  op({
    type: 'sliding_windows',
    specification: 'iOS15 tensor_transformation',
    parameters: { x: tensor(), axis: integer(), size: integer(), stride: integer({ default: 1 }) },
    rounding: 'exact',
    run: ({ x, axis, size, stride }, context) => semantics.slidingWindows(x, axis, size, stride, context),
  }),
  op({
    type: 'depth_to_space',
    specification: 'iOS15 tensor_transformation',
    parameters: { x: tensor({ rank: 4 }), block_size: integer() },
    rounding: 'exact',
    run: ({ x, block_size }, context) => semantics.depthToSpace(x, block_size, 'block-first', context),
  }),
  op({
    type: 'space_to_depth',
    specification: 'iOS15 tensor_transformation',
    parameters: { x: tensor({ rank: 4 }), block_size: integer() },
    rounding: 'exact',
    run: ({ x, block_size }, context) => semantics.spaceToDepth(x, block_size, 'block-first', context),
  }),
  op({
    type: 'pixel_shuffle',
    specification: 'iOS15 tensor_transformation',
    parameters: { x: tensor({ rank: 4 }), upscale_factor: integer() },
    rounding: 'exact',
    run: ({ x, upscale_factor }, context) => semantics.depthToSpace(x, upscale_factor, 'channel-first', context),
  }),
  op({
    type: 'pixel_unshuffle',
    specification: 'iOS16 tensor_transformation',
    since: 'iOS16',
    parameters: { x: tensor({ rank: 4 }), downscale_factor: integer() },
    rounding: 'exact',
    run: ({ x, downscale_factor }, context) => semantics.spaceToDepth(x, downscale_factor, 'channel-first', context),
  }),
  op({
    type: 'space_to_batch',
    specification: 'iOS15 tensor_transformation',
    parameters: { x: tensor({ rank: 4 }), block_shape: integers(), paddings: integers() },
    rounding: 'exact',
    run({ x, block_shape, paddings }, context) {
      checkBlocks(block_shape, paddings, context)
      const sizes = [x.shape[2]! + paddings[0]! + paddings[1]!, x.shape[3]! + paddings[2]! + paddings[3]!]
      if (sizes.some((size, i) => size % block_shape[i]! !== 0))
        context.fail(`blocks of [${block_shape}] do not divide the padded sizes [${sizes}]`)
      allocatable([...x.shape.slice(0, 2), ...sizes], context)
      return blocks.spaceToBatch(x, block_shape, paddings)
    },
  }),
  op({
    type: 'batch_to_space',
    specification: 'iOS15 tensor_transformation',
    parameters: { x: tensor({ rank: 4 }), block_shape: integers(), crops: integers() },
    rounding: 'exact',
    run({ x, block_shape, crops }, context) {
      checkBlocks(block_shape, crops, context)
      const [batch, , height, width] = x.shape as [number, number, number, number]
      if (batch % (block_shape[0] * block_shape[1]) !== 0) context.fail(`blocks of [${block_shape}] do not divide a batch of ${batch}`)
      if (height * block_shape[0] < crops[0]! + crops[1]! || width * block_shape[1] < crops[2]! + crops[3]!) {
        context.fail(`crops [${crops}] exceed ${height * block_shape[0]} x ${width * block_shape[1]}`)
      }
      return blocks.batchToSpace(x, block_shape, crops)
    },
  }),
  op({
    type: 'band_part',
    specification: 'iOS15 tensor_operation',
    parameters: { x: tensor(), lower: integer({ default: -1 }), upper: integer({ default: -1 }) },
    rounding: 'exact',
    run: ({ x, lower, upper }, context) => semantics.bandPart(x, lower, upper, context),
  }),
  op({
    type: 'shape',
    specification: 'iOS15 tensor_operation',
    parameters: { x: tensor() },
    rounding: 'exact',
    run: ({ x }) => withShape({ dtype: 'int32', shape: [], data: Int32Array.from(x.shape) }, [x.shape.length]),
  }),
]
