/** Every row of the table says what it follows, agrees with the format's schema and its reader, and stands in a case. */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { ENUMS, TABLES } from '../../../proto/tflite/generated/schema.js'
import { parameterOf } from '../../../src/formats/tflite/operands.js'
import type { Op } from '../../../src/runners/tfjs/op.js'
import { TFLITE_OPS } from '../../../src/runners/tfjs/tflite/table.js'
import { CASES } from './cases.js'
import { tfliteCases } from './golden.js'

/** Operators whose cases are more than operands and results: the file that runs them. */
const ELSEWHERE: { readonly [type: string]: string } = {
  IF: 'session.test.ts',
  WHILE: 'session.test.ts',
  CALL_ONCE: 'session.test.ts',
  VAR_HANDLE: 'session.test.ts',
  READ_VARIABLE: 'session.test.ts',
  ASSIGN_VARIABLE: 'session.test.ts',
  CALL: 'programs.test.ts',
  STABLEHLO_COMPOSITE: 'programs.test.ts',
  HASHTABLE: 'programs.test.ts',
  HASHTABLE_IMPORT: 'programs.test.ts',
  HASHTABLE_FIND: 'programs.test.ts',
  HASHTABLE_SIZE: 'programs.test.ts',
  RANDOM_UNIFORM: 'programs.test.ts',
  RANDOM_STANDARD_NORMAL: 'programs.test.ts',
  CONV_2D: 'convolution.test.ts',
  DEPTHWISE_CONV_2D: 'convolution.test.ts',
  TRANSPOSE_CONV: 'convolution.test.ts',
  CONV_3D: 'convolution.test.ts',
  FULLY_CONNECTED: 'convolution.test.ts',
  BATCH_MATMUL: 'convolution.test.ts',
  QUANTIZE: 'quantized.test.ts',
  DEQUANTIZE: 'quantized.test.ts',
  UNIDIRECTIONAL_SEQUENCE_LSTM: 'recurrent.test.ts',
  UNIDIRECTIONAL_SEQUENCE_RNN: 'recurrent.test.ts',
  BIDIRECTIONAL_SEQUENCE_RNN: 'recurrent.test.ts',
  SVDF: 'recurrent.test.ts',
}

const written = new Set([...CASES.flatMap(([, cases]) => cases.map(({ type }) => type)), ...tfliteCases().map(({ op }) => op)])
const rows = [...TFLITE_OPS.values()]

const isElsewhere = (type: string): boolean => {
  const file = ELSEWHERE[type]
  return file !== undefined && readFileSync(new URL(file, import.meta.url), 'utf8').includes(`'${type}'`)
}

/** The options' table that a row names, or null for an operator without options. */
const optionsOf = ({ specification }: Op): string | null => {
  const [, options] = /^(\w+)(; .+)?$/.exec(specification) ?? []
  return options ?? null
}

describe.each(rows.map((row) => [row.type, row] as const))('%s', (type, row) => {
  it('stands in a case', () => {
    expect(written.has(type) || isElsewhere(type)).toBe(true)
  })

  it('is an operator of the schema', () => {
    expect(Object.values(ENUMS.BuiltinOperator.names)).toContain(type)
  })

  it('names its options, and no attribute that they lack', () => {
    const options = optionsOf(row)
    const fields: readonly string[] =
      options === null ? [] : Object.keys(TABLES[options as keyof typeof TABLES] ?? { [`no ${options}`]: '' })
    expect(options === null ? row.specification : options).toMatch(options === null ? /^no options; \w/ : /Options$/)
    expect(Object.keys(row.attributes).filter((name) => !fields.includes(name))).toEqual([])
  })

  it('names its operands as the reader does', () => {
    expect(Object.keys(row.operands)).toEqual(Object.keys(row.operands).map((_, index) => parameterOf(type, index)))
  })

  it('takes every attribute from a file that leaves it out, but for a choice without a default', () => {
    const required = Object.entries(row.attributes).filter(([, attribute]) => attribute.required)
    expect(required.map(([name]) => `${type} ${name}`).filter((name) => name !== 'REDUCE_WINDOW reduce_function')).toEqual([])
  })

  it('has a variadic operand at the end or none', () => {
    const places = Object.values(row.operands).flatMap(({ variadic }, index) => (variadic ? [index] : []))
    expect(places.filter((index) => index !== Object.keys(row.operands).length - 1)).toEqual([])
  })
})

it('what is tested elsewhere has a row, and no case here', () => {
  expect(Object.keys(ELSEWHERE).filter((type) => !TFLITE_OPS.has(type) || written.has(type))).toEqual([])
})
