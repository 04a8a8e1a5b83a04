/** What a further sample adds to an alignment. */
import { type Alignment, inSourcesOrder } from './align.js'

/**
 * The pairs of `first`; of values whose numbers are all alike there, those of `second`, of another sample of the same two graphs, on which
 * they say something.
 */
export function withPairsOf(first: Alignment, second: Alignment): Alignment {
  const heard = new Set(first.silent.filter((name) => !second.silent.includes(name)))
  const better = second.pairs.filter(({ source, equal }) => equal && heard.has(source))
  const sources = new Set(better.map(({ source }) => source))
  const targets = new Set(better.map(({ target }) => target))
  const isKept = ({ source, target }: (typeof better)[number]) =>
    !sources.has(source) && !(first.silent.includes(source) && targets.has(target))
  return {
    ...first,
    pairs: inSourcesOrder([...first.pairs.filter(isKept), ...better], first.source),
    silent: first.silent.filter((name) => !sources.has(name)),
  }
}
