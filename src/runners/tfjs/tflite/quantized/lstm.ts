/**
 * The LSTM on int8 with an int16 cell state (8x8_16): gates have 3 integer bits before their activation and none behind it, the cell
 * state's scale is a power of two. Variants with peepholes or layer normalisation are not computed.
 */
import type { Tensor } from '../../../../../kernels/tensor.js'
import type { Kernel, Operator } from '../../operator.js'
import { multiply } from './accumulate.js'
import type { Affine } from './affine.js'
import { clampTo, inputAffine, integers, outputAffine, quantizedInput } from './affine.js'
import { WORDS } from './fixed-functions.js'
import type { Multiplier } from './fixed-point.js'
import { multiplierOf, roundingShift, scale } from './fixed-point.js'

const INPUT_WEIGHTS = 1
const RECURRENT_WEIGHTS = 5
const PEEPHOLES = [9, 10, 11]
const BIASES = 12
const PROJECTION = { weights: 16, bias: 17 }
const OUTPUT_STATE = 18
const CELL_STATE = 19
const NORMALIZATION = [20, 21, 22, 23]
/** Index of the hidden state among the intermediate tensors. */
const HIDDEN = 4

const GATE_BITS = 3
const WORD: readonly [number, number] = [-32768, 32767]
const BYTE: readonly [number, number] = [-128, 127]

const { fround } = Math

/** A matrix product with its bias and scale, added to int16 or int8. */
type Product = (vectors: ArrayLike<number>, batch: number, out: Int32Array) => void

/** [rows, columns] times vectors of `source`, at the scale `target`. */
function productOf(
  op: Operator,
  weights: number,
  bias: number | null,
  source: Affine,
  target: number,
  range: readonly [number, number],
  zeroPoint: number,
): Product {
  const [rows, columns] = op.input(weights).shape as [number, number]
  const filter = { data: quantizedInput(op, weights).data, zeroPoint: 0 }
  const offsets = bias !== null && op.has(bias) ? op.integers(bias) : null
  const multiplier = multiplierOf(fround(fround(inputAffine(op, weights).scale * source.scale) / target))
  return (vectors, batch, out) => {
    multiply(
      vectors,
      () => source.zeroPoint,
      filter,
      batch,
      columns,
      rows,
      (at, row, _, sum) => {
        out[at] = clampTo(scale(sum + (offsets?.[row] ?? 0), multiplier) + zeroPoint + out[at]!, range)
      },
    )
  }
}

/** The scale and zero point of the hidden state, which the file keeps in a tensor that no operator makes. */
function hiddenAffine(op: Operator): Affine {
  const quantization = op.intermediateQuantization(HIDDEN)
  if (!quantization) throw op.unsupported('lacks the scale of its hidden state')
  return { scale: quantization.scale[0]!, zeroPoint: quantization.zeroPoint[0]! }
}

export const quantizedLstm: Kernel = (op): Tensor => {
  if ([...PEEPHOLES, ...NORMALIZATION].some((index) => op.has(index)))
    throw op.unsupported('with peepholes or layer normalisation is not computed')
  const timeMajor = op.boolean('time_major')
  const { shape, data } = quantizedInput(op, 0)
  const [steps, batch] = (timeMajor ? [shape[0], shape[1]] : [shape[1], shape[0]]) as [number, number]
  const inputSize = shape[2]!
  const [input, state, output] = [inputAffine(op, 0), inputAffine(op, OUTPUT_STATE), outputAffine(op)]
  const cellExponent = Math.round(Math.log2(inputAffine(op, CELL_STATE).scale))
  const cells = op.input(RECURRENT_WEIGHTS + 1).shape[0]!
  const coupled = !op.has(INPUT_WEIGHTS)

  const gate = (index: number): ((x: ArrayLike<number>, h: ArrayLike<number>) => Int32Array) => {
    const target = 2 ** (GATE_BITS - 15)
    const fromInput = productOf(op, INPUT_WEIGHTS + index, BIASES + index, input, target, WORD, 0)
    const fromState = productOf(op, RECURRENT_WEIGHTS + index, null, state, target, WORD, 0)
    return (x, h) => {
      const sums = new Int32Array(batch * cells)
      fromInput(x, batch, sums)
      fromState(h, batch, sums)
      return sums
    }
  }
  const [inputGate, forgetGate, cellGate, outputGate] = [coupled ? null : gate(0), gate(1), gate(2), gate(3)]
  const sigmoid = (sums: Int32Array): Int32Array => sums.map((x) => WORDS.logistic(x, GATE_BITS))

  const hasProjection = op.has(PROJECTION.weights)
  const hidden = hiddenAffine(op)
  const hiddenMultiplier: Multiplier = multiplierOf(fround((2 ** -15 / hidden.scale) * 2 ** -15))
  const project = hasProjection
    ? productOf(
        op,
        PROJECTION.weights,
        PROJECTION.bias,
        { scale: hidden.scale, zeroPoint: hidden.zeroPoint },
        state.scale,
        BYTE,
        state.zeroPoint,
      )
    : null
  const outputSize = hasProjection ? op.input(PROJECTION.weights).shape[0]! : cells
  const clip = (attribute: string, by: number, limit: number): number =>
    Math.trunc(Math.min(limit, fround(fround(op.number(attribute)) / by)))
  const [cellClip, projectionClip] = [
    clip('cell_clip', inputAffine(op, CELL_STATE).scale, WORD[1]),
    clip('proj_clip', output.scale, BYTE[1]),
  ]

  let h: Int32Array = Int32Array.from(quantizedInput(op, OUTPUT_STATE).data)
  const c = Int32Array.from(quantizedInput(op, CELL_STATE).data)
  const out = integers('int8', timeMajor ? [steps, batch, outputSize] : [batch, steps, outputSize])
  for (let t = 0; t < steps; t++) {
    const place = (b: number): number => (timeMajor ? t * batch + b : b * steps + t)
    const x = new Int32Array(batch * inputSize)
    for (let b = 0; b < batch; b++) x.set(data.subarray(place(b) * inputSize, (place(b) + 1) * inputSize), b * inputSize)
    const i = inputGate && sigmoid(inputGate(x, h))
    const f = sigmoid(forgetGate(x, h))
    const g = cellGate(x, h).map((sum) => WORDS.tanh(sum, GATE_BITS))
    for (let k = 0; k < c.length; k++) {
      const kept = roundingShift(f[k]! * c[k]!, 15)
      const added = roundingShift((i ? i[k]! : WORD[1] - f[k]!) * g[k]!, 30 + cellExponent)
      const sum = clampTo(kept + added, WORD)
      c[k] = cellClip > 0 ? clampTo(sum, [-cellClip, cellClip]) : sum
    }
    const o = sigmoid(outputGate(x, h))
    const zeroPoint = hasProjection ? -hidden.zeroPoint : hidden.zeroPoint
    const activated = c.map((value, k) => clampTo(scale(o[k]! * WORDS.tanh(value, 15 + cellExponent), hiddenMultiplier) + zeroPoint, BYTE))
    h = activated
    if (project) {
      h = new Int32Array(batch * outputSize)
      project(activated, batch, h)
      if (projectionClip > 0) h = h.map((value) => clampTo(value, [-projectionClip, projectionClip]))
    }
    for (let b = 0; b < batch; b++) out.data.set(h.subarray(b * outputSize, (b + 1) * outputSize), place(b) * outputSize)
  }
  op.assign(OUTPUT_STATE, { ...op.input(OUTPUT_STATE), data: Int8Array.from(h) } as Tensor)
  op.assign(CELL_STATE, { ...op.input(CELL_STATE), data: Int16Array.from(c) } as Tensor)
  return out
}
