#!/usr/bin/env node
// Writes generated/descriptor.ts (the messages as protobufjs reflects on them) and generated/messages.ts (their types) from the .proto files.
//   node proto/coreml/generate.mjs [--check]     --check writes nothing and fails where a file in place differs
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import protobuf from 'protobufjs/light.js'
import pbjs from 'protobufjs-cli/pbjs.js'

const here = (path) => fileURLToPath(new URL(path, import.meta.url))
const header = '// Generated from model.proto and what it imports by proto/coreml/generate.mjs; not to be edited.\n'

const SCALARS = { string: 'string', bytes: 'Uint8Array', bool: 'boolean', int64: 'Int64', uint64: 'Int64' }
const typeName = (object) => object.fullName.split('.').slice(2).join('_')

function fieldType(field) {
  const element =
    field.resolvedType instanceof protobuf.Type
      ? typeName(field.resolvedType)
      : field.resolvedType
        ? 'number'
        : (SCALARS[field.type] ?? 'number')
  if (field.map) return `{ [key: string]: ${element} }`
  if (field.repeated) return `${element}[]`
  return field.resolvedType instanceof protobuf.Type ? `${element} | null` : element
}

function messages(root) {
  const types = []
  const collect = (namespace) => {
    for (const object of namespace.nestedArray) {
      if (object instanceof protobuf.Type) types.push(object)
      if (object.nestedArray) collect(object)
    }
  }
  collect(root)
  const interfaces = types.map((type) => {
    const oneofs = type.oneofsArray.map((oneof) => `  ${oneof.name}?: ${oneof.fieldsArray.map((field) => `'${field.name}'`).join(' | ')}`)
    const fields = type.fieldsArray.map((field) => `  ${field.name}: ${fieldType(field)}`)
    return `export interface ${typeName(type)} extends Message {\n${[...fields, ...oneofs].join('\n')}\n}\n`
  })
  const names = types.map((type) => `  '${type.fullName.slice(1)}': ${typeName(type)}`)
  return `${header}
/** A 64-bit integer as protobufjs gives it. */
export type Int64 = number | { toNumber(): number }

/** What every decoded message has: fields that its type does not know, as they stand in the file, tag included. */
export interface Message {
  $unknowns?: Uint8Array[]
}

${interfaces.join('\n')}
/** Every message by its full name. */
export interface Messages {
${names.join('\n')}
}
`
}

const json = await new Promise((resolve, reject) => {
  pbjs.main(['--keep-case', '-t', 'json', '-p', here('.'), here('model.proto')], (error, output) =>
    error ? reject(error) : resolve(output),
  )
})
const descriptor = JSON.parse(json)
const files = {
  'generated/descriptor.ts': `${header}\nexport const descriptor = ${JSON.stringify(descriptor, null, 1)}\n`,
  'generated/messages.ts': messages(protobuf.Root.fromJSON(descriptor).resolveAll()),
}
for (const [path, text] of Object.entries(files)) {
  if (!process.argv.includes('--check')) writeFileSync(here(path), text)
  else if (readFileSync(here(path), 'utf8') !== text) {
    console.error(`proto/coreml/${path} is not what proto/coreml/generate.mjs writes`)
    process.exitCode = 1
  }
}
