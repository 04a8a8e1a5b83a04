/**
 * NonMaximumSuppression.proto: boxes below the threshold go, then those that overlap a better one. A box's confidence is its highest over
 * the classes, as NonMaximumSuppressionLayerParams says of the layer that does the same. Rows are the boxes that stay, best first, no
 * fewer than `minBoxes` (padded with 0) and no more than `maxBoxes`. Unlike the layer, the model may keep none.
 */
import { type FloatTensor, sizeOf, type Tensor, withShape } from '../../../../kernels/tensor.js'
import { boolean, exactly, integer, number, tensor } from '../../parameters.js'
import { type Context, type Op, op } from '../op.js'
import { suppress } from '../semantics/suppression.js'

/** An array as the model takes it, rows and columns; one that a network with the rank-5 mapping gives has dimensions of 1 besides. */
function asRows<T extends Tensor>(value: T, columns: number, context: Context, name: string): T {
  const { shape } = value
  if (shape.length === 2) return value
  const rows = columns > 0 ? sizeOf(shape) / columns : 0
  const wide = (sizes: readonly number[]): string => sizes.filter((size) => size !== 1).join()
  if (shape.length !== 5 || wide(shape) !== wide([rows, columns])) context.fail(`${name} has shape [${shape}], expected one row a box`)
  return withShape(value, [rows, columns])
}

/** The first rows of a tensor of one batch. */
function firstRows(value: Tensor, rows: number): Tensor {
  const columns = value.shape[2]!
  return { ...value, shape: [rows, columns], data: (value.data as Float32Array<ArrayBuffer>).slice(0, rows * columns) } as Tensor
}

export const suppressionModels: readonly Op[] = [
  op({
    type: 'nonMaximumSuppression',
    specification: 'NonMaximumSuppression.proto NonMaximumSuppression',
    parameters: {
      coordinates: tensor<FloatTensor>({ types: 'float', rank: [2, 5] }),
      confidence: tensor<FloatTensor>({ types: 'float', rank: [2, 5] }),
      iouThreshold: exactly(number()),
      confidenceThreshold: exactly(number()),
      perClass: boolean({ default: false }),
      minBoxes: integer({ default: 0 }),
      maxBoxes: integer({ default: undefined }),
    },
    results: 2,
    rounding: 'exact',
    run({ coordinates, confidence, iouThreshold, confidenceThreshold, perClass, minBoxes, maxBoxes }, context) {
      const boxes = asRows(coordinates, 4, context, 'coordinates')
      const count = boxes.shape[0]!
      const scores = asRows(confidence, count > 0 ? sizeOf(confidence.shape) / count : 0, context, 'confidence')
      if (!(minBoxes >= 0 && minBoxes <= (maxBoxes ?? minBoxes))) {
        context.fail(`has room for ${minBoxes} boxes or more and ${maxBoxes} or fewer`)
      }
      const most = Math.max(minBoxes, Math.min(count, maxBoxes ?? count))
      const limits = { iouThreshold, scoreThreshold: confidenceThreshold, maxBoxes: most, perClass, mayBeEmpty: true }
      const kept = suppress(withShape(boxes, [1, ...boxes.shape]), withShape(scores, [1, ...scores.shape]), limits, context)
      const rows = Math.max(minBoxes, kept.counts[0]!)
      return [firstRows(kept.boxes, rows), firstRows(kept.scores, rows)]
    },
  }),
]
