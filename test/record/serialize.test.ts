import { describe, expect, it } from 'vitest'
import type { RunRecord } from '../../src/record/record.js'
import { serialize } from '../../src/record/serialize.js'
import { failing } from '../reports/sample-record.js'

/** The same record with every object's keys in reverse order. */
function reversed<T>(value: T): T {
  if (Array.isArray(value)) return value.map(reversed) as T
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, field]) => [key, reversed(field)]),
  ) as T
}

describe('serialize', () => {
  it('does not depend on the order in which fields were set', () => {
    expect(serialize(reversed(failing))).toBe(serialize(failing))
  })

  it('keeps the order in which the types list the fields', () => {
    expect(serialize(failing)).toBe(`${JSON.stringify(JSON.parse(serialize(failing)), null, 2)}\n`)
    expect(Object.keys(JSON.parse(serialize(failing)))).toEqual(Object.keys(failing))
    expect(Object.keys(JSON.parse(serialize(failing)).findings[0])).toEqual(Object.keys(failing.findings[0]!))
    expect(Object.keys(JSON.parse(serialize(failing)).layers[1])).toEqual(Object.keys(failing.layers[1]!))
    expect(Object.keys(JSON.parse(serialize(failing)).outputs[1].metrics)).toEqual(Object.keys(failing.outputs[1]!.metrics))
  })

  it('writes numbers that JSON lacks as strings', () => {
    const record: RunRecord = {
      ...failing,
      outputs: [{ ...failing.outputs[0]!, floor: Number.NaN, tolerance: { atol: Infinity, rtol: -Infinity } }],
    }
    const output = JSON.parse(serialize(record)).outputs[0]
    expect(output).toMatchObject({ floor: 'NaN', tolerance: { atol: 'Infinity', rtol: '-Infinity' } })
  })

  it('keeps every finite number exactly', () => {
    const record: RunRecord = {
      ...failing,
      outputs: [{ ...failing.outputs[0]!, floor: 5e-324, tolerance: { atol: 0.1 + 0.2, rtol: 2 ** -24 } }],
    }
    expect(JSON.parse(serialize(record)).outputs[0]).toMatchObject({ floor: 5e-324, tolerance: { atol: 0.1 + 0.2, rtol: 2 ** -24 } })
  })
})
