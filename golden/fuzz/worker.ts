/** The process that takes the harm: for each case that it is sent it writes the mutant, tries it, and sends back what became of it. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { writeMutant } from './bases.js'
import { type Outcome, outcomeOf } from './outcome.js'

export interface Case {
  base: string
  seed: number
}

export type Report = { kind: 'ready' } | { kind: 'made'; changes: string[] } | ({ kind: 'done'; peak: number } & Outcome)

const send = (report: Report): void => void process.send!(report)

process.on('message', async ({ base, seed }: Case) => {
  const folder = mkdtempSync(join(tmpdir(), 'mutant-'))
  try {
    const { path, changes } = writeMutant(base, seed, folder)
    send({ kind: 'made', changes })
    const outcome = await outcomeOf(path)
    send({ kind: 'done', ...outcome, peak: process.resourceUsage().maxRSS / 1024 })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
send({ kind: 'ready' })
