/** From floats to integers and back. */
import { roundToHalfInPlace } from '../../../../../kernels/float16.js'
import { sizeOf, type Tensor, tensor } from '../../../../../kernels/tensor.js'
import type { Quantization } from '../../../../graph/graph.js'
import { type Operand, type Output, only } from '../../op.js'
import { unsupported } from '../../refusals.js'
import { clampTo, integers, rangeOf } from './affine.js'
import { round } from './fixed-point.js'

/** Which scale an element has, by its place. */
function channelsOf({ scale, axis }: Quantization, shape: readonly number[]): (at: number) => number {
  if (scale.length === 1) return () => 0
  const inner = sizeOf(shape.slice(axis + 1))
  return (at) => Math.floor(at / inner) % scale.length
}

function required({ quantization }: { readonly quantization?: Quantization | undefined }): Quantization {
  if (!quantization) throw unsupported('lacks a quantization')
  return quantization
}

/** Of floats, by the result's quantization. */
export function quantize({ shape, data }: Tensor<'float32'>, output: Output): Tensor {
  const quantization = required(output)
  const { scale, zeroPoint } = quantization
  const channel = channelsOf(quantization, shape)
  const { dtype } = output
  const range = dtype === 'int4' ? ([-8, 7] as const) : rangeOf(dtype)
  const out = integers(dtype, shape)
  for (let i = 0; i < data.length; i++) {
    const nearest = toInt32(round(Math.fround(data[i]! / scale[channel(i)]!)))
    out.data[i] = clampTo((nearest + zeroPoint[channel(i)]!) | 0, range)
  }
  return out
}

/** As processors convert: NaN and what does not fit become the least integer. */
const toInt32 = (x: number): number => (x >= -(2 ** 31) && x < 2 ** 31 ? x : -(2 ** 31))

/** To float32, or float16 where the result is that. */
export function dequantize(value: Operand, output: Output): Tensor {
  const { shape, data } = only(value, 'int4', 'int8', 'uint8', 'int16', 'int32')
  const quantization = required(value)
  const { scale, zeroPoint } = quantization
  const channel = channelsOf(quantization, shape)
  const out = Float32Array.from({ length: data.length }, (_, i) => scale[channel(i)]! * (data[i]! - zeroPoint[channel(i)]!))
  return output.dtype === 'float16' ? tensor('float16', shape, roundToHalfInPlace(out)) : tensor('float32', shape, out)
}
