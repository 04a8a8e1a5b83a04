/** A fault in every normalization of a network: epsilon is added behind the square root. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { messageType } from '../../proto/coreml/reader.js'
import { check } from '../../src/index.js'

const FOLDER = join(import.meta.dirname, '../../golden/nets/style')
const scratch = mkdtempSync(join(tmpdir(), 'parity-epsilon-'))
afterAll(() => rmSync(scratch, { recursive: true, force: true }))

interface LayerMessage {
  add?: { alpha: number }
  unary?: { type: string; shift?: number; scale?: number; epsilon?: number }
}

/** 1 / sqrt(variance + epsilon), in two layers, as 1 / (sqrt(variance) + epsilon). */
function withEpsilonOutside(path: string): { path: string; count: number } {
  const type = messageType('CoreML.Model')
  const model = type.toObject(type.decode(readFileSync(path)), { enums: String }) as { neuralNetwork: { layers: LayerMessage[] } }
  let count = 0
  model.neuralNetwork.layers.forEach((layer, index, layers) => {
    const next = layers[index + 1]
    if (!layer.add?.alpha || next?.unary?.type !== 'RSQRT') return
    next.unary = { ...next.unary, type: 'INVERSE', shift: layer.add.alpha }
    delete layer.add
    layer.unary = { type: 'SQRT', scale: 1 }
    count++
  })
  const out = join(scratch, 'outside.mlmodel')
  writeFileSync(out, type.encode(type.fromObject(model)).finish())
  return { path: out, count }
}

describe('epsilon outside of the root in every normalization', () => {
  it('is one finding, and all that follows stays aligned', async () => {
    const [source, inputs] = [join(FOLDER, 'source.tflite'), [join(FOLDER, 'samples.npz')]]
    const { path, count } = withEpsilonOutside(join(FOLDER, 'nn.mlmodel'))
    expect(count).toBeGreaterThan(3)
    const clean = await check({ source, target: join(FOLDER, 'nn.mlmodel'), inputs })
    const record = await check({ source, target: path, inputs })
    expect(record.verdict).toBe('fail')
    const partners = new Map(record.layers.map((layer) => [layer.source, layer.target]))
    for (const layer of clean.layers) {
      // the root's value stands where the sum stood: it may be a partner or none
      if (!/\/add$/.test(layer.source) || partners.has(layer.source)) expect(partners.get(layer.source)).toBe(layer.target)
    }
    const errors = record.findings.filter(({ severity }) => severity === 'error')
    expect(errors).toHaveLength(1)
    expect(errors[0]!.op.name).toMatch(/instance_norm\/(add|Rsqrt)$/)
    expect(record.work.macs.target!).toBeLessThan(3 * clean.work.macs.target!)
  })
})
