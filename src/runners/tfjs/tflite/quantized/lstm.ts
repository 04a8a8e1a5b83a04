/**
 * The LSTM on int8 with an int16 cell state (8x8_16): gates have 3 integer bits before their activation and none behind it, the cell
 * state's scale is a power of two. Variants with peepholes or layer normalization are not computed.
 */
import type { Tensor } from '../../../../../kernels/tensor.js'
import { type Context, numbersOf, type Operand } from '../../op.js'
import { unsupported } from '../../refusals.js'
import { type NamedOperands, needed } from '../named.js'
import { multiply } from './accumulate.js'
import { type Affine, affineOf, clampTo, codesOf, integers } from './affine.js'
import { WORDS } from './fixed-functions.js'
import type { Multiplier } from './fixed-point.js'
import { multiplierOf, roundingShift, scale } from './fixed-point.js'

/** Index of the hidden state among the intermediate tensors. */
const HIDDEN = 4

/** Operands of variants that are not computed: peepholes, layer normalization. */
const REFUSED = /^cell_to_|_layer_norm_/

const GATE_BITS = 3
const WORD: readonly [number, number] = [-32768, 32767]
const BYTE: readonly [number, number] = [-128, 127]

const { fround } = Math

/** A matrix product with its bias and scale, added to int16 or int8. */
type Product = (vectors: ArrayLike<number>, batch: number, out: Int32Array) => void

/** `weights` [rows, columns] times vectors of `source`, at the scale `target`. */
function productOf(
  weights: Operand,
  bias: Operand | undefined,
  source: Affine,
  target: number,
  range: readonly [number, number],
  zeroPoint: number,
): Product {
  const [rows, columns] = weights.shape as [number, number]
  const filter = { data: codesOf(weights), zeroPoint: 0 }
  const offsets = bias ? numbersOf(bias) : null
  const multiplier = multiplierOf(fround(fround(affineOf(weights).scale * source.scale) / target))
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

export interface LstmAttributes {
  timeMajor: boolean
  cellClip: number
  projectionClip: number
}

/** Operands have the names of the row; states are kept with `assign`. */
export function quantizedLstm(
  x: Operand,
  values: NamedOperands,
  attributes: LstmAttributes,
  { assign, output: outputOf, intermediate }: Pick<Context, 'assign' | 'output' | 'intermediate'>,
): Tensor {
  if (Object.keys(values).some((name) => REFUSED.test(name) && values[name]))
    throw unsupported('with peepholes or layer normalization is not computed')
  const { timeMajor } = attributes
  const [data, shape] = [codesOf(x), x.shape]
  const [steps, batch] = (timeMajor ? [shape[0], shape[1]] : [shape[1], shape[0]]) as [number, number]
  const inputSize = shape[2]!
  const [outputState, cellState] = [needed(values, 'output_state'), needed(values, 'cell_state')]
  const [input, state, output] = [affineOf(x), affineOf(outputState), affineOf(outputOf())]
  const cellScale = affineOf(cellState).scale
  const cellExponent = Math.round(Math.log2(cellScale))
  const cells = needed(values, 'recurrent_to_forget_weights').shape[0]!
  const coupled = !values['input_to_input_weights']

  const gate = (name: string): ((vectors: ArrayLike<number>, h: ArrayLike<number>) => Int32Array) => {
    const target = 2 ** (GATE_BITS - 15)
    const fromInput = productOf(needed(values, `input_to_${name}_weights`), values[`${name}_gate_bias`], input, target, WORD, 0)
    const fromState = productOf(needed(values, `recurrent_to_${name}_weights`), undefined, state, target, WORD, 0)
    return (vectors, h) => {
      const sums = new Int32Array(batch * cells)
      fromInput(vectors, batch, sums)
      fromState(h, batch, sums)
      return sums
    }
  }
  const [inputGate, forgetGate, cellGate, outputGate] = [coupled ? null : gate('input'), gate('forget'), gate('cell'), gate('output')]
  const sigmoid = (sums: Int32Array): Int32Array => sums.map((sum) => WORDS.logistic(sum, GATE_BITS))

  const projection = values['projection_weights']
  // the hidden state's scale and zero point are those of a tensor that no operator makes
  const hidden = affineOf({ quantization: intermediate(HIDDEN) })
  const hiddenMultiplier: Multiplier = multiplierOf(fround((2 ** -15 / hidden.scale) * 2 ** -15))
  const project = projection ? productOf(projection, values['projection_bias'], hidden, state.scale, BYTE, state.zeroPoint) : null
  const outputSize = projection ? projection.shape[0]! : cells
  const clip = (real: number, by: number, limit: number): number => Math.trunc(Math.min(limit, fround(fround(real) / by)))
  const cellClip = clip(attributes.cellClip, cellScale, WORD[1])
  const projectionClip = clip(attributes.projectionClip, output.scale, BYTE[1])

  let h: Int32Array = Int32Array.from(codesOf(outputState))
  const c = Int32Array.from(codesOf(cellState))
  const out = integers('int8', timeMajor ? [steps, batch, outputSize] : [batch, steps, outputSize])
  for (let t = 0; t < steps; t++) {
    const place = (b: number): number => (timeMajor ? t * batch + b : b * steps + t)
    const vectors = new Int32Array(batch * inputSize)
    for (let b = 0; b < batch; b++) vectors.set(data.subarray(place(b) * inputSize, (place(b) + 1) * inputSize), b * inputSize)
    const i = inputGate && sigmoid(inputGate(vectors, h))
    const f = sigmoid(forgetGate(vectors, h))
    const g = cellGate(vectors, h).map((sum) => WORDS.tanh(sum, GATE_BITS))
    for (let k = 0; k < c.length; k++) {
      const kept = roundingShift(f[k]! * c[k]!, 15)
      const added = roundingShift((i ? i[k]! : WORD[1] - f[k]!) * g[k]!, 30 + cellExponent)
      const sum = clampTo(kept + added, WORD)
      c[k] = cellClip > 0 ? clampTo(sum, [-cellClip, cellClip]) : sum
    }
    const o = sigmoid(outputGate(vectors, h))
    const zeroPoint = projection ? -hidden.zeroPoint : hidden.zeroPoint
    const activated = c.map((value, k) => clampTo(scale(o[k]! * WORDS.tanh(value, 15 + cellExponent), hiddenMultiplier) + zeroPoint, BYTE))
    h = activated
    if (project) {
      h = new Int32Array(batch * outputSize)
      project(activated, batch, h)
      if (projectionClip > 0) h = h.map((value) => clampTo(value, [-projectionClip, projectionClip]))
    }
    for (let b = 0; b < batch; b++) out.data.set(h.subarray(b * outputSize, (b + 1) * outputSize), place(b) * outputSize)
  }
  assign('output_state', { dtype: 'int8', shape: outputState.shape, data: Int8Array.from(h) })
  assign('cell_state', { dtype: 'int16', shape: cellState.shape, data: Int16Array.from(c) })
  return out
}
