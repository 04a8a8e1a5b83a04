/** Quantized L2 normalization along the last dimension; the result has scale 1/128. */
import type { Tensor } from '../../../../../kernels/tensor.js'
import type { Operand, Output } from '../../op.js'
import { affineOf, clampTo, codesOf, integers, rangeOf } from './affine.js'
import { inverseRoot } from './fixed-functions.js'
import { scale } from './fixed-point.js'

const RESULT_BITS = 7

export function quantizedL2Normalization(value: Operand, output: Output): Tensor {
  const data = codesOf(value)
  const { shape } = value
  const { zeroPoint } = affineOf(value)
  const { zeroPoint: resultZero } = affineOf(output)
  const range = rangeOf(output.dtype)
  const depth = shape[shape.length - 1] ?? 1
  const out = integers(output.dtype, shape)
  const isByte = value.dtype === 'uint8'
  for (let start = 0; start < data.length; start += depth) {
    let squares = 0
    for (let c = 0; c < depth; c++) squares += (data[start + c]! - zeroPoint) ** 2
    const root = inverseRoot(squares)
    for (let c = 0; c < depth; c++) {
      const x = data[start + c]! - zeroPoint
      // the scale of the result goes into the product for int8, into the operand for uint8
      const scaled = isByte ? scale(x * 2 ** RESULT_BITS, root) : scale(x, { mantissa: root.mantissa, shift: root.shift + RESULT_BITS })
      out.data[start + c] = clampTo(scaled + resultZero, range)
    }
  }
  return out
}
