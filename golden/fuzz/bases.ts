/** Models to change, and changed copies of them. */
import { cpSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Random } from '../../kernels/generator.js'
import { rootModelOf } from '../../src/formats/coreml/package.js'
import { mutateCoreml } from './coreml.js'
import { mutateTflite } from './tflite.js'

const ENDING = /\.(mlmodel|mlpackage|tflite)$/

/** Models at and below a path, by name. */
export function modelsBelow(path: string): string[] {
  if (ENDING.test(path)) return [path]
  if (!statSync(path).isDirectory()) return []
  return readdirSync(path)
    .sort()
    .flatMap((name) => modelsBelow(join(path, name)))
}

/** Writes `base`, changed as the seed says, as `folder/model.<ending>`; tells what was changed. */
export function writeMutant(base: string, seed: number, folder: string): { path: string; changes: string[] } {
  const path = join(folder, `model${ENDING.exec(base)![0]}`)
  const random = new Random(seed)
  if (base.endsWith('.tflite')) {
    const { bytes, changes } = mutateTflite(readFileSync(base), random)
    writeFileSync(path, bytes)
    return { path, changes }
  }
  if (existsSync(join(base, 'Manifest.json'))) cpSync(base, path, { recursive: true })
  const root = path.endsWith('.mlpackage') ? rootModelOf(path) : path
  const { bytes, changes } = mutateCoreml(readFileSync(path === root ? base : root), random)
  writeFileSync(root, bytes)
  return { path, changes }
}
