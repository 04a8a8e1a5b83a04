/**
 * MIL's compressed constants (iOS16 constexpr_ops, iOS18 compression): `constexpr_cast`, lookup tables, sparse tensors and blocks with a
 * scale and an offset, each dense to dense or sparse to sparse. A sparse tensor is a mask and the elements where the mask is 1.
 */
import { cast } from '../../../../kernels/cast.js'
import { countSet, gathered, lookUp, type Palette, spread, unfolded, unfoldMask, unpackBits } from '../../../../kernels/palette.js'
import { dequantize } from '../../../../kernels/quantization.js'
import {
  type DType,
  type FloatTensor,
  tensor as make,
  type NumberDType,
  type NumberTensor,
  sizeOf,
  type Tensor,
} from '../../../../kernels/tensor.js'
import { integer, integers, optionalTensor, tensor, text } from '../../parameters.js'
import { type Context, type Op, op } from '../op.js'
import { axisOf } from '../semantics/shapes.js'
import { DTYPES } from './cast.js'

const FLOATS = ['float16', 'float32'] as const satisfies readonly DType[]
const VALUES = ['int8', 'uint8', ...FLOATS] as const satisfies readonly DType[]
const VALUES18 = ['int4', 'uint4', ...VALUES] as const satisfies readonly DType[]

/** Bits of an index of each dtype. */
const INDEX_BITS: { readonly [dtype in NumberDType]?: number } = { uint1: 1, uint2: 2, uint3: 3, uint4: 4, uint6: 6, uint8: 8 }
const INDICES = Object.keys(INDEX_BITS) as DType[]
/** Entries of a lookup table of iOS16. */
const TABLE_SIZES = [2, 4, 16, 64, 256]

type Bytes = Tensor<'uint8' | 'uint1'>

const packed = tensor<Tensor<'uint8'>>({ types: ['uint8'], rank: 1 })
const mask = tensor<Bytes>({ types: ['uint1'] })
const indices = tensor<NumberTensor>({ types: INDICES, rank: [1, Infinity] })
const lut = tensor<NumberTensor>({ types: VALUES })
const vector_axis = integer({ default: undefined })
const scale = tensor<FloatTensor>({ types: FLOATS })
const offset = optionalTensor<NumberTensor>({ types: VALUES18 })

const like = ({ dtype }: NumberTensor, shape: readonly number[], data: NumberTensor['data']): Tensor =>
  make(dtype as 'float32', shape, data as Float32Array)

/** Fails unless `bytes` packs `count` fields of `bits` bits. */
function checkPacked(bytes: Bytes, bits: number, shape: readonly number[], name: string, context: Context): number {
  const count = sizeOf(shape)
  const expected = Math.ceil((count * bits) / 8)
  if (bytes.data.length !== expected) {
    context.fail(`${name} has ${bytes.data.length} bytes, expected ${expected} for shape [${shape}] of ${bits} bits an element`)
  }
  return count
}

function checkSparse(values: NumberTensor, mask: Uint8Array, name: string, context: Context): void {
  const count = countSet(mask)
  if (values.data.length !== count) context.fail(`${name} has ${values.data.length} elements, but the mask has ${count} ones`)
}

/** The dimensions of a block's constants divide the data's. */
function checkBlocks(blocks: readonly number[], shape: readonly number[], name: string, context: Context): void {
  if (blocks.length !== shape.length || shape.some((size, axis) => blocks[axis] === 0 || size % blocks[axis]! !== 0)) {
    context.fail(`${name} has shape [${blocks}], expected dimensions that divide those of [${shape}]`)
  }
}

/** A lookup table [g0 … gk-1, entries, vector] for indices of `shape` and `dtype`. */
function paletteOf(lut: NumberTensor, shape: readonly number[], dtype: DType, vectorAxis: number | undefined, context: Context): Palette {
  const rank = shape.length
  if (lut.shape.length !== rank + 2) context.fail(`lut has shape [${lut.shape}], expected rank ${rank + 2} for indices of shape [${shape}]`)
  const groups = lut.shape.slice(0, rank)
  checkBlocks(groups, shape, 'lut without its last two dimensions', context)
  const entries = lut.shape[rank]!
  const vector = lut.shape[rank + 1]!
  const bits = INDEX_BITS[dtype as NumberDType]!
  if (entries !== 2 ** bits) context.fail(`lut has ${entries} entries, expected ${2 ** bits} for indices of dtype ${dtype}`)
  if (vector > 1 && vectorAxis === undefined) context.fail(`lut holds vectors of ${vector}, but vector_axis is missing`)
  return { groups, entries, vector, vectorAxis: axisOf(vectorAxis ?? -1, rank, context, 'vector_axis'), values: lut.data, dtype: lut.dtype }
}

/** scale (data - offset) by blocks, in the dtype of the scale. */
function shiftScale(
  data: NumberTensor['data'],
  shape: readonly number[],
  scale: FloatTensor,
  offset: NumberTensor | undefined,
  context: Context,
) {
  checkBlocks(scale.shape, shape, 'scale', context)
  if (offset && (offset.shape.length !== scale.shape.length || offset.shape.some((size, axis) => size !== scale.shape[axis]))) {
    context.fail(`offset has shape [${offset.shape}], expected that of scale, [${scale.shape}]`)
  }
  return dequantize(data, shape, { shape: scale.shape, scale: scale.data, offset: offset?.data })
}

const castParameters = { source_val: tensor<NumberTensor>({ types: FLOATS }), output_dtype: text(['fp32'] as const) }

export const compressionOps: readonly Op[] = [
  op({
    type: 'constexpr_cast',
    specification: 'iOS16 constexpr_ops',
    since: 'iOS16',
    parameters: castParameters,
    rounding: 'exact',
    run: ({ source_val, output_dtype }) => cast(source_val, DTYPES[output_dtype]),
  }),
  op({
    type: 'constexpr_lut_to_dense',
    specification: 'iOS16 constexpr_ops',
    since: 'iOS16',
    parameters: { indices: packed, lut: tensor<NumberTensor>({ types: VALUES, rank: 1 }), shape: integers() },
    rounding: 'exact',
    run({ indices, lut, shape }, context) {
      const entries = lut.data.length
      if (!TABLE_SIZES.includes(entries)) context.fail(`lut has ${entries} entries, expected one of ${TABLE_SIZES.join(', ')}`)
      const bits = Math.log2(entries)
      const count = checkPacked(indices, bits, shape, 'indices', context)
      const palette: Palette = { groups: [1], entries, vector: 1, vectorAxis: 0, values: lut.data, dtype: lut.dtype }
      return like(lut, shape, lookUp(unpackBits(indices.data, bits, count), [count], palette))
    },
  }),
  op({
    type: 'constexpr_sparse_to_dense',
    specification: 'iOS16 constexpr_ops',
    since: 'iOS16',
    parameters: { nonzero_data: tensor<NumberTensor>({ types: VALUES, rank: 1 }), mask: packed, shape: integers() },
    rounding: 'exact',
    run({ nonzero_data, mask, shape }, context) {
      const set = unpackBits(mask.data, 1, checkPacked(mask, 1, shape, 'mask', context))
      checkSparse(nonzero_data, set, 'nonzero_data', context)
      return like(nonzero_data, shape, spread(nonzero_data.data, set, nonzero_data.dtype))
    },
  }),
  op({
    type: 'constexpr_lut_to_dense',
    specification: 'iOS18 constexpr_ops',
    since: 'iOS18',
    parameters: { indices, lut, vector_axis },
    rounding: 'exact',
    run({ indices, lut, vector_axis }, context) {
      const palette = paletteOf(lut, indices.shape, indices.dtype, vector_axis, context)
      return like(lut, unfolded(indices.shape, palette), lookUp(indices.data, indices.shape, palette))
    },
  }),
  op({
    type: 'constexpr_sparse_to_dense',
    specification: 'iOS18 constexpr_ops',
    since: 'iOS18',
    parameters: { nonzero_data: tensor<NumberTensor>({ types: VALUES18, rank: 1 }), mask },
    rounding: 'exact',
    run({ nonzero_data, mask }, context) {
      checkSparse(nonzero_data, mask.data, 'nonzero_data', context)
      return like(nonzero_data, mask.shape, spread(nonzero_data.data, mask.data, nonzero_data.dtype))
    },
  }),
  op({
    type: 'constexpr_blockwise_shift_scale',
    specification: 'iOS18 compression',
    since: 'iOS18',
    parameters: { data: tensor<NumberTensor>({ types: VALUES18, rank: [1, Infinity] }), scale, offset },
    rounding: 'rounded',
    run: ({ data, scale, offset }, context) => like(scale, data.shape, shiftScale(data.data, data.shape, scale, offset, context)),
  }),
  op({
    type: 'constexpr_lut_to_sparse',
    specification: 'iOS18 compression',
    since: 'iOS18',
    parameters: { indices_mask: mask, indices_nonzero_data: tensor<NumberTensor>({ types: INDICES, rank: 1 }), lut, vector_axis },
    results: 2,
    rounding: 'exact',
    run({ indices_mask: { data: set, shape }, indices_nonzero_data: nonzero, lut, vector_axis }, context) {
      checkSparse(nonzero, set, 'indices_nonzero_data', context)
      const palette = paletteOf(lut, shape, nonzero.dtype, vector_axis, context)
      const dense = lookUp(spread(nonzero.data, set, nonzero.dtype), shape, palette)
      const wide = unfoldMask(set, shape, palette)
      const values = gathered(dense, wide, lut.dtype)
      return [make('uint1', unfolded(shape, palette), wide), like(lut, [values.length], values)]
    },
  }),
  op({
    type: 'constexpr_sparse_blockwise_shift_scale',
    specification: 'iOS18 compression',
    since: 'iOS18',
    parameters: { data_mask: mask, nonzero_data: tensor<NumberTensor>({ types: VALUES18, rank: 1 }), scale, offset },
    results: 2,
    rounding: 'rounded',
    run({ data_mask, nonzero_data, scale, offset }, context) {
      const { data: set, shape } = data_mask
      checkSparse(nonzero_data, set, 'nonzero_data', context)
      const dense = shiftScale(spread(nonzero_data.data, set, nonzero_data.dtype), shape, scale, offset, context)
      const values = gathered(dense, set, scale.dtype)
      return [data_mask, like(scale, [values.length], values)]
    },
  }),
]
