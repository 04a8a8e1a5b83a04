/**
 * Cumulative errors: each side runs from its own inputs; that is what a user sees. An output's local rounding is how far rounding on the way
 * to it, and coarse values on the way, can move it.
 */
import type { NumberArray, Tensor } from '../../kernels/tensor.js'
import type { Pair } from '../align/align.js'
import { type OutputPair, valueNameOf } from '../align/outputs.js'
import type { Dialect } from '../graph/graph.js'
import type { Tolerance } from '../record/record.js'
import { type Session, UNIT_ROUNDOFF } from '../runners/session.js'
import type { CoarseMaps } from './coarse.js'
import { Draws } from './draws.js'
import { foldMeasures, isWhole, type Measure, measureOf, NO_MEASURE } from './measured.js'
import { type Differences, foldDifferences, measureDifferences, NO_DIFFERENCES, type UlpOf } from './metrics.js'
import { placed } from './place.js'
import type { Judged } from './rounding.js'
import { runShown, shownBeside } from './shown.js'

/** One sample of an output. */
export interface OutputSampleMeasure {
  sample: number
  measure: Measure
}

export interface OutputMeasure {
  pair: OutputPair
  dtype: string
  whole: boolean
  /** Of an output of text. */
  text?: { count: number; different: number }
  total: Measure
  samples: OutputSampleMeasure[]
}

export interface CumulativeOptions {
  source: Session
  wide: Session
  authored: Session
  pairs: readonly Pair[]
  /** Values of the target that its outputs show. */
  outputValues: readonly string[]
  /** Pairs the outputs, once, given the target's outputs and aligned values of the first sample. */
  pairOutputs(targetValues: ReadonlyMap<string, Tensor>): readonly OutputPair[]
  /** Gets the source's values and what the target's outputs show, from the second sample on. */
  seeOutputs(sourceValues: ReadonlyMap<string, Tensor>, targetValues: ReadonlyMap<string, Tensor>): void
  dialect: Dialect['name'] | undefined
  coarse: CoarseMaps
  sourceIsHalf: boolean
  /** The user's tolerance for an output. */
  toleranceOf(output: OutputPair): Tolerance | undefined
}

export interface CumulativeSample {
  sample: number
  seed: number
  source: ReadonlyMap<string, Tensor>
  feeds: Record<string, Tensor>
  /** Whether some segment of this sample is off: then that decides, and no further draws are spent on the outputs. */
  explained: boolean
}

export interface Cumulative {
  /** Returns the target's outputs as a caller gets them. */
  observe(sample: CumulativeSample): Promise<Map<string, Tensor>>
  layers(): Map<Pair, Differences>
  outputs(): OutputMeasure[]
}

/** Draws from the inputs to the outputs that one sample may cost where nothing else explains a difference; more where a decision fell. */
const MOST_DRAWS = { value: 10, decision: 160 }
const STRIDE = 0x2c1b3c6d

export function compareCumulatively(options: CumulativeOptions): Cumulative {
  const { source: sourceSession, wide, authored, pairs, dialect, coarse } = options
  const half = wide !== authored
  const ulpOf: UlpOf = half ? 'float16' : 'float32'
  const layers = new Map<Pair, Differences>(pairs.map((pair) => [pair, NO_DIFFERENCES]))
  const pairsOf = new Map<string, Pair[]>()
  for (const pair of pairs) pairsOf.set(pair.target, [...(pairsOf.get(pair.target) ?? []), pair])
  let outputs: OutputMeasure[] | undefined
  let wanted = new Set([...options.outputValues, ...pairsOf.keys()])

  const draw = async ({ seed, feeds }: CumulativeSample, k: number): Promise<Map<string, Tensor>> =>
    (await runShown(wide, feeds, wanted, { noise: { seed: seed + k * STRIDE, coarse: coarse.cumulative } })).values

  const measureOutput = async (
    output: OutputMeasure,
    sample: CumulativeSample,
    target: Tensor,
    base: Tensor,
    noisy: readonly ReadonlyMap<string, Tensor>[],
    further: (k: number) => Promise<ReadonlyMap<string, Tensor>>,
  ): Promise<void> => {
    const { pair } = output
    const value = sample.source.get(valueNameOf(pair.source))!
    const name = pair.value
    const image = pair.target.kind === 'image'
    output.dtype = value.dtype
    if (Array.isArray(value.data)) {
      output.text = addText(output.text, value.data, target.data)
      output.samples.push({ sample: sample.sample, measure: NO_MEASURE })
      return
    }
    const show = (tensor: Tensor): NumberArray => shownBeside(pair, value, tensor, dialect).target
    const beside = shownBeside(pair, value, target, dialect)
    const whole = !image && (isWhole(value) || isWhole(target))
    const ranked = !whole && beside.source.length > 1 && !image
    const tolerance = options.toleranceOf(pair)
    const differences = measureDifferences({ sample: sample.sample, ...beside }, { ulpOf, ranked, tolerance })
    const own = ownRounding(sourceSession, authored, pair, options.sourceIsHalf)
    const judged: Judged = {
      ...beside,
      whole,
      by: own.relative > UNIT_ROUNDOFF.float32 ? 'energy' : 'element',
      own: { relative: own.relative, step: own.step + (image ? 1 : 0) },
    }
    const first = new Draws(show(base))
    for (const values of noisy) first.add(show(values.get(name)!))
    const measure = await measureOf(
      sample.sample,
      differences,
      judged,
      first,
      async (k) => show((await further(k)).get(name)!),
      sample.explained ? 0 : MOST_DRAWS[whole ? 'decision' : 'value'],
    )
    output.whole = whole
    output.total = foldMeasures(output.total, measure)
    output.samples.push({ sample: sample.sample, measure })
  }

  return {
    async observe(sample) {
      const { source, feeds } = sample
      const shown = await runShown(authored, feeds, wanted, {
        see(name, value) {
          for (const pair of pairsOf.get(name) ?? []) {
            const from = source.get(pair.source)!
            const beside = placed(from, value, pair.layout, dialect)
            const observed = measureDifferences({ sample: sample.sample, ...beside }, { ulpOf })
            layers.set(pair, foldDifferences(layers.get(pair)!, observed))
          }
        },
      })
      if (outputs !== undefined) options.seeOutputs(source, shown.values)
      else {
        const paired = options.pairOutputs(shown.values)
        outputs = paired.map((pair) => ({ pair, dtype: '', whole: false, total: NO_MEASURE, samples: [] }))
        wanted = new Set([...options.outputValues, ...paired.map(({ value }) => value)])
      }
      const base = half ? await runShown(wide, feeds, wanted) : shown
      const first = await draw(sample, 0)
      const made = new Map<number, Promise<Map<string, Tensor>>>()
      const further = (k: number) => {
        const known = made.get(k) ?? draw(sample, k)
        made.set(k, known)
        return known
      }
      for (const output of outputs) {
        const name = output.pair.value
        await measureOutput(output, sample, shown.values.get(name)!, base.values.get(name)!, [first], further)
      }
      return shown.outputs
    },
    layers: () => layers,
    outputs: () => outputs ?? [],
  }
}

function addText(known: OutputMeasure['text'], source: readonly string[], target: Tensor['data']): { count: number; different: number } {
  const different = source.filter((text, i) => text !== target[i]).length + Math.max(0, target.length - source.length)
  return { count: (known?.count ?? 0) + source.length, different: (known?.different ?? 0) + different }
}

/** What rounding its own number costs an output's element, in the source and in the target. */
function ownRounding(
  source: Session,
  target: Session,
  { source: from, value }: OutputPair,
  sourceIsHalf: boolean,
): { relative: number; step: number } {
  const { relative = 0, absolute } = source.rounding(valueNameOf(from))
  const { relative: held = 0 } = target.rounding(value)
  return {
    relative: Math.max(relative, held, sourceIsHalf ? UNIT_ROUNDOFF.float16 : UNIT_ROUNDOFF.float32),
    step: absolute ? Math.max(...absolute.amounts) : 0,
  }
}
