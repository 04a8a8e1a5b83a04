/** `--map SOURCE=TARGET`: names may hold '=' themselves, so the split is at the one that leaves two known names. */
import { ParityError } from '../graph/errors.js'
import type { Model } from '../graph/model.js'

export type MapEntry = string | readonly [source: string, target: string]

type Feature = Model['inputs'][number] | Model['outputs'][number]
type Side = Pick<Model, 'inputs' | 'outputs'>

const namesOf = (features: readonly Feature[]): string[] => features.flatMap(({ name, aliases = [] }) => [name, ...aliases])

/** Pairs of input or output names. @throws ParityError USAGE_MAP that lists the names on both sides, or says why a pair is none. */
export function resolveMap(entries: readonly MapEntry[], source: Model, target: Model): [string, string][] {
  const known = {
    source: [...namesOf(source.inputs), ...namesOf(source.outputs)],
    target: [...namesOf(target.inputs), ...namesOf(target.outputs)],
  }
  const pairs = entries.map((entry) => {
    const splits = typeof entry === 'string' ? splitsOf(entry) : [entry]
    const found = splits.filter(([from, to]) => known.source.includes(from) && known.target.includes(to))
    if (found.length === 0) {
      throw new ParityError('USAGE_MAP', {
        what: `--map '${spellEntry(entry)}' does not name an input or output of the source and one of the target`,
        remedy: `The source has ${known.source.map((name) => `'${name}'`).join(', ')}; the target ${known.target.map((name) => `'${name}'`).join(', ')}`,
      })
    }
    const usable = found.find((pair) => problemOf(pair, source, target) === undefined)
    if (usable) return [...usable] as [string, string]
    throw new ParityError('USAGE_MAP', { what: `--map '${spellEntry(entry)}' ${problemOf(found[0]!, source, target)}`, remedy: REMEDY })
  })
  refuseTwice(pairs, source, target)
  return pairs
}

const REMEDY =
  "Pair inputs with inputs and outputs with outputs; labels are compared with --labels FILE, and a classifier's numbers are another output"

const spellEntry = (entry: MapEntry): string => (typeof entry === 'string' ? entry : entry.join('='))

const has = (features: readonly Feature[], name: string): boolean => namesOf(features).includes(name)

/** Why two known names are no pair; undefined where they are one. */
function problemOf([from, to]: readonly [string, string], source: Side, target: Side): string | undefined {
  const areInputs = has(source.inputs, from) && has(target.inputs, to)
  const areOutputs = has(source.outputs, from) && has(target.outputs, to)
  if (!areInputs && !areOutputs) return 'pairs an input with an output'
  const isLabel = (features: Side['outputs'], name: string) => features.some((one) => one.kind === 'label' && namesOf([one]).includes(name))
  return !areInputs && (isLabel(source.outputs, from) || isLabel(target.outputs, to))
    ? 'pairs a label, which no number is compared with'
    : undefined
}

/** An input has one partner; several outputs of the source may be one of the target's. */
function refuseTwice(pairs: readonly (readonly [string, string])[], source: Side, target: Side): void {
  const ofInputs = pairs.filter(([from, to]) => has(source.inputs, from) && has(target.inputs, to))
  const twice = ofInputs.find(([from, to], i) => ofInputs.some((other, j) => j < i && (other[0] === from) !== (other[1] === to)))
  if (twice === undefined) return
  throw new ParityError('USAGE_MAP', {
    what: `--map '${twice.join('=')}' gives an input a second partner`,
    remedy: 'Give each input one partner',
  })
}

function splitsOf(entry: string): [string, string][] {
  const splits: [string, string][] = []
  for (let at = entry.indexOf('='); at >= 0; at = entry.indexOf('=', at + 1)) splits.push([entry.slice(0, at), entry.slice(at + 1)])
  return splits
}
