import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, renameSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { strToU8, zipSync } from 'fflate'
import { afterAll, describe, expect, it } from 'vitest'
import { openModel } from '../../src/formats/index.js'
import {
  array,
  BlobFile,
  blob,
  constant,
  encodeModel,
  layer,
  named,
  networkModel,
  operation,
  type PackageParts,
  programFunction,
  programModel,
  scratch,
  tensorType,
  writePackage,
} from '../support/coreml.js'

const folder = scratch()
afterAll(() => folder.remove())

const model = encodeModel(networkModel({ layers: [layer('c', 'copy', ['x'], ['y'])], input: [array('x', [1])], output: [array('y', [1])] }))
const digest = (bytes: Uint8Array | string): string => createHash('sha256').update(bytes).digest('hex')
const field = (number: number, body: number[] | string): number[] => {
  const bytes = typeof body === 'string' ? [...Buffer.from(body)] : body
  return [(number << 3) | 2, bytes.length, ...bytes]
}

describe('openModel', () => {
  it('goes by the bytes and notes an ending that says otherwise', async () => {
    const { format, notes } = await openModel(folder.write('model.tflite', model))
    expect(format).toBe('mlmodel')
    expect(notes).toEqual(['model.tflite is a Core ML model, although its ending is that of a TensorFlow Lite model'])
    expect((await openModel(folder.write('model', model))).notes).toEqual([])
    expect((await openModel(writePackage(folder, 'folder.mlmodel', { model }))).notes).toEqual([
      'folder.mlmodel is a Core ML package, although its ending is that of a Core ML model',
    ])
  })

  it('knows the sha256 of files and folders', async () => {
    const file = await openModel(folder.write('sum.mlmodel', model))
    expect(file.sha256()).toBe(digest(model))
    const path = writePackage(folder, 'sum.mlpackage', { model, weights: new Uint8Array([1]) })
    const manifest = digest(readFileSync(join(path, 'Manifest.json')))
    const lines = [
      `Data/com.apple.CoreML/model.mlmodel\0${digest(model)}\n`,
      `Data/com.apple.CoreML/weights/weight.bin\0${digest(new Uint8Array([1]))}\n`,
      `Manifest.json\0${manifest}\n`,
    ]
    expect((await openModel(path)).sha256()).toBe(digest(lines.join('')))
    const weights = join(path, 'Data/com.apple.CoreML/weights')
    renameSync(weights, join(folder.path, 'elsewhere'))
    symlinkSync(join(folder.path, 'elsewhere'), weights)
    expect((await openModel(path)).sha256()).toBe(digest(lines.join('')))
    symlinkSync(path, join(weights, 'around'))
    expect((await openModel(path)).sha256).toThrow('A link leads back to a folder that holds it')
  })

  it.each([
    ['ONNX', 'an ONNX model', [0x08, 8, ...field(2, 'pytorch'), ...field(7, field(1, 'node'))]],
    ['GraphDef', 'a TensorFlow GraphDef', field(1, [...field(1, 'x'), ...field(2, 'Placeholder')])],
    ['SavedModel', 'a TensorFlow SavedModel', [0x08, 1, ...field(2, [...field(1, [0x12, 0]), ...field(2, [])])]],
    ['HDF5', 'a Keras HDF5 file', [...Buffer.from('\x89HDF\r\n\x1a\n', 'latin1')]],
    ['Keras', 'a Keras archive', [...Buffer.from('PK\x03\x04'.padEnd(30, '\0'), 'latin1'), ...Buffer.from('metadata.json')]],
    ['tfjs graph', 'a TensorFlow.js graph model', [...Buffer.from('{"format":"graph-model","modelTopology":{}}')]],
    ['tfjs layers', 'a TensorFlow.js layers model', [...Buffer.from(' {"format": "layers-model","modelTopology":{}}')]],
  ])('names what it does not read: %s', async (_, name, bytes) => {
    await expect(openModel(folder.write('other.mlmodel', Buffer.from(bytes)))).rejects.toMatchObject({
      code: 'UNSUPPORTED_FORMAT',
      what: expect.stringContaining(name),
    })
  })

  it.each([
    ['text', 'hello world'],
    ['JSON', '{"a":1}'],
    ['zeros', '\0'.repeat(100)],
    ['nothing', ''],
  ])('says what it tried on %s', async (_, text) => {
    await expect(openModel(folder.write('foreign.bin', Buffer.from(text, 'latin1')))).rejects.toMatchObject({
      code: 'MODEL_UNKNOWN',
      what: expect.stringMatching(/TensorFlow Lite, Core ML, ONNX|empty/),
    })
  })

  it.each([
    ['a PNG picture', '\x89PNG\r\n\x1a\n'],
    ['a JPEG picture', '\xff\xd8\xff\xe0'],
    ['a zip archive', 'PK\x03\x04'],
    ['a web page', '<!DOCTYPE html>'],
    ['a Git LFS pointer', 'version https://git-lfs.github.com/spec/v1'],
  ])('says that the file is %s, whatever its ending', async (what, start) => {
    const path = folder.write('model.mlmodel', Buffer.from(start.padEnd(60, 'x'), 'latin1'))
    await expect(openModel(path)).rejects.toMatchObject({ code: 'MODEL_UNKNOWN', what: expect.stringContaining(what) })
  })

  it.each([
    [
      'a package',
      { 'deep/M.mlpackage/Manifest.json': '{}', 'deep/M.mlpackage/Data/x': 'x' },
      /a Core ML package: deep\/M\.mlpackage$/,
      /Unzip/,
    ],
    ['a model', { 'M.mlmodel': 'x', 'read.me': '' }, /Core ML models: M\.mlmodel$/, /Unzip/],
    [
      'a MediaPipe bundle',
      { 'face.tflite': 'TFL3', 'b.tflite': '', meta: '' },
      /\.task.*: face\.tflite, b\.tflite$/,
      /the one that was converted/,
    ],
    ['pictures', { 'a.png': 'x', 'b/c.png': 'y' }, /a zip archive; it holds a\.png, c\.png$/, /model itself/],
  ])('says what lies in a zip archive of %s', async (_, files, what, remedy) => {
    const entries = Object.entries(files as { [name: string]: string })
    const archive = zipSync(Object.fromEntries(entries.map(([name, text]) => [name, strToU8(text)])))
    await expect(openModel(folder.write('archive.task', archive))).rejects.toMatchObject({
      code: 'MODEL_UNKNOWN',
      what: expect.stringMatching(what),
      remedy: expect.stringMatching(remedy),
    })
  })

  it('knows a Git LFS pointer in every place of a package, and a text that only speaks of one', async () => {
    const pointer = 'version https://git-lfs.github.com/spec/v1\noid sha256:0123\nsize 123456\n'
    const half = blob('FLOAT16', [1], 64)
    const operations = [constant('c', half), operation('add', { x: 'x', y: 'c' }, [named('y', tensorType('FLOAT16', [1]))])]
    const main = programFunction({ inputs: [named('x', tensorType('FLOAT16', [1]))], outputs: ['y'], operations })
    const description = { input: [array('x', [1], 'FLOAT16')], output: [array('y', [1], 'FLOAT16')] }
    const program = encodeModel(programModel({ functions: { main }, description }))
    const weights = new BlobFile()
    weights.add('FLOAT16', Uint16Array.of(0x3c00))
    const refusal = (name: string, parts: PackageParts) => openModel(writePackage(folder, name, parts))
    const told = (where: string) => ({
      code: 'MODEL_UNKNOWN',
      what: expect.stringContaining('Git LFS pointer'),
      where: expect.stringMatching(`^(?!.*${where}.*${where}).*${where}`),
      remedy: expect.stringContaining('git lfs pull'),
    })
    const text = Buffer.from(pointer)
    await expect(refusal('w.mlpackage', { model: program, weights: text })).rejects.toMatchObject(told('weight.bin'))
    await expect(refusal('m.mlpackage', { model: text, weights: weights.bytes() })).rejects.toMatchObject(told('model.mlmodel'))
    await expect(refusal('j.mlpackage', { model: program, manifest: pointer })).rejects.toMatchObject(told('Manifest.json'))
    await expect(openModel(folder.write('p.tflite', pointer))).rejects.toMatchObject(told('p.tflite'))
    await expect(openModel(folder.write('q.tflite', `the ${pointer}`))).rejects.toMatchObject({ code: 'MODEL_FORMAT' })
    expect((await refusal('r.mlpackage', { model: program, weights: weights.bytes() })).format).toBe('mlpackage')
  })

  it('gives foreign bytes to the reader that their ending names', async () => {
    await expect(openModel(folder.write('foreign.mlmodel', 'hello world'))).rejects.toMatchObject({ code: 'MODEL_BROKEN' })
    await expect(openModel(folder.write('foreign.onnx', 'hello world'))).rejects.toMatchObject({ code: 'MODEL_UNKNOWN' })
  })

  it('refuses paths that cannot be read', async () => {
    await expect(openModel(join(folder.path, 'absent.mlmodel'))).rejects.toMatchObject({
      code: 'INPUT_UNREADABLE',
      what: 'The file cannot be read: there is no such file',
      where: join(folder.path, 'absent.mlmodel'),
    })
    await expect(openModel('/dev/null')).rejects.toMatchObject({
      code: 'INPUT_UNREADABLE',
      what: expect.stringContaining('no regular file'),
    })
    await expect(openModel(folder.path, { format: 'mlmodel' })).rejects.toMatchObject({ what: 'The file cannot be read: it is a folder' })
  })

  it('refuses folders of another kind', async () => {
    const empty = join(folder.path, 'empty')
    mkdirSync(empty)
    await expect(openModel(empty)).rejects.toMatchObject({ code: 'MODEL_UNKNOWN', what: expect.stringContaining('it holds nothing') })
    folder.write('saved/saved_model.pb', '')
    await expect(openModel(join(folder.path, 'saved'))).rejects.toMatchObject({ code: 'UNSUPPORTED_FORMAT' })
    folder.write('compiled.mlmodelc/coremldata.bin', '')
    await expect(openModel(join(folder.path, 'compiled.mlmodelc'))).rejects.toMatchObject({
      code: 'UNSUPPORTED_FORMAT',
      what: expect.stringContaining('compiled Core ML model'),
    })
  })

  it('reads a file as the format it is told', async () => {
    expect((await openModel(folder.write('told', model), { format: 'mlmodel' })).format).toBe('mlmodel')
    await expect(openModel(folder.write('told', model), { format: 'tflite' })).rejects.toMatchObject({
      code: expect.stringMatching(/^MODEL_/),
    })
  })
})
