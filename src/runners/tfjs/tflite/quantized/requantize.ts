/** Quantised numbers brought to another scale, and extrema, which need no more than that. */
import type { Tensor } from '../../../../../kernels/tensor.js'
import type { Quantization } from '../../../../graph/graph.js'
import type { Kernel, Operator } from '../../operator.js'
import { commonShape, zip } from '../broadcast.js'
import { clampTo, inputAffine, integers, outputAffine, quantizedInput, rangeOf } from './affine.js'
import { multiplierOf, round, scale } from './fixed-point.js'

/** Whether two quantisations stand for the same numbers. */
function isSame(a: Quantization | undefined, b: Quantization | undefined): boolean {
  return a?.scale[0] === b?.scale[0] && a?.zeroPoint[0] === b?.zeroPoint[0]
}

/** uint8 operands of a concatenation at the result's scale; other dtypes have it already. */
export function requantizedTo(target: Quantization | undefined, value: Tensor, own: Quantization | undefined): Tensor {
  if (value.dtype !== 'uint8' || !target || !own || isSame(target, own)) return value
  const inverse = Math.fround(1 / target.scale[0]!)
  const factor = Math.fround(own.scale[0]! * inverse)
  const bias = Math.fround(-own.zeroPoint[0]! * factor)
  const data = value.data.map((q) => clampTo(round(Math.fround(Math.fround(q * factor) + bias)) + target.zeroPoint[0]!, [0, 255]))
  return { ...value, data }
}

type Step = (a: number, b: number) => number

const STEPS: { readonly [type: string]: Step } = {
  MAXIMUM: (a, b) => (a > b ? a : b),
  MINIMUM: (a, b) => (a < b ? a : b),
}

/** Operands and result share a scale. */
export const quantizedExtremum: Kernel = (op) => {
  const [a, b] = [quantizedInput(op, 0), quantizedInput(op, 1)]
  const step = STEPS[op.type]
  if (!step || op.input(0).dtype !== op.input(1).dtype) throw op.unsupported()
  const shape = commonShape(a.shape, b.shape)
  const out = integers(op.input(0).dtype, shape)
  zip(shape, a, b, out.data, step)
  return out
}

/** From an operand's quantisation to the result's. */
export function rescalingOf(op: Operator, index = 0): (q: number) => number {
  const [input, output] = [inputAffine(op, index), outputAffine(op)]
  const multiplier = multiplierOf(input.scale / output.scale)
  const range = rangeOf(op, op.outputDType())
  return (q) => clampTo(scale(q - input.zeroPoint, multiplier) + output.zeroPoint, range)
}
