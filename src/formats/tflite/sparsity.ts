/**
 * Sparse constants (SparsityParameters): the dimensions, and behind them the dimensions of a block, are nested levels in the order of
 * `traversal_order`. A DENSE level visits all of its places; a SPARSE_CSR level those in `array_indices` between the bounds that
 * `array_segments` gives for the position reached on the level above. Each path to the last level takes the next stored element.
 */
import type { Tensor } from '../../../kernels/tensor.js'
import { allocate, sizeOf, stridesOf } from '../../../kernels/tensor.js'
import { ParityError } from '../../graph/errors.js'
import type { Table, UnionMember } from './flatbuffer.js'

type Sparsity = Table<'SparsityParameters'>

/** A few bytes can claim any size; nobody prunes a larger tensor than this. */
const MAX_DENSE_ELEMENTS = 2 ** 28

/** @throws ParityError MODEL_SPARSITY where the levels do not fit the shape */
export function checkSparsity({ traversal_order, block_map, dim_metadata }: Sparsity, shape: readonly number[]): void {
  const rank = shape.length
  const levels = rank + block_map.length
  const isPermutation =
    traversal_order.length === levels && new Set(traversal_order).size === levels && traversal_order.every((d) => d >= 0 && d < levels)
  if (!isPermutation || dim_metadata.length !== levels || block_map.length > rank || block_map.some((d) => d < 0 || d >= rank)) {
    throw unfit(`traversal order [${traversal_order}], block map [${block_map}] and ${dim_metadata.length} levels for shape [${shape}]`)
  }
  if (sizeOf(shape) > MAX_DENSE_ELEMENTS) throw unfit(`${sizeOf(shape)} elements`)
  const blocks = blockSizes(traversal_order, dim_metadata, block_map, rank)
  dim_metadata.forEach(({ format, dense_size }, level) => {
    const dimension = traversal_order[level]!
    if (format !== 'DENSE' && format !== 'SPARSE_CSR') throw unfit(`a level of format ${format}`)
    if (dimension >= rank && format !== 'DENSE') throw unfit('a sparse dimension inside of a block')
    if (dimension < rank && format === 'DENSE' && dense_size * blocks[dimension]! !== shape[dimension]) {
      throw unfit(`${dense_size} blocks of ${blocks[dimension]} for dimension ${dimension} of shape [${shape}]`)
    }
  })
}

/** Extent of a block along each dimension; 1 where there are no blocks. */
function blockSizes(order: number[], metadata: Table<'DimensionMetadata'>[], blockMap: number[], rank: number): number[] {
  const sizes = new Array<number>(rank).fill(1)
  order.forEach((dimension, level) => {
    if (dimension >= rank) sizes[blockMap[dimension - rank]!] = metadata[level]!.dense_size
  })
  return sizes
}

/** The dense tensor of `shape`; `stored` holds the elements that are kept. */
export function expand(stored: Tensor, { traversal_order, block_map, dim_metadata }: Sparsity, shape: readonly number[]): Tensor {
  const rank = shape.length
  const strides = stridesOf(shape)
  const data = allocate(stored.dtype, sizeOf(shape)) as Float32Array
  const kept = stored.data as Float32Array
  const blocks = blockSizes(traversal_order, dim_metadata, block_map, rank)
  const levels = dim_metadata.map(({ format, dense_size, array_segments, array_indices }, level) => {
    const dimension = traversal_order[level]!
    const target = dimension < rank ? dimension : block_map[dimension - rank]!
    return {
      size: format === 'DENSE' ? dense_size : null,
      segments: integers(array_segments),
      indices: integers(array_indices),
      target,
      inBlock: dimension >= rank,
    }
  })
  let next = 0
  const coordinates = new Array<number>(rank).fill(0)
  const visit = (level: number, position: number): void => {
    const current = levels[level]
    if (!current) {
      if (next >= kept.length) throw unfit(`more than the ${kept.length} stored elements`)
      data[coordinates.reduce((offset, coordinate, axis) => offset + coordinate * strides[axis]!, 0)] = kept[next++]!
      return
    }
    const { size, segments, indices, target, inBlock } = current
    const before = coordinates[target]!
    const step = (place: number, below: number): void => {
      const coordinate = inBlock ? before + place : place * blocks[target]!
      if (!(coordinate >= 0 && coordinate < shape[target]!)) throw unfit(`place ${place} of dimension ${target}`)
      coordinates[target] = coordinate
      visit(level + 1, below)
    }
    if (size !== null) {
      for (let place = 0; place < size; place++) step(place, position * size + place)
    } else {
      const end = segments[position + 1]
      if (end === undefined || end > indices.length) throw unfit(`no segment for position ${position} of level ${level}`)
      for (let i = segments[position]!; i < end; i++) step(indices[i]!, i)
    }
    coordinates[target] = before
  }
  visit(0, 0)
  return { dtype: stored.dtype, shape: [...shape], data } as Tensor
}

function integers(vector: UnionMember | null): ArrayLike<number> {
  return (vector?.value['values'] as number[] | Uint8Array | undefined) ?? []
}

function unfit(what: string): ParityError {
  return new ParityError('MODEL_SPARSITY', {
    what: `The sparsity of a constant does not fit it: ${what}`,
    remedy: 'Convert the model again',
  })
}
