/** Changes that keep a file's structure and break what its fields mean: odd numbers, other names, lists of other lengths. */
import type { Random } from '../../kernels/generator.js'

/** A place in a model that can be changed. */
export interface Site {
  /** Fields from the root on, without indices: places of the same kind have the same path. */
  path: string
  /** Changes it, and says into what. */
  change(random: Random): string
}

export const pick = <T>(random: Random, choices: readonly T[]): T => choices[random.integer(0, choices.length - 1)]!

/** Integers around zero, around the old one and at the ends of 8, 16, 32, 53 and 64 bits; the file's own width cuts them off. */
export function oddInteger(random: Random, old: number): number {
  const near = [old + 1, old - 1, 2 * old, -old, Math.trunc(old / 2)]
  const small = [0, 1, -1, 2, 3, 5, 7, 16]
  const large = [127, 128, 255, 1000, 65536, 1e6, 2 ** 31 - 1, -(2 ** 31), 2 ** 32 - 1, 2 ** 40, 2 ** 53, -(2 ** 62)]
  return pick(random, pick(random, [near, small, large]))
}

export function oddFloat(random: Random, old: number): number {
  const near = [2 * old, -old, old + 1, old * 1e6]
  const special = [0, -0, 1, -1, 0.5, Number.NaN, Infinity, -Infinity, 1e-45, 3.4e38, -3.4e38]
  return pick(random, pick(random, [near, special]))
}

/** `words`: texts of the same file. */
export function oddText(random: Random, words: readonly string[]): string {
  return random.integer(0, 3) === 0 ? pick(random, ['', '__proto__', '../x', 'x'.repeat(300), 'a\0b']) : pick(random, ['', ...words])
}

export function oddBytes(random: Random, old: Uint8Array): Uint8Array {
  const changed = Uint8Array.from(old)
  if (changed.length > 0) changed[random.integer(0, changed.length - 1)] = random.integer(0, 255)
  return pick(random, [
    new Uint8Array(0),
    old.slice(0, old.length >> 1),
    Buffer.concat([old, old]),
    Buffer.concat([old, Buffer.of(0)]),
    changed,
  ])
}

const LIST_CHANGES: readonly { what: string; apply(list: unknown[], at: number): unknown }[] = [
  { what: 'emptied, also of', apply: (list) => list.splice(0) },
  { what: 'without its element', apply: (list, at) => list.splice(at, 1) },
  { what: 'with, twice, its element', apply: (list, at) => list.push(list[at]) },
  { what: 'reversed, also', apply: (list) => list.reverse() },
  { what: 'with all its elements twice, also', apply: (list) => list.push(...list) },
]

/** Empties, shortens, lengthens or reorders a list in place. */
export function changeList(random: Random, list: unknown[]): string {
  if (list.length === 0) return 'left empty'
  const at = random.integer(0, list.length - 1)
  const { what, apply } = pick(random, LIST_CHANGES)
  apply(list, at)
  return `${what} ${at}`
}

/** A site for an element of a list or a field of an object. */
export function siteOf<T>(path: string, holder: object, key: string | number, odd: (random: Random, old: T) => T): Site {
  const place = holder as { [key: string | number]: T }
  return {
    path,
    change(random) {
      const old = place[key]!
      place[key] = odd(random, old)
      return `${path}: ${shown(old)} became ${shown(place[key])}`
    },
  }
}

export const listSite = (path: string, list: unknown[]): Site => ({
  path: `${path}[]`,
  change: (random) => `${path}: ${changeList(random, list)}`,
})

function shown(value: unknown): string {
  if (value instanceof Uint8Array) return `${value.length} bytes`
  const text = typeof value === 'object' ? 'a message' : String(value)
  return text.length > 40 ? `${text.slice(0, 40)}…` : text
}

/** Applies one to three changes; kinds of places are as likely as each other, however often the file has them. */
export function changeSome(random: Random, sitesOf: () => Site[]): string[] {
  return Array.from({ length: random.integer(1, 3) }, () => {
    const byPath = new Map<string, Site[]>()
    for (const site of sitesOf()) byPath.set(site.path, [...(byPath.get(site.path) ?? []), site])
    return pick(random, pick(random, [...byPath.values()])).change(random)
  })
}
