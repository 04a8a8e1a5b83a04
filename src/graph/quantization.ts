/** Between the integers of a quantized tensor and the real numbers that they stand for: real = scale * (q - zero point). */
import { allocate, sizeOf, type Tensor } from '../../kernels/tensor.js'
import type { Quantization } from './graph.js'

const RANGES: { readonly [dtype: string]: readonly [least: number, most: number] } = {
  int8: [-128, 127],
  uint8: [0, 255],
  int16: [-32768, 32767],
  int32: [-(2 ** 31), 2 ** 31 - 1],
}

/** Index of an element along the quantized axis; 0 where the whole tensor has one scale. */
function channelOf({ scale, axis }: Quantization, shape: readonly number[]): (i: number) => number {
  if (scale.length === 1) return () => 0
  const inner = sizeOf(shape.slice(axis + 1))
  return (i) => Math.floor(i / inner) % scale.length
}

/** In float32, rounded once an element as TFLite's DEQUANTIZE does. */
export function dequantize(tensor: Tensor, quantization: Quantization): Tensor<'float32'> {
  const { scale, zeroPoint } = quantization
  const channel = channelOf(quantization, tensor.shape)
  const data = new Float32Array(tensor.data.length)
  for (let i = 0; i < data.length; i++) {
    const c = channel(i)
    data[i] = scale[c]! * (Number(tensor.data[i]) - (zeroPoint[c] ?? 0))
  }
  return { dtype: 'float32', shape: [...tensor.shape], data }
}

/** Rounded half away from zero and held within the dtype's range, as TFLite's QUANTIZE does. */
export function quantize(values: Tensor, quantization: Quantization, dtype: CodeDType): Tensor {
  const { scale, zeroPoint } = quantization
  const channel = channelOf(quantization, values.shape)
  const [least, most] = RANGES[dtype]!
  const data = allocate(dtype, values.data.length) as Int8Array
  for (let i = 0; i < data.length; i++) {
    const c = channel(i)
    const steps = Number(values.data[i]) / scale[c]!
    const rounded = Math.sign(steps) * Math.round(Math.abs(steps)) + (zeroPoint[c] ?? 0)
    data[i] = Math.min(most, Math.max(least, rounded))
  }
  return { dtype, shape: [...values.shape], data } as Tensor
}

export type CodeDType = 'int8' | 'uint8' | 'int16' | 'int32'

/** Whether a dtype is one of codes. */
export const isCode = (dtype: string): dtype is CodeDType => dtype in RANGES
