/** How elements fall together when axes are reduced. */
import { sizeOf, stridesOf } from '../../../../kernels/tensor.js'

export interface Reduction {
  /** Shape of the result. */
  shape: number[]
  /** Elements of the result. */
  count: number
  /** Elements of the operand that go into each. */
  terms: number
  /** Calls `visit` with the places of each element and of the result that it goes into, in order. */
  forEach: (visit: (from: number, to: number) => void) => void
}

/** How the elements of `shape` fall together when `axes` are reduced. */
export function reductionOf(shape: readonly number[], axes: readonly number[], keepDimensions: boolean): Reduction {
  const kept = shape.map((size, axis) => (axes.includes(axis) ? 1 : size))
  const strides = stridesOf(kept).map((stride, axis) => (axes.includes(axis) ? 0 : stride))
  return {
    shape: keepDimensions ? kept : shape.filter((_, axis) => !axes.includes(axis)),
    count: sizeOf(kept),
    terms: axes.reduce((product, axis) => product * shape[axis]!, 1),
    forEach(visit) {
      const total = sizeOf(shape)
      if (total === 0) return
      const last = shape.length - 1
      const run = last < 0 ? 1 : shape[last]!
      const step = last < 0 ? 0 : strides[last]!
      const index = new Array<number>(Math.max(last, 0)).fill(0)
      let to = 0
      for (let from = 0; from < total; from += run) {
        for (let j = 0; j < run; j++) visit(from + j, to + j * step)
        for (let axis = last - 1; axis >= 0; axis--) {
          to += strides[axis]!
          if (++index[axis]! < shape[axis]!) break
          index[axis] = 0
          to -= strides[axis]! * shape[axis]!
        }
      }
    },
  }
}

/** Places of the elements of `shape` under `strides`, in row-major order. */
export function placesOf(shape: readonly number[], strides: readonly number[]): number[] {
  return shape.reduce<number[]>(
    (places, size, axis) => places.flatMap((place) => Array.from({ length: size }, (_, i) => place + i * strides[axis]!)),
    [0],
  )
}
