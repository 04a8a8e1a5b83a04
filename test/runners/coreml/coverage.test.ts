/** Every op, and every parameter that it may be given, stands in a golden case. */
import { describe, expect, it } from 'vitest'
import { messageType } from '../../../proto/coreml/reader.js'
import { milOps } from '../../../src/runners/coreml/mil/index.js'
import { layerOps } from '../../../src/runners/coreml/nn/index.js'
import { type Aim, fieldAims, parameterAims, usesByRow } from './coverage.js'

/** What no golden case can show: a pattern of `type aim`, and the reason. */
const EXCEPTIONS: readonly (readonly [pattern: RegExp, reason: string])[] = [
  [
    /^(simpleRecurrent|gru|uniDirectionalLSTM|biDirectionalLSTM) activation\w*\.(leakyReLU|thresholdedReLU|PReLU|ELU|softsign|softplus|parametricSoftplus)/,
    'recurrent layers take six of the functions that ActivationParams can name; the others are refused (recurrent.test.ts)',
  ],
]

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
})

describe('the tables', () => {
  it('have every kind of layer that the published file has', () => {
    const kinds = messageType('CoreML.NeuralNetworkLayer').oneofs['layer']!.oneof
    expect(layerOps.map(({ type }) => type).sort()).toEqual([...kinds].sort())
  })
  it('need every exception', () => {
    const aims = layerOps.flatMap((row) =>
      fieldAims(row, uses.get(row) ?? [])
        .filter(({ reached }) => !reached)
        .map(({ name }) => `${row.type} ${name}`),
    )
    for (const [pattern] of EXCEPTIONS) expect(aims.some((aim) => pattern.test(aim))).toBe(true)
  })
})
