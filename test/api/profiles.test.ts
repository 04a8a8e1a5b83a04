import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type CheckOptions, check, createSession, openModel } from '../../src/index.js'

const digits = (name: string): string => join(import.meta.dirname, '../../golden/digits', name)
const run = (options: Partial<CheckOptions>, target = 'digits.mlmodel') =>
  check({ source: digits('digits.tflite'), target: digits(target), inputs: [digits('samples.npz')], reproducible: true, ...options })

describe('check with a compute unit', () => {
  it('runs a neural network in float16 on gpu, and gives the band over all units', async () => {
    const { target, outputs, verdict } = await run({ computeUnit: 'gpu' })
    expect(target).toMatchObject({ precision: 'fp16', computeUnit: 'gpu' })
    expect(verdict).toBe('pass')
    const [output] = outputs
    expect(output!.band!.map(({ unit }) => unit)).toEqual(['cpu', 'gpu', 'ane'])
    const [cpu, gpu] = output!.band!.map(({ maxAbs }) => maxAbs)
    expect(cpu).toBeLessThan(1e-5)
    expect(gpu).toBeGreaterThan(1e-4)
    expect(gpu).toBe(output!.metrics.maxAbs)
  })
  it('leaves the dtypes of an ML Program as they are', async () => {
    expect((await run({ computeUnit: 'gpu' }, 'digits.mlpackage')).target.precision).toBe('authored')
  })
  it('has no band, and says nothing of a unit, where none was asked for', async () => {
    const { target, outputs } = await run({ flushSubnormals: true })
    expect(target).toMatchObject({ precision: 'authored', flushSubnormals: true })
    expect(target).not.toHaveProperty('computeUnit')
    expect(outputs[0]).not.toHaveProperty('band')
  })
  it('allows each precision its own rounding', async () => {
    for (const precision of ['fp16', 'fp16-accumulate'] as const) {
      const { verdict, layers } = await run({ precision })
      expect([verdict, layers.filter(({ status }) => status !== 'ok')]).toEqual(['pass', []])
    }
  })
})

it('a runner that plays no compute unit refuses one', async () => {
  const model = await openModel(digits('digits.tflite'))
  await expect(createSession(model, { computeUnit: 'gpu' })).rejects.toMatchObject({ code: 'USAGE_PRECISION' })
  await expect(createSession(model, { flushSubnormals: true })).rejects.toMatchObject({ code: 'USAGE_PRECISION' })
  model.close()
})
