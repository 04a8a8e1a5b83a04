import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import { describe, expect, it } from 'vitest'
import { json } from '../../reports/json.js'
import { CONVERSION_CAUSES, GENERAL_CAUSES } from '../../src/record/causes.js'
import { failing, passing, profiled } from './sample-record.js'

type Schema = { [key: string]: unknown }
const text = readFileSync(join(import.meta.dirname, '../../reports/run-record.schema.json'), 'utf8')
const schema = JSON.parse(text) as Schema

/** The same schema with no room for fields that it does not name. */
const closed = JSON.parse(text, (_, value: Schema) =>
  value?.['type'] === 'object' && value['properties'] ? { ...value, additionalProperties: false } : value,
) as Schema

const compile = (schema: Schema): ValidateFunction =>
  new Ajv2020({ allErrors: true, formats: { 'date-time': (date) => !Number.isNaN(Date.parse(date)) } }).compile(schema)
const { created: _created, timings: _timings, ...reproducible } = failing
const validate = compile(closed)
const parsed = (record = failing) => JSON.parse(json(record))

describe('run-record.schema.json', () => {
  it.each([
    ['failing', failing],
    ['passing', passing],
    ['reproducible', reproducible],
    ['profiled', profiled],
  ])('describes all of a %s record', (_, record) => {
    validate(parsed(record))
    expect(validate.errors).toBeNull()
  })

  it('leaves room for fields of later minor versions', () => {
    const later = { ...parsed(), further: 1 }
    expect(compile(schema)(later)).toBe(true)
    expect(validate(later)).toBe(false)
  })

  it('knows the same causes as the types', () => {
    const causes = (schema as { $defs: { finding: { properties: { cause: { enum: string[] } } } } }).$defs.finding.properties.cause.enum
    expect(causes).toEqual([...CONVERSION_CAUSES, ...GENERAL_CAUSES])
  })

  it.each([
    ['another version', { schema: 2 }],
    ['an unknown verdict', { verdict: 'maybe' }],
    ['an unknown cause', { findings: [{ ...parsed().findings[0], cause: 'gremlins' }] }],
    ['a confidence above 1', { findings: [{ ...parsed().findings[0], confidence: 2 }] }],
    ['more than three others', { findings: [{ ...parsed().findings[0], also: ['a', 'b', 'c', 'd'] }] }],
    ['an infinity that is no number', { outputs: [{ ...parsed().outputs[0], floor: 'huge' }] }],
  ])('refuses %s', (_, change) => {
    expect(validate({ ...parsed(), ...change })).toBe(false)
  })

  it.each(Object.keys(failing).filter((key) => !['created', 'attribution', 'notes', 'timings'].includes(key)))('requires %s', (key) => {
    const { [key]: _, ...rest } = parsed()
    expect(validate(rest)).toBe(false)
  })
})
