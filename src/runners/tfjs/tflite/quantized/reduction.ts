/** Quantized reductions over axes. */
import type { Tensor } from '../../../../../kernels/tensor.js'
import type { Reduction } from '../../geometry/reduction.js'
import type { Operand, Output } from '../../op.js'
import { affineOf, clampTo, codesOf, integers, rangeOf } from './affine.js'
import type { Multiplier } from './fixed-point.js'
import { multiplierOf, scale, scaleWide } from './fixed-point.js'

/** Sums less their zero points, scaled by `multiplier`. */
function scaledSums(value: Operand, { shape, count, terms, forEach }: Reduction, multiplier: Multiplier, output: Output): Tensor {
  const data = codesOf(value)
  const { zeroPoint: inputZero } = affineOf(value)
  const { zeroPoint: outputZero } = affineOf(output)
  const range = rangeOf(output.dtype)
  const sums = new Float64Array(count)
  forEach((from, to) => {
    sums[to]! += data[from]!
  })
  const out = integers(output.dtype, shape)
  for (let i = 0; i < count; i++) out.data[i] = clampTo(scale((sums[i]! - inputZero * terms) | 0, multiplier) + outputZero, range)
  return out
}

export const quantizedSum = (value: Operand, reduction: Reduction, output: Output): Tensor =>
  scaledSums(value, reduction, multiplierOf(affineOf(value).scale / affineOf(output).scale), output)

/** The multiplier takes up the division by the number of terms, as far as its shift allows. */
export function quantizedMean(value: Operand, reduction: Reduction, output: Output): Tensor {
  const { mantissa, shift } = multiplierOf(affineOf(value).scale / affineOf(output).scale)
  const { terms } = reduction
  if (terms === 0) return integers(output.dtype, reduction.shape)
  const bits = Math.min(Math.floor(Math.log2(terms)), 32, 31 + shift)
  return scaledSums(value, reduction, { mantissa: Math.floor((mantissa * 2 ** bits) / terms), shift: shift - bits }, output)
}

/** Each factor is scaled on its own, by the root of the result's scale, so that the product stays small. */
export function quantizedProduct(value: Operand, { shape, count, terms, forEach }: Reduction, result: Output): Tensor {
  const data = codesOf(value)
  const [input, output] = [affineOf(value), affineOf(result)]
  const multiplier = multiplierOf(input.scale / output.scale ** (1 / terms))
  const range = rangeOf(result.dtype)
  const products = new Float64Array(count)
  const begun = new Uint8Array(count)
  forEach((from, to) => {
    const factor = data[from]! - input.zeroPoint
    products[to] = begun[to] ? scaleWide(products[to]! * factor, multiplier) : factor
    begun[to] = 1
  })
  const out = integers(result.dtype, shape)
  for (let i = 0; i < count; i++) out.data[i] = clampTo(scaleWide(products[i]!, multiplier) + output.zeroPoint, range)
  return out
}
