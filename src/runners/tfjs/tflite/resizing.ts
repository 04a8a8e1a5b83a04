/** Resizing of [N, H, W, C]. */
import { boolean, integers } from '../../parameters.js'
import { FLOAT_OR_QUANTIZED } from '../dtypes.js'
import { resizedShape } from '../geometry/resizing.js'
import type { Size4 } from '../geometry/windows.js'
import { resizeBilinear, resizeNearest } from '../maths/resizing.js'
import { type Op, op, operand } from '../op.js'
import { quantizedBilinear } from './quantized/resizing.js'

const CENTRES = { align_corners: boolean({ default: false }), half_pixel_centers: boolean({ default: false }) }

export const RESIZING: readonly Op[] = [
  op({
    type: 'RESIZE_NEAREST_NEIGHBOR',
    specification: 'ResizeNearestNeighborOptions; reference_ops::ResizeNearestNeighbor',
    operands: { input: operand([...FLOAT_OR_QUANTIZED, 'int32'], 4), size: integers() },
    attributes: CENTRES,
    rounding: 'exact',
    run: ({ input, size, align_corners: alignCorners, half_pixel_centers: halfPixelCenters }) =>
      resizeNearest(input, resizedShape(input.shape as unknown as Size4, size), { alignCorners, halfPixelCenters }),
  }),
  op({
    type: 'RESIZE_BILINEAR',
    specification: 'ResizeBilinearOptions; reference_ops::ResizeBilinear, reference_ops::ResizeBilinearInteger',
    operands: { input: operand(FLOAT_OR_QUANTIZED, 4), size: integers() },
    attributes: CENTRES,
    rounding: 'accumulating',
    run({ input, size, align_corners: alignCorners, half_pixel_centers: halfPixelCenters }, { output }) {
      const shape = resizedShape(input.shape as unknown as Size4, size)
      const centres = { alignCorners, halfPixelCenters }
      return input.dtype === 'float32' ? resizeBilinear(input, shape, centres) : quantizedBilinear(input, shape, centres, output())
    },
  }),
]
