/**
 * Changes fields of models and tries each: `npm run fuzz -- [--count N] [--from SEED] [--json FILE] [MODEL|FOLDER…]`, golden/ by default.
 *
 * Every case is a base model and a seed, so that it can be made again. A process of its own tries them, and is ended where a case takes
 * longer or more memory than is allowed. Exit code 1 where anything but a result or a ParityError came of a case.
 */
import { type ChildProcess, fork } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { modelsBelow } from './bases.js'
import type { Case, Report } from './worker.js'

/** Milliseconds of the processor that a case may take, and of the clock where it waits for something. */
const LONGEST = 10_000
const LONGEST_WAIT = 120_000
/** MiB that the process may hold. */
const LARGEST = 2048
/** Milliseconds between two looks at the process's memory. */
const LOOK = 50

interface Result extends Case {
  result: string
  message: string
  changes: string[]
  /** Milliseconds of the processor. */
  ms: number
  /** MiB of the process at its peak so far. */
  peak: number
}

/** Milliseconds of the processor that a process has had, where the system tells (Linux): others may keep the machine busy. */
function processorOf(pid: number): number {
  try {
    const [user, system] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)!.split(' ').slice(11, 13).map(Number)
    return 10 * (user! + system!)
  } catch {
    return 0
  }
}

/** Resident MiB of a process, where the system tells (Linux). */
function residentOf(pid: number): number {
  try {
    return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024
  } catch {
    return 0
  }
}

const startWorker = (): Promise<ChildProcess> =>
  new Promise((resolve) => {
    const worker = fork(join(import.meta.dirname, 'worker.js'), { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
    worker.once('message', () => resolve(worker))
  })

/** Tries one case; the worker is dead afterwards where the case ended it. */
function tryCase(worker: ChildProcess, { base, seed }: Case): Promise<Result> {
  return new Promise((resolve) => {
    const start = performance.now()
    const before = processorOf(worker.pid!)
    let ms = 0
    let changes: string[] = []
    let peak = 0
    const end = (result: string, message: string) => {
      clearInterval(timer)
      ms = processorOf(worker.pid!) - before
      worker.removeAllListeners()
      resolve({ base, seed, result, message, changes, ms, peak: Math.round(peak) })
    }
    const stop = (result: string, message: string) => {
      end(result, message)
      worker.kill('SIGKILL')
    }
    const timer = setInterval(() => {
      peak = Math.max(peak, residentOf(worker.pid!))
      if (peak > LARGEST) stop('too large', `more than ${LARGEST} MiB`)
      else if (processorOf(worker.pid!) - before > LONGEST) stop('too long', `more than ${LONGEST / 1000} s of the processor`)
      else if (performance.now() - start > LONGEST_WAIT) stop('too long', `more than ${LONGEST_WAIT / 1000} s`)
    }, LOOK)
    worker.on('message', (report: Report) => {
      if (report.kind === 'made') changes = report.changes
      if (report.kind !== 'done') return
      peak = report.peak
      end(report.result, report.message)
    })
    worker.on('exit', (code, signal) => end('died', `exit ${code ?? signal}`))
    worker.send({ base, seed })
  })
}

const FAULTS = new Set(['bug', 'too long', 'too large', 'died'])

function summary(results: readonly Result[]): string {
  const counts = new Map<string, number>()
  for (const { result } of results) counts.set(result, (counts.get(result) ?? 0) + 1)
  const classes = [...counts].sort((a, b) => b[1] - a[1]).map(([result, count]) => `${String(count).padStart(7)}  ${result}`)
  const slowest = results.reduce((a, b) => (b.ms > a.ms ? b : a))
  const largest = results.reduce((a, b) => (b.peak > a.peak ? b : a))
  return [
    `${results.length} mutants`,
    ...classes,
    `slowest ${slowest.ms} ms: ${slowest.base}, seed ${slowest.seed}`,
    `largest ${largest.peak} MiB: ${largest.base}, seed ${largest.seed}`,
  ].join('\n')
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { count: { type: 'string', default: '1000' }, from: { type: 'string', default: '0' }, json: { type: 'string' } },
})
const bases = (positionals.length > 0 ? positionals : ['golden']).flatMap(modelsBelow)
const results: Result[] = []
let worker = await startWorker()
for (let i = 0; i < Number(values.count); i++) {
  const seed = Number(values.from) + i
  if (worker.exitCode !== null || worker.killed) worker = await startWorker()
  const result = await tryCase(worker, { base: bases[seed % bases.length]!, seed })
  results.push(result)
  if (FAULTS.has(result.result)) process.stdout.write(`${JSON.stringify(result)}\n`)
  if (results.length % 1000 === 0) process.stderr.write(`${results.length} of ${values.count}\n`)
}
worker.kill()
process.stdout.write(`${summary(results)}\n`)
if (values.json !== undefined) writeFileSync(values.json, results.map((result) => `${JSON.stringify(result)}\n`).join(''))
process.exitCode = results.some(({ result }) => FAULTS.has(result)) ? 1 : 0
