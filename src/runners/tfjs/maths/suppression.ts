/** Non-maximum suppression of boxes [y1, x1, y2, x2], hard or soft ("Soft-NMS", Bodla et al.). */

const { exp, fround, max, min } = Math

/** Intersection over union of boxes i and j; corners come in any order. */
function overlap(boxes: Float32Array, i: number, j: number): number {
  const sides = (box: number): [number, number, number, number] => {
    const [a, b, c, d] = boxes.subarray(4 * box, 4 * box + 4) as unknown as [number, number, number, number]
    return [min(a, c), min(b, d), max(a, c), max(b, d)]
  }
  const [top, left, bottom, right] = sides(i)
  const [otherTop, otherLeft, otherBottom, otherRight] = sides(j)
  const area = (bottom - top) * (right - left)
  const other = (otherBottom - otherTop) * (otherRight - otherLeft)
  if (area <= 0 || other <= 0) return 0
  const common = max(0, min(bottom, otherBottom) - max(top, otherTop)) * max(0, min(right, otherRight) - max(left, otherLeft))
  return fround(common / (area + other - common))
}

interface Candidate {
  box: number
  score: number
  /** Selected boxes before this one have been looked at. */
  compared: number
}

export interface Limits {
  count: number
  overlap: number
  score: number
  sigma: number
}

/** Indices and scores of the boxes that are kept, best first. */
export function suppress(boxes: Float32Array, scores: Float32Array, limits: Limits): { selected: number[]; kept: number[] } {
  const candidates: Candidate[] = Array.from(scores, (score, box) => ({ box, score, compared: 0 })).filter(
    ({ score }) => score > limits.score,
  )
  candidates.sort((a, b) => a.score - b.score || b.box - a.box)
  const [selected, kept]: [number[], number[]] = [[], []]
  const decay = limits.sigma > 0 ? fround(-0.5 / limits.sigma) : 0
  for (let candidate = candidates.pop(); candidate && selected.length < limits.count; candidate = candidates.pop()) {
    const original = candidate.score
    let isSuppressed = false
    for (let j = selected.length - 1; j >= candidate.compared; j--) {
      const share = overlap(boxes, candidate.box, selected[j]!)
      isSuppressed = share >= limits.overlap
      if (isSuppressed) break
      if (limits.sigma > 0) candidate.score = fround(candidate.score * fround(exp(fround(decay * share * share))))
      if (candidate.score <= limits.score) break
    }
    candidate.compared = selected.length
    if (isSuppressed) continue
    if (candidate.score === original) {
      selected.push(candidate.box)
      kept.push(candidate.score)
    } else if (candidate.score > limits.score) {
      const place = candidates.findIndex(({ score }) => score >= candidate!.score)
      candidates.splice(place < 0 ? candidates.length : place, 0, candidate)
    }
  }
  return { selected, kept }
}
