/**
 * Isolated errors: the target runs with each aligned value, once compared, replaced by the source's, so that every segment between aligned
 * values answers for itself alone. Four runs a sample at most: in float32, in float32 with rounding noise, as authored, as authored with noise.
 */
import { isNumberTensor, type NumberArray, type Tensor } from '../../kernels/tensor.js'
import { type Pair, replacement } from '../align/align.js'
import { numbersOf } from '../align/equality.js'
import { inverse, toTargetOrder } from '../align/layout.js'
import type { Metrics } from '../record/record.js'
import { UNIT_ROUNDOFF } from '../runners/coreml/noise.js'
import type { CoremlSession } from '../runners/coreml/session.js'
import type { Precision } from '../runners/session.js'
import { floorOf, magnitudeOf, spreadOf } from './floor.js'
import { accumulateMetrics, type MetricsAccumulator } from './metrics.js'

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
  /** Of the sample that comes nearest to its floor, or passes it. */
  floor: number
  /** Samples whose semantic (precision) error passes their floor. */
  semanticFailures: number[]
  precisionFailures: number[]
}

interface Segment {
  pair: Pair
  semantic: MetricsAccumulator
  precision: MetricsAccumulator
  floor: number
  closeness: number
  semanticFailures: number[]
  precisionFailures: number[]
}

export interface IsolatedOptions {
  /** The target with every float in float32. */
  wide: CoremlSession
  /** The target as authored; the same as `wide` where nothing is held in float16. */
  authored: CoremlSession
  pairs: readonly Pair[]
  /** Whether the target declares a value as float16. */
  isHalf(value: string): boolean
}

/** Compares segment by segment; `observe` once a sample, `results` at the end. */
export interface Isolation {
  observe(sample: IsolatedSample): Promise<void>
  results(): SegmentResult[]
}

const numberData = (tensor: Tensor): NumberArray | undefined => (isNumberTensor(tensor) ? tensor.data : numbersOf(tensor)?.data)

export function isolateSegments({ wide, authored, pairs, isHalf }: IsolatedOptions): Isolation {
  const segments = new Map<string, Segment[]>()
  for (const pair of pairs) {
    const segment: Segment = {
      pair,
      semantic: accumulateMetrics('float32'),
      precision: accumulateMetrics(wide === authored ? 'float32' : 'float16'),
      floor: 0,
      closeness: -1,
      semanticFailures: [],
      precisionFailures: [],
    }
    const sameTarget = segments.get(pair.target)
    if (sameTarget) sameTarget.push(segment)
    else segments.set(pair.target, [segment])
  }

  return {
    async observe({ sample, source, feeds, targetInputs }) {
      const place = (name: string, own: Tensor): Tensor | undefined => {
        const first = segments.get(name)?.[0]
        const numbers = first && source.get(first.pair.source)
        return numbers && replacement(own, numbersOf(numbers)!, first.pair.layout)
      }
      const feed: Record<string, Tensor> = {}
      for (const [name, value] of targetInputs) {
        const placed = place(name, value)
        if (placed) feed[name] = placed
      }
      const run = async (
        session: CoremlSession,
        seed: number | undefined,
        of: Precision,
        see: (name: string, own: NumberArray) => void,
      ) => {
        await session.run(feeds, {
          fetch: [],
          feed,
          ...(seed !== undefined && { noise: { seed, of } }),
          tap(name, own) {
            if (!segments.has(name)) return undefined
            const data = numberData(own)
            if (data) see(name, data)
            return place(name, own)
          },
        })
      }

      const base = new Map<string, NumberArray>(Object.keys(feed).map((name) => [name, numberData(targetInputs.get(name)!)!]))
      await run(wide, undefined, 'fp32', (name, own) => base.set(name, own))
      const spread = new Map<string, number>()
      await run(wide, sample + 1, 'fp32', (name, own) => spread.set(name, spreadOf(base.get(name)!, own)))
      for (const [name, ofTarget] of segments) {
        const own = base.get(name)
        if (own === undefined) continue
        const isInput = spread.get(name) === undefined
        const floor = floorOf(
          spread.get(name) ?? 0,
          magnitudeOf(own),
          isInput && isHalf(name) ? UNIT_ROUNDOFF.float16 : UNIT_ROUNDOFF.float32,
        )
        for (const segment of ofTarget) {
          const value = source.get(segment.pair.source)!
          const error = segment.semantic.add({
            sample,
            shape: value.shape,
            source: numberData(value)!,
            target: toTargetOrder(own, inverse(segment.pair.layout)),
          })
          if (error > floor) segment.semanticFailures.push(sample)
          if (error / floor > segment.closeness || segment.closeness < 0) {
            segment.closeness = floor > 0 ? error / floor : error > 0 ? Infinity : 0
            segment.floor = floor
          }
        }
      }
      if (wide === authored) return

      const halfSpread = new Map<string, number>()
      await run(wide, sample + 1, authored.precision, (name, own) => halfSpread.set(name, spreadOf(base.get(name)!, own)))
      await run(authored, undefined, 'authored', (name, own) => {
        const reference = base.get(name)!
        const floor = floorOf(halfSpread.get(name) ?? 0, magnitudeOf(reference), UNIT_ROUNDOFF.float16)
        for (const segment of segments.get(name)!) {
          const shape = source.get(segment.pair.source)!.shape
          const back = inverse(segment.pair.layout)
          const error = segment.precision.add({ sample, shape, source: toTargetOrder(reference, back), target: toTargetOrder(own, back) })
          if (error > floor) segment.precisionFailures.push(sample)
        }
      })
    },
    results: () =>
      [...segments.values()].flat().map(({ pair, semantic, precision, floor, semanticFailures, precisionFailures }) => ({
        pair,
        semantic: semantic.metrics(),
        precision: precision.metrics(),
        floor,
        semanticFailures,
        precisionFailures,
      })),
  }
}
