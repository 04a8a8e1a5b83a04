/** Changes fields of a TFLite model by the schema's constants, and writes it again with every offset right. */

import type { Random } from '../../kernels/generator.js'
import { ENUMS, ROOT, TABLES, UNIONS } from '../../proto/tflite/generated/schema.js'
import { readRoot } from '../../src/formats/tflite/flatbuffer.js'
import { type Plain, writeModel } from '../../test/formats/tflite/write.js'
import { changeSome, listSite, oddBytes, oddFloat, oddInteger, oddText, pick, type Site, siteOf } from './changes.js'

interface Member {
  type: string
  value: Plain
}

const isEnum = (type: string): type is keyof typeof ENUMS => type in ENUMS
const isUnion = (type: string): type is keyof typeof UNIONS => type in UNIONS
const fieldsOf = (table: string): [string, string][] => Object.entries(TABLES[table as keyof typeof TABLES] as { [field: string]: string })

class Walk {
  readonly sites: Site[] = []

  constructor(private readonly words: readonly string[]) {}

  table(table: Plain, name: string, path: string): void {
    for (const [field, type] of fieldsOf(name)) {
      const value = table[field]
      if (value == null) continue
      const place = `${path}.${field}`
      if (isUnion(type)) this.union(table, field, type, place)
      else if (Array.isArray(value)) this.list(value, type.slice(1, -1), place)
      else this.single(table, field, type, place)
    }
  }

  private list(list: unknown[], type: string, path: string): void {
    this.sites.push(listSite(path, list))
    // of long lists of numbers a few stand for all
    const shown = type in TABLES ? list.length : Math.min(list.length, 8)
    for (let i = 0; i < shown; i++) this.single(list, i, type, path)
  }

  private union(table: Plain, field: string, type: keyof typeof UNIONS, path: string): void {
    const member = table[field] as Member
    this.table(member.value, member.type, `${path}.${member.type}`)
    this.sites.push({
      path,
      change(random) {
        const other = random.integer(0, 1) ? pick(random, UNIONS[type] as readonly string[]) : undefined
        if (other === undefined) delete table[field]
        else table[field] = { type: other, value: random.integer(0, 1) ? member.value : {} }
        return `${path}: ${member.type} became ${other ?? 'nothing'}`
      },
    })
  }

  private single(holder: object, key: string | number, type: string, path: string): void {
    const value = (holder as Plain)[key]
    if (type in TABLES) this.table(value as Plain, type, path)
    else if (isEnum(type)) this.sites.push(siteOf<unknown>(path, holder, key, (random) => oddMember(random, type)))
    else if (type === '[ubyte]') this.sites.push(siteOf<Uint8Array>(path, holder, key, oddBytes))
    else if (type === 'string') this.sites.push(siteOf<string>(path, holder, key, (random) => oddText(random, this.words)))
    else if (type === 'bool') this.sites.push(siteOf<boolean>(path, holder, key, (_, old) => !old))
    else if (type === 'float') this.sites.push(siteOf(path, holder, key, oddFloat))
    else if (type === 'long' || type === 'ulong')
      this.sites.push(siteOf<bigint>(path, holder, key, (random, old) => BigInt(oddInteger(random, Number(old)))))
    else this.sites.push(siteOf(path, holder, key, oddInteger))
  }
}

/** A number of the enumeration, now and then one that it has not. */
function oddMember(random: Random, type: keyof typeof ENUMS): number {
  const known = Object.keys(ENUMS[type].names).map(Number)
  return pick(random, random.integer(0, 5) === 0 ? [-1, known.length, 120] : known)
}

/** Numbers that no name stands for are read as UNKNOWN_number; they are written as they were. Tables that are absent are left out. */
function writable(value: unknown): unknown {
  if (typeof value === 'string') return /^UNKNOWN_-?\d+$/.test(value) ? Number(value.slice(8)) : value
  if (Array.isArray(value)) return value.map(writable)
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return value
  return Object.fromEntries(Object.entries(value).flatMap(([key, part]) => (part === null ? [] : [[key, writable(part)]])))
}

export function mutateTflite(bytes: Uint8Array, random: Random): { bytes: Uint8Array; changes: string[] } {
  const model = readRoot(bytes, ROOT) as unknown as Plain
  const words = (model['subgraphs'] as { tensors: { name: string }[] }[]).flatMap(({ tensors }) => tensors.map(({ name }) => name))
  const changes = changeSome(random, () => {
    const walk = new Walk(words)
    walk.table(model, ROOT, 'model')
    return walk.sites
  })
  return { bytes: writeModel(writable(model) as Plain), changes }
}
