import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { figuresOf, METRIC_NAMES, type Totals } from '../../src/record/metrics.js'

const schema = JSON.parse(readFileSync(join(import.meta.dirname, '../../reports/run-record.schema.json'), 'utf8')) as {
  $defs: { metrics: { properties: Record<string, { description?: string }>; required: string[] } }
}
const NOTHING: Totals = {
  samples: 0,
  count: 0,
  finite: 0,
  nonFinite: 0,
  abs: 0,
  squares: 0,
  source: 0,
  target: 0,
  product: 0,
  mostAbs: 0,
  mostSource: 0,
  mostUlp: 0,
  sameTop: undefined,
}

describe('the metrics', () => {
  it('are those of the schema, each with a description', () => {
    const { properties } = schema.$defs.metrics
    expect(Object.keys(properties).sort()).toEqual([...METRIC_NAMES, 'worst'].sort())
    for (const [name, { description }] of Object.entries(properties)) expect(description, name).toBeTruthy()
  })
  it('leave out what a pair has not, and nothing that the schema asks for', () => {
    const plain = figuresOf(NOTHING)
    expect(plain).not.toHaveProperty('argmax')
    expect(Object.keys({ ...plain, worst: null })).toEqual(expect.arrayContaining(schema.$defs.metrics.required))
    expect(figuresOf({ ...NOTHING, samples: 4, sameTop: 3 }).argmax).toBe(0.75)
  })
  it('are finite, or infinite, where nothing was compared or nothing differs', () => {
    for (const figure of Object.values(figuresOf(NOTHING))) expect(figure).not.toBeNaN()
  })
})
