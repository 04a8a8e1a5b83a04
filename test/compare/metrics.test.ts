import { describe, expect, it } from 'vitest'
import { accumulateMetrics, spacing } from '../../src/compare/metrics.js'

const observe = (source: number[], target: number[], sample = 0) => ({
  sample,
  shape: [source.length],
  source: Float32Array.from(source),
  target: Float32Array.from(target),
})

describe('accumulateMetrics', () => {
  it('gives the formulas of the record', () => {
    const metrics = accumulateMetrics('float32')
    expect(metrics.add(observe([1, 2, 3, 4], [1, 2, 3, 5]))).toBe(1)
    const found = metrics.metrics()
    expect(found.maxAbs).toBe(1)
    expect(found.meanAbs).toBe(0.25)
    expect(found.maxRel).toBe(0.25)
    expect(found.rmse).toBe(0.5)
    expect(found.snr).toBeCloseTo(10 * Math.log10(30), 10)
    expect(found.psnr).toBeCloseTo(10 * Math.log10(16 / 0.25), 10)
    expect(found.cosine).toBeCloseTo(34 / Math.sqrt(30 * 39), 12)
    expect(found.worst).toEqual({ sample: 0, index: [3], source: 4, target: 5 })
  })
  it('is the same for one pass over many samples as for one over all', () => {
    const split = accumulateMetrics('float32')
    split.add(observe([1, 2], [1.5, 2], 0))
    split.add(observe([3, 4], [3, 4.25], 1))
    const whole = accumulateMetrics('float32')
    whole.add(observe([1, 2, 3, 4], [1.5, 2, 3, 4.25]))
    const { worst: _, ...rest } = split.metrics()
    expect(whole.metrics()).toMatchObject(rest)
    expect(split.metrics().worst).toEqual({ sample: 0, index: [0], source: 1, target: 1.5 })
  })
  it('counts elements that are not finite on one side alone', () => {
    const metrics = accumulateMetrics('float32')
    expect(metrics.add(observe([1, Infinity, Number.NaN, 2], [1, Infinity, Number.NaN, Number.NaN]))).toBe(Infinity)
    expect(metrics.metrics()).toMatchObject({ nonFinite: 1, maxAbs: Infinity, worst: { index: [3] } })
  })
  it('reports the share of samples with the same largest element', () => {
    const metrics = accumulateMetrics('float32', true)
    metrics.add(observe([1, 2], [1, 3]))
    metrics.add(observe([1, 2], [3, 1]))
    expect(metrics.metrics().argmax).toBe(0.5)
  })
  it('has infinite SNR for equal values', () => {
    const metrics = accumulateMetrics('float16')
    metrics.add(observe([1, 2], [1, 2]))
    expect(metrics.metrics()).toMatchObject({ snr: Infinity, cosine: 1, ulp: 0, maxAbs: 0 })
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
