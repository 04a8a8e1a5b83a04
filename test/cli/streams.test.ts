/** What reaches a terminal: nothing that a file's names could steer it with, and no complaint where its reader goes away. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { outliveReaders } from '../../src/cli/streams.js'
import { array, encodeModel, layer, networkModel, scratch } from '../support/coreml.js'
import { golden, parity, ROOT } from '../support/parity.js'

const folder = scratch()
afterAll(folder.remove)

/** A name that clears the screen, sets a colour and turns the direction of writing. */
const NAME = 'a\u001b[2J\u001b[31m\u009b1m\u202eb'
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const STEERING = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/

const steering = folder.write(
  'steering.mlmodel',
  encodeModel(
    networkModel({
      input: [array(NAME, [2])],
      output: [array(`${NAME}y`, [2])],
      layers: [layer(`${NAME}l`, 'custom', [NAME], [`${NAME}y`], { className: NAME })],
      description: { metadata: { shortDescription: `${NAME}\nsecond line` } },
    }),
  ),
)

describe.concurrent('text from a file', () => {
  it.each([
    ['inspect', steering],
    ['inspect', steering, '--json'],
    ['run', steering, '--random', '1', '--output', join(folder.path, 'o.npz')],
    ['run', steering, '--random', '1', '--output', join(folder.path, 'o.npz'), '--debug'],
    ['run', steering, '--random', '1', '--fetch', NAME, '--output', join(folder.path, 'p.npz')],
    ['check', steering, steering, '--random', '1'],
  ])('steers no terminal: %s', async (...args) => {
    const { stdout, stderr } = await parity(args)
    const said = stdout + stderr
    expect(said).toMatch(/a(\ufffd|\\u001b)\[2J/)
    expect(said).not.toMatch(STEERING)
  })

  it('is the same to a program that reads it as JSON', async () => {
    const { stdout } = await parity(['inspect', steering, '--json'])
    expect(JSON.parse(stdout).inputs[0].name).toBe(NAME)
  })
})

describe('a reader that goes away', () => {
  it.each([['inspect', golden('digits/digits.mlmodel'), '--json'], ['--help']])('is no failure: %s', async (...args) => {
    const child = spawn(process.execPath, [join(ROOT, 'dist/src/cli/main.js'), ...args], { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] })
    child.stdout.destroy()
    let stderr = ''
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text
    })
    const [code] = await once(child, 'close')
    expect([code, stderr]).toEqual([0, ''])
  })

  it('is told from a failure of the stream', () => {
    const listeners: ((error: NodeJS.ErrnoException) => void)[] = []
    outliveReaders({ on: (_, listener) => listeners.push(listener) })
    const failure = (code: string) => () => listeners[0]!(Object.assign(new Error(code), { code }))
    expect(failure('EPIPE')).not.toThrow()
    expect(failure('ENOSPC')).toThrow('ENOSPC')
  })
})
