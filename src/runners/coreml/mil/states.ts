/**
 * MIL `read_state` (coremltools ops/defs/iOS18/states) and `write_state`, which coremltools writes for its `coreml_update_state`,
 * followed by a read_state where the value is used. The state is the session's buffer of the operand's name.
 */
import type { Tensor } from '../../../../kernels/tensor.js'
import { tensor } from '../../parameters.js'
import { type Context, type Op, op } from '../op.js'

const stateName = ({ node, fail }: Context): string =>
  node.inputs.find(({ parameter }) => parameter === 'input')?.value ?? fail('names no state')

const sameShape = (a: Tensor, b: Tensor): boolean =>
  a.shape.length === b.shape.length && a.shape.every((size, axis) => size === b.shape[axis])

const readState = op({
  type: 'read_state',
  specification: 'iOS18 states',
  since: 'iOS18',
  parameters: { input: tensor({ types: 'any' }) },
  rounding: 'exact',
  impure: true,
  run: (_, context) => context.states.read(stateName(context)),
})

const writeState = op({
  type: 'write_state',
  specification: 'iOS18 states',
  since: 'iOS18',
  parameters: { input: tensor({ types: 'any' }), data: tensor({ types: 'any' }) },
  results: 0,
  rounding: 'exact',
  impure: true,
  run({ data }, context) {
    const name = stateName(context)
    const state = context.states.read(name)
    if (!sameShape(state, data)) context.fail(`writes a value of shape [${data.shape}] to the state '${name}' of shape [${state.shape}]`)
    context.states.write(name, data)
    return []
  },
})

export const stateOps: readonly Op[] = [readState, writeState]
