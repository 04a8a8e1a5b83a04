/** The import rules, as tables. CONTRIBUTING.md has the order for people, docs/architecture.md the reasons. */
import type { CircleRule, ComputedRule, DoorRule, OrderRules, PackageRule } from './check.js'

/** Folders whose source files the rules hold for. */
export const FOLDERS = ['src', 'kernels', 'proto', 'reports']

export const ORDER: OrderRules = {
  ranks: [
    ['proto', 'kernels', 'src/record'],
    ['src/graph'],
    ['src/formats', 'src/inputs'],
    ['src/runners'],
    ['src/align'],
    ['src/compare'],
    ['src/diagnose'],
    ['src/verdict'],
    ['src/api'],
    ['src/index.ts'],
    ['src/cli'],
  ],
  aside: { reports: ['src/record'] },
  also: { 'src/cli': ['reports'] },
}

/** What compares and judges knows `Session`, not a runner. */
export const DOORS: readonly DoorRule[] = [
  {
    module: 'src/runners',
    files: ['src/runners/session.ts'],
    importers: ['src/align', 'src/compare', 'src/diagnose', 'src/verdict'],
  },
]

/** A place that has no row imports none. */
export const PACKAGES: readonly PackageRule[] = [
  { place: 'kernels', packages: ['ndarray'] },
  { place: 'proto/coreml', packages: ['protobufjs'] },
  { place: 'proto/coreml/generate.mjs', packages: ['node:fs', 'node:url', 'protobufjs', 'protobufjs-cli'], development: true },
  { place: 'proto/tflite/generate.mjs', packages: ['node:fs', 'node:url'], development: true },
  { place: 'src/formats', packages: ['fflate', 'node:crypto', 'node:fs', 'node:path'] },
  { place: 'src/formats/tflite', packages: ['fflate', 'node:crypto'] },
  { place: 'src/formats/coreml', packages: ['node:fs', 'node:path', 'protobufjs'] },
  { place: 'src/inputs', packages: ['fast-png', 'fflate', 'jpeg-js', 'node:fs', 'node:path', 'node:zlib'] },
  { place: 'src/runners/limits.ts', packages: ['node:os'] },
  { place: 'src/runners/coreml', packages: ['node:path', 'node:url'] },
  {
    place: 'src/runners/tfjs',
    packages: ['@tensorflow/tfjs-backend-cpu', '@tensorflow/tfjs-backend-wasm', '@tensorflow/tfjs-core', '@tensorflow/tfjs-node'],
  },
  { place: 'src/api', packages: ['node:fs', 'node:path'] },
  { place: 'src/cli', packages: ['node:crypto', 'node:fs', 'node:path', 'yargs'] },
  { place: 'reports', packages: ['cli-table3'] },
]

export const COMPUTED: readonly ComputedRule[] = [
  {
    file: 'src/runners/tfjs/backend.ts',
    expression: 'row.module',
    packages: ['@tensorflow/tfjs-backend-cpu', '@tensorflow/tfjs-backend-wasm', '@tensorflow/tfjs-node'],
    reason: 'a backend is loaded by its row of the table, and only when somebody asks for it',
  },
  {
    file: 'src/runners/coreml/custom.ts',
    expression: 'pathToFileURL(resolve(path)).href',
    packages: [],
    reason: "the user's own modules for custom layers",
  },
  { file: 'proto/coreml/generate.mjs', expression: 'path', packages: [], reason: 'files of its own folder' },
]

/** Debts: each goes when what both sides need stands in a file of its own. */
export const CIRCLES: readonly CircleRule[] = []
