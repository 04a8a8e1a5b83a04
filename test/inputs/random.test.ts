import { describe, expect, it } from 'vitest'
import { nextBits, Random } from '../../kernels/generator.js'
import type { DType } from '../../kernels/tensor.js'
import { randomPicture, randomTensor } from '../../src/inputs/random.js'

describe('Random', () => {
  it('is xoshiro128**: what the reference implementation gives from a known state', () => {
    const state = Uint32Array.of(0x964d4a0c, 0xd40ab895, 0xad7fdecb, 0x3006f0f0)
    expect(Array.from({ length: 4 }, () => nextBits(state))).toEqual([0xf1391922, 0x6fe53806, 0xa5be2840, 0xf510ee70])
  })
  it('repeats for a seed and differs between seeds and streams', () => {
    const first = (...seed: [number, ...number[]]) => new Random(...seed).uniform()
    expect(first(7, 1, 2)).toBe(first(7, 1, 2))
    expect(new Set([first(7), first(8), first(7, 0), first(7, 1), first(7, 0, 1), first(-7), first(7 + 2 ** 32)]).size).toBe(7)
  })
  it('is uniform, and normal', () => {
    const random = new Random(1)
    const mean = (of: () => number) => Array.from({ length: 20_000 }, of).reduce((a, b) => a + b) / 20_000
    expect(Math.abs(mean(() => random.uniform()) - 0.5)).toBeLessThan(0.01)
    expect(Math.abs(mean(() => random.normal()))).toBeLessThan(0.03)
    expect(Math.abs(mean(() => random.normal() ** 2) - 1)).toBeLessThan(0.05)
    expect(Math.abs(mean(() => random.normal() ** 4) - 3)).toBeLessThan(0.4)
  })
  it('makes what each dtype can hold', () => {
    const values = (dtype: DType) => Array.from<unknown>(randomTensor(new Random(3), dtype, [1000]).data).map(Number)
    expect(Math.max(...values('int32'))).toBe(9)
    expect(Math.min(...values('int64'))).toBe(0)
    expect(new Set(values('bool')).size).toBe(2)
    expect(Math.min(...values('int8'))).toBeLessThan(-120)
    expect(values('float32').every((value) => Math.fround(value) === value)).toBe(true)
    expect(randomPicture(new Random(3), 20, 10, 3).shape).toEqual([20, 10, 3])
    expect(Math.max(...randomPicture(new Random(3), 50, 50, 1).data)).toBe(255)
  })
})

describe('random indices', () => {
  it('are whole and in range, whatever the dtype', () => {
    for (const dtype of ['float32', 'float16', 'int32', 'uint8', 'int64'] as const) {
      const numbers = Array.from(randomTensor(new Random(1), dtype, [200], 5).data as ArrayLike<number | bigint>, Number)
      expect(new Set(numbers)).toEqual(new Set([0, 1, 2, 3, 4]))
    }
  })
  it('without a table are what they were', () => {
    expect(randomTensor(new Random(1), 'float32', [8]).data).not.toEqual(randomTensor(new Random(1), 'float32', [8], 9).data)
  })
})
