/** Mutants are the same for the same seed, keep their format's structure, and end in a result or a ParityError. */
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { modelsBelow, writeMutant } from '../../golden/fuzz/bases.js'
import { outcomeOf } from '../../golden/fuzz/outcome.js'
import { decodeMessage } from '../../proto/coreml/reader.js'
import { ROOT } from '../../proto/tflite/generated/schema.js'
import { rootModelOf } from '../../src/formats/coreml/package.js'
import { readRoot } from '../../src/formats/tflite/flatbuffer.js'

const BASES = modelsBelow(join(import.meta.dirname, '../../golden'))

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'mutants-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const bytesOf = (path: string): Buffer => readFileSync(statSync(path).isDirectory() ? rootModelOf(path) : path)

function mutantOf(base: string, seed: number): { path: string; changes: string[]; bytes: Buffer } {
  const mutant = writeMutant(base, seed, mkdtempSync(join(folder, 'one-')))
  return { ...mutant, bytes: bytesOf(mutant.path) }
}

describe.each(BASES.map((base) => [base.slice(base.indexOf('golden')), base]))('mutants of %s', (_, base) => {
  it('follow from their seed, and differ from the model', () => {
    const first = mutantOf(base, 1)
    expect(mutantOf(base, 1).bytes.equals(first.bytes)).toBe(true)
    const seeds = [1, 2, 3, 4].map((seed) => mutantOf(base, seed).bytes)
    expect(seeds.some((bytes) => !bytes.equals(bytesOf(base)))).toBe(true)
    expect(new Set(seeds.map((bytes) => bytes.toString('latin1'))).size).toBeGreaterThan(1)
  })

  it('keep their structure', () => {
    for (const seed of [5, 6, 7, 8]) {
      const { bytes } = mutantOf(base, seed)
      const read = base.endsWith('.tflite') ? () => readRoot(bytes, ROOT) : () => decodeMessage('CoreML.Model', bytes)
      expect(read).not.toThrow()
    }
  })

  it('are refused with a code, or run', async () => {
    for (const seed of [9, 10, 11, 12]) {
      const { path, changes } = mutantOf(base, seed)
      const { result, message } = await outcomeOf(path)
      expect(result, `${changes.join('\n')}\n${message}`).toMatch(/^(runs|(INPUT|MODEL|UNSUPPORTED)_[A-Z_]+)$/)
    }
  })
})
