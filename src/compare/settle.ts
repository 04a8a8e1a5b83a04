/** From a first draw to a measure: where it leaves doubt, as many more draws as it takes to know. */
import type { NumberArray } from '../../kernels/tensor.js'
import {
  Draws,
  doubtsAfter,
  ELEMENT_LIMIT,
  ENERGY_LIMIT,
  energyRatio,
  type Judged,
  measureRounding,
  type RoundingMeasure,
} from './rounding.js'

/** Draws after which elements in doubt are looked at again; the last ones decide. */
const STAGES = [4, 10, 24]
/** A decision that falls either way once in thirty draws may have fallen so in the run; more draws are needed to see it. */
const DECISION_STAGES = [4, 10, 24, 64, 160]
/** Draws by which the energy of a channel is known well enough. */
const ENERGY_DRAWS = 6
/** Times its local rounding beyond which an element is off whatever further draws say. */
const CERTAIN = 400

/**
 * `first` holds one draw. `draw(k)` makes draw k, from 1 on, of at most `most`: the same elements under other noise.
 */
export async function settle(
  judged: Judged,
  first: Draws,
  draw: (k: number) => Promise<NumberArray>,
  most = Number.POSITIVE_INFINITY,
): Promise<RoundingMeasure> {
  if (most === 0) return measureRounding(judged, first, true)
  if (judged.by === 'energy' && !judged.whole) {
    const pooled = measureRounding(judged, first, true)
    if (energyRatio(pooled) <= ENERGY_LIMIT / 2 && pooled.broken === 0) return pooled
    const draws = new Draws(first.base)
    for (let k = 1; k <= Math.min(ENERGY_DRAWS, most); k++) draws.add(await draw(k))
    return measureRounding(judged, draws, false)
  }
  const doubts = doubtsAfter(judged, first)
  if (doubts.length === 0) return measureRounding(judged, first, true)
  const draws = new Draws(first.base, judged.whole ? doubts : [])
  let measure: RoundingMeasure | undefined
  for (const stage of judged.whole ? DECISION_STAGES : STAGES) {
    for (let made = draws.count + draws.misfits; made < Math.min(stage, most); made++) draws.add(await draw(made + 1))
    measure = measureRounding(judged, draws, false)
    const clear = measure.beyond === 0 && measure.broken === 0 && measure.largest <= ELEMENT_LIMIT / 2
    const certain = measure.sure > CERTAIN
    if (clear || certain) break
  }
  return measure!
}
