/** Recognizes protobuf files by their outermost fields, without decoding them. */
import type { ByteSource } from './file.js'

interface Field {
  number: number
  wire: number
  /** Of the payload, in the file. */
  start: number
  end: number
}

/** As many fields as any of the formats needs to tell itself from the others. */
const MOST_FIELDS = 32
const LONGEST_HEADER = 20

function varint(bytes: Uint8Array, at: number): { value: number; end: number } | null {
  let value = 0
  for (let i = 0; i < 10; i++) {
    const byte = bytes[at + i]
    if (byte === undefined) return null
    value += (byte & 127) * 2 ** (7 * i)
    if (byte < 128) return { value, end: at + i + 1 }
  }
  return null
}

/** Length of a payload, from the bytes behind the tag. */
function payload(wire: number, bytes: Uint8Array, at: number): { skip: number; length: number } | null {
  if (wire === 0) {
    const value = varint(bytes, at)
    return value && { skip: 0, length: value.end - at }
  }
  if (wire === 1) return { skip: 0, length: 8 }
  if (wire === 5) return { skip: 0, length: 4 }
  if (wire !== 2) return null
  const size = varint(bytes, at)
  return size && { skip: size.end - at, length: size.value }
}

/** The first outermost fields of a protobuf between two offsets, the last perhaps longer than the file; null where it is none. */
export function outerFields(source: ByteSource, start = 0, end = source.size): Field[] | null {
  const fields: Field[] = []
  for (let offset = start; offset < end && fields.length < MOST_FIELDS; ) {
    const head = source.read(offset, Math.min(LONGEST_HEADER, source.size - offset))
    const tag = varint(head, 0)
    if (!tag || tag.value >= 2 ** 32) return null
    const number = Math.floor(tag.value / 8)
    const wire = tag.value % 8
    const size = payload(wire, head, tag.end)
    if (number === 0 || !size) return null
    const from = offset + tag.end + size.skip
    fields.push({ number, wire, start: from, end: from + size.length })
    offset = from + size.length
  }
  return fields
}

const has = (fields: Field[], number: number, wire: number): boolean =>
  fields.some((field) => field.number === number && field.wire === wire)

/** Numbers of a Core ML model's outermost fields: version, description, isUpdatable; from 200 on the model types. */
const isCoremlField = ({ number, wire }: Field): boolean =>
  (number === 1 && wire === 0) || (number === 2 && wire === 2) || (number === 10 && wire === 0) || (number >= 200 && wire === 2)

/** A Core ML model, perhaps cut off: a version, then a description whose features are messages. */
export function looksLikeCoreml(source: ByteSource): boolean {
  const fields = outerFields(source)
  if (!fields || fields.length < 2 || !fields.every(isCoremlField)) return false
  const description = fields.find(({ number }) => number === 2)
  return (
    fields[0]!.number === 1 &&
    description !== undefined &&
    (fields.some(({ number }) => number >= 200) || isDescription(source, description))
  )
}

/** Outermost fields of a model's description: features, names of predictions, functions, metadata. */
const DESCRIPTION_FIELDS = new Set([1, 10, 11, 12, 13, 20, 21, 50, 100])

/** Where Core ML has a description, ONNX has its producer's name and a SavedModel its graphs. */
function isDescription(source: ByteSource, { start, end }: Field): boolean {
  const inner = outerFields(source, start, Math.min(end, source.size))
  return inner !== null && inner.length > 0 && inner.every(({ number, wire }) => wire === 2 && DESCRIPTION_FIELDS.has(number))
}

/** An ONNX model: ir_version, and a graph (7) or opset imports (8). */
export function looksLikeOnnx(source: ByteSource): boolean {
  const fields = outerFields(source)
  return fields !== null && fields.length >= 2 && has(fields, 1, 0) && (has(fields, 7, 2) || has(fields, 8, 2))
}

/** A TensorFlow SavedModel's saved_model.pb: a schema version (1), then meta graphs (2) with a description (1) and a graph (2). */
export function looksLikeSavedModel(source: ByteSource): boolean {
  const fields = outerFields(source)
  const graph = fields?.[1]
  if (!graph || !has(fields, 1, 0) || graph.number !== 2 || graph.wire !== 2) return false
  const inner = outerFields(source, graph.start, Math.min(graph.end, source.size))
  return inner !== null && has(inner, 1, 2) && has(inner, 2, 2)
}

/** A TensorFlow GraphDef: nodes (1) that begin with a name (1) and an op (2), then perhaps versions (4) and a library (2). */
export function looksLikeGraphDef(source: ByteSource): boolean {
  const fields = outerFields(source)
  const first = fields?.[0]
  if (!first || !fields.every(({ number, wire }) => (number <= 4 && wire === 2) || number === 3) || first.number !== 1) return false
  const node = outerFields(source, first.start, Math.min(first.end, source.size))
  return node !== null && node.length >= 2 && node[0]!.number === 1 && node[1]!.number === 2 && node.every(({ wire }) => wire === 2)
}
