/** MIL ops that resize and resample images: coremltools ops/defs/iOS15, iOS16 and iOS17 image_resizing. */
import type { Sampling, Surround } from '../../../../kernels/resampling.js'
import { type FloatTensor, tensor as make, type Tensor, withShape } from '../../../../kernels/tensor.js'
import { boolean, exactly, integer, integers, number, optionalTensor, tensor, text } from '../../parameters.js'
import { type Context, type Op, op } from '../op.js'
import * as resizing from '../semantics/resizing.js'
import { allocatable, expectShape, integersOf } from '../semantics/shapes.js'

const SAMPLING = {
  STRICT_ALIGN_CORNERS: 'strict-align-corners',
  ALIGN_CORNERS: 'align-corners',
  DEFAULT: 'asymmetric',
  OFFSET_CORNERS: 'offset-corners',
  UNALIGN_CORNERS: 'half-pixel',
} as const satisfies Record<string, Sampling>

type SamplingName = keyof typeof SAMPLING
const SAMPLING_NAMES = Object.keys(SAMPLING) as SamplingName[]

const sampling_mode = text(SAMPLING_NAMES, { default: 'DEFAULT' })
const image = tensor<FloatTensor>({ types: 'float', rank: [3, Number.POSITIVE_INFINITY] })
const image4 = tensor<FloatTensor>({ types: 'float', rank: 4 })
const factors = { scale_factor_height: exactly(number({ default: 1 })), scale_factor_width: exactly(number({ default: 1 })) }

/** Sizes of the last two dimensions times the factors, rounded down; the product counts as float32. */
function scaledSizes(
  x: Tensor,
  { scale_factor_height, scale_factor_width }: { scale_factor_height: number; scale_factor_width: number },
  context: Context,
): number[] {
  return [scale_factor_height, scale_factor_width].map((factor, i) => {
    if (!(factor > 0)) context.fail(`has a scale factor of ${factor}, expected a positive one`)
    return Math.floor(Math.fround(x.shape[x.shape.length - 2 + i]! * factor))
  })
}

function upsampleBilinear(
  x: FloatTensor,
  sizes: readonly number[],
  alignCorners: boolean,
  halfPixelCenters: boolean,
  context: Context,
): Tensor {
  if (alignCorners && halfPixelCenters) context.fail('has both align_corners and half_pixel_centers')
  const sampling = alignCorners ? 'strict-align-corners' : halfPixelCenters ? 'half-pixel' : 'asymmetric'
  return resizing.resizeLinear(x, sizes, sampling, context)
}

const cropParameters = {
  target_height: integer({ default: 1 }),
  target_width: integer({ default: 1 }),
  normalized_coordinates: boolean({ default: false }),
  spatial_scale: number({ default: 1 }),
  box_coordinate_mode: text(resizing.BOX_MODES, { default: 'CORNERS_HEIGHT_FIRST' }),
  sampling_mode,
}

interface CropValues {
  target_height: number
  target_width: number
  normalized_coordinates: boolean
  spatial_scale: number
  box_coordinate_mode: resizing.BoxMode
  sampling_mode: SamplingName
}

const cropsOf = (values: CropValues, outside: number | undefined): resizing.Crops => ({
  height: values.target_height,
  width: values.target_width,
  normalized: values.normalized_coordinates,
  spatialScale: values.spatial_scale,
  boxMode: values.box_coordinate_mode,
  sampling: SAMPLING[values.sampling_mode],
  outside,
})

const SURROUNDS = ['constant', 'border', 'reflection', 'symmetric'] as const satisfies readonly Surround[]
const INTERPOLATIONS = ['LINEAR', 'NEAREST_NEIGHBOR'] as const
const SAMPLERS = ['bilinear', 'nearest'] as const
const COORDINATES = ['unnormalized', 'normalized_minus_one_to_one', 'normalized_zero_to_one'] as const

/** Normalized coordinates of `size` points from -1 to 1; a single one lies in the middle. */
const coordinate = (i: number, size: number): number => (size === 1 ? 0 : (2 * i) / (size - 1) - 1)

export const resizingOps: readonly Op[] = [
  op({
    type: 'upsample_nearest_neighbor',
    specification: 'iOS15 image_resizing',
    parameters: { x: image, ...factors },
    rounding: 'exact',
    run: ({ x, ...scales }, context) => resizing.resizeNearest(x, scaledSizes(x, scales, context), 0, context),
  }),
  op({
    type: 'resize_nearest_neighbor',
    specification: 'iOS15 image_resizing',
    parameters: { x: image, target_size_height: integer(), target_size_width: integer() },
    rounding: 'exact',
    run: ({ x, target_size_height, target_size_width }, context) =>
      resizing.resizeNearest(x, [target_size_height, target_size_width], 0.5, context),
  }),
  op({
    type: 'upsample_bilinear',
    specification: 'iOS15 image_resizing',
    parameters: { x: image, ...factors, align_corners: boolean({ default: true }) },
    rounding: 'accumulating',
    terms: () => resizing.INTERPOLATION_TERMS,
    run: ({ x, align_corners, ...scales }, context) =>
      upsampleBilinear(x, scaledSizes(x, scales, context), align_corners, !align_corners, context),
  }),
  op({
    type: 'upsample_bilinear',
    specification: 'iOS16 image_resizing',
    since: 'iOS16',
    parameters: { x: image, ...factors, align_corners: boolean({ default: true }), half_pixel_centers: boolean({ default: undefined }) },
    rounding: 'accumulating',
    terms: () => resizing.INTERPOLATION_TERMS,
    run: ({ x, align_corners, half_pixel_centers, ...scales }, context) =>
      upsampleBilinear(x, scaledSizes(x, scales, context), align_corners, half_pixel_centers ?? !align_corners, context),
  }),
  op({
    type: 'resize_bilinear',
    specification: 'iOS15 image_resizing',
    parameters: { x: image, target_size_height: integer({ default: 1 }), target_size_width: integer({ default: 1 }), sampling_mode },
    rounding: 'accumulating',
    terms: () => resizing.INTERPOLATION_TERMS,
    run: ({ x, target_size_height, target_size_width, sampling_mode }, context) =>
      resizing.resizeLinear(x, [target_size_height, target_size_width], SAMPLING[sampling_mode], context),
  }),
  op({
    type: 'resize',
    specification: 'iOS17 image_resizing',
    since: 'iOS17',
    parameters: {
      x: tensor({ types: 'numeric' }),
      shape: integers(),
      resized_dims: integer(),
      interpolation_mode: text(INTERPOLATIONS, { default: 'LINEAR' }),
      sampling_mode,
    },
    rounding: 'accumulating',
    roundingOf: ({ interpolation_mode }) => (interpolation_mode === 'LINEAR' ? 'accumulating' : 'exact'),
    terms: () => resizing.INTERPOLATION_TERMS,
    run({ x, shape, resized_dims, interpolation_mode, sampling_mode }, context) {
      if (resized_dims < 0 || resized_dims > shape.length || shape.length > x.shape.length) {
        context.fail(`resizes ${resized_dims} dimensions to the end of [${shape}], for an operand of shape [${x.shape}]`)
      }
      const old = x.shape.slice(x.shape.length - resized_dims)
      const sizes = shape.slice(shape.length - resized_dims).map((size, i) => (size === 0 ? old[i]! : size))
      return interpolation_mode === 'LINEAR'
        ? resizing.resizeLinear(x, sizes, SAMPLING[sampling_mode], context)
        : resizing.resizeNearest(x, sizes, 0.5, context)
    },
  }),
  op({
    type: 'crop_resize',
    specification: 'iOS15 image_resizing',
    parameters: { x: image4, roi: exactly(tensor({ types: 'float', rank: 5 })), ...cropParameters },
    rounding: 'accumulating',
    terms: () => resizing.INTERPOLATION_TERMS,
    run: ({ x, roi, ...values }, context) => resizing.cropRegions(x, roi, cropsOf(values, undefined), context),
  }),
  op({
    type: 'crop_resize',
    specification: 'iOS16 image_resizing',
    since: 'iOS16',
    parameters: { x: image4, roi: exactly(tensor({ types: 'float', rank: 5 })), ...cropParameters, pad_value: number({ default: 0 }) },
    rounding: 'accumulating',
    terms: () => resizing.INTERPOLATION_TERMS,
    run: ({ x, roi, pad_value, ...values }, context) => resizing.cropRegions(x, roi, cropsOf(values, pad_value), context),
  }),
  op({
    type: 'crop_resize',
    specification: 'iOS17 image_resizing',
    since: 'iOS17',
    parameters: {
      x: image4,
      boxes: exactly(tensor({ types: 'numeric', rank: 2 })),
      box_indices: optionalTensor({ types: 'integer', rank: 1 }),
      ...cropParameters,
      pad_value: number({ default: 0 }),
    },
    rounding: 'accumulating',
    terms: () => resizing.INTERPOLATION_TERMS,
    run({ x, boxes, box_indices, pad_value, ...values }, context) {
      const count = boxes.shape[0]!
      expectShape(boxes.shape, [count, 4], context, 'boxes')
      const images = box_indices ? integersOf(box_indices, context) : Array.from({ length: count }, (_, i) => i)
      if (images.length !== count) context.fail(`has ${images.length} box_indices for ${count} boxes`)
      const shape = x.shape as [number, number, number, number]
      return resizing.cropAndResize(x, shape, boxes.data as ArrayLike<number>, images, cropsOf(values, pad_value), context)
    },
  }),
  op({
    type: 'resample',
    specification: 'iOS15 image_resizing',
    parameters: {
      x: image4,
      coordinates: exactly(tensor({ types: 'numeric', rank: 4 })),
      sampling_mode: text(SAMPLERS),
      padding_mode: text(SURROUNDS),
      padding_value: number(),
      coordinates_mode: text(COORDINATES),
      align_corners: boolean(),
    },
    rounding: 'accumulating',
    roundingOf: ({ sampling_mode }) => (sampling_mode === 'bilinear' ? 'accumulating' : 'exact'),
    terms: () => resizing.INTERPOLATION_TERMS,
    run({ x, coordinates, sampling_mode, padding_mode, padding_value, coordinates_mode, align_corners }, context) {
      const sampler = { mode: sampling_mode, surround: padding_mode, constant: padding_value }
      return resizing.resample(x, coordinates, { mode: coordinates_mode, alignCorners: align_corners, sampler }, context)
    },
  }),
  op({
    type: 'affine',
    specification: 'iOS15 image_resizing',
    parameters: {
      x: image4,
      transform_matrix: tensor<FloatTensor>({ types: 'float', rank: 2 }),
      output_height: integer(),
      output_width: integer(),
      sampling_mode: text(['bilinear']),
      padding_mode: text(['constant']),
      padding_value: number(),
      coordinates_mode: text(['normalized_minus_one_to_one']),
      align_corners: boolean(),
    },
    rounding: 'accumulating',
    terms: () => resizing.INTERPOLATION_TERMS,
    run({ x, transform_matrix, output_height, output_width, padding_value, align_corners }, context) {
      if (!align_corners) context.unsupported('with align_corners = false')
      const batch = x.shape[0]!
      const matrices = transform_matrix.shape[0]!
      expectShape(transform_matrix.shape, [matrices === 1 ? 1 : batch, 6], context, 'transform_matrix')
      const shape = [batch, output_height, output_width, 2]
      const coordinates = make('float32', allocatable(shape, context))
      for (let point = 0; point < batch * output_height * output_width; point++) {
        const column = coordinate(point % output_width, output_width)
        const row = coordinate(Math.floor(point / output_width) % output_height, output_height)
        const first = matrices === 1 ? 0 : 6 * Math.floor(point / (output_height * output_width))
        const [a0, a1, a2, b0, b1, b2] = transform_matrix.data.subarray(first, first + 6) as unknown as [
          number,
          number,
          number,
          number,
          number,
          number,
        ]
        coordinates.data[2 * point] = a0 * column + a1 * row + a2
        coordinates.data[2 * point + 1] = b0 * column + b1 * row + b2
      }
      const sampler = { mode: 'bilinear', surround: 'constant', constant: padding_value } as const
      return resizing.resample(
        x,
        withShape(coordinates, shape),
        { mode: 'normalized_minus_one_to_one', alignCorners: true, sampler },
        context,
      )
    },
  }),
]
