/** Simple recurrent networks in one op. Their states are variables, which start from zero in every run. */
import { tensor } from '../../../../kernels/tensor.js'
import type { Kernel, Operator, OpRow } from '../operator.js'
import { row } from '../operator.js'
import { activationFunction } from './activation.js'
import { matrixOf, requiredMatrix, vectorOf } from './matrix.js'
import type { Cell } from './sequence.js'
import { affine, bidirectional, sequenceLike, sequenceOf, unroll } from './sequence.js'

/** The new state is the activation of input, auxiliary input and old state, each by its matrix, and the bias. */
function simpleCell(op: Operator, batch: number, first: number, aux: number | null): Cell {
  const [input, recurrent, bias] = [requiredMatrix(op, first), requiredMatrix(op, first + 1), vectorOf(op, first + 2)]
  const auxiliary = aux === null ? null : matrixOf(op, aux)
  const activation = activationFunction(op.text('fused_activation_function', 'TANH'))
  const stateOperand = first + 3
  let state = op.inputOf(stateOperand, 'float32').data
  return {
    size: input.rows,
    step(x, extra) {
      state = affine(batch, input.rows, bias, [
        [input, x],
        [auxiliary, extra],
        [recurrent, state],
      ]).map(activation)
      op.assign(stateOperand, tensor('float32', op.input(stateOperand).shape, state.slice()))
      return state
    },
  }
}

const rnnStep: Kernel = (op) => {
  const x = op.inputOf(0, 'float32')
  const cell = simpleCell(op, x.shape[0]!, 1, null)
  return tensor('float32', [x.shape[0]!, cell.size], cell.step(x.data, null).slice())
}

const sequenceRnn: Kernel = (op) => {
  const timeMajor = op.boolean('time_major')
  const x = sequenceOf(op, 0, timeMajor)
  const cell = simpleCell(op, x.batch, 1, null)
  const out = sequenceLike(x, cell.size, timeMajor)
  unroll(cell, x, null, out, 0, false)
  return out.value
}

const bidirectionalRnn: Kernel = (op) => {
  const [auxInput, forwardAux, backwardAux] = [9, 10, 11]
  const hasAux = op.has(forwardAux)
  return bidirectional(
    op,
    op.boolean('time_major'),
    auxInput,
    (batch) => [simpleCell(op, batch, 1, hasAux ? forwardAux : null), simpleCell(op, batch, 5, hasAux ? backwardAux : null)],
    hasAux,
  )
}

/** A layer of filters of rank one: each has weights over the input's elements and over the last steps, which the state holds. */
const svdf: Kernel = (op) => {
  const x = op.inputOf(0, 'float32')
  const features = requiredMatrix(op, 1)
  const times = op.inputOf(2, 'float32')
  const bias = vectorOf(op, 3)
  const rank = op.number('rank')
  const [batch, filters, memory] = [x.shape[0]!, features.rows, times.shape[1]!]
  const units = filters / rank
  if (!Number.isInteger(units)) throw op.misshapen(`${filters} filters of rank ${rank}`)
  const state = op.inputOf(4, 'float32').data.slice()
  const latest = affine(batch, filters, null, [[features, x.data]])
  const out = affine(batch, units, bias, [])
  const activation = activationFunction(op.text('fused_activation_function', 'NONE'))
  for (let i = 0; i < batch * filters; i++) {
    const row = state.subarray(i * memory, (i + 1) * memory)
    row.copyWithin(0, 1)
    row[memory - 1] = latest[i]!
    const filter = i % filters
    let sum = 0
    for (let m = 0; m < memory; m++) sum += times.data[filter * memory + m]! * row[m]!
    out[Math.floor(i / filters) * units + Math.floor(filter / rank)]! += sum
  }
  op.assign(4, tensor('float32', op.input(4).shape, state))
  return tensor('float32', [batch, units], out.map(activation))
}

export const RECURRENT: readonly OpRow[] = [
  row('RNN', 0, [['float32'], rnnStep]),
  row('UNIDIRECTIONAL_SEQUENCE_RNN', 0, [['float32'], sequenceRnn]),
  row('BIDIRECTIONAL_SEQUENCE_RNN', 0, [['float32'], bidirectionalRnn]),
  row('SVDF', 0, [['float32'], svdf]),
]
