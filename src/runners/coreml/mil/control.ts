/** MIL `cond` and `while_loop` (coremltools ops/defs/iOS15/control_flow). Blocks see the values around them and get no names of their own out. */
import type { Tensor } from '../../../../kernels/tensor.js'
import type { Body } from '../../../graph/graph.js'
import { boolean, tensors } from '../../parameters.js'
import { checkIteration } from '../loop.js'
import { type Context, type Op, op } from '../op.js'

function bodiesOf({ node, fail }: Context): [Body, Body] {
  return node.bodies.length === 2 ? (node.bodies as [Body, Body]) : fail(`has ${node.bodies.length} blocks, expected 2`)
}

const cond = op({
  type: 'cond',
  specification: 'iOS15 control_flow',
  parameters: { pred: boolean() },
  results: Infinity,
  rounding: 'exact',
  run({ pred }, context) {
    const [whenTrue, whenFalse] = bodiesOf(context)
    return context.runBody(pred ? whenTrue : whenFalse, [])
  },
})

function holds(condition: Tensor | undefined, context: Context): boolean {
  if (condition === undefined || condition.data.length !== 1) {
    return context.fail(`has a condition of shape [${condition?.shape ?? 'nothing'}], expected one element`)
  }
  return Number(condition.data[0]) !== 0
}

const whileLoop = op({
  type: 'while_loop',
  specification: 'iOS15 control_flow',
  parameters: { loop_vars: tensors({ types: 'any', least: 0 }) },
  results: Infinity,
  rounding: 'exact',
  run({ loop_vars }, context) {
    const [condition, body] = bodiesOf(context)
    let values = loop_vars
    for (let iteration = 0; holds(context.runBody(condition, values)[0], context); iteration++) {
      checkIteration(iteration, context)
      const next = context.runBody(body, values)
      if (next.length !== values.length) context.fail(`has a body of ${next.length} results for ${values.length} loop variables`)
      values = next
    }
    return values
  },
})

export const controlOps: readonly Op[] = [cond, whileLoop]
