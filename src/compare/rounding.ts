/**
 * The rounding model: does a difference look like rounding? It is answered element by element.
 *
 * The *local rounding* of an element is the root mean square of how far it strays in draws of rounding noise (Noise in runners/session.ts)
 * and of what rounding its own number costs. A first draw is pooled over the elements of a like magnitude, which tells too much or too
 * little where elements of one magnitude are made in different ways; where it leaves doubt, further draws follow, and each element is
 * then judged by its own draws alone. docs/precision.md has the statistics and how they were calibrated.
 */
import type { NumberArray } from '../../kernels/tensor.js'
import { type Background, behindBounds, type Channels, channelOf, type Draws, FEW, isHeld, meanSquare } from './draws.js'
import { add, type ExactSum, plus, totalOf, ZERO } from './exact.js'

/** Times its local rounding that one element may be off. */
export const ELEMENT_LIMIT = 16
/** Times its local rounding from which on an element counts as far off; few are. */
export const FAR = 4
/** Share of elements that may be far off. */
export const FAR_SHARE = 0.2
/** Times the energy of the local rounding that the differences of a channel may have, as a root mean square. */
export const ENERGY_LIMIT = 8

/** A first draw leaves doubt beyond this many times the pooled rounding, */
const DOUBT = 8
/** or beyond this many times an element's own single draw, in more than the share that chance gives. */
const DOUBT_OWN = 40
const DOUBT_SHARE = 0.03
/** Differences below the least normal float32 number are no differences. */
const NOTHING = 2 ** -126

/** One sample's differences in units of the local rounding; or several samples' that were folded. */
export interface RoundingMeasure {
  /** Elements that were judged. */
  count: number
  /** Elements further off than rounding can move one, and those that are off where a draw never moved them. */
  beyond: number
  /** Elements that are finite on one side alone, and in every draw. */
  broken: number
  /** Of these, those whose source is beyond the largest float16 number. */
  overflowed: number
  /** Elements that are far off. */
  far: number
  /** Largest difference in units of its local rounding, the difference itself and what rounding explains there. */
  largest: number
  error: number
  floor: number
  /** Sums of squared differences in units of local rounding; those beyond the limit count as the limit. */
  squares: ExactSum
  /** Energy of the differences and of the rounding by channel. */
  channels: readonly Energy[]
}

export interface Energy {
  count: number
  error: ExactSum
  rounding: ExactSum
}

export const NO_ROUNDING: RoundingMeasure = {
  count: 0,
  beyond: 0,
  broken: 0,
  overflowed: 0,
  far: 0,
  largest: 0,
  error: 0,
  floor: 0,
  squares: ZERO,
  channels: [],
}

export function foldRounding(a: RoundingMeasure, b: RoundingMeasure): RoundingMeasure {
  const worse = b.largest > a.largest || (b.largest === a.largest && b.error > a.error) ? b : a
  const length = Math.max(a.channels.length, b.channels.length)
  return {
    count: a.count + b.count,
    beyond: a.beyond + b.beyond,
    broken: a.broken + b.broken,
    overflowed: a.overflowed + b.overflowed,
    far: a.far + b.far,
    largest: worse.largest,
    error: worse.error,
    floor: worse.floor,
    squares: add(a.squares, b.squares),
    channels: Array.from({ length }, (_, i) => foldEnergy(a.channels[i], b.channels[i])),
  }
}

function foldEnergy(a: Energy | undefined, b: Energy | undefined): Energy {
  if (a === undefined || b === undefined) return (a ?? b)!
  return { count: a.count + b.count, error: add(a.error, b.error), rounding: add(a.rounding, b.rounding) }
}

/** Of an element of the source: a part of its magnitude, and an absolute amount. */
export interface OwnRounding {
  relative: number
  step: number
}

const ownOf = ({ relative, step }: OwnRounding, x: number): number => relative * Math.abs(x) + step

/** What one value is judged by; all arrays in one order. */
export interface Judged extends Channels {
  source: NumberArray
  target: NumberArray
  /** What rounding its own number costs each element, on either side. */
  own: OwnRounding
  /** Whole numbers: equal, unless a draw gives the source's. */
  whole: boolean
  /**
   * What doubt is about: each element, or the energy of a channel. The latter for float16, where a small element beside large ones may lose
   * its digits to an intermediate value of the segment, and no one needs it to keep them.
   */
  by: 'element' | 'energy'
}

const isApart = (x: number, y: number): boolean => !(x === y || (x !== x && y !== y))

/** Stands for all elements together, none of which is in doubt by itself. */
export const ALL = -1

/** Elements that a first draw leaves in doubt; empty where all look like rounding. */
export function doubtsAfter(judged: Judged, draws: Draws, { pool, behind }: Background): number[] {
  const { source, target, own, whole } = judged
  const doubts: number[] = []
  if (whole) {
    for (let i = 0; i < source.length; i++) if (isApart(source[i]!, target[i]!)) doubts.push(i)
    return doubts
  }
  const { bands, counts, rms } = pool
  let farFromOwn = 0
  for (let i = 0; i < source.length; i++) {
    const [x, y] = [source[i]!, target[i]!]
    const error = Math.abs(x - y)
    if (error <= NOTHING || (error !== error && !isApart(x, y))) continue
    if (!(error < Infinity)) {
      if (isApart(x, y)) doubts.push(i)
      continue
    }
    const known = ownOf(own, x)
    if (error <= known || (isHeld(draws, i) && error <= DOUBT * behind[channelOf(judged, i)]!)) continue
    const isStep = isHeld(draws, i) && behind[channelOf(judged, i)] === 0
    if (isStep && error > DOUBT * known) {
      doubts.push(i)
      continue
    }
    const band = bands[i]!
    const limit = counts[band]! < FEW ? DOUBT / 2 : DOUBT
    if (error > limit * (rms[band]! + known)) doubts.push(i)
    else if (error > DOUBT_OWN * (Math.sqrt(draws.squares[i]!) + known)) farFromOwn++
  }
  if (doubts.length === 0 && farFromOwn > 1 + DOUBT_SHARE * source.length) doubts.push(ALL)
  return doubts
}

/** Root of the energy of the differences in units of the rounding's: of the worst channel, and of all together. */
export function energyRatio({ channels }: RoundingMeasure): number {
  let worst = 0
  let [error, rounding] = [0, 0]
  for (const channel of channels) {
    const [e, r] = [totalOf(channel.error), totalOf(channel.rounding)]
    error += e
    rounding += r
    if (channel.count >= LEAST_ENERGY) worst = Math.max(worst, rootOf(e, r))
  }
  return Math.max(worst, rootOf(error, rounding))
}

const rootOf = (error: number, rounding: number): number => (error === 0 ? 0 : Math.sqrt(error / rounding))

/** A channel of fewer elements over all samples says too little by itself. */
const LEAST_ENERGY = 12

/** Largest float16 number that does not round to infinity. */
const HALF_LIMIT = 65520

/** Draws by which some elements are judged by themselves; all of them where `doubts` is undefined. */
export interface Further {
  draws: Draws
  doubts: ReadonlySet<number> | undefined
}

/** The square of the local rounding: from the mean square of an element's draws, the rounding behind a bound, that of its magnitude, and of its own number. */
const localSquare = (square: number, held: number, pooled: number, own: number): number =>
  Math.max(square, held * held, pooled * pooled) + own * own

/** What draws say of the elements in doubt. */
export interface DoubtsMeasure {
  /** The largest units among them. */
  largest: number
  /** The same by the rounding of their channel, too, of those that most draws moved. */
  sure: number
  /** Elements that no draw moved, off by more than `certain` times the rounding of their channel. */
  still: number
}

export function measureDoubts(judged: Judged, { draws, doubts }: Further, certain: number): DoubtsMeasure {
  const { source, target, own, whole } = judged
  const behind = behindBounds(draws, judged)
  let [largest, sure, still] = [0, 0, 0]
  for (const i of doubts ?? source.keys()) {
    const [x, y] = [source[i]!, target[i]!]
    if (!Number.isFinite(x) || !Number.isFinite(y)) {
      if (isApart(x, y) && !draws.unsteady[i]) largest = Infinity
      continue
    }
    if (whole) {
      if (isApart(x, y) && !draws.reaches(i, x)) largest = Infinity
      continue
    }
    const error = Math.abs(x - y)
    if (error <= NOTHING || draws.unsteady[i]) continue
    const stands = isHeld(draws, i)
    const ofChannel = behind[channelOf(judged, i)]!
    const local = Math.sqrt(localSquare(meanSquare(draws, i), stands ? ofChannel : 0, 0, ownOf(own, x)))
    const units = local === 0 ? Infinity : error / local
    if (units > largest) largest = units
    // next to a bound a few draws may all have fallen behind it, and seem to have moved the element by next to nothing
    if (!stands) sure = Math.max(sure, error / Math.max(local, ofChannel))
    if (draws.moves[i] === 0 && ofChannel > 0 && units > certain) still++
  }
  return { largest, sure, still }
}

/** `first` is one draw, pooled over the elements of a like magnitude; `further` judges those in doubt by themselves. */
export function measureRounding(judged: Judged, first: Draws, { pool, behind }: Background, further?: Further): RoundingMeasure {
  const { source, target, whole, inner, channels } = judged
  const { relative, step } = judged.own
  const { bands, rms } = pool
  const behindFurther = further && behindBounds(further.draws, judged)
  const counts = new Float64Array(channels)
  const errors = new Float64Array(channels)
  const roundings = new Float64Array(channels)
  let [count, beyond, broken, overflowed, far, squares] = [0, 0, 0, 0, 0, 0]
  // of the element that is furthest off, squared
  let [furthest, error, floor] = [0, 0, 0]
  for (let i = 0, channel = 0, left = inner; i < source.length; i++, left--) {
    if (left === 0) {
      left = inner
      if (++channel === channels) channel = 0
    }
    const x = source[i]!
    const y = target[i]!
    const byItself = further !== undefined && (further.doubts === undefined || further.doubts.has(i))
    const draws = byItself ? further.draws : first
    const difference = x - y
    let squared = difference * difference
    let [units, local] = [0, 0]
    if (!(Math.abs(difference) < Infinity)) {
      if (!isApart(x, y) || draws.unsteady[i]) continue
      count++
      broken++
      if (Math.abs(x) >= HALF_LIMIT && x === x) overflowed++
      units = squared = Infinity
    } else if (whole) {
      count++
      if (difference === 0 || draws.reaches(i, x)) continue
      beyond++
      far++
      units = Infinity
    } else {
      const square = meanSquare(draws, i)
      const known = relative * Math.abs(x) + step
      count++
      counts[channel]!++
      errors[channel]! += squared
      roundings[channel]! += square + known * known
      if (Math.abs(difference) <= NOTHING || draws.unsteady[i]) continue
      const held = isHeld(draws, i) ? (byItself ? behindFurther! : behind)[channel]! : 0
      local = localSquare(square, held, byItself ? 0 : rms[bands[i]!]!, known)
      units = local === 0 ? Infinity : squared / local
      if (units > ELEMENT_LIMIT ** 2) beyond++
      if (units > FAR ** 2) far++
      squares += Math.min(units, ELEMENT_LIMIT ** 2)
    }
    if (units > furthest) {
      furthest = units
      error = squared
      floor = local
    }
  }
  const energyOf = (channel: number): Energy => ({
    count: counts[channel]!,
    error: plus(ZERO, errors[channel]!),
    rounding: plus(ZERO, roundings[channel]!),
  })
  return {
    count,
    beyond,
    broken,
    overflowed,
    far,
    largest: Math.sqrt(furthest),
    error: Math.sqrt(error),
    floor: ELEMENT_LIMIT * Math.sqrt(floor),
    squares: plus(ZERO, squares),
    channels: Array.from({ length: channels }, (_, channel) => energyOf(channel)),
  }
}
