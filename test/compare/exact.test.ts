import { describe, expect, it } from 'vitest'
import { Random } from '../../kernels/generator.js'
import { add, plus, totalOf, ZERO } from '../../src/compare/exact.js'

const sumOf = (numbers: readonly number[]) => numbers.reduce(plus, ZERO)

/** Numbers of magnitudes from 2^-60 to 2^60, half of them with a counterpart that cancels most of them. */
function awkward(count: number, seed: number): number[] {
  const random = new Random(seed)
  return Array.from({ length: count }, () => (random.uniform() - 0.5) * 2 ** Math.floor(120 * random.uniform() - 60))
}

describe('exact sums', () => {
  it('keep what doubles lose', () => {
    expect(totalOf(sumOf([1e16, 1, -1e16]))).toBe(1)
    expect(totalOf(sumOf([1, 1e100, 1, -1e100]))).toBe(2)
  })
  it('round once, ties to even', () => {
    expect(totalOf(sumOf([2 ** 53, 1]))).toBe(2 ** 53)
    expect(totalOf(sumOf([2 ** 53, 1, 2 ** -60]))).toBe(2 ** 53 + 2)
    expect(totalOf(sumOf([2 ** 53 + 2, 1]))).toBe(2 ** 53 + 4)
    expect(totalOf(sumOf([2 ** 53 + 2, 1, -(2 ** -60)]))).toBe(2 ** 53 + 2)
  })
  it.each([1, 2, 3])('depend on neither order nor grouping (%d)', (seed) => {
    const numbers = awkward(300, seed)
    const whole = totalOf(sumOf(numbers))
    expect(totalOf(sumOf([...numbers].reverse()))).toBe(whole)
    const shards = [0, 1, 2].map((shard) => sumOf(numbers.filter((_, i) => i % 3 === shard)))
    expect(totalOf(add(add(shards[2]!, shards[0]!), shards[1]!))).toBe(whole)
  })
  it('carry infinities and NaN', () => {
    expect(totalOf(sumOf([1, Infinity]))).toBe(Infinity)
    expect(totalOf(sumOf([Infinity, -Infinity]))).toBeNaN()
  })
  it('are zero without parts', () => expect(totalOf(ZERO)).toBe(0))
})
