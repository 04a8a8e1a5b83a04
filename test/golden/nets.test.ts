/** Every network of golden/nets with each of its conversions: parity where there is parity, the fault where one was made. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { check, createSession, openModel } from '../../src/index.js'
import { relativeError, resultsOf, samplesOf } from './archives.js'

interface Net {
  name: string
  about: string
  /** How pixels become the source's input, for targets that take an image. */
  preprocessing?: { scale: number; bias: number[]; order: 'RGB' | 'BGR' }
  targets: Record<string, { kind: string; input?: string; cause?: string; at?: string }>
}

const FOLDER = join(import.meta.dirname, '../../golden/nets')
const nets = readdirSync(FOLDER, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => JSON.parse(readFileSync(join(FOLDER, name, 'net.json'), 'utf8')) as Net)

describe.each(nets)('$name', ({ name, preprocessing, targets }) => {
  const file = (member: string) => join(FOLDER, name, member)

  it('the source runs as its own interpreter does', async () => {
    const model = await openModel(file('source.tflite'))
    const session = await createSession(model)
    const expected = resultsOf(file('expected.npz'))
    const errors: number[] = []
    for (const [i, feeds] of samplesOf(file('samples.npz')).entries()) {
      const values = await session.run(feeds)
      for (const { name: output } of model.outputs) errors.push(relativeError(values.get(output), expected.get(`${i}/${output}`)!))
    }
    await session.close()
    model.close()
    expect(errors.length).toBe(expected.size)
    expect(Math.max(...errors)).toBeLessThan(1e-5)
  })

  it.each(Object.entries(targets))('%s', async (target, { input, cause, at }) => {
    const record = await check({
      source: file('source.tflite'),
      target: file(target),
      inputs: [file('samples.npz')],
      ...(input && preprocessing && { targetInputs: [file(input)], preprocessing }),
    })
    const findings = record.findings.filter(({ severity }) => severity !== 'note')
    if (cause === undefined) {
      expect(findings).toEqual([])
      expect(record.verdict).toBe('pass')
      return
    }
    expect(record.verdict).toBe('fail')
    const places = findings[0]!
    expect([places.op.name, places.value, ...places.also].join(' ')).toContain(at)
  })
})
