/**
 * Broadcasting in numpy's sense: shapes are aligned at their last dimension, and a dimension of 1 (or none) repeats. A walk over several
 * operands has the dimensions of the result, merged where every operand walks on evenly, with a stride of 0 where an operand repeats.
 */
import { stridesOf } from './tensor.js'

/** The common shape, or undefined where two dimensions differ and neither is 1. */
export function broadcastShape(...shapes: (readonly number[])[]): number[] | undefined {
  const rank = Math.max(0, ...shapes.map((shape) => shape.length))
  const common = new Array<number>(rank).fill(1)
  for (const shape of shapes) {
    for (let axis = rank - shape.length, i = 0; axis < rank; axis++, i++) {
      if (shape[i] === 1 || shape[i] === common[axis]) continue
      if (common[axis] !== 1) return undefined
      common[axis] = shape[i]!
    }
  }
  return common
}

/** Loops over a result of `dimensions`, outermost first; `strides[operand][loop]` in elements. */
export interface Walk {
  dimensions: number[]
  strides: number[][]
}

/** How operands of `shapes` are read to fill a row-major result of `shape`, to which they broadcast. */
export function walkOf(shape: readonly number[], shapes: readonly (readonly number[])[]): Walk {
  const own = shapes.map((operand) => {
    const strides = stridesOf(operand)
    const missing = shape.length - operand.length
    return shape.map((_, axis) => (axis < missing || operand[axis - missing] === 1 ? 0 : strides[axis - missing]!))
  })
  const dimensions: number[] = []
  const strides: number[][] = own.map(() => [])
  for (const [axis, size] of shape.entries()) {
    if (size === 1) continue
    const last = dimensions.length - 1
    if (last >= 0 && own.every((stride, operand) => strides[operand]![last] === stride[axis]! * size)) {
      dimensions[last]! *= size
      for (const [operand, stride] of own.entries()) strides[operand]![last] = stride[axis]!
    } else {
      dimensions.push(size)
      for (const [operand, stride] of own.entries()) strides[operand]!.push(stride[axis]!)
    }
  }
  if (dimensions.length === 0) {
    dimensions.push(1)
    for (const stride of strides) stride.push(0)
  }
  return { dimensions, strides }
}

/**
 * Calls `visit` for each run of the innermost loop: where it stands in the result, and where each operand starts. `starts` is the same
 * array every time.
 */
export function forEachRun({ dimensions, strides }: Walk, visit: (at: number, starts: readonly number[]) => void): void {
  if (dimensions.includes(0)) return
  const outer = dimensions.length - 1
  const run = dimensions[outer]!
  const index = new Array<number>(outer).fill(0)
  const starts = strides.map(() => 0)
  for (let at = 0; ; at += run) {
    visit(at, starts)
    let axis = outer - 1
    for (; axis >= 0; axis--) {
      if (++index[axis]! < dimensions[axis]!) {
        for (let operand = 0; operand < starts.length; operand++) starts[operand]! += strides[operand]![axis]!
        break
      }
      index[axis] = 0
      for (let operand = 0; operand < starts.length; operand++) starts[operand]! -= strides[operand]![axis]! * (dimensions[axis]! - 1)
    }
    if (axis < 0) return
  }
}
