/**
 * Layers that rearrange tensors (NeuralNetwork.proto: data reorganisation, shapes, slices, padding). Those of the first specification read
 * the last three dimensions as [C, H, W] and what stands before them as batch; the others take any rank.
 */
import * as movement from '../../../../kernels/movement.js'
import { sizeOf, type Tensor, withShape } from '../../../../kernels/tensor.js'
import { boolean, booleans, integer, integers, message, number, tensor, tensors, text } from '../../parameters.js'
import { type Context, type Op, op } from '../op.js'
import { axisOf, expandDims, flattenTo2d, integersOf, permutationOf, reshape, scalarOf, squeeze } from '../semantics/shapes.js'
import { sliceByIndex, sliceBySize } from '../semantics/slicing.js'
import * as semantics from '../semantics/transformation.js'

const one = tensors({ least: 1, most: 1 })
const two = tensors({ least: 2, most: 2 })
const oneOrTwo = tensors({ least: 1, most: 2 })
const several = tensors()
const ORDERS = ['CHANNEL_FIRST', 'CHANNEL_LAST'] as const
const REORGANISATIONS = ['SPACE_TO_DEPTH', 'DEPTH_TO_SPACE', 'PIXEL_SHUFFLE'] as const
const SLICE_AXES = ['CHANNEL_AXIS', 'HEIGHT_AXIS', 'WIDTH_AXIS'] as const

/** BorderAmounts: start and end of the height, then of the width. */
interface BorderAmounts {
  borderAmounts: { startEdgeSize: number; endEdgeSize: number }[]
}

/** top, bottom, left, right; none where the message is absent or empty. */
function bordersOf(amounts: BorderAmounts | undefined, context: Context): number[] {
  const borders = amounts?.borderAmounts ?? []
  if (borders.length !== 0 && borders.length !== 2)
    context.fail(`has ${borders.length} border amounts, expected one for the height and one for the width`)
  return borders.length === 0 ? [0, 0, 0, 0] : borders.flatMap(({ startEdgeSize, endEdgeSize }) => [startEdgeSize, endEdgeSize])
}

interface PaddingMessage {
  constant?: { value: number }
  reflection?: object
  replication?: object
  paddingAmounts?: BorderAmounts
}

interface CropMessage {
  cropAmounts?: BorderAmounts
  offset: number[]
}

function leastRank(value: Tensor, rank: number, context: Context): void {
  if (value.shape.length < rank) context.fail(`has an operand of shape [${value.shape}], expected rank ${rank} or more`)
}

/** A layer that was made for [Seq, B, C, H, W] sees a tensor of lower rank with dimensions of 1 in front. */
const toRank5 = (value: Tensor): Tensor =>
  withShape(value, [...new Array<number>(Math.max(0, 5 - value.shape.length)).fill(1), ...value.shape])

/** [..., C, H, W] as [..., H, W, C]. */
function channelsLast(value: Tensor): Tensor {
  const rank = value.shape.length
  return movement.transpose(value, [...value.shape.keys()].slice(0, -3).concat(rank - 2, rank - 1, rank - 3))
}

/** [..., H, W, C] as [..., C, H, W]. */
function channelsFirst(value: Tensor): Tensor {
  const rank = value.shape.length
  return movement.transpose(value, [...value.shape.keys()].slice(0, -3).concat(rank - 1, rank - 3, rank - 2))
}

/** What a mask or list operand holds, or else the layer's own. */
const masksOf = (operand: Tensor | undefined, own: boolean[], context: Context): boolean[] =>
  operand ? integersOf(operand, context).map((flag) => flag !== 0) : own

export const transformationLayers: readonly Op[] = [
  op({
    type: 'copy',
    specification: 'NeuralNetwork.proto CopyLayerParams',
    parameters: { input: one },
    rounding: 'exact',
    run: ({ input: [x] }) => x!,
  }),
  op({
    type: 'loadConstant',
    specification: 'NeuralNetwork.proto LoadConstantLayerParams',
    parameters: { shape: integers(), data: tensor() },
    rounding: 'exact',
    run: ({ shape, data }, context) =>
      reshape(data, [...new Array<number>(Math.max(0, 5 - shape.length)).fill(1), ...shape], 'same-rank', context),
  }),
  op({
    type: 'loadConstantND',
    specification: 'NeuralNetwork.proto LoadConstantNDLayerParams',
    parameters: { shape: integers(), data: tensor() },
    rounding: 'exact',
    run: ({ shape, data }, context) => reshape(data, shape, 'same-rank', context),
  }),
  op({
    type: 'flatten',
    specification: 'NeuralNetwork.proto FlattenLayerParams',
    parameters: { input: one, mode: text(ORDERS) },
    rounding: 'exact',
    run({ input: [x], mode }, context) {
      leastRank(x!, 3, context)
      const ordered = mode === 'CHANNEL_LAST' ? channelsLast(x!) : x!
      return withShape(ordered, [...x!.shape.slice(0, -3), sizeOf(x!.shape.slice(-3)), 1, 1])
    },
  }),
  op({
    type: 'reshape',
    specification: 'NeuralNetwork.proto ReshapeLayerParams',
    parameters: { input: one, targetShape: integers(), mode: text(ORDERS) },
    rounding: 'exact',
    run({ input: [x], targetShape, mode }, context) {
      leastRank(x!, 3, context)
      if (targetShape.length !== 3 && targetShape.length !== 4) context.fail(`has targetShape [${targetShape}], expected 3 or 4 dimensions`)
      const image = targetShape.slice(-3)
      // four dimensions set the sequence's length, three keep all that stands before the image
      const lead = targetShape.length === 3 ? x!.shape.slice(0, -3) : [targetShape[0]!, ...toRank5(x!).shape.slice(1, -3)]
      if (mode === 'CHANNEL_FIRST') return reshape(x!, [...lead, ...image], 'same-rank', context)
      const [channels, height, width] = image as [number, number, number]
      return channelsFirst(reshape(channelsLast(x!), [...lead, height, width, channels], 'same-rank', context))
    },
  }),
  op({
    type: 'permute',
    specification: 'NeuralNetwork.proto PermuteLayerParams',
    parameters: { input: one, axis: integers() },
    rounding: 'exact',
    run({ input: [x], axis }, context) {
      if (axis.length === 0) return x!
      leastRank(x!, 3, context)
      const [sequence, channels, height, width] = permutationOf(axis, 4, context).map((dimension) => (dimension === 0 ? 0 : dimension + 1))
      const moved = movement.transpose(toRank5(x!), [sequence!, 1, channels!, height!, width!])
      return sequence === 0 ? withShape(moved, moved.shape.slice(moved.shape.length - x!.shape.length)) : moved
    },
  }),
  op({
    type: 'transpose',
    specification: 'NeuralNetwork.proto TransposeLayerParams',
    parameters: { input: one, axes: integers() },
    rounding: 'exact',
    run: ({ input: [x], axes }, context) => semantics.transpose(x!, axes, context),
  }),
  op({
    type: 'reshapeStatic',
    specification: 'NeuralNetwork.proto ReshapeStaticLayerParams',
    parameters: { input: one, targetShape: integers() },
    rounding: 'exact',
    run: ({ input: [x], targetShape }, context) => reshape(x!, targetShape, 'same-rank', context),
  }),
  op({
    type: 'reshapeDynamic',
    specification: 'NeuralNetwork.proto ReshapeDynamicLayerParams',
    parameters: { input: two },
    rounding: 'exact',
    run: ({ input: [x, shape] }, context) => reshape(x!, integersOf(shape!, context), 'same-rank', context),
  }),
  op({
    type: 'reshapeLike',
    specification: 'NeuralNetwork.proto ReshapeLikeLayerParams',
    parameters: { input: two },
    rounding: 'exact',
    run: ({ input: [x, like] }, context) => reshape(x!, like!.shape, 'same-rank', context),
  }),
  op({
    type: 'rankPreservingReshape',
    specification: 'NeuralNetwork.proto RankPreservingReshapeLayerParams',
    parameters: { input: one, targetShape: integers() },
    rounding: 'exact',
    run({ input: [x], targetShape }, context) {
      if (targetShape.length !== x!.shape.length) context.fail(`has targetShape [${targetShape}] for an operand of shape [${x!.shape}]`)
      return reshape(x!, targetShape, 'same-rank', context)
    },
  }),
  op({
    type: 'flattenTo2D',
    specification: 'NeuralNetwork.proto FlattenTo2DLayerParams',
    parameters: { input: one, axis: integer() },
    rounding: 'exact',
    run: ({ input: [x], axis }, context) => flattenTo2d(x!, axis, context),
  }),
  op({
    type: 'expandDims',
    specification: 'NeuralNetwork.proto ExpandDimsLayerParams',
    parameters: { input: one, axes: integers() },
    rounding: 'exact',
    run: ({ input: [x], axes }, context) => expandDims(x!, axes, context),
  }),
  op({
    type: 'squeeze',
    specification: 'NeuralNetwork.proto SqueezeLayerParams',
    parameters: { input: one, axes: integers(), squeezeAll: boolean() },
    rounding: 'exact',
    run({ input: [x], axes, squeezeAll }, context) {
      const squeezed = squeeze(x!, squeezeAll ? undefined : axes, context)
      return squeezed.shape.length === 0 ? withShape(x!, [1]) : squeezed
    },
  }),
  op({
    type: 'concat',
    specification: 'NeuralNetwork.proto ConcatLayerParams',
    parameters: { input: several, sequenceConcat: boolean() },
    rounding: 'exact',
    run({ input, sequenceConcat }, context) {
      const axis = sequenceConcat ? -5 : -3
      for (const value of input) leastRank(value, -axis, context)
      return semantics.concat(input, axis, false, context)
    },
  }),
  op({
    type: 'concatND',
    specification: 'NeuralNetwork.proto ConcatNDLayerParams',
    parameters: { input: several, axis: integer(), interleave: boolean() },
    rounding: 'exact',
    run: ({ input, axis, interleave }, context) => semantics.concat(input, axis, interleave, context),
  }),
  op({
    type: 'stack',
    specification: 'NeuralNetwork.proto StackLayerParams',
    parameters: { input: several, axis: integer() },
    rounding: 'exact',
    run: ({ input, axis }, context) => semantics.stack(input, axis, context),
  }),
  op({
    type: 'split',
    specification: 'NeuralNetwork.proto SplitLayerParams',
    parameters: { input: one, nOutputs: integer() },
    results: Infinity,
    rounding: 'exact',
    run({ input: [x], nOutputs }, context) {
      leastRank(x!, 3, context)
      const axis = x!.shape.length - 3
      const channels = x!.shape[axis]!
      if (nOutputs < 1 || channels % nOutputs !== 0) context.fail(`cannot split ${channels} channels into ${nOutputs} equal parts`)
      return semantics.split(x!, semantics.evenSizes(channels, nOutputs, context), axis, context)
    },
  }),
  op({
    type: 'splitND',
    specification: 'NeuralNetwork.proto SplitNDLayerParams',
    parameters: { input: one, axis: integer(), numSplits: integer(), splitSizes: integers() },
    results: Infinity,
    rounding: 'exact',
    run({ input: [x], axis, numSplits, splitSizes }, context) {
      const at = axisOf(axis, x!.shape.length, context)
      if (splitSizes.length === 0 && numSplits < 1) context.fail(`has numSplits ${numSplits} and no splitSizes`)
      const sizes = splitSizes.length > 0 ? splitSizes : semantics.evenSizes(x!.shape[at]!, numSplits, context)
      return semantics.split(x!, sizes, at, context)
    },
  }),
  op({
    type: 'sequenceRepeat',
    specification: 'NeuralNetwork.proto SequenceRepeatLayerParams',
    parameters: { input: one, nRepetitions: integer() },
    rounding: 'exact',
    run({ input: [x], nRepetitions }, context) {
      leastRank(x!, 5, context)
      const axis = x!.shape.length - 5
      const repetitions = x!.shape.map((_, i) => (i === axis ? nRepetitions || 1 : 1))
      return semantics.tile(x!, repetitions, context)
    },
  }),
  op({
    type: 'slice',
    specification: 'NeuralNetwork.proto SliceLayerParams',
    parameters: { input: one, startIndex: integer(), endIndex: integer(), stride: integer(), axis: text(SLICE_AXES) },
    rounding: 'exact',
    run({ input: [x], startIndex, endIndex, stride, axis }, context) {
      const fromEnd = 3 - SLICE_AXES.indexOf(axis)
      leastRank(x!, fromEnd, context)
      if (stride < 1) context.fail(`has stride ${stride}, expected a positive one`)
      const sliced = x!.shape.length - fromEnd
      const only = <T>(value: T, rest: T): T[] => x!.shape.map((_, i) => (i === sliced ? value : rest))
      const whole = only(false, true)
      return sliceByIndex(
        x!,
        { begin: only(startIndex, 0), end: only(endIndex, 0), stride: only(stride, 1), beginMask: whole, endMask: whole },
        context,
      )
    },
  }),
  op({
    type: 'sliceStatic',
    specification: 'NeuralNetwork.proto SliceStaticLayerParams',
    parameters: {
      input: one,
      beginIds: integers(),
      beginMasks: booleans(),
      endIds: integers(),
      endMasks: booleans(),
      strides: integers(),
      squeezeMasks: booleans(),
    },
    rounding: 'exact',
    run: ({ input: [x], beginIds, beginMasks, endIds, endMasks, strides, squeezeMasks }, context) =>
      atLeastOne(
        sliceByIndex(
          x!,
          { begin: beginIds, end: endIds, stride: strides, beginMask: beginMasks, endMask: endMasks, squeezeMask: squeezeMasks },
          context,
        ),
      ),
  }),
  op({
    type: 'sliceDynamic',
    specification: 'NeuralNetwork.proto SliceDynamicLayerParams',
    parameters: {
      input: tensors({ least: 2, most: 7 }),
      beginMasks: booleans(),
      endIds: integers(),
      endMasks: booleans(),
      strides: integers(),
      squeezeMasks: booleans(),
    },
    rounding: 'exact',
    run({ input, ...own }, context) {
      const [x, begin, end, strides, beginMasks, endMasks, squeezeMasks] = input
      // the layer's own lists may be written for rank 5 and be longer than the operand's shape
      const fitting = <T>(list: T[]): T[] => list.slice(0, x!.shape.length)
      return atLeastOne(
        sliceByIndex(
          x!,
          {
            begin: integersOf(begin!, context),
            end: end ? integersOf(end, context) : fitting(own.endIds),
            stride: strides ? integersOf(strides, context) : fitting(own.strides),
            beginMask: masksOf(beginMasks, fitting(own.beginMasks), context),
            endMask: masksOf(endMasks, fitting(own.endMasks), context),
            squeezeMask: masksOf(squeezeMasks, fitting(own.squeezeMasks), context),
          },
          context,
        ),
      )
    },
  }),
  op({
    type: 'sliceBySize',
    specification: 'NeuralNetwork.proto SliceBySizeLayerParams',
    parameters: { input: two, size: integer(), axis: integer() },
    rounding: 'exact',
    run({ input: [x, begin], size, axis }, context) {
      const at = axisOf(axis, x!.shape.length, context)
      const first = Math.trunc(scalarOf(begin!, context, 'the begin'))
      return sliceBySize(
        x!,
        x!.shape.map((_, i) => (i === at ? first : 0)),
        x!.shape.map((_, i) => (i === at ? size : -1)),
        context,
      )
    },
  }),
  op({
    type: 'padding',
    specification: 'NeuralNetwork.proto PaddingLayerParams',
    parameters: { input: one, message: message<PaddingMessage>() },
    rounding: 'exact',
    run({ input: [x], message: { constant, reflection, replication, paddingAmounts } }, context) {
      leastRank(x!, 2, context)
      const mode = reflection ? 'reflect' : replication ? 'replicate' : 'constant'
      return semantics.pad(x!, bordersOf(paddingAmounts, context), mode, constant?.value ?? 0, context)
    },
  }),
  op({
    type: 'constantPad',
    specification: 'NeuralNetwork.proto ConstantPaddingLayerParams',
    parameters: { input: oneOrTwo, value: number(), padAmounts: integers(), padToGivenOutputSizeMode: boolean() },
    rounding: 'exact',
    run({ input: [x, amounts], value, padAmounts, padToGivenOutputSizeMode }, context) {
      const given = amounts ? integersOf(amounts, context) : padAmounts
      if (given.length !== 2 * x!.shape.length) context.fail(`has ${given.length} padding amounts for an operand of shape [${x!.shape}]`)
      const missing = (size: number, i: number) => (size > 0 ? Math.max(0, size - x!.shape[i >> 1]!) : 0)
      return semantics.pad(x!, padToGivenOutputSizeMode ? given.map(missing) : given, 'constant', value, context)
    },
  }),
  op({
    type: 'crop',
    specification: 'NeuralNetwork.proto CropLayerParams',
    parameters: { input: oneOrTwo, message: message<CropMessage>() },
    rounding: 'exact',
    run({ input: [x, like], message: { cropAmounts, offset } }, context) {
      leastRank(x!, 3, context)
      if (!like) return semantics.crop(x!, bordersOf(cropAmounts, context), context)
      leastRank(like, 3, context)
      if (offset.length !== 0 && offset.length !== 2)
        context.fail(`has offset [${offset}], expected one for the height and one for the width`)
      const [top, left] = [offset[0] ?? 0, offset[1] ?? 0]
      const rest = (fromEnd: 1 | 2, start: number) => x!.shape.at(-fromEnd)! - like.shape.at(-fromEnd)! - start
      return semantics.crop(x!, [top, rest(2, top), left, rest(1, left)], context)
    },
  }),
  op({
    type: 'tile',
    specification: 'NeuralNetwork.proto TileLayerParams',
    parameters: { input: oneOrTwo, reps: integers() },
    rounding: 'exact',
    run({ input: [x, repetitions], reps }, context) {
      const given = repetitions ? integersOf(repetitions, context) : reps
      return semantics.tile(x!, [...new Array<number>(Math.max(0, x!.shape.length - given.length)).fill(1), ...given], context)
    },
  }),
  op({
    type: 'reverse',
    specification: 'NeuralNetwork.proto ReverseLayerParams',
    parameters: { input: one, reverseDim: booleans() },
    rounding: 'exact',
    run({ input: [x], reverseDim }, context) {
      if (reverseDim.length !== x!.shape.length)
        context.fail(`has ${reverseDim.length} entries in reverseDim for an operand of shape [${x!.shape}]`)
      return movement.reverse(
        x!,
        [...reverseDim.keys()].filter((axis) => reverseDim[axis]),
      )
    },
  }),
  op({
    type: 'reverseSeq',
    specification: 'NeuralNetwork.proto ReverseSeqLayerParams',
    parameters: { input: two, batchAxis: integer(), sequenceAxis: integer() },
    rounding: 'exact',
    run: ({ input: [x, lengths], batchAxis, sequenceAxis }, context) =>
      semantics.reverseSequence(x!, integersOf(lengths!, context), sequenceAxis, batchAxis, context),
  }),
  op({
    type: 'reorganizeData',
    specification: 'NeuralNetwork.proto ReorganizeDataLayerParams',
    parameters: { input: one, mode: text(REORGANISATIONS), blockSize: integer() },
    rounding: 'exact',
    run({ input: [x], mode, blockSize }, context) {
      if (mode === 'SPACE_TO_DEPTH') return semantics.spaceToDepth(x!, blockSize, 'block-first', context)
      return semantics.depthToSpace(x!, blockSize, mode === 'PIXEL_SHUFFLE' ? 'channel-first' : 'block-first', context)
    },
  }),
  op({
    type: 'slidingWindows',
    specification: 'NeuralNetwork.proto SlidingWindowsLayerParams',
    parameters: { input: one, axis: integer(), windowSize: integer(), step: integer() },
    rounding: 'exact',
    run: ({ input: [x], axis, windowSize, step }, context) => semantics.slidingWindows(x!, axis, windowSize, step, context),
  }),
  op({
    type: 'matrixBandPart',
    specification: 'NeuralNetwork.proto MatrixBandPartLayerParams',
    parameters: { input: one, numLower: integer(), numUpper: integer() },
    rounding: 'exact',
    run: ({ input: [x], numLower, numUpper }, context) => semantics.bandPart(x!, numLower, numUpper, context),
  }),
  op({
    type: 'lowerTriangular',
    specification: 'NeuralNetwork.proto LowerTriangularLayerParams',
    parameters: { input: one, k: integer() },
    rounding: 'exact',
    run: ({ input: [x], k }, context) => semantics.keepDiagonals(x!, Number.NEGATIVE_INFINITY, k, context),
  }),
  op({
    type: 'upperTriangular',
    specification: 'NeuralNetwork.proto UpperTriangularLayerParams',
    parameters: { input: one, k: integer() },
    rounding: 'exact',
    run: ({ input: [x], k }, context) => semantics.keepDiagonals(x!, k, Number.POSITIVE_INFINITY, context),
  }),
  op({
    type: 'broadcastToStatic',
    specification: 'NeuralNetwork.proto BroadcastToStaticLayerParams',
    parameters: { input: one, targetShape: integers() },
    rounding: 'exact',
    run: ({ input: [x], targetShape }, context) => semantics.broadcastTo(x!, targetShape, context),
  }),
  op({
    type: 'broadcastToDynamic',
    specification: 'NeuralNetwork.proto BroadcastToDynamicLayerParams',
    parameters: { input: two },
    rounding: 'exact',
    run: ({ input: [x, shape] }, context) => semantics.broadcastTo(x!, integersOf(shape!, context), context),
  }),
  op({
    type: 'broadcastToLike',
    specification: 'NeuralNetwork.proto BroadcastToLikeLayerParams',
    parameters: { input: two },
    rounding: 'exact',
    run: ({ input: [x, like] }, context) => semantics.broadcastTo(x!, like!.shape, context),
  }),
]

/** Layers know no scalars: a slice that squeezes every dimension has shape [1]. */
function atLeastOne(value: Tensor): Tensor {
  return value.shape.length === 0 ? withShape(value, [1]) : value
}
