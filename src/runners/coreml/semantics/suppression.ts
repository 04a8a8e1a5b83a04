/** Non-maximum suppression over a batch, with outputs padded to a fixed number of boxes. */
import { nonMaximumSuppression, type Suppression } from '../../../../kernels/boxes.js'
import { type FloatTensor, type Tensor, tensor } from '../../../../kernels/tensor.js'
import type { Context } from '../op.js'
import { allocatable } from './shapes.js'

export interface Survivors {
  /** [B, maxBoxes, 4], padded with 0. */
  boxes: Tensor
  /** [B, maxBoxes, C], padded with 0. */
  scores: Tensor
  /** [B, maxBoxes], padded with -1. */
  indices: Int32Array
  /** [B] */
  counts: Int32Array
}

/** `boxes` [B, N, 4] as (centre x, centre y, width, height), `scores` [B, N, C]. */
export function suppress(boxes: FloatTensor, scores: FloatTensor, limits: Suppression, context: Context): Survivors {
  const [batch, count, four] = boxes.shape as [number, number, number]
  const classes = scores.shape[2]!
  const { maxBoxes } = limits
  if (four !== 4) context.fail(`boxes have shape [${boxes.shape}], expected four numbers a box`)
  if (scores.shape[0] !== batch || scores.shape[1] !== count) {
    context.fail(`scores have shape [${scores.shape}] for boxes of shape [${boxes.shape}], expected one row a box`)
  }
  if (!(Number.isInteger(maxBoxes) && maxBoxes >= 0)) context.fail(`maxBoxes is ${maxBoxes}, expected 0 or more`)
  allocatable([batch, maxBoxes, Math.max(4, classes)], context)
  const kept = tensor(boxes.dtype, [batch, maxBoxes, 4])
  const keptScores = tensor(scores.dtype, [batch, maxBoxes, classes])
  const indices = new Int32Array(batch * maxBoxes).fill(-1)
  const counts = new Int32Array(batch)
  for (let sample = 0; sample < batch; sample++) {
    const rows = (boxes.data as Float32Array).subarray(sample * count * 4, (sample + 1) * count * 4)
    const marks = (scores.data as Float32Array).subarray(sample * count * classes, (sample + 1) * count * classes)
    const survivors = nonMaximumSuppression(rows, marks, count, classes, limits)
    counts[sample] = survivors.length
    survivors.forEach((box, rank) => {
      const row = sample * maxBoxes + rank
      indices[row] = box
      kept.data.set(rows.subarray(4 * box, 4 * box + 4), 4 * row)
      keptScores.data.set(marks.subarray(classes * box, classes * (box + 1)), classes * row)
    })
  }
  return { boxes: kept, scores: keptScores, indices, counts }
}
