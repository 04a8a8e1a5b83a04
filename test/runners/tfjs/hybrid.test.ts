/** Convolutions of floats by weights of 8 bits: how the floats are quantised decides small numbers beside large ones. */
import { describe, expect, it } from 'vitest'
import type { Tensor } from '../../../kernels/tensor.js'
import { compute, float32 } from './run.js'

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
  it('quantises its input around zero where one scale serves all weights', async () => {
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
