/** The built program, as a user calls it. `npm test` builds it first. */
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'

export const ROOT = resolve(import.meta.dirname, '../..')
const PROGRAM = join(ROOT, 'dist/src/cli/main.js')

export interface Ended {
  code: number | null
  stdout: string
  stderr: string
}

/** Runs `parity` with arguments, in the project's folder unless told; output streams are no terminals. */
export function parity(args: readonly string[], { cwd = ROOT }: { cwd?: string } = {}): Promise<Ended> {
  if (!existsSync(PROGRAM)) throw new Error('The program is not built: npm run build')
  return new Promise((done, failed) => {
    const child = spawn(process.execPath, [PROGRAM, ...args], { cwd, stdio: ['ignore', 'pipe', 'pipe'] })
    const texts = { stdout: '', stderr: '' }
    for (const stream of ['stdout', 'stderr'] as const) child[stream].setEncoding('utf8').on('data', (text) => (texts[stream] += text))
    child.on('error', failed)
    child.on('close', (code) => done({ code, ...texts }))
  })
}

/** A path in golden/. */
export const golden = (path: string): string => join(ROOT, 'golden', path)
