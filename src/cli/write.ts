/** Files come whole or not at all: written beside their place, then renamed. */
import { randomBytes } from 'node:crypto'
import { accessSync, constants, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { basename, dirname, extname, join, resolve } from 'node:path'
import type { Tensor } from '../../kernels/tensor.js'
import { ParityError } from '../graph/errors.js'
import { createNpz, writeNpz } from '../inputs/decoders/npz.js'

function unwritable(path: string, why: string, cause?: unknown): ParityError {
  return new ParityError('INPUT_OUTPUT_PATH', {
    what: `it cannot be written: ${why}`,
    where: path,
    remedy: 'Choose a path that can be written',
    cause,
  })
}

/** Runs a file operation; its failure becomes INPUT_OUTPUT_PATH. */
function writing<T>(path: string, body: () => T): T {
  try {
    return body()
  } catch (error) {
    if (error instanceof ParityError || (error as NodeJS.ErrnoException).code === undefined) throw error
    throw unwritable(path, (error as Error).message, error)
  }
}

/**
 * Looks, before the work starts, whether a file or a folder can be written later. Nothing is written or made.
 * @throws ParityError INPUT_OUTPUT_PATH
 */
export function refuseUnwritable(path: string, kind: 'file' | 'folder' = 'file'): void {
  writing(path, () => {
    const own = statSync(path, { throwIfNoEntry: false })
    if (own && kind === 'file' && own.isDirectory()) throw unwritable(path, 'it is a folder')
    if (own && kind === 'folder' && !own.isDirectory()) throw unwritable(path, 'it is a file')
    let folder = own?.isDirectory() ? resolve(path) : dirname(resolve(path))
    while (statSync(folder, { throwIfNoEntry: false }) === undefined) folder = dirname(folder)
    if (!statSync(folder).isDirectory()) throw unwritable(path, `'${folder}' is no folder`)
    accessSync(folder, constants.W_OK | constants.X_OK)
  })
}

/** @throws ParityError INPUT_OUTPUT_PATH */
export function writeWhole(path: string, content: string | Uint8Array): void {
  const temporary = `${path}.${randomBytes(4).toString('hex')}.tmp`
  try {
    writing(path, () => {
      mkdirSync(dirname(path), { recursive: true })
      writeFileSync(temporary, content)
      renameSync(temporary, path)
    })
  } catch (error) {
    rmSync(temporary, { force: true })
    throw error
  }
}

type Npz = ReturnType<typeof createNpz>

interface Written {
  index: number
  /** Of samples. */
  count: number
  values: ReadonlyMap<string, Tensor>
}

/** Where the values of samples go, one sample after the other. */
export interface Destination {
  add(sample: Written): void
  /** The file and the member that a value of a sample is written to. */
  placeOf(sample: Pick<Written, 'index' | 'count'>, name: string): { file: string; member: string }
  finish(): void
  discard(): void
}

const memberOf = ({ index, count }: Pick<Written, 'index' | 'count'>, name: string): string => (count === 1 ? name : `${index}/${name}`)

/**
 * An archive where the path ends in .npz; a folder where it is one, ends in a separator, or has no ending.
 * @throws ParityError USAGE_OUTPUT for another ending, INPUT_OUTPUT_PATH
 */
export function destinationAt(path: string): Destination {
  const isFolder = /[/\\]$/.test(path) || writing(path, () => statSync(path, { throwIfNoEntry: false })?.isDirectory())
  if (isFolder) return folderDestination(path)
  const ending = extname(path)
  if (/^\.npz$/i.test(ending)) return archiveDestination(path)
  if (ending === '') return folderDestination(path)
  throw new ParityError('USAGE_OUTPUT', {
    what: `--output ends in ${ending}, and values are written as .npz`,
    where: path,
    remedy: `Give a file that ends in .npz, or a folder: ${path}/`,
  })
}

/** An .npz file with members NAME for one sample, I/NAME for several. @throws ParityError INPUT_OUTPUT_PATH */
function archiveDestination(path: string): Destination {
  refuseUnwritable(path)
  // nothing lies on the disk before there is something to write: a run may be ended from outside
  let opened: Npz | undefined
  const archive = (): Npz => (opened ??= createNpz(path))
  return {
    add({ values, ...sample }) {
      for (const [name, value] of values) archive().add(memberOf(sample, name), value)
    },
    finish: () => archive().finish(),
    discard: () => opened?.discard(),
    placeOf: (sample, name) => ({ file: path, member: memberOf(sample, name) }),
  }
}

/** A folder with an .npz file a sample; files of other names stay. @throws ParityError INPUT_OUTPUT_PATH */
function folderDestination(path: string): Destination {
  refuseUnwritable(path, 'folder')
  let made: string | undefined
  const stage = (): string =>
    (made ??= writing(path, () => {
      mkdirSync(dirname(resolve(path)), { recursive: true })
      return mkdtempSync(join(dirname(resolve(path)), `${basename(resolve(path))}.tmp-`))
    }))
  const discard = (): void => (made === undefined ? undefined : rmSync(made, { recursive: true, force: true }))
  return {
    add: ({ index, values }) => writeNpz(join(stage(), `${index}.npz`), values),
    placeOf: ({ index }, name) => ({ file: join(path, `${index}.npz`), member: name }),
    finish() {
      writing(path, () => {
        mkdirSync(path, { recursive: true })
        for (const name of readdirSync(stage())) renameSync(join(stage(), name), join(path, name))
      })
      discard()
    },
    discard,
  }
}
