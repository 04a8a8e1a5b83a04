/** What loops of both dialects share: a bound on their length, and the signals of neuralnetwork's loopBreak and loopContinue. */
import type { Tensor } from '../../../kernels/tensor.js'
import { ParityError } from '../../graph/errors.js'
import type { Context } from './op.js'
import { BREAKS, placeOf } from './refusals.js'

/** A loop that runs longer does not end: a network's loop walks over a sequence, and each step costs microseconds at least. */
export const MOST_ITERATIONS = 1_000_000

/** @throws ParityError UNSUPPORTED_LOOP_LENGTH once `iteration` passes the bound. */
export function checkIteration(iteration: number, { node }: Context): void {
  if (iteration < MOST_ITERATIONS) return
  throw new ParityError('UNSUPPORTED_LOOP_LENGTH', {
    what: `the loop has not ended after ${MOST_ITERATIONS} iterations`,
    where: placeOf(node),
    remedy: "Check the loop's condition on these inputs",
  })
}

/** The loop's variables when it is left; null for one that has no value yet. */
export type Variables = readonly (Tensor | null)[]

/** Thrown by loopBreak and loopContinue, caught by the loop around them; uncaught it is the error of a layer outside of any loop. */
export class LoopSignal extends ParityError {
  constructor(
    readonly action: 'break' | 'continue',
    readonly variables: Variables,
    { node }: Context,
  ) {
    super('MODEL_OP_INVALID', {
      what: `${node.type} stands outside of a loop's body`,
      where: placeOf(node),
      remedy: BREAKS,
    })
  }
}
