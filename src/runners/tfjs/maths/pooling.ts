/** Pooling of [N, H, W, C] over windows of H and W; padding is left out. */
import { allocate, type Tensor } from '../../../../kernels/tensor.js'
import { spanOf, type Window2d } from '../geometry/windows.js'

/** What becomes of a window: `step` is given what there is so far and an element, `finish` that and the number of elements. */
export interface Pool {
  initial: number
  step: (so: number, x: number) => number
  finish: (so: number, count: number) => number
}

const LEAST_FLOAT32 = -(2 - 2 ** -23) * 2 ** 127

export const MEAN: Pool = { initial: 0, step: (so, x) => so + x, finish: (so, count) => so / count }
export const LARGEST: Pool = { initial: LEAST_FLOAT32, step: (so, x) => (x > so ? x : so), finish: (so) => so }
/** The root of the mean square. */
export const L2: Pool = { initial: 0, step: (so, x) => so + x * x, finish: (so, count) => Math.sqrt(so / count) }

/** Folds each window, channel by channel; floats are summed in float32. */
export function pool(input: Tensor, { rows, columns }: Window2d, { initial, step, finish }: Pool): Tensor {
  const [batch, height, width, channels] = input.shape as [number, number, number, number]
  const [outHeight, outWidth] = [rows.count, columns.count]
  const data = allocate(input.dtype, batch * outHeight * outWidth * channels) as Float32Array
  const from = input.data as Float32Array
  const sums = input.dtype === 'float32' ? new Float32Array(channels) : new Float64Array(channels)
  let at = 0
  for (let n = 0; n < batch; n++) {
    for (let oy = 0; oy < outHeight; oy++) {
      const [top, bottom] = spanOf(rows, oy, height)
      for (let ox = 0; ox < outWidth; ox++) {
        const [left, right] = spanOf(columns, ox, width)
        sums.fill(initial)
        for (let y = top; y < bottom; y++) {
          for (let x = left; x < right; x++) {
            const start = ((n * height + y) * width + x) * channels
            for (let c = 0; c < channels; c++) sums[c] = step(sums[c]!, from[start + c]!)
          }
        }
        const count = (bottom - top) * (right - left)
        for (let c = 0; c < channels; c++) data[at++] = finish(sums[c]!, count)
      }
    }
  }
  return { dtype: input.dtype, shape: [batch, outHeight, outWidth, channels], data } as Tensor
}
