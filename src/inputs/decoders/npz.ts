/** NumPy's .npz files: zip archives of .npy members. Written with a fixed date, so that the same arrays give the same bytes. */
import { closeSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import { unzipSync, Zip, ZipDeflate, ZipPassThrough } from 'fflate'
import type { Tensor } from '../../../kernels/tensor.js'
import { ParityError } from '../../graph/errors.js'
import { DEFLATE_RATIO, readBytes } from './files.js'
import { decodeNpy, encodeNpy, type NpyHeader, parseNpyHeader } from './npy.js'

/** The least that a member's entry takes in the archive's directory. */
const LEAST_ENTRY = 46
/** What zip archives without the 64-bit extension can address. */
const LARGEST_ARCHIVE = 2 ** 32 - 1
const MOST_MEMBERS = 65_535
/** Bytes of the largest array that is read. */
const LARGEST_MEMBER = 2 ** 30

const broken = (what: string, where: string, cause?: unknown): ParityError =>
  new ParityError('INPUT_NPZ', { what, where, remedy: 'Write the arrays again with numpy.savez', cause })

export interface Npz {
  /** Names of the arrays, in the order of the archive. */
  names: string[]
  /** dtype and shape alone. @throws ParityError INPUT_NPZ, INPUT_NPY */
  header(name: string): NpyHeader
  /** @throws ParityError INPUT_NPZ, INPUT_NPY */
  read(name: string): Tensor
}

/** Opens an archive. Its arrays are unpacked one by one as they are read. @throws ParityError INPUT_NPZ, INPUT_UNREADABLE */
export const openNpz = (path: string): Npz => parseNpz(readBytes(path), path)

/** @throws ParityError INPUT_NPZ */
export function parseNpz(bytes: Uint8Array, where: string): Npz {
  const members = listMembers(bytes, where)
  const unpack = (name: string): { bytes: Uint8Array; place: string } => {
    const member = members.get(name)
    if (!member) throw broken(`the archive has no array '${name}'; it has ${[...members.keys()].join(', ')}`, where)
    const place = `${where}, ${member.file}`
    const unpacked = unzip(bytes, place, ({ name: file }) => file === member.file)[member.file]
    if (unpacked?.length !== member.size) {
      throw broken(`the array takes ${unpacked?.length ?? 0} bytes, the archive's directory says ${member.size}`, place)
    }
    return { bytes: unpacked, place }
  }
  return {
    names: [...members.keys()],
    header(name) {
      const member = unpack(name)
      return parseNpyHeader(member.bytes, member.bytes.length, member.place)
    },
    read(name) {
      const member = unpack(name)
      return decodeNpy(member.bytes, member.place)
    },
  }
}

type Filter = NonNullable<NonNullable<Parameters<typeof unzipSync>[1]>['filter']>

function unzip(bytes: Uint8Array, where: string, filter: Filter): Record<string, Uint8Array> {
  try {
    return unzipSync(bytes, { filter })
  } catch (cause) {
    if (cause instanceof ParityError) throw cause
    throw broken(`the archive cannot be unpacked: ${(cause as Error).message}`, where, cause)
  }
}

/** The arrays and their sizes, checked against what the archive can hold before anything is unpacked. */
function listMembers(bytes: Uint8Array, where: string): Map<string, { file: string; size: number }> {
  const members = new Map<string, { file: string; size: number }>()
  let entries = 0
  unzip(bytes, where, ({ name: file, size: packed, originalSize: size, compression }) => {
    if (++entries * LEAST_ENTRY > bytes.length) throw broken('the directory lists more members than the archive can hold', where)
    if (!file.endsWith('.npy')) return false
    const place = `${where}, ${file}`
    const name = file.slice(0, -'.npy'.length)
    if (members.has(name)) throw broken('the archive holds this array twice', place)
    if (compression !== 0 && compression !== 8) throw broken(`compression method ${compression} is not known`, place)
    if (packed > bytes.length) throw broken(`the directory claims ${packed} packed bytes, the archive has ${bytes.length}`, place)
    if (compression === 0 ? size !== packed : size > packed * DEFLATE_RATIO)
      throw broken(`the directory claims ${size} bytes in ${packed}, which cannot be`, place)
    if (size > LARGEST_MEMBER) throw broken(`the array takes ${size} bytes, at most ${LARGEST_MEMBER} are read from an archive`, place)
    members.set(name, { file, size })
    return false
  })
  if (members.size === 0) throw broken('the archive holds no .npy array', where)
  return members
}

/** A zip archive's dates begin in 1980; local time is what it stores. */
const DATE = new Date(1980, 0, 1)

/** An archive that is being written beside its place. */
export interface NpzWriter {
  /** Names must differ; `/` makes folders inside the archive. @throws ParityError INPUT_OUTPUT_PATH where the arrays pass 4 GiB */
  add(name: string, value: Tensor): void
  /** Puts the archive in its place. */
  finish(): void
  /** Removes what was written; nothing after `finish`. */
  discard(): void
}

/** Runs a file operation; its failure becomes INPUT_OUTPUT_PATH, which names the path. */
function writing<T>(path: string, body: () => T): T {
  try {
    return body()
  } catch (cause) {
    if (cause instanceof ParityError || (cause as NodeJS.ErrnoException).code === undefined) throw cause
    throw new ParityError('INPUT_OUTPUT_PATH', {
      what: `'${path}' cannot be written: ${(cause as Error).message}`,
      remedy: 'Choose a path that can be written',
      cause,
    })
  }
}

/**
 * Begins an archive in a temporary file, so that one array is in memory at a time and `path` is whole or untouched.
 * @throws ParityError INPUT_OUTPUT_PATH where the file cannot be written
 */
export function createNpz(path: string, { compress = false }: { compress?: boolean } = {}): NpzWriter {
  const temporary = `${path}.${process.pid}.tmp`
  const descriptor = writing(path, () => {
    mkdirSync(dirname(path), { recursive: true })
    return openSync(temporary, 'w')
  })
  const names = new Set<string>()
  let isOpen = true
  let written = 0
  let failure: unknown = null
  const archive = new Zip((error, chunk) => {
    failure ??= error
    for (let at = 0; chunk && at < chunk.length; ) at += writeSync(descriptor, chunk, at)
    written += chunk?.length ?? 0
  })
  const close = (): void => {
    if (isOpen) closeSync(descriptor)
    isOpen = false
  }
  return {
    add: (name, value) =>
      writing(path, () => {
        if (names.has(name)) throw new Error(`two arrays are called '${name}'`)
        const bytes = encodeNpy(value)
        if (names.add(name).size > MOST_MEMBERS || written + bytes.length > LARGEST_ARCHIVE) {
          throw new ParityError('INPUT_OUTPUT_PATH', {
            what: `the arrays do not fit one archive of 4 GiB and ${MOST_MEMBERS} members`,
            where: path,
            remedy: 'Write to a folder, or fetch fewer values',
          })
        }
        const member = compress ? new ZipDeflate(`${name}.npy`) : new ZipPassThrough(`${name}.npy`)
        member.mtime = DATE
        archive.add(member)
        member.push(bytes, true)
        if (failure) throw failure
      }),
    finish: () =>
      writing(path, () => {
        archive.end()
        if (failure) throw failure
        close()
        renameSync(temporary, path)
      }),
    discard() {
      close()
      rmSync(temporary, { force: true })
    },
  }
}

/**
 * Writes arrays under their names, in their order.
 * @throws ParityError INPUT_OUTPUT_PATH where the file cannot be written or the arrays pass 4 GiB.
 */
export function writeNpz(path: string, entries: Iterable<readonly [string, Tensor]>, options: { compress?: boolean } = {}): void {
  const archive = createNpz(path, options)
  try {
    for (const [name, value] of entries) archive.add(name, value)
    archive.finish()
  } catch (error) {
    archive.discard()
    throw error
  }
}
