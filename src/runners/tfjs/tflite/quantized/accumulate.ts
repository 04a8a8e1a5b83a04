/** Sums of products of integers under a moving window. They are exact: numbers hold integers of up to 53 bits. */
import type { Convolution2d, Size4, Window2d } from '../../geometry/windows.js'

export interface IntegerImage {
  data: ArrayLike<number>
  /** [N, H, W, C] */
  shape: Size4
  /** Subtracted from the elements of each sample. */
  zeroPoint: (sample: number) => number
}

export interface IntegerFilter {
  data: ArrayLike<number>
  zeroPoint: number
}

/** Takes the sum for channel `channel` of element `at` of the result, which belongs to `sample`. */
export type Emit = (at: number, channel: number, sample: number, sum: number) => void

/** Filter [filters, h, w, C / groups]. */
export function convolve(image: IntegerImage, filter: IntegerFilter, { rows, columns, groups, shape }: Convolution2d, emit: Emit): void {
  const [batch, height, width, channels] = image.shape
  const filters = shape[3]
  const depth = channels / groups
  const perGroup = filters / groups
  const terms = rows.size * columns.size * depth
  const weights = Int32Array.from(filter.data, (q) => q - filter.zeroPoint)
  const patch = new Int32Array(rows.size * columns.size * channels)
  let at = 0
  for (let n = 0; n < batch; n++) {
    const zero = image.zeroPoint(n)
    for (let oy = 0; oy < rows.count; oy++) {
      for (let ox = 0; ox < columns.count; ox++) {
        // by group, so that the terms of a filter lie together
        patch.fill(0)
        for (let ky = 0; ky < rows.size; ky++) {
          const y = oy * rows.stride - rows.before + ky * rows.dilation
          if (y < 0 || y >= height) continue
          for (let kx = 0; kx < columns.size; kx++) {
            const x = ox * columns.stride - columns.before + kx * columns.dilation
            if (x < 0 || x >= width) continue
            const from = ((n * height + y) * width + x) * channels
            for (let c = 0; c < channels; c++) {
              const group = Math.floor(c / depth)
              patch[group * terms + (ky * columns.size + kx) * depth + (c - group * depth)] = image.data[from + c]! - zero
            }
          }
        }
        for (let f = 0; f < filters; f++) {
          const first = Math.floor(f / perGroup) * terms
          let sum = 0
          for (let k = 0; k < terms; k++) sum += patch[first + k]! * weights[f * terms + k]!
          emit(at++, f, n, sum)
        }
      }
    }
  }
}

/** Filter [1, h, w, filters], a multiple of the channels. */
export function convolveDepthwise(image: IntegerImage, filter: IntegerFilter, { rows, columns, shape }: Convolution2d, emit: Emit): void {
  const [batch, height, width, channels] = image.shape
  const filters = shape[3]
  const multiplier = filters / channels
  const sums = new Float64Array(filters)
  let at = 0
  for (let n = 0; n < batch; n++) {
    const zero = image.zeroPoint(n)
    for (let oy = 0; oy < rows.count; oy++) {
      for (let ox = 0; ox < columns.count; ox++) {
        sums.fill(0)
        for (let ky = 0; ky < rows.size; ky++) {
          const y = oy * rows.stride - rows.before + ky * rows.dilation
          if (y < 0 || y >= height) continue
          for (let kx = 0; kx < columns.size; kx++) {
            const x = ox * columns.stride - columns.before + kx * columns.dilation
            if (x < 0 || x >= width) continue
            const from = ((n * height + y) * width + x) * channels
            const by = (ky * columns.size + kx) * filters
            for (let c = 0, f = 0; c < channels; c++) {
              const element = image.data[from + c]! - zero
              for (let m = 0; m < multiplier; m++, f++) sums[f]! += element * (filter.data[by + f]! - filter.zeroPoint)
            }
          }
        }
        for (let f = 0; f < filters; f++) emit(at++, f, n, sums[f]!)
      }
    }
  }
}

/** Rows [batch, depth] times [units, depth]. */
export function multiply(
  rows: ArrayLike<number>,
  rowZero: (row: number) => number,
  filter: IntegerFilter,
  batch: number,
  depth: number,
  units: number,
  emit: Emit,
): void {
  const weights = Int32Array.from(filter.data, (q) => q - filter.zeroPoint)
  const row = new Int32Array(depth)
  for (let b = 0; b < batch; b++) {
    const zero = rowZero(b)
    for (let k = 0; k < depth; k++) row[k] = rows[b * depth + k]! - zero
    for (let u = 0; u < units; u++) {
      let sum = 0
      for (let k = 0; k < depth; k++) sum += row[k]! * weights[u * depth + k]!
      emit(b * units + u, u, b, sum)
    }
  }
}

/** Each element of the image times the filter [filters, h, w, C], emitted for every place of the result `shape` where the window puts it. */
export function spread(image: IntegerImage, filter: IntegerFilter, shape: Size4, { rows, columns }: Window2d, emit: Emit): void {
  const [, outHeight, outWidth, filters] = shape
  const [batch, height, width, channels] = image.shape
  for (let pixel = 0; pixel < batch * height * width; pixel++) {
    const x = pixel % width
    const y = Math.floor(pixel / width) % height
    const n = Math.floor(pixel / (width * height))
    const zero = image.zeroPoint(n)
    for (let ky = 0; ky < rows.size; ky++) {
      const oy = y * rows.stride - rows.before + ky
      for (let kx = 0; kx < columns.size; kx++) {
        const ox = x * columns.stride - columns.before + kx
        if (oy < 0 || oy >= outHeight || ox < 0 || ox >= outWidth) continue
        for (let f = 0; f < filters; f++) {
          const by = ((f * rows.size + ky) * columns.size + kx) * channels
          let sum = 0
          for (let c = 0; c < channels; c++) sum += (image.data[pixel * channels + c]! - zero) * (filter.data[by + c]! - filter.zeroPoint)
          emit(((n * outHeight + oy) * outWidth + ox) * filters + f, f, n, sum)
        }
      }
    }
  }
}
