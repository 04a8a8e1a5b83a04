import { describe, expect, it } from 'vitest'
import type { Tensor } from '../../../kernels/tensor.js'
import type { Attribute } from '../../../src/graph/graph.js'
import { bareEngine, type GoldenCase, runGolden, testGolden } from './golden.js'

interface Sketch {
  dialect?: 'mil' | 'neuralnetwork'
  inputs?: GoldenCase['inputs']
  dtype?: 'float32' | 'float16'
}

function draw(
  op: string,
  attributes: Record<string, Attribute>,
  { dialect = 'mil', inputs = [], dtype = 'float32' }: Sketch = {},
  engine = bareEngine(),
): Tensor {
  const expected = [{ dtype, shape: [], data: [] }]
  return runGolden({ name: op, op, dialect, version: 'CoreML5', inputs, attributes, expected }, engine)[0]!
}

const SHAPE = [100, 200]
const shape: GoldenCase['inputs'] = [{ parameter: 'shape', dtype: 'int32', shape: [2], data: SHAPE }]
const rank1: GoldenCase['inputs'] = [{ parameter: 'input', dtype: 'float32', shape: [2], data: SHAPE }]
const like: GoldenCase['inputs'] = [{ parameter: 'input', dtype: 'float32', shape: SHAPE, data: new Array(20000).fill(9) }]
const nn = { dialect: 'neuralnetwork' } as const

function moments({ data }: Tensor): { mean: number; deviation: number } {
  const values = Array.from(data as Float32Array)
  const mean = values.reduce((sum, x) => sum + x, 0) / values.length
  return { mean, deviation: Math.sqrt(values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / values.length) }
}

/** Twenty thousand draws: the mean of `deviation` strays by less than 5 standard errors. */
function expectMoments(value: Tensor, mean: number, deviation: number): void {
  expect(value.shape).toEqual(SHAPE)
  const found = moments(value)
  const error = (5 * deviation) / Math.sqrt(20000)
  expect(Math.abs(found.mean - mean)).toBeLessThan(error)
  expect(Math.abs(found.deviation - deviation)).toBeLessThan(error)
}

describe('random ops', () => {
  testGolden('distributions')

  it.each<[string, Record<string, Attribute>, Sketch, number, number]>([
    ['random_normal', { mean: 3, stddev: 2 }, { inputs: shape }, 3, 2],
    ['random_normal', {}, { inputs: shape }, 0, 1],
    ['random_uniform', { low: -1, high: 3 }, { inputs: shape }, 1, 4 / Math.sqrt(12)],
    ['random_uniform', {}, { inputs: shape }, 0.5, 1 / Math.sqrt(12)],
    ['random_bernoulli', { prob: 0.25 }, { inputs: shape }, 0.25, Math.sqrt(3) / 4],
    ['random_bernoulli', {}, { inputs: shape }, 0.5, 0.5],
    ['randomNormalDynamic', { mean: 3, stdDev: 2 }, { ...nn, inputs: rank1 }, 3, 2],
    ['randomNormalStatic', { mean: 3, stdDev: 2, outputShape: SHAPE }, nn, 3, 2],
    ['randomNormalLike', { mean: 3, stdDev: 2 }, { ...nn, inputs: like }, 3, 2],
    ['randomUniformDynamic', { minVal: 2, maxVal: 4 }, { ...nn, inputs: rank1 }, 3, 1 / Math.sqrt(3)],
    ['randomUniformStatic', { minVal: 2, maxVal: 4, outputShape: SHAPE }, nn, 3, 1 / Math.sqrt(3)],
    ['randomUniformLike', { minVal: 2, maxVal: 4 }, { ...nn, inputs: like }, 3, 1 / Math.sqrt(3)],
    ['randomBernoulliDynamic', { prob: 0.75 }, { ...nn, inputs: rank1 }, 0.75, Math.sqrt(3) / 4],
    ['randomBernoulliStatic', { prob: 0.75, outputShape: SHAPE }, nn, 0.75, Math.sqrt(3) / 4],
    ['randomBernoulliLike', { prob: 0.75 }, { ...nn, inputs: like }, 0.75, Math.sqrt(3) / 4],
  ])('%s %j has the moments of its distribution', (op, attributes, sketch, mean, deviation) => {
    expectMoments(draw(op, { ...attributes, seed: 7 }, sketch), mean, deviation)
  })

  it('repeat from a seed, and go on without one', () => {
    const engine = bareEngine()
    const once = draw('random_uniform', { seed: 5 }, { inputs: shape }, engine)
    expect(draw('random_uniform', { seed: 5 }, { inputs: shape }, engine)).toEqual(once)
    expect(draw('random_uniform', { seed: 6 }, { inputs: shape }, engine)).not.toEqual(once)
    const free = draw('random_uniform', { seed: -1 }, { inputs: shape }, engine)
    expect(draw('random_uniform', { seed: -1 }, { inputs: shape }, engine)).not.toEqual(free)
  })
  it('give the dtype that is declared', () => {
    const value = draw('random_normal', { seed: 1 }, { inputs: shape, dtype: 'float16' })
    expect(value.dtype).toBe('float16')
  })
  it('refuse shapes that are none', () => {
    const negative: GoldenCase['inputs'] = [{ parameter: 'shape', dtype: 'int32', shape: [2], data: [2, -1] }]
    expect(() => draw('random_normal', {}, { inputs: negative })).toThrow('has shape [2,-1]')
    const vast: GoldenCase['inputs'] = [{ parameter: 'shape', dtype: 'int32', shape: [2], data: [2 ** 30, 2 ** 30] }]
    expect(() => draw('random_normal', {}, { inputs: vast })).toThrow('has shape [1073741824,1073741824]')
  })

  const shares = [0.5, 0.125, 0, 0.375]
  const odds = (parameter: string, data: number[]): GoldenCase['inputs'] => [{ parameter, dtype: 'float32', shape: [1, 4], data }]
  it.each<[string, Record<string, Attribute>, Sketch, number[]]>([
    ['random_categorical', { mode: 'probs', size: 20000 }, { inputs: odds('x', shares) }, shares],
    [
      'random_categorical',
      { size: 20000 },
      {
        inputs: odds(
          'x',
          shares.map((p) => Math.log(p) + 1e3),
        ),
      },
      shares,
    ],
    ['categoricalDistribution', { numSamples: 20000 }, { ...nn, inputs: odds('input', shares) }, shares],
    [
      'categoricalDistribution',
      { numSamples: 20000, isLogits: true, temperature: 2 },
      {
        ...nn,
        inputs: odds(
          'input',
          shares.map((p) => 2 * Math.log(p)),
        ),
      },
      shares,
    ],
  ])('%s %j draws classes by their share', (op, attributes, sketch, wanted) => {
    const { data, shape } = draw(op, { ...attributes, seed: 3 }, sketch)
    expect(shape).toEqual([1, 20000])
    const counts = [0, 0, 0, 0]
    for (const index of data as Float32Array) counts[index]!++
    wanted.forEach((share, index) => {
      expect(Math.abs(counts[index]! / 20000 - share)).toBeLessThan(0.02)
      if (share === 0) expect(counts[index]).toBe(0)
    })
  })
})
