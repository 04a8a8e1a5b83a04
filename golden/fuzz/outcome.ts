/** What becomes of a model: it is read, inspected and run once on random data. */
import { inspect, ParityError, runModel } from '../../src/index.js'

export interface Outcome {
  /** 'runs', a ParityError's code, or 'bug' for anything else that was thrown. */
  result: string
  message: string
}

/** What a mutant may take, in MB and in billions of products and elements: many of them loop without end. */
const LIMITS = { memoryLimit: 512, workLimit: 2 }

export async function outcomeOf(path: string): Promise<Outcome> {
  try {
    await inspect(path)
    for await (const _ of runModel({ model: path, random: { count: 1, seed: 0 }, ...LIMITS }));
    return { result: 'runs', message: '' }
  } catch (error) {
    const { code } = error as { code?: string }
    if (error instanceof ParityError) return { result: code!, message: error.message }
    return { result: 'bug', message: error instanceof Error ? (error.stack ?? error.message) : String(error) }
  }
}
