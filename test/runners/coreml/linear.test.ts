import { describe, expect, it } from 'vitest'
import { type Tensor, tensor } from '../../../kernels/tensor.js'
import { createCoremlSession } from '../../../src/runners/coreml/session.js'
import { float16, float32, sketchModel } from '../../support/graphs.js'
import { testGolden } from './golden.js'

describe('linear ops give what their formulas give', () => testGolden('linear'))

/** coremltools ops/tests/iOS17/test_linear.py test_ios17_mixed_precision: whole numbers, one side a constant; the result has the other's dtype. */
describe('matmul of two dtypes', () => {
  const MAKE = {
    float32: (shape: number[], data: number[]): Tensor => float32(shape, data),
    float16: (shape: number[], data: number[]): Tensor => float16(shape, data),
    int32: (shape: number[], data: number[]): Tensor => tensor('int32', shape, Int32Array.from(data)),
  }
  type DType = keyof typeof MAKE
  const DTYPES = Object.keys(MAKE) as DType[]
  const product = async (
    x: DType,
    y: DType,
    [left, right] = [
      [1, -2, 3, 4],
      [5, 6, -7, 8],
    ],
    constant: 'x' | 'y' = 'y',
  ) => {
    const values = { x: MAKE[x]([2, 2], left!), y: MAKE[y]([2, 2], right!) }
    const computed = constant === 'y' ? 'x' : 'y'
    const dtype = computed === 'x' ? x : y
    const inputs = { ...values, [computed]: computed }
    const model = sketchModel(
      { [computed]: { dtype, shape: [2, 2] } },
      [{ type: 'matmul', inputs, output: 'z', dtype, shape: [2, 2] }],
      ['z'],
    )
    const result = (await (await createCoremlSession(model)).run({ [computed]: values[computed] })).get('z')!
    return [result.dtype, Array.from(result.data, Number)]
  }

  it.each(DTYPES.flatMap((x) => DTYPES.map((y) => [x, y] as const)))('%s by %s', async (x, y) => {
    expect(await product(x, y)).toEqual([x, [19, -10, -13, 50]])
    expect(await product(x, y, undefined, 'x')).toEqual([y, [19, -10, -13, 50]])
  })

  it('cuts fractions off the sum where the result is int32, not off the operand', async () => {
    expect(
      await product('int32', 'float32', [
        [1, 1, -1, -1],
        [0.75, 0.25, 0.75, 0.25],
      ]),
    ).toEqual(['int32', [1, 0, -1, 0]])
  })

  it('wraps as integers do where both are int32', async () => {
    expect(
      await product('int32', 'int32', [
        [2 ** 30, 2 ** 30, 0, 1],
        [2, 1, 2, 1],
      ]),
    ).toEqual(['int32', [0, -(2 ** 31), 2, 1]])
  })
})
