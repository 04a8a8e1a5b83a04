/**
 * Weight files of an ML Program: MIL blob storage, version 2. A header of 64 bytes (count, version), then blobs, each with 64 bytes
 * of metadata (sentinel, data type, size, offset, unused bits) at the offset that the program names. All integers little-endian.
 */
import { lstatSync, readlinkSync, statSync } from 'node:fs'
import { join, resolve, sep } from 'node:path'
import { at, ParityError } from '../../graph/errors.js'
import { type ByteSource, openFile } from '../file.js'

const HEADER_SIZE = 64
const METADATA_SIZE = 64
const VERSION = 2
const SENTINEL = 0xdeadbeef
const MODEL_PATH = '@model_path/'

/** Names of MIL data types by blob storage's own numbers. */
const DATA_TYPES = [
  '',
  'FLOAT16',
  'FLOAT32',
  'UINT8',
  'INT8',
  'BFLOAT16',
  'INT16',
  'UINT16',
  'INT4',
  'UINT1',
  'UINT2',
  'UINT4',
  'UINT3',
  'UINT6',
  'INT32',
  'UINT32',
  'FLOAT8E4M3FN',
  'FLOAT8E5M2',
]

export interface Blob {
  dataType: string
  byteLength: number
  read(): Uint8Array
}

/** The weight files beside one model file, opened when first asked for. */
export interface BlobStore {
  /** The blob whose metadata stand at `offset` of `fileName`, which begins with `@model_path/`. Checks the metadata, reads no data. */
  blob(fileName: string, offset: number): Blob
  close(): void
}

function broken(what: string): ParityError {
  return new ParityError('MODEL_WEIGHTS_BROKEN', { what, remedy: 'Copy the whole model again: its weight file does not fit its program' })
}

function readBlob(source: ByteSource, offset: number): Blob {
  if (!(offset >= HEADER_SIZE && offset + METADATA_SIZE <= source.size)) {
    throw broken(`The file has ${source.size} bytes; the program expects a blob at ${offset}`)
  }
  const view = new DataView(source.read(offset, METADATA_SIZE).buffer)
  if (view.getUint32(0, true) !== SENTINEL) throw broken(`There is no blob at ${offset}`)
  const number = view.getUint32(4, true)
  const byteLength = Number(view.getBigUint64(8, true))
  const start = Number(view.getBigUint64(16, true))
  const dataType = DATA_TYPES[number]
  if (!dataType) throw broken(`The blob at ${offset} has an unknown data type, number ${number}`)
  if (start + byteLength > source.size) {
    throw broken(`The blob at ${offset} has ${byteLength} bytes from ${start} on; the file ends at ${source.size}`)
  }
  return { dataType, byteLength, read: () => source.read(start, byteLength) }
}

function checkHeader(source: ByteSource): void {
  if (source.size < HEADER_SIZE) throw broken(`The file has ${source.size} bytes and no header`)
  const version = new DataView(source.read(0, 8).buffer).getUint32(4, true)
  if (version !== VERSION) throw broken(`Blob storage has version ${version}; version ${VERSION} is expected`)
}

/**
 * The path of a weight file, whose name must lead to a place below `folder`. Links are followed wherever they lead, as caches of models
 * keep a package's files in a folder of their own; what is behind one must be a regular file, and is read as nothing but blob storage.
 */
function resolveWeights(folder: string, fileName: string): string {
  const relative = fileName.startsWith(MODEL_PATH) ? fileName.slice(MODEL_PATH.length) : null
  const path = relative === null ? null : resolve(folder, relative)
  if (path === null || !path.startsWith(resolve(folder) + sep)) {
    throw new ParityError('MODEL_WEIGHTS_OUTSIDE', {
      what: `The program reads weights from '${fileName}', which is not inside the model`,
      remedy: 'Save the model again with its weights inside',
    })
  }
  const found = statSync(path, { throwIfNoEntry: false })
  if (!found) throw missing(path, relative!)
  if (!found.isFile()) throw broken(`The weight file ${relative} is no regular file`)
  return path
}

function missing(path: string, relative: string): ParityError {
  const target = lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() ? readlinkSync(path) : undefined
  if (target === undefined) {
    return new ParityError('MODEL_WEIGHTS_MISSING', {
      what: `The weight file ${relative} is missing`,
      remedy: 'Copy the whole .mlpackage folder, weights included',
    })
  }
  return new ParityError('MODEL_WEIGHTS_MISSING', {
    what: `The weight file ${relative} is a link to '${target}', where there is no file`,
    remedy: 'Download the weights into the cache again, or copy the package with its links followed (cp -RL)',
  })
}

/** Weight files below `folder`, the folder of the model file. */
export function blobStore(folder: string): BlobStore {
  const files = new Map<string, ByteSource>()
  const open = (fileName: string): ByteSource => {
    let source = files.get(fileName)
    if (!source) {
      const path = at(folder, () => resolveWeights(folder, fileName))
      const opened = openFile(path)
      at(path, () => checkHeader(opened))
      files.set(fileName, opened)
      source = opened
    }
    return source
  }
  return {
    blob(fileName, offset) {
      const source = open(fileName)
      return at(join(source.path), () => readBlob(source, offset))
    },
    close() {
      for (const source of files.values()) source.close()
      files.clear()
    },
  }
}
