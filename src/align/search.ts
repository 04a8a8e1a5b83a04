/**
 * Past a place where the two part. The candidates that order, names, weights and numbers leave are put in the source value's place in turn,
 * and what depends on them runs again for as long as it tells them apart.
 */
import type { Work } from '../record/record.js'
import type { Anchors } from './anchors.js'
import { likeliestLayout } from './layout.js'
import { type Candidate, candidatesFor, firstParting, hiddenValues, LIKE, reorderedOutputs, skippedBy } from './partings.js'
import { type Choice, completed, runWith, type State, type TargetRun } from './target-run.js'

/** What the search cost and could not settle. */
export type SearchCost = Work['search']

export const NO_COST: SearchCost = { places: 0, trials: 0, abandoned: [] }

/** Candidates that are tried at one place, and at all. */
const MOST_CANDIDATES = 6
const MOST_TRIALS = 400
/** Equals after a candidate that are enough to choose it, and values without one that are enough to leave it. */
const TRIAL = { found: 3, fruitless: 8 }
/** Values without an equal after which the rest is left for later. */
const ADVANCE = { fruitless: 40 }
/** Residual up to which a value that is not equal counts as the same with a small error: tied to its place, it needs no trial. */
const NEARLY = 0.1
/** Correlation from which on a candidate is taken though nothing agrees after it. */
const ALIKE = 0.9

export async function searchPartings(
  state: State,
  first: TargetRun,
  anchorsOf: () => Anchors,
): Promise<{ run: TargetRun; cost: SearchCost }> {
  const cost: SearchCost = { places: 0, trials: 0, abandoned: [] }
  const given = new Set<string>()
  let run = first
  for (;;) {
    const place = firstParting(state, run, given)
    if (place === undefined) {
      if (run.complete) break
      run = await completed(state, run)
      continue
    }
    const anchors = anchorsOf()
    const chosen = cost.trials < MOST_TRIALS ? await choose(state, run, anchors, place, cost) : undefined
    if (chosen) {
      cost.places++
      run = (await runWith(state, run, chosen, ADVANCE)).run
    } else if (!run.complete) run = await completed(state, run)
    else {
      cost.places++
      cost.abandoned.push(place)
      given.add(place)
    }
  }
  return { run: await tieOutputs(state, await lookBehind(state, run, anchorsOf, cost), anchorsOf), cost }
}

/**
 * The candidate after which most agrees again. Where nothing does, since what follows differs as well, one that is tied to the place by more
 * than its kind, or the only one of its kind.
 */
async function choose(
  state: State,
  run: TargetRun,
  anchors: Anchors,
  place: string,
  cost: SearchCost,
): Promise<readonly Choice[] | undefined> {
  for (const reordered of reorderedOutputs(state, run, place)) {
    cost.trials++
    const tried = (await runWith(state, run, reordered, {})).run
    if (tried.pairs.size > run.pairs.size) return reordered
  }
  const candidates = candidatesFor(state, run, anchors, place)
  const [likeliest] = candidates
  if (likeliest && isSure(likeliest)) return [likeliest.choice]
  let best: { choice: Choice; gain: number } | undefined
  const choices = [...candidates.slice(0, MOST_CANDIDATES).map(({ choice }) => choice), ...skippedBy(state, run, place)]
  for (const choice of choices) {
    cost.trials++
    const gain = (await runWith(state, run, [choice], TRIAL)).found.length
    if (gain > (best?.gain ?? 0)) best = { choice, gain }
    if (gain >= TRIAL.found) break
  }
  const chosen = best?.choice ?? tied(candidates)?.choice
  return chosen && [chosen]
}

/** Whether a candidate needs no trial. */
const isSure = ({ anchored, anchoredTwice, residual, correlation }: Candidate): boolean =>
  (anchored && residual <= NEARLY) || (anchoredTwice && correlation > LIKE)

function tied(candidates: readonly Candidate[]): Candidate | undefined {
  const alike = candidates.filter(({ sameFamily }) => sameFamily)
  return (
    candidates.find(({ anchored, correlation }) => anchored || correlation >= ALIKE) ??
    (new Set(alike.map(({ choice }) => choice.target)).size === 1 ? alike[0] : undefined)
  )
}

/** Candidates that are tried in a second look. */
const MOST_BEHIND = 3

/**
 * A second look at source values without a partner before ones that agree: a small error may have been healed on the way, or be too small for
 * what agrees loosely. With the source's numbers in a candidate's place all that agreed must still agree; and the two must be nearly equal,
 * or more must agree than did.
 */
async function lookBehind(state: State, first: TargetRun, anchorsOf: () => Anchors, cost: SearchCost): Promise<TargetRun> {
  let run = first
  for (const place of hiddenValues(state, run)) {
    if (run.pairs.has(place) || cost.trials >= MOST_TRIALS) continue
    const candidates = candidatesFor(state, run, anchorsOf(), place, true).filter(
      ({ anchored, residual }) => anchored || residual <= NEARLY,
    )
    for (const { choice, residual } of candidates.slice(0, MOST_BEHIND)) {
      cost.trials++
      const tried = (await runWith(state, run, [choice], {})).run
      const lost = [...run.pairs.values()].some(({ source, equal }) => equal && !tried.pairs.get(source)?.equal)
      if (lost || (residual > NEARLY && tried.pairs.size <= run.pairs.size + 1)) continue
      cost.places++
      run = tried
      break
    }
  }
  return run
}

/** Outputs whose few numbers prove nothing, an index of the best class say: where nothing equals them, their names tie them together. */
async function tieOutputs(state: State, run: TargetRun, anchorsOf: () => Anchors): Promise<TargetRun> {
  const { source, target, numbers } = state
  const open = source.graph.outputs.filter(
    (name) => !run.pairs.has(name) && source.dependsOnInput.has(name) && numbers.get(name)?.informative === false,
  )
  if (open.length === 0) return run
  const taken = new Set([...[...run.pairs.values()].map((pair) => pair.target), ...run.copies.keys()])
  const choices = open.flatMap((name): Choice[] => {
    const partner = anchorsOf().names.get(name)
    if (partner === undefined || taken.has(partner) || !target.graph.outputs.includes(partner)) return []
    const layout = likeliestLayout(numbers.get(name)!.shape, run.values.get(partner)?.shape ?? [])
    return layout ? [{ source: name, target: partner, layout, by: 'name' }] : []
  })
  return choices.length > 0 ? (await runWith(state, run, choices, {})).run : run
}
