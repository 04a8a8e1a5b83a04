/** The import rules of rules.ts hold, and no row of theirs is stale. */
import { existsSync, readFileSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { circleProblems, circlesIn, computedProblems, doorProblems, manifestProblems, orderProblems, packageProblems } from './check.js'
import { filesUnder, readSources } from './imports.js'
import { CIRCLES, COMPUTED, DOORS, FOLDERS, ORDER, PACKAGES } from './rules.js'

const ROOT = resolve(import.meta.dirname, '../..')
const MEGABYTE = 1e6

const sources = readSources(ROOT, FOLDERS)
const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as Record<string, Record<string, string>>

describe('imports', () => {
  it('are found at all', () => {
    expect([...sources.values()].flatMap(({ imports }) => imports).length).toBeGreaterThan(500)
  })

  it('go one way', () => {
    expect(orderProblems(sources, ORDER, (path) => existsSync(join(ROOT, path)))).toEqual([])
  })

  it('enter a module through its door', () => {
    expect(doorProblems(sources, DOORS)).toEqual([])
  })

  it('name packages that the module may use', () => {
    expect(packageProblems(sources, PACKAGES, COMPUTED)).toEqual([])
  })

  it('are computed only where a reason is given', () => {
    expect(computedProblems(sources, COMPUTED)).toEqual([])
  })

  it(`make no circle (circles of ${sources.size} files: ${circlesIn(sources).length})`, () => {
    expect(circleProblems(sources, CIRCLES)).toEqual([])
  })

  it('and package.json agree', () => {
    const declared = (field: string) => Object.keys(manifest[field] ?? {})
    const { dependencies, peerDependencies } = { dependencies: declared('dependencies'), peerDependencies: declared('peerDependencies') }
    expect(manifestProblems(sources, PACKAGES, COMPUTED, { dependencies, peerDependencies })).toEqual([])
  })
})

it('no file is above 2 MB', () => {
  const all = ['src', 'kernels', 'proto', 'reports', 'golden', 'test', 'docs', 'bench', 'scripts'].flatMap((folder) =>
    filesUnder(ROOT, folder),
  )
  expect(all.filter((path) => statSync(join(ROOT, path)).size > 2 * MEGABYTE)).toEqual([])
})
