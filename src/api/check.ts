/** The main job: runs a source beside its Core ML conversion and says whether, where and by how much the two part. */
import { unalignedSource, unalignedTarget, unreadInputs } from '../align/reasons.js'
import { preprocessingFindings } from '../diagnose/preprocessing.js'
import { openModel } from '../formats/index.js'
import { ParityError } from '../graph/errors.js'
import type { Model } from '../graph/model.js'
import { prepareFeeds } from '../inputs/feeds.js'
import type { RunRecord, TargetModel } from '../record/record.js'
import { VERSION } from '../record/version.js'
import { isCoreml } from '../runners/index.js'
import { judge } from '../verdict/judge.js'
import { DEFAULT_POLICY, type Policy } from '../verdict/policy.js'
import { insideBodies } from './bodies.js'
import { compareModels } from './compare.js'
import { labelFindings } from './labels.js'
import { resolveMap } from './map.js'
import type { CheckOptions } from './options.js'
import { allSessions, closeSessions, openSessions, type Sessions } from './sessions.js'

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
    await closeSessions(sessions)
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
  const comparison = { source, target, sessions, feeds, map, options }
  const { measured, band } = await compareModels(comparison, labelFindings(source, target, options.labels))
  const policy = policyOf(options)
  const judgement = judge({ ...measured, findings: [...measured.findings, ...preprocessingFindings(feeds.inferred)] }, policy)
  const findings = await insideBodies(comparison, measured, judgement.findings, policy)
  const { alignment } = measured
  const unread = unreadInputs(alignment, feeds.mapping).map((name) => `nothing that the target outputs depends on its input '${name}'`)
  const notes = [...source.notes, ...target.notes, ...feeds.notes, ...unread]
  return {
    schema: 2,
    tool: { name: 'coreml-parity', version: VERSION },
    ...(!options.reproducible && { created: new Date().toISOString() }),
    command: options.command ?? `parity check ${options.source} ${options.target}`,
    source: { ...describe(source), values: alignment.source.results.length, runtime: sessions.source.runtime },
    target: { ...describe(target), values: alignment.target.results.length, precision: sessions.authored.precision, ...profileOf(options) },
    inputs: { samples: measured.samples, names: [...feeds.names], mapping: feeds.mapping, preprocessing: feeds.preprocessing },
    outputs: judgement.outputs.map((output, index) =>
      sessions.profiles.size ? { ...output, band: band.of(measured.outputs[index]!.pair) } : output,
    ),
    layers: judgement.layers,
    unaligned: { source: unalignedSource(alignment), target: unalignedTarget(alignment) },
    divergence: judgement.divergence,
    findings,
    verdict: judgement.verdict,
    reasons: judgement.reasons,
    ...(notes.length > 0 && { notes }),
    work: { ...workOf(sessions), search: alignment.cost },
    ...(!options.reproducible && { timings: { total: Math.round(performance.now() - started) } }),
  }
}

const policyOf = ({ minSnr, failOn, maxWarnings, tolerances }: CheckOptions): Policy => ({
  minSnr: minSnr ?? DEFAULT_POLICY.minSnr,
  failOn: failOn ?? DEFAULT_POLICY.failOn,
  maxWarnings: maxWarnings ?? DEFAULT_POLICY.maxWarnings,
  tolerances: tolerances ?? DEFAULT_POLICY.tolerances,
})

function workOf(sessions: Sessions): Omit<RunRecord['work'], 'search'> {
  const { source, target } = allSessions(sessions)
  const done = target.map((session) => session.work())
  return {
    forwardPasses: { source: source.work().passes, target: done.reduce((sum, { passes }) => sum + passes, 0), diagnosis: 0 },
    macs: { source: source.work().macs, target: done.reduce((sum, { macs }) => sum + (macs ?? 0), 0), diagnosis: 0 },
  }
}

const profileOf = ({ computeUnit, flushSubnormals }: CheckOptions): Pick<TargetModel, 'computeUnit' | 'flushSubnormals'> => ({
  ...(computeUnit && { computeUnit }),
  ...(flushSubnormals && { flushSubnormals }),
})

const describe = (model: Model) => ({ path: model.path, format: model.format, sha256: model.sha256(), ops: model.graph.nodes.length })
