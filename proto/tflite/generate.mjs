#!/usr/bin/env node
// Writes generated/schema.ts from tflite.fbs: the tables as constants, from which the reader derives both its steps and its types.
//   node proto/tflite/generate.mjs
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const schemaPath = fileURLToPath(new URL('tflite.fbs', import.meta.url))
const generatedPath = fileURLToPath(new URL('generated/schema.ts', import.meta.url))

/** Declarations of a schema: enums { storage, names: { number: name } }, unions [member], tables [{ key, type, value }], in file order. */
function parse(text) {
  const source = text.replace(/\/\/.*$/gm, '')
  const declarations = {
    identifier: /file_identifier\s+"(.{4})"/.exec(source)?.[1],
    root: /root_type\s+(\w+)/.exec(source)?.[1],
    enums: {},
    unions: {},
    tables: {},
  }
  const split = (body, separator) =>
    body
      .split(separator)
      .map((part) => part.trim())
      .filter(Boolean)
  for (const [, kind, name, storage, body] of source.matchAll(/\b(enum|union|table)\s+(\w+)(?:\s*:\s*(\w+))?\s*\{([^}]*)\}/g)) {
    if (kind === 'enum') {
      const members = split(body, ',').map((member) => /^(\w+) = (\d+)$/.exec(member))
      declarations.enums[name] = { storage, names: Object.fromEntries(members.map(([, key, value]) => [value, key])) }
    } else if (kind === 'union') {
      declarations.unions[name] = split(body, ',')
    } else {
      declarations.tables[name] = split(body, ';').map((field) => {
        const [, key, type, value] = /^(\w+): (\[?\w+\]?)(?: = ([\w.-]+))?(?: \(deprecated\))?$/.exec(field)
        return { key, type, value }
      })
    }
  }
  return declarations
}

/** Fields whose default is not zero, as numbers. */
function defaultsOf({ enums, tables }) {
  const number = (type, value) => {
    if (enums[type]) return Number(Object.entries(enums[type].names).find(([, name]) => name === value)[0])
    return value === 'true' ? 1 : Number(value)
  }
  const rows = Object.entries(tables).map(([table, fields]) => [
    table,
    fields.filter((field) => field.value !== undefined).map((field) => [field.key, number(field.type, field.value)]),
  ])
  return Object.fromEntries(rows.filter(([, fields]) => fields.length).map(([table, fields]) => [table, Object.fromEntries(fields)]))
}

function generate(declarations) {
  const { identifier, root, enums, unions, tables } = declarations
  const quoted = (text) => `'${text}'`
  const row = (key, value) => `  ${key}: ${value},`
  const object = (entries) => (entries.length ? `{ ${entries.map(([key, value]) => `${key}: ${value}`).join(', ')} }` : '{}')
  return `// Generated from tflite.fbs by proto/tflite/generate.mjs; not to be edited.

export const IDENTIFIER = ${quoted(identifier)}

export const ROOT = ${quoted(root)}

/** Storage and names of each enumeration's numbers. */
export const ENUMS = {
${Object.entries(enums)
  .map(([name, { storage, names }]) =>
    row(name, `{ storage: ${quoted(storage)}, names: ${object(Object.entries(names).map(([value, key]) => [value, quoted(key)]))} }`),
  )
  .join('\n')}
} as const

/** Members of each union; the first has type number 1. */
export const UNIONS = {
${Object.entries(unions)
  .map(([name, members]) => row(name, `[${members.map(quoted).join(', ')}]`))
  .join('\n')}
} as const

/** Fields of each table in the order of their numbers; a union takes two numbers. */
export const TABLES = {
${Object.entries(tables)
  .map(([name, fields]) => row(name, object(fields.map((field) => [field.key, quoted(field.type)]))))
  .join('\n')}
} as const

/** Values of absent fields where that is not zero. */
export const DEFAULTS: { readonly [table: string]: { readonly [field: string]: number } } = {
${Object.entries(defaultsOf(declarations))
  .map(([name, fields]) => row(name, object(Object.entries(fields))))
  .join('\n')}
}
`
}

writeFileSync(generatedPath, generate(parse(readFileSync(schemaPath, 'utf8'))))
