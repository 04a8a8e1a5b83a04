/** Pooling as the ops of both dialects need it. */
import type { Pooling } from '../../../../kernels/pooling.js'
import { tensor as make, sizeOf, type Tensor } from '../../../../kernels/tensor.js'
import type { Context } from '../op.js'
import { allocatable } from './shapes.js'
import { asMany, slidingWindows, type WindowAttributes } from './windows.js'

type Single = Tensor<'float32' | 'float16'>

/** Pools the last `attributes.kernel.length` dimensions of x; the others stay. */
export function poolWindows(x: Single, pooling: Pooling, attributes: WindowAttributes, context: Context): Tensor {
  const count = attributes.kernel.length
  if (count >= x.shape.length) context.fail(`has an input of shape [${x.shape}] for ${count} pooled dimensions`)
  const lead = x.shape.slice(0, -count)
  const windows = slidingWindows(x.shape.slice(-count), attributes, context)
  const shape = allocatable([...lead, ...asMany(windows.output, count)], context)
  return make(x.dtype, shape, context.kernels.pool(x.data, { planes: sizeOf(lead), ...windows }, pooling, context.arithmetic))
}
