/** NeuralNetwork.proto NonMaximumSuppressionLayerParams; operands after the scores take the place of the layer's own limits. */
import { type FloatTensor, tensor as make } from '../../../../kernels/tensor.js'
import { boolean, integer, number, tensors } from '../../parameters.js'
import { type Op, op } from '../op.js'
import { scalarOf } from '../semantics/shapes.js'
import { suppress } from '../semantics/suppression.js'

export const suppressionLayers: readonly Op[] = [
  op({
    type: 'NonMaximumSuppression',
    specification: 'NeuralNetwork.proto NonMaximumSuppressionLayerParams',
    parameters: {
      input: tensors<FloatTensor>({ types: 'float', least: 2, most: 5 }),
      iouThreshold: number(),
      scoreThreshold: number(),
      maxBoxes: integer(),
      perClassSuppression: boolean(),
    },
    results: 4,
    rounding: 'exact',
    run({ input: [boxes, scores, iou, score, count], iouThreshold, scoreThreshold, maxBoxes, perClassSuppression }, context) {
      if (boxes!.shape.length !== 3 || scores!.shape.length !== 3) {
        context.fail(`has boxes of shape [${boxes!.shape}] and scores of shape [${scores!.shape}], expected [B, N, 4] and [B, N, C]`)
      }
      const limits = {
        iouThreshold: iou ? scalarOf(iou, context, 'the IoU threshold') : iouThreshold,
        scoreThreshold: score ? scalarOf(score, context, 'the score threshold') : scoreThreshold,
        maxBoxes: count ? Math.trunc(scalarOf(count, context, 'the number of boxes')) : maxBoxes,
        perClass: perClassSuppression,
      }
      const kept = suppress(boxes!, scores!, limits, context)
      const batch = boxes!.shape[0]!
      return [
        kept.boxes,
        kept.scores,
        make('float32', [batch, limits.maxBoxes], Float32Array.from(kept.indices)),
        make('float32', [batch], Float32Array.from(kept.counts)),
      ]
    },
  }),
]
