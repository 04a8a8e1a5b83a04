/** Reporters by the ending of the file they write. To add one: its file here and its line in the table. */
import type { RunRecord } from '../src/record/record.js'
import { json } from './json.js'

export type Reporter = (record: RunRecord) => string | Uint8Array

const REPORTERS: Record<string, Reporter> = {
  '.json': json,
}

/** Endings that have a reporter, in alphabetical order. */
export const reportEndings = (): string[] => Object.keys(REPORTERS).sort()

/** The reporter for a file's name; undefined where its ending has none. */
export function reporterFor(path: string): Reporter | undefined {
  const ending = /\.[^./\\]+$/.exec(path)?.[0].toLowerCase()
  return ending === undefined || !Object.hasOwn(REPORTERS, ending) ? undefined : REPORTERS[ending]
}

export { type TerminalOptions, terminal, terminalOptions } from './terminal.js'
