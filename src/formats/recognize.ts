/** What lies at a path: a file's format is decided by its bytes, a folder's by the files in it. */
import { existsSync, readdirSync, statSync } from 'node:fs'
import { extname, join } from 'node:path'
import { ParityError } from '../graph/errors.js'
import type { Format } from '../graph/model.js'
import { describeArchive } from './archive.js'
import { isPackage } from './coreml/index.js'
import { type ByteSource, openFile } from './file.js'
import { looksLikeCoreml, looksLikeGraphDef, looksLikeOnnx, looksLikeSavedModel } from './protobuf.js'

/** Endings by which users know a format. */
const ENDINGS: { [ending: string]: Format } = {
  '.tflite': 'tflite',
  '.lite': 'tflite',
  '.mlmodel': 'mlmodel',
  '.mlpackage': 'mlpackage',
  '.onnx': 'onnx',
  '.pb': 'graphdef',
  '.keras': 'keras',
  '.h5': 'h5',
  '.hdf5': 'h5',
}

/** Formats whose readers say what is wrong with a file that is not recognized, say because it is cut off. */
const EXPLAINED: ReadonlySet<Format> = new Set(['tflite', 'mlmodel'])

/** As much of a file as is searched for words. */
const SEARCHED = 2 ** 20

/** The format that a path's ending stands for. */
export const formatOfEnding = (path: string): Format | undefined => ENDINGS[extname(path).toLowerCase()]

const startsWith = (head: Uint8Array, text: string, from = 0): boolean =>
  head.length >= from + text.length && [...text].every((letter, i) => head[from + i] === letter.charCodeAt(0))

const latin1 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1')

const isZip = (head: Uint8Array): boolean => startsWith(head, 'PK\x03\x04')

/** What a tfjs model.json says it is. */
function tfjsFormat(text: string): Format | null {
  if (!/"modelTopology"/.test(text)) return null
  return /"format"\s*:\s*"layers-model"/.test(text) || /"class_name"/.test(text) ? 'tfjs-layers' : 'tfjs-graph'
}

/** Format of a file, by its bytes; null where they are of none. */
function recognizeFile(source: ByteSource): Format | null {
  const head = source.read(0, Math.min(source.size, 64))
  if (startsWith(head, 'TFL3', 4)) return 'tflite'
  if (startsWith(head, '\x89HDF\r\n\x1a\n')) return 'h5'
  if (isZip(head)) return /^(metadata|config)\.json|^model\.weights\.h5/.test(latin1(head.subarray(30))) ? 'keras' : null
  if (/^\s*\{/.test(latin1(head))) return tfjsFormat(latin1(source.read(0, Math.min(source.size, SEARCHED))))
  if (looksLikeCoreml(source)) return 'mlmodel'
  if (looksLikeOnnx(source)) return 'onnx'
  if (looksLikeSavedModel(source)) return 'savedmodel'
  if (looksLikeGraphDef(source)) return 'graphdef'
  return null
}

function withFile<T>(path: string, use: (source: ByteSource) => T): T {
  const source = openFile(path)
  try {
    return use(source)
  } finally {
    source.close()
  }
}

function recognizeFolder(folder: string): Format | null {
  if (isPackage(folder)) return 'mlpackage'
  if (existsSync(join(folder, 'saved_model.pb'))) return 'savedmodel'
  if (existsSync(join(folder, 'model.json'))) return withFile(join(folder, 'model.json'), recognizeFile)
  if (existsSync(join(folder, 'coremldata.bin'))) {
    throw new ParityError('UNSUPPORTED_FORMAT', {
      what: 'This is a compiled Core ML model, which does not hold its description in a published format',
      where: folder,
      remedy: 'Give the .mlmodel or .mlpackage that it was compiled from',
    })
  }
  return null
}

function unknownFolder(folder: string, format: Format | undefined): ParityError {
  if (format === 'mlpackage') {
    return new ParityError('MODEL_MANIFEST_MISSING', {
      what: 'The package has no Manifest.json',
      where: folder,
      remedy: 'Copy the whole .mlpackage folder',
    })
  }
  const files = readdirSync(folder).slice(0, 5).join(', ') || 'nothing'
  return new ParityError('MODEL_UNKNOWN', {
    what: `The folder is no .mlpackage, SavedModel or TensorFlow.js model; it holds ${files}`,
    where: folder,
    remedy: 'Give the folder that holds Manifest.json, saved_model.pb or model.json',
  })
}

function unknownFile(path: string, size: number): ParityError {
  return new ParityError('MODEL_UNKNOWN', {
    what:
      size === 0
        ? 'The file is empty'
        : 'The bytes are no TensorFlow Lite, Core ML, ONNX, TensorFlow GraphDef, Keras or TensorFlow.js model',
    where: path,
    remedy: 'Check that the file is a model and complete',
  })
}

/** First bytes of files that people hand in for a model: pictures, other archives than zip, web pages that a download gave in its place. */
const FOREIGN: readonly (readonly [start: string, what: string])[] = [
  ['\x89PNG', 'a PNG picture'],
  ['\xff\xd8\xff', 'a JPEG picture'],
  ['\x93NUMPY', 'a NumPy array'],
  ['\x1f\x8b', 'a gzip archive'],
  ['%PDF', 'a PDF document'],
  ['<!DOCTYPE', 'a web page'],
  ['<html', 'a web page'],
]

function refuseForeign(path: string, source: ByteSource): void {
  const head = source.read(0, Math.min(source.size, 64))
  const found = FOREIGN.find(([start]) => startsWith(head, start))
  if (isZip(head)) throw unknown(path, describeArchive(source))
  if (found) throw unknown(path, { what: `The file is ${found[1]}, not a model`, remedy: 'Give the model itself' })
}

const unknown = (path: string, words: { what: string; remedy: string }): ParityError =>
  new ParityError('MODEL_UNKNOWN', { ...words, where: path })

/** Format of what lies at `path`; where the bytes say nothing, that of its ending, whose reader then says what is wrong. */
export function recognize(path: string): Format {
  const expected = formatOfEnding(path)
  if (isFolder(path)) {
    const format = recognizeFolder(path)
    if (format) return format
    throw unknownFolder(path, expected)
  }
  return withFile(path, (source) => {
    const format = recognizeFile(source)
    if (format) return format
    refuseForeign(path, source)
    if (expected && EXPLAINED.has(expected) && source.size > 0) return expected
    throw unknownFile(path, source.size)
  })
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory()
  } catch {
    return false
  }
}
