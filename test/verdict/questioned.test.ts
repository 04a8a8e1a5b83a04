import { describe, expect, it } from 'vitest'
import { type Differences, measureDifferences } from '../../src/compare/metrics.js'
import { isContradicted, isQuestioned } from '../../src/verdict/segments.js'

/** Differences at a ratio of error to signal. */
function off(ratio: number): Differences {
  const source = Float32Array.from({ length: 64 }, (_, i) => Math.sin(i * 1.7))
  const target = source.map((x, i) => x + ratio * Math.cos(i * 2.3))
  return measureDifferences({ sample: 0, source, target, indexOf: (i) => [i] }, { ulpOf: 'float32', tolerance: undefined })
}

describe('a step that is off alone', () => {
  it('is questioned where it agrees in the whole run and a value before it does not', () => {
    expect(isQuestioned(off(0.5), off(1e-6), [off(0.3), off(1e-6)])).toBe(true)
  })
  it('is not where it is off in the whole run too, or all before it agrees', () => {
    expect(isQuestioned(off(0.5), off(0.3), [off(0.3)])).toBe(false)
    expect(isQuestioned(off(0.5), off(1e-6), [off(1e-6)])).toBe(false)
  })
})

describe('a step that agrees alone', () => {
  it('is contradicted where the whole run gives something else from values that are the same', () => {
    expect(isContradicted(off(0.5), [off(1e-6), off(0)])).toBe(true)
  })
  it('is not where what it reads is off, where it keeps most, or where nothing is known of what it reads', () => {
    expect(isContradicted(off(0.5), [off(1e-6), off(0.1)])).toBe(false)
    expect(isContradicted(off(1e-3), [off(1e-9)])).toBe(false)
    expect(isContradicted(off(0.5), [])).toBe(false)
  })
})
