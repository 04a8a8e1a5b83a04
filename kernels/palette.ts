/** Weights that are stored as bit fields, as indices into a palette, or without their zeros. */
import { forEachBlockRun } from './quantization.js'
import { allocate, type NumberDType, sizeOf, type Tensor } from './tensor.js'

type Elements = Tensor<NumberDType>['data']

/** The first `count` fields of `bits` (1 to 8) bits each; fields follow each other from the lowest bit of the first byte upward, across bytes. */
export function unpackBits(bytes: Uint8Array, bits: number, count: number): Uint8Array {
  const fields = new Uint8Array(count)
  const mask = (1 << bits) - 1
  for (let i = 0; i < count; i++) {
    const bit = i * bits
    const byte = Math.floor(bit / 8)
    const pair = bytes[byte]! | ((bytes[byte + 1] ?? 0) << 8)
    fields[i] = (pair >> (bit % 8)) & mask
  }
  return fields
}

export interface Palette {
  /** Palettes along each dimension of the indices, [g0 … gk-1]: each divides that dimension. */
  groups: readonly number[]
  /** Entries of a palette, and numbers of an entry. */
  entries: number
  vector: number
  /** Dimension along which the numbers of an entry lie in the result. */
  vectorAxis: number
  /** [g0 … gk-1, entries, vector] */
  values: Elements
  dtype: NumberDType
}

/** `shape` with the vector's axis made `vector` times as long. */
export const unfolded = (shape: readonly number[], { vector, vectorAxis }: Pick<Palette, 'vector' | 'vectorAxis'>): number[] =>
  shape.map((size, axis) => (axis === vectorAxis ? size * vector : size))

/** The palette's entry for each of `indices`, whose shape is `shape`; the result has shape `unfolded(shape, palette)`. */
export function lookUp(indices: Elements, shape: readonly number[], palette: Palette): Elements {
  const { groups, entries, vector, vectorAxis, values, dtype } = palette
  const result = allocate(dtype, indices.length * vector) as Elements
  const inner = sizeOf(shape.slice(vectorAxis + 1))
  forEachBlockRun(shape, groups, (from, to, group) => {
    const start = group * entries * vector
    if (vector === 1) {
      for (let i = from; i < to; i++) result[i] = values[start + indices[i]!]!
      return
    }
    for (let i = from; i < to; i++) {
      const entry = start + indices[i]! * vector
      const at = Math.floor(i / inner) * vector * inner + (i % inner)
      for (let v = 0; v < vector; v++) result[at + v * inner] = values[entry + v]!
    }
  })
  return result
}

/** `values`, one after the other, where `mask` is not 0, and 0 elsewhere. */
export function spread(values: Elements, mask: Uint8Array, dtype: NumberDType): Elements {
  const result = allocate(dtype, mask.length) as Elements
  for (let i = 0, next = 0; i < mask.length; i++) if (mask[i] !== 0) result[i] = values[next++]!
  return result
}

/** The elements of `dense` where `mask` is not 0. */
export function gathered(dense: Elements, mask: Uint8Array, dtype: NumberDType): Elements {
  const result = allocate(dtype, countSet(mask)) as Elements
  for (let i = 0, next = 0; i < mask.length; i++) if (mask[i] !== 0) result[next++] = dense[i]!
  return result
}

export function countSet(mask: Uint8Array): number {
  let count = 0
  for (let i = 0; i < mask.length; i++) if (mask[i] !== 0) count++
  return count
}

/** `mask` with each element repeated as an entry of the palette fills the result. */
export function unfoldMask(
  mask: Uint8Array,
  shape: readonly number[],
  { vector, vectorAxis }: Pick<Palette, 'vector' | 'vectorAxis'>,
): Uint8Array {
  const result = new Uint8Array(mask.length * vector)
  const inner = sizeOf(shape.slice(vectorAxis + 1))
  for (let i = 0; i < mask.length; i++) {
    const at = Math.floor(i / inner) * vector * inner + (i % inner)
    for (let v = 0; v < vector; v++) result[at + v * inner] = mask[i]!
  }
  return result
}
