/** Resizing, cropping and resampling of images, as both dialects define them. */
import { gatherRuns, runsAlong } from '../../../../kernels/indexing.js'
import { gridPoints, linearGrid, nearestIndices, type Sampler, type Sampling } from '../../../../kernels/resampling.js'
import { type FloatTensor, sizeOf, type Tensor, tensor, withShape } from '../../../../kernels/tensor.js'
import type { Context } from '../op.js'
import { asComputed, BOX_COORDINATE, COORDINATE, interpolated, sampled } from './interpolation.js'
import { finite } from './rounding.js'
import { allocatable, expectShape } from './shapes.js'

function resizedShape(value: Tensor, sizes: readonly number[], context: Context): number[] {
  const { shape } = value
  if (sizes.length > shape.length) context.fail(`resizes ${sizes.length} dimensions of an operand of shape [${shape}]`)
  const result = [...shape.slice(0, shape.length - sizes.length), ...sizes]
  result.forEach((size, axis) => {
    if (size > 0 && shape[axis] === 0) context.fail(`cannot resize an operand of shape [${shape}] to [${result}]`)
  })
  allocatable(result, context)
  return result
}

/** Products of bilinear interpolation. */
export const INTERPOLATION_TERMS = 4

/** The last dimensions brought to `sizes` by linear interpolation along each, first to last; integers drop the fraction at the end. */
export function resizeLinear<T extends Tensor>(value: T, sizes: readonly number[], sampling: Sampling, context: Context): T {
  const shape = resizedShape(value, sizes, context)
  let data = value.data instanceof Float32Array ? value.data : Float32Array.from(value.data as ArrayLike<number>)
  for (let axis = shape.length - sizes.length; axis < shape.length; axis++) {
    const [from, to] = [value.shape[axis]!, shape[axis]!]
    if (from === to && from <= 1) continue
    const grid = linearGrid(asComputed(gridPoints(sampling, 0, from - 1, to), COORDINATE, context), from)
    const outer = sizeOf(shape.slice(0, axis))
    data = interpolated(data, outer, from, sizeOf(value.shape.slice(axis + 1)), grid, context)
  }
  const result = tensor(value.dtype, shape)
  if (result.data instanceof Float32Array) return { ...result, data } as T
  ;(result.data as Int32Array).set(data)
  return result as T
}

/** The last dimensions brought to `sizes`: element floor((i + offset) * old / new) of each. */
export function resizeNearest<T extends Tensor>(value: T, sizes: readonly number[], offset: 0 | 0.5, context: Context): T {
  const shape = resizedShape(value, sizes, context)
  let result = value
  // the last dimension first: the others then move longer runs
  for (let axis = shape.length - 1; axis >= shape.length - sizes.length; axis--) {
    const [from, to] = [value.shape[axis]!, shape[axis]!]
    if (from === to) continue
    const now = result.shape.map((size, i) => (i === axis ? to : size))
    result = gatherRuns(result, runsAlong(result.shape, axis, nearestIndices(from, to, offset)), now)
  }
  return result
}

/** How the four numbers of a box describe it. */
export const BOX_MODES = ['CORNERS_HEIGHT_FIRST', 'CORNERS_WIDTH_FIRST', 'CENTER_SIZE_HEIGHT_FIRST', 'CENTER_SIZE_WIDTH_FIRST'] as const
export type BoxMode = (typeof BOX_MODES)[number]

const CORNERS: { readonly [mode in BoxMode]: (box: readonly [number, number, number, number]) => [number, number, number, number] } = {
  CORNERS_HEIGHT_FIRST: ([top, left, bottom, right]) => [top, left, bottom, right],
  CORNERS_WIDTH_FIRST: ([left, top, right, bottom]) => [top, left, bottom, right],
  CENTER_SIZE_HEIGHT_FIRST: ([y, x, height, width]) => [y - height / 2, x - width / 2, y + height / 2, x + width / 2],
  CENTER_SIZE_WIDTH_FIRST: ([x, y, width, height]) => [y - height / 2, x - width / 2, y + height / 2, x + width / 2],
}

export interface Crops {
  height: number
  width: number
  /** Coordinates are in [0, 1] and are scaled by height - 1 and width - 1 of the image. */
  normalized: boolean
  spatialScale: number
  boxMode: BoxMode
  sampling: Sampling
  /** What points outside of the image get; undefined: the nearest point inside. */
  outside: number | undefined
}

/**
 * The regions `boxes` ([..., 4], one row a region) of the images [batch, channels, height, width], each resized: [boxes, channels, h, w].
 * `images[i]` is the image that box i is cut from.
 */
export function cropAndResize(
  { data, dtype }: FloatTensor,
  [batch, channels, height, width]: readonly [number, number, number, number],
  boxes: ArrayLike<number>,
  images: readonly number[],
  crops: Crops,
  context: Context,
): Tensor {
  const shape = [images.length, channels, crops.height, crops.width]
  allocatable(shape, context)
  const result = new Float32Array(sizeOf(shape))
  const points = crops.height * crops.width
  const [x, y] = [new Float64Array(points), new Float64Array(points)]
  const sampler: Sampler = { mode: 'bilinear', surround: crops.outside === undefined ? 'border' : 'constant', constant: crops.outside ?? 0 }
  const [scaleY, scaleX] = [height, width].map((size) => crops.spatialScale * (crops.normalized ? size - 1 : 1)) as [number, number]
  images.forEach((image, i) => {
    if (!(image >= 0 && image < batch)) context.fail(`box ${i} is of image ${image}, expected 0 to ${batch - 1}`)
    const box = [boxes[4 * i]!, boxes[4 * i + 1]!, boxes[4 * i + 2]!, boxes[4 * i + 3]!] as const
    const [top, left, bottom, right] = CORNERS[crops.boxMode](box)
    const rows = boxPoints(crops, [top * scaleY, bottom * scaleY], crops.height, height, context)
    const columns = boxPoints(crops, [left * scaleX, right * scaleX], crops.width, width, context)
    for (let row = 0; row < crops.height; row++) {
      x.set(columns, row * crops.width)
      y.fill(rows[row]!, row * crops.width, (row + 1) * crops.width)
    }
    const plane = channels * height * width
    const part = (data as Float32Array).subarray(image * plane, (image + 1) * plane)
    const patch = sampled(part, [channels, height, width], x, y, sampler, context)
    result.set(patch, i * channels * points)
  })
  return tensor(dtype as 'float32', shape, result)
}

/**
 * Regions [N, 1, 4, 1, 1] are cut from every image [B, C, H, W]: [N, B, C, h, w]; regions [N, 1, 5, 1, 1] name their image before the box:
 * [N, 1, C, h, w].
 */
export function cropRegions(value: FloatTensor, regions: Tensor, crops: Crops, context: Context): Tensor {
  const [batch, channels, height, width] = value.shape as [number, number, number, number]
  const [count, , numbers] = regions.shape as [number, number, number]
  const named = numbers === 5
  expectShape(regions.shape, [count, 1, named ? 5 : 4, 1, 1], context, 'the tensor of regions')
  const given = regions.data as ArrayLike<number>
  const perRegion = named ? 1 : batch
  const boxes = Array.from(
    { length: count * perRegion * 4 },
    (_, i) => given[Math.floor(i / (4 * perRegion)) * numbers + (numbers - 4) + (i % 4)]!,
  )
  const images = Array.from({ length: count * perRegion }, (_, i) => (named ? Math.round(given[i * numbers]!) : i % batch))
  const patches = cropAndResize(value, [batch, channels, height, width], boxes, images, crops, context)
  return withShape(patches, [count, perRegion, channels, crops.height, crops.width])
}

/**
 * Points of a box, held inside it. Where points outside of the image have a value of their own they are sent far away, where the surround
 * covers them whole; which points those are is not for rounding to decide.
 */
function boxPoints(
  { sampling, outside }: Crops,
  [start, end]: readonly [number, number],
  count: number,
  size: number,
  context: Context,
): Float64Array {
  const [least, most] = [Math.min(start, end), Math.max(start, end)]
  const points = gridPoints(sampling, start, end, count).map((point) => Math.min(most, Math.max(least, point)))
  const computed = asComputed(points, BOX_COORDINATE, context)
  if (outside === undefined) return computed
  return computed.map((point, i) =>
    points[i]! >= 0 && points[i]! <= size - 1 ? Math.min(size - 1, Math.max(0, point)) : Number.NEGATIVE_INFINITY,
  )
}

/** Positions in pixels from coordinates along a dimension of `size`. */
export type CoordinatesMode = 'unnormalized' | 'normalized_minus_one_to_one' | 'normalized_zero_to_one'

/**
 * A coordinate in [-1, 1] or [0, 1] spans the image from the centre of the first pixel to that of the last (`alignCorners`), or from edge to edge.
 */
export function pixelOf(coordinate: number, size: number, mode: CoordinatesMode, alignCorners: boolean): number {
  if (mode === 'unnormalized') return coordinate
  const part = mode === 'normalized_minus_one_to_one' ? (coordinate + 1) / 2 : coordinate
  return alignCorners ? part * (size - 1) : part * size - 0.5
}

/** Magnitude of what a coordinate is made of, in pixels: near the middle of the image, that of the half which is taken off or added. */
const reachOf = (coordinate: number, size: number, mode: CoordinatesMode): number =>
  mode === 'unnormalized'
    ? Math.abs(coordinate)
    : mode === 'normalized_zero_to_one'
      ? Math.abs(coordinate) * size
      : ((Math.abs(coordinate) + 1) / 2) * size

/** Images [B, C, H, W] at points [B, h, w, 2] (x, then y): [B, C, h, w]. */
export function resample(
  value: FloatTensor,
  coordinates: Tensor,
  { mode, alignCorners, sampler }: { mode: CoordinatesMode; alignCorners: boolean; sampler: Sampler },
  context: Context,
): Tensor {
  const [batch, channels, height, width] = value.shape as [number, number, number, number]
  const [, rows, columns] = coordinates.shape as [number, number, number, number]
  expectShape(coordinates.shape, [batch, rows, columns, 2], context, 'the tensor of coordinates')
  const shape = [batch, channels, rows, columns]
  allocatable(shape, context)
  const points = rows * columns
  const [x, y] = [new Float64Array(points), new Float64Array(points)]
  const pairs = coordinates.data as ArrayLike<number>
  const result = new Float32Array(sizeOf(shape))
  const plane = channels * height * width
  const wobble = sampler.mode === 'bilinear' ? context.wobble : undefined
  const pixel = (coordinate: number, size: number) => {
    const exact = pixelOf(coordinate, size, mode, alignCorners)
    const given = mode === 'unnormalized' && Number.isInteger(coordinate)
    return wobble && !given ? exact + wobble(COORDINATE * finite(Math.max(1, reachOf(coordinate, size, mode)))) : exact
  }
  for (let sample = 0; sample < batch; sample++) {
    for (let i = 0; i < points; i++) {
      const pair = 2 * (sample * points + i)
      x[i] = pixel(pairs[pair]!, width)
      y[i] = pixel(pairs[pair + 1]!, height)
    }
    const image = (value.data as Float32Array).subarray(sample * plane, (sample + 1) * plane)
    result.set(sampled(image, [channels, height, width], x, y, sampler, context), sample * channels * points)
  }
  return tensor(value.dtype as 'float32', shape, result)
}
