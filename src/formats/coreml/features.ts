/** Inputs, outputs and states as a Core ML model's description declares them (FeatureTypes.proto, Model.proto). */

import type { DType } from '../../../kernels/tensor.js'
import {
  type ArrayFeatureType,
  enumName,
  type FeatureDescription,
  type ImageFeatureType,
  integer,
  type SizeRange,
} from '../../../proto/coreml/reader.js'
import { at, ParityError } from '../../graph/errors.js'
import type { Dimension } from '../../graph/graph.js'
import type { ColorLayout, Flexibility, ImageFeature, InputFeature, OutputFeature, StateFeature } from '../../graph/model.js'

const ARRAY_DTYPES: { [name: string]: DType } = { FLOAT16: 'float16', FLOAT32: 'float32', DOUBLE: 'float64', INT8: 'int8', INT32: 'int32' }

const COLORS: { [name: string]: ColorLayout } = { GRAYSCALE: 'GRAY', RGB: 'RGB', BGR: 'BGR', GRAYSCALE_FLOAT16: 'GRAY_FLOAT16' }

export const isGray = (color: ColorLayout): boolean => color === 'GRAY' || color === 'GRAY_FLOAT16'

function rangeOf(range: SizeRange | null): { min: number; max: number | null } {
  const min = range ? integer(range.lowerBound) : 0
  const upper = range ? integer(range.upperBound) : -1
  const max = upper < 0 ? null : upper
  if (min < 0 || (max !== null && max < min))
    throw new ParityError('MODEL_BROKEN', { what: `A size may vary from ${min} to ${max ?? 'any'}`, remedy: 'Convert the model again' })
  return { min, max }
}

/** @throws ParityError MODEL_BROKEN where a size is below `least`. */
function checkSizes(sizes: readonly number[], least: number, what: string): void {
  if (sizes.every((size) => size >= least)) return
  throw new ParityError('MODEL_BROKEN', { what, remedy: 'Convert the model again' })
}

function dtypeOf(type: ArrayFeatureType): DType {
  const name = enumName('CoreML.ArrayFeatureType.ArrayDataType', type.dataType) ?? ''
  const dtype = ARRAY_DTYPES[name]
  if (!dtype)
    throw new ParityError('MODEL_BROKEN', { what: `An array has data type number ${type.dataType}`, remedy: 'Convert the model again' })
  return dtype
}

function arrayFlexibility(type: ArrayFeatureType): Flexibility | undefined {
  if (type.ShapeFlexibility === 'enumeratedShapes') {
    const shapes = type.enumeratedShapes!.shapes.map(({ shape }) => shape.map(integer))
    for (const shape of shapes) checkSizes(shape, 0, `An array has the shape [${shape}]`)
    return { kind: 'enumerated', shapes }
  }
  if (type.ShapeFlexibility === 'shapeRange') return { kind: 'range', ranges: type.shapeRange!.sizeRanges.map(rangeOf) }
  return undefined
}

/** The sizes that a described array may have along an axis; undefined where it has no shape. @throws ParityError for a list of shapes */
export function sizesAlong(type: ArrayFeatureType, axis: number): { min: number; max: number | null } | undefined {
  const flexibility = arrayFlexibility(type)
  if (flexibility?.kind === 'enumerated')
    throw new ParityError('MODEL_BROKEN', { what: 'An array has a list of shapes, expected one shape or a range' })
  if (flexibility) return flexibility.ranges[axis]
  const size = type.shape[axis]
  return size === undefined ? undefined : { min: integer(size), max: integer(size) }
}

/** The default of a flexible shape that is not declared: the first of the list, or the lower bounds. */
function defaultShape(flexibility: Flexibility | undefined): number[] {
  if (!flexibility) return []
  return flexibility.kind === 'enumerated' ? (flexibility.shapes[0] ?? []) : flexibility.ranges.map(({ min }) => min)
}

interface ArrayFeature {
  dtype: DType
  shape: number[]
  flexibility?: Flexibility
  default?: number
}

function readArray(type: ArrayFeatureType): ArrayFeature {
  const flexibility = arrayFlexibility(type)
  const shape = type.shape.length > 0 ? type.shape.map(integer) : defaultShape(flexibility)
  checkSizes(shape, 0, `An array has the shape [${shape}]`)
  return {
    dtype: dtypeOf(type),
    shape,
    ...(flexibility && { flexibility }),
    ...(type.defaultOptionalValue && { default: type[type.defaultOptionalValue] }),
  }
}

/** Sizes are [height, width]. */
function imageFlexibility(type: ImageFeatureType): Flexibility | undefined {
  if (type.SizeFlexibility === 'enumeratedSizes') {
    const shapes = type.enumeratedSizes!.sizes.map(({ height, width }) => [integer(height), integer(width)])
    for (const [height, width] of shapes) checkSizes([height!, width!], 1, `An image is ${width} wide and ${height} high`)
    return { kind: 'enumerated', shapes }
  }
  if (type.SizeFlexibility === 'imageSizeRange') {
    const { heightRange, widthRange } = type.imageSizeRange!
    return { kind: 'range', ranges: [rangeOf(heightRange), rangeOf(widthRange)] }
  }
  return undefined
}

/** `least`: the smallest size; of an output that the file leaves out, 0. */
function readImage(type: ImageFeatureType, least: number): ImageFeature {
  const color = COLORS[enumName('CoreML.ImageFeatureType.ColorSpace', type.colorSpace) ?? '']
  if (!color)
    throw new ParityError('MODEL_BROKEN', {
      what: `An image has colour space number ${type.colorSpace}`,
      remedy: 'Convert the model again',
    })
  const flexibility = imageFlexibility(type)
  const [height = 0, width = 0] = defaultShape(flexibility)
  const size = { width: integer(type.width) || width, height: integer(type.height) || height }
  checkSizes([size.width, size.height], least, `An image is ${size.width} wide and ${size.height} high`)
  return { color, ...size, ...(flexibility && { flexibility }) }
}

const imageShape = ({ color, height, width }: ImageFeature): number[] => (isGray(color) ? [height, width] : [height, width, 3])

const imageDtype = ({ color }: ImageFeature): DType => (color === 'GRAY_FLOAT16' ? 'float16' : 'uint8')

function unsupported(kind: string): ParityError {
  return new ParityError('UNSUPPORTED_FEATURE_TYPE', {
    what: `Features of type ${kind} are not supported`,
    remedy: 'Convert the model with array or image features',
  })
}

const SCALARS: { [type: string]: DType } = { int64Type: 'int64', doubleType: 'float64' }

/** One declared input. */
export function readInput({ name, type }: FeatureDescription): InputFeature {
  return at(`input ${name}`, () => {
    const optional = type?.isOptional ? { optional: true } : {}
    switch (type?.Type) {
      case 'multiArrayType':
        return { name, kind: 'multiarray' as const, ...readArray(type.multiArrayType!), ...optional }
      case 'imageType': {
        const image = readImage(type.imageType!, 1)
        return { name, kind: 'image' as const, dtype: imageDtype(image), shape: imageShape(image), image, ...optional }
      }
      case 'int64Type':
      case 'doubleType':
        return { name, kind: 'scalar' as const, dtype: SCALARS[type.Type]!, shape: [], ...optional }
      default:
        throw unsupported(type?.Type ?? 'none')
    }
  })
}

/** One declared output. Dimensions that may vary with the inputs are null. */
export function readOutput({ name, type }: FeatureDescription): OutputFeature {
  return at(`output ${name}`, () => {
    switch (type?.Type) {
      case 'multiArrayType':
        return { name, kind: 'multiarray' as const, ...outputArray(type.multiArrayType!) }
      case 'imageType': {
        const image = readImage(type.imageType!, 0)
        return { name, kind: 'image' as const, dtype: imageDtype(image), shape: imageShape(image), image }
      }
      case 'dictionaryType':
        return { name, kind: 'probabilities' as const, dtype: null, shape: null }
      case 'stringType':
        return { name, kind: 'label' as const, dtype: 'string' as const, shape: [] }
      case 'int64Type':
      case 'doubleType':
        return { name, kind: 'scalar' as const, dtype: SCALARS[type.Type]!, shape: [] }
      default:
        throw unsupported(type?.Type ?? 'none')
    }
  })
}

function outputArray(type: ArrayFeatureType): { dtype: DType; shape: Dimension[] | null } {
  const { dtype, shape, flexibility } = readArray(type)
  if (shape.length === 0) return { dtype, shape: null }
  return { dtype, shape: openShape(shape, flexibility) }
}

/** A shape with null in place of the dimensions that may vary. */
export const openShape = (shape: Dimension[], flexibility: Flexibility | undefined): Dimension[] =>
  flexibility ? shape.map((dimension, axis) => (isFixed(flexibility, axis) ? dimension : null)) : shape

function isFixed(flexibility: Flexibility, axis: number): boolean {
  if (flexibility.kind === 'enumerated') return flexibility.shapes.every((shape) => shape[axis] === flexibility.shapes[0]![axis])
  const range = flexibility.ranges[axis]
  return range !== undefined && range.min === range.max
}

/** One declared state. */
export function readState({ name, type }: FeatureDescription): StateFeature {
  return at(`state ${name}`, () => {
    const array = type?.stateType?.arrayType
    if (!array) throw unsupported(type?.stateType?.Type ?? type?.Type ?? 'none')
    const { dtype, shape } = readArray(array)
    return { name, dtype, shape }
  })
}
