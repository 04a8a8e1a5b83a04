/** Runs one model on samples and gives back what was asked for. */
import type { Tensor } from '../../kernels/tensor.js'
import { openModel } from '../formats/index.js'
import type { Model } from '../graph/model.js'
import { type PreprocessingOptions, prepareModelFeeds } from '../inputs/feeds.js'
import { createSession, refuseUnsupported } from '../runners/index.js'
import type { SessionOptions } from '../runners/session.js'

export interface RunModelOptions extends SessionOptions {
  model: string
  /** Files or folders. */
  inputs?: string[]
  random?: { count: number; seed: number }
  /** How pixels become the model's input. */
  preprocessing?: PreprocessingOptions
  /** @default 'outputs' */
  fetch?: 'outputs' | 'all' | string[]
  /** Told remarks about the model and the samples, once all samples have run or one has failed. */
  onNote?: (note: string) => void
}

export interface SampleValues {
  index: number
  /** Number of samples. */
  count: number
  /** The file, or the file and the index within it. */
  name: string
  values: Map<string, Tensor>
}

/** Sample by sample, so that the values of one are in memory at a time. @throws ParityError of every kind. */
export async function* runModel({ model: path, ...options }: RunModelOptions): AsyncGenerator<SampleValues, void, undefined> {
  const model = await openModel(path)
  try {
    yield* runOpened(model, options)
  } finally {
    model.close()
  }
}

async function* runOpened(
  model: Model,
  { inputs, random, preprocessing, fetch = 'outputs', onNote, ...sessionOptions }: Omit<RunModelOptions, 'model'>,
): AsyncGenerator<SampleValues, void, undefined> {
  // values that are named may need less than the whole model
  if (!Array.isArray(fetch)) await refuseUnsupported([model], sessionOptions)
  const session = await createSession(model, sessionOptions)
  try {
    const samples = prepareModelFeeds({ model, inputs, random, preprocessing })
    let index = 0
    try {
      for (const { name, feeds } of samples.samples) {
        session.state.reset()
        yield { index: index++, count: samples.count, name, values: await session.run(feeds, { fetch }) }
      }
    } finally {
      for (const note of [...model.notes, ...samples.notes]) onNote?.(note)
    }
  } finally {
    await session.close()
  }
}
