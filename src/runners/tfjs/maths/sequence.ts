/** Sequences, and networks that run over them step by step. */
import { type Tensor, tensor } from '../../../../kernels/tensor.js'
import type { Matrix } from './matrix.js'

type Float = Tensor<'float32'>

/** [time, batch, size] or [batch, time, size], read and written one step at a time. */
export class Sequence {
  readonly steps: number
  readonly batch: number
  readonly size: number

  constructor(
    readonly value: Float,
    private readonly timeMajor: boolean,
  ) {
    const [first, second, size] = value.shape as [number, number, number]
    this.steps = timeMajor ? first : second
    this.batch = timeMajor ? second : first
    this.size = size
  }

  private start(step: number, b: number): number {
    return (this.timeMajor ? step * this.batch + b : b * this.steps + step) * this.size
  }

  /** [batch, size] */
  step(step: number): Float32Array {
    const out = new Float32Array(this.batch * this.size)
    for (let b = 0; b < this.batch; b++) {
      const start = this.start(step, b)
      out.set(this.value.data.subarray(start, start + this.size), b * this.size)
    }
    return out
  }

  /** Writes [batch, width] from element `offset` of each step's vectors on. */
  write(step: number, vectors: Float32Array, offset: number): void {
    const width = vectors.length / this.batch
    for (let b = 0; b < this.batch; b++) this.value.data.set(vectors.subarray(b * width, (b + 1) * width), this.start(step, b) + offset)
  }
}

/** A result like `like`, with vectors of another size. */
function sequenceLike(like: Sequence, size: number, timeMajor: boolean): Sequence {
  return new Sequence(tensor('float32', timeMajor ? [like.steps, like.batch, size] : [like.batch, like.steps, size]), timeMajor)
}

/** A network in progress: a step takes the vectors of a batch and gives its output. */
export interface Cell {
  size: number
  step: (x: Float32Array, aux: Float32Array | null) => Float32Array
}

/** Runs a cell over a sequence, forwards or backwards, into the elements of `out` from `offset` on. */
function unroll(cell: Cell, x: Sequence, aux: Sequence | null, out: Sequence, offset: number, reverse: boolean): void {
  for (let i = 0; i < x.steps; i++) {
    const step = reverse ? x.steps - 1 - i : i
    out.write(step, cell.step(x.step(step), aux?.step(step) ?? null), offset)
  }
}

/** Adds matrix products and a bias: [batch, rows]. */
export function affine(
  batch: number,
  size: number,
  bias: Float32Array | null,
  products: readonly (readonly [Matrix | null, Float32Array | null])[],
): Float32Array {
  const out = new Float32Array(batch * size)
  if (bias) for (let i = 0; i < out.length; i++) out[i] = bias[i % size]!
  for (const [matrix, vectors] of products) if (matrix && vectors) matrix.accumulate(vectors, batch, out)
  return out
}

/** One direction of a network over a sequence. */
export interface Direction {
  cell: Cell
  input: Sequence
  aux: Sequence | null
}

/**
 * What each direction reads. Without weights of its own (`hasAux`) the auxiliary input `other` is the backward direction's input.
 */
export const directions = (forward: Cell, backward: Cell, x: Sequence, other: Sequence | null, hasAux: boolean): [Direction, Direction] =>
  hasAux
    ? [
        { cell: forward, input: x, aux: other },
        { cell: backward, input: x, aux: other },
      ]
    : [
        { cell: forward, input: x, aux: null },
        { cell: backward, input: other ?? x, aux: null },
      ]

/** Both directions' results side by side in one output, or one output each. */
export function bidirectional(forward: Direction, backward: Direction, timeMajor: boolean, merged: boolean): Tensor[] {
  const { input: x } = forward
  const [ahead, behind] = [forward.cell.size, backward.cell.size]
  const out = sequenceLike(x, merged ? ahead + behind : ahead, timeMajor)
  const back = merged ? out : sequenceLike(x, behind, timeMajor)
  unroll(forward.cell, x, forward.aux, out, 0, false)
  unroll(backward.cell, backward.input, backward.aux, back, merged ? ahead : 0, true)
  return merged ? [out.value] : [out.value, back.value]
}

/** One direction over the whole sequence. */
export function unrolled(cell: Cell, x: Sequence, timeMajor: boolean): Tensor {
  const out = sequenceLike(x, cell.size, timeMajor)
  unroll(cell, x, null, out, 0, false)
  return out.value
}
