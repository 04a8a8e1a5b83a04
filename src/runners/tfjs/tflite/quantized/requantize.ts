/** Quantized numbers brought to another scale. */
import type { Tensor } from '../../../../../kernels/tensor.js'
import type { Quantization } from '../../../../graph/graph.js'
import type { Operand, Output } from '../../op.js'
import { affineOf, clampTo, rangeOf } from './affine.js'
import { multiplierOf, round, scale } from './fixed-point.js'

/** Whether two quantizations stand for the same numbers. */
function isSame(a: Quantization | undefined, b: Quantization | undefined): boolean {
  return a?.scale[0] === b?.scale[0] && a?.zeroPoint[0] === b?.zeroPoint[0]
}

/** uint8 operands of a concatenation at the result's scale; other dtypes have it already. */
export function requantizedTo(target: Quantization | undefined, value: Operand): Tensor {
  const own = value.quantization
  if (value.dtype !== 'uint8' || !target || !own || isSame(target, own)) return value
  const inverse = Math.fround(1 / target.scale[0]!)
  const factor = Math.fround(own.scale[0]! * inverse)
  const bias = Math.fround(-own.zeroPoint[0]! * factor)
  const data = value.data.map((q) => clampTo(round(Math.fround(Math.fround(q * factor) + bias)) + target.zeroPoint[0]!, [0, 255]))
  return { dtype: 'uint8', shape: value.shape, data }
}

/** From an operand's quantization to the result's. */
export function rescalingOf(value: Operand, result: Output): (q: number) => number {
  const [input, output] = [affineOf(value), affineOf(result)]
  const multiplier = multiplierOf(input.scale / output.scale)
  const range = rangeOf(result.dtype)
  return (q) => clampTo(scale(q - input.zeroPoint, multiplier) + output.zeroPoint, range)
}
