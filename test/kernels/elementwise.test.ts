import { describe, expect, it } from 'vitest'
import { type BinaryName, binary } from '../../kernels/binary.js'
import { broadcastShape, forEachRun, walkOf } from '../../kernels/broadcast.js'
import { cast } from '../../kernels/cast.js'
import { nonZero, select } from '../../kernels/select.js'
import { type NumberTensor, sizeOf, stridesOf, tensor } from '../../kernels/tensor.js'
import { unary, unaryPerChannel } from '../../kernels/unary.js'

const floats = (shape: number[], ...values: number[]): NumberTensor =>
  tensor(
    'float32',
    shape,
    Float32Array.from({ length: sizeOf(shape) }, (_, i) => values[i % values.length]!),
  ) as NumberTensor
const counted = (shape: number[]) => floats(shape, ...Array.from({ length: sizeOf(shape) }, (_, i) => i + 1))

const SHAPES: [number[], number[]][] = [
  [
    [2, 3, 4],
    [2, 3, 4],
  ],
  [[2, 3, 4], []],
  [
    [1, 3, 1, 2],
    [4, 1, 5, 1],
  ],
  [
    [3, 1, 1],
    [2, 3, 4, 5],
  ],
  [
    [2, 1, 3, 1, 2],
    [1, 4, 1, 2, 2],
  ],
  [[6], [1, 1, 6]],
  [[0, 3], [1]],
  [[1, 1], [1]],
]

/** Element of an operand for an index of the result. */
function elementAt(x: NumberTensor, index: number[]): number {
  const strides = stridesOf(x.shape)
  const missing = index.length - x.shape.length
  return x.data[x.shape.reduce((at, size, axis) => at + (size === 1 ? 0 : index[axis + missing]! * strides[axis]!), 0)]!
}

const indexOf = (at: number, shape: number[]): number[] => {
  let rest = at
  return stridesOf(shape).map((stride) => {
    const i = Math.floor(rest / stride)
    rest %= stride
    return i
  })
}

describe('broadcasting', () => {
  it('gives the common shape, or none', () => {
    expect(broadcastShape([2, 1, 3], [4, 1], [])).toEqual([2, 4, 3])
    expect(broadcastShape([2, 3], [0, 1, 1])).toEqual([0, 2, 3])
    expect(broadcastShape([2, 3], [2])).toBeUndefined()
    expect(broadcastShape()).toEqual([])
  })
  it.each(SHAPES)('combines [%s] and [%s] element by element', (a, b) => {
    const x = counted(a)
    const y = counted(b)
    const z = binary('sub', x, y, 'float32')
    expect(z.shape).toEqual(broadcastShape(a, b))
    z.data.forEach((value, at) => {
      const index = indexOf(at, z.shape)
      expect(value).toBe(elementAt(x, index) - elementAt(y, index))
    })
  })
  it('merges dimensions that operands walk evenly', () => {
    expect(
      walkOf(
        [2, 3, 4],
        [
          [2, 3, 4],
          [2, 3, 4],
        ],
      ),
    ).toEqual({ dimensions: [24], strides: [[1], [1]] })
    expect(
      walkOf(
        [2, 3, 4, 5],
        [
          [2, 3, 4, 5],
          [3, 1, 1],
        ],
      ),
    ).toEqual({
      dimensions: [2, 3, 20],
      strides: [
        [60, 20, 1],
        [0, 1, 0],
      ],
    })
    expect(walkOf([], [[], []])).toEqual({ dimensions: [1], strides: [[0], [0]] })
  })
  it('visits every run once, in order', () => {
    const seen: number[][] = []
    forEachRun(
      walkOf(
        [2, 2, 3],
        [
          [2, 1, 3],
          [2, 1],
        ],
      ),
      (at, starts) => seen.push([at, ...starts]),
    )
    expect(seen).toEqual([
      [0, 0, 0],
      [3, 0, 1],
      [6, 3, 0],
      [9, 3, 1],
    ])
  })
  it('refuses shapes that do not fit', () => {
    expect(() => binary('add', counted([2]), counted([3]), 'float32')).toThrow('shapes [2] and [3] do not broadcast')
    expect(() => select(counted([2]), counted([3]), counted([1]))).toThrow('shapes [2], [3], [1] do not broadcast')
  })
})

describe('binary', () => {
  it('is commutative where algebra says so', () => {
    const x = floats([3, 4], 1.5, -2, 0.1, 7)
    const y = floats([4], -0.3, 2.25, 9, -1)
    for (const name of ['add', 'mul', 'max', 'min', 'equal', 'and', 'or', 'xor'] satisfies BinaryName[]) {
      expect(binary(name, x, y, 'float32').data).toEqual(binary(name, y, x, 'float32').data)
    }
  })
  it('divides with remainder: x = y floorDiv(x, y) + mod(x, y)', () => {
    const x = floats([8], 7, -7, 7, -7, 5.5, -5.5, 0, 6)
    const y = floats([8], 3, 3, -3, -3, 2, -2, 4, -3)
    const quotient = binary('floorDiv', x, y, 'float32')
    const rest = binary('mod', x, y, 'float32')
    expect(Array.from(x.data, (_, i) => y.data[i]! * quotient.data[i]! + rest.data[i]!)).toEqual(Array.from(x.data))
    for (const [i, r] of rest.data.entries()) expect(r === 0 || Math.sign(r) === Math.sign(y.data[i]!)).toBe(true)
  })
  it('rounds once', () => {
    expect(binary('add', floats([1], 1), floats([1], 2 ** -24 + 2 ** -40), 'float32').data[0]).toBe(1 + 2 ** -23)
  })
})

describe('unary', () => {
  it('leaves its operand alone and keeps dtype and shape', () => {
    const x = counted([2, 2])
    const y = unary('linear', x, 2, 1)
    expect([x.data[0], y.data[0], y.dtype, y.shape]).toEqual([1, 3, 'float32', [2, 2]])
  })
  it('takes constants along any axis', () => {
    const x = counted([2, 3, 2])
    expect(Array.from(unaryPerChannel('linear', x, 1, [1, 10, 100]).data)).toEqual([1, 2, 30, 40, 500, 600, 7, 8, 90, 100, 1100, 1200])
    expect(unaryPerChannel('linear', x, 1, [2], [1]).data).toEqual(unary('linear', x, 2, 1).data)
  })
})

describe('select and nonZero', () => {
  it('select takes from either side, and strings as well', () => {
    const words = { dtype: 'string' as const, shape: [2], data: ['a', 'b'] }
    expect(select(floats([2], 1, 0), words, { ...words, data: ['c', 'd'] }).data).toEqual(['a', 'd'])
  })
  it('nonZero lists indices row by row', () => {
    const { shape, data } = nonZero(floats([2, 3], 0, 5, 0, Number.NaN, 0, -1), 'int32')
    expect([shape, Array.from(data)]).toEqual([
      [3, 2],
      [0, 1, 1, 0, 1, 2],
    ])
    expect(nonZero(floats([], 3), 'int32').shape).toEqual([1, 0])
  })
})

describe('cast', () => {
  it('shares what needs no change', () => {
    const x = counted([3])
    expect(cast(x, 'float32')).toBe(x)
  })
  it.each([
    ['int8', [-128, 127, 0, 3, -3]],
    ['uint8', [0, 255, 0, 3, 0]],
    ['int32', [-1000, 1000, 0, 3, -3]],
    ['bool', [1, 1, 1, 1, 1]],
  ] as const)('takes floats to %s', (dtype, wanted) => {
    expect(Array.from(cast(floats([5], -1000, 1000, Number.NaN, 3.9, -3.9), dtype).data)).toEqual(wanted)
  })
})
