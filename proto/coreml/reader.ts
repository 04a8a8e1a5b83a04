/**
 * Decodes Core ML's messages. Bytes fields are views over the buffer that was decoded; 64-bit integers may be objects (`integer`).
 * Broken input throws the plain errors of protobufjs, and ends after at most as many steps as there are bytes.
 */
import protobuf from 'protobufjs/light.js'
import { descriptor } from './generated/descriptor.js'
import type { Int64, Messages } from './generated/messages.js'

export type * from './generated/messages.js'
export type MessageName = keyof Messages

let root: protobuf.Root | undefined

function types(): protobuf.Root {
  if (!root) {
    root = protobuf.Root.fromJSON(descriptor)
    root.resolveAll()
  }
  return root
}

/** The description of a message: its fields, oneofs and nested types. */
export function messageType(name: MessageName): protobuf.Type {
  return types().lookupType(name)
}

/** @throws Error, RangeError where the bytes are no such message. */
export function decodeMessage<N extends MessageName>(name: N, bytes: Uint8Array): Messages[N] {
  const reader = protobuf.Reader.create(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength))
  reader.discardUnknown = false
  return messageType(name).decode(reader) as unknown as Messages[N]
}

/** The name of an enumeration's number, undefined where the published file has none; `name` is the enumeration's full name. */
export function enumName(name: string, value: number): string | undefined {
  return types().lookupEnum(name).valuesById[value]
}

/** The number that a 64-bit field holds; beyond 2^53 the nearest that a double has. */
export const integer = (value: Int64): number => (typeof value === 'number' ? value : value.toNumber())
