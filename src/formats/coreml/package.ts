/** `.mlpackage` folders: Manifest.json names the items below Data/, one of them the root model. */
import { existsSync, statSync } from 'node:fs'
import { join, resolve, sep } from 'node:path'
import { ParityError } from '../../graph/errors.js'
import { readWhole } from '../file.js'

const REMEDY = 'Copy the whole .mlpackage folder again, or save the model again'

/** Whether a folder looks like a package. */
export const isPackage = (folder: string): boolean => existsSync(join(folder, 'Manifest.json'))

function broken(what: string, where: string, cause?: unknown): ParityError {
  return new ParityError('MODEL_MANIFEST_BROKEN', { what, where, remedy: REMEDY, cause })
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)

function readManifest(path: string): Record<string, unknown> {
  const bytes = readWhole(path)
  let manifest: unknown
  try {
    manifest = JSON.parse(Buffer.from(bytes).toString('utf8'))
  } catch (error) {
    throw broken('The package has no readable manifest', path, error)
  }
  if (!isRecord(manifest)) throw broken('The manifest is no JSON object', path)
  return manifest
}

/**
 * Path of a package's root model.
 * @throws ParityError MODEL_MANIFEST_BROKEN where the manifest names no model inside the package, MODEL_ROOT_MISSING where the file is absent.
 */
export function rootModelOf(folder: string): string {
  const path = join(folder, 'Manifest.json')
  const { rootModelIdentifier: root, itemInfoEntries: items } = readManifest(path)
  if (typeof root !== 'string' || !isRecord(items)) throw broken('The manifest names no root model', path)
  const item = Object.hasOwn(items, root) ? items[root] : undefined
  if (!isRecord(item) || typeof item['path'] !== 'string') throw broken(`The manifest's root model ${root} is none of its items`, path)
  const data = resolve(folder, 'Data')
  const model = resolve(data, item['path'])
  if (!model.startsWith(data + sep)) throw broken(`The manifest's root model '${item['path']}' is not inside the package`, path)
  if (!existsSync(model) || !statSync(model).isFile()) {
    throw new ParityError('MODEL_ROOT_MISSING', {
      what: `The package's model file ${item['path']} is missing`,
      where: folder,
      remedy: REMEDY,
    })
  }
  return model
}
