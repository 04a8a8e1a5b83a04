/**
 * Time and memory of a whole `parity check`: `npm run bench`, or `node dist/bench/check.js SOURCE TARGET SAMPLES`.
 */
import { spawnSync } from 'node:child_process'
import { join, relative } from 'node:path'
import { machine, median, table } from './table.js'

const RUNS = 5
const ROOT = join(import.meta.dirname, '../..')
const PROGRAM = join(ROOT, 'dist/src/cli/main.js')

const golden = (path: string): string => join(ROOT, 'golden', path)

const PAIRS: readonly (readonly [source: string, target: string, samples: string])[] = [
  ['digits/digits.tflite', 'digits/digits_image.mlmodel', 'digits/samples'],
  ['nets/residual/source.tflite', 'nets/residual/prog16.mlpackage', 'nets/residual/samples.npz'],
  ['nets/style/source.tflite', 'nets/style/prog16.mlpackage', 'nets/style/samples.npz'],
  ['nets/unet/source.tflite', 'nets/unet/prog16.mlpackage', 'nets/unet/samples.npz'],
  ['nets/transformer/source.tflite', 'nets/transformer/prog32.mlpackage', 'nets/transformer/samples.npz'],
]

/** Loaded into the measured process: at its end it says what it took, on the third stream. */
const METER = `data:text/javascript,${encodeURIComponent(
  'import { writeSync } from "node:fs"; process.on("exit", () => { const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage(); writeSync(3, JSON.stringify({ cpu: (userCPUTime + systemCPUTime) / 1e6, peak: maxRSS / 1024 })) })',
)}`

interface Cost {
  /** Seconds. */
  wall: number
  cpu: number
  /** MiB. */
  peak: number
}

function costOf(args: readonly string[]): Cost {
  const start = performance.now()
  const { status, stderr, output } = spawnSync(process.execPath, ['--import', METER, PROGRAM, 'check', ...args, '--quiet'], {
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
    encoding: 'utf8',
  })
  const wall = (performance.now() - start) / 1000
  if (status !== 0 && status !== 1) throw new Error(stderr)
  return { wall, ...(JSON.parse(output[3]!) as { cpu: number; peak: number }) }
}

const given = process.argv.slice(2)
if (given.length !== 0 && given.length !== 3) throw new Error('usage: node dist/bench/check.js [SOURCE TARGET SAMPLES]')
const pairs = given.length
  ? [given as [string, string, string]]
  : PAIRS.map(([source, target, samples]) => [source, target, samples].map(golden))

const rows = pairs.map(([source, target, samples]) => {
  const costs = Array.from({ length: RUNS }, () => costOf([source!, target!, '--inputs', samples!]))
  const figure = (key: keyof Cost): number => median(costs.map((cost) => cost[key]))
  return [
    given.length ? target! : relative(golden(''), target!),
    figure('wall').toFixed(2),
    figure('cpu').toFixed(2),
    figure('peak').toFixed(0),
  ]
})
console.log(`${machine()}, median of ${RUNS}\n\n${table(['parity check', 'wall s', 'CPU s', 'peak MiB'], rows)}`)
