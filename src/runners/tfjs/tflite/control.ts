/** Control flow: bodies run on the operands by position. */
import type { Tensor } from '../../../../kernels/tensor.js'
import { ParityError } from '../../../graph/errors.js'
import type { Kernel, Operator, OpRow } from '../operator.js'
import { anyRow } from '../operator.js'

/** A loop that has not ended by then is not going to. */
const MAX_ITERATIONS = 1_000_000

function truth(op: Operator, value: Tensor | undefined): boolean {
  if (value?.dtype !== 'bool' || value.data.length !== 1) throw op.misshapen('a condition must be one bool')
  return value.data[0] !== 0
}

const conditional: Kernel = (op) => {
  const [condition, ...inputs] = op.inputs()
  return op.call(truth(op, condition) ? 'then' : 'else', inputs)
}

const loop: Kernel = (op) => {
  let values = op.inputs()
  for (let i = 0; truth(op, op.call('cond', values)[0]); i++) {
    if (i === MAX_ITERATIONS)
      throw new ParityError('UNSUPPORTED_LOOP_LENGTH', {
        what: `The loop has not ended after ${i} iterations`,
        remedy: 'Check the condition and the inputs',
      })
    values = op.call('body', values)
  }
  return values
}

/** Runs its body the first time in a run. */
const once: Kernel = (op) => {
  const key = `called ${op.number('init_subgraph_index')}`
  if (!op.resources.has(key)) {
    op.resources.set(key, true)
    op.call('init', [])
  }
  return []
}

export const CONTROL: readonly OpRow[] = [
  anyRow('IF', conditional),
  anyRow('WHILE', loop),
  anyRow('CALL_ONCE', once),
  anyRow('CALL', (op) => op.call('body', op.inputs())),
  anyRow('STABLEHLO_COMPOSITE', (op) => op.call('decomposition', op.inputs())),
]
