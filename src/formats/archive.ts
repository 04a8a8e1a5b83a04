/** Zip archives that people hand in for a model: what in them is the model. */
import { basename } from 'node:path'
import { unzipSync } from 'fflate'
import type { ByteSource } from './file.js'

/** Bytes of the largest archive that is looked into. */
const LARGEST = 2 ** 30
const MOST_NAMED = 8

/** Names in an archive, nothing of which is unpacked; null where it cannot be read. */
function namesIn(source: ByteSource): string[] | null {
  if (source.size > LARGEST) return null
  const names: string[] = []
  try {
    unzipSync(source.read(0, source.size), {
      filter({ name }) {
        names.push(name)
        return false
      },
    })
  } catch {
    return null
  }
  return names
}

interface Kind {
  /** The model that a member belongs to; undefined for a member of no model. */
  modelOf(member: string): string | undefined
  what(models: string): string
  remedy: string
}

const KINDS: readonly Kind[] = [
  {
    modelOf: (member) => /^(.*\.mlpackage)\/Manifest\.json$/.exec(member)?.[1] ?? (member === 'Manifest.json' ? 'the package' : undefined),
    what: (models) => `The file is a zip archive of a Core ML package: ${models}`,
    remedy: 'Unzip it and give the .mlpackage folder',
  },
  {
    modelOf: (member) => /^.*\.mlmodel$/.exec(member)?.[0],
    what: (models) => `The file is a zip archive with Core ML models: ${models}`,
    remedy: 'Unzip it and give the model',
  },
  {
    modelOf: (member) => /^.*\.(tflite|lite)$/i.exec(member)?.[0],
    what: (models) => `The file is a zip archive (a MediaPipe .task is one) with TensorFlow Lite models: ${models}`,
    remedy: 'Unzip it and give the one that was converted',
  },
]

/** What a zip archive is, and what to do with it. */
export function describeArchive(source: ByteSource): { what: string; remedy: string } {
  const names = namesIn(source) ?? []
  for (const { modelOf, what, remedy } of KINDS) {
    const models = names.flatMap((name) => modelOf(name) ?? [])
    if (models.length === 0) continue
    const more = models.length > MOST_NAMED ? [`${models.length - MOST_NAMED} more`] : []
    return { what: what([...models.slice(0, MOST_NAMED), ...more].join(', ')), remedy }
  }
  const held =
    names.length > 0
      ? `; it holds ${names
          .slice(0, MOST_NAMED)
          .map((name) => basename(name))
          .join(', ')}`
      : ''
  return { what: `The file is a zip archive${held}`, remedy: 'Give the model itself' }
}
