/**
 * NeuralNetwork.proto `loop`, `branch`, `loopBreak`, `loopContinue`. The networks inside write names of the network around them; the
 * reader has turned those names into variables: operands `variables` are their values before the layer, a body's inputs those it starts
 * with, by name, its outputs those that it has at its end, and the layer's outputs what they are afterwards.
 */
import type { Tensor } from '../../../../kernels/tensor.js'
import type { Body } from '../../../graph/graph.js'
import { integer, optionalTensor, type Parameter, tensor, tensors, text } from '../../parameters.js'
import { checkIteration, LoopSignal, type Variables } from '../loop.js'
import { type Context, type Op, op } from '../op.js'
import { layerParams } from './section.js'

/** Magnitudes up to this are false. */
const FALSE_BELOW = 1e-6

function scalarOf(value: Tensor, what: string, context: Context): number {
  return value.data.length === 1 ? Number(value.data[0]) : context.fail(`has ${what} of shape [${value.shape}], expected one element`)
}

const holds = (value: Tensor, what: string, context: Context): boolean => Math.abs(scalarOf(value, what, context)) > FALSE_BELOW

const bodyOf = ({ node }: Context, role: string): Body | undefined => node.bodies.find((body) => body.role === role)

/** The operands `variables` in their places; an operand that the node leaves out is null. */
function placed(present: readonly Tensor[], { node }: Context): Variables {
  const rest = present.values()
  return node.inputs.filter(({ parameter }) => parameter === 'variables').map(({ value }) => (value === null ? null : rest.next().value!))
}

/** A loop's or branch's variables while it runs. */
class Frame {
  private readonly values = new Map<string, Tensor>()

  constructor(
    private readonly names: readonly string[],
    before: Variables,
    private readonly context: Context,
  ) {
    this.assign(names, before)
  }

  private assign(names: readonly string[], variables: Variables): void {
    names.forEach((name, i) => {
      const value = variables[i]
      if (value) this.values.set(name, value)
    })
  }

  get(name: string): Tensor {
    return this.values.get(name) ?? this.context.fail(`needs '${name}', which nothing has made`)
  }

  run(body: Body): void {
    const inputs = body.graph.inputs.map((name) => this.get(name))
    this.assign(body.variables ?? this.names, this.context.runBody(body, inputs))
  }

  /** Runs a loop's body; false where it asks to leave the loop. */
  iterate(body: Body): boolean {
    try {
      this.run(body)
      return true
    } catch (signal) {
      if (!(signal instanceof LoopSignal)) throw signal
      this.assign(this.names, signal.variables)
      return signal.action === 'continue'
    }
  }

  results(): Tensor[] {
    return this.names.map((name) => this.get(name))
  }
}

/** The file's names of the variables, in the order of operands and results. */
const names: Parameter<string[]> = {
  description: 'names that the bodies write',
  required: false,
  moves: false,
  read: ({ attributes }) => (attributes['variables'] ?? []) as string[],
}
const variables = tensors({ types: 'any', least: 0 })

const loop = op({
  type: 'loop',
  specification: 'NeuralNetwork.proto LoopLayerParams',
  parameters: {
    input: optionalTensor(),
    variables,
    names,
    maxLoopIterations: integer({ default: 0 }),
    conditionVar: text(undefined, { default: '' }),
  },
  results: Infinity,
  rounding: 'exact',
  run({ input, variables, names, maxLoopIterations, conditionVar }, context) {
    const body = bodyOf(context, 'body') ?? context.fail('has no body network')
    const condition = conditionVar === '' ? undefined : bodyOf(context, 'condition')
    const most = input ? scalarOf(input, 'a loop count', context) : maxLoopIterations
    const bounded = condition === undefined || input !== undefined || most > 0
    const frame = new Frame(names, placed(variables, context), context)
    const goesOn = (): boolean => {
      if (condition === undefined) return true
      frame.run(condition)
      return holds(frame.get(conditionVar), `the condition '${conditionVar}'`, context)
    }
    for (let iteration = 0; goesOn() && !(bounded && iteration >= most); iteration++) {
      checkIteration(iteration, context)
      if (!frame.iterate(body)) break
    }
    return frame.results()
  },
})

const branch = op({
  type: 'branch',
  specification: 'NeuralNetwork.proto BranchLayerParams',
  parameters: { input: tensor(), variables, names },
  results: Infinity,
  rounding: 'exact',
  run({ input, variables, names }, context) {
    const body = holds(input, 'a predicate', context)
      ? (bodyOf(context, 'ifBranch') ?? context.fail('has no if branch'))
      : bodyOf(context, 'elseBranch')
    const frame = new Frame(names, placed(variables, context), context)
    if (body) frame.run(body)
    return frame.results()
  },
})

const signal = (type: string, action: LoopSignal['action']): Op =>
  op({
    type,
    specification: layerParams(type),
    parameters: { variables },
    rounding: 'exact',
    impure: true,
    run: ({ variables }, context) => {
      throw new LoopSignal(action, placed(variables, context), context)
    },
  })

export const controlLayers: readonly Op[] = [loop, branch, signal('loopBreak', 'break'), signal('loopContinue', 'continue')]
