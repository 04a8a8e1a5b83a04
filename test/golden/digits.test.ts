/** The bundled example. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { check, createSession, openModel } from '../../src/index.js'
import { relativeError, resultsOf, samplesOf } from './archives.js'

const file = (member: string) => join(import.meta.dirname, '../../golden/digits', member)

it('every activation is that of TFLite', async () => {
  const model = await openModel(file('digits.tflite'))
  const session = await createSession(model)
  const values = await session.run(samplesOf(file('samples.npz'))[0]!, { fetch: 'all' })
  const expected = [...resultsOf(file('activations.npz'))].filter(([name]) => values.has(name))
  expect(expected.length).toBeGreaterThan(10)
  for (const [name, activation] of expected) expect(relativeError(values.get(name), activation), name).toBeLessThan(1e-5)
  await session.close()
  model.close()
})

// float16 logits between 8 and 16 are 2^-7 apart: a probability that hangs in the balance moves by about as much
it.each([
  ['digits.mlmodel', 1e-5],
  ['digits.mlpackage', 2 * 2 ** -7],
])('%s computes what TFLite prints, within %d', async (target, limit) => {
  const model = await openModel(file(target))
  const session = await createSession(model)
  const expected = resultsOf(file('expected.npz'))
  for (const [i, feeds] of samplesOf(file('samples.npz')).entries()) {
    const values = await session.run({ image: Object.values(feeds)[0]! })
    expect(relativeError(values.get('Identity'), expected.get(`${i}/StatefulPartitionedCall:0`)!)).toBeLessThan(limit)
  }
  await session.close()
  model.close()
})

describe('a check of', () => {
  it.each([
    ['digits.mlmodel', { preprocessing: { scale: 1 / 255 } }],
    ['digits.mlpackage', { preprocessing: { scale: 1 / 255 } }],
    ['digits_image.mlmodel', { preprocessing: { scale: 1 / 255 }, labels: file('labels.txt') }],
  ])('%s on pictures holds', async (target, options) => {
    const record = await check({ source: file('digits.tflite'), target: file(target), inputs: [file('samples')], ...options })
    expect(record.verdict).toBe('pass')
    expect(record.inputs.samples).toBe(8)
    expect(record.findings.filter(({ severity }) => severity !== 'note')).toEqual([])
    expect(record.source.values).toBe(new Set(record.layers.map((layer) => layer.source)).size + record.unaligned.source.length)
  })

  it.each([
    ['digits.mlmodel', 'digits.mlpackage'],
    ['digits.mlpackage', 'digits.mlmodel'],
  ])('%s with its other conversion %s holds, though a clip clips nothing on the first sample', async (source, target) => {
    const record = await check({ source: file(source), target: file(target), inputs: [file('samples.npz')] })
    expect(record.findings).toEqual([])
    expect(record.verdict).toBe('pass')
    expect(record.source.values).toBe(new Set(record.layers.map((layer) => layer.source)).size + record.unaligned.source.length)
  })

  it('classes in another order names the labels', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'labels-'))
    const labels = join(folder, 'labels.txt')
    writeFileSync(labels, readFileSync(file('labels.txt'), 'utf8').trim().split('\n').reverse().join('\n'))
    try {
      const record = await check({ source: file('digits.tflite'), target: file('digits_image.mlmodel'), inputs: [file('samples')], labels })
      expect(record.findings.map(({ cause, severity }) => [cause, severity])).toContainEqual(['label-order', 'error'])
      expect(record.verdict).toBe('fail')
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})
