import { describe, expect, it } from 'vitest'
import { PLAIN } from '../../kernels/arithmetic.js'
import { cumulativeSum } from '../../kernels/cumulative.js'
import { roundToHalf } from '../../kernels/float16.js'
import { sortIndices, takeAlong } from '../../kernels/order.js'
import { type ReductionName, reduce } from '../../kernels/reduce.js'
import { softmax } from '../../kernels/softmax.js'
import { softplus } from '../../kernels/softplus.js'
import { sumOf } from '../../kernels/sum.js'
import { type FloatTensor, type NumberTensor, sizeOf, stridesOf, tensor } from '../../kernels/tensor.js'

function random(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32 - 0.5
  }
}
function floats(shape: number[], seed = 1): FloatTensor {
  const next = random(seed)
  return tensor('float32', shape, Float32Array.from({ length: sizeOf(shape) }, next)) as FloatTensor
}

const NAIVE: Record<ReductionName, (xs: number[]) => number> = {
  sum: (xs) => xs.reduce((a, b) => a + b, 0),
  mean: (xs) => NAIVE.sum(xs) / xs.length,
  prod: (xs) => xs.reduce((a, b) => a * b, 1),
  max: (xs) => Math.max(...xs),
  min: (xs) => Math.min(...xs),
  l1: (xs) => NAIVE.sum(xs.map(Math.abs)),
  sumSquare: (xs) => NAIVE.sum(xs.map((x) => x * x)),
  l2: (xs) => Math.sqrt(NAIVE.sumSquare(xs)),
  logSum: (xs) => Math.log(NAIVE.sum(xs)),
  logSumExp: (xs) => Math.log(NAIVE.sum(xs.map(Math.exp))),
}

/** Elements of x that each element of the result takes in. */
function groups(x: NumberTensor, axes: number[]): number[][] {
  const strides = stridesOf(x.shape)
  const kept = x.shape.map((size, axis) => (axes.includes(axis) ? 1 : size))
  const out: number[][] = Array.from({ length: sizeOf(kept) }, () => [])
  const outStrides = stridesOf(kept)
  for (let at = 0; at < x.data.length; at++) {
    const place = x.shape.reduce(
      (sum, size, axis) => sum + (axes.includes(axis) ? 0 : (Math.floor(at / strides[axis]!) % size) * outStrides[axis]!),
      0,
    )
    out[place]!.push(x.data[at]!)
  }
  return out
}

const CASES: [number[], number[]][] = [
  [[4, 3, 5], [0]],
  [[4, 3, 5], [1]],
  [[4, 3, 5], [2]],
  [
    [4, 3, 5],
    [0, 2],
  ],
  [
    [4, 3, 5],
    [0, 1, 2],
  ],
  [[4, 3, 5], []],
  [
    [2, 3, 4, 3, 2],
    [1, 3],
  ],
  [
    [2, 3, 4, 3, 2],
    [0, 2, 4],
  ],
  [
    [1, 300, 1, 2],
    [1, 2],
  ],
  [[1000, 2], [1]],
  [[1], [0]],
]

describe('reduce', () => {
  for (const name of Object.keys(NAIVE) as ReductionName[]) {
    it.each(CASES)(`${name} of [%s] over [%s]`, (shape, axes) => {
      const x = floats(shape)
      if (name === 'logSum' || name === 'prod') x.data.forEach((v, i) => void (x.data[i] = v + 1))
      const result = reduce(name, x, axes, PLAIN)
      expect(result.shape).toEqual(shape.map((size, axis) => (axes.includes(axis) ? 1 : size)))
      const wanted = groups(x, axes).map(NAIVE[name])
      const largest = Math.max(...wanted.map(Math.abs))
      for (const [i, want] of wanted.entries())
        expect(Math.abs(result.data[i]! - want)).toBeLessThanOrEqual((name === 'prod' ? 2e-5 : 2e-6) * largest)
    })
  }
  it('is exact over integers and wraps', () => {
    const x = tensor('int32', [2, 2], Int32Array.of(2 ** 31 - 1, 1, 2 ** 20, 2 ** 12)) as NumberTensor
    expect(Array.from(reduce('sum', x, [1], PLAIN).data)).toEqual([-(2 ** 31), 2 ** 20 + 2 ** 12])
    expect(Array.from(reduce('prod', x, [1], PLAIN).data)).toEqual([2 ** 31 - 1, 0])
    expect(Array.from(reduce('max', x, [0], PLAIN).data)).toEqual([2 ** 31 - 1, 4096])
  })
  it('of nothing gives the neutral element', () => {
    const empty = floats([2, 0])
    const results = (['sum', 'prod', 'max', 'min', 'mean'] as const).map((name) => reduce(name, empty, [1], PLAIN).data[0])
    expect(results).toEqual([0, 1, -Infinity, Infinity, Number.NaN])
  })
  it('sums in float16 step by step', () => {
    const ones = tensor('float16', [4000], new Float32Array(4000).fill(1)) as FloatTensor
    expect(reduce('sum', ones, [0], { ...PLAIN, sum: 'float16' }).data[0]).toBe(2048)
    expect(reduce('sum', ones, [0], PLAIN).data[0]).toBe(4000)
  })
  it('log-sum-exp without its shift falls to 0 where the dtype overflows', () => {
    const unshifted = { ...PLAIN, shiftExponentials: false }
    const equal = (x: number) => tensor('float16', [32], new Float32Array(32).fill(x)) as FloatTensor
    expect(reduce('logSumExp', equal(11), [0], PLAIN).data[0]).toBeCloseTo(11 + Math.log(32), 3)
    expect(reduce('logSumExp', equal(7.6), [0], unshifted).data[0]).toBeCloseTo(7.6 + Math.log(32), 2)
    expect(reduce('logSumExp', equal(7.7), [0], unshifted).data[0]).toBe(0)
  })
})

describe('sumOf', () => {
  it('keeps the error of a long sum small', () => {
    const x = new Float32Array(1 << 20).fill(0.1)
    const exact = (1 << 20) * x[0]!
    expect(Math.abs(sumOf(x, 0, x.length, 'float32') / exact - 1)).toBeLessThan(2 ** -20)
  })
  it('takes the whole of any length once', () => {
    for (const length of [0, 1, 7, 8, 9, 127, 128, 129, 136, 300, 1025]) {
      const x = Float32Array.from({ length: length + 2 }, (_, i) => (i === 0 || i > length ? 1e9 : 1))
      expect(sumOf(x, 1, length, 'float32')).toBe(length)
      expect(sumOf(x, 1, length, 'float64')).toBe(length)
    }
  })
})

describe('softmax', () => {
  it.each([0, 1, 2])('sums to 1 along axis %d and does not feel a shift', (axis) => {
    const x = floats([3, 4, 5])
    const y = softmax(x, axis, PLAIN)
    const total = reduce('sum', y, [axis], PLAIN)
    for (const value of total.data) expect(value).toBeCloseTo(1, 6)
    const moved = softmax({ ...x, data: x.data.map((v) => v + 64) } as FloatTensor, axis, PLAIN)
    for (const [i, value] of moved.data.entries()) expect(value).toBeCloseTo(y.data[i]!, 4)
  })
})

describe('softplus', () => {
  const unshifted = { ...PLAIN, shiftExponentials: false, productLimit: 32752 }
  const at = (x: number, arithmetic: typeof PLAIN) =>
    softplus(tensor('float16', [1], Float32Array.of(x)) as FloatTensor, 0, [1], [1], arithmetic).data[0]!
  it('without its shift falls to 0 at half the range', () => {
    expect(at(10.375, unshifted)).toBeCloseTo(10.375, 3)
    expect(at(10.40625, unshifted)).toBe(0)
    expect(at(10.40625, PLAIN)).toBeCloseTo(10.40625, 3)
  })
  it('agrees with and without the shift inside the range', () => {
    for (const x of [-8, -1, 0, 0.5, 3]) expect(at(x, unshifted)).toBeCloseTo(at(x, PLAIN), 2)
  })
})

describe('sorting', () => {
  it('gives permutations that order every line', () => {
    const x = floats([3, 7, 2])
    for (const axis of [0, 1, 2]) {
      const { shape, indices } = sortIndices(x, axis, true)
      const sorted = takeAlong(x, axis, shape, indices)
      for (const line of groups(sorted, [axis])) expect(line).toEqual([...line].sort((a, b) => a - b))
    }
  })
  it('keeps equals in order and puts NaN last either way', () => {
    const x = tensor('float32', [6], Float32Array.of(1, Number.NaN, 2, 1, -Infinity, 2)) as NumberTensor
    expect(Array.from(sortIndices(x, 0, true).indices)).toEqual([4, 0, 3, 2, 5, 1])
    expect(Array.from(sortIndices(x, 0, false).indices)).toEqual([2, 5, 0, 3, 4, 1])
    expect(Array.from(sortIndices(x, 0, false, 2).indices)).toEqual([2, 5])
  })
})

it('a running sum rounds each step to float16 where sums are', () => {
  const x = tensor('float16', [3000], new Float32Array(3000).fill(1)) as FloatTensor
  const sum = cumulativeSum(x, { axis: 0, exclusive: false, reverse: false }, { ...PLAIN, sum: 'float16' })
  expect([sum.data[2047], sum.data[2999]]).toEqual([2048, 2048])
  for (const value of sum.data) expect(roundToHalf(value)).toBe(value)
})
