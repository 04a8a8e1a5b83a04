import { describe, expect, it } from 'vitest'
import { halfToNumber } from '../../../kernels/float16.js'
import type { Tensor } from '../../../kernels/tensor.js'
import { arithmeticFor, hold, type PolicyOptions, policyOf } from '../../../src/runners/coreml/policy.js'
import { createCoremlSession } from '../../../src/runners/coreml/session.js'
import type { ComputeUnit, Precision } from '../../../src/runners/session.js'
import { float16, float32, MIL, sketchModel } from '../../support/graphs.js'

const held = (value: Tensor, options: PolicyOptions, dialect: 'mil' | 'neuralnetwork' = 'mil') =>
  hold(value, policyOf(options, dialect), false)
const elements = ({ data }: Tensor): number[] => Array.from(data as Float32Array)

/** float32 numbers and the binary16 numbers nearest to them, ties to even. */
const ROUNDED: readonly (readonly [string, number, number])[] = [
  ['a number between two', 0.1, 0.0999755859375],
  ['halfway, the even one below', 2049, 2048],
  ['halfway, the even one above', 2051, 2052],
  ['just above halfway', 2049.0002, 2050],
  ['the largest that rounds down', 65519.996, 65504],
  ['the least that overflows', 65520, Infinity],
  ['a negative one that overflows', -1e30, -Infinity],
  ['a subnormal', 1e-7, 1.1920928955078125e-7],
  ['the largest subnormal', 6.097555160522461e-5, 6.097555160522461e-5],
  ['half the least number, to even', 2 ** -25, 0],
  ['just above half the least number', 3.0e-8, 2 ** -24],
  ['a negative one below it', -1e-8, -0],
  ['minus zero', -0, -0],
  ['infinity', Infinity, Infinity],
  ['NaN', Number.NaN, Number.NaN],
]

describe('fp16', () => {
  it.each(ROUNDED)('%s', (_, from, to) => {
    for (const precision of ['fp16', 'fp16-accumulate'] as const) {
      const { dtype, data } = held(float32([1], [from]), { precision })
      expect([dtype, data[0]]).toEqual(['float16', to])
    }
    expect(elements(held(float16([1], [from]), {}))).toEqual([to])
  })
  it('changes no number that binary16 has', () => {
    const every = Array.from({ length: 65536 }, (_, bits) => halfToNumber(bits))
    expect(elements(held(float32([65536], every), { precision: 'fp16' }))).toEqual(every)
  })
  it('leaves what it is given as it was', () => {
    const value = float32([1], [0.1])
    held(value, { precision: 'fp16' })
    expect(elements(value)).toEqual([Math.fround(0.1)])
  })
})

describe('a chain of ops', () => {
  const model = (dtype: 'float32' | 'float16') =>
    sketchModel(
      { x: { dtype, shape: [1, 4] } },
      [
        {
          type: 'matmul',
          inputs: { x: 'x', y: { ...float16([4, 1], [1, 1, 1, 1]), dtype } as Tensor },
          output: 'sum',
          dtype,
          shape: [1, 1],
        },
        { type: 'add', inputs: { x: 'sum', y: { ...float16([], [1]), dtype } as Tensor }, output: 'more', dtype, shape: [1, 1] },
      ],
      ['more'],
      MIL,
    )
  const run = async (precision: Precision, dtype: 'float32' | 'float16', x: number[]) => {
    const session = await createCoremlSession(model(dtype), { precision })
    const value = (await session.run({ x: float32([1, 4], x) })).get('more')!
    return [value.dtype, value.data[0]]
  }
  const x = [2048, 1, 1, 1]
  it('keeps float32 with authored and fp32', async () => {
    expect(await run('authored', 'float32', x)).toEqual(['float32', 2052])
    expect(await run('fp32', 'float32', x)).toEqual(['float32', 2052])
    expect(await run('fp32', 'float16', x)).toEqual(['float32', 2052])
  })
  it('rounds what an op gives with authored float16 and fp16, but no step of a sum', async () => {
    expect(await run('authored', 'float16', x)).toEqual(['float16', 2052])
    expect(await run('fp16', 'float32', x)).toEqual(['float16', 2052])
    expect(await run('fp16', 'float32', [65504, 1, 1, 1])).toEqual(['float16', 65504])
  })
  it('rounds each step of a sum with fp16-accumulate', async () => {
    expect(await run('fp16-accumulate', 'float32', x)).toEqual(['float16', 2048])
    expect(await run('fp16-accumulate', 'float32', [1, 1, 1, 2048])).toEqual(['float16', 2052])
    expect(await run('fp16-accumulate', 'float32', [65504, 65504, -65504, 0])).toEqual(['float16', Infinity])
    expect(await run('fp16', 'float32', [65504, 65504, -65504, 0])).toEqual(['float16', 65504])
  })
})

describe('compute units', () => {
  const dtypes = (computeUnit: ComputeUnit, dialect: 'mil' | 'neuralnetwork', precision?: Precision) => {
    const policy = policyOf({ computeUnit, precision }, dialect)
    return [policy.held('float32'), policy.held('float16')]
  }
  it('cpu holds what the file says', () => {
    expect(dtypes('cpu', 'mil')).toEqual(['float32', 'float16'])
    expect(dtypes('cpu', 'neuralnetwork')).toEqual(['float32', 'float16'])
  })
  it.each(['gpu', 'ane'] as const)('%s holds a neural network in float16 and reduces no float32 of an ML Program', (unit) => {
    expect(dtypes(unit, 'neuralnetwork')).toEqual(['float16', 'float16'])
    expect(dtypes(unit, 'mil')).toEqual(['float32', 'float16'])
  })
  it('give way to a precision that is asked for', () => {
    expect(dtypes('gpu', 'neuralnetwork', 'fp32')).toEqual(['float32', 'float32'])
    expect(dtypes('cpu', 'mil', 'fp16')).toEqual(['float16', 'float16'])
  })
  it('name the precision that they chose', () => {
    expect(policyOf({ computeUnit: 'gpu' }, 'neuralnetwork').precision).toBe('fp16')
    expect(policyOf({ computeUnit: 'gpu' }, 'mil').precision).toBe('authored')
  })
  it('integers are left alone', () => {
    const value: Tensor = { dtype: 'int32', shape: [1], data: Int32Array.of(70000) }
    expect(held(value, { precision: 'fp16', computeUnit: 'ane', flushSubnormals: true })).toBe(value)
  })
  it('only ane departs from IEEE arithmetic, and only in float16', () => {
    const [single, half] = [float32([1], [1]), float16([1], [1])]
    const at = (computeUnit: ComputeUnit, ...operands: Tensor[]) => arithmeticFor(policyOf({ computeUnit }, 'mil'), operands)
    expect(at('gpu', half)).toEqual(at('cpu', half))
    expect(at('ane', single)).toEqual(at('cpu', single))
    expect(at('ane', single, half)).toMatchObject({ sum: 'float32', productLimit: 32752, shiftExponentials: false })
  })
})

describe('subnormals', () => {
  const numbers = [2 ** -14, 2 ** -14 - 2 ** -24, -(2 ** -16), 2 ** -24, -0, 1]
  it('are kept unless something else is asked for', () => {
    expect(elements(held(float16([6], numbers), { computeUnit: 'gpu' }))).toEqual(numbers)
  })
  it('become zero of their sign where flushed, whatever the unit', () => {
    for (const computeUnit of ['cpu', 'gpu', 'ane'] as const) {
      expect(elements(held(float16([6], numbers), { computeUnit, flushSubnormals: true }))).toEqual([2 ** -14, 0, -0, 0, -0, 1])
    }
  })
  it('of ane become the nearer of zero and the least normal number', () => {
    expect(elements(held(float16([6], numbers), { computeUnit: 'ane' }))).toEqual([2 ** -14, 2 ** -14, -0, 0, -0, 1])
  })
  it('of float32 lie below 2^-126', () => {
    const singles = [2 ** -126, 2 ** -127, -(2 ** -149), 1e-30]
    expect(elements(held(float32([4], singles), { flushSubnormals: true }))).toEqual([2 ** -126, 0, -0, Math.fround(1e-30)])
    expect(elements(held(float32([4], singles), { computeUnit: 'ane' }))).toEqual(singles.map(Math.fround))
  })
  it('are made and flushed by ops', async () => {
    const model = sketchModel(
      { x: { dtype: 'float16', shape: [1] } },
      [
        { type: 'mul', inputs: { x: 'x', y: float16([], [2 ** -14]) }, output: 'small', dtype: 'float16', shape: [1] },
        { type: 'mul', inputs: { x: 'small', y: float16([], [2 ** 14]) }, output: 'back', dtype: 'float16', shape: [1] },
      ],
      ['back'],
    )
    const back = async (options: PolicyOptions) =>
      (await (await createCoremlSession(model, options)).run({ x: float16([1], [0.25]) })).get('back')!.data[0]
    expect(await back({})).toBe(0.25)
    expect(await back({ flushSubnormals: true })).toBe(0)
  })
})
