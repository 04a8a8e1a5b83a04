import { describe, expect, it } from 'vitest'
import { foldDifferences, type MeasureOptions, measureDifferences, metricsOf, NO_DIFFERENCES, spacing } from '../../src/compare/metrics.js'

const measure = (source: number[], target: number[], sample = 0, options: MeasureOptions = { ulpOf: 'float32' }) =>
  measureDifferences(
    { sample, source: Float32Array.from(source), target: Float32Array.from(target), indexOf: (position) => [position] },
    options,
  )

describe('measureDifferences', () => {
  it('gives the formulas of the record', () => {
    const found = metricsOf(measure([1, 2, 3, 4], [1, 2, 3, 5]))
    expect(found.maxAbs).toBe(1)
    expect(found.meanAbs).toBe(0.25)
    expect(found.maxRel).toBe(0.25)
    expect(found.rmse).toBe(0.5)
    expect(found.snr).toBeCloseTo(10 * Math.log10(30), 10)
    expect(found.psnr).toBeCloseTo(10 * Math.log10(16 / 0.25), 10)
    expect(found.cosine).toBeCloseTo(34 / Math.sqrt(30 * 39), 12)
    expect(found.worst).toEqual({ sample: 0, index: [3], source: 4, target: 5 })
  })
  it('counts elements that are not finite on one side alone', () => {
    const found = metricsOf(measure([1, Infinity, Number.NaN, 2], [1, Infinity, Number.NaN, Number.NaN]))
    expect(found).toMatchObject({ nonFinite: 1, maxAbs: Infinity, worst: { index: [3] } })
  })
  it('takes elements that the target lacks as missing', () => {
    expect(metricsOf(measure([1, 2], [1]))).toMatchObject({ nonFinite: 1, worst: { index: [1], source: 2, target: Number.NaN } })
  })
  it('has infinite SNR for equal values, zeros too', () => {
    expect(metricsOf(measure([1, 2], [1, 2], 0, { ulpOf: 'float16' }))).toMatchObject({ snr: Infinity, cosine: 1, ulp: 0, maxAbs: 0 })
    expect(metricsOf(measure([0, 0], [0, 0])).snr).toBe(Infinity)
  })
  it('counts elements beyond a tolerance, where there is one', () => {
    const tolerance = { atol: 0.1, rtol: 0.1 }
    const observed = measure([1, 10, 100], [1.15, 11.2, 109], 0, { ulpOf: 'float32', tolerance })
    expect(observed.outside).toBe(1)
    expect(measure([1], [2]).outside).toBeUndefined()
  })
})

describe('foldDifferences', () => {
  const ranked: MeasureOptions = { ulpOf: 'float32', ranked: true }
  const parts = [
    measure([1e8, 2], [1e8 + 8, 2.5], 0, ranked),
    measure([1e-8, 4], [5, 4.25], 1, ranked),
    measure([3, -4], [3, -4], 2, ranked),
    measure([7, 8], [12, 8], 3, ranked),
  ]
  const fold = (order: number[]) => order.map((i) => parts[i]!).reduce(foldDifferences, NO_DIFFERENCES)

  it('depends on neither the order of samples nor their grouping', () => {
    const whole = metricsOf(fold([0, 1, 2, 3]))
    for (const order of [
      [3, 2, 1, 0],
      [2, 0, 3, 1],
      [1, 3, 0, 2],
    ])
      expect(metricsOf(fold(order))).toEqual(whole)
    expect(metricsOf(foldDifferences(fold([3, 1]), fold([2, 0])))).toEqual(whole)
  })
  it('keeps the worst element, the earlier sample of equal ones', () => {
    expect(metricsOf(fold([3, 1])).worst).toMatchObject({ sample: 3 })
    const [a, b] = [measure([1], [2], 4), measure([1], [2], 2)]
    expect(foldDifferences(a, b).worst).toMatchObject({ sample: 2 })
    expect(foldDifferences(b, a).worst).toMatchObject({ sample: 2 })
  })
  it('gives the share of samples with the same largest element', () => {
    expect(metricsOf(fold([0, 1, 2, 3])).argmax).toBe(0.5)
  })
})

describe('spacing', () => {
  it.each([
    [1, 'float32', 2 ** -23],
    [1, 'float16', 2 ** -10],
    [2 ** -15, 'float16', 2 ** -24],
    [0, 'float32', 2 ** -149],
    [1000, 'float16', 0.5],
  ] as const)('at %d of %s', (x, of, wanted) => expect(spacing(x, of)).toBe(wanted))
})
