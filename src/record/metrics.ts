/** The figures of a comparison: one row a metric, which the record's type and every measured pair follow. The schema describes them. */

/** What the differences of a pair of values add up to, over the elements of all samples. d = source - target. */
export interface Totals {
  samples: number
  /** Elements compared, those that are finite on both sides, and those that are not and differ. */
  count: number
  finite: number
  nonFinite: number
  /** Sums of |d|, d², source², target² and source · target over finite elements. */
  abs: number
  squares: number
  source: number
  target: number
  product: number
  /** Largest |d|, |source|, and |d| in units in the last place of the target's dtype. */
  mostAbs: number
  mostSource: number
  mostUlp: number
  /** Samples whose largest element stands at the same place; undefined where the largest element means nothing. */
  sameTop: number | undefined
}

const METRICS = {
  /** max |d|. */
  maxAbs: ({ nonFinite, mostAbs }) => (nonFinite > 0 ? Infinity : mostAbs),
  /** mean |d|. */
  meanAbs: ({ finite, abs }) => mean(abs, finite),
  /** max |d| / max |source|. */
  maxRel: ({ nonFinite, mostAbs, mostSource }) => (nonFinite > 0 ? Infinity : ratio(mostAbs, mostSource)),
  /** sqrt(mean d²). */
  rmse: ({ finite, squares }) => Math.sqrt(mean(squares, finite)),
  /** Cosine of the angle between the two as vectors, -1 to 1. */
  cosine({ squares, source, target, product }) {
    const norms = Math.sqrt(source) * Math.sqrt(target)
    return squares === 0 ? 1 : norms > 0 ? Math.min(1, product / norms) : 0
  },
  /** 10 log10(sum source² / sum d²), dB. */
  snr: ({ source, squares }) => decibels(source, squares),
  /** 10 log10(max source² / mean d²), dB. */
  psnr: ({ mostSource, finite, squares }) => decibels(mostSource * mostSource, mean(squares, finite)),
  /** Largest distance in units in the last place of the target's dtype. */
  ulp: ({ mostUlp }) => mostUlp,
  /** Share of the samples whose largest element stands at the same place, 0 to 1. */
  argmax: ({ sameTop, samples }): number | undefined => (sameTop === undefined || samples === 0 ? undefined : sameTop / samples),
  /** Elements that are NaN or infinite on one side and not the same on the other. */
  nonFinite: ({ nonFinite }) => nonFinite,
  /** Elements compared. */
  count: ({ count }) => count,
} satisfies { [name: string]: (totals: Totals) => number | undefined }

type Rows = typeof METRICS
type Optional = { [Name in keyof Rows]: undefined extends ReturnType<Rows[Name]> ? Name : never }[keyof Rows]

/** By name; one that a pair has not is left out. */
export type Figures = { [Name in Exclude<keyof Rows, Optional>]: number } & { [Name in Optional]?: number }

export const METRIC_NAMES = Object.keys(METRICS) as readonly (keyof Rows)[]

export const figuresOf = (totals: Totals): Figures =>
  Object.fromEntries(
    METRIC_NAMES.flatMap((name) => {
      const figure = METRICS[name](totals)
      return figure === undefined ? [] : [[name, figure]]
    }),
  ) as Figures

const mean = (sum: number, count: number): number => (count > 0 ? sum / count : 0)

const ratio = (a: number, b: number): number => (b === 0 ? (a === 0 ? 0 : Infinity) : a / b)

/** Infinite where there is no noise. */
const decibels = (signal: number, noise: number): number => (noise === 0 ? Infinity : 10 * Math.log10(signal / noise))
