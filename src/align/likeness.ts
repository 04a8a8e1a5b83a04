/** How near two values come to each other where they are not equal. */
import type { Numbers } from './equality.js'
import { type Layout, sourceIndex } from './layout.js'

export interface Likeness {
  /** Correlation coefficient; 0 where either stands still. */
  correlation: number
  /** Power of what is left after subtracting one from the other, by the power of the source's own variation. */
  residual: number
}

/** Elements that are looked at: enough to tell likeness from chance. */
const MOST_PROBES = 4096
const GOLDEN = 0.6180339887498949

export function likenessUnder(source: Numbers, target: Numbers, layout: Layout): Likeness {
  const count = target.data.length
  const probes = Math.min(MOST_PROBES, count)
  let [n, x, y, xx, yy, xy] = [0, 0, 0, 0, 0, 0]
  for (let probe = 0; probe < probes; probe++) {
    const position = probes === count ? probe : Math.floor(((probe * GOLDEN) % 1) * count)
    const a = source.data[sourceIndex(layout, position)]!
    const b = target.data[position]!
    if (!Number.isFinite(a) || !Number.isFinite(b)) continue
    n++
    x += a
    y += b
    xx += a * a
    yy += b * b
    xy += a * b
  }
  const [varX, varY, cov] = [xx - (x * x) / n, yy - (y * y) / n, xy - (x * y) / n]
  if (!(varX > 0) || !(varY > 0)) return { correlation: 0, residual: Infinity }
  return { correlation: cov / Math.sqrt(varX * varY), residual: (xx - 2 * xy + yy) / varX }
}
