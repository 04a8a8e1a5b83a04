/** MIL `non_maximum_suppression`: coremltools ops/defs/iOS15 and iOS17 tensor_operation. */
import { transpose } from '../../../../kernels/movement.js'
import { type FloatTensor, tensor as make } from '../../../../kernels/tensor.js'
import { boolean, integer, number, tensor } from '../../parameters.js'
import { type Op, op } from '../op.js'
import { suppress } from '../semantics/suppression.js'

const parameters = {
  boxes: tensor<FloatTensor>({ types: 'float', rank: 3 }),
  scores: tensor<FloatTensor>({ types: 'float', rank: 3 }),
  iou_threshold: number(),
  max_boxes: integer(),
  per_class_suppression: boolean({ default: false }),
}

const LAST_TWO_SWAPPED = [0, 2, 1]

export const suppressionOps: readonly Op[] = [
  op({
    type: 'non_maximum_suppression',
    specification: 'iOS15 tensor_operation',
    parameters: { ...parameters, score_threshold: number() },
    results: 4,
    rounding: 'exact',
    run({ boxes, scores, iou_threshold, score_threshold, max_boxes, per_class_suppression }, context) {
      const limits = { iouThreshold: iou_threshold, scoreThreshold: score_threshold, maxBoxes: max_boxes, perClass: per_class_suppression }
      const kept = suppress(boxes, scores, limits, context)
      const batch = boxes.shape[0]!
      return [kept.boxes, kept.scores, make('int32', [batch, max_boxes], kept.indices), make('int32', [batch], kept.counts)]
    },
  }),
  op({
    type: 'non_maximum_suppression',
    specification: 'iOS17 tensor_operation',
    since: 'iOS17',
    parameters,
    results: 4,
    rounding: 'exact',
    run({ boxes, scores, iou_threshold, max_boxes, per_class_suppression }, context) {
      const scoreThreshold = Number.NEGATIVE_INFINITY
      const limits = { iouThreshold: iou_threshold, scoreThreshold, maxBoxes: max_boxes, perClass: per_class_suppression }
      const kept = suppress(transpose(boxes, LAST_TWO_SWAPPED), transpose(scores, LAST_TWO_SWAPPED), limits, context)
      return [
        transpose(kept.boxes, LAST_TWO_SWAPPED),
        transpose(kept.scores, LAST_TWO_SWAPPED),
        make('int32', [boxes.shape[0]!, max_boxes], kept.indices),
      ]
    },
  }),
]
