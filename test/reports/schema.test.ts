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

/** Paths of the schema's properties that none of the values has. */
function unused(part: Schema, values: readonly unknown[], path = ''): string[] {
  const name = (part['$ref'] as string | undefined)?.replace('#/$defs/', '')
  if (name !== undefined) return unused((schema['$defs'] as Record<string, Schema>)[name]!, values, path)
  const branches = ((part['anyOf'] as Schema[] | undefined) ?? []).flatMap((branch) => unused(branch, values, path))
  const items = part['items'] ? unused(part['items'] as Schema, values.filter(Array.isArray).flat(), `${path}[]`) : []
  const objects = values.filter((value): value is Schema => typeof value === 'object' && value !== null && !Array.isArray(value))
  const properties = Object.entries((part['properties'] as Record<string, Schema> | undefined) ?? {}).flatMap(([key, property]) => {
    const holders = objects.filter((value) => Object.hasOwn(value, key))
    const inner = `${path}.${key}`
    return holders.length
      ? unused(
          property,
          holders.map((value) => value[key]),
          inner,
        )
      : [inner]
  })
  return [...branches, ...items, ...properties]
}

const compile = (schema: Schema): ValidateFunction =>
  new Ajv2020({ allErrors: true, formats: { 'date-time': (date) => !Number.isNaN(Date.parse(date)) } }).compile(schema)
const { created: _created, timings: _timings, ...reproducible } = failing
const validate = compile(closed)
const ATTRIBUTE = { op: { name: 'a', type: 'b' }, attributes: { epsilon: 1 }, operands: {} }
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

  it('describes nothing that these records do not hold', () => {
    expect(unused(schema, [failing, passing, profiled].map(parsed))).toEqual([])
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
    ['another version', { schema: 1 }],
    ['an unknown verdict', { verdict: 'maybe' }],
    ['an unknown cause', { findings: [{ ...parsed().findings[0], cause: 'gremlins' }] }],
    ['a confidence above 1', { findings: [{ ...parsed().findings[0], confidence: 2 }] }],
    ['more than three others', { findings: [{ ...parsed().findings[0], also: ['a', 'b', 'c', 'd'] }] }],
    ['a sample without a name', { inputs: { ...parsed().inputs, names: [null] } }],
    ['a finding without its samples', { findings: [{ ...parsed().findings[0], samples: undefined }] }],
    ['an attribute that is no text', { findings: [{ ...parsed().findings[0], compared: { source: [], target: [ATTRIBUTE] } }] }],
    ['an output without its samples', { outputs: [{ ...parsed().outputs[0], samples: undefined }] }],
    [
      'an isolated error without its rounding',
      { layers: [{ ...parsed().layers[0], isolated: { ...parsed().layers[0].isolated, rounding: {} } }] },
    ],
    ['an infinity that is no number', { outputs: [{ ...parsed().outputs[0], floor: 'huge' }] }],
  ])('refuses %s', (_, change) => {
    expect(validate({ ...parsed(), ...change })).toBe(false)
  })

  it.each(Object.keys(failing).filter((key) => !['created', 'attribution', 'notes', 'timings'].includes(key)))('requires %s', (key) => {
    const { [key]: _, ...rest } = parsed()
    expect(validate(rest)).toBe(false)
  })
})
