/** The main job: runs a source beside its Core ML conversion and says whether, where and by how much the two part. */
import type { Tensor } from '../../kernels/tensor.js'
import { align } from '../align/align.js'
import { type OutputPair, type OutputPairing, pairOutputs, valueNameOf } from '../align/outputs.js'
import { unalignedSource, unalignedTarget } from '../align/reasons.js'
import { compareProfiles } from '../compare/band.js'
import { compareCumulatively } from '../compare/cumulative.js'
import { isolateSegments } from '../compare/isolate.js'
import { openModel } from '../formats/index.js'
import { ParityError } from '../graph/errors.js'
import type { Model } from '../graph/model.js'
import { type PreprocessingOptions, prepareFeeds } from '../inputs/feeds.js'
import type { Finding, RunRecord, TargetModel } from '../record/record.js'
import { VERSION } from '../record/version.js'
import { isCoreml } from '../runners/index.js'
import type { Backend, ComputeUnit, Precision, RunnerName } from '../runners/session.js'
import { withoutCoincidences } from '../verdict/coincidences.js'
import { judge } from '../verdict/verdict.js'
import { compareLabels, readLabels } from './labels.js'
import { type MapEntry, resolveMap } from './map.js'
import { allSessions, openSessions, type Sessions, storesReduced } from './sessions.js'
import { tapFindings } from './taps.js'

export interface CheckOptions {
  source: string
  target: string
  /** Samples of both sides: files or folders. */
  inputs?: string[]
  /** The target's own samples where they differ in kind, in the same order. */
  targetInputs?: string[]
  random?: { count: number; seed: number }
  /** Source input or output to target input or output. */
  map?: MapEntry[]
  /** Without `output`: for all outputs that have no tolerance of their own. */
  tolerances?: { output?: string; atol: number; rtol: number }[]
  /** File of the source's classes, one a line. */
  labels?: string
  preprocessing?: PreprocessingOptions
  sourceRuntime?: RunnerName
  backend?: Backend
  precision?: Precision
  /** Adds the band over all units to the outputs. */
  computeUnit?: ComputeUnit
  flushSubnormals?: boolean
  customLayers?: Record<string, string>
  threads?: number
  memoryLimit?: number
  /** Leaves times out of the record. */
  reproducible?: boolean
  /** How the record names the call. */
  command?: string
  onProgress?: (message: string) => void
}

/** Relative to a value's largest magnitude: equal numbers of float32 models, and of models whose weights are stored in fewer bits. */
const EQUALITY = { float32: 1e-4, reduced: 1e-2 } as const

/** @throws ParityError of every kind; a record whose verdict is 'fail' is no error. */
export async function check(options: CheckOptions): Promise<RunRecord> {
  const started = performance.now()
  const source = await openModel(options.source)
  try {
    const target = await openModel(options.target)
    try {
      return await checkModels(source, target, options, started)
    } finally {
      target.close()
    }
  } finally {
    source.close()
  }
}

async function checkModels(source: Model, target: Model, options: CheckOptions, started: number): Promise<RunRecord> {
  refuseTarget(source, target)
  const sessions = await openSessions(source, target, options)
  try {
    return await compare(source, target, sessions, options, started)
  } finally {
    const { source: own, target: others } = allSessions(sessions)
    await Promise.all([own, ...others].map((session) => session.close()))
  }
}

function refuseTarget(source: Model, target: Model): void {
  if (isCoreml(target)) return
  const what = `the target is a ${target.format} model, and only Core ML models are targets`
  if (isCoreml(source)) {
    throw new ParityError('USAGE_SWAPPED', {
      what,
      where: target.path,
      remedy: `The source comes first: parity check ${target.path} ${source.path}`,
    })
  }
  throw new ParityError('UNSUPPORTED_TARGET', {
    what,
    where: target.path,
    remedy: 'Give the .mlmodel or .mlpackage that it was converted to',
  })
}

async function compare(source: Model, target: Model, sessions: Sessions, options: CheckOptions, started: number): Promise<RunRecord> {
  const progress = options.onProgress ?? (() => {})
  const map = resolveMap(options.map ?? [], source, target)
  const feeds = prepareFeeds({
    source,
    target,
    inputs: options.inputs,
    targetInputs: options.targetInputs,
    random: options.random,
    map,
    preprocessing: options.preprocessing,
  })
  const findings: Finding[] = []
  if (options.labels !== undefined) findings.push(...compareLabels(readLabels(options.labels), target.outputs))

  const runSource = async (tensors: Record<string, Tensor>): Promise<Map<string, Tensor>> => {
    const values = await sessions.source.run(tensors, { fetch: 'all' })
    const fixed = [...source.graph.inputs, ...source.graph.outputs].filter((name) => !values.has(name))
    if (fixed.length > 0) for (const [name, value] of await sessions.source.run(tensors, { fetch: fixed })) values.set(name, value)
    return values
  }

  let work: Awaited<ReturnType<typeof prepareComparison>> | undefined
  const band = compareProfiles(sessions.profiles)
  let sample = 0
  for (const { name, source: sourceFeeds, target: targetFeeds } of feeds.samples) {
    progress(`sample ${sample + 1} of ${feeds.count}: ${name}`)
    const values = await runSource(sourceFeeds)
    const targetInputs = await sessions.wide.run(targetFeeds, { fetch: target.graph.inputs })
    if (work === undefined) {
      progress('aligning')
      work = await prepareComparison({ source, target, sessions, options, values, targetFeeds, targetInputs, mapping: feeds.mapping, map })
    }
    progress(`sample ${sample + 1}: comparing`)
    const outputs = await work.cumulative.observe(sample, values, targetFeeds)
    await band.observe({ sample, source: values, feeds: targetFeeds }, work.pairing().pairs)
    if (sample === 0) {
      const tapped = new Map(
        source.outputs.flatMap((feature) => (values.has(valueNameOf(feature)) ? [[feature.name, values.get(valueNameOf(feature))!]] : [])),
      )
      findings.push(
        ...tapFindings('source', await sessions.source.run(sourceFeeds), tapped),
        ...tapFindings('target', await sessions.authored.run(targetFeeds), outputs),
      )
    }
    await work.isolation.observe({ sample, source: values, feeds: targetFeeds, targetInputs })
    sample++
  }
  if (work === undefined) {
    throw new ParityError('INPUT_EMPTY', { what: 'no sample was given', remedy: 'Give samples with --inputs PATH…, or --random N' })
  }
  if (feeds.preprocessing.inferred) findings.push(inferredFinding(target))

  const notes = [...source.notes, ...target.notes, ...feeds.notes]
  const { alignment, segments } = withoutCoincidences(work.alignment, work.isolation.results())
  const compared = work.cumulative.outputs()
  const judgement = judge({
    alignment,
    pairing: work.pairing(),
    segments,
    cumulative: work.cumulative.layers(),
    outputs: compared,
    samples: sample,
    findings,
  })
  return {
    schema: 1,
    tool: { name: 'coreml-parity', version: VERSION },
    ...(!options.reproducible && { created: new Date().toISOString() }),
    command: options.command ?? `parity check ${options.source} ${options.target}`,
    source: { ...describe(source), values: alignment.source.results.length, runtime: sessions.source.runtime },
    target: { ...describe(target), values: alignment.target.results.length, precision: sessions.authored.precision, ...profileOf(options) },
    inputs: { samples: sample, mapping: feeds.mapping, preprocessing: feeds.preprocessing },
    outputs: judgement.outputs.map((output, index) =>
      sessions.profiles.size ? { ...output, band: band.of(compared[index]!.pair) } : output,
    ),
    layers: judgement.layers,
    unaligned: { source: unalignedSource(alignment), target: unalignedTarget(alignment) },
    divergence: judgement.divergence,
    findings: judgement.findings,
    verdict: judgement.verdict,
    reasons: judgement.reasons,
    ...(notes.length > 0 && { notes }),
    work: workOf(sessions),
    ...(!options.reproducible && { timings: { total: Math.round(performance.now() - started) } }),
  }
}

function workOf(sessions: Sessions): RunRecord['work'] {
  const done = allSessions(sessions).target.map((session) => session.work())
  const total = (field: 'passes' | 'macs') => done.reduce((sum, work) => sum + work[field], 0)
  return {
    forwardPasses: { source: sessions.sourcePasses(), target: total('passes'), diagnosis: 0 },
    macs: { source: null, target: total('macs'), diagnosis: 0 },
  }
}

const profileOf = ({ computeUnit, flushSubnormals }: CheckOptions): Pick<TargetModel, 'computeUnit' | 'flushSubnormals'> => ({
  ...(computeUnit && { computeUnit }),
  ...(flushSubnormals && { flushSubnormals }),
})

const describe = (model: Model) => ({ path: model.path, format: model.format, sha256: model.sha256(), ops: model.graph.nodes.length })

interface Preparation {
  source: Model
  target: Model
  sessions: Sessions
  options: CheckOptions
  values: Map<string, Tensor>
  targetFeeds: Record<string, Tensor>
  targetInputs: Map<string, Tensor>
  mapping: readonly { source: string; target: string }[]
  map: readonly (readonly [string, string])[]
}

/** Aligns on the first sample, and sets up what the samples are compared with. */
async function prepareComparison({ source, target, sessions, options, values, targetFeeds, targetInputs, mapping, map }: Preparation) {
  const tolerance = storesReduced(target.graph) || storesReduced(source.graph) ? EQUALITY.reduced : EQUALITY.float32
  const valueOfInput = (model: Model, name: string) => model.inputs.find((input) => input.name === name)?.value ?? name
  const alignment = await align({
    source: source.graph,
    target: target.graph,
    sourceValues: values,
    targetInputs,
    inputs: mapping.map((pair) => {
      const feature = target.inputs.find(({ name }) => name === pair.target)
      const raw = feature?.image !== undefined && feature.image.preprocessing === undefined
      return { source: valueOfInput(source, pair.source), target: valueOfInput(target, pair.target), raw }
    }),
    tolerance,
    async runTarget(tap, feed) {
      await sessions.wide.run(targetFeeds, { fetch: [], tap, feed })
    },
  })
  const outputs = target.outputs.filter(({ kind }) => kind !== 'label')
  const tolerances = options.tolerances ?? []
  const pairings: OutputPairing[] = []
  const { wide, authored, sourceRounding } = sessions
  return {
    alignment,
    /** Known once the first sample has been observed. */
    pairing: () => pairings[0]!,
    cumulative: compareCumulatively({
      wide,
      authored,
      sourceRounding,
      pairs: alignment.pairs.filter((pair) => !source.graph.inputs.includes(pair.source)),
      outputValues: outputs.map(valueNameOf),
      pairOutputs(shown) {
        const targetValues = new Map([...targetInputs, ...shown])
        const pairing = pairOutputs({
          source: source.outputs,
          target: outputs,
          sourceValues: values,
          targetValues,
          alignment,
          map: new Map(map),
          tolerance,
        })
        checkTolerances(tolerances, pairing.pairs)
        pairings.push(pairing)
        return pairing.pairs
      },
      toleranceOf({ source: from, target: to }) {
        const own = tolerances.find(({ output }) => output === from.name || output === to.name)
        const given = own ?? tolerances.find(({ output }) => output === undefined)
        return given && { atol: given.atol, rtol: given.rtol }
      },
    }),
    isolation: isolateSegments({
      wide,
      authored,
      sourceRounding,
      pairs: alignment.pairs,
      isHalf: (value) => target.graph.values.get(value)?.dtype === 'float16',
    }),
  }
}

function checkTolerances(tolerances: readonly { output?: string }[], pairs: readonly OutputPair[]): void {
  for (const { output } of tolerances) {
    if (output === undefined || pairs.some(({ source, target }) => source.name === output || target.name === output)) continue
    throw new ParityError('USAGE_TOLERANCE', {
      what: `--tolerance names an output '${output}' that is not compared`,
      remedy: `Compared are ${pairs.map(({ source, target }) => `'${source.name}' with '${target.name}'`).join(', ') || 'none'}`,
    })
  }
}

function inferredFinding(target: Model): Finding {
  const name = target.inputs.find(({ kind }) => kind === 'image')?.name ?? target.inputs[0]?.name ?? ''
  return {
    cause: 'preprocessing-inferred',
    severity: 'note',
    side: 'inputs',
    op: { name, type: 'input' },
    value: name,
    also: [],
    detail: "the source's preprocessing was not given and was taken from the target's image input",
    evidence: { error: 0, afterFix: null, floor: 0 },
    confidence: 1,
    remedy: 'Give --scale, --bias, --order and --layout as the source was trained, or the source its own arrays',
  }
}
