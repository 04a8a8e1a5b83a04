/** The checker itself, on small made-up sources: it finds what breaks a rule, and is silent where the rule is kept. */
import { describe, expect, it } from 'vitest'
import {
  type CircleRule,
  type ComputedRule,
  circleProblems,
  computedProblems,
  type DoorRule,
  doorProblems,
  manifestProblems,
  mayImport,
  type OrderRules,
  orderProblems,
  type PackageRule,
  packageProblems,
} from './check.js'
import { parseFile, type Sources } from './imports.js'
import { ORDER } from './rules.js'

/** Sources by path; imports name TypeScript files as they lie here. */
const sourcesOf = (files: Record<string, string>): Sources =>
  new Map(Object.entries(files).map(([path, text]) => [path, parseFile(path, text)]))

const LOW = { 'low/a.ts': 'export const a = 1' }
const RULES: OrderRules = {
  ranks: [['low'], ['left', 'right'], ['high', 'high/only.ts']],
  aside: { view: ['low'] },
  also: { high: ['view'] },
}
const CLEAN = {
  ...LOW,
  'left/a.ts': "import '../low/a.ts'",
  'right/a.ts': "export * from './b.ts'",
  'right/b.ts': '',
  'view/a.ts': "import type { A } from '../low/a.ts'",
  'high/a.ts': "import '../view/a.ts'\nimport '../left/a.ts'",
  'high/only.ts': '',
}

describe('the order', () => {
  const problems = (files: Record<string, string>, rules = RULES) => orderProblems(sourcesOf(files), rules, (path) => path in files)

  it('holds', () => {
    expect(problems(CLEAN)).toEqual([])
  })

  it.each<[string, Record<string, string>, string]>([
    ['upwards', { 'low/a.ts': "import '../left/a.ts'" }, 'low/a.ts:1 imports left/a.ts: low may not import left'],
    ['a type upwards', { 'low/a.ts': "let a: import('../left/a.ts').A" }, 'low/a.ts:1 imports left/a.ts: low may not import left'],
    ['sideways', { 'right/b.ts': "\nexport * from '../left/a.ts'" }, 'right/b.ts:2 imports left/a.ts: right may not import left'],
    ['from aside', { 'view/b.ts': "import '../left/a.ts'" }, 'view/b.ts:1 imports left/a.ts: view may not import left'],
    ['aside', { 'left/b.ts': "import '../view/a.ts'" }, 'left/b.ts:1 imports view/a.ts: left may not import view'],
    ['a file of its own', { 'high/b.ts': "import './only.ts'" }, 'high/b.ts:1 imports high/only.ts: high may not import high/only.ts'],
    [
      'a file outside',
      { 'high/b.ts': "import '../other/a.ts'", 'other/a.ts': '' },
      'high/b.ts:1 imports other/a.ts, which belongs to no module',
    ],
    ['nothing', { 'high/b.ts': "import './c.ts'" }, 'high/b.ts:1 imports high/c.ts, which is not there'],
  ])('finds an import of %s', (_, files, problem) => {
    expect(problems({ ...CLEAN, ...files })).toContain(problem)
  })

  it('finds a file outside every module, however alike its name', () => {
    expect(problems({ ...CLEAN, 'lower/a.ts': '' })).toEqual(['lower/a.ts belongs to no module'])
  })

  it('finds rows that nothing needs', () => {
    const rules = { ranks: [...RULES.ranks, ['gone']], aside: { view: ['low', 'left'] }, also: { high: ['view'], right: ['view'] } }
    expect(problems(CLEAN, rules)).toEqual([
      'module gone holds no file',
      'view does not import left, as it may',
      'right does not import view, as it may',
    ])
  })

  it.each([
    ['src/compare', 'src/align', true],
    ['src/align', 'src/compare', false],
    ['src/formats', 'src/inputs', false],
    ['kernels', 'src/graph', false],
    ['kernels', 'proto', false],
    ['reports', 'src/record', true],
    ['reports', 'kernels', false],
    ['src/diagnose', 'src/compare', true],
    ['src/diagnose', 'src/verdict', false],
    ['src/index.ts', 'reports', false],
    ['src/index.ts', 'src/api', true],
    ['src/cli', 'reports', true],
    ['src/graph', 'src/cli', false],
  ])('of this project: %s → %s: %s', (from, to, allowed) => {
    expect(mayImport(ORDER, from, to)).toBe(allowed)
  })
})

describe('doors', () => {
  const door: DoorRule = { module: 'low', files: ['low/a.ts'], importers: ['high'] }
  const files = { ...LOW, 'low/b.ts': '', 'left/a.ts': "import '../low/b.ts'", 'high/a.ts': "import '../low/a.ts'" }

  it('are used, and whom the rule does not name goes where they like', () => {
    expect(doorProblems(sourcesOf(files), [door])).toEqual([])
  })

  it('are passed by', () => {
    expect(doorProblems(sourcesOf({ ...files, 'high/b.ts': "import type { B } from '../low/b.ts'" }), [door])).toEqual([
      'high/b.ts:1 imports low/b.ts: of low it may import low/a.ts',
    ])
  })

  it('are stale', () => {
    const rules = [{ ...door, files: ['low/a.ts', 'low/c.ts'], importers: ['high', 'gone'] }]
    expect(doorProblems(sourcesOf(files), rules)).toEqual(['door low/c.ts of low: nobody uses it', 'door of low: gone holds no file'])
  })
})

const COMPUTED: ComputedRule[] = [{ file: 'high/x/a.ts', expression: 'name', packages: ['yargs'], reason: 'a table of names' }]
const PACKAGES: PackageRule[] = [
  { place: 'high', packages: ['fflate', 'node:fs'] },
  { place: 'high/x', packages: ['yargs'] },
  { place: 'high/make.mjs', packages: ['vitest'], development: true },
]
const USERS = {
  ...LOW,
  'high/a.ts': "import 'fflate'\nimport 'node:fs/promises'",
  'high/x/a.ts': "const name = 'yargs'\nimport(name)",
  'high/make.mjs': "import 'vitest'",
}

describe('packages', () => {
  const problems = (files: Record<string, string>, rules = PACKAGES) => packageProblems(sourcesOf(files), rules, COMPUTED)

  it('are those of the tables', () => {
    expect(problems(USERS)).toEqual([])
  })

  it.each<[string, Record<string, string>, string]>([
    ['where no row is', { 'low/b.ts': "import 'fflate'" }, 'low/b.ts:1 imports fflate: it may not import this package'],
    ['of a narrower place', { 'high/b.ts': "import 'yargs'" }, 'high/b.ts:1 imports yargs: high may not import this package'],
    ['of a wider place', { 'high/x/b.ts': "import 'fflate'" }, 'high/x/b.ts:1 imports fflate: high/x may not import this package'],
    ['of Node', { 'high/b.ts': "import type { Stats } from 'node:os'" }, 'high/b.ts:1 imports node:os: high may not import this package'],
    ['of Node under its short name', { 'high/b.ts': "import 'fs'" }, 'high/b.ts:1 imports fs: high may not import this package'],
  ])('finds one %s', (_, files, problem) => {
    expect(problems({ ...USERS, ...files })).toEqual([problem])
  })

  it('finds rows that nothing needs', () => {
    expect(problems({ ...USERS, 'high/x/a.ts': '' })).toEqual(['high/x does not import yargs, as it may'])
    expect(problems(USERS, [...PACKAGES, { place: 'low', packages: ['ajv'] }])).toEqual(['low does not import ajv, as it may'])
  })
})

describe('computed imports', () => {
  it('have a reason', () => {
    expect(computedProblems(sourcesOf(USERS), COMPUTED)).toEqual([])
  })

  it('have none, though another of the same file has one', () => {
    const files = { ...USERS, 'high/x/a.ts': "const name = 'yargs'\nimport(name)\nimport(other)" }
    expect(computedProblems(sourcesOf(files), COMPUTED)).toEqual(['high/x/a.ts:3 imports whatever other is'])
  })

  it('finds rows that nothing needs', () => {
    expect(computedProblems(sourcesOf({ ...USERS, 'high/x/a.ts': "import('yargs')" }), COMPUTED)).toEqual([
      'high/x/a.ts does not import name, as it may',
    ])
    expect(computedProblems(sourcesOf({ ...USERS, 'high/x/a.ts': 'import(name)' }), COMPUTED)).toEqual([
      'high/x/a.ts does not name yargs, which name may be',
    ])
  })
})

describe('circles', () => {
  const line = {
    'low/a.ts': "import './b.ts'",
    'low/b.ts': "import './c.ts'",
    'low/c.ts': '',
    'low/d.ts': "import './a.ts'\nimport './b.ts'",
  }
  const round = { ...line, 'low/c.ts': "import type { A } from './a.ts'" }
  const known: CircleRule[] = [{ files: ['low/c.ts', 'low/a.ts', 'low/b.ts'], reason: 'a debt' }]

  it('are none where two ways lead to one file', () => {
    expect(circleProblems(sourcesOf(line), [])).toEqual([])
  })

  it('are closed by a type, and by a file that imports itself', () => {
    expect(circleProblems(sourcesOf(round), [])).toEqual(['these files import each other: low/a.ts, low/b.ts, low/c.ts'])
    expect(circleProblems(sourcesOf({ 'low/a.ts': "export * from './a.ts'" }), [])).toEqual(['these files import each other: low/a.ts'])
  })

  it('may be known, and no larger than that', () => {
    expect(circleProblems(sourcesOf(round), known)).toEqual([])
    const larger = { ...round, 'low/c.ts': "import './d.ts'" }
    expect(circleProblems(sourcesOf(larger), known)).toEqual([
      'these files import each other: low/a.ts, low/b.ts, low/c.ts, low/d.ts',
      'these files are no circle of their own: low/a.ts, low/b.ts, low/c.ts',
    ])
  })

  it('are stale', () => {
    expect(circleProblems(sourcesOf(line), known)).toEqual(['these files are no circle of their own: low/a.ts, low/b.ts, low/c.ts'])
  })

  it('are told apart where one leads to the other', () => {
    const two = { ...round, 'low/e.ts': "import './f.ts'", 'low/f.ts': "import './e.ts'\nimport './a.ts'" }
    expect(circleProblems(sourcesOf(two), known)).toEqual(['these files import each other: low/e.ts, low/f.ts'])
  })
})

describe('package.json', () => {
  const problems = (dependencies: string[], peerDependencies: string[] = []) =>
    manifestProblems(sourcesOf(USERS), PACKAGES, COMPUTED, { dependencies, peerDependencies })

  it('declares what is imported, what runs in development aside', () => {
    expect(problems(['fflate', 'yargs'])).toEqual([])
    expect(problems(['fflate'], ['yargs'])).toEqual([])
  })

  it('lacks a package, or has one too many', () => {
    expect(problems(['fflate'])).toEqual(['yargs is imported but no dependency'])
    expect(problems(['fflate', 'vitest', 'yargs'])).toEqual(['dependency vitest is not imported'])
  })
})
