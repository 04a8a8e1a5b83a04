/**
 * Windows that slide over one to three spatial dimensions, for convolution and pooling of both dialects: from strides, dilations and
 * padding to the sizes and the leading padding that kernels take. One and two dimensions become three with sizes of 1 in front.
 */
import type { Spatial } from '../../../../kernels/convolution.js'
import type { Context } from '../op.js'
import { allocatable } from './shapes.js'

export const PAD_TYPES = ['valid', 'same', 'same_lower', 'custom'] as const
export type PadType = (typeof PAD_TYPES)[number]

export interface WindowAttributes {
  kernel: readonly number[]
  /** @default all 1 */
  strides?: readonly number[] | undefined
  /** @default all 1 */
  dilations?: readonly number[] | undefined
  padType: PadType
  /** Before and after each dimension; read where padType is 'custom'. @default all 0 */
  pad?: readonly number[] | undefined
  /** Rounds the number of windows up; none of them starts behind the input and its leading padding where there is padding. */
  ceilMode?: boolean
}

export interface Windows {
  input: Spatial
  kernel: Spatial
  stride: Spatial
  dilation: Spatial
  /** Padding in front of each dimension. */
  before: Spatial
  output: Spatial
}

type Sizes = { readonly [name in 'input' | 'kernel' | 'strides' | 'dilations' | 'before' | 'output']: readonly number[] }

function inThreeDimensions({ input, kernel, strides, dilations, before, output }: Sizes): Windows {
  return {
    input: spatial(input),
    kernel: spatial(kernel),
    stride: spatial(strides),
    dilation: spatial(dilations),
    before: spatial(before, 0),
    output: spatial(output),
  }
}

/** Dimensions with 1s (or `fill`) in front to make three. */
const spatial = (sizes: readonly number[], fill = 1): Spatial => [sizes.at(-3) ?? fill, sizes.at(-2) ?? fill, sizes.at(-1) ?? fill]

/** The dimensions that a result of the op has: as many as its input. */
export const asMany = (output: Spatial, rank: number): number[] => output.slice(3 - rank)

function perDimension(
  values: readonly number[] | undefined,
  fallback: number,
  count: number,
  least: number,
  what: string,
  context: Context,
): number[] {
  if (values === undefined) return new Array<number>(count).fill(fallback)
  if (values.length !== count) context.fail(`has ${what} [${values}], expected ${count} numbers`)
  if (values.some((value) => !(value >= least))) context.fail(`has ${what} [${values}], expected at least ${least} each`)
  return [...values]
}

interface Checked {
  kernel: number[]
  strides: number[]
  dilations: number[]
  pad: number[]
}

function checked(input: readonly number[], attributes: WindowAttributes, context: Context): Checked {
  const count = input.length
  if (count < 1 || count > 3) context.fail(`has ${count} spatial dimensions, expected 1 to 3`)
  return {
    kernel: perDimension(attributes.kernel, 1, count, 1, 'kernel sizes', context),
    strides: perDimension(attributes.strides, 1, count, 1, 'strides', context),
    dilations: perDimension(attributes.dilations, 1, count, 1, 'dilations', context),
    pad: perDimension(attributes.padType === 'custom' ? attributes.pad : undefined, 0, 2 * count, 0, 'padding', context),
  }
}

/** The share of `total` that stands in front: the smaller half, or the larger one for 'same_lower'. */
const inFront = (total: number, padType: PadType): number => (padType === 'same_lower' ? Math.ceil(total / 2) : Math.floor(total / 2))

const isSame = (padType: PadType): boolean => padType === 'same' || padType === 'same_lower'

/** Windows of a convolution or a pooling over an input with the spatial dimensions `input`. */
export function slidingWindows(input: readonly number[], attributes: WindowAttributes, context: Context): Windows {
  const { kernel, strides, dilations, pad } = checked(input, attributes, context)
  const { padType, ceilMode = false } = attributes
  const before: number[] = []
  const output = input.map((size, axis) => {
    const stride = strides[axis]!
    const reach = (kernel[axis]! - 1) * dilations[axis]! + 1
    if (isSame(padType)) {
      const count = Math.ceil(size / stride)
      before.push(inFront(Math.max(0, (count - 1) * stride + reach - size), padType))
      return count
    }
    const front = pad[2 * axis]!
    const padding = front + pad[2 * axis + 1]!
    before.push(front)
    const room = size + padding - reach
    if (room < 0) context.fail(`has a window of ${reach} over ${size} elements with ${padding} of padding`)
    if (!ceilMode) return Math.floor(room / stride) + 1
    const count = Math.ceil(room / stride) + 1
    return padding > 0 && (count - 1) * stride >= size + front ? count - 1 : count
  })
  // the padded input, as far as the windows reach
  const reached = output.map((size, axis) => Math.max(0, size - 1) * strides[axis]! + (kernel[axis]! - 1) * dilations[axis]! + 1)
  allocatable(reached, context)
  return inThreeDimensions({ input, kernel, strides, dilations, before, output })
}

/**
 * Windows of a transposed convolution. Without an `outputShape` the result has stride * size elements for 'same', else what the kernels
 * reach less the padding. With one, 'same' cuts half of what is too much off the front, the others what `pad` says.
 */
export function transposedWindows(
  input: readonly number[],
  attributes: WindowAttributes & { outputShape?: readonly number[] | undefined },
  context: Context,
): Windows {
  const { kernel, strides, dilations, pad } = checked(input, attributes, context)
  const { padType } = attributes
  const given = attributes.outputShape && perDimension(attributes.outputShape, 1, input.length, 1, 'an output shape of', context)
  const before: number[] = []
  const output = input.map((size, axis) => {
    const stride = strides[axis]!
    const full = (size - 1) * stride + (kernel[axis]! - 1) * dilations[axis]! + 1
    const front = pad[2 * axis]!
    const wanted = given?.[axis] ?? (isSame(padType) ? stride * size : full - front - pad[2 * axis + 1]!)
    if (wanted < 1) context.fail(`has ${full} elements before padding of [${pad}] is cut off`)
    before.push(isSame(padType) ? inFront(Math.max(0, full - wanted), padType) : front)
    return wanted
  })
  return inThreeDimensions({ input, kernel, strides, dilations, before, output })
}
