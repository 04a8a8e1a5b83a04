/** `parity run` on real files. */
import { mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { openNpz } from '../../src/inputs/decoders/npz.js'
import { relativeError, resultsOf } from '../golden/archives.js'
import { scratch } from '../support/coreml.js'
import { golden, parity } from '../support/parity.js'

const folder = scratch()
afterAll(folder.remove)

const SOURCE = golden('digits/digits.tflite')
const TARGET = golden('digits/digits.mlmodel')
const ARRAYS = golden('digits/samples.npz')
const OUTPUT = 'StatefulPartitionedCall:0'

let calls = 0

async function run(model: string, ...args: string[]): Promise<string> {
  const path = join(folder.path, `${calls++}.npz`)
  const { code, stderr } = await parity(['run', model, ...args, '--output', path])
  if (code !== 0) throw new Error(stderr)
  return path
}

describe.concurrent('parity run', () => {
  it('writes the outputs of several samples', async () => {
    const values = resultsOf(await run(TARGET, '--inputs', ARRAYS))
    const expected = resultsOf(golden('digits/expected.npz'))
    expect([...values.keys()]).toEqual(Array.from({ length: 8 }, (_, i) => `${i}/Identity`))
    for (let i = 0; i < 8; i++) expect(relativeError(values.get(`${i}/Identity`), expected.get(`${i}/${OUTPUT}`)!)).toBeLessThan(1e-5)
  })

  it('runs an array as one sample where the model leaves the batch open', async () => {
    const values = resultsOf(await run(SOURCE, '--inputs', ARRAYS))
    expect([...values].map(([name, { shape }]) => [name, shape])).toEqual([[OUTPUT, [8, 10]]])
  })

  it('names the members of one sample by the outputs alone', async () => {
    expect(openNpz(await run(TARGET, '--random', '1')).names).toEqual(['Identity'])
  })

  it('writes every value with --fetch all', async () => {
    const values = resultsOf(await run(SOURCE, '--random', '1', '--fetch', 'all'))
    expect(values.size).toBe(13)
    expect(values.get('model/add/add')?.shape).toEqual([1, 4, 4, 32])
  })

  it('writes the values that are named, with commas or one by one', async () => {
    const joined = openNpz(await run(SOURCE, '--random', '1', '--fetch', 'model/add/add,model/global_average_pooling2d/Mean')).names
    const apart = openNpz(
      await run(SOURCE, '--random', '1', '--fetch', 'model/add/add', '--fetch', 'model/global_average_pooling2d/Mean'),
    ).names
    expect(joined).toEqual(['model/add/add', 'model/global_average_pooling2d/Mean'])
    expect(apart).toEqual(joined)
  })

  it('writes a file a sample into a folder, and nothing beside it', async () => {
    const path = join(folder.path, 'values')
    const { code } = await parity(['run', TARGET, '--inputs', ARRAYS, '--output', path])
    expect(code).toBe(0)
    expect(readdirSync(path).sort()).toEqual(Array.from({ length: 8 }, (_, i) => `${i}.npz`))
    expect(openNpz(join(path, '0.npz')).names).toEqual(['Identity'])
    expect(readdirSync(folder.path).filter((name) => name.startsWith('values'))).toEqual(['values'])
  })

  it('turns pictures into the input with --scale', async () => {
    const scaled = resultsOf(await run(SOURCE, '--inputs', golden('digits/samples'), '--scale', '0.00392156862745098'))
    expect(relativeError(scaled.get(`3/${OUTPUT}`), resultsOf(golden('digits/expected.npz')).get(`3/${OUTPUT}`)!)).toBeLessThan(1e-5)
  })

  it('computes in the precision that is asked for', async () => {
    const [wide, half] = await Promise.all(
      ['authored', 'fp16'].map(
        async (precision) => resultsOf(await run(TARGET, '--random', '1', '--precision', precision)).get('Identity')!,
      ),
    )
    expect(relativeError(half, wide!)).toBeGreaterThan(1e-6)
    expect(relativeError(half, wide!)).toBeLessThan(1e-1)
  })

  it('adds to all values the label, which no op makes', async () => {
    const args = ['--inputs', golden('digits/samples/0.png'), '--fetch', 'all']
    const values = resultsOf(await run(golden('digits/digits_image.mlmodel'), ...args))
    expect(values.get('classLabel')?.data).toEqual(['zero'])
    expect([...resultsOf(await run(TARGET, '--random', '1', '--fetch', 'all')).values()].some(({ dtype }) => dtype === 'string')).toBe(
      false,
    )
  })

  it('says what it wrote: sample, name, dtype, shape, place, and the label of a classifier', async () => {
    const path = join(folder.path, 'said.npz')
    const call = ['run', golden('digits/digits_image.mlmodel'), '--inputs', golden('digits/samples/0.png'), '--output', path]
    const { stdout } = await parity(call)
    const lines = stdout.split('\n')
    expect(lines[0]).toMatch(/^sample 0 '.*0\.png' → .*said\.npz$/)
    expect(stdout).toMatch(/^ {2}Identity\s+float32 \[10\]$/m)
    expect(stdout).toMatch(/^ {2}classLabel\s+string \[1\] 'zero'$/m)
    expect(stdout).toContain('2 values of 1 sample written')
    const several = await parity(['run', TARGET, '--random', '9', '--output', path])
    expect(several.stdout).toMatch(
      /^sample 7 'random#7' → .*\n {2}Identity {2}float32 \[1, 10\] {2}as 7\/Identity\nand 1 more sample\n9 values/m,
    )
    expect((await parity([...call, '--quiet'])).stdout).toBe('')
  })

  it('refuses an output that is neither an archive nor a folder, and takes both', async () => {
    const own = scratch()
    const to = (output: string) => parity(['run', TARGET, '--random', '1', '--output', join(own.path, output)])
    for (const output of ['o.json', 'o.npy']) {
      const { code, stderr } = await to(output)
      expect([code, stderr]).toEqual([2, expect.stringContaining('USAGE_OUTPUT')])
      expect(stderr).toContain(`${output}/`)
    }
    expect(readdirSync(own.path)).toEqual([])
    mkdirSync(join(own.path, 'there.v1'))
    for (const output of ['O.NPZ', 'plain', 'run.1/', 'there.v1']) expect([output, (await to(output)).code]).toEqual([output, 0])
    expect(readdirSync(own.path).sort()).toEqual(['O.NPZ', 'plain', 'run.1', 'there.v1'])
    own.remove()
  })

  it('writes labels as text', async () => {
    const values = resultsOf(await run(golden('digits/digits_image.mlmodel'), '--inputs', golden('digits/samples/0.png')))
    expect([...values.values()].some(({ dtype }) => dtype === 'string')).toBe(true)
  })

  it('runs the function that is asked for', async () => {
    const model = golden('models/functions.mlpackage')
    const { code, stderr } = await parity(['run', model, '--random', '1', '--function', 'nothing', '--output', join(folder.path, 'f.npz')])
    expect([code, stderr]).toEqual([2, expect.stringContaining("the model has no function 'nothing'")])
  })

  it('leaves nothing where a value is not there', async () => {
    const own = scratch()
    for (const output of ['a.npz', 'folder']) {
      const { code, stderr } = await parity(['run', TARGET, '--random', '1', '--fetch', 'nothing', '--output', join(own.path, output)])
      expect([code, stderr]).toEqual([2, expect.stringContaining("no value 'nothing'")])
    }
    expect(readdirSync(own.path)).toEqual([])
    own.remove()
  })
})
