/** Non-maximum suppression. Unused places of the results are 0; the last result says how many are used. */
import { type Tensor, tensor } from '../../../../kernels/tensor.js'
import { integer, number } from '../../parameters.js'
import { bounded } from '../geometry/bounds.js'
import { type Limits, suppress } from '../maths/suppression.js'
import { type Op, op, operand } from '../op.js'
import { misshapen } from '../refusals.js'

const OPERANDS = {
  boxes: operand(['float32']),
  scores: operand(['float32']),
  max_output_size: integer(),
  iou_threshold: number(),
  score_threshold: number(),
}

interface Selected {
  indices: Tensor
  scores: Tensor
  used: Tensor
}

function selectedOf(boxes: Float32Array, scores: Float32Array, limits: Limits): Selected {
  const { count } = limits
  if (boxes.length !== 4 * scores.length || count < 0) throw misshapen('boxes and scores do not fit')
  const { selected, kept } = suppress(boxes, scores, limits)
  const indices = new Int32Array(bounded([count])[0]!)
  const values = new Float32Array(count)
  indices.set(selected)
  values.set(kept)
  return {
    indices: tensor('int32', [count], indices),
    scores: tensor('float32', [count], values),
    used: tensor('int32', [], Int32Array.of(selected.length)),
  }
}

export const SUPPRESSION: readonly Op[] = [
  op({
    type: 'NON_MAX_SUPPRESSION_V4',
    specification: 'NonMaxSuppressionV4Options; reference_ops::NonMaxSuppression',
    operands: OPERANDS,
    rounding: 'exact',
    run({ boxes, scores, max_output_size: count, iou_threshold: overlap, score_threshold: score }) {
      const { indices, used } = selectedOf(boxes.data, scores.data, { count, overlap, score, sigma: 0 })
      return [indices, used]
    },
  }),
  op({
    type: 'NON_MAX_SUPPRESSION_V5',
    specification: 'NonMaxSuppressionV5Options; reference_ops::NonMaxSuppression',
    operands: { ...OPERANDS, soft_nms_sigma: number() },
    rounding: 'transcendental',
    run({ boxes, scores, max_output_size: count, iou_threshold: overlap, score_threshold: score, soft_nms_sigma: sigma }) {
      const selected = selectedOf(boxes.data, scores.data, { count, overlap, score, sigma })
      return [selected.indices, selected.scores, selected.used]
    },
  }),
]
