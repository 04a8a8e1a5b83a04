/** Control flow: bodies run on the operands by position. */
import type { Tensor } from '../../../../kernels/tensor.js'
import { ParityError } from '../../../graph/errors.js'
import { integer } from '../../parameters.js'
import { ANY } from '../dtypes.js'
import { type Op, op, operand, operands } from '../op.js'
import { misshapen } from '../refusals.js'

/** A loop that has not ended by then is not going to. */
const MAX_ITERATIONS = 1_000_000

function truth(value: Tensor | undefined): boolean {
  if (value?.dtype !== 'bool' || value.data.length !== 1) throw misshapen('a condition must be one bool')
  return value.data[0] !== 0
}

/** The body in place of the op. */
const calling = (type: string, specification: string, role: string): Op =>
  op({
    type,
    specification,
    operands: { inputs: operands(ANY, 0) },
    rounding: 'exact',
    run: ({ inputs }, { call }) => call(role, inputs),
  })

export const CONTROL: readonly Op[] = [
  op({
    type: 'IF',
    specification: 'IfOptions; kernels/if.cc',
    operands: { condition: operand(['bool']), inputs: operands(ANY, 0) },
    rounding: 'exact',
    run: ({ condition, inputs }, { call }) => call(truth(condition) ? 'then' : 'else', inputs),
  }),
  op({
    type: 'WHILE',
    specification: 'WhileOptions; kernels/while.cc',
    operands: { inputs: operands(ANY, 0) },
    rounding: 'exact',
    run({ inputs }, { call }) {
      let values: Tensor[] = inputs
      for (let i = 0; truth(call('cond', values)[0]); i++) {
        if (i === MAX_ITERATIONS)
          throw new ParityError('UNSUPPORTED_LOOP_LENGTH', {
            what: `The loop has not ended after ${i} iterations`,
            remedy: 'Check the condition and the inputs',
          })
        values = call('body', values)
      }
      return values
    },
  }),
  op({
    type: 'CALL_ONCE',
    specification: 'CallOnceOptions; kernels/call_once.cc',
    operands: {},
    attributes: { init_subgraph_index: integer({ default: 0 }) },
    rounding: 'exact',
    run({ init_subgraph_index: index }, { resources, call }) {
      const key = `called ${index}`
      if (!resources.has(key)) {
        resources.set(key, true)
        call('init', [])
      }
      return []
    },
  }),
  calling('CALL', 'CallOptions', 'body'),
  calling('STABLEHLO_COMPOSITE', 'StableHLOCompositeOptions; kernels/stablehlo_composite.cc', 'decomposition'),
]
