/** The engine's random numbers, repeatable from a seed. */
import { Random } from '../../../kernels/generator.js'

const uniformFrom = (seed: number): (() => number) => {
  const random = new Random(seed)
  return () => random.uniform()
}

/**
 * A source of generators for one session, uniform in [0, 1): a seed of an op's own always gives the same numbers; without one each call
 * draws on from the session's stream.
 */
export function generator(sessionSeed = 0): (seed?: number) => () => number {
  const stream = uniformFrom(sessionSeed)
  return (seed) => (seed === undefined ? stream : uniformFrom(seed))
}
