/** The reader of imports finds every form, and nothing in texts and comments. */
import { describe, expect, it } from 'vitest'
import { parseFile, type Target } from './imports.js'

const targets = (text: string): Target[] => parseFile('src/a/x.ts', text).imports.map(({ target }) => target)
const file = (path: string): Target => ({ kind: 'file', path })
const named = (name: string): Target => ({ kind: 'package', name })

describe('imports are found', () => {
  it.each<[string, Target]>([
    ["import { b } from '../b/y.js'", file('src/b/y.js')],
    ["import {\n  b,\n  type C,\n} from '../b/y.js'", file('src/b/y.js')],
    ["import type { B } from '../b/y.js'", file('src/b/y.js')],
    ["import '../b/y.js'", file('src/b/y.js')],
    ["import * as b from './y.js'", file('src/a/y.js')],
    ["export { b } from '../b/y.js'", file('src/b/y.js')],
    ["export type { B } from '../b/y.js'", file('src/b/y.js')],
    ["export * from '../b/y.js'", file('src/b/y.js')],
    ["export type * from '../b/y.js'", file('src/b/y.js')],
    ["const b = async () => (await import('../b/y.js')).b", file('src/b/y.js')],
    ['const b = import(`../b/y.js`)', file('src/b/y.js')],
    ["let b: import('../b/y.js').B<number>[]", file('src/b/y.js')],
    ["let b: typeof import('../b/y.js')", file('src/b/y.js')],
    ["import b = require('../b/y.js')", file('src/b/y.js')],
    ["const path = import.meta.resolve('../b/y.js')", file('src/b/y.js')],
    ["const url = new URL('../b/y.wasm', import.meta.url)", file('src/b/y.wasm')],
    ["const url = new URL('y.wasm', import.meta.url)", file('src/a/y.wasm')],
    ["import data from './y.json' with { type: 'json' }", file('src/a/y.json')],
    ["import { unzip } from 'fflate'", named('fflate')],
    ["import { Root } from 'protobufjs/light.js'", named('protobufjs')],
    ["import type * as tf from '@tensorflow/tfjs-core/dist/ops'", named('@tensorflow/tfjs-core')],
    ["import { readFile } from 'node:fs/promises'", named('node:fs')],
    ['const b = import(row.module)', { kind: 'computed', expression: 'row.module' }],
    ["const b = import('../b/' + name)", { kind: 'computed', expression: "'../b/' + name" }],
    ['const url = new URL(name, import.meta.url)', { kind: 'computed', expression: 'name' }],
  ])('%s', (text, target) => {
    expect(targets(text)).toEqual([target])
  })

  it('with the line that each begins in', () => {
    const { imports } = parseFile('x.ts', "/** What it is. */\n\nimport './a.js'\nexport const b = 1\nexport * from './c.js'\n")
    expect(imports.map(({ line }) => line)).toEqual([3, 5])
  })
})

describe('what is no import is passed over', () => {
  it.each([
    ["// import { b } from '../b/y.js'"],
    ["/* export * from '../b/y.js' */"],
    ['const text = "import { b } from \'../b/y.js\'"'],
    ['const text = `export { b } from "../b/y.js"`'],
    ["const found = load('../b/y.js')"],
    ["const url = new URL('../b/y.js', base)"],
    ["const url = new URL('https://host/y.js')"],
    ['export const b = 1'],
    ['export { b }\nconst b = 1'],
  ])('%s', (text) => {
    expect(targets(text)).toEqual([])
  })
})

it('string literals are collected', () => {
  expect([...parseFile('x.ts', "const rows = { a: 'fflate', b: ['jpeg-js'] } // 'yargs'").texts]).toEqual(['fflate', 'jpeg-js'])
})
