/** Simple recurrent networks in one op. Their states are variables, which start from zero in every run. */
import { type Tensor, tensor } from '../../../../kernels/tensor.js'
import { boolean, integer, type ValuesOf } from '../../parameters.js'
import { affine, bidirectional, type Cell, directions, Sequence, unrolled } from '../maths/sequence.js'
import { type Context, type Op, type Operand, op, operand, optionalOperand } from '../op.js'
import { misshapen } from '../refusals.js'
import { type ActivationName, activationFunction, FUSED, FUSED_TANH } from './activation.js'
import { matrixOf, vectorOf } from './matrix.js'

const FLOAT = ['float32'] as const
const WEIGHTS = ['float32', 'int8'] as const

const INPUT = operand(FLOAT, 3)
const ASYMMETRIC = { asymmetric_quantize_inputs: boolean({ default: false }) }
const TIME_MAJOR = { time_major: boolean({ default: false }) }

/** The operands of one direction. */
const CELL = {
  weights: operand(WEIGHTS),
  recurrent_weights: operand(WEIGHTS),
  bias: optionalOperand(WEIGHTS),
  hidden_state: operand(FLOAT),
}

interface SimpleCell {
  weights: Operand
  recurrent: Operand
  bias: Operand | undefined
  aux?: Operand | undefined
  state: Operand<'float32'>
  /** Keeps the new state. */
  assign: (elements: Tensor) => void
  asymmetric: boolean
  activation: ActivationName
}

/** The new state is the activation of input, auxiliary input and old state, each by its matrix, and the bias. */
function simpleCell(batch: number, { assign, asymmetric, activation, ...operands }: SimpleCell): Cell {
  const reading = { asymmetric }
  const [input, recurrent] = [matrixOf(operands.weights, reading), matrixOf(operands.recurrent, reading)]
  const bias = operands.bias ? vectorOf(operands.bias) : null
  const auxiliary = operands.aux ? matrixOf(operands.aux, reading) : null
  const activate = activationFunction(activation)
  let state = operands.state.data
  return {
    size: input.rows,
    step(x, extra) {
      state = affine(batch, input.rows, bias, [
        [input, x],
        [auxiliary, extra],
        [recurrent, state],
      ]).map(activate)
      assign(tensor('float32', operands.state.shape, state.slice()))
      return state
    },
  }
}

type OneWay = ValuesOf<typeof CELL> & ValuesOf<typeof FUSED_TANH> & ValuesOf<typeof ASYMMETRIC>

/** The cell of an op that runs in one direction. */
const oneWay = (batch: number, values: OneWay, assign: Context['assign']): Cell =>
  simpleCell(batch, {
    weights: values.weights,
    recurrent: values.recurrent_weights,
    bias: values.bias,
    state: values.hidden_state,
    assign: (elements) => assign('hidden_state', elements),
    asymmetric: values.asymmetric_quantize_inputs,
    activation: values.fused_activation_function,
  })

export const RECURRENT: readonly Op[] = [
  op({
    type: 'RNN',
    specification: 'RNNOptions; kernel_utils::RnnBatchStep',
    operands: { input: operand(FLOAT, 2), ...CELL },
    attributes: { ...FUSED_TANH, ...ASYMMETRIC },
    rounding: 'accumulating',
    hybrid: true,
    run({ input, ...values }, { assign }) {
      const cell = oneWay(input.shape[0]!, values, assign)
      return tensor('float32', [input.shape[0]!, cell.size], cell.step(input.data, null).slice())
    },
  }),
  op({
    type: 'UNIDIRECTIONAL_SEQUENCE_RNN',
    specification: 'SequenceRNNOptions; kernel_utils::RnnBatchStep',
    operands: { input: INPUT, ...CELL },
    attributes: { ...TIME_MAJOR, ...FUSED_TANH, ...ASYMMETRIC },
    rounding: 'accumulating',
    hybrid: true,
    run({ input, time_major, ...values }, { assign }) {
      const x = new Sequence(input, time_major)
      const cell = oneWay(x.batch, values, assign)
      return unrolled(cell, x, time_major)
    },
  }),
  op({
    type: 'BIDIRECTIONAL_SEQUENCE_RNN',
    specification: 'BidirectionalSequenceRNNOptions; kernel_utils::RnnBatchStep',
    operands: {
      input: INPUT,
      fw_weights: CELL.weights,
      fw_recurrent_weights: CELL.recurrent_weights,
      fw_bias: CELL.bias,
      fw_hidden_state: CELL.hidden_state,
      bw_weights: CELL.weights,
      bw_recurrent_weights: CELL.recurrent_weights,
      bw_bias: CELL.bias,
      bw_hidden_state: CELL.hidden_state,
      aux_input: optionalOperand(FLOAT, 3),
      fw_aux_weights: optionalOperand(WEIGHTS),
      bw_aux_weights: optionalOperand(WEIGHTS),
    },
    attributes: { ...TIME_MAJOR, ...FUSED_TANH, merge_outputs: boolean({ default: false }), ...ASYMMETRIC },
    rounding: 'accumulating',
    hybrid: true,
    run(values, { assign }) {
      const { time_major: timeMajor, asymmetric_quantize_inputs: asymmetric, fused_activation_function: activation } = values
      const x = new Sequence(values.input, timeMajor)
      const other = values.aux_input ? new Sequence(values.aux_input, timeMajor) : null
      const hasAux = values.fw_aux_weights !== undefined
      const shared = { asymmetric, activation }
      const forward = simpleCell(x.batch, {
        ...shared,
        weights: values.fw_weights,
        recurrent: values.fw_recurrent_weights,
        bias: values.fw_bias,
        aux: values.fw_aux_weights,
        state: values.fw_hidden_state,
        assign: (elements) => assign('fw_hidden_state', elements),
      })
      const backward = simpleCell(x.batch, {
        ...shared,
        weights: values.bw_weights,
        recurrent: values.bw_recurrent_weights,
        bias: values.bw_bias,
        aux: hasAux ? values.bw_aux_weights : undefined,
        state: values.bw_hidden_state,
        assign: (elements) => assign('bw_hidden_state', elements),
      })
      return bidirectional(...directions(forward, backward, x, other, hasAux), timeMajor, values.merge_outputs)
    },
  }),
  op({
    type: 'SVDF',
    specification: 'SVDFOptions; reference_ops::EvalFloatSVDF, reference_ops::EvalHybridSVDF',
    operands: {
      input: operand(FLOAT, 2),
      weights_feature: operand(WEIGHTS),
      weights_time: operand(FLOAT, 2),
      bias: optionalOperand(WEIGHTS),
      state: operand(FLOAT),
    },
    attributes: { rank: integer({ default: 0 }), ...FUSED, ...ASYMMETRIC },
    rounding: 'accumulating',
    hybrid: true,
    run({ input, weights_feature, weights_time: times, bias, state: previous, rank, ...attributes }, { assign }) {
      // filters of rank one: each has weights over the input's elements and over the last steps, which the state holds
      const features = matrixOf(weights_feature, { asymmetric: attributes.asymmetric_quantize_inputs })
      const [batch, filters, memory] = [input.shape[0]!, features.rows, times.shape[1]!]
      const units = filters / rank
      if (!Number.isInteger(units)) throw misshapen(`${filters} filters of rank ${rank}`)
      const state = previous.data.slice()
      const latest = affine(batch, filters, null, [[features, input.data]])
      const out = affine(batch, units, bias ? vectorOf(bias) : null, [])
      for (let i = 0; i < batch * filters; i++) {
        const row = state.subarray(i * memory, (i + 1) * memory)
        row.copyWithin(0, 1)
        row[memory - 1] = latest[i]!
        const filter = i % filters
        let sum = 0
        for (let m = 0; m < memory; m++) sum += times.data[filter * memory + m]! * row[m]!
        out[Math.floor(i / filters) * units + Math.floor(filter / rank)]! += sum
      }
      assign('state', tensor('float32', previous.shape, state))
      return tensor('float32', [batch, units], out.map(activationFunction(attributes.fused_activation_function)))
    },
  }),
]
