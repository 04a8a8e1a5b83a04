/** `parity inspect` on real files. */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { openNpy } from '../../src/inputs/npy.js'
import { scratch } from '../support/coreml.js'
import { golden, parity } from '../support/parity.js'

const folder = scratch()
afterAll(folder.remove)

describe.concurrent('parity inspect', () => {
  it('shows what a model takes, gives and holds', async () => {
    const { code, stdout, stderr } = await parity(['inspect', golden('digits/digits_image.mlmodel')])
    expect([code, stderr]).toEqual([0, ''])
    for (const part of ['mlmodel', 'Inputs', 'image', 'Outputs', 'Op types', 'convolution', 'specificationVersion'])
      expect(stdout).toContain(part)
  })

  it('gives everything as JSON', async () => {
    const { stdout } = await parity(['inspect', golden('digits/digits.tflite'), '--json'])
    const found = JSON.parse(stdout)
    expect(found).toMatchObject({ format: 'tflite', unsupported: [], inputs: [{ name: 'serving_default_image:0' }] })
    expect(found.ops).toHaveLength(13)
    expect(found.sha256).toMatch(/^[0-9a-f]{64}$/)
  })

  it('says what a conversion is known to change', async () => {
    const { stdout } = await parity(['inspect', golden('digits/digits.tflite')])
    expect(stdout).toContain('Known to hurt in a conversion')
    expect(stdout).toContain('dynamic-shape')
  })

  it('writes the weights', async () => {
    const path = join(folder.path, 'weights')
    const { code } = await parity(['inspect', golden('digits/digits.mlmodel'), '--export-weights', path])
    expect(code).toBe(0)
    const files = readdirSync(path)
    expect(files).toHaveLength(18)
    expect(files.reduce((sum, name) => sum + openNpy(join(path, name)).read().data.length, 0)).toBeGreaterThan(1000)
  })

  it('refuses a folder that cannot be written', async () => {
    const { code, stderr } = await parity([
      'inspect',
      golden('digits/digits.mlmodel'),
      '--export-weights',
      join(golden('digits/labels.txt'), 'x'),
    ])
    expect([code, stderr]).toEqual([2, expect.stringContaining('INPUT_OUTPUT_PATH')])
  })
})
