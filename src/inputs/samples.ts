/**
 * From paths to samples. A file is a sample; the inputs of one sample lie in one .npz or JSON object, or in a subfolder with a file per
 * input. Paths keep the order in which they are given, what lies in a folder is ordered by name, numbers as numbers.
 *
 * The bytes decide what a file is. Here only headers are read: the elements follow when a sample is loaded.
 */
import { join } from 'node:path'
import type { DType, Tensor } from '../../kernels/tensor.js'
import { ParityError } from '../graph/errors.js'
import { naturalOrder } from '../graph/names.js'
import { isPointer, POINTER } from '../graph/pointer.js'
import { kindOfPath, listFolder, readBytes, readPiece } from './decoders/files.js'
import { decodeJpeg, isJpeg } from './decoders/jpeg.js'
import { looksLikeJson, parseJsonSample } from './decoders/json.js'
import { isNpy, openNpy, sliceRows } from './decoders/npy.js'
import { type Npz, openNpz } from './decoders/npz.js'
import { decodePng, isPng } from './decoders/png.js'
import type { Notes } from './notes.js'
import type { Picture } from './pixels.js'

export type Content =
  | {
      kind: 'array'
      dtype: DType
      shape: number[]
      /** Rows `start` to `start + count` along the first axis, or all. */
      read(start?: number, count?: number): Tensor
    }
  | { kind: 'picture'; read(): Picture }
  | { kind: 'raw'; byteLength: number; read(): Uint8Array }

/** One array, picture or run of raw bytes of a sample. */
export interface Item {
  /** What the sample calls it: the member of an archive, the key of an object, the file in a subfolder; null where there is but one. */
  name: string | null
  where: string
  content: Content
}

/** A file, or a subfolder, before arrays of several samples are cut. */
export interface SampleFile {
  name: string
  items: Item[]
}

interface FileKind {
  name: string
  extensions: readonly string[]
  matches(head: Uint8Array): boolean
  open(path: string, context: Context): Item[]
}

const startsWith = (bytes: Uint8Array, text: string, at = 0): boolean =>
  [...text].every((character, i) => bytes[at + i] === character.charCodeAt(0))

const KINDS: readonly FileKind[] = [
  { name: 'a .npy array', extensions: ['npy'], matches: isNpy, open: (path) => [npyItem(path)] },
  {
    name: 'an .npz archive',
    extensions: ['npz', 'zip'],
    matches: (head) => startsWith(head, 'PK\x03\x04') || startsWith(head, 'PK\x05\x06'),
    open: npzItems,
  },
  { name: 'a PNG picture', extensions: ['png'], matches: isPng, open: (path, { notes }) => [pictureItem(path, decodePng, notes)] },
  {
    name: 'a JPEG picture',
    extensions: ['jpg', 'jpeg', 'jfif'],
    matches: isJpeg,
    open: (path, { notes }) => [pictureItem(path, decodeJpeg, notes)],
  },
  { name: 'JSON', extensions: ['json'], matches: looksLikeJson, open: jsonItems },
]
const RAW_EXTENSIONS = ['bin', 'raw', 'dat']
const HEAD = 64

/** Pictures that are recognized in order to be refused by name. */
const OTHER_PICTURES: readonly { name: string; matches(head: Uint8Array): boolean }[] = [
  { name: 'GIF', matches: (head) => startsWith(head, 'GIF8') },
  { name: 'WebP', matches: (head) => startsWith(head, 'RIFF') && startsWith(head, 'WEBP', 8) },
  { name: 'TIFF', matches: (head) => startsWith(head, 'II*\0') || startsWith(head, 'MM\0*') },
  { name: 'HEIF', matches: (head) => startsWith(head, 'ftyp', 4) },
  { name: 'BMP', matches: (head) => startsWith(head, 'BM') && head[6] === 0 && head[7] === 0 && head[8] === 0 && head[9] === 0 },
]

/**
 * The samples at `paths`, each a file or a folder.
 * @throws ParityError INPUT_UNREADABLE, INPUT_EMPTY for a folder or a file with nothing in it, INPUT_KIND for a file of another kind, and
 * what the readers of each kind throw for a broken header.
 */
export function collectSamples(paths: readonly string[], notes: Notes): SampleFile[] {
  const context = openContext(notes)
  return paths.flatMap((path) => {
    if (kindOfPath(path) === 'file') return [{ name: path, items: openFile(path, context, true)! }]
    const samples = folderNames(path).flatMap((name): SampleFile[] => {
      const inner = join(path, name)
      const items = kindOfPath(inner) === 'file' ? openFile(inner, context, false) : openSubfolder(inner, context)
      return items ? [{ name: inner, items }] : []
    })
    if (samples.length === 0) {
      throw new ParityError('INPUT_EMPTY', {
        what: `the folder '${path}' holds no sample`,
        remedy: 'Put .npy, .npz, .png, .jpg, .json or .bin files into it, one a sample',
      })
    }
    return samples
  })
}

const folderNames = (path: string): string[] =>
  listFolder(path)
    .filter((name) => !name.startsWith('.'))
    .sort(naturalOrder)

/** The files of a subfolder as inputs of one sample, called by their names without the extension; null where none is a sample's. */
function openSubfolder(path: string, context: Context): Item[] | null {
  const items = folderNames(path).flatMap((file): Item[] => {
    const inner = join(path, file)
    if (kindOfPath(inner) === 'folder') {
      context.notes.add('a folder inside a sample is left out', inner)
      return []
    }
    return (openFile(inner, context, false) ?? []).map((item) => ({ ...item, name: item.name ?? file.replace(/\.[^.]*$/, '') }))
  })
  if (items.length > 0) return items
  context.notes.add('a folder without samples is left out', path)
  return null
}

/** What a file holds; null for one that a folder happens to hold and that is no sample. */
function openFile(path: string, context: Context, named: boolean): Item[] | null {
  const { bytes: head, fileSize } = readPiece(path, 0, HEAD)
  const extension = /\.([^./\\]+)$/.exec(path)?.[1]?.toLowerCase() ?? ''
  if (fileSize === 0) throw new ParityError('INPUT_EMPTY', { what: `'${path}' is empty`, remedy: 'Remove it, or save the sample again' })
  const kind = KINDS.find(({ matches }) => matches(head))
  const claimed = KINDS.find(({ extensions }) => extensions.includes(extension))
  if (kind) {
    if (claimed && claimed !== kind) context.notes.add(`the name ends in .${extension}, the bytes are ${kind.name}`, path)
    return kind.open(path, context)
  }
  if (isPointer(head) && (named || claimed || RAW_EXTENSIONS.includes(extension))) {
    throw new ParityError('INPUT_KIND', { what: `'${path}' is ${POINTER.what}`, remedy: POINTER.remedy })
  }
  const other = OTHER_PICTURES.find(({ matches }) => matches(head))
  if (claimed || (other && !RAW_EXTENSIONS.includes(extension))) {
    throw new ParityError('INPUT_KIND', {
      what: other
        ? `'${path}' is a ${other.name} picture, PNG and JPEG are read`
        : `'${path}' is not ${claimed!.name}, as its name says, nor another kind of sample`,
      remedy: other ? 'Convert it to PNG' : 'Save the sample again',
    })
  }
  if (!named && !RAW_EXTENSIONS.includes(extension)) {
    context.notes.add('a file that is no sample is left out', path)
    return null
  }
  return [{ name: null, where: path, content: { kind: 'raw', byteLength: fileSize, read: () => readBytes(path) } }]
}

function npyItem(path: string): Item {
  const file = openNpy(path)
  return {
    name: null,
    where: path,
    content: { kind: 'array', dtype: file.header.dtype, shape: file.header.shape, read: (start, count) => file.read(start, count) },
  }
}

function pictureItem(
  path: string,
  decode: (bytes: Uint8Array, where: string, note: (remark: string) => void) => Picture,
  notes: Notes,
): Item {
  return {
    name: null,
    where: path,
    content: { kind: 'picture', read: () => decode(readBytes(path), path, (remark) => notes.add(remark, path)) },
  }
}

function npzItems(path: string, { archives }: Context): Item[] {
  const archive = archives(path)
  return archive.names.map((name) => {
    const { dtype, shape } = archive.header(name)
    return arrayItem(path, name, dtype, shape, () => archives(path).read(name))
  })
}

function jsonItems(path: string, { objects }: Context): Item[] {
  return [...objects(path)].map(([name, { dtype, shape }]) => arrayItem(path, name, dtype, shape, () => objects(path).get(name)!))
}

/** An array that is read as a whole; rows of it are copies. */
function arrayItem(path: string, name: string | null, dtype: DType, shape: number[], whole: () => Tensor): Item {
  return {
    name,
    where: name === null ? path : `${path}, ${name}`,
    content: {
      kind: 'array',
      dtype,
      shape,
      read: (start, count) => (start === undefined || count === undefined ? whole() : sliceRows(whole(), start, count)),
    },
  }
}

/** What opening a sample needs; files that hold several arrays, or several samples, are remembered until another one is opened. */
interface Context {
  notes: Notes
  archives(path: string): Npz
  objects(path: string): Map<string | null, Tensor>
}

function openContext(notes: Notes): Context {
  return {
    notes,
    archives: rememberLast((path) => {
      const archive = openNpz(path)
      const arrays = new Map<string, Tensor>()
      const read = (name: string): Tensor => {
        const value = arrays.get(name) ?? archive.read(name)
        arrays.set(name, value)
        return value
      }
      return { ...archive, read }
    }),
    objects: rememberLast((path) => parseJsonSample(readBytes(path), path)),
  }
}

function rememberLast<V>(body: (path: string) => V): (path: string) => V {
  let last: { path: string; value: V } | null = null
  return (path) => {
    if (last?.path !== path) last = { path, value: body(path) }
    return last.value
  }
}
