import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import type { Tensor } from '../../../kernels/tensor.js'
import { openModel } from '../../../src/formats/index.js'
import type { ParityError } from '../../../src/graph/errors.js'
import { createCoremlSession } from '../../../src/runners/coreml/session.js'
import type { Session, SessionOptions } from '../../../src/runners/session.js'
import { float16, float32 } from '../../support/graphs.js'

const open = async (file: string, options: SessionOptions = {}): Promise<Session> =>
  createCoremlSession(await openModel(fileURLToPath(new URL(`../../../golden/models/${file}`, import.meta.url))), options)

const run = async (file: string, feeds: Record<string, Tensor>, options?: SessionOptions) => (await open(file, options)).run(feeds)
const refusal = (file: string, feeds: Record<string, Tensor>, options?: SessionOptions): Promise<ParityError> =>
  run(file, feeds, options).then(
    () => expect.fail('no error'),
    (error: ParityError) => error,
  )
const numbers = (value: Tensor | undefined) => Array.from((value?.data ?? []) as Float32Array, Number)
const ones = (...shape: number[]) => float32(shape, new Array(shape.reduce((size, dimension) => size * dimension, 1)).fill(1))
const pixels = (shape: number[], data: number[]): Tensor<'uint8'> => ({ dtype: 'uint8', shape, data: Uint8Array.from(data) })

describe('flexible shapes', () => {
  it('takes every shape of a list', async () => {
    for (const batch of [1, 2, 4]) expect((await run('enumerated.mlpackage', { x: ones(batch, 3) })).get('y')?.shape).toEqual([batch, 3])
  })
  it('takes every shape of a range', async () => {
    for (const batch of [2, 3, 5]) expect((await run('range.mlpackage', { x: ones(batch, 3) })).get('y')?.shape).toEqual([batch, 3])
  })
  it('refuses others and says what is accepted', async () => {
    expect(await refusal('enumerated.mlpackage', { x: ones(3, 3) })).toMatchObject({
      code: 'INPUT_SHAPE',
      what: "input 'x' has shape [3, 3], the model takes one of [4, 3], [1, 3], [2, 3]",
    })
    for (const batch of [1, 6]) {
      expect(await refusal('range.mlpackage', { x: ones(batch, 3) })).toMatchObject({
        code: 'INPUT_SHAPE',
        what: `input 'x' has shape [${batch}, 3], the model takes [2 to 5, 3]`,
      })
    }
    expect((await refusal('range.mlpackage', { x: ones(3) })).code).toBe('INPUT_SHAPE')
  })
  it('refuses data that is not of its shape', async () => {
    const error = await refusal('range.mlpackage', { x: { dtype: 'float32', shape: [3, 3], data: new Float32Array(8) } })
    expect(error).toMatchObject({ code: 'INPUT_SHAPE', what: "input 'x' has 8 elements for the shape [3, 3]" })
  })
})

describe('optional inputs', () => {
  const x = float32([3], [1, 2, 3])
  it('have the default that they declare, else zeros', async () => {
    expect(numbers((await run('optional.mlmodel', { x })).get('y'))).toEqual([3.5, 4.5, 5.5])
  })
  it('are taken where they are given', async () => {
    expect(numbers((await run('optional.mlmodel', { x, z: x, w: x })).get('y'))).toEqual([3, 6, 9])
  })
  it('leave the others required', async () => {
    expect(await refusal('optional.mlmodel', { z: x })).toMatchObject({ code: 'INPUT_MISSING', what: "no tensor for the input 'x'" })
    expect((await refusal('optional.mlmodel', { x, v: x })).code).toBe('INPUT_UNKNOWN')
  })
})

describe('classifiers', () => {
  const x = float32([3], [0, 2, 1])
  const shares = [0.0900306, 0.66524096, 0.24472847]
  it('give the label as text and the probabilities in the order of the labels', async () => {
    const values = await run('classifier_text.mlmodel', { x })
    expect(values.get('animal')).toEqual({ dtype: 'string', shape: [1], data: ['bee'] })
    expect(values.get('scores')).toMatchObject({ dtype: 'float32', shape: [3] })
    numbers(values.get('scores')).forEach((share, i) => {
      expect(share).toBeCloseTo(shares[i]!, 6)
    })
  })
  it('give labels that are numbers as int64', async () => {
    expect((await run('classifier_number.mlmodel', { x })).get('animal')).toEqual({
      dtype: 'int64',
      shape: [1],
      data: BigInt64Array.of(10n),
    })
  })
  it('in an ML Program name the dictionary after the label', async () => {
    const values = await run('classifier_program.mlpackage', { x: float32([1, 3], [0, 1, 2]) })
    expect([...values.keys()].sort()).toEqual(['classLabel', 'classLabel_probs'])
    expect(values.get('classLabel')?.data).toEqual(['cat'])
    expect(values.get('classLabel_probs')?.shape).toEqual([3])
  })
  it('take the first of equal probabilities', async () => {
    expect((await run('classifier_text.mlmodel', { x: ones(3) })).get('animal')?.data).toEqual(['ant'])
  })
})

describe('images', () => {
  const bytes = Array.from({ length: 18 }, (_, i) => i)
  // x = 2 pixel + bias, y = x / 2 + 100 = pixel + bias / 2 + 100, rounded half to even
  const shown = bytes.map((pixel, i) => roundHalfEven(pixel + [1, 2, 3][i % 3]! / 2 + 100))
  it('keep RGB', async () => {
    const values = await run('image_rgb.mlmodel', { x: pixels([2, 3, 3], bytes) })
    expect(values.get('y')).toEqual(pixels([2, 3, 3], shown))
  })
  it('turn to BGR and back', async () => {
    const values = await run('image_bgr.mlmodel', { x: pixels([2, 3, 3], bytes) })
    expect(values.get('y')).toEqual(pixels([2, 3, 3], shown))
  })
  it('clip, and may be gray and of several sizes', async () => {
    const values = await run('image_gray.mlmodel', { x: pixels([2, 3], [0, 1, 2, 152, 153, 200]) })
    expect(values.get('y')).toEqual(pixels([2, 3], [102, 103, 104, 254, 255, 255]))
    const larger = await run('image_gray.mlmodel', { x: pixels([4, 4], new Array(16).fill(7)) })
    expect(larger.get('y')).toEqual(pixels([4, 4], new Array(16).fill(109)))
  })
  it('of another size or rank are refused', async () => {
    expect(await refusal('image_gray.mlmodel', { x: pixels([3, 3], new Array(9).fill(0)) })).toMatchObject({
      code: 'INPUT_SHAPE',
      what: "input 'x' has shape [3, 3], the model takes an image of one of [2, 3], [4, 4] (height, width)",
    })
    expect((await refusal('image_rgb.mlmodel', { x: pixels([2, 3], bytes.slice(12)) })).what).toContain(
      'an image of [2, 3] (height, width) with 3 channels',
    )
  })
})

const roundHalfEven = (x: number) => (Math.abs(x % 1) === 0.5 ? 2 * Math.round(x / 2) : Math.round(x))

describe('arrays under the rank-5 mapping', () => {
  it('get a sequence and a batch of one', async () => {
    const values = await run('rank5.mlmodel', { x: float32([2], [1, 2]), before: float32([1], [10]) })
    expect(values.get('y')).toEqual(float32([1], [13]))
  })
  it('may come with a sequence and a batch', async () => {
    const steps = [1, 2, 3, 4, 5, 6]
    for (const shape of [
      [3, 1, 2],
      [3, 1, 2, 1, 1],
    ]) {
      const values = await run('rank5.mlmodel', { x: float32(shape, steps) })
      expect(values.get('y')).toEqual(float32([3, 1, 1, 1, 1], [3, 10, 21]))
      expect(values.get('after')).toEqual(float32([1], [21]))
    }
  })
  it('are refused with both forms named', async () => {
    expect(await refusal('rank5.mlmodel', { x: float32([3, 1, 1], [1, 2, 3]) })).toMatchObject({
      code: 'INPUT_SHAPE',
      what: "input 'x' has shape [3, 1, 1], the model takes [2], or [sequence, batch, 2]",
    })
  })
})

describe('states', () => {
  const x = float16([3], [1, 2, 3])
  it('last as long as the session', async () => {
    const session = await open('state.mlpackage')
    expect(numbers((await session.run({ x })).get('y'))).toEqual([2, 4, 6])
    expect(numbers((await session.run({ x })).get('y'))).toEqual([4, 8, 12])
    const other = await open('state.mlpackage')
    expect(numbers((await other.run({ x })).get('y'))).toEqual([2, 4, 6])
  })
  it('can be read and reset', async () => {
    const session = await open('state.mlpackage')
    const [name] = session.state.names()
    await session.run({ x })
    expect(session.state.read(name!)).toEqual(float16([3], [1, 2, 3]))
    session.state.reset()
    expect(session.state.read(name!)).toEqual(float16([3], [0, 0, 0]))
    expect(numbers((await session.run({ x })).get('y'))).toEqual([2, 4, 6])
  })
  it('are written though no output reads them', async () => {
    const session = await open('state_written_last.mlpackage')
    expect(numbers((await session.run({ x })).get('y'))).toEqual([0, 0, 0])
    expect(numbers((await session.run({ x })).get('y'))).toEqual([1, 2, 3])
  })
  it('keep what a precision keeps', async () => {
    const session = await open('state.mlpackage', { precision: 'fp32' })
    const third = float32([3], [1 / 3, 1 / 3, 1 / 3])
    await session.run({ x: third })
    expect(session.state.read(session.state.names()[0]!)).toEqual(third)
  })
})

describe('functions', () => {
  const x = float32([2], [1, 2])
  it('run by name, one by default', async () => {
    expect(numbers((await run('functions.mlpackage', { x })).get('y'))).toEqual([3, 6])
    expect(numbers((await run('functions.mlpackage', { x }, { function: 'plus_one' })).get('y'))).toEqual([2, 3])
  })
  it('that are missing are named with those that are there', async () => {
    expect(await refusal('functions.mlpackage', { x }, { function: 'minus' })).toMatchObject({
      code: 'USAGE_FUNCTION',
      what: "the model has no function 'minus'",
      remedy: 'It has plus_one, times_three',
    })
  })
})

describe('custom layers', () => {
  const x = float32([4], [1, 1, 2, 2])
  const withModule = async <T>(source: string, body: (path: string) => Promise<T>): Promise<T> => {
    const folder = mkdtempSync(join(tmpdir(), 'custom-'))
    try {
      writeFileSync(join(folder, 'layer.mjs'), source)
      return await body(join(folder, 'layer.mjs'))
    } finally {
      rmSync(folder, { recursive: true })
    }
  }
  it('run by the module of their class, with weights and parameters', async () => {
    const source = `export default { evaluate({ inputs: [x], weights, parameters }) {
      const [factors, [bias]] = weights.map((bytes) => new Float32Array(bytes.slice().buffer))
      const sign = parameters.negate && parameters.kind === 'affine' && parameters.limit === 2 ** 40 ? -1 : 1
      return [{ ...x, data: x.data.map((value, i) => sign * parameters.times * (value * factors[i] + bias + parameters.offset)) }]
    } }`
    const values = await withModule(source, (path) => run('custom.mlmodel', { x }, { customLayers: { Scaling: path } }))
    expect(numbers(values.get('y'))).toEqual([-3.5, -5.5, -13.5, -17.5])
  })
  it('take several inputs and give several outputs', async () => {
    const source = `export default { evaluate({ inputs: [x, z] }) {
      return [1, -1].map((sign) => ({ ...x, data: x.data.map((value, i) => value + sign * z.data[i]) }))
    } }`
    const feeds = { x: float32([2], [1, 5]), z: float32([2], [3, -4]) }
    const values = await withModule(source, (path) => run('custom_two_inputs.mlmodel', feeds, { customLayers: { SumAndDifference: path } }))
    expect(numbers(values.get('sum'))).toEqual([4, 1])
    expect(numbers(values.get('difference'))).toEqual([-2, 9])
  })
  it('without a module name the class and the flag', async () => {
    expect(await refusal('custom.mlmodel', { x })).toMatchObject({
      code: 'UNSUPPORTED_CUSTOM_LAYER',
      what: "the custom layer 'Scaling' has no implementation",
      remedy: 'Give one with --custom-layer Scaling=MODULE.js',
    })
  })
  it.each([
    ['that return no tensor', 'export default { evaluate: () => [1] }', 'returned something else than 1 tensors'],
    ['that fail', 'export default { evaluate() { throw new Error("no luck") } }', 'failed: no luck'],
    ['without evaluate', 'export default {}', "has no default export with a function 'evaluate'"],
  ])('refuses modules %s', async (_, source, what) => {
    const error = await withModule(source, (path) => refusal('custom.mlmodel', { x }, { customLayers: { Scaling: path } }))
    expect(error).toMatchObject({ code: 'INPUT_CUSTOM_LAYER', what: `the module for custom layer 'Scaling' ${what}` })
  })
})
