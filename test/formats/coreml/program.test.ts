import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { openModel } from '../../../src/formats/index.js'
import type { Model } from '../../../src/graph/model.js'
import {
  array,
  BlobFile,
  blob,
  constant,
  encodeModel,
  type Fields,
  feature,
  immediate,
  list,
  named,
  operation,
  programFunction,
  programModel,
  scalar,
  scratch,
  tensorType,
  text,
  writePackage,
} from '../../support/coreml.js'

const folder = scratch()
afterAll(() => folder.remove())

const FLOAT = tensorType('FLOAT32', [2])
let packages = 0

/** A package of one function from x [2] to y [2]. */
function write(operations: Fields[], weights?: Uint8Array, more: { opset?: string; description?: Fields; inputs?: Fields[] } = {}): string {
  const main = programFunction({
    inputs: [named('x', FLOAT), ...(more.inputs ?? [])],
    outputs: ['y'],
    operations,
    opset: more.opset ?? 'CoreML5',
  })
  const description = more.description ?? { input: [array('x', [2])], output: [array('y', [2])] }
  const model = encodeModel(programModel({ functions: { main }, description }))
  return writePackage(folder, `${packages++}.mlpackage`, { model, ...(weights && { weights }) })
}

const open = (...parts: Parameters<typeof write>): Promise<Model> => openModel(write(...parts))
const identity = (input = 'x'): Fields => operation('identity', { x: input }, [named('y', FLOAT)])
const read = (model: Model, name: string) => model.graph.values.get(name)!.constant!.read()

describe('operations', () => {
  it('become nodes; const operations and inline values become constants', async () => {
    const model = await open(
      [
        constant('two', scalar('FLOAT32', 2)),
        operation('mul', { x: 'x', y: 'two' }, [named('double', tensorType('FLOAT32', [null]))]),
        operation('concat', { values: ['double', scalar('FLOAT32', 5), 'two'], axis: scalar('INT32', 0) }, [named('y', FLOAT)], {
          attributes: { name: text('double'), note: text('n'), sizes: immediate('INT32', [2], [1, 2]), flag: scalar('BOOL', true) },
        }),
      ],
      undefined,
      { opset: 'CoreML7' },
    )
    const { graph } = model
    expect(graph.nodes.map(({ name, type, where }) => [name, type, where])).toEqual([
      ['double', 'mul', 'function main, block CoreML7, operation 1'],
      ['double#2', 'concat', 'function main, block CoreML7, operation 2'],
    ])
    expect(graph.nodes[0]!.dialect).toEqual({ name: 'mil', version: 'CoreML7' })
    expect(graph.nodes[1]!.inputs).toEqual([
      { parameter: 'values', value: 'double' },
      { parameter: 'values', value: 'double#2/values.1' },
      { parameter: 'values', value: 'two' },
      { parameter: 'axis', value: 'double#2/axis' },
    ])
    expect(graph.nodes[1]!.attributes).toEqual({
      name: 'double',
      note: 'n',
      sizes: { dtype: 'int32', shape: [2], data: new Int32Array([1, 2]) },
      flag: true,
    })
    expect(graph.values.get('double')).toEqual({ name: 'double', dtype: 'float32', shape: [null] })
    expect(read(model, 'two')).toEqual({ dtype: 'float32', shape: [], data: new Float32Array([2]) })
    expect(read(model, 'double#2/values.1').data).toEqual(new Float32Array([5]))
    expect(graph).toMatchObject({ name: 'main', inputs: ['x'], outputs: ['y'] })
  })

  it.each([
    ['FLOAT32', immediate('FLOAT32', [2], [1.5, -2]), 'float32', new Float32Array([1.5, -2])],
    ['FLOAT64', immediate('FLOAT64', [1], [0.1]), 'float64', new Float64Array([0.1])],
    ['FLOAT16', immediate('FLOAT16', [2], new Uint8Array([0, 0x3c, 1, 0])), 'float16', new Float32Array([1, 2 ** -24])],
    ['INT32', immediate('INT32', [2], [1, -2]), 'int32', new Int32Array([1, -2])],
    ['INT64', immediate('INT64', [2], ['-9223372036854775808', 3]), 'int64', new BigInt64Array([-(2n ** 63n), 3n])],
    ['UINT16', immediate('UINT16', [1], [65535]), 'uint16', new Uint16Array([65535])],
    ['INT8', immediate('INT8', [2], new Uint8Array([255, 1])), 'int8', new Int8Array([-1, 1])],
    ['INT4', immediate('INT4', [3], new Uint8Array([0x8f, 0x07])), 'int4', new Int8Array([-1, -8, 7])],
    ['UINT3', immediate('UINT3', [3], new Uint8Array([0b10111001, 1])), 'uint3', new Uint8Array([1, 7, 6])],
    ['BOOL', immediate('BOOL', [2], [true, false]), 'bool', new Uint8Array([1, 0])],
    ['STRING', text('relu'), 'string', ['relu']],
    ['an empty tensor', immediate('FLOAT32', [0, 3], []), 'float32', new Float32Array(0)],
    ['a list of text', list([text('a'), text('b')]), 'string', ['a', 'b']],
    ['an empty list', list([]), 'string', []],
  ])('read %s', async (_, value, dtype, data) => {
    const model = await open([constant('c', value), identity()])
    expect(read(model, 'c')).toMatchObject({ dtype, data })
  })

  it.each([
    ['too many elements', immediate('FLOAT32', [2], [1, 2, 3])],
    ['elements of another type', { type: tensorType('INT32', [1]), immediateValue: { tensor: { strings: { values: ['a'] } } } }],
    [
      'float16 as float32',
      { type: tensorType('FLOAT16', [2]), immediateValue: { tensor: immediate('FLOAT32', [1], [1])['immediateValue'] } },
    ],
    ['an unknown shape', { ...immediate('FLOAT32', [1], [1]), type: tensorType('FLOAT32', [null]) }],
    ['no value', { type: tensorType('FLOAT32', [1]) }],
    ['a giant shape', immediate('FLOAT32', [2 ** 40, 2 ** 40], [1])],
  ])('refuse a constant with %s', async (_, value) => {
    await expect(open([constant('c', value), identity()])).rejects.toMatchObject({
      code: 'MODEL_BROKEN',
      where: expect.stringContaining('operation 0, const c'),
    })
  })

  it('refuse data types that no tensor holds', async () => {
    const value = immediate('FLOAT8E4M3FN', [1], new Uint8Array([1]))
    await expect(open([constant('c', value), identity()])).rejects.toMatchObject({
      code: 'UNSUPPORTED_DTYPE',
      what: expect.stringContaining('FLOAT8E4M3FN'),
    })
  })

  it('give the parameters of iOS16 constexpr operations as operands', async () => {
    const attributes = { lut: immediate('FLOAT32', [2], [1, 2]), indices: immediate('UINT8', [1], new Uint8Array([2])) }
    const model = await open([operation('constexpr_lut_to_dense', {}, [named('w', FLOAT)], { attributes }), identity('w')])
    expect(model.graph.nodes[0]!.inputs.map(({ parameter, value }) => [parameter, value])).toEqual([
      ['lut', 'w/lut'],
      ['indices', 'w/indices'],
    ])
    expect(model.graph.nodes[0]!.attributes).toEqual({ name: 'w' })
  })

  it('have bodies that see the values around them', async () => {
    const cond = { inputs: [named('i', FLOAT)], outputs: ['go'], operations: [operation('less', { x: 'i', y: 'x' }, [named('go')])] }
    const body = { inputs: [named('j', FLOAT)], outputs: ['k'], operations: [operation('add', { x: 'j', y: 'x' }, [named('k', FLOAT)])] }
    const model = await open([operation('while_loop', { loop_vars: ['x'] }, [named('y', FLOAT)], { blocks: [cond, body] })])
    const [loop] = model.graph.nodes
    expect(loop!.bodies.map(({ role, graph }) => [role, graph.inputs, graph.outputs])).toEqual([
      ['0', ['i'], ['go']],
      ['1', ['j'], ['k']],
    ])
    expect(loop!.bodies[1]!.graph.nodes[0]!.where).toBe('function main, block CoreML5, operation 0, block 1, operation 0')
  })

  it('that read what nobody made are refused with their place', async () => {
    await expect(open([identity('nothing')])).rejects.toMatchObject({
      code: 'MODEL_BROKEN',
      what: 'Parameter x reads nothing, which is no value of the model',
      where: expect.stringContaining('function main, block CoreML5, operation 0, identity y'),
    })
  })

  it('that make a value twice are refused', async () => {
    await expect(open([identity(), identity()])).rejects.toMatchObject({ code: 'MODEL_BROKEN', what: 'Value y is made twice' })
  })

  it('in a block of another opset are not taken', async () => {
    const main = { ...programFunction({ inputs: [], outputs: [], operations: [] }), opset: 'constructor' }
    const model = encodeModel(programModel({ functions: { main }, description: { output: [array('y', [2])] } }))
    await expect(openModel(writePackage(folder, 'opset.mlpackage', { model }))).rejects.toMatchObject({
      code: 'MODEL_BROKEN',
      what: 'There is no block for opset constructor; there is CoreML5',
    })
  })
})

describe('functions, classifiers and states', () => {
  it('takes a classifier apart', async () => {
    const probabilities = operation('softmax', { x: 'x', axis: scalar('INT32', -1) }, [named('p', FLOAT)])
    const classify = operation('classify', { probabilities: 'p', classes: list([text('cat'), text('dog')]) }, [
      named('label', tensorType('STRING', [])),
      named('label_probs', { dictionaryType: {} }),
    ])
    const main = programFunction({ inputs: [named('x', FLOAT)], outputs: ['label', 'label_probs'], operations: [probabilities, classify] })
    const description = {
      input: [array('x', [2])],
      output: [feature('label', 'stringType'), feature('label_probs', 'dictionaryType', { stringKeyType: {} })],
      predictedFeatureName: 'label',
      predictedProbabilitiesName: 'label_probs',
    }
    const bytes = encodeModel(programModel({ functions: { main }, description }))
    const model = await openModel(folder.write('classifier.mlmodel', bytes))
    expect(model.graph.nodes.map(({ type }) => type)).toEqual(['softmax'])
    expect(model.graph.outputs).toEqual(['p'])
    expect(model.outputs).toEqual([
      { name: 'label', kind: 'label', dtype: 'string', shape: [], labels: ['cat', 'dog'], value: 'p' },
      { name: 'label_probs', kind: 'probabilities', dtype: 'float32', shape: [2], labels: ['cat', 'dog'], value: 'p' },
    ])
  })

  it('reads several functions and the default one', async () => {
    const one = (name: string): Fields => ({ name, input: [array('x', [2])], output: [array('y', [])] })
    const fn = programFunction({ inputs: [named('x', FLOAT)], outputs: ['y'], operations: [identity()] })
    const described = { functions: [one('encode'), one('decode')], defaultFunctionName: 'decode' }
    const bytes = (description: Fields): Uint8Array => encodeModel(programModel({ functions: { encode: fn, decode: fn }, description }))
    const model = await openModel(folder.write('functions.mlmodel', bytes(described)))
    expect([...model.functions.keys()]).toEqual(['encode', 'decode'])
    expect([model.defaultFunction, model.graph.name]).toEqual(['decode', 'decode'])
    expect(model.outputs[0]!.shape).toEqual([2])

    await expect(openModel(folder.write('absent.mlmodel', bytes({ ...described, defaultFunctionName: 'no' })))).rejects.toMatchObject({
      code: 'MODEL_BROKEN',
    })
    await expect(openModel(folder.write('none.mlmodel', bytes({ functions: [one('no')] })))).rejects.toMatchObject({
      what: 'The program has no function no; it has encode, decode',
    })
  })

  it('reads states', async () => {
    const cache = { stateType: { wrappedType: tensorType('FLOAT16', [3]) } }
    const state = feature('cache', 'stateType', { arrayType: { shape: [3], dataType: 'FLOAT16' } })
    const model = await open(
      [operation('read_state', { input: 'cache' }, [named('c', tensorType('FLOAT16', [3]))]), identity()],
      undefined,
      {
        opset: 'CoreML8',
        inputs: [named('cache', cache)],
        description: { input: [array('x', [2])], output: [array('y', [2])], state: [state] },
      },
    )
    expect(model.states).toEqual([{ name: 'cache', dtype: 'float16', shape: [3] }])
    expect(model.graph.inputs).toEqual(['x', 'cache'])
    expect(model.graph.values.get('cache')).toMatchObject({ dtype: 'float16', shape: [3] })
  })
})

describe('weight files', () => {
  const weights = new BlobFile()
  const offsets = {
    FLOAT32: weights.add('FLOAT32', new Float32Array([1, 2])),
    FLOAT16: weights.add('FLOAT16', new Uint16Array([0x3c00, 0xc000, 0x0001])),
    BFLOAT16: weights.add('BFLOAT16', new Uint16Array([0x3f80, 0xc040])),
    INT8: weights.add('INT8', new Int8Array([-1, 2])),
    UINT8: weights.add('UINT8', new Uint8Array([255])),
    INT16: weights.add('INT16', new Int16Array([-3])),
    UINT16: weights.add('UINT16', new Uint16Array([65535])),
    INT32: weights.add('INT32', new Int32Array([-4])),
    UINT32: weights.add('UINT32', new Uint32Array([2 ** 32 - 1])),
    INT4: weights.add('INT4', new Uint8Array([0x8f, 0x07])),
    UINT1: weights.add('UINT1', new Uint8Array([0b00000101])),
    UINT2: weights.add('UINT2', new Uint8Array([0b11100100, 0b01])),
    UINT3: weights.add('UINT3', new Uint8Array([0b10111001, 1])),
    UINT4: weights.add('UINT4', new Uint8Array([0x21])),
    UINT6: weights.add('UINT6', new Uint8Array([0b11000001, 0b00001111, 0])),
  }
  const file = weights.bytes()

  it.each([
    ['FLOAT32', 'float32', new Float32Array([1, 2])],
    ['FLOAT16', 'float16', new Float32Array([1, -2, 2 ** -24])],
    ['BFLOAT16', 'float32', new Float32Array([1, -3])],
    ['INT8', 'int8', new Int8Array([-1, 2])],
    ['UINT8', 'uint8', new Uint8Array([255])],
    ['INT16', 'int16', new Int16Array([-3])],
    ['UINT16', 'uint16', new Uint16Array([65535])],
    ['INT32', 'int32', new Int32Array([-4])],
    ['UINT32', 'uint32', new Uint32Array([2 ** 32 - 1])],
    ['INT4', 'int4', new Int8Array([-1, -8, 7])],
    ['UINT1', 'uint1', new Uint8Array([1, 0, 1])],
    ['UINT2', 'uint2', new Uint8Array([0, 1, 2, 3, 1])],
    ['UINT3', 'uint3', new Uint8Array([1, 7, 6])],
    ['UINT4', 'uint4', new Uint8Array([1, 2])],
    ['UINT6', 'uint6', new Uint8Array([1, 63, 0])],
  ] as const)('hold %s', async (dataType, dtype, data) => {
    const model = await open([constant('w', blob(dataType, [data.length], offsets[dataType])), identity()], file)
    expect(read(model, 'w')).toEqual({ dtype, shape: [data.length], data })
    model.close()
  })

  const withBlob = (value: Fields, bytes?: Uint8Array): string => write([constant('w', value), identity()], bytes)
  const refused = (path: string) => expect(openModel(path)).rejects

  it('are missed', async () => {
    const path = withBlob(blob('FLOAT32', [2], 64))
    await refused(path).toMatchObject({ code: 'MODEL_WEIGHTS_MISSING', what: expect.stringContaining('weights/weight.bin') })
  })

  it('that are cut off are refused at every length', async () => {
    const path = withBlob(blob('UINT6', [3], offsets.UINT6), file)
    const weightFile = join(path, 'Data/com.apple.CoreML/weights/weight.bin')
    for (let length = 0; length < offsets.UINT6 + 64 + 3; length += 61) {
      writeFileSync(weightFile, file.subarray(0, length))
      await refused(path).toMatchObject({ code: 'MODEL_WEIGHTS_BROKEN', where: expect.stringContaining('weight.bin') })
    }
  })

  it.each([
    ['no blob is', blob('FLOAT32', [2], offsets.FLOAT32 + 64)],
    ['the header is', blob('FLOAT32', [2], 0)],
    ['another type lies', blob('FLOAT32', [1], offsets.INT32)],
    ['another size lies', blob('FLOAT32', [3], offsets.FLOAT32)],
    ['the file has ended', blob('FLOAT32', [2], 2 ** 40)],
  ])('are refused where %s', async (_, value) => {
    await refused(withBlob(value, file)).toMatchObject({ code: 'MODEL_WEIGHTS_BROKEN' })
  })

  it('of another version are refused', async () => {
    const other = Buffer.from(file)
    other.writeUInt32LE(1, 4)
    await refused(withBlob(blob('FLOAT32', [2], 64), other)).toMatchObject({
      code: 'MODEL_WEIGHTS_BROKEN',
      what: expect.stringContaining('version 1'),
    })
  })

  it.each(['@model_path/../../../weights.bin', '/etc/hostname', '@model_path/', 'weights/weight.bin'])(
    'outside are refused: %s',
    async (name) => {
      await refused(withBlob(blob('FLOAT32', [2], 64, name), file)).toMatchObject({ code: 'MODEL_WEIGHTS_OUTSIDE' })
    },
  )

  /** The package with a link in the place of its weight file, which lies where `target` says, as model caches have it. */
  function withLink(target: string, content: Uint8Array | null): string {
    const path = withBlob(blob('FLOAT32', [2], 64), file)
    const weightFile = join(path, 'Data/com.apple.CoreML/weights/weight.bin')
    rmSync(weightFile)
    symlinkSync(target, weightFile)
    const place = resolve(dirname(weightFile), target)
    mkdirSync(dirname(place), { recursive: true })
    if (content) writeFileSync(place, content)
    return path
  }

  it('behind a link are read, also where it leaves the package', async () => {
    const inside = await openModel(withBlob(blob('FLOAT32', [2], 64), file))
    for (const target of ['../../blobs/inside', '../../../../../blobs/0f1e', join(folder.path, 'outside.bin')]) {
      const model = await openModel(withLink(target, file))
      expect(read(model, 'w')).toEqual(read(inside, 'w'))
      expect(model.sha256()).toMatch(/^[0-9a-f]{64}$/)
      model.close()
    }
    inside.close()
  })

  it('behind a link that leads nowhere are missing, and the link is named', async () => {
    await refused(withLink('../../../../../blobs/absent', null)).toMatchObject({
      code: 'MODEL_WEIGHTS_MISSING',
      what: "The weight file weights/weight.bin is a link to '../../../../../blobs/absent', where there is no file",
    })
  })

  it('behind a link to a file that holds no weights are refused, and so is what is no file', async () => {
    await refused(withLink('../secret', Buffer.alloc(256, 'a'))).toMatchObject({ code: 'MODEL_WEIGHTS_BROKEN' })
    await refused(withLink('/dev/zero', null)).toMatchObject({
      code: 'MODEL_WEIGHTS_BROKEN',
      what: 'The weight file weights/weight.bin is no regular file',
    })
    await refused(withLink('..', null)).toMatchObject({ code: 'MODEL_WEIGHTS_BROKEN' })
  })

  it('are read only when a constant is', async () => {
    const path = withBlob(blob('FLOAT32', [2], 64), file)
    const model = await openModel(path)
    const weightFile = join(path, 'Data/com.apple.CoreML/weights/weight.bin')
    const changed = Buffer.from(file)
    changed.writeFloatLE(7, 128)
    writeFileSync(weightFile, changed)
    expect(read(model, 'w').data).toEqual(new Float32Array([7, 2]))
    model.close()
    rmSync(path, { recursive: true })
  })
})
