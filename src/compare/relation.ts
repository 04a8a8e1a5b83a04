/** Whether one value is another times a factor and plus an offset, for each channel: how two sides scale one picture. */
import type { Placed } from './place.js'

export interface Relation {
  /** source = factor * target + offset; one number a channel. */
  factor: number[]
  offset: number[]
}

/** Part of the source's variation that may be left where the relation holds. */
const LEFT = 1e-4

/** undefined where no factor and offset explain the difference. */
export function relationOf({ source, target, inner, channels }: Placed): Relation | undefined {
  if (source.length !== target.length) return undefined
  const sums = Array.from({ length: channels }, () => ({ n: 0, t: 0, s: 0, tt: 0, ts: 0, ss: 0 }))
  for (let i = 0; i < source.length; i++) {
    const [s, t] = [source[i]!, target[i]!]
    const sum = sums[Math.floor(i / inner) % channels]!
    sum.n++
    sum.t += t
    sum.s += s
    sum.tt += t * t
    sum.ts += t * s
    sum.ss += s * s
  }
  const factor: number[] = []
  const offset: number[] = []
  for (const { n, t, s, tt, ts, ss } of sums) {
    const [varT, cov, varS] = [tt - (t * t) / n, ts - (t * s) / n, ss - (s * s) / n]
    if (!(varT > 0) || !(varS > 0) || varS - (cov * cov) / varT > LEFT * varS) return undefined
    factor.push(cov / varT)
    offset.push((s - (cov / varT) * t) / n)
  }
  return { factor, offset }
}
