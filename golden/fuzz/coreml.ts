/** Changes fields of a Core ML model by its message's description, and writes it again with every length right. */
import type protobuf from 'protobufjs/light.js'
import type { Random } from '../../kernels/generator.js'
import { decodeMessage, type Int64, integer, messageType } from '../../proto/coreml/reader.js'
import { changeSome, listSite, oddBytes, oddFloat, oddInteger, oddText, pick, type Site, siteOf } from './changes.js'

type Message = { [field: string]: unknown }

const INTEGERS = /^(u?int|s?fixed|sint)(32|64)$/

const isType = (resolved: protobuf.ReflectionObject | null): resolved is protobuf.Type => resolved !== null && 'fieldsArray' in resolved

/** Texts of a message and of all within it. */
function wordsOf(value: unknown, words: Set<string>): Set<string> {
  if (typeof value === 'string') words.add(value)
  else if (Array.isArray(value)) for (const element of value) wordsOf(element, words)
  else if (typeof value === 'object' && value !== null && !ArrayBuffer.isView(value)) {
    for (const [key, element] of Object.entries(value)) wordsOf(element, words.add(key))
  }
  return words
}

class Walk {
  readonly sites: Site[] = []

  constructor(private readonly words: readonly string[]) {}

  message(message: Message, type: protobuf.Type, path: string): void {
    for (const field of type.fieldsArray) {
      if (!Object.hasOwn(message, field.name) || message[field.name] == null) continue
      const place = `${path}.${field.name}`
      const value = message[field.name]
      if (field.map) this.map(value as Message, field, place)
      else if (Array.isArray(value)) this.list(value, field, place)
      else this.single(message, field.name, field, place)
      if (isType(field.resolvedType)) {
        this.sites.push(dropSite(message, field.name, place))
        if (field.partOf) this.sites.push(otherMember(message, field, place))
      }
    }
  }

  private map(entries: Message, field: protobuf.Field, path: string): void {
    const keys = Object.keys(entries)
    if (keys.length === 0) return
    this.sites.push({
      path: `${path}{}`,
      change: (random) => {
        const key = pick(random, keys)
        const value = entries[key]
        delete entries[key]
        const name = random.integer(0, 1) ? oddText(random, this.words) : undefined
        if (name !== undefined) entries[name] = value
        return `${path}: ${key} became ${name ?? 'nothing'}`
      },
    })
    for (const key of keys) this.single(entries, key, field, path)
  }

  private list(list: unknown[], field: protobuf.Field, path: string): void {
    this.sites.push(listSite(path, list))
    // of long lists of numbers a few stand for all
    const shown = isType(field.resolvedType) ? list.length : Math.min(list.length, 8)
    for (let i = 0; i < shown; i++) this.single(list, i, field, path)
  }

  private single(holder: object, key: string | number, { type, resolvedType }: protobuf.Field, path: string): void {
    const value = (holder as Message)[key]
    if (isType(resolvedType)) this.message(value as Message, resolvedType, path)
    else if (resolvedType || INTEGERS.test(type))
      this.sites.push(siteOf<Int64>(path, holder, key, (random, old) => oddInteger(random, integer(old))))
    else if (type === 'float' || type === 'double') this.sites.push(siteOf(path, holder, key, oddFloat))
    else if (type === 'bool') this.sites.push(siteOf<boolean>(path, holder, key, (_, old) => !old))
    else if (type === 'string') this.sites.push(siteOf<string>(path, holder, key, (random) => oddText(random, this.words)))
    else if (type === 'bytes') this.sites.push(siteOf<Uint8Array>(path, holder, key, oddBytes))
  }
}

const dropSite = (message: Message, field: string, path: string): Site => ({
  path,
  change() {
    delete message[field]
    return `${path}: dropped`
  },
})

/** Another member of a oneof takes the place of the one that is set, with nothing or, as far as it can be read so, the same in it. */
function otherMember(message: Message, field: protobuf.Field, path: string): Site {
  return {
    path: `${path}|`,
    change(random) {
      const members = field.partOf!.fieldsArray.filter((other) => other !== field && isType(other.resolvedType))
      if (members.length === 0) return `${path}: has no other kind`
      const other = pick(random, members)
      const type = other.resolvedType as protobuf.Type
      const content = (field.resolvedType as protobuf.Type).encode(message[field.name] as Message).finish()
      delete message[field.name]
      message[other.name] = random.integer(0, 1) ? decodedOr(type, content) : type.create()
      return `${path}: became ${other.name}`
    },
  }
}

function decodedOr(type: protobuf.Type, content: Uint8Array): protobuf.Message {
  try {
    return type.decode(content)
  } catch {
    return type.create()
  }
}

export function mutateCoreml(bytes: Uint8Array, random: Random): { bytes: Uint8Array; changes: string[] } {
  const type = messageType('CoreML.Model')
  const model = decodeMessage('CoreML.Model', bytes) as unknown as Message
  const words = [...wordsOf(model, new Set())]
  const changes = changeSome(random, () => {
    const walk = new Walk(words)
    walk.message(model, type, 'model')
    return walk.sites
  })
  return { bytes: type.encode(model).finish(), changes }
}
