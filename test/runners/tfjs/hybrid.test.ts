/** Convolutions of floats by weights of 8 bits: how the floats are quantized decides small numbers beside large ones. */
import { describe, expect, it } from 'vitest'
import type { Tensor } from '../../../kernels/tensor.js'
import type { TensorSketch } from '../../formats/tflite/write.js'
import { compute, float32, sessionOf } from './run.js'

const STEPS: [string, Record<string, unknown>] = ['Conv2DOptions', { stride_h: 1, stride_w: 1, dilation_h_factor: 1, dilation_w_factor: 1 }]
/** Of a range of 2.54 around zero a step is 0.02, from zero on 0.01: the small number vanishes in the one and not in the other. */
const INPUT = float32([1, 1, 2, 1], [0.009, 2.54])

const int8 = (shape: number[], data: number[]): Tensor<'int8'> => ({ dtype: 'int8', shape, data: Int8Array.from(data) })

/** What one-by-one filters with these codes and scales make of it, a channel each. */
async function channels(filter: Tensor, scale: number[]): Promise<number[]> {
  const weights = { ...filter, scale, zeroPoint: scale.map(() => 0), axis: 0 }
  const [out] = await compute('CONV_2D', [INPUT, weights, null], [{ type: 'FLOAT32' }], STEPS)
  return Array.from(out!.data as Float32Array, (x) => Number(x.toFixed(4)))
}

describe('a hybrid convolution', () => {
  it('quantizes its input around zero where one scale serves all weights', async () => {
    expect(await channels(int8([1, 1, 1, 1], [10]), [0.1])).toEqual([0, 2.54])
  })
  it('does so where several scales are all alike', async () => {
    expect(await channels(int8([2, 1, 1, 1], [10, 20]), [0.1, 0.1])).toEqual([0, 0, 2.54, 5.08])
  })
  it('takes a zero point where channels have scales of their own', async () => {
    expect(await channels(int8([2, 1, 1, 1], [10, 10]), [0.1, 0.2])).toEqual([0.01, 0.0199, 2.54, 5.08])
  })
  it('reads weights that are typed uint8 as int8', async () => {
    const typed: Tensor<'uint8'> = { dtype: 'uint8', shape: [1, 1, 1, 1], data: Uint8Array.of(246) }
    expect(await channels(typed, [0.1])).toEqual([0, -2.54])
  })
})

describe('what a session says of a float operand', () => {
  /** Half a step of eight bits, of the largest element. */
  const PEAK = 1 / 254
  const filterOf = (isInteger: boolean): TensorSketch =>
    isInteger
      ? { name: 'filter', type: 'INT8', shape: [1, 1, 1, 1], data: Int8Array.of(1), scale: [0.1], zeroPoint: [0] }
      : { name: 'filter', shape: [1, 1, 1, 1], data: Float32Array.of(1) }

  async function coarseness(type: string, inputs: number[], isInteger: boolean) {
    const tensors: TensorSketch[] = [
      { name: 'x', shape: [1, 1, 1, 1] },
      filterOf(isInteger),
      { name: 'size', type: 'INT32', shape: [4], data: Int32Array.of(1, 1, 1, 1) },
      { name: 'y', shape: [1, 1, 1, 1] },
    ]
    const session = await sessionOf([{ tensors, inputs: [0], outputs: [3], operators: [{ type, inputs, outputs: [3] }] }])
    return session.rounding('x')
  }

  it.each([
    ['CONV_2D', [0, 1]],
    ['DEPTHWISE_CONV_2D', [0, 1]],
    ['TRANSPOSE_CONV', [2, 1, 0]],
  ])('%s: coarse beside integer weights, and not beside floats', async (type, inputs) => {
    expect(await coarseness(type, inputs, true)).toMatchObject({ peak: PEAK })
    expect(await coarseness(type, inputs, false)).not.toHaveProperty('peak')
  })

  it('MUL reads its operands as they are', async () => {
    expect(await coarseness('MUL', [0, 1], true)).not.toHaveProperty('peak')
  })
})
