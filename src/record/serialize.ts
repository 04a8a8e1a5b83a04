/** The RunRecord as JSON text: the same record gives the same bytes. */
import type { RunRecord } from './record.js'

/** One order that suits every object of the record; keys that are not here (phases of `timings`) follow in alphabetical order. */
const ORDER = `
  schema tool name version type created command path format sha256 runtime output layer sample index share unit
  cause severity side op attributes operands value reason also detail evidence confidence remedy error afterFix
  source target diagnosis sourceOp targetOp by scale bias order layout dtype inferred
  cumulative isolated semantic precision computeUnit flushSubnormals kernels ops values
  metrics maxAbs meanAbs maxRel rmse cosine snr psnr ulp argmax nonFinite sameTop count beyond largest typical worst
  tolerance atol rtol floor precisionFloor rounding pass status
  inputs samples names mapping preprocessing band compared
  outputs layers unaligned divergence findings attribution verdict reasons notes work forwardPasses macs timings`

const RANK = new Map(
  ORDER.trim()
    .split(/\s+/)
    .map((key, rank) => [key, rank]),
)
const rankOf = (key: string): number => RANK.get(key) ?? RANK.size

/** Code unit order, which does not depend on a locale. */
const alphabetical = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

function toJson(value: unknown): unknown {
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value)
  if (Array.isArray(value)) return value.map(toJson)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).filter(([, field]) => field !== undefined)
  entries.sort(([a], [b]) => rankOf(a) - rankOf(b) || alphabetical(a, b))
  return Object.fromEntries(entries.map(([key, field]) => [key, toJson(field)]))
}

/** Keys in a fixed order, two spaces of indentation, a final newline; NaN and infinities as "NaN", "Infinity" and "-Infinity". */
export const serialize = (record: RunRecord): string => `${JSON.stringify(toJson(record), null, 2)}\n`
