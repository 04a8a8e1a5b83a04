/** Reading of sample files, with the errors that a wrong path or an unreadable file ask for. */
import { closeSync, fstatSync, openSync, readdirSync, readFileSync, readSync, statSync } from 'node:fs'
import { ParityError } from '../../graph/errors.js'

/** The most that deflate can expand its input by: what a packed file may claim to hold. */
export const DEFLATE_RATIO = 1032

const REASONS: Record<string, string> = {
  ENOENT: 'does not exist',
  EACCES: 'may not be read',
  EPERM: 'may not be read',
  ENOTDIR: 'does not exist',
  EISDIR: 'is a folder',
  ELOOP: 'is a circle of links',
  ERR_FS_FILE_TOO_LARGE: 'is larger than 2 GiB',
}

/** Runs a file operation; its failure becomes INPUT_UNREADABLE, which names the path. */
function reading<T>(path: string, body: () => T): T {
  try {
    return body()
  } catch (cause) {
    if (cause instanceof ParityError) throw cause
    const code = (cause as NodeJS.ErrnoException).code ?? ''
    throw new ParityError('INPUT_UNREADABLE', {
      what: `'${path}' ${REASONS[code] ?? `cannot be read: ${(cause as Error).message}`}`,
      remedy: 'Give the path of a sample file, or of a folder of samples',
      cause,
    })
  }
}

/** @throws ParityError INPUT_UNREADABLE */
export const readBytes = (path: string): Uint8Array => reading(path, () => readFileSync(path))

/** 'file' or 'folder'. @throws ParityError INPUT_UNREADABLE, also for devices, pipes and sockets. */
export function kindOfPath(path: string): 'file' | 'folder' {
  const entry = reading(path, () => statSync(path))
  if (entry.isDirectory()) return 'folder'
  if (entry.isFile()) return 'file'
  throw new ParityError('INPUT_UNREADABLE', { what: `'${path}' is neither a file nor a folder` })
}

/** Names in a folder. @throws ParityError INPUT_UNREADABLE */
export const listFolder = (path: string): string[] => reading(path, () => readdirSync(path))

export interface Piece {
  bytes: Uint8Array
  /** Of the whole file. */
  fileSize: number
}

/** At most `length` bytes of a file from `offset`; fewer where it ends. @throws ParityError INPUT_UNREADABLE */
export function readPiece(path: string, offset: number, length: number): Piece {
  return reading(path, () => {
    const descriptor = openSync(path, 'r')
    try {
      const fileSize = fstatSync(descriptor).size
      const bytes = new Uint8Array(Math.max(0, Math.min(length, fileSize - offset)))
      let filled = 0
      while (filled < bytes.length) {
        const read = readSync(descriptor, bytes, filled, bytes.length - filled, offset + filled)
        if (read === 0) break
        filled += read
      }
      return { bytes: bytes.subarray(0, filled), fileSize }
    } finally {
      closeSync(descriptor)
    }
  })
}
