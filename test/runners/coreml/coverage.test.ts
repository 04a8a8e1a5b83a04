/** Every op, and every parameter that it may be given, stands in a golden case. */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { messageType } from '../../../proto/coreml/reader.js'
import { milOps } from '../../../src/runners/coreml/mil/index.js'
import { modelOps } from '../../../src/runners/coreml/models/index.js'
import { layerOps } from '../../../src/runners/coreml/nn/index.js'
import { OPSETS, type Opset } from '../../../src/runners/coreml/op.js'
import { type Aim, fieldAims, parameterAims, usesByRow } from './coverage.js'

/** What no golden case can show: a pattern of `type aim`, and the reason. */
const EXCEPTIONS: readonly (readonly [pattern: RegExp, reason: string])[] = [
  [
    /^(simpleRecurrent|gru|uniDirectionalLSTM|biDirectionalLSTM) activation\w*\.(leakyReLU|thresholdedReLU|PReLU|ELU|softsign|softplus|parametricSoftplus)/,
    'recurrent layers take six of the functions that ActivationParams can name; the others are refused (recurrent.test.ts)',
  ],
  [/^conv_quantized quantization_type = lut$/, 'no table of values is published for it; refused (sums-refused.test.ts)'],
]

/** Parameters by op: true where they are optional. */
type Published = Record<string, Record<string, boolean>>

const uses = await usesByRow()

const missing = (type: string, aims: readonly Aim[]): string[] =>
  aims.flatMap(({ name, reached }) => (reached || EXCEPTIONS.some(([pattern]) => pattern.test(`${type} ${name}`)) ? [] : [name]))

describe('golden cases reach', () => {
  it.each(milOps.map((row) => [row.type, row.since, row] as const))('ML Program op %s of %s', (type, _, row) => {
    expect(uses.get(row)?.length ?? 0).toBeGreaterThan(0)
    expect(missing(type, parameterAims(row, uses.get(row) ?? []))).toEqual([])
  })
  it.each(layerOps.map((row) => [row.type, row] as const))('neuralnetwork layer %s', (type, row) => {
    expect(uses.get(row)?.length ?? 0).toBeGreaterThan(0)
    expect(missing(type, fieldAims(row, uses.get(row) ?? []))).toEqual([])
  })
  it.each(modelOps.map((row) => [row.type, row] as const))('model %s', (type, row) => {
    expect(uses.get(row)?.length ?? 0).toBeGreaterThan(0)
    expect(missing(type, parameterAims(row, uses.get(row) ?? []))).toEqual([])
  })
})

/** Ops and parameters of the published opsets that the table has otherwise: `op parameter` or `op`, and the reason. */
const OTHERWISE: readonly (readonly [pattern: RegExp, reason: string])[] = [
  [/^const( |$)/, 'the reader makes constants of them'],
  [/^make_list elem_shape|^while_loop loop_vars/, 'a list, which may be empty'],
]

describe('the tables', () => {
  it('have every op and parameter of every opset, optional where it is', () => {
    const opsets = JSON.parse(readFileSync(new URL('../../../golden/opsets.json', import.meta.url), 'utf8')) as Record<Opset, Published>
    const published: Published = {}
    for (const opset of OPSETS) {
      Object.assign(published, opsets[opset])
      for (const [type, wanted] of Object.entries(published)) {
        const rows = milOps.filter((row) => row.type === type && OPSETS.indexOf(row.since) <= OPSETS.indexOf(opset))
        const row = rows.sort((a, b) => OPSETS.indexOf(b.since) - OPSETS.indexOf(a.since))[0]
        const found = Object.fromEntries(Object.entries(row?.parameters ?? {}).map(([name, { required }]) => [name, !required]))
        const differing = [...new Set([...Object.keys(wanted), ...Object.keys(found)])].filter((name) => wanted[name] !== found[name])
        expect(
          differing.filter((name) => !OTHERWISE.some(([pattern]) => pattern.test(`${type} ${name}`))).map((name) => `${type} ${name}`),
        ).toEqual([])
      }
    }
    const extra = milOps.filter(({ type }) => !(type in published)).map(({ type }) => type)
    expect(extra).toEqual(['write_state'])
  })
  it('have every kind of layer that the published file has', () => {
    const kinds = messageType('CoreML.NeuralNetworkLayer').oneofs['layer']!.oneof
    expect(layerOps.map(({ type }) => type).sort()).toEqual([...kinds].sort())
  })
  it('say of every ML Program op which opset and family define it', () => {
    const list = JSON.parse(readFileSync(new URL('../../../golden/published.json', import.meta.url), 'utf8')) as {
      ops: { type: string; family: string; opsets: string[] }[]
    }
    const defined = new Map(list.ops.map(({ type, family, opsets }) => [type, { family, opsets }]))
    const amiss = milOps.filter(({ type, since, specification }) => {
      const { family, opsets } = defined.get(type) ?? { family: 'states', opsets: ['iOS18'] }
      return specification !== `${since} ${family}` || !opsets.includes(since)
    })
    expect(amiss.map(({ type, since, specification }) => `${type} of ${since}: ${specification}`)).toEqual([])
  })
  it('say of every layer which message it follows, one each', () => {
    const messages = layerOps.map(({ specification }) => specification)
    expect(messages.filter((message) => !/^NeuralNetwork\.proto [A-Z]\w+Params$/.test(message))).toEqual([])
    expect(new Set(messages).size).toBe(messages.length)
  })
  it('say of every model type which message it follows', () => {
    for (const { specification } of modelOps) expect(specification).toMatch(/^\w+\.proto \w+$/)
  })
  it('need every exception', () => {
    const all = [
      ...milOps.map((row) => ({ row, aims: parameterAims(row, uses.get(row) ?? []) })),
      ...layerOps.map((row) => ({ row, aims: fieldAims(row, uses.get(row) ?? []) })),
    ]
    const aims = all.flatMap(({ row, aims: own }) => own.filter(({ reached }) => !reached).map(({ name }) => `${row.type} ${name}`))
    for (const [pattern] of EXCEPTIONS) expect(aims.some((aim) => pattern.test(aim))).toBe(true)
  })
})
