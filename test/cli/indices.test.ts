/** An index that is none is the sample's fault where it comes straight from it, and the model's where it is computed. */
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import {
  array,
  constant,
  encodeModel,
  immediate,
  named,
  operation,
  programFunction,
  programModel,
  scalar,
  scratch,
  tensorType,
} from '../support/coreml.js'
import { parity } from '../support/parity.js'

const folder = scratch()
afterAll(folder.remove)

const INDEX = tensorType('INT32', [1])

/** A table of three numbers, read at an input or at twice the input. */
function lookup(name: string, computed: boolean): string {
  const operations = [
    constant('table', immediate('FLOAT32', [3], [5, 6, 7])),
    ...(computed ? [operation('add', { x: 'ids', y: 'ids' }, [named('twice', INDEX)])] : []),
    operation('gather', { x: 'table', indices: computed ? 'twice' : 'ids', axis: scalar('INT32', 0) }, [
      named('y', tensorType('FLOAT32', [1])),
    ]),
  ]
  const main = programFunction({ inputs: [named('ids', INDEX)], outputs: ['y'], operations })
  const description = { input: [array('ids', [1], 'INT32')], output: [array('y', [1])] }
  return folder.write(`${name}.mlmodel`, encodeModel(programModel({ functions: { main }, description })))
}

const plain = lookup('plain', false)
const computed = lookup('computed', true)
const sample = (index: number): string => folder.write(`${index}.json`, `[${index}]`)
const run = (model: string, index: number) =>
  parity(['run', model, '--inputs', sample(index), '--output', join(folder.path, `${index}.npz`)])

describe('an index out of range', () => {
  it('in a sample is a wrong input, with its name, its place and what is taken', async () => {
    const { code, stderr } = await run(plain, 3)
    expect([code, stderr]).toEqual([2, expect.stringContaining("the input 'ids' is given index 3 (element 0), and op 'y' takes -3 to 2")])
    expect(stderr).toContain('3.json')
    const checked = await parity(['check', plain, plain, '--inputs', sample(-4)])
    expect([checked.code, checked.stderr]).toEqual([2, expect.stringContaining('INPUT_INDEX')])
  })

  it('that the model computes is not, and the remedy says where it comes from', async () => {
    const { code, stderr } = await run(computed, 2)
    expect([code, stderr]).toEqual([3, expect.stringContaining('an index is 4, expected -3 to 2')])
    expect(stderr).toContain('computed from the sample')
  })

  it('is none where the table has it', async () => {
    expect((await run(plain, 2)).code).toBe(0)
    expect((await run(plain, -3)).code).toBe(0)
    expect((await run(computed, 1)).code).toBe(0)
  })
})
