/** The example of docs/custom-layers.md, as a user would write it, on a network that needs it. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { resultsOf } from '../golden/archives.js'
import { array, encodeModel, layer, networkModel, scratch, weights } from '../support/coreml.js'
import { parity, ROOT } from '../support/parity.js'

const folder = scratch()
afterAll(folder.remove)

const [, example] = /```js\n([\s\S]*?)```/.exec(readFileSync(join(ROOT, 'docs/custom-layers.md'), 'utf8'))!
const MODULE = folder.write('swish.mjs', example!)
const BETA = [0.5, 2]
const X = [1, -2, 3, 0.25]

/** With more layers, of these classes, that no output depends on. */
const network = (...dead: string[]) =>
  encodeModel(
    networkModel({
      input: [array('x', [2, 2])],
      output: [array('y', [2, 2])],
      layers: [
        layer('first', 'custom', ['x'], ['a'], {
          className: 'Swish',
          weights: [weights(BETA)],
          parameters: { scale: { doubleValue: 3 } },
        }),
        ...dead.map((className, i) => layer(`l${i}`, 'custom', ['a'], [`b${i}`], { className })),
        layer('last', 'activation', ['a'], ['y'], { ReLU: {} }),
      ],
    }),
  )

const MODEL = folder.write('swish.mlmodel', network())
const SAMPLE = folder.write('x.json', JSON.stringify([X.slice(0, 2), X.slice(2)]))

describe('a custom layer', () => {
  it('runs by the module of the documentation', async () => {
    const output = join(folder.path, 'o.npz')
    const call = ['run', MODEL, '--inputs', SAMPLE, '--fetch', 'a', '--output', output]
    const { code, stderr } = await parity([...call, '--custom-layer', `Swish=${MODULE}`])
    expect([code, stderr]).toEqual([0, ''])
    const expected = X.map((x, i) => (3 * x) / (1 + Math.exp(-BETA[i % 2]! * x)))
    const values = Array.from(resultsOf(output).get('a')!.data as Float32Array)
    expect(values.map((value, i) => Math.abs(value - expected[i]!) < 1e-6)).toEqual([true, true, true, true])
  })

  it('needs no module where no output depends on it', async () => {
    const model = folder.write('dead.mlmodel', network('Other'))
    const call = ['run', model, '--inputs', SAMPLE, '--output', join(folder.path, 'q.npz')]
    expect((await parity([...call, '--custom-layer', `Swish=${MODULE}`])).code).toBe(0)
  })

  it('is refused without one, before anything runs, with the flag that it takes', async () => {
    const { code, stderr } = await parity(['run', MODEL, '--random', '1', '--output', join(folder.path, 'p.npz')])
    expect(code).toBe(3)
    expect(stderr).toContain("the custom layer 'Swish' has no implementation")
    expect(stderr).toContain("op 'first' of type custom, layer 0")
    expect(stderr).toContain('--custom-layer Swish=MODULE.js')
  })
})
