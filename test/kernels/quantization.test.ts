import { describe, expect, it } from 'vitest'
import { gathered, lookUp, spread, unfoldMask, unpackBits } from '../../kernels/palette.js'
import { dequantize, forEachBlockRun, quantize } from '../../kernels/quantization.js'
import { sizeOf, stridesOf } from '../../kernels/tensor.js'

describe('blocks', () => {
  it.each([
    [
      [4, 6],
      [4, 6],
    ],
    [
      [4, 6],
      [2, 3],
    ],
    [
      [4, 6],
      [1, 3],
    ],
    [
      [4, 6],
      [4, 1],
    ],
    [
      [4, 6],
      [1, 1],
    ],
    [
      [2, 4, 3, 6],
      [2, 2, 1, 3],
    ],
    [
      [2, 4, 3, 6],
      [1, 4, 3, 1],
    ],
    [
      [0, 4],
      [1, 2],
    ],
  ])('of [%s] in [%s]: every element once, in its block', (shape, blocks) => {
    const found: number[] = []
    forEachBlockRun(shape, blocks, (from, to, block) => {
      expect(from).toBe(found.length)
      for (let i = from; i < to; i++) found.push(block)
    })
    const strides = stridesOf(shape)
    const blockStrides = stridesOf(blocks)
    const wanted = Array.from({ length: sizeOf(shape) }, (_, at) =>
      shape.reduce((sum, size, axis) => {
        const index = Math.floor(at / strides[axis]!) % size
        return sum + Math.floor((index * blocks[axis]!) / size) * blockStrides[axis]!
      }, 0),
    )
    expect(found).toEqual(wanted)
  })
  it('dequantize undoes quantize on its own grid', () => {
    const blocks = { shape: [2, 1], scale: [0.25, 3], offset: [5, -7] }
    const q = Int8Array.from({ length: 32 }, (_, i) => i * 8 - 128)
    const x = dequantize(q, [2, 16], blocks)
    expect(quantize(x, [2, 16], blocks, 'int8')).toEqual(q)
  })
  it('quantize rounds ties to even, saturates, and takes NaN to 0', () => {
    const x = Float32Array.of(0.5, 1.5, -0.5, 400, -400, Infinity, Number.NaN)
    expect(Array.from(quantize(x, [7], { shape: [1], scale: [1] }, 'int8'))).toEqual([0, 2, 0, 127, -128, 127, 0])
  })
})

describe('unpackBits', () => {
  it.each([1, 2, 3, 4, 6, 8])('%d bits, lowest first, across bytes', (bits) => {
    const fields = Uint8Array.from({ length: 13 }, (_, i) => (i * 37 + 5) % (1 << bits))
    const bytes = new Uint8Array(Math.ceil((fields.length * bits) / 8))
    fields.forEach((field, i) => {
      for (let b = 0; b < bits; b++) if ((field >> b) & 1) bytes[(i * bits + b) >> 3]! |= 1 << ((i * bits + b) & 7)
    })
    expect(unpackBits(bytes, bits, fields.length)).toEqual(fields)
  })
  it('reads the example of the op document', () => {
    expect(Array.from(unpackBits(Uint8Array.of(0b01101100, 0b11), 2, 5))).toEqual([0, 3, 2, 1, 3])
  })
})

describe('palettes and sparse tensors', () => {
  const mask = Uint8Array.of(1, 0, 0, 1, 1, 0)
  it('spread and gathered undo each other', () => {
    const dense = spread(Float32Array.of(7, 8, 9), mask, 'float32')
    expect(Array.from(dense)).toEqual([7, 0, 0, 8, 9, 0])
    expect(Array.from(gathered(dense, mask, 'float32'))).toEqual([7, 8, 9])
  })
  it('a mask unfolds like the entries it stands for', () => {
    const palette = { groups: [1, 1], entries: 2, vector: 2, vectorAxis: 0, values: Float32Array.of(0, 0, 1, 1), dtype: 'float32' as const }
    expect(Array.from(unfoldMask(mask, [2, 3], palette))).toEqual(Array.from(lookUp(mask, [2, 3], palette)))
  })
})
