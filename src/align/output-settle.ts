/** Outputs whose names say nothing, and outputs whose numbers stand in each other's place. */
import type { OutputFeature } from '../graph/model.js'
import { type Agreement, isEqual, isNearer } from './output-agreement.js'
import type { Evidence, Open, Side } from './output-evidence.js'
import { valueNameOf } from './output-pair.js'

/** Outputs of both sides by a key; the groups that have some on both. */
export function groupsOf(open: Open, keyOf: (feature: OutputFeature, side: Side) => string): Open[] {
  const groups = new Map<string, Open>()
  for (const side of ['source', 'target'] as const) {
    for (const feature of open[side]) {
      const key = keyOf(feature, side)
      const group = groups.get(key) ?? { source: [], target: [] }
      groups.set(key, group)
      group[side].push(feature)
    }
  }
  return [...groups.values()].filter(({ source, target }) => source.length > 0 && target.length > 0)
}

export interface Settled {
  source: OutputFeature
  target: OutputFeature
  by: 'order' | 'value'
}

/** A source's and a target's output that numbers or alignment have speak for each other, by their places. */
interface Claim {
  from: number
  to: number
  agreement: Agreement
}

/**
 * Pairs outputs of like shape. Where there are as many on both sides, those that agree in their place keep it; then numbers that agree
 * elsewhere are followed, then the order of what is left. Where one side has more, alignment's partners count as well.
 */
export function settle({ source, target }: Open, evidence: Evidence): Settled[] {
  const level = source.length === target.length
  const settled: Settled[] = []
  const open = { source: new Set(source.keys()), target: new Set(target.keys()) }
  const take = (from: number, to: number, by: Settled['by']): void => {
    open.source.delete(from)
    open.target.delete(to)
    settled.push({ source: source[from]!, target: target[to]!, by })
  }
  const straight = source.map((from, place) => (level ? evidence.agreement(from, target[place]!) : undefined))
  for (const [place, agreement] of straight.entries()) if (agreement && isEqual(agreement)) take(place, place, 'order')

  const claimOf = (from: number, to: number): Claim[] => {
    const agreement = evidence.agreement(source[from]!, target[to]!)
    if (agreement === undefined) return []
    const rivals = [straight[from], straight[to]].map((rival) => rival?.error ?? 0)
    const said = isEqual(agreement) || (level && from !== to && isNearer(agreement.error, ...rivals)) || (!level && isPartner(from, to))
    return said ? [{ from, to, agreement }] : []
  }
  const isPartner = (from: number, to: number): boolean => evidence.partner(source[from]!)?.target === valueNameOf(target[to]!)
  const claims = [...open.source].flatMap((from) => [...open.target].flatMap((to) => claimOf(from, to)))
  const rank = ({ agreement }: Claim): number => (isEqual(agreement) ? 0 : 1) + (agreement.informative ? 0 : 2)
  claims.sort((a, b) => rank(a) - rank(b) || a.agreement.error - b.agreement.error)
  for (const { from, to } of claims) if (open.source.has(from) && open.target.has(to)) take(from, to, 'value')

  const rest = [...open.target]
  for (const [place, from] of [...open.source].entries()) if (rest[place] !== undefined) take(from, rest[place], 'order')
  return settled
}

export interface Placed {
  source: OutputFeature
  target: OutputFeature
}

export interface Exchange {
  /** Names of the source's output whose numbers the pair's target shows, and of the target's output that shows the pair's source. */
  with: { source: string; target: string }
  samples: number[]
}

/**
 * Pairs whose numbers differ and stand in each other's target, in rings of two or more: each at least ten times nearer there than in both
 * targets' own pairs. Where outputs hold equal numbers on all samples nothing differs, and nothing is exchanged.
 */
export function findExchanged<P extends Placed>(pairs: readonly P[], { agreement }: Evidence): Map<P, Exchange> {
  const apart = pairs.flatMap((pair) => {
    const own = agreement(pair.source, pair.target)
    return own && !isEqual(own) ? [{ pair, own }] : []
  })
  const next = apart.map(({ pair, own }, index) => {
    let best: { place: number; error: number } | undefined
    for (const [place, other] of apart.entries()) {
      const error = place === index ? Infinity : (agreement(pair.source, other.pair.target)?.error ?? Infinity)
      if (isNearer(error, own.error, other.own.error) && error < (best?.error ?? Infinity)) best = { place, error }
    }
    return best?.place
  })
  const exchanged = new Map<P, Exchange>()
  for (const [index, { pair, own }] of apart.entries()) {
    let at = next[index]
    let before = index
    for (let steps = 0; at !== undefined && at !== index && steps < apart.length; steps++) {
      before = at
      at = next[at]
    }
    if (at !== index || before === index) continue
    const shownBy = apart[next[index]!]!.pair.target.name
    exchanged.set(pair, { with: { source: apart[before]!.pair.source.name, target: shownBy }, samples: own.apart })
  }
  return exchanged
}
