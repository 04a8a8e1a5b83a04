/** The import rule of docs/architecture.md, as data. */
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'

const ROOT = resolve(import.meta.dirname, '..')

/** Modules by rank: each may import itself and those of a lower rank; modules of one rank do not know each other. */
const RANKS = [
  ['proto', 'kernels', 'src/record'],
  ['src/graph'],
  ['src/formats', 'src/inputs'],
  ['src/runners'],
  ['src/align'],
  ['src/compare'],
  ['src/faults', 'src/diagnose'],
  ['src/verdict'],
  ['src/api'],
  ['src'],
  ['src/cli'],
]

/** Modules that stand outside the ranks, and all that they may import besides themselves. */
const ASIDE: Record<string, string[]> = { reports: ['src/record'] }

/** Modules that may import further ones from aside the ranks. */
const ALSO: Record<string, string[]> = { 'src/cli': ['reports'] }

const MODULES = [...RANKS.flat(), ...Object.keys(ASIDE)].sort((a, b) => b.length - a.length)
const MEGABYTE = 1e6

function moduleOf(path: string): string {
  const found = MODULES.find((name) => path.startsWith(`${name}/`))
  if (found === undefined) throw new Error(`${path} belongs to no module of the import rule`)
  return found
}

function mayImport(from: string, to: string): boolean {
  if (from === to || ALSO[from]?.includes(to)) return true
  const allowed = ASIDE[from]
  if (allowed) return allowed.includes(to)
  const rankOf = (name: string) => RANKS.findIndex((rank) => rank.includes(name))
  return rankOf(to) >= 0 && rankOf(to) < rankOf(from)
}

const filesUnder = (folder: string): string[] =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => statSync(join(ROOT, path)).isFile())

/** Relative paths that a source file names in `import … from`, `export … from`, `import()` and `new URL(…, import.meta.url)`. */
function importsOf(path: string): string[] {
  const text = readFileSync(join(ROOT, path), 'utf8')
  const pattern = /(?:\bfrom|\bimport)\s*\(?\s*['"](\.{1,2}\/[^'"]+)['"]|new URL\(\s*['"](\.{1,2}\/[^'"]+)['"]\s*,\s*import\.meta\.url/g
  return [...text.matchAll(pattern)].map((match) => relative(ROOT, resolve(ROOT, dirname(path), (match[1] ?? match[2])!)))
}

const sources = ['src', 'kernels', 'proto', 'reports'].flatMap(filesUnder).filter((path) => /\.[mc]?[tj]s$/.test(path))

describe('imports', () => {
  const imports = sources.flatMap((path) => importsOf(path).map((imported) => ({ path, imported })))

  it('go one way', () => {
    const wrong = imports.filter(({ path, imported }) => !mayImport(moduleOf(path), moduleOf(imported)))
    expect(wrong.map(({ path, imported }) => `${path} imports ${imported}`)).toEqual([])
  })

  it('are found at all', () => {
    expect(imports.length).toBeGreaterThan(50)
  })
})

describe('the import rule', () => {
  it.each([
    ['src/compare', 'src/align', true],
    ['src/align', 'src/compare', false],
    ['src/formats', 'src/inputs', false],
    ['kernels', 'src/graph', false],
    ['kernels', 'proto', false],
    ['reports', 'src/record', true],
    ['reports', 'kernels', false],
    ['src', 'reports', false],
    ['src', 'src/api', true],
    ['src/cli', 'reports', true],
    ['src/graph', 'src/cli', false],
  ])('%s → %s: %s', (from, to, allowed) => {
    expect(mayImport(from, to)).toBe(allowed)
  })
})

it('no file is above 2 MB', () => {
  const all = ['src', 'kernels', 'proto', 'reports', 'golden', 'test', 'docs', 'bench', 'scripts'].flatMap(filesUnder)
  expect(all.filter((path) => statSync(join(ROOT, path)).size > 2 * MEGABYTE)).toEqual([])
})
