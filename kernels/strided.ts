/**
 * Strided views of flat arrays, and the one copy loop that the kernels that move elements stand on. A view's stride of zero repeats an
 * element, a negative one walks backwards. Elements are moved as bit patterns, so that NaN payloads and signs of zero survive; an element of
 * complex64 is both of its parts. Callers have checked that views stay inside their arrays.
 */
import ndarray, { type NdArray } from 'ndarray'
import { type DataTypes, type DType, sizeOf, stridesOf, type Tensor, tensor } from './tensor.js'

export type View = NdArray<Words>

/** A whole row-major array of `shape`. */
export const viewOf = (words: Words, shape: readonly number[]): View => ndarray<Words>(words, [...shape], stridesOf(shape), 0)

/** For each dimension the elements begin, begin + step, … (`size` of them). */
export const sliced = (
  { data, stride, offset }: View,
  begins: readonly number[],
  sizes: readonly number[],
  steps?: readonly number[],
): View =>
  ndarray<Words>(
    data,
    [...sizes],
    stride.map((one, axis) => one * (steps?.[axis] ?? 1)),
    stride.reduce((at, one, axis) => at + (sizes[axis] === 0 ? 0 : one * begins[axis]!), offset),
  )

/** An array's elements under dimensions that are given as [size, stride] pairs. */
export const dimensioned = (words: Words, dimensions: readonly (readonly [size: number, stride: number])[]): View =>
  ndarray<Words>(
    words,
    dimensions.map(([size]) => size),
    dimensions.map(([, stride]) => stride),
    0,
  )

/** One class of array a width keeps the copy loop's code small and quick. */
export type Words = Int8Array | Int16Array | Int32Array | BigInt64Array<ArrayBuffer> | string[]

/** Elements as words of their width, in the same memory; complex64 that begins between two words comes as a copy, to be read alone. */
export const wordsOf = ({ dtype, data }: Tensor): Words => (dtype === 'complex64' ? pairsOf(data) : wordsIn(data))

/** The numbers of an array as words, two for an element of complex64. */
export function wordsIn(data: DataTypes[DType]): Words {
  if (Array.isArray(data)) return data
  const { buffer, byteOffset, length } = data
  switch (data.BYTES_PER_ELEMENT) {
    case 1:
      return new Int8Array(buffer, byteOffset, length)
    case 2:
      return new Int16Array(buffer, byteOffset, length)
    case 4:
      return new Int32Array(buffer, byteOffset, length)
    default:
      return new BigInt64Array(buffer as ArrayBuffer, byteOffset, length)
  }
}

function pairsOf(data: Float32Array): BigInt64Array<ArrayBuffer> {
  const { buffer, byteOffset, length } = data.byteOffset % BigInt64Array.BYTES_PER_ELEMENT === 0 ? data : data.slice()
  return new BigInt64Array(buffer as ArrayBuffer, byteOffset, length / 2)
}

interface Axis {
  size: number
  from: number
  to: number
}

/** Dimensions of both views, without those of size 1, neighbours merged where both walk on evenly. */
function mergedAxes(from: View, to: View): Axis[] {
  const axes: Axis[] = []
  for (let axis = 0; axis < from.shape.length; axis++) {
    const next = { size: from.shape[axis]!, from: from.stride[axis]!, to: to.stride[axis]! }
    if (next.size === 1) continue
    const last = axes.at(-1)
    if (last && last.from === next.from * next.size && last.to === next.to * next.size) {
      axes[axes.length - 1] = { ...next, size: last.size * next.size }
    } else axes.push(next)
  }
  return axes
}

/** From here on a block copy beats a loop (measured: 32 to 64 words). */
const LONG_RUN = 48
/** A transposition writes this many rows at a time, so that each line of the cache that it reads is used whole. */
const TILE = 16

/** Copies every element of `from` to its place in `to`; the views have the same shape and do not overlap. */
export function copyView(from: View, to: View): void {
  const [source, target] = [from.data, to.data]
  if (sizeOf(from.shape) === 0) return
  const axes = mergedAxes(from, to)
  const inner = axes.pop() ?? { size: 1, from: 1, to: 1 }
  // a dimension along which the source is contiguous goes second to last: the plane loop tiles it
  const contiguous = inner.from === 1 ? -1 : axes.findIndex(({ from: stride }) => stride === 1)
  const outer = (contiguous < 0 ? axes.pop() : axes.splice(contiguous, 1)[0]) ?? { size: 1, from: 0, to: 0 }
  const walk = (depth: number, read: number, write: number): void => {
    if (depth === axes.length) {
      copyPlane(source, read, outer.from, inner.from, target, write, outer.to, inner.to, outer.size, inner.size)
      return
    }
    const { size, from: fromStride, to: toStride } = axes[depth]!
    for (let i = 0; i < size; i++) walk(depth + 1, read + i * fromStride, write + i * toStride)
  }
  walk(0, from.offset, to.offset)
}

function copyPlane(
  source: Words,
  read: number,
  rowFrom: number,
  columnFrom: number,
  target: Words,
  write: number,
  rowTo: number,
  columnTo: number,
  rows: number,
  columns: number,
): void {
  if (columnFrom === 1 && columnTo === 1 && columns >= LONG_RUN && !Array.isArray(source) && !Array.isArray(target)) {
    for (let row = 0; row < rows; row++) {
      const start = read + row * rowFrom
      ;(target as Int32Array).set(source.subarray(start, start + columns) as Int32Array, write + row * rowTo)
    }
  } else if (columnFrom === 0 && columnTo === 1 && columns >= LONG_RUN) {
    for (let row = 0; row < rows; row++) {
      const start = write + row * rowTo
      ;(target as Int32Array).fill(source[read + row * rowFrom] as number, start, start + columns)
    }
  } else if (rowFrom === 1 && rows > 1) {
    for (let first = 0; first < rows; first += TILE) {
      const last = Math.min(first + TILE, rows)
      for (let column = 0; column < columns; column++) {
        const start = read + column * columnFrom
        const end = write + column * columnTo
        for (let row = first; row < last; row++) target[end + row * rowTo] = source[start + row]!
      }
    }
  } else {
    for (let row = 0; row < rows; row++) {
      let start = read + row * rowFrom
      let end = write + row * rowTo
      for (let column = 0; column < columns; column++, start += columnFrom, end += columnTo) target[end] = source[start]!
    }
  }
}

/** The elements that a view shows, row-major, as a tensor of the dtype whose words they are. */
export function materialize<T extends Tensor>({ dtype }: T, view: View): T {
  const result = tensor(dtype, view.shape) as T
  copyView(view, viewOf(wordsOf(result), view.shape))
  return result
}

/** Writes all of `source` where a view lies, of an array of the same dtype that a kernel has made. */
export function write(view: View, source: Tensor): void {
  copyView(viewOf(wordsOf(source), view.shape), view)
}
