import { describe, expect, test } from 'vitest'
import * as blocks from '../../kernels/blocks.js'
import { keepDiagonals } from '../../kernels/filling.js'
import { concat, reverse, reverseSequence, slice, split, stack, tile, transpose, updateSlice } from '../../kernels/movement.js'
import { pad } from '../../kernels/padding.js'
import { materialize, viewOf, wordsOf } from '../../kernels/strided.js'
import { allocate, type DType, sizeOf, type Tensor, tensor } from '../../kernels/tensor.js'

/** 0, 1, 2, … in the dtype, which tells every element of a small tensor from the others. */
function counted(shape: number[], dtype: DType = 'float32'): Tensor {
  const data = allocate(dtype, sizeOf(shape))
  for (let i = 0; i < data.length; i++) {
    if (Array.isArray(data)) data[i] = `s${i}`
    else if (data instanceof BigInt64Array || data instanceof BigUint64Array) data[i] = BigInt(i)
    else data[i] = i
  }
  return tensor(dtype, shape, data)
}

/** Deterministic integers in [0, below). */
function dice(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

/** transpose, element by element from its definition. */
function transposed(value: Tensor, permutation: readonly number[]): unknown[] {
  const out: unknown[] = []
  const shape = permutation.map((axis) => value.shape[axis]!)
  for (let i = 0; i < value.data.length; i++) {
    let rest = i
    const index = new Array<number>(shape.length).fill(0)
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      index[permutation[axis]!] = rest % shape[axis]!
      rest = Math.floor(rest / shape[axis]!)
    }
    out.push(value.data[index.reduce((at, position, axis) => at * value.shape[axis]! + position, 0)])
  }
  return out
}

describe('transpose', () => {
  const roll = dice(1)
  const shapes = Array.from({ length: 60 }, () => Array.from({ length: 1 + roll(5) }, () => [1, 2, 3, 5, 17, 33][roll(6)]!)).filter(
    (shape) => sizeOf(shape) < 1e5,
  )
  test.each(shapes.map((shape) => ({ shape })))('$shape', ({ shape }) => {
    const permutation = shape.map((_, axis) => axis).sort(() => roll(3) - 1)
    const value = counted(shape)
    const result = transpose(value, permutation)
    expect(result.shape).toEqual(permutation.map((axis) => shape[axis]))
    expect(Array.from(result.data as ArrayLike<unknown>)).toEqual(transposed(value, permutation))
  })

  test.each(['uint8', 'int16', 'int32', 'int64', 'string', 'bool'] as const)('moves %s', (dtype) => {
    const value = counted([3, 70, 2], dtype)
    expect(Array.from(transpose(value, [2, 0, 1]).data as ArrayLike<unknown>)).toEqual(transposed(value, [2, 0, 1]))
  })

  test.each([
    ['at the start of its memory', 0],
    ['between two words of it', 1],
  ])('moves complex numbers whole, %s', (_, first) => {
    const numbers = Float32Array.from({ length: first + 12 }, (_, i) => i - first)
    const value = tensor('complex64', [2, 3], numbers.subarray(first))
    expect(transpose(value, [1, 0])).toEqual(tensor('complex64', [3, 2], Float32Array.of(0, 1, 6, 7, 2, 3, 8, 9, 4, 5, 10, 11)))
    expect(reverse(value, [1]).data).toEqual(Float32Array.of(4, 5, 2, 3, 0, 1, 10, 11, 8, 9, 6, 7))
    expect(concat([value, value], 0).data).toEqual(Float32Array.from([...value.data, ...value.data]))
  })

  test('keeps NaN payloads and the sign of zero', () => {
    const words = new Uint32Array([0x7fc00001, 0x80000000, 0x7f800001, 0x00000001])
    const value = tensor('float32', [2, 2], new Float32Array(words.buffer))
    const moved = transpose(value, [1, 0])
    expect([...new Uint32Array(moved.data.buffer)]).toEqual([0x7fc00001, 0x7f800001, 0x80000000, 0x00000001])
  })

  test('shares the data where nothing moves', () => {
    const value = counted([2, 1, 3])
    expect(transpose(value, [1, 0, 2]).data).toBe(value.data)
    expect(materialize(value, viewOf(wordsOf(value), value.shape).transpose(1, 0, 2)).data).toEqual(value.data)
  })

  test('of nothing', () => expect(transpose(counted([0, 3]), [1, 0])).toMatchObject({ shape: [3, 0] }))
})

describe('slices', () => {
  test('the parts of a split joined are the whole', () => {
    const value = counted([4, 7, 3])
    expect(concat(split(value, [2, 0, 4, 1], 1), 1)).toEqual(value)
  })

  test('an update with what is there already changes nothing', () => {
    const value = counted([5, 6])
    const [begins, sizes, steps] = [
      [4, 1],
      [2, 3],
      [-3, 2],
    ]
    expect(updateSlice(value, slice(value, begins, sizes, steps), begins, sizes, steps)).toEqual(value)
  })

  test('an update leaves its operand alone', () => {
    const value = counted([4])
    expect([...(updateSlice(value, tensor('float32', [2]), [1], [2]).data as Float32Array)]).toEqual([0, 0, 0, 3])
    expect([...(value.data as Float32Array)]).toEqual([0, 1, 2, 3])
  })

  test('reversing twice, and reversing whole sequences, are what they say', () => {
    const value = counted([2, 3, 4])
    expect(reverse(reverse(value, [0, 2]), [0, 2])).toEqual(value)
    expect(reverseSequence(value, [3, 3], 1, 0)).toEqual(reverse(value, [1]))
    expect(reverseSequence(value, [0, 1], 1, 0)).toEqual(value)
  })

  test('stack then split gives back the operands', () => {
    const [a, b] = [counted([2, 2]), reverse(counted([2, 2]), [0])]
    expect(split(stack([a, b], 1), [1, 1], 1).map(({ data }) => data)).toEqual([a.data, b.data])
  })

  test('repetition of nothing, and nothing of a repetition', () => {
    expect(tile(counted([2]), [0])).toMatchObject({ shape: [0] })
    expect(tile(counted([0, 2]), [3, 2])).toMatchObject({ shape: [0, 4] })
  })
})

describe('blocks', () => {
  test.each(['block-first', 'channel-first'] as const)('space to depth undoes depth to space, %s', (order) => {
    const value = counted([2, 18, 2, 5])
    expect(blocks.spaceToDepth(blocks.depthToSpace(value, 3, order), 3, order)).toEqual(value)
  })

  test('batch to space undoes space to batch', () => {
    const value = counted([2, 3, 5, 4])
    expect(blocks.batchToSpace(blocks.spaceToBatch(value, [3, 2], [1, 0, 1, 1]), [3, 2], [1, 0, 1, 1])).toEqual(value)
  })
})

describe('borders', () => {
  test('slicing off the padding gives back the operand', () => {
    const value = counted([3, 4])
    for (const mode of ['constant', 'reflect', 'replicate'] as const) {
      expect(slice(pad(value, [2, 1, 3, 0], mode, 7), [2, 3], [3, 4])).toEqual(value)
    }
  })

  test('of nothing, with a constant', () =>
    expect([...(pad(counted([0]), [1, 2], 'constant', -0).data as Float32Array)]).toEqual([-0, -0, -0]))

  test('diagonals beyond the matrix keep all or nothing', () => {
    const value = counted([2, 3])
    expect(keepDiagonals(value, -9, 9)).toEqual(value)
    expect([...(keepDiagonals(value, 5, 9).data as Float32Array)]).toEqual([0, 0, 0, 0, 0, 0])
  })
})
