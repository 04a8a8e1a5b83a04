/** Runs the samples through both models and measures: nothing here judges. */
import type { Tensor } from '../../kernels/tensor.js'
import type { AlignedRun } from '../align/align.js'
import type { OutputSample } from '../align/output-pair.js'
import { type OutputPair, type OutputPairing, pairOutputs, valueNameOf } from '../align/outputs.js'
import { type Band, compareProfiles } from '../compare/band.js'
import { underBatchOf } from '../compare/batch.js'
import { coarseMaps } from '../compare/coarse.js'
import { type Cumulative, compareCumulatively } from '../compare/cumulative.js'
import { type Isolation, isolateSegments } from '../compare/isolate.js'
import { storesReduced } from '../compare/sides.js'
import { firstNonFinite, type NonFinite } from '../diagnose/nonfinite.js'
import { ParityError } from '../graph/errors.js'
import type { Model } from '../graph/model.js'
import type { Relations } from '../graph/relations.js'
import type { PreparedFeeds } from '../inputs/feeds.js'
import type { Finding } from '../record/record.js'
import { withoutCoincidences } from '../verdict/coincidences.js'
import type { Measured } from '../verdict/measured.js'
import { outputTolerance, tolerableNames, toleranceFor } from '../verdict/policy.js'
import { alignModels } from './align.js'
import { fetchingFindings } from './fetching.js'
import { observeSource } from './observe.js'
import type { CheckOptions } from './options.js'
import { seedOf } from './seed.js'
import type { Sessions } from './sessions.js'

/** Relative to a value's largest magnitude: equal numbers of float32 models, and of models that store some in fewer bits. */
const EQUALITY = { float32: 1e-4, reduced: 1e-2, quantized: 3e-2 } as const

export interface Comparison {
  source: Model
  target: Model
  sessions: Sessions
  feeds: PreparedFeeds
  map: readonly (readonly [string, string])[]
  options: CheckOptions
}

export interface Compared {
  measured: Measured
  band: Band
}

/** What is set up on the first sample, and every sample is compared with. */
interface Setup {
  alignment: Measured['alignment']
  pairing(): OutputPairing
  /** The same pairs, with the differences that all samples show which were kept. */
  finalPairing(): OutputPairing
  isolation: Isolation
  cumulative: Cumulative
}

/** @throws ParityError INPUT_EMPTY without samples, and those of runners and inputs. */
export async function compareModels(given: Comparison, known: readonly Finding[]): Promise<Compared> {
  const { source, target, feeds, options } = given
  const { batch } = feeds
  const sessions = batch ? { ...given.sessions, source: underBatchOf(given.sessions.source, source, batch) } : given.sessions
  const comparison = { ...given, sessions }
  const band = compareProfiles(sessions.profiles, dialectOf(source))
  const findings = [...known]
  let setup: Setup | undefined
  let run: AlignedRun | undefined
  let nonFinite: NonFinite | undefined
  let sample = 0
  for (const { name, source: sourceFeeds, target: targetFeeds } of feeds.samples) {
    options.onProgress?.(name, { done: sample, total: feeds.count })
    const { values, outputs: sourceOutputs } = await observeSource(source, sessions, sourceFeeds)
    const targetInputs = await sessions.wide.run(targetFeeds, { fetch: target.graph.inputs })
    if (setup === undefined) [setup, run] = await setUp(comparison, values, targetFeeds, targetInputs)
    nonFinite = earlier(
      setup.alignment.source,
      nonFinite,
      firstNonFinite([...source.graph.inputs, ...setup.alignment.source.results], values),
      sample,
    )
    const seed = seedOf(sourceFeeds)
    const explained = await setup.isolation.observe({ sample, seed, source: values, feeds: targetFeeds, targetInputs, run })
    run = undefined
    const targetOutputs = await setup.cumulative.observe({ sample, seed, source: values, feeds: targetFeeds, explained })
    await band.observe({ sample, source: values, feeds: targetFeeds }, setup.pairing().pairs)
    if (sample === 0) {
      findings.push(
        ...fetchingFindings('source', await sessions.source.run(sourceFeeds), sourceOutputs),
        ...fetchingFindings('target', await sessions.authored.run(targetFeeds), targetOutputs),
      )
    }
    sample++
  }
  if (setup === undefined) {
    throw new ParityError('INPUT_EMPTY', { what: 'no sample was given', remedy: 'Give samples with --inputs PATH…, or --random N' })
  }
  const { alignment, segments } = withoutCoincidences(setup.alignment, setup.isolation.results())
  return {
    measured: {
      alignment,
      segments,
      pairing: setup.finalPairing(),
      cumulative: setup.cumulative.layers(),
      outputs: setup.cumulative.outputs(),
      samples: sample,
      coarse: sessions.coarse,
      nonFinite,
      findings,
    },
    band,
  }
}

/** The earlier in order of execution of what is known and what another sample shows. */
function earlier(source: Relations, known: NonFinite | undefined, value: string | undefined, sample: number): NonFinite | undefined {
  if (value === undefined) return known
  if (known?.value === value) return { value, samples: [...known.samples, sample] }
  const isEarlier = known === undefined || source.results.indexOf(value) < source.results.indexOf(known.value)
  return isEarlier ? { value, samples: [sample] } : known
}

const dialectOf = ({ graph }: Model) => graph.nodes[0]?.dialect.name

/** Aligns on the first sample, and gives the run of the target that this took. */
async function setUp(
  { source, target, sessions, feeds, map, options }: Comparison,
  values: ReadonlyMap<string, Tensor>,
  targetFeeds: Record<string, Tensor>,
  targetInputs: ReadonlyMap<string, Tensor>,
): Promise<[Setup, AlignedRun]> {
  const { authored, wide, coarse } = sessions
  const reduced = storesReduced(authored, target.graph) || storesReduced(sessions.source, source.graph)
  const equality = coarse.quantized ? EQUALITY.quantized : reduced ? EQUALITY.reduced : EQUALITY.float32
  const { alignment, run } = await alignModels({ source, target, sessions, feeds }, equality, { values, targetFeeds, targetInputs })
  const tolerances = options.tolerances ?? []
  const maps = coarseMaps({
    source: sessions.source,
    target: authored,
    sourceGraph: alignment.source,
    targetGraph: alignment.target,
    pairs: alignment.pairs,
    copies: alignment.copies,
  })
  let pairing: OutputPairing | undefined
  const seen: OutputSample[] = []
  const keep = (sourceValues: ReadonlyMap<string, Tensor>, ...ofTarget: ReadonlyMap<string, Tensor>[]): OutputSample => ({
    source: only(source.outputs.map(valueNameOf), sourceValues),
    target: only(target.outputs.map(valueNameOf), ...ofTarget),
  })
  const pair = () =>
    pairOutputs({ source: source.outputs, target: target.outputs, samples: seen, alignment, map: new Map(map), tolerance: equality })
  const common = { source: sessions.source, wide, authored, dialect: dialectOf(source), coarse: maps, sourceIsHalf: coarse.source }
  const setup: Setup = {
    alignment,
    pairing: () => pairing!,
    finalPairing: () => withDifferences(pairing!, pair()),
    isolation: isolateSegments({
      ...common,
      pairs: alignment.pairs,
      sourceGraph: alignment.source,
      target: alignment.target,
      equality,
      toleranceOf: ({ source: from, target: to }) =>
        toleranceFor(tolerances, [from, to, ...typesOf(alignment.source, from), ...typesOf(alignment.target, to)]),
    }),
    cumulative: compareCumulatively({
      ...common,
      pairs: alignment.pairs,
      outputValues: target.outputs.map(valueNameOf),
      pairOutputs(shown) {
        seen.push(keep(values, targetInputs, shown))
        pairing = pair()
        refuseUnused(tolerances, pairing.pairs, alignment)
        return pairing.pairs
      },
      seeOutputs(sourceValues, shown) {
        if (seen.length < KEPT_SAMPLES) seen.push(keep(sourceValues, targetInputs, shown))
      },
      toleranceOf: (output) => outputTolerance(tolerances, output),
    }),
  }
  return [setup, run]
}

/** Samples whose outputs are kept: two heads may be equal on one and part on the next. */
const KEPT_SAMPLES = 8

/** What the maps have of `names`; a later map's before an earlier one's. */
const only = (names: readonly string[], ...maps: ReadonlyMap<string, Tensor>[]): Map<string, Tensor> =>
  new Map(maps.flatMap((map) => names.flatMap((name) => (map.has(name) ? [[name, map.get(name)!] as const] : []))))

/** The pairs of a pairing as they were compared, with the differences that a later one found. */
function withDifferences(pairing: OutputPairing, later: OutputPairing): OutputPairing {
  const found = (pair: OutputPair) => later.pairs.find(({ source, target }) => source === pair.source && target === pair.target)
  return { ...pairing, pairs: pairing.pairs.map((pair) => ({ ...pair, differences: found(pair)?.differences ?? pair.differences })) }
}

const typesOf = ({ producer }: Measured['alignment']['source'], value: string): string[] => {
  const type = producer.get(value)?.node.type
  return type === undefined ? [] : [type]
}

/** @throws ParityError USAGE_TOLERANCE for a tolerance that names nothing that is compared */
function refuseUnused(
  tolerances: NonNullable<CheckOptions['tolerances']>,
  outputs: readonly OutputPair[],
  { pairs, source, target }: Measured['alignment'],
): void {
  const names = [
    ...outputs.map(tolerableNames),
    ...pairs.map((pair) => [pair.source, pair.target, ...typesOf(source, pair.source), ...typesOf(target, pair.target)]),
  ]
  const unused = tolerances.find((one) => one.name !== undefined && !names.some((known) => toleranceFor([one], known)))
  if (unused === undefined) return
  throw new ParityError('USAGE_TOLERANCE', {
    what: `--tolerance names '${unused.name}', which is no output or layer that is compared`,
    remedy: `Outputs that are compared: ${outputs.map((pair) => `'${pair.source.name}' with '${pair.target.name}'`).join(', ') || 'none'}`,
  })
}
