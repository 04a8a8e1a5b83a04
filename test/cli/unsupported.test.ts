/** What cannot be run is said at once and for both sides, before anything runs. */
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { tflite } from '../formats/tflite/write.js'
import { array, encodeModel, named, operation, programFunction, programModel, scratch, tensorType } from '../support/coreml.js'
import { parity } from '../support/parity.js'

const folder = scratch()
afterAll(folder.remove)

const FLOATS = tensorType('FLOAT32', [2])

/** A chain of ops of these types from x to the last one's result; ops of `dead` hang on x and nothing reads them. */
function chain(name: string, types: readonly string[], dead: readonly string[] = []): string {
  const operations = types.map((type, i) => operation(type, { x: i ? `v${i - 1}` : 'x' }, [named(`v${i}`, FLOATS)]))
  const unread = dead.map((type, i) => operation(type, { x: 'x' }, [named(`u${i}`, FLOATS)]))
  const last = `v${types.length - 1}`
  const main = programFunction({ inputs: [named('x', FLOATS)], outputs: [last], operations: [...unread, ...operations] })
  const description = { input: [array('x', [2])], output: [array(last, [2])] }
  return folder.write(`${name}.mlmodel`, encodeModel(programModel({ functions: { main }, description })))
}

const SEVERAL = chain('several', ['relu', 'foo', 'relu', 'bar', 'foo'])
const RIGHT = chain('right', ['relu', 'sqrt'])
const run = (model: string) => parity(['run', model, '--random', '1', '--output', join(folder.path, 'o.npz')])

describe('unsupported ops', () => {
  it('are all listed, with their number and the first place of each', async () => {
    const { code, stderr } = await run(SEVERAL)
    expect(code).toBe(3)
    expect(stderr).toMatch(
      /2 things cannot be run: op type 'foo' .*\(2 times\), first op 'v1' .*operation 1; op type 'bar'.*, first op 'v3'/,
    )
    expect(stderr).toContain('UNSUPPORTED_OP')
  })

  it('are listed for both sides', async () => {
    const { code, stderr } = await parity(['check', SEVERAL, chain('other', ['baz']), '--random', '1'])
    expect(code).toBe(3)
    expect(stderr).toMatch(/3 things.*several\.mlmodel: op type 'foo'.*several\.mlmodel: op type 'bar'.*other\.mlmodel: op type 'baz'/)
  })

  it('keep the hint of like names where there is but one', async () => {
    const { code, stderr } = await run(chain('one', ['relu', 'sqrtt']))
    expect(code).toBe(3)
    expect(stderr).toMatch(/op type 'sqrtt' .*\n.*one\.mlmodel, op 'v1' of type sqrtt.*\n.*sqrt/)
  })

  it.each([
    ['ethos-u', 'Vela', true],
    ['edgetpu-custom-op', 'the Edge TPU compiler', true],
    ['MyOp', 'Vela', false],
  ])('name the compiler that left nothing else: %s', async (type, compiler, isCompiled) => {
    const tensors = ['x', 'y'].map((name) => ({ name, shape: [1, 2] }))
    const operators = [{ type, inputs: [0], outputs: [1], custom: new Uint8Array([1]) }]
    const model = folder.write(`${type}.tflite`, tflite([{ tensors, inputs: [0], outputs: [1], operators }]))
    const { code, stderr } = await run(model)
    expect(code).toBe(3)
    expect(stderr.includes(`Give the file that ${compiler} was given`)).toBe(isCompiled)
    const { stdout } = await parity(['inspect', model])
    expect(stdout).toContain('not supported')
    expect(stdout.replace(/\s+/g, ' ')).toContain(isCompiled ? `${compiler} made of the network` : 'is custom')
  })

  it('are listed with ops that are not as the specification has them', async () => {
    const { code, stderr } = await run(chain('invalid', ['relu', 'softmax', 'elu', 'foo', 'elu']))
    expect(code).toBe(3)
    expect(stderr).toMatch(/2 things cannot be run: parameter 'alpha' is missing \(2 times\), first op 'v2' of type elu.*; op type 'foo'/)
    const one = await run(chain('missing', ['relu', 'elu']))
    expect([one.code, one.stderr]).toEqual([
      3,
      expect.stringMatching(/parameter 'alpha' is missing\n.*op 'v1' of type elu.*\n.*breaks the specification.*\n.*MODEL_OP_INVALID/),
    ])
  })

  it('do not matter to values that are made without them', async () => {
    const { code } = await parity(['run', SEVERAL, '--random', '1', '--fetch', 'v0', '--output', join(folder.path, 'v0.npz')])
    expect(code).toBe(0)
  })

  it('do not matter where no output depends on them', async () => {
    expect((await run(chain('dead', ['relu'], ['foo']))).code).toBe(0)
    expect((await run(RIGHT)).code).toBe(0)
  })
})
