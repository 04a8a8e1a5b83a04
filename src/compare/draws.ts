/** Draws of rounding noise: how far each element strays, by itself and with others like it. */
import type { NumberArray } from '../../kernels/tensor.js'

/** Fewer elements of a magnitude than these say little about each other. */
export const FEW = 24

/** Where elements stand: element i is of channel floor(i / inner) mod channels. */
export interface Channels {
  inner: number
  channels: number
}

/** How far each element strays from `base` in the draws so far. */
export class Draws {
  readonly squares: Float64Array
  /** In how many draws each element moved at all. */
  readonly moves: Uint8Array
  /** Elements that some draw made non-finite, or finite where the base is not. */
  readonly unsteady: Uint8Array
  /** Of whole numbers: the draws themselves, of the elements in doubt. */
  private readonly seen = new Map<number, Set<number>>()
  count = 0
  /** Draws that had another number of elements. */
  misfits = 0
  readonly lengths = new Set<number>()

  constructor(
    readonly base: NumberArray,
    doubtful: Iterable<number> = [],
  ) {
    this.squares = new Float64Array(base.length)
    this.moves = new Uint8Array(base.length)
    this.unsteady = new Uint8Array(base.length)
    for (const i of doubtful) this.seen.set(i, new Set([base[i]!]))
  }

  add(draw: NumberArray): void {
    const { base, squares, moves, unsteady } = this
    if (draw.length !== base.length) {
      this.misfits++
      this.lengths.add(draw.length)
      return
    }
    this.count++
    for (let i = 0; i < base.length; i++) {
      const difference = draw[i]! - base[i]!
      if (difference === 0) continue
      const square = difference * difference
      moves[i]!++
      if (square < Infinity) squares[i]! += square
      else if (!Object.is(draw[i], base[i])) unsteady[i] = 1
    }
    for (const [i, values] of this.seen) values.add(draw[i]!)
  }

  /** Whether rounding may turn a whole number into `x`: a draw did, or so many numbers came that any between them may. */
  reaches(i: number, x: number): boolean {
    const values = this.seen.get(i)
    if (values === undefined) return false
    if (values.has(x)) return true
    return values.size >= MANY_VALUES && x >= Math.min(...values) && x <= Math.max(...values)
  }
}

const MANY_VALUES = 6

/** Bands of magnitudes, each a factor of four wide; zero and subnormal numbers share the first. */
const BANDS = 128

/** The band of each element, of its number in float32. */
function bandsOf(data: NumberArray): Uint8Array {
  const words = new Uint32Array(Float32Array.from(data).buffer)
  const bands = new Uint8Array(data.length)
  for (let i = 0; i < bands.length; i++) bands[i] = (words[i]! >>> 24) & 127
  return bands
}

/** Of one draw: how many elements each band of magnitudes has, and the root mean square of how far they strayed. */
interface Pool {
  bands: Uint8Array
  counts: Float64Array
  rms: Float64Array
}

function poolOf({ base, squares }: Draws): Pool {
  const bands = bandsOf(base)
  const [counts, rms] = [new Float64Array(BANDS), new Float64Array(BANDS)]
  for (let i = 0; i < bands.length; i++) {
    counts[bands[i]!]!++
    rms[bands[i]!]! += squares[i]!
  }
  for (let band = 0; band < BANDS; band++) rms[band] = Math.sqrt(rms[band]! / Math.max(1, counts[band]!))
  return { bands, counts, rms }
}

/**
 * Local rounding of elements that a bound holds still (a rectifier at zero, a clip): that of the elements of their channel which move, since
 * what lies behind the bound moves like them. Zero where few move: then the elements are held by something else, whole steps say.
 */
export function behindBounds({ moves, squares, count }: Draws, { inner, channels }: Channels): Float64Array {
  const moving = new Float64Array(channels)
  const all = new Float64Array(channels)
  const energy = new Float64Array(channels)
  for (let i = 0, channel = 0, left = inner; i < moves.length; i++, left--) {
    if (left === 0) {
      left = inner
      if (++channel === channels) channel = 0
    }
    all[channel]!++
    if (moves[i] === 0) continue
    moving[channel]!++
    energy[channel]! += squares[i]! / Math.max(1, count)
  }
  const sum = (values: Float64Array) => values.reduce((a, b) => a + b, 0)
  const rms = (energy: number, moving: number, all: number): number =>
    moving >= FEW && moving >= MOVING_SHARE * all ? Math.sqrt(energy / moving) : 0
  const together = rms(sum(energy), sum(moving), sum(all))
  return energy.map((one, channel) => rms(one, moving[channel]!, all[channel]!) || together)
}

/** What a first draw says of elements that are like each other. */
export interface Background {
  pool: Pool
  behind: Float64Array
}

export const backgroundOf = (judged: Channels, first: Draws): Background => ({
  pool: poolOf(first),
  behind: behindBounds(first, judged),
})

export const channelOf = ({ inner, channels }: Channels, i: number): number => Math.floor(i / inner) % channels

/** Share of elements that move where the others are held by a bound. */
const MOVING_SHARE = 0.05

/** Of how far an element strays; 0 before any draw. */
export const meanSquare = ({ squares, count }: Draws, i: number): number => squares[i]! / Math.max(1, count)

/** Whether an element stands still in half of the draws or more. */
export const isHeld = ({ moves, count }: Draws, i: number): boolean => 2 * moves[i]! <= count
