/** Sequences, and networks that run over them step by step. */
import type { Tensor } from '../../../../kernels/tensor.js'
import { tensor } from '../../../../kernels/tensor.js'
import type { Operator } from '../operator.js'
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
export function sequenceLike(like: Sequence, size: number, timeMajor: boolean): Sequence {
  return new Sequence(tensor('float32', timeMajor ? [like.steps, like.batch, size] : [like.batch, like.steps, size]), timeMajor)
}

export function sequenceOf(op: Operator, index: number, timeMajor: boolean): Sequence {
  const value = op.inputOf(index, 'float32')
  if (value.shape.length !== 3) throw op.misshapen('rank 3 is needed')
  return new Sequence(value, timeMajor)
}

/** A network in progress: a step takes the vectors of a batch and gives its output. */
export interface Cell {
  size: number
  step: (x: Float32Array, aux: Float32Array | null) => Float32Array
}

/** Runs a cell over a sequence, forwards or backwards, into the elements of `out` from `offset` on. */
export function unroll(cell: Cell, x: Sequence, aux: Sequence | null, out: Sequence, offset: number, reverse: boolean): void {
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

/** Both directions' results side by side in one output, or one output each. */
export function bidirectional(
  op: Operator,
  timeMajor: boolean,
  aux: number,
  cells: (batch: number) => [Cell, Cell],
  hasAuxWeights: boolean,
): Tensor[] {
  const x = sequenceOf(op, 0, timeMajor)
  const other = op.has(aux) ? sequenceOf(op, aux, timeMajor) : null
  // without weights of its own the auxiliary input is the backward direction's input
  const [backInput, auxiliary] = hasAuxWeights ? [x, other] : [other ?? x, null]
  const [forward, backward] = cells(x.batch)
  const merged = op.boolean('merge_outputs')
  const out = sequenceLike(x, merged ? forward.size + backward.size : forward.size, timeMajor)
  const back = merged ? out : sequenceLike(x, backward.size, timeMajor)
  unroll(forward, x, auxiliary, out, 0, false)
  unroll(backward, backInput, auxiliary, back, merged ? forward.size : 0, true)
  return merged ? [out.value] : [out.value, back.value]
}
