/** From a first draw to a measure: where it leaves doubt, as many more draws as it takes to know. */
import type { NumberArray } from '../../kernels/tensor.js'
import { backgroundOf, Draws } from './draws.js'
import {
  ALL,
  doubtsAfter,
  ELEMENT_LIMIT,
  ENERGY_LIMIT,
  energyRatio,
  type Further,
  type Judged,
  measureDoubts,
  measureRounding,
  type RoundingMeasure,
} from './rounding.js'

/** Draws after which elements in doubt are looked at again; the last ones decide. */
const STAGES = [2, 6, 24]
/** A decision that falls either way once in thirty draws may have fallen so in the run; more draws are needed to see it. */
const DECISION_STAGES = [4, 10, 24, 64, 160]
/** Draws by which the energy of a channel is known well enough. */
const ENERGY_DRAWS = 6
/** Times its local rounding beyond which an element is off whatever further draws say. */
const CERTAIN = 400

/** Elements that stood still in every draw, and are as far off, beyond which no further draws are needed where none are expected. */
const MANY_STILL = 8

/**
 * Elements that a run is expected to move though no draw did. The run is one more draw where nothing is wrong: it moves as many elements
 * alone as each of the draws (Good and Turing's estimate of what was not seen).
 */
function seldomMoved({ moves, count }: Draws): number {
  let once = 0
  for (const times of moves) if (times === 1) once++
  return once / Math.max(1, count)
}

/**
 * `first` holds one draw. `draw(k)` makes draw k, from 1 on, of at most `most`: the same elements under other noise.
 */
export async function settle(
  judged: Judged,
  first: Draws,
  draw: (k: number) => Promise<NumberArray>,
  most = Number.POSITIVE_INFINITY,
): Promise<RoundingMeasure> {
  const background = backgroundOf(judged, first)
  if (most === 0) return measureRounding(judged, first, background)
  if (judged.by === 'energy' && !judged.whole) {
    const pooled = measureRounding(judged, first, background)
    if (energyRatio(pooled) <= ENERGY_LIMIT / 2 && pooled.broken === 0) return pooled
    const draws = new Draws(first.base)
    for (let k = 1; k <= Math.min(ENERGY_DRAWS, most); k++) draws.add(await draw(k))
    return measureRounding(judged, first, background, { draws, doubts: undefined })
  }
  const doubts = doubtsAfter(judged, first, background)
  if (doubts.length === 0) return measureRounding(judged, first, background)
  const further: Further = {
    draws: new Draws(first.base, judged.whole ? doubts : []),
    doubts: doubts.includes(ALL) ? undefined : new Set(doubts),
  }
  for (const stage of judged.whole ? DECISION_STAGES : STAGES) {
    for (let made = further.draws.count + further.draws.misfits; made < Math.min(stage, most); made++)
      further.draws.add(await draw(made + 1))
    const { largest, sure, still } = measureDoubts(judged, further, CERTAIN)
    if (largest <= ELEMENT_LIMIT / 2 || sure > CERTAIN || still > MANY_STILL + 2 * seldomMoved(further.draws)) break
  }
  return measureRounding(judged, first, background, further)
}
