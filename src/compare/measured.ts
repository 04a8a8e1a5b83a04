/** What a comparison measured of one pair of values: nothing here decides. */
import type { NumberArray, Tensor } from '../../kernels/tensor.js'
import type { Draws } from './draws.js'
import { type Differences, foldDifferences, NO_DIFFERENCES } from './metrics.js'
import { ENERGY_LIMIT, energyRatio, foldRounding, type Judged, NO_ROUNDING, type RoundingMeasure } from './rounding.js'
import { settle } from './settle.js'

/** Of one sample, or folded over several. */
export interface Measure {
  differences: Differences
  rounding: RoundingMeasure
  /** Samples in which the two have another number of elements, and rounding does not explain that. */
  misfits: number
  /** Samples on which something is off: more than rounding explains of the single element. */
  samples: readonly number[]
}

export const NO_MEASURE: Measure = { differences: NO_DIFFERENCES, rounding: NO_ROUNDING, misfits: 0, samples: [] }

export function foldMeasures(a: Measure, b: Measure): Measure {
  return {
    differences: foldDifferences(a.differences, b.differences),
    rounding: foldRounding(a.rounding, b.rounding),
    misfits: a.misfits + b.misfits,
    samples: [...a.samples, ...b.samples].sort((x, y) => x - y),
  }
}

/** Whether a value counts things: equal or not, but never nearly. */
export const isWhole = ({ dtype }: Tensor): boolean => /^(u?int|bool)/.test(dtype)

/** Whether a value is off by more than rounding explains, on some sample. */
export const isOff = ({ samples }: Measure): boolean => samples.length > 0

/** The same of one sample's rounding, as it is judged: by elements, or by the energy of channels. */
function isRoundingOff(rounding: RoundingMeasure, { by, whole }: Judged): boolean {
  if (rounding.broken > 0) return true
  return by === 'energy' && !whole ? energyRatio(rounding) > ENERGY_LIMIT : rounding.beyond > 0
}

/** One sample's measure. `draw`: further draws of rounding noise, as `settle` takes them. */
export async function measureOf(
  sample: number,
  differences: Differences,
  judged: Judged,
  first: Draws,
  draw: (k: number) => Promise<NumberArray>,
  most?: number,
): Promise<Measure> {
  const { source, target } = judged
  if (source.length !== target.length) {
    const misfits = first.lengths.has(source.length) ? 0 : 1
    return { differences, rounding: NO_ROUNDING, misfits, samples: misfits ? [sample] : [] }
  }
  const rounding = await settle(judged, first, draw, most)
  return { differences, rounding, misfits: 0, samples: isRoundingOff(rounding, judged) ? [sample] : [] }
}
