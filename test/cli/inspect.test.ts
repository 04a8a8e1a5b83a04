/** `parity inspect` on real files. */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { openNpy } from '../../src/inputs/decoders/npy.js'
import {
  array,
  encodeModel,
  layer,
  named,
  networkModel,
  operation,
  programFunction,
  programModel,
  scratch,
  tensorType,
  text,
} from '../support/coreml.js'
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

  it('shows the attributes and operands of an op, by its name or its type', async () => {
    const of = async (op: string) => (await parity(['inspect', golden('digits/digits.mlmodel'), '--op', op])).stdout
    const one = await of('model/digit/BiasAdd')
    expect(one).toMatch(/^model\/digit\/BiasAdd \(innerProduct\), layer \d+\n {2}reads {3}input: model\/dense\/Relu\n/)
    expect(one).toContain('outputChannels = 10')
    expect(one).not.toContain('Op types')
    expect((await of('innerProduct')).match(/\(innerProduct\)/g)).toHaveLength(2)
    const { code, stderr } = await parity(['inspect', golden('digits/digits.mlmodel'), '--op', 'inerProduct'])
    expect([code, stderr]).toEqual([2, expect.stringMatching(/USAGE_OP/)])
    expect(stderr).toContain('innerProduct')
  })

  it('shows colours, sizes, scale and bias of pictures, and labels', async () => {
    const { stdout } = await parity(['inspect', golden('digits/digits_image.mlmodel')])
    expect(stdout).toContain('GRAY picture of 16 x 16 (width x height), value = pixel × 0.00392 + [0]')
    expect(stdout).toContain("10 labels: 'zero', 'one', 'two', 'three', 'four', …")
    expect((await parity(['inspect', golden('digits/digits.mlmodel')])).stdout).not.toMatch(/picture|labels/)
  })

  it('fits its lines to the width, whatever the file says of itself', async () => {
    const description = `${'word '.repeat(500)}${'x'.repeat(3000)}`
    const model = networkModel({
      input: [array('x', [2], 'FLOAT32', { shapeRange: { sizeRanges: [{ lowerBound: 1, upperBound: 8 }] } })],
      output: [array('y'.repeat(400), [2])],
      layers: [layer('l'.repeat(400), 'activation', ['x'], ['y'.repeat(400)], { ReLU: {} })],
      description: { metadata: { shortDescription: description } },
    })
    const { stdout } = await parity(['inspect', folder.write('wide.mlmodel', encodeModel(model))])
    expect(Math.max(...stdout.split('\n').map(({ length }) => length))).toBeLessThanOrEqual(200)
    expect(stdout).toContain('more lines with --json')
    expect(stdout).toContain('takes [1 to 8]')
  })

  it('names custom layers with their class, and what to do about them', async () => {
    const model = networkModel({
      input: [array('x', [2])],
      output: [array('y', [2])],
      layers: [layer('a', 'custom', ['x'], ['b'], { className: 'Swish' }), layer('c', 'custom', ['b'], ['y'], { className: 'Swish' })],
    })
    const path = folder.write('custom.mlmodel', encodeModel(model))
    const { stdout } = await parity(['inspect', path])
    expect(stdout).toMatch(/Custom layers\n.*\n {2}Swish {6}2 {2}a\n/)
    expect(stdout).toContain('--custom-layer CLASS=MODULE.js')
    expect(JSON.parse((await parity(['inspect', path, '--json'])).stdout).custom).toEqual([
      { className: 'Swish', type: 'custom', count: 2, op: 'a' },
    ])
    expect((await parity(['inspect', golden('digits/digits.mlmodel')])).stdout).not.toContain('Custom layers')
  })

  it('does not advise a module for the custom op of an ML Program', async () => {
    const floats = tensorType('FLOAT32', [2])
    const attributes = { class_name: text('Swish') }
    const operations = [operation('custom_layer', { x: 'x' }, [named('y', floats)], { attributes })]
    const main = programFunction({ inputs: [named('x', floats)], outputs: ['y'], operations })
    const description = { input: [array('x', [2])], output: [array('y', [2])] }
    const path = folder.write('op.mlmodel', encodeModel(programModel({ functions: { main }, description })))
    const { stdout } = await parity(['inspect', path])
    expect(stdout).toMatch(/custom_layer +1 +not supported/)
    expect(stdout).toMatch(/Swish +1 +y\n {2}Custom ops of an ML Program cannot be run/)
    expect(stdout).not.toContain('--custom-layer')
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
