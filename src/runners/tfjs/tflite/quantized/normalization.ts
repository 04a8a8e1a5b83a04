/** Quantised L2 normalisation along the last dimension; the result has scale 1/128. */
import type { Kernel } from '../../operator.js'
import { clampTo, inputAffine, integers, outputAffine, quantizedInput, rangeOf } from './affine.js'
import { inverseRoot } from './fixed-functions.js'
import { scale } from './fixed-point.js'

const RESULT_BITS = 7

export const quantizedL2Normalization: Kernel = (op) => {
  const { shape, data } = quantizedInput(op, 0)
  const { zeroPoint } = inputAffine(op, 0)
  const resultZero = outputAffine(op).zeroPoint
  const range = rangeOf(op, op.outputDType())
  const depth = shape[shape.length - 1] ?? 1
  const out = integers(op.outputDType(), shape)
  const isByte = op.input(0).dtype === 'uint8'
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
