/** Links of the documentation lead somewhere, and its flags exist. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'

const ROOT = resolve(import.meta.dirname, '..')
const PAGES = ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', ...readdirSync(join(ROOT, 'docs')).map((name) => `docs/${name}`)].filter(
  (name) => name.endsWith('.md'),
)
const read = (path: string): string => readFileSync(resolve(ROOT, path), 'utf8')

/** Anchors as GitHub makes them from headings. */
const anchorsOf = (page: string): string[] =>
  [...read(page).matchAll(/^#+ (.*)$/gm)].map(([, heading]) =>
    heading!
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replace(/\s/g, '-'),
  )

describe.each(PAGES)('%s', (page) => {
  const links = [...read(page).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link]) => link!).filter((link) => !/^[a-z]+:/.test(link))

  it('links to what exists', () => {
    const dead = links.filter((link) => {
      const [path, anchor] = link.split('#') as [string, string?]
      const file = path ? join(dirname(page), path) : page
      return !existsSync(resolve(ROOT, file)) || (anchor !== undefined && !anchorsOf(file).includes(anchor))
    })
    expect(dead).toEqual([])
  })
})

it('every flag in the documentation is one of the command line', () => {
  const sources = readdirSync(join(ROOT, 'src/cli')).map((name) => read(join('src/cli', name)))
  const known = new Set(sources.flatMap((text) => [...text.matchAll(/option\('([\w-]+)'/g)].map(([, flag]) => flag!)))
  const named = PAGES.flatMap((page) => [...read(page).matchAll(/(?<![\w-])--([a-z][\w-]+)/g)].map(([, flag]) => flag!))
  expect([...new Set(named)].filter((flag) => !known.has(flag) && flag !== 'help')).toEqual([])
})
