/** Element by element over shapes that broadcast. */
import { broadcastShape, forEachRun, walkOf } from '../../../../kernels/broadcast.js'
import { misshapen } from '../refusals.js'
import { bounded } from './bounds.js'

/** @throws ParityError MODEL_SHAPE where two sizes differ and neither is 1 */
export function commonShape(...shapes: readonly (readonly number[])[]): number[] {
  const shape = broadcastShape(...shapes)
  if (shape) return bounded(shape)
  throw misshapen(`shapes ${shapes.map((own) => `[${own}]`).join(' and ')} do not broadcast`)
}

export interface Side<T> {
  readonly data: { readonly [index: number]: T }
  readonly shape: readonly number[]
}

/** Fills the row-major `out` of `shape` with f of the elements of `a` and `b`, which broadcast to it. */
export function zip<A, B, R>(shape: readonly number[], a: Side<A>, b: Side<B>, out: { [index: number]: R }, f: (a: A, b: B) => R): void {
  const walk = walkOf(shape, [a.shape, b.shape])
  const run = walk.dimensions[walk.dimensions.length - 1]!
  const [aStep, bStep] = walk.strides.map((strides) => strides[strides.length - 1]!) as [number, number]
  forEachRun(walk, (start, starts) => {
    let i = starts[0]!
    let j = starts[1]!
    for (let at = start; at < start + run; at++, i += aStep, j += bStep) out[at] = f(a.data[i]!, b.data[j]!)
  })
}
