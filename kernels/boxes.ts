/** Non-maximum suppression of boxes given as (centre x, centre y, width, height). */

/** Corners and area of each box, in float32. */
function cornersOf(
  boxes: Float32Array,
  count: number,
): { left: Float32Array; top: Float32Array; right: Float32Array; bottom: Float32Array; area: Float32Array } {
  const [left, top, right, bottom, area] = Array.from({ length: 5 }, () => new Float32Array(count)) as [
    Float32Array,
    Float32Array,
    Float32Array,
    Float32Array,
    Float32Array,
  ]
  for (let i = 0; i < count; i++) {
    const [x, y, width, height] = [boxes[4 * i]!, boxes[4 * i + 1]!, boxes[4 * i + 2]!, boxes[4 * i + 3]!]
    left[i] = x - 0.5 * width
    right[i] = x + 0.5 * width
    top[i] = y - 0.5 * height
    bottom[i] = y + 0.5 * height
    area[i] = (right[i]! - left[i]!) * (bottom[i]! - top[i]!)
  }
  return { left, top, right, bottom, area }
}

export interface Suppression {
  /** Of two boxes whose intersection over union is greater, the lower score goes. */
  iouThreshold: number
  /** Boxes whose score is below are out from the start. */
  scoreThreshold: number
  maxBoxes: number
  /** Boxes suppress only boxes of the class in which they score highest. */
  perClass: boolean
  /** Whether no box survives where no score reaches the threshold; else the one of the highest score does. @default false */
  mayBeEmpty?: boolean
}

/**
 * Indices of the boxes ([count, 4]) that survive, by falling score, equal scores by index. A box's score is its highest over the classes
 * of `scores` ([count, classes]). Where no score reaches the threshold the box of the highest score survives, if there are boxes and the
 * result may not be empty.
 */
export function nonMaximumSuppression(
  boxes: Float32Array,
  scores: Float32Array,
  count: number,
  classes: number,
  limits: Suppression,
): Int32Array {
  const best = new Float32Array(count).fill(Number.NEGATIVE_INFINITY)
  const winner = new Int32Array(count)
  for (let i = 0; i < count; i++) {
    for (let c = 0; c < classes; c++) {
      const score = scores[i * classes + c]!
      if (score > best[i]!) {
        best[i] = score
        winner[i] = c
      }
    }
  }
  const ranked = Int32Array.from({ length: count }, (_, i) => i).sort((a, b) =>
    best[a] === best[b] ? a - b : best[b]! > best[a]! ? 1 : -1,
  )
  const candidates = ranked.filter((i) => best[i]! >= limits.scoreThreshold)
  if (candidates.length === 0) return ranked.slice(0, limits.mayBeEmpty ? 0 : Math.min(1, limits.maxBoxes))
  const { left, top, right, bottom, area } = cornersOf(boxes, count)
  const iou = (a: number, b: number): number => {
    const width = Math.fround(Math.min(right[a]!, right[b]!) - Math.max(left[a]!, left[b]!))
    const height = Math.fround(Math.min(bottom[a]!, bottom[b]!) - Math.max(top[a]!, top[b]!))
    if (!(width > 0 && height > 0)) return 0
    const intersection = Math.fround(width * height)
    return Math.fround(intersection / Math.fround(Math.fround(area[a]! + area[b]!) - intersection))
  }
  const kept: number[] = []
  for (const candidate of candidates) {
    if (kept.length >= limits.maxBoxes) break
    const suppressed = kept.some(
      (other) => (!limits.perClass || winner[other] === winner[candidate]) && iou(candidate, other) > limits.iouThreshold,
    )
    if (!suppressed) kept.push(candidate)
  }
  return Int32Array.from(kept)
}
