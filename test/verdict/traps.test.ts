/** The judge in both directions: silent on the clean twin, and at the right place on the faulty one. */
import { describe, expect, it } from 'vitest'
import { judgeModels } from '../support/judged.js'
import { TRAPS } from './traps.js'

describe.each(TRAPS)('$about', ({ source, clean, faulty, samples, at }) => {
  it('passes in another spelling', async () => {
    const { verdict, reasons, findings } = await judgeModels(source, clean, samples)
    expect({ verdict, reasons, errors: findings.filter(({ severity }) => severity !== 'note') }).toEqual({
      verdict: 'pass',
      reasons: [],
      errors: [],
    })
  })
  it('fails with the fault', async () => {
    const { verdict, findings } = await judgeModels(source, faulty, samples)
    expect(verdict).toBe('fail')
    const [first] = findings.filter(({ severity }) => severity === 'error')
    expect([first?.op.name, first?.value].some((name) => at.includes(name ?? ''))).toBe(true)
  })
  it('is the same for another order of samples', async () => {
    // the first, by name, is the one that models are aligned on
    const shuffled = [samples[0]!, ...samples.slice(1).reverse()]
    for (const target of [clean, faulty]) {
      const [a, b] = [await judgeModels(source, target, samples), await judgeModels(source, target, shuffled)]
      expect(b.verdict).toBe(a.verdict)
      const strip = (judgement: typeof a) =>
        judgement.layers.map(({ cumulative: { worst: _, ...cumulative }, isolated, ...layer }) => ({
          ...layer,
          cumulative,
          isolated: isolated && { ...isolated.semantic, worst: null, rounding: isolated.rounding },
        }))
      expect(strip(b)).toEqual(strip(a))
    }
  })
})
