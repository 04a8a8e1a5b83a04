/** Ops that address elements by other tensors' elements: lookups, scattering, segments, sorting. */
import { type Tensor, tensor } from '../../../../kernels/tensor.js'
import { integer, integers, numbers, text } from '../../parameters.js'
import type { Rounding } from '../../rounding.js'
import { INDICES, MOVABLE } from '../dtypes.js'
import {
  buckets,
  COMBINERS,
  combinedRows,
  denseOf,
  gathered,
  gatheredByTuples,
  largest,
  placesOfNonZero,
  rowsOf,
  scattered,
  segmented,
  unique,
} from '../maths/indexing.js'
import type { Fold } from '../maths/reduction.js'
import { numbersOf, type Op, type Operand, op, operand } from '../op.js'
import { unsupported } from '../refusals.js'

/** Rows of a table of codes as the numbers that they stand for, by a scale for the table or for each row. */
function realRows(codes: Tensor, { quantization }: Operand, ids: readonly number[]): Tensor {
  if (!quantization) throw unsupported()
  const { scale } = quantization
  const inner = codes.data.length / ids.length
  const scaleOf = scale.length > 1 ? (i: number) => scale[ids[Math.floor(i / inner)]!]! : () => scale[0]!
  return tensor(
    'float32',
    codes.shape,
    Float32Array.from(codes.data as Int8Array, (q, i) => q * scaleOf(i)),
  )
}

type SegmentDType = 'float32' | 'int32'

const sum = (so: number, x: number): number => so + x
const LOWEST = { float32: -(2 - 2 ** -23) * 2 ** 127, int32: -(2 ** 31) }
const HIGHEST = { float32: -LOWEST.float32, int32: 2 ** 31 - 1 }

const unsortedSegment = (type: string, options: string, rounding: Rounding, fold: (dtype: SegmentDType) => Fold<number>): Op =>
  op({
    type,
    specification: `${options}; reference_ops::UnsortedSegmentRef`,
    operands: { input: operand(['float32', 'int32']), segment_ids: operand(INDICES), num_segments: integer() },
    rounding,
    run: ({ input, segment_ids, num_segments }) => segmented(input, segment_ids, num_segments, fold(input.dtype)),
  })

const SORTABLE = ['float32', 'int8', 'int16', 'int32', 'int64', 'uint8'] as const

export const INDEXING: readonly Op[] = [
  op({
    type: 'GATHER',
    specification: 'GatherOptions; reference_ops::Gather',
    operands: { params: operand(MOVABLE), indices: operand(['int16', ...INDICES]) },
    attributes: { axis: integer({ default: 0 }), batch_dims: integer({ default: 0 }) },
    rounding: 'exact',
    run: ({ params, indices, axis, batch_dims }) => gathered(params, indices, axis, batch_dims),
  }),
  op({
    type: 'GATHER_ND',
    specification: 'GatherNdOptions; reference_ops::GatherNd',
    operands: { params: operand(MOVABLE), indices: operand(['int8', 'int16', ...INDICES]) },
    rounding: 'exact',
    run: ({ params, indices }) => gatheredByTuples(params, indices),
  }),
  op({
    type: 'SCATTER_ND',
    specification: 'ScatterNdOptions; reference_ops::ScatterNd',
    operands: {
      indices: operand(INDICES),
      updates: operand(['float32', 'int8', 'int16', 'int32', 'int64', 'uint8']),
      shape: integers(),
    },
    rounding: 'accumulating',
    run: ({ indices, updates, shape }) => scattered(indices, updates, shape),
  }),
  op({
    type: 'SPARSE_TO_DENSE',
    specification: 'SparseToDenseOptions; reference_ops::SparseToDense',
    operands: { indices: operand(INDICES), output_shape: integers(), values: operand(MOVABLE), default_value: operand(MOVABLE) },
    rounding: 'exact',
    run: ({ indices, output_shape, values, default_value }) => denseOf(indices, output_shape, values, default_value.data[0]),
  }),
  op({
    type: 'EMBEDDING_LOOKUP',
    specification: 'no options; kernels/embedding_lookup.cc',
    operands: { ids: integers(), params: operand(MOVABLE) },
    rounding: 'rounded',
    run({ ids, params }, { output }) {
      const found = rowsOf(params, ids)
      return params.dtype === 'int8' && output().dtype === 'float32' ? realRows(found, params, ids) : found
    },
  }),
  op({
    type: 'EMBEDDING_LOOKUP_SPARSE',
    specification: 'EmbeddingLookupSparseOptions; kernels/embedding_lookup_sparse.cc',
    operands: {
      ids: integers(),
      indices: operand(INDICES),
      dense_shape: integers(),
      weights: operand(['float32']),
      params: operand(['float32']),
    },
    attributes: { combiner: text(COMBINERS, { default: 'SUM' }) },
    rounding: 'accumulating',
    run: ({ ids, indices, dense_shape, weights, params, combiner }) =>
      combinedRows(params, ids, indices, dense_shape, weights.data, combiner),
  }),
  op({
    type: 'SEGMENT_SUM',
    specification: 'SegmentSumOptions; reference_ops::SegmentSum',
    operands: { input: operand(['float32', 'int32']), segment_ids: operand(INDICES) },
    rounding: 'accumulating',
    run({ input, segment_ids }) {
      // ids are sorted; the last one says how many there are
      const count = Math.max(-1, ...numbersOf(segment_ids)) + 1
      return segmented(input, segment_ids, count, { initial: 0, step: sum })
    },
  }),
  unsortedSegment('UNSORTED_SEGMENT_SUM', 'UnsortedSegmentSumOptions', 'accumulating', () => ({ initial: 0, step: sum })),
  unsortedSegment('UNSORTED_SEGMENT_PROD', 'UnsortedSegmentProdOptions', 'accumulating', () => ({ initial: 1, step: (so, x) => so * x })),
  unsortedSegment('UNSORTED_SEGMENT_MAX', 'UnsortedSegmentMaxOptions', 'exact', (dtype) => ({ initial: LOWEST[dtype], step: Math.max })),
  unsortedSegment('UNSORTED_SEGMENT_MIN', 'UnsortedSegmentMinOptions', 'exact', (dtype) => ({ initial: HIGHEST[dtype], step: Math.min })),
  op({
    type: 'WHERE',
    specification: 'WhereOptions; reference_ops::SelectTrueCoords',
    operands: { condition: operand(['bool', 'float32', 'int8', 'int32', 'uint8', 'uint32']) },
    rounding: 'exact',
    run: ({ condition }) => placesOfNonZero(condition),
  }),
  op({
    type: 'TOPK_V2',
    specification: 'TopKV2Options; kernels/topk_v2.cc',
    operands: { input: operand(SORTABLE), k: integer() },
    rounding: 'exact',
    run: ({ input, k }) => largest(input, k),
  }),
  op({
    type: 'UNIQUE',
    specification: 'UniqueOptions; kernels/unique.cc',
    operands: { input: operand(SORTABLE) },
    rounding: 'exact',
    run: ({ input }, { output }) => unique(input, output(1).dtype),
  }),
  op({
    type: 'BUCKETIZE',
    specification: 'BucketizeOptions; kernels/bucketize.cc',
    operands: { input: operand(['float32', 'float64', 'int32']) },
    attributes: { boundaries: numbers({ default: [] }) },
    rounding: 'exact',
    run: ({ input, boundaries }) => buckets(input, boundaries),
  }),
]
