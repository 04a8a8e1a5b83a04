import { describe, expect, it } from 'vitest'
import { type DType, type Tensor, tensor } from '../../kernels/tensor.js'
import { castTensor, isCastable } from '../../src/inputs/convert.js'
import { refusal } from './files.js'

describe('castTensor', () => {
  const cast = (value: Tensor, dtype: DType) => Array.from<unknown>(castTensor(value, dtype, 'x').data)
  it('rounds floats to nearest even', () => {
    expect(cast(tensor('float64', [2], Float64Array.of(0.1, 1e300)), 'float32')).toEqual([Math.fround(0.1), Infinity])
    expect(cast(tensor('float32', [3], Float32Array.of(2049, 2051, 65520)), 'float16')).toEqual([2048, 2052, Infinity])
  })
  it('keeps integers of every width', () => {
    expect(cast(tensor('int64', [2], BigInt64Array.of(-5n, 7n)), 'int32')).toEqual([-5, 7])
    expect(cast(tensor('int32', [1], Int32Array.of(-5)), 'int64')).toEqual([-5n])
    expect(cast(tensor('float64', [2], Float64Array.of(3, -0)), 'uint8')).toEqual([3, 0])
    expect(cast(tensor('uint64', [1], BigUint64Array.of(2n ** 53n)), 'float32')).toEqual([2 ** 53])
    expect(cast(tensor('bool', [2], Uint8Array.of(0, 1)), 'float32')).toEqual([0, 1])
  })
  it.each<[Tensor, DType, RegExp]>([
    [tensor('int64', [2], BigInt64Array.of(0n, 2n ** 31n)), 'int32', /2147483648 at element 1, beyond int32's -2147483648 to 2147483647/],
    [tensor('int32', [1], Int32Array.of(-1)), 'uint8', /-1 at element 0, beyond uint8/],
    [tensor('float32', [1], Float32Array.of(0.5)), 'int32', /0.5 at element 0, the input takes whole numbers \(int32\)/],
    [tensor('float32', [1], Float32Array.of(Number.NaN)), 'int8', /NaN at element 0/],
    [tensor('float64', [1], Float64Array.of(2 ** 64)), 'int64', /beyond int64/],
    [tensor('uint8', [1], Uint8Array.of(2)), 'bool', /beyond bool's 0 to 1/],
    [tensor('string', [1], ['a']), 'float32', /holds string, the input takes float32/],
    [tensor('complex64', [1]), 'float32', /holds complex64/],
  ])('refuses %o as %s', (value, dtype, message) => {
    const error = refusal(() => castTensor(value, dtype, 'x'))
    expect(error.code).toBe('INPUT_DTYPE')
    expect(error.message).toMatch(message)
  })
  it('tells what can be cast at all', () => {
    expect(isCastable('float32', 'int8')).toBe(true)
    expect(isCastable('string', 'string')).toBe(true)
    expect(isCastable('string', 'int8')).toBe(false)
  })
})
