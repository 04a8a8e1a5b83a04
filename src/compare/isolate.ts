/**
 * Isolated errors: the target runs with each aligned value, once compared, replaced by the source's, so that every segment between aligned
 * values answers for itself alone. Two runs a sample in float32, without and with rounding noise, and two more where the target computes in
 * float16; where a draw leaves doubt about a segment, that segment alone is replayed under further draws.
 */
import { sizeOf, type Tensor } from '../../kernels/tensor.js'
import type { AlignedRun, Pair } from '../align/align.js'
import { segmentOf } from '../align/segment.js'
import type { Dialect } from '../graph/graph.js'
import { nearestAncestors, type Relations } from '../graph/relations.js'
import type { Tolerance } from '../record/record.js'
import { type Noise, type Session, UNIT_ROUNDOFF } from '../runners/session.js'
import type { CoarseMaps, CoarseValues } from './coarse.js'
import { Draws } from './draws.js'
import { type Entry, entryOf } from './entry.js'
import { foldMeasures, isOff, isWhole, type Measure, measureOf, NO_MEASURE } from './measured.js'
import { measureDifferences, type UlpOf } from './metrics.js'
import { inTargetPlace, numbers, sameElements } from './order.js'
import { type Placed, placed } from './place.js'
import { type Relation, relationOf } from './relation.js'
import type { Judged } from './rounding.js'

export interface IsolatedSample {
  sample: number
  /** Of the sample's draws. */
  seed: number
  /** Values of the source, its inputs among them, in real units. */
  source: ReadonlyMap<string, Tensor>
  /** The target's feeds. */
  feeds: Record<string, Tensor>
  /** The target's inputs as its graph sees them. */
  targetInputs: ReadonlyMap<string, Tensor>
  /** A run of the target on this sample that was made before; it serves where the same borders stood in it. */
  run?: AlignedRun | undefined
}

export interface SegmentMeasure {
  pair: Pair
  /** The segment in float32 against the source. */
  semantic: Measure
  /** The segment as authored against the segment in float32; of no elements where the two are one. */
  precision: Measure
  /** Where in the segment the error of float32 enters, as far as its numbers say. */
  entry?: Entry
  /** Of an input of the source: how the target scales it otherwise. */
  relation?: Relation
  /** Of an input that ops of the target scale: what each side makes of the target's own input. */
  scaled?: { input: string; source: Relation; target: Relation }
}

/** What is known of an error's place beside its size. */
type Place = Pick<SegmentMeasure, 'entry' | 'relation' | 'scaled'>

export interface IsolatedOptions {
  source: Session
  /** The target with every float in float32. */
  wide: Session
  /** The target as authored; the same session where its precision is no other. */
  authored: Session
  pairs: readonly Pair[]
  sourceGraph: Relations
  target: Relations
  /** Of the source, which says where its values keep their channels. */
  dialect: Dialect['name'] | undefined
  coarse: CoarseMaps
  /** The source makes float16 values: each of its values may have been one, whatever it is now. */
  sourceIsHalf: boolean
  /** Largest difference, relative to the largest magnitude, at which numbers count as the same. */
  equality: number
  /** The user's tolerance for a pair. */
  toleranceOf(pair: Pair): Tolerance | undefined
}

/** `observe` once a sample, in any order; `results` at the end. */
export interface Isolation {
  /** Returns whether some segment is off by more than rounding explains. */
  observe(sample: IsolatedSample): Promise<boolean>
  results(): SegmentMeasure[]
}

type Part = 'semantic' | 'precision'

export function isolateSegments(options: IsolatedOptions): Isolation {
  const { wide, authored, pairs } = options
  const byTarget = new Map<string, Pair[]>()
  for (const pair of pairs) byTarget.set(pair.target, [...(byTarget.get(pair.target) ?? []), pair])
  const totals = new Map(pairs.map((pair) => [pair, { semantic: NO_MEASURE, precision: NO_MEASURE }]))
  const places = new Map<Pair, Place>()

  return {
    async observe(sample) {
      const run = new SampleRun(options, byTarget, sample)
      let off = false
      const note = (pair: Pair, part: Part, measure: Measure) => {
        const total = totals.get(pair)!
        total[part] = foldMeasures(total[part], measure)
        off ||= isOff(measure)
      }
      const base = run.valuesBefore() ?? (await run.values(wide))
      const draws = await run.firstDraws(wide, base, options.coarse.isolated)
      for (const [name, ofTarget] of byTarget) {
        const own = base.get(name)
        if (own === undefined) continue
        for (const pair of ofTarget) {
          const measure = await run.semantic(pair, own, draws.get(name))
          note(pair, 'semantic', measure)
          if (isOff(measure) && !places.has(pair)) places.set(pair, await run.place(pair, own))
        }
      }
      if (wide === authored) return off
      const halfDraws = await run.firstDraws(wide, base, options.coarse.precision)
      const narrow = await run.values(authored)
      for (const [name, ofTarget] of byTarget) {
        const [own, rounded] = [base.get(name), narrow.get(name)]
        if (own === undefined || rounded === undefined) continue
        for (const pair of ofTarget) note(pair, 'precision', await run.precision(pair, own, rounded, halfDraws.get(name)))
      }
      return off
    },
    results: () => pairs.map((pair) => ({ pair, ...totals.get(pair)!, ...places.get(pair) })),
  }
}

/** Half a step of float16's subnormal numbers. */
const HALF_SUBNORMAL = 2 ** -25

/** Keeps the draws of one seed apart. */
const STRIDE = 0x51ed27

/** The runs of one sample, between the same borders. */
class SampleRun {
  /** What stands in the place of each aligned value, in the target's order. */
  private readonly borders = new Map<string, Tensor>()

  constructor(
    private readonly options: IsolatedOptions,
    private readonly byTarget: ReadonlyMap<string, readonly Pair[]>,
    private readonly sample: IsolatedSample,
  ) {}

  private border(name: string, own: Tensor): Tensor {
    const known = this.borders.get(name)
    if (known) return known
    const pair = this.byTarget.get(name)!.find(({ shared }) => !shared)
    const value = pair && this.sample.source.get(pair.source)
    const found = (value && inTargetPlace(value, own, pair.layout)) ?? own
    this.borders.set(name, found)
    return found
  }

  private async observe(session: Session, noise: Noise | undefined, see: (name: string, own: Tensor) => void): Promise<void> {
    await session.observe(
      this.sample.feeds,
      (name, own) => {
        if (!this.byTarget.has(name)) return undefined
        see(name, own)
        const border = this.border(name, own)
        return border === own ? undefined : ({ ...border, dtype: own.dtype } as Tensor)
      },
      { noise },
    )
  }

  /** What each segment gives, before the source's value takes its place. */
  async values(session: Session): Promise<Map<string, Tensor>> {
    const values = new Map<string, Tensor>()
    await this.observe(session, undefined, (name, own) => values.set(name, own))
    return values
  }

  /** The same, of the run that was made before; undefined where there is none, or other values stood in it. */
  valuesBefore(): Map<string, Tensor> | undefined {
    const { run } = this.sample
    if (run === undefined) return undefined
    const values = new Map<string, Tensor>()
    for (const [name, stood] of run.values) {
      const own = run.made.get(name) ?? stood
      const paired = this.byTarget.has(name)
      if (paired) values.set(name, own)
      if (!sameElements(paired ? this.border(name, own) : own, stood)) return undefined
    }
    return values
  }

  async firstDraws(session: Session, base: ReadonlyMap<string, Tensor>, coarse: CoarseValues): Promise<Map<string, Draws>> {
    const draws = new Map<string, Draws>()
    await this.observe(session, { seed: this.sample.seed, coarse }, (name, own) => {
      const reference = base.get(name)
      if (reference === undefined) return
      const ofValue = new Draws(numbers(reference))
      ofValue.add(numbers(own))
      draws.set(name, ofValue)
    })
    return draws
  }

  /** The segment that makes a pair's target, alone, under further noise. */
  private async replay({ source, target }: Pair, coarse: CoarseValues, draw: number) {
    const { wide } = this.options
    const { targetInputs, seed } = this.sample
    const unchanged = targetInputs.get(target)
    if (unchanged) return numbers(unchanged)
    const given = this.givenAt(this.startOf(source, target))
    return numbers(await wide.replay!(target, given, { noise: { seed: seed + draw * STRIDE, coarse } }))
  }

  /** What stands at values that a replay starts from. */
  private givenAt(values: Iterable<string>): Map<string, Tensor> {
    const given = new Map<string, Tensor>()
    for (const value of values) {
      const border = this.borders.get(value) ?? this.sample.targetInputs.get(value)
      if (border) given.set(value, border)
    }
    return given
  }

  /**
   * Where a replay starts: at the aligned values before it. Where the source makes its value from further back (it has folded a factor into
   * weights of its own, say), there: what it rounds on the way is rounding, too.
   */
  private startOf(source: string, target: string): Set<string> {
    const { target: graph, sourceGraph, pairs } = this.options
    const inputs = new Set(graph.graph.inputs)
    const partner = new Map(pairs.map((pair) => [pair.source, pair.target]))
    const own = nearestAncestors(sourceGraph, source, (value) => partner.has(value))
    const further = new Set([...own].map((value) => partner.get(value)!))
    const fromFurther = nearestAncestors(graph, target, (value) => further.has(value) || inputs.has(value))
    if (fromFurther.size > 0 && [...fromFurther].every((value) => further.has(value))) return fromFurther
    return nearestAncestors(graph, target, (value) => this.borders.has(value) || inputs.has(value))
  }

  async place(pair: Pair, own: Tensor): Promise<Place> {
    const { sourceGraph, target, dialect } = this.options
    if (sourceGraph.graph.inputs.includes(pair.source)) {
      const relation = relationOf(placed(this.sample.source.get(pair.source)!, own, pair.layout, dialect))
      const scaled = this.scaled(pair, own)
      return { ...(relation && { relation }), ...(scaled && { scaled }) }
    }
    const entry = target.graph.inputs.includes(pair.target) ? undefined : await this.entry(pair, own)
    return entry ? { entry } : {}
  }

  private scaled({ source, target, layout }: Pair, own: Tensor): SegmentMeasure['scaled'] {
    const { target: graph, dialect } = this.options
    const [input, ...others] = nearestAncestors(graph, target, (name) => graph.graph.inputs.includes(name))
    const raw = input === undefined ? undefined : this.sample.targetInputs.get(input)
    if (input === undefined || raw === undefined || others.length > 0 || sizeOf(raw.shape) !== sizeOf(own.shape)) return undefined
    const beside = placed(this.sample.source.get(source)!, raw, layout, dialect)
    const [ofSource, ofTarget] = [relationOf(beside), relationOf({ ...beside, source: numbers(own) })]
    return ofSource && ofTarget && { input, source: ofSource, target: ofTarget }
  }

  private async entry(pair: Pair, own: Tensor): Promise<Entry | undefined> {
    const { pairs, target, sourceGraph, wide, equality } = this.options
    const { source: values } = this.sample
    const aligned = { pairs, source: sourceGraph, target }
    const source = inTargetPlace(values.get(pair.source)!, own, pair.layout)
    if (source === undefined) return undefined
    const isBorder = (name: string) => this.borders.has(name) || target.graph.inputs.includes(name)
    const given = this.givenAt(nearestAncestors(target, pair.target, isBorder))
    return entryOf({
      nodes: segmentOf(aligned, pair).filter(({ outputs }) => outputs.some((name) => name !== null && target.dependsOnInput.has(name))),
      end: pair.target,
      source: numbers(source),
      given,
      isMade: (name) => target.dependsOnInput.has(name),
      replay: (value, others) => wide.replay!(value, others),
      tolerance: equality,
    })
  }

  async semantic(pair: Pair, own: Tensor, first: Draws | undefined): Promise<Measure> {
    const { source, authored, target, dialect, coarse, sourceIsHalf, toleranceOf } = this.options
    const value = this.sample.source.get(pair.source)!
    const beside = placed(value, own, pair.layout, dialect)
    const { relative: stored = 0, absolute } = source.rounding(pair.source)
    const ofSource = sourceIsHalf ? UNIT_ROUNDOFF.float16 : stored
    const isHalfInput = target.graph.inputs.includes(pair.target) && (authored.rounding(pair.target).relative ?? 0) >= UNIT_ROUNDOFF.float16
    const step = absolute ? Math.max(...absolute.amounts) : 0
    return this.measure(pair, beside, first, coarse.isolated, {
      whole: isWhole(value) || isWhole(own),
      by: sourceIsHalf ? 'energy' : 'element',
      relative: isHalfInput ? UNIT_ROUNDOFF.float16 : ofSource,
      step: isHalfInput ? Math.max(step, HALF_SUBNORMAL) : step,
      ulpOf: 'float32',
      tolerance: toleranceOf(pair),
    })
  }

  async precision(pair: Pair, own: Tensor, rounded: Tensor, first: Draws | undefined): Promise<Measure> {
    const { authored, dialect, coarse } = this.options
    const { inner, channels, indexOf } = placed(this.sample.source.get(pair.source)!, own, pair.layout, dialect)
    const beside = { source: numbers(own), target: numbers(rounded), inner, channels, indexOf }
    const { relative = 0 } = authored.rounding(pair.target)
    return this.measure(pair, beside, first, coarse.precision, {
      whole: isWhole(own),
      by: 'energy',
      relative,
      step: 0,
      ulpOf: 'float16',
      tolerance: undefined,
    })
  }

  private async measure(pair: Pair, beside: Placed, first: Draws | undefined, coarse: CoarseValues, how: How): Promise<Measure> {
    const { sample } = this.sample
    const { whole, by, ulpOf, step, tolerance } = how
    const relative = Math.max(how.relative, UNIT_ROUNDOFF.float32)
    const differences = measureDifferences({ sample, ...beside }, { ulpOf, tolerance })
    const judged: Judged = { ...beside, whole, by, own: { relative, step } }
    return measureOf(sample, differences, judged, first ?? new Draws(beside.target), (draw) => this.replay(pair, coarse, draw))
  }
}

interface How {
  whole: boolean
  by: Judged['by']
  /** What rounding an element's own number costs: a part of itself, and an absolute amount. */
  relative: number
  step: number
  ulpOf: UlpOf
  tolerance: Tolerance | undefined
}
