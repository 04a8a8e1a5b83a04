import { describe, expect, it } from 'vitest'
import type { Tensor } from '../../kernels/tensor.js'
import type { OutputPair } from '../../src/align/outputs.js'
import { compareProfiles } from '../../src/compare/band.js'
import { createCoremlSession } from '../../src/runners/coreml/session.js'
import { COMPUTE_UNITS } from '../../src/runners/session.js'
import { float16, float32, sketchModel } from '../support/graphs.js'

const model = sketchModel(
  { x: { dtype: 'float16', shape: [2] } },
  [{ type: 'softplus', inputs: { x: 'x' }, output: 'y', dtype: 'float16', shape: [2] }],
  ['y'],
)
const pair = {
  source: { name: 'y', dtype: 'float32', shape: [2], kind: 'multiarray' },
  target: { name: 'y', dtype: 'float16', shape: [2], kind: 'multiarray' },
  value: 'y',
  layout: { dims: [2], order: [0] },
  by: 'name',
  differences: [],
} as OutputPair

describe('compareProfiles', () => {
  it('compares an output under each profile, over all samples', async () => {
    const sessions = await Promise.all(
      COMPUTE_UNITS.map(async (unit) => [unit, await createCoremlSession(model, { computeUnit: unit })] as const),
    )
    const band = compareProfiles(new Map(sessions), 'mil')
    const observe = async (sample: number, x: number[]) => {
      const source = new Map<string, Tensor>([['y', float32([2], x)]])
      await band.observe({ sample, source, feeds: { x: float16([2], x) } }, [pair])
    }
    await observe(0, [16, 20])
    await observe(1, [40, 10.390625])
    expect(band.of(pair)).toEqual([
      { unit: 'cpu', maxAbs: 0, maxRel: 0 },
      { unit: 'gpu', maxAbs: 0, maxRel: 0 },
      { unit: 'ane', maxAbs: 40, maxRel: 1 },
    ])
  })
  it('is empty without profiles', () => {
    expect(compareProfiles(new Map(), 'mil').of(pair)).toEqual([])
  })
})
