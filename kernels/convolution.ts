/**
 * Convolution and transposed convolution over three spatial dimensions; one and two are the same with sizes of 1.
 * Tensors are [batch, channels, depth, height, width].
 */
import type { Arithmetic } from './arithmetic.js'
import { roundToHalf } from './float16.js'
import { addHalf, halfSums, LANES, limitSum, multiplyRows, transposed } from './products.js'
import { sizeOf } from './tensor.js'

export type Spatial = readonly [depth: number, height: number, width: number]

export interface ConvolutionShape {
  batch: number
  groups: number
  inputChannels: number
  outputChannels: number
  input: Spatial
  kernel: Spatial
  output: Spatial
  stride: Spatial
  dilation: Spatial
  /**
   * Convolution: zeros in front of the input; behind it stand as many as the last output needs. Transposed convolution: elements cut
   * off in front of the full result.
   */
  before: Spatial
}

/** Positions whose inputs are gathered at a time: their rows stay in the cache while every kernel passes over them. */
const BLOCK = 32
const { fround } = Math

/**
 * out[n, o, p] = Σ over input channels of the group, then depth, height and width of the kernel, + bias[o].
 *
 * `weight` is [outputChannels, inputChannels / groups, ...kernel]. The sum starts at zero and takes its terms in that order, padding as
 * zeros; the bias is added last. Every path keeps that order, so all give the same bits.
 */
export function convolution(
  input: Float32Array,
  weight: Float32Array,
  bias: Float32Array | undefined,
  shape: ConvolutionShape,
  arithmetic: Arithmetic,
): Float32Array {
  const { batch, groups, inputChannels, outputChannels } = shape
  const places = sizeOf(shape.output)
  const out = new Float32Array(batch * outputChannels * places)
  if (out.length === 0) return out
  const { extent, isPadded } = extentOf(shape)
  const plane = sizeOf(extent)
  const channelsOfGroup = inputChannels / groups
  const kernelsOfGroup = outputChannels / groups
  const taps = tapsOf(shape, extent, channelsOfGroup)
  const positions = positionsOf(shape, extent)
  const terms = taps.length
  const panel = new Float32Array(channelsOfGroup === 1 ? 0 : Math.min(BLOCK, places) * terms)
  for (let n = 0; n < batch; n++) {
    const source = isPadded ? padded(input, n, shape, extent) : input
    const start = isPadded ? 0 : n * inputChannels * plane
    for (let group = 0; group < groups; group++) {
      const from = start + group * channelsOfGroup * plane
      const firstKernel = group * kernelsOfGroup
      const to = (n * outputChannels + firstKernel) * places
      if (channelsOfGroup === 1) {
        for (let kernel = 0; kernel < kernelsOfGroup; kernel++) {
          const weights = weight.subarray((firstKernel + kernel) * terms, (firstKernel + kernel + 1) * terms)
          sumTaps(source, from, weights, taps, positions, out.subarray(to + kernel * places, to + (kernel + 1) * places), arithmetic)
        }
        continue
      }
      const weights = { data: weight, offset: firstKernel * terms, count: kernelsOfGroup }
      for (let first = 0; first < places; first += BLOCK) {
        const count = Math.min(BLOCK, places - first)
        gather(source, from, taps, positions, first, count, panel)
        const rows = { data: panel, offset: 0, count }
        multiplyRows(weights, rows, terms, out, { at: to + first, row: places, column: 1 }, arithmetic)
      }
    }
  }
  if (bias) addBias(out, bias, places)
  return out
}

/** The part of the padded input that the outputs read, and whether that is more than the input itself. */
function extentOf({ input, kernel, output, stride, dilation, before }: ConvolutionShape): { extent: Spatial; isPadded: boolean } {
  const needed = (axis: 0 | 1 | 2) => (output[axis] - 1) * stride[axis] + (kernel[axis] - 1) * dilation[axis] + 1
  const extent: Spatial = [needed(0), needed(1), needed(2)]
  const isPadded = extent.some((size, axis) => before[axis]! > 0 || size > input[axis]!)
  return { extent: isPadded ? extent : input, isPadded }
}

/** Image `n` with its padding: [channels, ...extent]. */
function padded(input: Float32Array, n: number, { inputChannels, input: size, before }: ConvolutionShape, extent: Spatial): Float32Array {
  const out = new Float32Array(inputChannels * sizeOf(extent))
  const depth = Math.min(size[0], extent[0] - before[0])
  const height = Math.min(size[1], extent[1] - before[1])
  const width = Math.min(size[2], extent[2] - before[2])
  if (width <= 0) return out
  for (let channel = 0; channel < inputChannels; channel++) {
    for (let z = 0; z < depth; z++) {
      for (let y = 0; y < height; y++) {
        const from = ((((n * inputChannels + channel) * size[0] + z) * size[1] + y) * size[2]) | 0
        const to = (((channel * extent[0] + z + before[0]) * extent[1] + y + before[1]) * extent[2] + before[2]) | 0
        for (let x = 0; x < width; x++) out[to + x] = input[from + x]!
      }
    }
  }
  return out
}

/** For each weight of a kernel, in order, how far its input lies from the output's place. */
function tapsOf({ kernel, dilation }: ConvolutionShape, extent: Spatial, channels: number): Int32Array {
  const taps = new Int32Array(channels * sizeOf(kernel))
  let tap = 0
  for (let channel = 0; channel < channels; channel++) {
    for (let z = 0; z < kernel[0]; z++) {
      for (let y = 0; y < kernel[1]; y++) {
        for (let x = 0; x < kernel[2]; x++) {
          const row = (channel * extent[0] + z * dilation[0]) * extent[1] + y * dilation[1]
          taps[tap++] = row * extent[2] + x * dilation[2]
        }
      }
    }
  }
  return taps
}

/** For each output the place of its first input within a channel. */
function positionsOf({ output, stride }: ConvolutionShape, extent: Spatial): Int32Array {
  const positions = new Int32Array(sizeOf(output))
  let position = 0
  for (let z = 0; z < output[0]; z++) {
    for (let y = 0; y < output[1]; y++) {
      for (let x = 0; x < output[2]; x++) {
        positions[position++] = (z * stride[0] * extent[1] + y * stride[1]) * extent[2] + x * stride[2]
      }
    }
  }
  return positions
}

/** panel[i, tap] = the input of output `first + i` at `tap`. */
function gather(
  source: Float32Array,
  from: number,
  taps: Int32Array,
  positions: Int32Array,
  first: number,
  count: number,
  panel: Float32Array,
): void {
  const terms = taps.length
  for (let tap = 0; tap < terms; tap++) {
    const base = (from + taps[tap]!) | 0
    for (let i = 0, to = tap; i < count; i++, to += terms) panel[to] = source[base + positions[first + i]!]!
  }
}

function limitSums(sums: Float32Array, limit: number): void {
  if (limit < Infinity) for (let i = 0; i < sums.length; i++) sums[i] = limitSum(sums[i]!, limit)
}

/** One kernel over one channel: four outputs at a time, each summed as `multiplyRows` does. */
function sumTaps(
  source: Float32Array,
  from: number,
  weights: Float32Array,
  taps: Int32Array,
  positions: Int32Array,
  out: Float32Array,
  { sum, productLimit }: Arithmetic,
): void {
  if (sum === 'float16') sumTapsHalf(source, from, weights, taps, positions, out)
  else sumTapsSingle(source, from, weights, taps, positions, out)
  limitSums(out, productLimit)
}

function sumTapsHalf(
  source: Float32Array,
  from: number,
  weights: Float32Array,
  taps: Int32Array,
  positions: Int32Array,
  out: Float32Array,
): void {
  for (let i = 0; i < out.length; i++) {
    const place = (from + positions[i]!) | 0
    halfSums[0] = 0
    for (let tap = 0; tap < taps.length; tap++) addHalf(0, fround(weights[tap]! * source[place + taps[tap]!]!))
    out[i] = halfSums[0]!
  }
}

function sumTapsSingle(
  source: Float32Array,
  from: number,
  weights: Float32Array,
  taps: Int32Array,
  positions: Int32Array,
  out: Float32Array,
): void {
  const places = out.length
  const last = places - 1
  for (let i = 0; i < places; i += LANES) {
    // the last group overlaps the one before; with fewer places than lanes the last one is repeated, and what lies behind it dropped
    const first = Math.max(0, Math.min(i, places - LANES))
    const p0 = (from + positions[first]!) | 0
    const p1 = (from + positions[Math.min(first + 1, last)]!) | 0
    const p2 = (from + positions[Math.min(first + 2, last)]!) | 0
    const p3 = (from + positions[Math.min(first + 3, last)]!) | 0
    let s0 = 0
    let s1 = 0
    let s2 = 0
    let s3 = 0
    for (let tap = 0; tap < taps.length; tap++) {
      const weight = weights[tap]!
      const shift = taps[tap]!
      s0 = fround(s0 + fround(weight * source[p0 + shift]!))
      s1 = fround(s1 + fround(weight * source[p1 + shift]!))
      s2 = fround(s2 + fround(weight * source[p2 + shift]!))
      s3 = fround(s3 + fround(weight * source[p3 + shift]!))
    }
    out[first] = s0
    out[first + 1] = s1
    out[first + 2] = s2
    out[first + 3] = s3
  }
}

/** Adds bias[channel] to each plane of `size` elements. */
function addBias(out: Float32Array, bias: Float32Array, size: number): void {
  for (let plane = 0, at = 0; at < out.length; plane++) {
    const addend = bias[plane % bias.length]!
    for (const end = at + size; at < end; at++) out[at] = out[at]! + addend
  }
}

/**
 * The transpose of `convolution` as a map: input element i and tap k of the kernel add to output i * stride + k * dilation - before;
 * what falls outside `output` is dropped, outputs that nothing reaches are the bias.
 *
 * `weight` is [inputChannels, outputChannels / groups, ...kernel]. First the input channels of a group are summed in order for each tap,
 * then the taps in order; the bias is added last.
 */
export function transposedConvolution(
  input: Float32Array,
  weight: Float32Array,
  bias: Float32Array | undefined,
  shape: ConvolutionShape,
  arithmetic: Arithmetic,
): Float32Array {
  const { batch, groups, inputChannels, outputChannels } = shape
  const inputs = sizeOf(shape.input)
  const taps = sizeOf(shape.kernel)
  const places = sizeOf(shape.output)
  const channelsOfGroup = inputChannels / groups
  const kernelsOfGroup = outputChannels / groups
  const out = new Float32Array(batch * outputChannels * places)
  if (out.length === 0) return out
  const products = new Float32Array(taps * inputs)
  for (let group = 0; group < groups; group++) {
    const firstChannel = group * channelsOfGroup
    // [kernels of the group, taps, channels]
    const weights = transposed(weight, firstChannel * kernelsOfGroup * taps, channelsOfGroup, kernelsOfGroup * taps)
    for (let n = 0; n < batch; n++) {
      const data = transposed(input, (n * inputChannels + firstChannel) * inputs, channelsOfGroup, inputs)
      for (let kernel = 0; kernel < kernelsOfGroup; kernel++) {
        const rows = { data: weights, offset: kernel * taps * channelsOfGroup, count: taps }
        const place = { at: 0, row: inputs, column: 1 }
        multiplyRows(rows, { data, offset: 0, count: inputs }, channelsOfGroup, products, place, arithmetic)
        const to = (n * outputChannels + group * kernelsOfGroup + kernel) * places
        const sums = out.subarray(to, to + places)
        scatter(products, shape, sums, arithmetic.sum === 'float16')
        limitSums(sums, arithmetic.productLimit)
      }
    }
  }
  if (bias) addBias(out, bias, places)
  return out
}

/** Adds products[tap, input] to the outputs that they belong to. */
function scatter(
  products: Float32Array,
  { input, kernel, output, stride, dilation, before }: ConvolutionShape,
  out: Float32Array,
  half: boolean,
): void {
  const inputs = sizeOf(input)
  let tap = 0
  for (let kz = 0; kz < kernel[0]; kz++) {
    for (let ky = 0; ky < kernel[1]; ky++) {
      for (let kx = 0; kx < kernel[2]; kx++, tap++) {
        const step = stride[2] | 0
        const shift = kx * dilation[2] - before[2]
        const first = Math.max(0, Math.ceil(-shift / stride[2]))
        const last = Math.min(input[2] - 1, Math.floor((output[2] - 1 - shift) / stride[2]))
        for (let z = 0; z < input[0]; z++) {
          const oz = z * stride[0] + kz * dilation[0] - before[0]
          if (oz < 0 || oz >= output[0]) continue
          for (let y = 0; y < input[1]; y++) {
            const oy = y * stride[1] + ky * dilation[1] - before[1]
            if (oy < 0 || oy >= output[1]) continue
            const from = (tap * inputs + (z * input[1] + y) * input[2]) | 0
            const to = ((oz * output[1] + oy) * output[2] + shift) | 0
            for (let x = first; x <= last; x++) {
              const at = to + x * step
              const sum = out[at]! + products[from + x]!
              out[at] = half ? roundToHalf(fround(sum)) : sum
            }
          }
        }
      }
    }
  }
}
