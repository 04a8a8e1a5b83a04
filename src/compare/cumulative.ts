/**
 * Cumulative errors: each side runs from its own inputs; that is what a user sees. An output's floor is how far rounding on the way to it,
 * in the target's own precision, can move it.
 */
import type { NumberArray, Tensor } from '../../kernels/tensor.js'
import type { Pair } from '../align/align.js'
import { type OutputPair, valueNameOf } from '../align/outputs.js'
import type { Metrics, Tolerance } from '../record/record.js'
import type { CoremlSession } from '../runners/coreml/session.js'
import { coarser, floorOf, magnitudeOf, roundoffOf, type SourceRounding, spreadOf } from './floor.js'
import { accumulateMetrics, type MetricsAccumulator } from './metrics.js'
import { inSourceOrder, numbers } from './order.js'
import { besideEachOther, runShown } from './shown.js'

export interface OutputResult {
  pair: OutputPair
  metrics: Metrics
  tolerance: Tolerance
  floor: number
  pass: boolean
  failures: number[]
}

export interface CumulativeOptions {
  wide: CoremlSession
  authored: CoremlSession
  pairs: readonly Pair[]
  sourceRounding: SourceRounding
  /** Values of the target that its outputs show. */
  outputValues: readonly string[]
  /** Pairs the outputs, once, given the target's values of the first sample. */
  pairOutputs(targetValues: ReadonlyMap<string, Tensor>): readonly OutputPair[]
  /** The user's tolerance for an output; the floor where there is none. */
  toleranceOf(output: OutputPair): Tolerance | undefined
}

export interface Cumulative {
  /** Returns what the target gave for its outputs. */
  observe(sample: number, source: ReadonlyMap<string, Tensor>, feeds: Record<string, Tensor>): Promise<Map<string, Tensor>>
  layers(): Map<Pair, Metrics>
  outputs(): OutputResult[]
}

interface OutputProgress {
  pair: OutputPair
  accumulator: MetricsAccumulator
  floor: number
  closeness: number
  failures: number[]
}

export function compareCumulatively({
  wide,
  authored,
  pairs,
  sourceRounding,
  outputValues,
  pairOutputs,
  toleranceOf,
}: CumulativeOptions): Cumulative {
  const half = wide !== authored
  const dtype = half ? 'float16' : 'float32'
  const layers = new Map<Pair, MetricsAccumulator>(pairs.map((pair) => [pair, accumulateMetrics(dtype)]))
  const pairsOf = new Map<string, Pair[]>()
  for (const pair of pairs) pairsOf.set(pair.target, [...(pairsOf.get(pair.target) ?? []), pair])
  const wanted = new Set(outputValues)
  let results: OutputProgress[] | undefined

  const judgeOutput = (
    progress: OutputProgress,
    sample: number,
    value: Tensor,
    own: Tensor,
    base: NumberArray,
    noisy: NumberArray,
  ): void => {
    const image = progress.pair.target.kind === 'image'
    const floor = floorOf(spreadOf(base, noisy), magnitudeOf(base), roundoffOf(half || sourceRounding.of === 'fp16')) + (image ? 1 : 0)
    const [expected, got] = besideEachOther(progress.pair, value, own)
    const error = progress.accumulator.add({ sample, shape: value.shape, source: expected, target: got })
    const tolerance = toleranceOf(progress.pair)
    if (tolerance ? !within(expected, got, tolerance) : error > floor) progress.failures.push(sample)
    const closeness = floor > 0 ? error / floor : error > 0 ? Infinity : 0
    if (closeness > progress.closeness) Object.assign(progress, { closeness, floor })
  }

  return {
    async observe(sample, source, feeds) {
      const shown = await runShown(authored, feeds, wanted, {
        see(name, value) {
          for (const pair of pairsOf.get(name) ?? []) {
            const from = source.get(pair.source)!
            layers.get(pair)!.add({ sample, shape: from.shape, source: numbers(from), target: inSourceOrder(value, from, pair.layout) })
          }
        },
      })
      results ??= pairOutputs(shown.values).map((pair) => ({
        pair,
        accumulator: accumulateMetrics(dtype, true),
        floor: 0,
        closeness: -1,
        failures: [],
      }))
      const base = half ? await runShown(wide, feeds, wanted) : shown
      const noisy = await runShown(wide, feeds, wanted, { noise: { seed: sample + 1, ...coarser(sourceRounding, authored.precision) } })
      for (const progress of results) {
        const name = valueNameOf(progress.pair.target)
        const [reference, moved] = [base, noisy].map(({ values }) => numbers(values.get(name)!)) as [NumberArray, NumberArray]
        judgeOutput(progress, sample, source.get(valueNameOf(progress.pair.source))!, shown.values.get(name)!, reference, moved)
      }
      return shown.outputs
    },
    layers: () => new Map([...layers].map(([pair, accumulator]) => [pair, accumulator.metrics()])),
    outputs: () =>
      (results ?? []).map(({ pair, accumulator, floor, failures }) => ({
        pair,
        metrics: accumulator.metrics(),
        tolerance: toleranceOf(pair) ?? { atol: floor, rtol: 0 },
        floor,
        pass: failures.length === 0,
        failures,
      })),
  }
}

function within(source: NumberArray, target: NumberArray, { atol, rtol }: Tolerance): boolean {
  for (let i = 0; i < source.length; i++) {
    const [x, y] = [source[i]!, target[i]!]
    if (!(Math.abs(x - y) <= atol + rtol * Math.abs(x)) && !Object.is(x, y) && x !== y) return false
  }
  return true
}
