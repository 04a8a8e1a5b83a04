/**
 * Isolated errors: the target runs with each aligned value, once compared, replaced by the source's, so that every segment between aligned
 * values answers for itself alone. Four runs a sample at most: in float32, in float32 with rounding noise, as authored, as authored with noise.
 */
import type { NumberArray, Tensor } from '../../kernels/tensor.js'
import type { Pair } from '../align/align.js'
import type { Metrics } from '../record/record.js'
import type { CoremlRunOptions, CoremlSession } from '../runners/coreml/session.js'
import { floorOf, magnitudeOf, roundoffOf, type SourceRounding, spreadOf } from './floor.js'
import { accumulateMetrics, type MetricsAccumulator } from './metrics.js'
import { inSourceOrder, inTargetPlace, numbers } from './order.js'

export interface IsolatedSample {
  sample: number
  /** Results of the source's nodes, and its inputs. */
  source: ReadonlyMap<string, Tensor>
  /** The target's feeds. */
  feeds: Record<string, Tensor>
  /** The target's inputs as its graph sees them. */
  targetInputs: ReadonlyMap<string, Tensor>
}

export interface SegmentResult {
  pair: Pair
  semantic: Metrics
  precision: Metrics
  /** Of the samples that come nearest to their floors, or pass them. */
  floor: number
  precisionFloor: number
  /** Samples whose semantic (precision) error passes their floor. */
  semanticFailures: number[]
  precisionFailures: number[]
}

/** An error over the samples, and the floor that it came nearest to. */
interface Progress {
  metrics: MetricsAccumulator
  floor: number
  closeness: number
  failures: number[]
}

interface Segment {
  pair: Pair
  semantic: Progress
  precision: Progress
}

const progressOf = (metrics: MetricsAccumulator): Progress => ({ metrics, floor: 0, closeness: -1, failures: [] })

function note(progress: Progress, sample: number, error: number, floor: number): void {
  if (error > floor) progress.failures.push(sample)
  const closeness = floor > 0 ? error / floor : error > 0 ? Infinity : 0
  if (closeness > progress.closeness) Object.assign(progress, { closeness, floor })
}

export interface IsolatedOptions {
  /** The target with every float in float32. */
  wide: CoremlSession
  /** The target as authored; the same as `wide` where nothing is held in float16. */
  authored: CoremlSession
  pairs: readonly Pair[]
  sourceRounding: SourceRounding
  /** Whether the target declares a value as float16. */
  isHalf(value: string): boolean
}

/** Compares segment by segment; `observe` once a sample, `results` at the end. */
export interface Isolation {
  observe(sample: IsolatedSample): Promise<void>
  results(): SegmentResult[]
}

export function isolateSegments({ wide, authored, pairs, sourceRounding, isHalf }: IsolatedOptions): Isolation {
  const segments = new Map<string, Segment[]>()
  for (const pair of pairs) {
    const segment: Segment = {
      pair,
      semantic: progressOf(accumulateMetrics('float32')),
      precision: progressOf(accumulateMetrics(wide === authored ? 'float32' : 'float16')),
    }
    const sameTarget = segments.get(pair.target)
    if (sameTarget) sameTarget.push(segment)
    else segments.set(pair.target, [segment])
  }

  return {
    async observe({ sample, source, feeds, targetInputs }) {
      const placed = new Map<string, Tensor | undefined>()
      const place = (name: string, own: Tensor): Tensor | undefined => {
        if (!placed.has(name)) {
          const pair = segments.get(name)?.find((segment) => !segment.pair.shared)?.pair
          const value = pair && source.get(pair.source)
          placed.set(name, value && inTargetPlace(value, own, pair.layout))
        }
        const found = placed.get(name)
        return found && ({ ...own, data: found.data } as Tensor)
      }
      const feed: Record<string, Tensor> = {}
      for (const [name, value] of targetInputs) {
        const placed = place(name, value)
        if (placed) feed[name] = placed
      }
      const run = (session: CoremlSession, noise: CoremlRunOptions['noise'], see: (name: string, own: Tensor) => void) =>
        session.run(feeds, {
          fetch: [],
          feed,
          noise,
          tap(name, own) {
            if (!segments.has(name)) return undefined
            see(name, own)
            return place(name, own)
          },
        })
      const seed = sample + 1

      const base = new Map<string, Tensor>(Object.keys(feed).map((name) => [name, targetInputs.get(name)!]))
      await run(wide, undefined, (name, own) => base.set(name, own))
      const spread = new Map<string, number>()
      await run(wide, { seed, ...sourceRounding }, (name, own) => spread.set(name, spreadOf(numbers(base.get(name)!), numbers(own))))
      /** What the segments give in float32, in the source's order. */
      const ordered = new Map<Segment, NumberArray>()
      for (const [name, ofTarget] of segments) {
        const own = base.get(name)
        if (own === undefined) continue
        const isInput = !spread.has(name)
        const roundoff = roundoffOf(sourceRounding.of === 'fp16' || (isInput && isHalf(name)))
        const floor = floorOf(spread.get(name) ?? 0, magnitudeOf(numbers(own)), roundoff)
        for (const segment of ofTarget) {
          const value = source.get(segment.pair.source)!
          const target = inSourceOrder(own, value, segment.pair.layout)
          ordered.set(segment, target)
          const error = segment.semantic.metrics.add({ sample, shape: value.shape, source: numbers(value), target })
          note(segment.semantic, sample, error, floor)
        }
      }
      if (wide === authored) return

      const halfSpread = new Map<string, number>()
      await run(wide, { seed, of: authored.precision }, (name, own) =>
        halfSpread.set(name, spreadOf(numbers(base.get(name)!), numbers(own))),
      )
      await run(authored, undefined, (name, own) => {
        const reference = base.get(name)!
        const floor = floorOf(halfSpread.get(name) ?? 0, magnitudeOf(numbers(reference)), roundoffOf(true))
        for (const segment of segments.get(name)!) {
          const value = source.get(segment.pair.source)!
          const target = inSourceOrder(own, value, segment.pair.layout)
          const error = segment.precision.metrics.add({ sample, shape: value.shape, source: ordered.get(segment)!, target })
          note(segment.precision, sample, error, floor)
        }
      })
    },
    results: () =>
      [...segments.values()].flat().map(({ pair, semantic, precision }) => ({
        pair,
        semantic: semantic.metrics.metrics(),
        precision: precision.metrics.metrics(),
        floor: semantic.floor,
        precisionFloor: precision.floor,
        semanticFailures: semantic.failures,
        precisionFailures: precision.failures,
      })),
  }
}
