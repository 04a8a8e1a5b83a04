/** Choice of elements by a condition, and the places where a condition holds. */
import { broadcastShape, forEachRun, walkOf } from './broadcast.js'
import { allocate, type NumberDType, type NumberTensor, sizeOf, type Tensor, tensor } from './tensor.js'

/** The element of `whenTrue` where `condition` is not 0, else that of `whenFalse`; the three shapes broadcast, the latter two share a dtype. */
export function select<T extends Tensor>(condition: NumberTensor, whenTrue: T, whenFalse: T): T {
  const shapes = [condition.shape, whenTrue.shape, whenFalse.shape]
  const shape = broadcastShape(...shapes)
  if (shape === undefined) throw new Error(`shapes ${shapes.map((s) => `[${s}]`).join(', ')} do not broadcast`)
  const data = allocate(whenTrue.dtype, sizeOf(shape))
  const walk = walkOf(shape, shapes)
  const run = walk.dimensions.at(-1)!
  const [p, q, r] = walk.strides.map((strides) => strides.at(-1)!) as [number, number, number]
  const chosen = data as Float32Array
  const a = whenTrue.data as Float32Array
  const b = whenFalse.data as Float32Array
  forEachRun(walk, (at, starts) => {
    let [c, i, j] = starts as [number, number, number]
    for (const end = at + run; at < end; at++, c += p, i += q, j += r) chosen[at] = condition.data[c] !== 0 ? a[i]! : b[j]!
  })
  return { ...whenTrue, shape, data }
}

/** Indices of the elements that are not 0 in row-major order: [count, rank]. */
export function nonZero<D extends NumberDType>(x: NumberTensor, dtype: D) {
  const { data, shape } = x
  const rank = shape.length
  let count = 0
  for (let i = 0; i < data.length; i++) if (data[i] !== 0) count++
  const result = tensor(dtype, [count, rank])
  const rows = result.data as Float32Array
  for (let i = 0, row = 0; i < data.length; i++) {
    if (data[i] === 0) continue
    for (let axis = rank - 1, rest = i; axis >= 0; axis--) {
      const size = shape[axis]!
      rows[row * rank + axis] = rest % size
      rest = Math.floor(rest / size)
    }
    row++
  }
  return result
}
