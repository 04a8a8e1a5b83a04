/**
 * Sums of doubles that are exact until they are read (Shewchuk 1997, expansions of numbers that do not overlap): the total depends neither
 * on the order of its parts nor on how they were grouped.
 */

export interface ExactSum {
  /** Parts of growing magnitude that do not overlap; their sum is the total. */
  readonly parts: readonly number[]
  /** What no expansion can hold: NaN, or the sum of the infinities that were added. */
  readonly special: number
}

export const ZERO: ExactSum = { parts: [], special: 0 }

/** The sum with one more number. */
export function plus({ parts, special }: ExactSum, x: number): ExactSum {
  if (!Number.isFinite(x)) return { parts, special: special + x }
  const grown: number[] = []
  let carry = x
  for (const part of parts) {
    const [high, low] = twoSum(carry, part)
    if (low !== 0) grown.push(low)
    carry = high
  }
  if (carry !== 0) grown.push(carry)
  return { parts: grown, special }
}

export const add = (a: ExactSum, b: ExactSum): ExactSum =>
  b.parts.reduce(plus, { parts: a.parts, special: a.special + b.special } as ExactSum)

/** The double nearest to the total, ties to even. */
export function totalOf({ parts, special }: ExactSum): number {
  if (special !== 0) return special
  let index = parts.length - 1
  if (index < 0) return 0
  let high = parts[index]!
  let low = 0
  while (index > 0 && low === 0) [high, low] = twoSum(high, parts[--index]!)
  // halfway between two doubles: the parts below decide
  if (index > 0 && low !== 0 && Math.sign(low) === Math.sign(parts[index - 1]!)) {
    const doubled = low * 2
    const nudged = high + doubled
    if (doubled === nudged - high) return nudged
  }
  return high
}

/** a + b rounded, and what rounding left over. */
function twoSum(a: number, b: number): [sum: number, rest: number] {
  const sum = a + b
  const back = sum - a
  return [sum, a - (sum - back) + (b - back)]
}
