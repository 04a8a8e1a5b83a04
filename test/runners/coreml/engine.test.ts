import { describe, expect, it } from 'vitest'
import { type Tensor, tensor } from '../../../kernels/tensor.js'
import { createCoremlSession } from '../../../src/runners/coreml/session.js'
import { float16, float32, sketchModel } from '../../support/graphs.js'

const X = { x: { dtype: 'float32' as const, shape: [3] } }
const numbers = (value: Tensor | undefined) => Array.from((value?.data ?? []) as Float32Array)

const chain = () =>
  sketchModel(
    { x: { dtype: 'float32', shape: [3] } },
    [
      { type: 'add', inputs: { x: 'x', y: float32([3], [1, 1, 1]) }, output: 'a' },
      { type: 'mul', inputs: { x: 'a', y: float32([], [2]) }, output: 'b' },
      { type: 'relu', inputs: { x: 'b' }, output: 'c' },
      { type: 'sub', inputs: { x: 'a', y: 'x' }, output: 'unused' },
    ],
    ['c'],
  )
const int32 = (shape: number[], data: number[]) => tensor('int32', shape, Int32Array.from(data))
const no = tensor('bool', [], Uint8Array.of(0))
const feeds = { x: float32([3], [-3, 0, 2]) }

describe('a session of the Core ML engine', () => {
  it('gives the outputs', async () => {
    const session = await createCoremlSession(chain())
    const values = await session.run(feeds)
    expect([...values.keys()]).toEqual(['c'])
    expect(numbers(values.get('c'))).toEqual([0, 2, 6])
  })
  it('fetches any value, and all of them', async () => {
    const session = await createCoremlSession(chain())
    expect(numbers((await session.run(feeds, { fetch: ['a'] })).get('a'))).toEqual([-2, 1, 3])
    expect([...(await session.run(feeds, { fetch: 'all' })).keys()]).toEqual(['a', 'b', 'c', 'unused'])
  })
  it('takes any value in place of computing it', async () => {
    const session = await createCoremlSession(chain())
    const values = await session.run({}, { feed: { b: float32([3], [1, -1, 5]) }, fetch: ['c'] }).catch((error: Error) => error)
    expect(values).toMatchObject({ code: 'INPUT_MISSING' })
    const fed = await session.run(feeds, { feed: { b: float32([3], [1, -1, 5]) } })
    expect(numbers(fed.get('c'))).toEqual([1, 0, 5])
  })
  it('shows each value to the tap, which may replace it', async () => {
    const session = await createCoremlSession(chain())
    const seen: string[] = []
    const values = await session.run(feeds, {
      tap(name) {
        seen.push(name)
        return name === 'a' ? float32([3], [10, 20, -30]) : undefined
      },
    })
    expect(seen).toEqual(['a', 'b', 'c', 'unused'])
    expect(numbers(values.get('c'))).toEqual([20, 40, 0])
  })
  it('overrides constants and attributes for one run', async () => {
    const session = await createCoremlSession(chain())
    const overrides = [{ kind: 'constant', value: 'a/y', tensor: float32([3], [0, 0, 7]) }] as const
    expect(numbers((await session.run(feeds, { overrides: [...overrides] })).get('c'))).toEqual([0, 0, 18])
    const attribute = { kind: 'attribute', node: 'b', attribute: 'y', value: float32([], [-1]) } as const
    expect(numbers((await session.run(feeds, { overrides: [attribute] })).get('c'))).toEqual([2, 0, 0])
    expect(numbers((await session.run(feeds)).get('c'))).toEqual([0, 2, 6])
  })
  it('refuses feeds that are missing, unknown or misshapen', async () => {
    const session = await createCoremlSession(chain())
    await expect(session.run({})).rejects.toMatchObject({ code: 'INPUT_MISSING' })
    await expect(session.run({ ...feeds, y: feeds.x })).rejects.toMatchObject({ code: 'INPUT_UNKNOWN' })
    await expect(session.run({ x: float32([2], [1, 2]) })).rejects.toThrow(/\[2\].*\[3\]/)
  })
  it('names an op that it lacks before anything runs', async () => {
    const model = sketchModel(X, [{ type: 'relu66', inputs: { x: 'x' }, output: 'y' }], ['y'])
    const session = await createCoremlSession(model)
    await expect(session.run(feeds)).rejects.toMatchObject({ code: 'UNSUPPORTED_OP', remedy: expect.stringContaining('relu6') })
  })
  it('names the op and the parameter of a broken node', async () => {
    const model = sketchModel(X, [{ type: 'relu', inputs: { z: 'x' }, output: 'y' }], ['y'])
    await expect((await createCoremlSession(model)).run(feeds)).rejects.toThrow(/parameter 'z'.*op 'y' of type relu/)
  })
  it('stops at the memory limit', async () => {
    const session = await createCoremlSession(chain(), { memoryLimit: 1e-5 })
    await expect(session.run(feeds)).rejects.toMatchObject({ code: 'UNSUPPORTED_MEMORY_LIMIT' })
  })
})

describe('precision policies', () => {
  const third = () =>
    sketchModel(
      { x: { dtype: 'float16', shape: [1] } },
      [{ type: 'mul', inputs: { x: 'x', y: float16([], [0.333251953125]) }, output: 'y', dtype: 'float16' }],
      ['y'],
    )
  const one = { x: float32([1], [1 / 3]) }
  it('authored rounds what is declared float16', async () => {
    const value = (await (await createCoremlSession(third())).run(one)).get('y')!
    expect(value.dtype).toBe('float16')
    expect(numbers(value)).toEqual([0.111083984375])
  })
  it('fp32 keeps every float wide', async () => {
    const value = (await (await createCoremlSession(third(), { precision: 'fp32' })).run(one)).get('y')!
    expect(numbers(value)).toEqual([Math.fround(Math.fround(1 / 3) * 0.333251953125)])
  })
  it.each(['fp32', 'fp16'] as const)(
    '%s brings constants, values and what is given to one dtype for ops of several operands',
    async (precision) => {
      const model = sketchModel(
        { x: { dtype: 'float32', shape: [4] } },
        [
          { type: 'split', inputs: { x: 'x', split_sizes: int32([2], [2, 2]), axis: int32([], [0]) }, output: 'p' },
          { type: 'concat', inputs: { values: float16([1], [0.5]), axis: int32([], [0]), interleave: no }, output: 'y' },
        ],
        ['y'],
      )
      const [split, concat] = model.graph.nodes
      model.graph.values.set('q', { name: 'q', dtype: 'float32', shape: [2] })
      split!.outputs.push('q')
      concat!.inputs.unshift({ parameter: 'values', value: 'p' }, { parameter: 'values', value: 'q' })
      const session = await createCoremlSession(model, { precision })
      const x = float32([4], [1, 2, 3, 4])
      expect(numbers((await session.run({ x })).get('y'))).toEqual([1, 2, 3, 4, 0.5])
      for (const given of [float16([2], [7, 8]), float32([2], [7, 8])]) {
        expect(numbers((await session.run({ x }, { feed: { p: given } })).get('y'))).toEqual([7, 8, 3, 4, 0.5])
        expect(
          numbers(
            await session.replay!(
              'y',
              new Map<string, Tensor>([
                ['x', x],
                ['p', given],
              ]),
            ),
          ),
        ).toEqual([7, 8, 3, 4, 0.5])
      }
    },
  )
  it("holds a tensor that takes an attribute's place as it holds constants", async () => {
    const override = { kind: 'attribute', node: 'y', attribute: 'y', value: float32([], [1 / 3]) } as const
    const product = async (precision: 'fp32' | 'fp16') => {
      const session = await createCoremlSession(third(), { precision })
      return numbers((await session.run({ x: float32([1], [5]) }, { overrides: [override] })).get('y'))
    }
    expect(await product('fp32')).toEqual([Math.fround(5 * Math.fround(1 / 3))])
    expect(await product('fp16')).toEqual([1.666015625])
  })
  it('fp16 narrows what is declared float32', async () => {
    const model = sketchModel(
      { x: { dtype: 'float32', shape: [1] } },
      [{ type: 'add', inputs: { x: 'x', y: float32([], [0]) }, output: 'y' }],
      ['y'],
    )
    expect(numbers((await (await createCoremlSession(model, { precision: 'fp16' })).run({ x: float32([1], [1 / 3]) })).get('y'))).toEqual([
      0.333251953125,
    ])
  })
})

describe('noise', () => {
  const fractions = { x: float32([3], [-3.3, 0.1, 2.7]) }
  it('moves values by no more than rounding may, and the same way each time', async () => {
    const session = await createCoremlSession(chain())
    const run = async () => numbers((await session.run(fractions, { fetch: ['b'], noise: { seed: 1, coarse: new Map() } })).get('b'))
    const plain = numbers((await session.run(fractions, { fetch: ['b'] })).get('b'))
    const noisy = await run()
    expect(noisy).not.toEqual(plain)
    for (const [i, x] of noisy.entries()) expect(Math.abs(x - plain[i]!)).toBeLessThanOrEqual(4 * 2 ** -24 * 8)
    expect(await run()).toEqual(noisy)
  })
  it('leaves whole numbers alone: they count or point', async () => {
    const session = await createCoremlSession(chain())
    expect(numbers((await session.run(feeds, { noise: { seed: 1, coarse: new Map() } })).get('c'))).toEqual([0, 2, 6])
  })
})
