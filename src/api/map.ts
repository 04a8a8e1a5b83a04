/** `--map SOURCE=TARGET`: names may hold '=' themselves, so the split is at the one that leaves two known names. */
import { ParityError } from '../graph/errors.js'
import type { Model } from '../graph/model.js'

export type MapEntry = string | readonly [source: string, target: string]

const namesOf = (features: readonly { name: string; aliases?: string[] }[]): string[] =>
  features.flatMap(({ name, aliases = [] }) => [name, ...aliases])

/** Pairs of input or output names. @throws ParityError USAGE_MAP that lists the names on both sides. */
export function resolveMap(entries: readonly MapEntry[], source: Model, target: Model): [string, string][] {
  const known = {
    source: [...namesOf(source.inputs), ...namesOf(source.outputs)],
    target: [...namesOf(target.inputs), ...namesOf(target.outputs)],
  }
  return entries.map((entry) => {
    const splits = typeof entry === 'string' ? splitsOf(entry) : [entry]
    const found = splits.find(([from, to]) => known.source.includes(from) && known.target.includes(to))
    if (found) return [...found] as [string, string]
    throw new ParityError('USAGE_MAP', {
      what: `--map '${typeof entry === 'string' ? entry : entry.join('=')}' does not name an input or output of the source and one of the target`,
      remedy: `The source has ${known.source.map((name) => `'${name}'`).join(', ')}; the target ${known.target.map((name) => `'${name}'`).join(', ')}`,
    })
  })
}

function splitsOf(entry: string): [string, string][] {
  const splits: [string, string][] = []
  for (let at = entry.indexOf('='); at >= 0; at = entry.indexOf('=', at + 1)) splits.push([entry.slice(0, at), entry.slice(at + 1)])
  return splits
}
