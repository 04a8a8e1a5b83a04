/** Quantization of whole tensors: real = scale * (q - zeroPoint). */
import { allocate, type DType, sizeOf, type Tensor } from '../../../../../kernels/tensor.js'
import type { Quantization } from '../../../../graph/graph.js'
import { bounded } from '../../geometry/bounds.js'
import { type Operand, type Output, only } from '../../op.js'
import { unsupported } from '../../refusals.js'
import { round } from './fixed-point.js'

export interface Affine {
  scale: number
  zeroPoint: number
}

export type QuantizedDType = 'int8' | 'uint8' | 'int16' | 'int32'

const RANGES: { readonly [D in QuantizedDType]: readonly [number, number] } = {
  int8: [-(2 ** 7), 2 ** 7 - 1],
  uint8: [0, 2 ** 8 - 1],
  int16: [-(2 ** 15), 2 ** 15 - 1],
  int32: [-(2 ** 31), 2 ** 31 - 1],
}

/** Least and greatest integer of a dtype. */
export function rangeOf(dtype: DType): readonly [number, number] {
  const range = RANGES[dtype as QuantizedDType]
  if (!range) throw unsupported()
  return range
}

/**
 * Of an operand or a result.
 * @throws ParityError UNSUPPORTED_DTYPE for a tensor without quantization, or with more than one scale
 */
export function affineOf({ quantization }: { readonly quantization?: Quantization | undefined }): Affine {
  if (quantization?.scale.length !== 1) throw unsupported('lacks a scale for the whole tensor')
  return { scale: quantization.scale[0]!, zeroPoint: quantization.zeroPoint[0]! }
}

/** Bounds of a quantized result under an activation. */
export function boundsOf(output: Output, activation = 'NONE'): readonly [number, number] {
  const [least, most] = rangeOf(output.dtype)
  const { scale, zeroPoint } = affineOf(output)
  const quantized = (x: number): number => zeroPoint + round(Math.fround(x / scale))
  const clamps: { readonly [name: string]: readonly [number, number] } = {
    NONE: [least, most],
    RELU: [quantized(0), most],
    RELU6: [quantized(0), quantized(6)],
    RELU_N1_TO_1: [quantized(-1), quantized(1)],
    RELU_0_TO_1: [quantized(0), quantized(1)],
  }
  const clamp = clamps[activation]
  if (!clamp) throw unsupported(`with ${activation} is not computed`)
  return [Math.max(least, clamp[0]), Math.min(most, clamp[1])]
}

export const clampTo = (x: number, [least, most]: readonly [number, number]): number => (x < least ? least : x > most ? most : x)

/** A result's tensor of integers, to be filled. */
export function integers(dtype: DType, shape: readonly number[]): Tensor & { data: Int32Array } {
  return { dtype, shape: [...shape], data: allocate(dtype, sizeOf(bounded(shape))) } as unknown as Tensor & { data: Int32Array }
}

/** Elements of an operand of integers. */
export const codesOf = (value: Operand): Int32Array => only(value, 'int8', 'uint8', 'int16', 'int32').data as Int32Array

/** The operand's elements each turned by f. */
export function mapIntegers(value: Operand, { dtype }: Output, f: (q: number) => number): Tensor {
  const data = codesOf(value)
  const out = integers(dtype, value.shape)
  for (let i = 0; i < data.length; i++) out.data[i] = f(data[i]!)
  return out
}
