/** Models built in memory, compared and judged as `check` does it with files. */
import type { Tensor } from '../../kernels/tensor.js'
import { insideBodies } from '../../src/api/bodies.js'
import { compareModels } from '../../src/api/compare.js'
import type { CheckOptions } from '../../src/api/options.js'
import { closeSessions, openSessions } from '../../src/api/sessions.js'
import type { Model } from '../../src/graph/model.js'
import { givenFeeds, type PreparedFeeds, prepareFeeds } from '../../src/inputs/feeds.js'
import { type Judgement, judge } from '../../src/verdict/judge.js'
import { DEFAULT_POLICY, type Policy } from '../../src/verdict/policy.js'

export interface JudgedOptions {
  options?: Partial<CheckOptions>
  policy?: Partial<Policy>
  map?: readonly (readonly [string, string])[]
}

/** Both models take the samples as they are, input by input of one name. */
export function judgeModels(
  source: Model,
  target: Model,
  samples: readonly Record<string, Tensor>[],
  options: JudgedOptions = {},
): Promise<Judgement> {
  const named = samples.map((feeds, i) => ({ name: `sample#${i}`, source: feeds, target: feeds }))
  const feeds = givenFeeds(
    named,
    source.inputs.map(({ name }) => ({ source: name, target: name, by: 'name' })),
  )
  return judgeFeeds(source, target, feeds, options)
}

/** Random samples, as `--random` makes them for the two. */
export const judgeRandomly = (source: Model, target: Model, options: JudgedOptions = {}): Promise<Judgement> =>
  judgeFeeds(source, target, prepareFeeds({ source, target, random: { count: 3, seed: 1 } }), options)

async function judgeFeeds(
  source: Model,
  target: Model,
  feeds: PreparedFeeds,
  { options = {}, policy = {}, map = [] }: JudgedOptions,
): Promise<Judgement> {
  const all: CheckOptions = { source: source.path, target: target.path, ...options }
  const sessions = await openSessions(source, target, all)
  try {
    const comparison = { source, target, sessions, feeds, map, options: all }
    const { measured } = await compareModels(comparison, [])
    const complete = { ...DEFAULT_POLICY, ...policy }
    const judgement = judge(measured, complete)
    return { ...judgement, findings: await insideBodies(comparison, measured, judgement.findings, complete) }
  } finally {
    await closeSessions(sessions)
  }
}
