/** Links of the documentation lead somewhere, and its flags exist. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parity } from './support/parity.js'

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

it('every flag in the documentation is one of the command line', async () => {
  const helps = await Promise.all(['check', 'run', 'inspect'].map((command) => parity([command, '--help'])))
  const flagsIn = (text: string): string[] => [...text.matchAll(/(?<![\w-])--([a-z][\w-]+)/g)].map(([, flag]) => flag!)
  const known = new Set(helps.flatMap(({ stdout }) => flagsIn(stdout)))
  const named = PAGES.flatMap((page) => flagsIn(read(page)))
  expect(known.size).toBeGreaterThan(20)
  expect([...new Set(named)].filter((flag) => !known.has(flag))).toEqual([])
})

describe('reports in README.md', () => {
  const blocks = [...read('README.md').matchAll(/```console\n\$ parity (.*)\n([^`]*)```/g)].map(([, call, text]) => ({
    call: call!,
    text: text!,
  }))
  const verdictOf = (text: string): string | undefined => /^(PASS|FAIL)/m.exec(text)?.[0]

  it('are there', () => {
    expect(blocks.map(({ text }) => verdictOf(text))).toEqual(['PASS', 'FAIL'])
  })

  it.each(blocks)('$call', async ({ call, text }) => {
    const { code, stdout } = await parity([...call.split(' '), '--reproducible'])
    expect(stdout.trimEnd()).toBe(text.trimEnd())
    expect(code).toBe(verdictOf(text) === 'PASS' ? 0 : 1)
  })
})
