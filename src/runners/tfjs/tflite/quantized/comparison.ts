/** Quantised operands compared by the numbers that they stand for, each brought to int32 by the scale of its own. */
import { tensor } from '../../../../../kernels/tensor.js'
import type { Kernel } from '../../operator.js'
import { commonShape, zip } from '../broadcast.js'
import { inputAffine, quantizedInput } from './affine.js'
import { multiplierOf, scale } from './fixed-point.js'

const LEFT_SHIFT = 8

/** `plain` compares integers without quantisation. */
export const quantizedComparison =
  (f: (a: number, b: number) => boolean, plain: Kernel): Kernel =>
  (op) => {
    if (!op.quantization(0) || !op.quantization(1)) return plain(op)
    const [a, b] = [quantizedInput(op, 0), quantizedInput(op, 1)]
    const [left, right] = [inputAffine(op, 0), inputAffine(op, 1)]
    const [byLeft, byRight] = [multiplierOf(left.scale), multiplierOf(right.scale)]
    const shape = commonShape(a.shape, b.shape)
    const out = tensor('bool', shape)
    zip(shape, a, b, out.data, (x, y) => {
      const scaledX = scale((x - left.zeroPoint) * 2 ** LEFT_SHIFT, byLeft)
      const scaledY = scale((y - right.zeroPoint) * 2 ** LEFT_SHIFT, byRight)
      return f(scaledX, scaledY) ? 1 : 0
    })
    return out
  }
