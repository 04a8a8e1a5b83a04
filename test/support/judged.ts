/** Models built in memory, compared and judged as `check` does it with files. */
import type { Tensor } from '../../kernels/tensor.js'
import { compareModels } from '../../src/api/compare.js'
import type { CheckOptions } from '../../src/api/options.js'
import { allSessions, openSessions } from '../../src/api/sessions.js'
import type { Model } from '../../src/graph/model.js'
import type { PreparedFeeds } from '../../src/inputs/feeds.js'
import { type Judgement, judge } from '../../src/verdict/judge.js'
import { DEFAULT_POLICY, type Policy } from '../../src/verdict/policy.js'

export interface JudgedOptions {
  options?: Partial<CheckOptions>
  policy?: Partial<Policy>
  map?: readonly (readonly [string, string])[]
}

/** Both models take the samples as they are, input by input of one name. */
export async function judgeModels(
  source: Model,
  target: Model,
  samples: readonly Record<string, Tensor>[],
  { options = {}, policy = {}, map = [] }: JudgedOptions = {},
): Promise<Judgement> {
  const all: CheckOptions = { source: source.path, target: target.path, ...options }
  const sessions = await openSessions(source, target, all)
  const named = samples.map((feeds, i) => ({ name: `sample#${i}`, source: feeds, target: feeds }))
  const feeds: PreparedFeeds = {
    count: named.length,
    names: named.map(({ name }) => name),
    load: (index) => named[index]!,
    samples: named,
    notes: [],
    mapping: source.inputs.map(({ name }) => ({ source: name, target: name, by: 'name' })),
    preprocessing: { inferred: false },
    inferred: [],
  }
  try {
    const { measured } = await compareModels({ source, target, sessions, feeds, map, options: all }, [])
    return judge(measured, { ...DEFAULT_POLICY, ...policy })
  } finally {
    const { source: own, target: others } = allSessions(sessions)
    await Promise.all([own, ...others].map((session) => session.close()))
  }
}
