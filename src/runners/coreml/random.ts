/** The engine's random numbers: uniform in [0, 1) by the mulberry32 generator, repeatable from a seed. */

function mulberry32(seed: number): () => number {
  let state = seed | 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/**
 * A source of generators for one session: a seed of an op's own always gives the same numbers; without one each call draws on
 * from the session's stream.
 */
export function generator(sessionSeed = 0): (seed?: number) => () => number {
  const stream = mulberry32(sessionSeed)
  return (seed) => (seed === undefined ? stream : mulberry32(seed))
}
