/** Aligns two models, on the first sample, and on further ones where that one leaves something unsaid. */
import type { Tensor } from '../../kernels/tensor.js'
import { type AlignedRun, type Alignment, align } from '../align/align.js'
import { withPairsOf } from '../align/merge.js'
import type { Model } from '../graph/model.js'
import type { PreparedFeeds } from '../inputs/feeds.js'
import { observeSource } from './observe.js'
import type { Sessions } from './sessions.js'

export interface Aligned {
  source: Model
  target: Model
  sessions: Sessions
  feeds: PreparedFeeds
}

/** What a sample is on either side. */
export interface AlignedSample {
  /** Values of the source, its inputs among them, in real units. */
  values: ReadonlyMap<string, Tensor>
  targetFeeds: Record<string, Tensor>
  /** The target's inputs as its graph sees them. */
  targetInputs: ReadonlyMap<string, Tensor>
}

/** Samples that are aligned at most. */
const MOST_SAMPLES = 4

/** `equality`: largest difference, relative to the largest magnitude, at which numbers count as the same. `run`: on the first sample. */
export async function alignModels(
  models: Aligned,
  equality: number,
  first: AlignedSample,
): Promise<{ alignment: Alignment; run: AlignedRun }> {
  const { source, sessions, feeds, target } = models
  let { alignment, run } = await alignSample(models, equality, first)
  for (let index = 1; index < Math.min(feeds.count, MOST_SAMPLES) && alignment.silent.length > 0; index++) {
    const pair = feeds.load(index)
    const { values } = await observeSource(source, sessions, pair.source)
    const targetInputs = await sessions.wide.run(pair.target, { fetch: target.graph.inputs })
    const further = await alignSample(models, equality, { values, targetFeeds: pair.target, targetInputs })
    alignment = withPairsOf(alignment, further.alignment)
  }
  return { alignment, run }
}

function alignSample(
  { source, target, sessions, feeds }: Aligned,
  tolerance: number,
  { values, targetFeeds, targetInputs }: AlignedSample,
): Promise<{ alignment: Alignment; run: AlignedRun }> {
  const valueOfInput = (model: Model, name: string) => model.inputs.find((input) => input.name === name)?.value ?? name
  return align({
    source: source.graph,
    target: target.graph,
    sourceValues: values,
    targetInputs,
    inputs: feeds.mapping.map((pair) => {
      const feature = target.inputs.find(({ name }) => name === pair.target)
      const raw = feature?.image !== undefined && feature.image.preprocessing === undefined
      return { source: valueOfInput(source, pair.source), target: valueOfInput(target, pair.target), raw }
    }),
    tolerance,
    async runTarget(tap, feed) {
      await sessions.wide.run(targetFeeds, { fetch: [], tap, feed })
    },
  })
}
