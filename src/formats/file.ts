/** Files as byte sources: read by position and only where asked, so that a model's weights stay on disk until they are wanted. */
import { createHash } from 'node:crypto'
import { closeSync, openSync, readdirSync, readSync, realpathSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { ParityError } from '../graph/errors.js'
import { isPointer, POINTER, POINTER_HEAD } from '../graph/pointer.js'

export interface ByteSource {
  readonly path: string
  readonly size: number
  /**
   * A fresh copy of `length` bytes, aligned for every element type.
   * @throws ParityError MODEL_TRUNCATED where the file ends before.
   */
  read(offset: number, length: number): Uint8Array
  close(): void
}

/** @throws ParityError INPUT_UNREADABLE */
function unreadable(path: string, cause: unknown): ParityError {
  const code = (cause as NodeJS.ErrnoException).code
  const why = {
    ENOENT: 'there is no such file',
    EACCES: 'permission is denied',
    EISDIR: 'it is a folder',
    EMFILE: 'too many files are open',
  }[code ?? '']
  return new ParityError('INPUT_UNREADABLE', {
    what: `The file cannot be read: ${why ?? (cause as Error).message}`,
    where: path,
    remedy: 'Check the path',
    cause,
  })
}

/**
 * Opens a file for reading by position.
 * @throws ParityError INPUT_UNREADABLE; MODEL_UNKNOWN for a Git LFS pointer
 */
export function openFile(path: string): ByteSource {
  const source = openBytes(path)
  if (!isPointer(source.read(0, Math.min(POINTER_HEAD, source.size)))) return source
  source.close()
  throw new ParityError('MODEL_UNKNOWN', { what: `The file is ${POINTER.what}`, where: path, remedy: POINTER.remedy })
}

function openBytes(path: string): ByteSource {
  let descriptor: number | null
  let size: number
  try {
    const stats = statSync(path)
    if (!stats.isFile()) throw Object.assign(new Error('it is no regular file'), stats.isDirectory() ? { code: 'EISDIR' } : {})
    size = stats.size
    descriptor = openSync(path, 'r')
  } catch (error) {
    throw unreadable(path, error)
  }
  return {
    path,
    size,
    read(offset, length) {
      if (!(offset >= 0 && length >= 0 && offset + length <= size)) {
        throw new ParityError('MODEL_TRUNCATED', {
          what: `${length} bytes at offset ${offset} are wanted, the file has ${size}`,
          where: path,
          remedy: 'Copy or download the file again',
        })
      }
      if (descriptor === null) throw new Error(`${path} is closed`)
      const bytes = new Uint8Array(length)
      try {
        for (let done = 0; done < length; ) {
          const count = readSync(descriptor, bytes, done, Math.min(length - done, 2 ** 30), offset + done)
          if (count === 0) throw new Error('the file ended while it was read')
          done += count
        }
      } catch (error) {
        throw unreadable(path, error)
      }
      return bytes
    },
    close() {
      if (descriptor !== null) closeSync(descriptor)
      descriptor = null
    },
  }
}

/** All bytes of a file. */
export function readWhole(path: string): Uint8Array {
  const source = openFile(path)
  try {
    return source.read(0, source.size)
  } finally {
    source.close()
  }
}

/** sha256 of a file's bytes, in hexadecimal. */
export function sha256OfFile(path: string): string {
  const source = openFile(path)
  try {
    const hash = createHash('sha256')
    for (let offset = 0; offset < source.size; offset += 2 ** 20) hash.update(source.read(offset, Math.min(2 ** 20, source.size - offset)))
    return hash.digest('hex')
  } finally {
    source.close()
  }
}

/**
 * sha256 over the sorted lines `relative path NUL sha256 of the file LF`, paths with `/`. Links count as what they lead to.
 * @throws ParityError MODEL_BROKEN where a link leads back to a folder around it, INPUT_UNREADABLE
 */
export function sha256OfFolder(path: string): string {
  const lines: string[] = []
  const walk = (folder: string, prefix: string, around: readonly string[]): void => {
    const real = realpathSync(folder)
    if (around.includes(real)) {
      throw new ParityError('MODEL_BROKEN', {
        what: 'A link leads back to a folder that holds it',
        where: folder,
        remedy: 'Remove the link',
      })
    }
    for (const name of readdirSync(folder)) {
      const child = join(folder, name)
      if (statSync(child, { throwIfNoEntry: false })?.isDirectory()) walk(child, `${prefix}${name}/`, [...around, real])
      else lines.push(`${prefix}${name}\0${sha256OfFile(child)}\n`)
    }
  }
  walk(path, '', [])
  const hash = createHash('sha256')
  for (const line of lines.sort()) hash.update(line)
  return hash.digest('hex')
}

/** A function that computes its result once. */
export function once<T>(compute: () => T): () => T {
  let result: { value: T } | undefined
  return () => {
    result ??= { value: compute() }
    return result.value
  }
}
