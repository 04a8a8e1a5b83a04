/** Quantised reductions over axes. */
import type { Tensor } from '../../../../../kernels/tensor.js'
import type { Kernel, Operator } from '../../operator.js'
import type { Reduction } from '../reduction.js'
import { reductionOfOp } from '../reduction.js'
import { clampTo, inputAffine, integers, outputAffine, quantizedInput, rangeOf } from './affine.js'
import type { Multiplier } from './fixed-point.js'
import { multiplierOf, scale, scaleWide } from './fixed-point.js'

/** Sums less their zero points, scaled by `multiplier`. */
function scaledSums(op: Operator, { shape, count, terms, forEach }: Reduction, multiplier: Multiplier): Tensor {
  const { data } = quantizedInput(op, 0)
  const [input, output] = [inputAffine(op, 0), outputAffine(op)]
  const range = rangeOf(op, op.outputDType())
  const sums = new Float64Array(count)
  forEach((from, to) => {
    sums[to]! += data[from]!
  })
  const out = integers(op.outputDType(), shape)
  for (let i = 0; i < count; i++)
    out.data[i] = clampTo(scale((sums[i]! - input.zeroPoint * terms) | 0, multiplier) + output.zeroPoint, range)
  return out
}

export const quantizedSum: Kernel = (op) =>
  scaledSums(op, reductionOfOp(op), multiplierOf(inputAffine(op, 0).scale / outputAffine(op).scale))

/** The multiplier takes up the division by the number of terms, as far as its shift allows. */
export const quantizedMean: Kernel = (op) => {
  const reduction = reductionOfOp(op)
  const { mantissa, shift } = multiplierOf(inputAffine(op, 0).scale / outputAffine(op).scale)
  const { terms } = reduction
  if (terms === 0) return integers(op.outputDType(), reduction.shape)
  const bits = Math.min(Math.floor(Math.log2(terms)), 32, 31 + shift)
  return scaledSums(op, reduction, { mantissa: Math.floor((mantissa * 2 ** bits) / terms), shift: shift - bits })
}

/** Each factor is scaled on its own, by the root of the result's scale, so that the product stays small. */
export const quantizedProduct: Kernel = (op) => {
  const { data } = quantizedInput(op, 0)
  const { shape, count, terms, forEach } = reductionOfOp(op)
  const [input, output] = [inputAffine(op, 0), outputAffine(op)]
  const multiplier = multiplierOf(input.scale / output.scale ** (1 / terms))
  const range = rangeOf(op, op.outputDType())
  const products = new Float64Array(count)
  const begun = new Uint8Array(count)
  forEach((from, to) => {
    const factor = data[from]! - input.zeroPoint
    products[to] = begun[to] ? scaleWide(products[to]! * factor, multiplier) : factor
    begun[to] = 1
  })
  const out = integers(op.outputDType(), shape)
  for (let i = 0; i < count; i++) out.data[i] = clampTo(scaleWide(products[i]!, multiplier) + output.zeroPoint, range)
  return out
}
