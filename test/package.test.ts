/** What npm packs: every link of its pages stays inside, what the package exports is there, and packing builds. */
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, normalize } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ROOT } from './support/parity.js'

const listed = execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
  cwd: ROOT,
  encoding: 'utf8',
  stdio: ['ignore', 'pipe', 'ignore'],
})
const [{ files }] = JSON.parse(listed) as [{ files: { path: string }[] }]
const packed = files.map(({ path }) => path)
const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
  scripts: Record<string, string>
  exports: Record<string, string | Record<string, string>>
}

const relativeLinks = (page: string): string[] =>
  [...readFileSync(join(ROOT, page), 'utf8').matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, link]) => link!)
    .filter((link) => !/^([a-z]+:|#)/.test(link))
    .map((link) => normalize(join(dirname(page), link.split('#')[0]!)))

describe('the package', () => {
  const pages = packed.filter((path) => path.endsWith('.md'))

  it('holds its pages and what runs', () => {
    expect(pages).toEqual(expect.arrayContaining(['README.md', 'CHANGELOG.md', 'docs/guide.md', 'docs/custom-layers.md']))
    expect(packed).toContain('dist/src/cli/main.js')
  })

  it.each(pages)('links from %s to nothing outside of it', (page) => {
    expect(relativeLinks(page).filter((path) => !packed.some((file) => file === path || file.startsWith(`${path}/`)))).toEqual([])
  })

  it('exports what it holds, the schema of a record among it', () => {
    const targets = Object.values(manifest.exports).flatMap((entry) => (typeof entry === 'string' ? [entry] : Object.values(entry)))
    expect(targets.map((path) => normalize(path)).filter((path) => !packed.includes(path))).toEqual([])
    const schema = createRequire(import.meta.url).resolve('coreml-parity/reports/run-record.schema.json')
    expect(schema).toBe(join(ROOT, 'reports/run-record.schema.json'))
  })

  it('is built on packing', () => {
    expect(readFileSync(join(ROOT, '.npmrc'), 'utf8')).not.toContain('ignore-scripts')
    expect(manifest.scripts['prepack']).toContain('npm run --silent build')
  })
})
