/** Quantized operands compared by the numbers that they stand for, each brought to int32 by the scale of its own. */
import { type Tensor, tensor } from '../../../../../kernels/tensor.js'
import { commonShape, zip } from '../../geometry/broadcast.js'
import type { Operand } from '../../op.js'
import { affineOf, codesOf } from './affine.js'
import { multiplierOf, scale } from './fixed-point.js'

const LEFT_SHIFT = 8

export function comparedCodes(a: Operand, b: Operand, f: (a: number, b: number) => boolean): Tensor {
  const [left, right] = [affineOf(a), affineOf(b)]
  const [byLeft, byRight] = [multiplierOf(left.scale), multiplierOf(right.scale)]
  const shape = commonShape(a.shape, b.shape)
  const out = tensor('bool', shape)
  zip(shape, { shape: a.shape, data: codesOf(a) }, { shape: b.shape, data: codesOf(b) }, out.data, (x, y) => {
    const scaledX = scale((x - left.zeroPoint) * 2 ** LEFT_SHIFT, byLeft)
    const scaledY = scale((y - right.zeroPoint) * 2 ** LEFT_SHIFT, byRight)
    return f(scaledX, scaledY) ? 1 : 0
  })
  return out
}
