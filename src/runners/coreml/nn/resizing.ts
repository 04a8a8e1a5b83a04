/** Layers that resize images (NeuralNetwork.proto: upsample, resizeBilinear, cropResize). The last two dimensions are [H, W]. */
import type { Sampling } from '../../../../kernels/resampling.js'
import { type FloatTensor, type Tensor, withShape } from '../../../../kernels/tensor.js'
import { boolean, integers, message, number, numbers, tensors, text } from '../../parameters.js'
import { type Context, type Op, op } from '../op.js'
import * as resizing from '../semantics/resizing.js'

/** SamplingMode.Method */
const METHODS = {
  STRICT_ALIGN_ENDPOINTS_MODE: 'strict-align-corners',
  ALIGN_ENDPOINTS_MODE: 'align-corners',
  UPSAMPLE_MODE: 'asymmetric',
  ROI_ALIGN_MODE: 'offset-corners',
} as const satisfies Record<string, Sampling>

/** UpsampleLayerParams.LinearUpsampleMode */
const LINEAR_MODES = {
  DEFAULT: 'asymmetric',
  ALIGN_CORNERS_TRUE: 'strict-align-corners',
  ALIGN_CORNERS_FALSE: 'half-pixel',
} as const satisfies Record<string, Sampling>

const INTERPOLATIONS = ['NN', 'BILINEAR'] as const

interface SamplingMode {
  samplingMethod: keyof typeof METHODS
}

/** An absent message is one with the first method. */
const samplingOf = (mode: SamplingMode | undefined): Sampling => METHODS[mode?.samplingMethod ?? 'STRICT_ALIGN_ENDPOINTS_MODE']

/** Height and width, 1 and 1 where the list is empty. */
function pairOf(list: readonly number[], name: string, context: Context): [number, number] {
  if (list.length === 0) return [1, 1]
  if (list.length !== 2 || list.some((element) => !(element > 0))) context.fail(`has ${name} [${list}], expected two positive numbers`)
  return [list[0]!, list[1]!]
}

function leastRank(value: Tensor, rank: number, context: Context): void {
  if (value.shape.length < rank) context.fail(`has an operand of shape [${value.shape}], expected rank ${rank} or more`)
}

export const resizingLayers: readonly Op[] = [
  op({
    type: 'upsample',
    specification: 'NeuralNetwork.proto UpsampleLayerParams',
    parameters: {
      input: tensors<FloatTensor>({ types: 'float', least: 1, most: 1 }),
      scalingFactor: integers(),
      fractionalScalingFactor: numbers(),
      mode: text(INTERPOLATIONS),
      linearUpsampleMode: text(Object.keys(LINEAR_MODES) as (keyof typeof LINEAR_MODES)[]),
    },
    rounding: 'accumulating',
    roundingOf: ({ mode }) => (mode === 'NN' ? 'exact' : 'accumulating'),
    terms: () => resizing.INTERPOLATION_TERMS,
    run({ input: [x], scalingFactor, fractionalScalingFactor, mode, linearUpsampleMode }, context) {
      leastRank(x!, 3, context)
      const fractional = fractionalScalingFactor.length > 0
      const factors = fractional
        ? pairOf(fractionalScalingFactor, 'fractionalScalingFactor', context)
        : pairOf(scalingFactor, 'scalingFactor', context)
      const sizes = factors.map((factor, i) => Math.floor(Math.fround(x!.shape.at(i - 2)! * factor)))
      return mode === 'NN'
        ? resizing.resizeNearest(x!, sizes, 0, context)
        : resizing.resizeLinear(x!, sizes, LINEAR_MODES[linearUpsampleMode], context)
    },
  }),
  op({
    type: 'resizeBilinear',
    specification: 'NeuralNetwork.proto ResizeBilinearLayerParams',
    parameters: {
      input: tensors<FloatTensor>({ types: 'float', least: 1, most: 1 }),
      message: message<{ targetSize: number[]; mode?: SamplingMode }>(),
    },
    rounding: 'accumulating',
    terms: () => resizing.INTERPOLATION_TERMS,
    run({ input: [x], message: { targetSize, mode } }, context) {
      leastRank(x!, 3, context)
      return resizing.resizeLinear(x!, pairOf(targetSize, 'targetSize', context), samplingOf(mode), context)
    },
  }),
  op({
    type: 'cropResize',
    specification: 'NeuralNetwork.proto CropResizeLayerParams',
    parameters: {
      input: tensors<FloatTensor>({ types: 'float', least: 2, most: 2, rank: 5 }),
      normalizedCoordinates: boolean(),
      spatialScale: number(),
      message: message<{ targetSize: number[]; mode?: SamplingMode; boxIndicesMode?: { boxMode: resizing.BoxMode } }>(),
    },
    rounding: 'accumulating',
    terms: () => resizing.INTERPOLATION_TERMS,
    run({ input: [x, regions], normalizedCoordinates, spatialScale, message: { targetSize, mode, boxIndicesMode } }, context) {
      const [height, width] = pairOf(targetSize, 'targetSize', context)
      if (x!.shape[0] !== 1) context.fail(`has an image of shape [${x!.shape}], expected [1, batch, C, H, W]`)
      const crops: resizing.Crops = {
        height,
        width,
        normalized: normalizedCoordinates,
        // proto3 cannot tell an unset scale from 0, which no layer can mean
        spatialScale: spatialScale || 1,
        boxMode: boxIndicesMode?.boxMode ?? 'CORNERS_HEIGHT_FIRST',
        sampling: samplingOf(mode),
        outside: undefined,
      }
      return resizing.cropRegions(withShape(x!, x!.shape.slice(1)), regions!, crops, context)
    },
  }),
]
