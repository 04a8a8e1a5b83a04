/** log(1 + e^x), and its parametric form with constants for every channel. */
import type { Arithmetic } from './arithmetic.js'
import { roundToHalf } from './float16.js'
import type { FloatTensor } from './tensor.js'
import { unaryPerChannel } from './unary.js'

/**
 * alpha log(1 + e^(beta x)), with `alpha` and `beta` for every index of `axis`, or one for all. Without `shiftExponentials` the
 * exponential is taken as it stands: where it overflows the dtype, or the sum passes `productLimit`, the result is 0.
 */
export function softplus<T extends FloatTensor>(
  x: T,
  axis: number,
  alpha: ArrayLike<number>,
  beta: ArrayLike<number>,
  { shiftExponentials, productLimit }: Arithmetic,
): T {
  if (shiftExponentials) return unaryPerChannel('softplus', x, axis, alpha, beta)
  const exponentials = unaryPerChannel('expScaled', x, axis, beta)
  const round = x.dtype === 'float16' ? roundToHalf : Math.fround
  const sums = exponentials.data.map((e) => {
    const sum = round(1 + round(e))
    return sum > productLimit || sum === Infinity ? 1 : sum
  })
  return unaryPerChannel('logScaled', { ...x, data: sums } as T, axis, alpha)
}
