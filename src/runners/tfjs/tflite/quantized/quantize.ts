/** From float to integers and back, and from one quantisation to another. */
import { roundToHalfInPlace } from '../../../../../kernels/float16.js'
import type { Tensor } from '../../../../../kernels/tensor.js'
import { sizeOf, tensor } from '../../../../../kernels/tensor.js'
import type { Quantization } from '../../../../graph/graph.js'
import type { Kernel, Operator, OpRow } from '../../operator.js'
import { row } from '../../operator.js'
import { clampTo, integers, mapIntegers, rangeOf } from './affine.js'
import { round } from './fixed-point.js'
import { rescalingOf } from './requantize.js'

/** Which scale an element has, by its place. */
function channelsOf({ scale, axis }: Quantization, shape: readonly number[]): (at: number) => number {
  if (scale.length === 1) return () => 0
  const inner = sizeOf(shape.slice(axis + 1))
  return (at) => Math.floor(at / inner) % scale.length
}

function required(op: Operator, quantization: Quantization | undefined): Quantization {
  if (!quantization) throw op.unsupported('lacks a quantisation')
  return quantization
}

const quantize: Kernel = (op) => {
  const { shape, data } = op.inputOf(0, 'float32')
  const quantization = required(op, op.outputQuantization())
  const { scale, zeroPoint } = quantization
  const channel = channelsOf(quantization, shape)
  const dtype = op.outputDType()
  const range = dtype === 'int4' ? ([-8, 7] as const) : rangeOf(op, dtype)
  const out = integers(dtype, shape)
  for (let i = 0; i < data.length; i++) {
    const nearest = toInt32(round(Math.fround(data[i]! / scale[channel(i)]!)))
    out.data[i] = clampTo((nearest + zeroPoint[channel(i)]!) | 0, range)
  }
  return out
}

/** As processors convert: NaN and what does not fit become the least integer. */
const toInt32 = (x: number): number => (x >= -(2 ** 31) && x < 2 ** 31 ? x : -(2 ** 31))

const requantize: Kernel = (op) => mapIntegers(op, rescalingOf(op))

const dequantize: Kernel = (op): Tensor => {
  const { shape, data } = op.inputOf(0, 'int4', 'int8', 'uint8', 'int16', 'int32')
  const quantization = required(op, op.quantization(0))
  const { scale, zeroPoint } = quantization
  const channel = channelsOf(quantization, shape)
  const out = Float32Array.from({ length: data.length }, (_, i) => scale[channel(i)]! * (data[i]! - zeroPoint[channel(i)]!))
  return op.outputDType() === 'float16' ? tensor('float16', shape, roundToHalfInPlace(out)) : tensor('float32', shape, out)
}

const widen: Kernel = (op) => {
  const { shape, data } = op.inputOf(0, 'float16')
  return tensor('float32', shape, data)
}

export const QUANTIZATION: readonly OpRow[] = [
  row('QUANTIZE', 0, [['float32'], quantize], [['int8', 'uint8', 'int16', 'int32'], requantize]),
  row('DEQUANTIZE', 0, [['float16'], widen], [['int4', 'int8', 'uint8', 'int16', 'int32'], dequantize]),
]
